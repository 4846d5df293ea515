/** Shapes of tools that spend: no built-in tool has money or number arguments yet. */
import { free, one, optional } from '../../src/policy/kinds/argument.ts';
import { flag } from '../../src/policy/kinds/flag.ts';
import { money } from '../../src/policy/kinds/money.ts';
import { number } from '../../src/policy/kinds/number.ts';
import { text } from '../../src/policy/kinds/text.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { shapes } from './shapes.ts';

export const buy: ToolShape = {
  name: 'buy',
  permission: 'purchase',
  arguments: {
    item: one(text({ maxLength: 100, multiline: false }), 'what'),
    price: one(money, 'for how much'),
    tip: optional(one(money, 'and more')),
    note: free(optional(one(text({ maxLength: 100, multiline: false }), 'a note'))),
  },
  labels: ['untrusted'],
};

export const rent: ToolShape = {
  name: 'rent',
  permission: 'purchase',
  arguments: {
    days: one(number({ min: 0, max: 365, integer: true }), 'how long'),
    price: one(money, 'for how much'),
    insured: optional(one(flag, 'with insurance')),
  },
};

export const moreShapes: readonly ToolShape[] = [...shapes, buy, rent];
