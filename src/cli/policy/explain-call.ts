/** One call explained to a person: the decision, what each rule made of it, and the rule that came nearest. */
import type { Decision } from '../../domain/decision.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ActionFacts } from '../../policy/decide-action.ts';
import { durationInWords } from '../../policy/duration-words.ts';
import type { Explanation, Finding } from '../../policy/explain.ts';
import { explainAction } from '../../policy/explain.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Tool } from '../../tools/define-tool.ts';
import { line, styled, table } from '../terminal.ts';
import { FRESH } from '../../domain/standing.ts';

export interface Call {
  readonly tool: Tool;
  readonly profile: string;
  readonly input: JsonObject;
  /** Labels of what the session has seen. */
  readonly seen: readonly string[];
}

/** Invalid arguments are denied before any rule is looked at. */
export function explainCall(policy: Policy, { tool, profile, input, seen }: Call): Explanation {
  const parsed = tool.parse(input);
  if (parsed.kind === 'invalid') {
    const decision = { kind: 'deny', rule: null, why: `The arguments are invalid: ${parsed.why}` } as const;
    return { decision, findings: [], nearest: null };
  }
  const facts: ActionFacts = {
    tool,
    profile,
    args: parsed.args,
    actionKey: '',
    standing: { ...FRESH, labels: seen },
  };
  return explainAction(policy, facts);
}

const COLOURS = { allow: 'green', ask: 'yellow', deny: 'red' } as const;

export function describeDecision(decision: Decision): string {
  const { kind, rule, why } = decision;
  const by = rule === null ? 'no rule' : `rule ${line(rule)}`;
  const first = `${styled(COLOURS[kind], kind)} by ${by}\n  why: ${line(why)}`;
  if (decision.kind !== 'ask') return first;
  const { by: who, quorum, expiresMs } = decision.approval;
  return `${first}\n  may approve: ${quorum} of ${who.map(line).join(', ')}, within ${durationInWords(expiresMs)}; then it is denied`;
}

export function describeExplanation(tool: string, profile: string, explanation: Explanation): string {
  const { decision, findings, nearest } = explanation;
  const parts = [`${styled('bold', line(tool))} under profile ${line(profile)}: ${describeDecision(decision)}`];
  if (nearest !== null)
    parts.push(`nearest rule: ${line(nearest.rule)} fails at ${line(nearest.at)}: ${line(nearest.why)}`);
  if (findings.length > 0)
    parts.push('what each rule says:', table(findings.map((each) => ['', ...describeFinding(each)])));
  return parts.join('\n');
}

function describeFinding(finding: Finding): readonly string[] {
  const named = [finding.part, line(finding.rule)];
  switch (finding.kind) {
    case 'matches':
      return [...named, 'matches'];
    case 'stops':
      return [
        ...named,
        'asks all the same: read as widely as it can be, it speaks of this, and an allow must not pass it by',
      ];
    case 'fails':
      return [...named, `fails at ${line(finding.at)}: ${line(finding.why)}`];
    case 'cannotBeApplied':
      return [...named, 'cannot be applied, so the call is denied'];
  }
}
