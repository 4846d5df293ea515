/**
 * The JSON Schema (draft 2020-12) of the policy file of a deployment with these tools, for editors: what keys there are,
 * what they mean, and what can be said of which tool. It refuses nothing that the loader takes; the loader has the last
 * word on all that needs more than one look (names that must exist, canonical values, examples, tests).
 */
import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { own } from '../../domain/json.ts';
import { PolicySchema } from '../policy-schema.ts';
import type { ToolShape } from '../tool-shape.ts';
import { matcherDefinitions, oneOrMore } from './matcher-schemas.ts';
import type { Changes } from './refine-schema.ts';
import { refineSchema } from './refine-schema.ts';
import { argumentDefinitions, ruleWithConditions } from './rule-schemas.ts';
import { sumSchema } from './sum-schema.ts';

export function policyJsonSchema(tools: readonly ToolShape[]): JsonObject {
  const base = z.toJSONSchema(PolicySchema, { io: 'input', unrepresentable: 'any' }) as JsonObject;
  const { $schema = '', ...refined } = refineSchema(base, changesFor(tools));
  const kinds = new Set(tools.flatMap((tool) => Object.values(tool.arguments).map(({ kind }) => kind)));
  return {
    $schema,
    title: 'Policy of countersign',
    ...refined,
    $defs: { tool: toolNames(tools), ...argumentDefinitions(tools), ...matcherDefinitions(kinds) },
  };
}

const TOOL: JsonObject = { $ref: '#/$defs/tool' };

function toolNames(tools: readonly ToolShape[]): JsonObject {
  if (tools.length === 0) return { not: {} };
  return { anyOf: tools.map((tool) => ({ const: tool.name, ...wordsOf(tool) })) };
}

function changesFor(tools: readonly ToolShape[]): Changes {
  const oneOrMoreTools = (schema: JsonObject): JsonObject => ({ ...schema, ...oneOrMore(TOOL) });
  const label = labelOf(tools);
  return {
    'profiles.*': (schema) => ({ ...schema, anyOf: [{ required: ['grant'] }, { required: ['extends'] }] }),
    'rules[]': (schema) => ruleWithConditions(schema, tools),
    'rules[].tool': (schema) => ({ ...schema, ...oneOrMore({ anyOf: [TOOL, { const: '*' }] }) }),
    'rules[].examples.match[]': () => ({ type: 'object' }),
    'rules[].examples.noMatch[]': () => ({ type: 'object' }),
    'rules[].examples.invalid[]': () => ({ type: 'object' }),
    'limits.actions': (schema) => byTool(schema, tools),
    'limits.sameAction': (schema) => byTool(schema, tools),
    'limits.sums': (schema) => ({ ...schema, items: sumSchema(own(schema, 'items') as JsonObject, tools) }),
    'flows.labels.*': (schema) => ({ ...schema, items: TOOL }),
    'flows.rules[].tool': oneOrMoreTools,
    'flows.rules[].when[]': label,
    'tests[].seen[]': label,
    'tests[].call.tool': (schema) => ({ ...schema, ...TOOL }),
    'tests[].spent.actions': (schema) => byTool(schema, tools),
  };
}

/** Those of the tools are offered; others the file may add. */
function labelOf(tools: readonly ToolShape[]): (schema: JsonObject) => JsonObject {
  const known = [...new Set(tools.flatMap(({ labels = [] }) => labels))].toSorted();
  return (schema) => (known.length === 0 ? schema : { anyOf: [{ enum: known }, schema] });
}

/** A map of tools, with a key for each. */
function byTool({ additionalProperties, ...schema }: JsonObject, tools: readonly ToolShape[]): JsonObject {
  const properties = tools.map((tool) => [tool.name, { ...wordsOf(tool), ...(additionalProperties as JsonObject) }]);
  return { ...schema, additionalProperties: false, properties: Object.fromEntries(properties) as JsonObject };
}

function wordsOf({ description }: ToolShape): JsonObject {
  return description === undefined ? {} : { description };
}
