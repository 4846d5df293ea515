import type { JsonObject } from '../../src/domain/json.ts';
import type { DecisionStanding } from '../../src/domain/standing.ts';
import { FRESH } from '../../src/domain/standing.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { Kind } from '../../src/policy/kinds/kind.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import { compilePolicy } from '../../src/policy/compile-policy.ts';
import { describeProblem, parsePolicy } from '../../src/policy/load-policy.ts';
import type { Clause, Policy } from '../../src/policy/policy.ts';
import { PolicySchema } from '../../src/policy/policy-schema.ts';
import { collectProblems } from '../../src/policy/schema-issues.ts';
import { readYaml } from '../../src/policy/yaml-source.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { shapes } from './shapes.ts';

/** A session that has done nothing. */
export const NOTHING: DecisionStanding = FRESH;

/** A policy file around these rules; everything is granted to the profile `all`, nothing to `none`. */
export function fileWith(rules: readonly string[], more = 'approval: { by: [owner] }'): string {
  return [
    'version: 1',
    'profiles:',
    '  all: { grant: [read_files, delete_data, send_email, make_api_calls], startable: true }',
    '  none: { grant: [], startable: true }',
    more,
    rules.length === 0 ? 'rules: []' : 'rules:',
    ...rules.map((rule) => `  - ${rule}`),
  ].join('\n');
}

/** Compiled, but not linted nor tested: what no operator would be let write must be decided rightly as well. */
export function load(text: string, tools: readonly ToolShape[] = shapes): Policy {
  const source = readYaml(text);
  if (source.kind === 'broken') throw new Error(source.problems.map(describeProblem).join('\n'));
  const { problems, complain } = collectProblems(source);
  const file = PolicySchema.parse(source.value);
  const policy = compilePolicy(file, source.value, tools, complain, complain);
  if (problems.length > 0) throw new Error(problems.map(describeProblem).join('\n'));
  return policy;
}

/** What is wrong with a file, as people read it. */
export function problemsOf(text: string): readonly string[] {
  const reading = parsePolicy(text, shapes);
  return reading.kind === 'policy' ? [] : reading.problems.map(describeProblem);
}

export function decide(policy: Policy, tool: ToolShape, args: JsonObject, profile = 'all'): Decision {
  return decideAction(policy, { tool, profile, args, actionKey: 'key', standing: NOTHING });
}

/** The policy with each clause changed, wherever it is kept. */
export function withClauses(policy: Policy, change: (clause: Clause) => Clause): Policy {
  const changed = new Map(policy.clauses.map((clause) => [clause, change(clause)]));
  const all = (clauses: readonly Clause[]): readonly Clause[] => clauses.map((clause) => changed.get(clause) ?? clause);
  return {
    ...policy,
    clauses: all(policy.clauses),
    index: new Map([...policy.index].map(([key, clauses]) => [key, all(clauses)])),
  };
}

/** The canonical form, or `refused: …`. */
export function canonicalOf<T>(kind: Kind<T>, raw: unknown): T | string {
  const parsed = kind.schema.safeParse(raw);
  return parsed.success ? parsed.data : `refused: ${parsed.error.issues[0]?.message ?? ''}`;
}

/** Values no kind of string may choke on. */
export const GARBAGE: readonly unknown[] = [
  null,
  undefined,
  3,
  true,
  Symbol('s'),
  10n,
  [],
  ['a'],
  {},
  { toString: () => 'notes' },
  new URL('https://h.example/'),
  Buffer.from('notes'),
  () => 'notes',
];
