/** Runs the examples of all rules and the tests of a file, for a table. Pure and total. */
import { EXAMPLE_KINDS, isProof, tryExample } from './check-examples.ts';
import type { Json } from '../domain/json.ts';
import { own, ownList } from '../domain/json.ts';
import type { Policy } from './policy.ts';
import { INVALID_HINT, runPolicyTest } from './run-policy-test.ts';
import type { ToolShape } from './tool-shape.ts';

export interface TrialRun {
  /** The rule that has the example; null for a test of the file. */
  readonly rule: string | null;
  /** `example match 1`, or the test’s own name. */
  readonly what: string;
  readonly expected: string;
  readonly decided: string;
  readonly passed: boolean;
  /** Of what was decided. */
  readonly why: string;
}

export function runTrials(policy: Policy, tools: readonly ToolShape[]): readonly TrialRun[] {
  return [...exampleRuns(policy, tools), ...policy.tests.map((test) => testRun(policy, test, tools))];
}

/** In the order of the file. */
function exampleRuns(policy: Policy, tools: readonly ToolShape[]): readonly TrialRun[] {
  return [...policy.documents].flatMap(([rule, document]) => {
    const clauses = policy.clauses.filter((clause) => clause.rule === rule);
    const examples = own(own(document, 'written'), 'examples');
    return EXAMPLE_KINDS.flatMap((kind) =>
      ownList(examples, kind).map((example, index): TrialRun => {
        const end = tryExample(example as Json, clauses, tools);
        return {
          rule,
          what: `example ${kind} ${index + 1}`,
          expected: EXPECTED[kind],
          decided: DECIDED[end.kind],
          passed: isProof(kind, end),
          why: end.kind === 'matches' ? 'the rule speaks of it' : `${end.at}: ${end.why}`,
        };
      }),
    );
  });
}

const DECIDED = { matches: 'matches', missed: 'does not match', invalid: 'is invalid' } as const;
const EXPECTED = { match: DECIDED.matches, noMatch: DECIDED.missed, invalid: DECIDED.invalid } as const;

function testRun(policy: Policy, test: Policy['tests'][number], tools: readonly ToolShape[]): TrialRun {
  const { decision, failure } = runPolicyTest(policy, test, tools);
  const words = (kind: string, rule: string | null): string => (rule === null ? kind : `${kind} by ${rule}`);
  return {
    rule: null,
    what: test.name,
    expected: words(test.expect.kind, test.expect.rule),
    decided: words(decision.kind, decision.rule),
    passed: failure === null,
    why: decision.kind === 'invalid' && failure !== null ? `${decision.why} (${INVALID_HINT})` : decision.why,
  };
}
