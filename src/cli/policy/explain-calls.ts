/** What the policy says of each call of a file: one line out for each line in, in order, whatever the line is. */
import type { Decision } from '../../domain/decision.ts';
import { FRESH } from '../../domain/standing.ts';
import { decideAction } from '../../policy/decide-action.ts';
import type { Policy } from '../../policy/policy.ts';
import { line, safeJson } from '../terminal.ts';
import { lineWriter } from './line-writer.ts';
import type { PolicyFile } from './policy-file.ts';
import type { ToolsByName } from './read-call.ts';
import { readCall, toolsByName } from './read-call.ts';
import { linesOf } from './read-lines.ts';
import { knownLabels, strangeLabel } from './seen-labels.ts';

/** For lines that say nothing of it. */
export interface CallDefaults {
  readonly profile: string | null;
  readonly seen: readonly string[];
}

export async function explainCalls(
  { policy, tools }: Pick<PolicyFile, 'policy' | 'tools'>,
  calls: string,
  defaults: CallDefaults,
  json: boolean,
): Promise<number> {
  const writer = lineWriter();
  const asked: Asked = { policy, tools: toolsByName(tools), defaults, labels: knownLabels(policy) };
  for await (const lines of linesOf(calls)) {
    for (const text of lines) {
      const answer = explainLine(asked, text);
      if (writer.add(json ? safeJson(answer) : inWords(answer))) await writer.flush();
    }
  }
  await writer.flush();
  return 0;
}

interface Asked {
  readonly policy: Policy;
  readonly tools: ToolsByName;
  readonly defaults: CallDefaults;
  readonly labels: ReadonlySet<string>;
}

interface Explained {
  readonly tool: string;
  readonly kind: Decision['kind'];
  readonly rule: string | null;
  readonly why: string;
}

function inWords({ kind, tool, rule, why }: Explained): string {
  return `${kind.padEnd(5)} ${line(tool)} ${line(rule ?? '–')}: ${line(why)}`;
}

/** A line that cannot be read is a denial like any other (S2). */
function explainLine({ policy, tools, defaults, labels }: Asked, text: string | null): Explained {
  const call = readCall(text, tools);
  if (call.kind === 'unreadable') return refuse(call.tool, call.why);
  const { tool, parsed } = call;
  const profile = call.profile ?? defaults.profile;
  if (profile === null) return refuse(tool.name, 'No profile was named and the policy has no defaultProfile.');
  const wrong = call.seen === null ? null : strangeLabel(labels, call.seen);
  if (wrong !== null) return refuse(tool.name, `What was seen: ${wrong}`);
  if (parsed.kind === 'invalid') return refuse(tool.name, `The arguments are invalid: ${parsed.why}`);
  // Nothing was counted yet, so nothing is looked up by the action’s key.
  const { kind, rule, why } = decideAction(policy, {
    tool,
    profile,
    args: parsed.args,
    actionKey: '',
    standing: { ...FRESH, labels: call.seen ?? defaults.seen },
  });
  return { tool: tool.name, kind, rule, why };
}

function refuse(tool: string, why: string): Explained {
  return { tool, kind: 'deny', rule: null, why };
}
