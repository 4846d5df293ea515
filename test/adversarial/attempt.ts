/**
 * How the adversarial tables are tried: what a model sends goes through the tool's own schema, as in the guard, and what
 * is canonical through a loaded policy. A row says what must happen; `refused` is before any rule, the rest is decided.
 */
import type { Decision } from '../../src/domain/decision.ts';
import { argumentsSchema, parseArguments } from '../../src/policy/kinds/parse-arguments.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { loadMore } from './pay.ts';
import { decide, fileWith } from '../policy/support.ts';

export type Outcome = 'refused' | Decision['kind'];

export type Row<Input = string> = readonly [attack: string, input: Input, must: Outcome, why: string];

/** For test.each with the title TITLE: the input last, for it may be a megabyte. */
export function titled<Input>(rows: readonly Row<Input>[]): [string, Outcome, string, Input][] {
  return rows.map(([attack, input, must, why]) => [attack, must, why, input]);
}

export const TITLE = '%s: %s; %s';

export function policyOf(...rules: readonly string[]): Policy {
  return loadMore(fileWith(rules));
}

export function attempt(policy: Policy, tool: ToolShape, input: unknown): Outcome {
  const parsed = parseArguments(argumentsSchema(tool.arguments), input);
  if (parsed.kind === 'invalid') return 'refused';
  // Canonical once and for all: the guard parses again what was recorded.
  const again = parseArguments(argumentsSchema(tool.arguments), parsed.args);
  if (JSON.stringify(again) !== JSON.stringify(parsed)) throw new Error('not canonical at the first attempt');
  return decide(policy, tool, parsed.args).kind;
}
