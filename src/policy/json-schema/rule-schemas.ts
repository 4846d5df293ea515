/** What a rule may say of the tools it names: one condition for each tool. */
import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { own, ownString } from '../../domain/json.ts';
import type { ArgumentShape } from '../kinds/argument.ts';
import type { Purpose } from '../matchers/matcher.ts';
import { argumentsSchema } from '../kinds/parse-arguments.ts';
import type { ToolShape } from '../tool-shape.ts';
import { namesTool, whenThen } from './conditions.ts';
import { argumentSchema, oneOrMore } from './matcher-schemas.ts';

/** The arguments of each tool as rules may speak of them, and as they stand in examples. */
export function argumentDefinitions(tools: readonly ToolShape[]): JsonObject {
  const entries = tools.flatMap((tool): readonly [string, JsonObject][] => [
    [`${tool.name}.opens`, argumentsOf(tool, 'opens')],
    [`${tool.name}.closes`, argumentsOf(tool, 'closes')],
    // An argument of any of a rule’s tools may stand in an example: none is refused here.
    [`${tool.name}.example`, { properties: eachArgument(tool, () => ({})) }],
  ]);
  return Object.fromEntries(entries);
}

function argumentsOf(tool: ToolShape, purpose: Purpose): JsonObject {
  const properties = eachArgument(tool, (shape) => argumentSchema(shape, purpose));
  return { type: 'object', additionalProperties: false, properties };
}

function eachArgument(tool: ToolShape, schemaOf: (shape: ArgumentShape) => JsonObject): JsonObject {
  const words = wordsOf(tool);
  return Object.fromEntries(
    Object.entries(tool.arguments).map(([name, shape]) => [name, { ...words(name), ...schemaOf(shape) }]),
  );
}

/** What the model is told of an argument, whatever the schema of the argument is wrapped in. */
function wordsOf(tool: ToolShape): (name: string) => JsonObject {
  const schema = z.toJSONSchema(argumentsSchema(tool.arguments), { io: 'input', unrepresentable: 'any' });
  return (name) => {
    const description = ownString(own(own(schema, 'properties'), name), 'description');
    return description === undefined ? {} : { description };
  };
}

/** A rule with what follows from the tools it names. */
export function ruleWithConditions(rule: JsonObject, tools: readonly ToolShape[]): JsonObject {
  return {
    ...rule,
    anyOf: ['allow', 'ask', 'deny'].map((part) => ({ required: [part] })),
    allOf: [
      whenThen({ required: ['approval'] }, { required: ['ask'] }),
      whenThen(namesTool('*'), EVERY_TOOL),
      ...tools.map((tool) => whenThen(namesTool(tool.name), partsAbout(tool))),
    ],
  };
}

/** A rule for every tool only denies, and says nothing of arguments. */
const EVERY_TOOL: JsonObject = {
  properties: { deny: { maxProperties: 0 } },
  not: { anyOf: [{ required: ['allow'] }, { required: ['ask'] }, { required: ['except'] }] },
};

function partsAbout({ name }: ToolShape): JsonObject {
  const opens = { $ref: `#/$defs/${name}.opens` };
  const closes = { $ref: `#/$defs/${name}.closes` };
  const examples = { items: { $ref: `#/$defs/${name}.example` } };
  return {
    properties: {
      allow: opens,
      ask: opens,
      deny: closes,
      except: oneOrMore({ ...closes, minProperties: 1 }),
      examples: { properties: { match: examples, noMatch: examples, invalid: examples } },
    },
  };
}
