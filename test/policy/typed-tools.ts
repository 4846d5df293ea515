/** Tools whose types the compiler knows, and the beginning of a policy for them. */
import { listOf, one, optional } from '../../src/policy/kinds/argument.ts';
import { flag } from '../../src/policy/kinds/flag.ts';
import { money } from '../../src/policy/kinds/money.ts';
import { number } from '../../src/policy/kinds/number.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { tools as builtIn } from '../../src/tools/index.ts';

export const buy = {
  name: 'buy',
  permission: 'purchase',
  arguments: {
    price: one(money, 'what it costs'),
    count: one(number({ min: 1, max: 100, integer: true }), 'how many'),
    tip: optional(one(money, 'on top')),
    parts: optional(listOf(money, 5, 'what it is made of')),
    gift: optional(one(flag, 'whether it is wrapped')),
  },
  labels: ['receipt'],
} as const satisfies ToolShape;

export const rent = {
  name: 'rent',
  permission: 'purchase',
  arguments: { price: one(money, 'a day') },
} as const satisfies ToolShape;

export const tools = [...builtIn, buy, rent] as const;

export const base = {
  version: 1,
  profiles: {
    guest: { grant: ['read_files', 'purchase'], startable: true },
    reader: { grant: ['read_files'], startable: true },
    all: { extends: 'reader', grant: ['send_email', 'make_api_calls', 'delete_data', 'purchase'], startable: true },
  },
  defaultProfile: 'all',
  approval: { by: ['owner'] },
} as const;

/** What is wrong; what the loader says of it; and the policy. */
export type Case = readonly [wrong: string, said: string, define: () => unknown];
