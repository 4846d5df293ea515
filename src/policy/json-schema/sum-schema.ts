import type { JsonObject } from '../../domain/json.ts';
import { own } from '../../domain/json.ts';
import type { ArgumentShape } from '../kinds/argument.ts';
import { mayBeLeftOut } from '../kinds/argument.ts';
import type { ToolShape } from '../tool-shape.ts';
import { namesTool, whenThen } from './conditions.ts';
import { AMOUNT, oneOrMore } from './matcher-schemas.ts';

/** Amounts are limited by an amount, numbers by a number; without either there is nothing to add up. */
export function sumSchema(sum: JsonObject, tools: readonly ToolShape[]): JsonObject | false {
  const conditions = tools.flatMap((tool) => {
    const anyOf = [
      ...aboutSome(countable(tool, 'money'), AMOUNT),
      ...aboutSome(countable(tool, 'number'), { type: 'number' }),
    ];
    return anyOf.length === 0 ? [] : [{ name: tool.name, condition: whenThen(namesTool(tool.name), { anyOf }) }];
  });
  if (conditions.length === 0) return false;
  const tool = {
    ...(own(own(sum, 'properties'), 'tool') as JsonObject),
    ...oneOrMore({ enum: conditions.map(({ name }) => name) }),
  };
  return {
    ...sum,
    properties: { ...(own(sum, 'properties') as JsonObject), tool },
    allOf: conditions.map(({ condition }) => condition),
  };
}

function aboutSome(argument: readonly string[], max: JsonObject): readonly JsonObject[] {
  return argument.length === 0 ? [] : [{ properties: { argument: { enum: argument }, max } }];
}

function countable({ arguments: shapes }: ToolShape, kind: ArgumentShape['kind']): readonly string[] {
  return Object.keys(shapes).filter((name) => {
    const shape = shapes[name];
    return shape?.kind === kind && !shape.list && !mayBeLeftOut(shape);
  });
}
