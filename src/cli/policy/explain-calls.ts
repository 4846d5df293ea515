/** What the policy says of each call of a file: one line out for each line in, in order, whatever the line is. */
import type { Json } from '../../domain/json.ts';
import { isRecord, own, ownString } from '../../domain/json.ts';
import type { Decision } from '../../domain/decision.ts';
import { FRESH } from '../../domain/standing.ts';
import { decideAction } from '../../policy/decide-action.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Tool } from '../../tools/define-tool.ts';
import { tools } from '../../tools/index.ts';
import { line, safeJson } from '../terminal.ts';
import { lineWriter } from './line-writer.ts';
import { MAX_LINE, linesOf } from './read-lines.ts';

export async function explainCalls(policy: Policy, calls: string, json: boolean): Promise<number> {
  const writer = lineWriter();
  for await (const lines of linesOf(calls)) {
    for (const text of lines) {
      const answer = explainLine(policy, text);
      if (writer.add(json ? safeJson(answer) : inWords(answer))) await writer.flush();
    }
  }
  await writer.flush();
  return 0;
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

const BY_NAME: ReadonlyMap<string, Tool> = new Map(tools.map((tool) => [tool.name, tool]));

export type ReadCall =
  | {
      readonly kind: 'call';
      readonly tool: Tool;
      readonly profile: string | null;
      readonly parsed: ReturnType<Tool['parse']>;
    }
  | { readonly kind: 'unreadable'; readonly tool: string; readonly why: string };

/** Total; `null` is a line that was too long to keep. */
export function readCall(text: string | null): ReadCall {
  if (text === null) return unreadable('', `The line is longer than ${MAX_LINE} characters.`);
  let call: unknown;
  try {
    call = JSON.parse(text) as Json;
  } catch {
    return unreadable('', 'The line is not JSON.');
  }
  const name = ownString(call, 'tool') ?? '';
  if (!isRecord(call)) return unreadable(name, 'The line is not {"tool","profile"?,"input"}.');
  const tool = BY_NAME.get(name);
  if (tool === undefined) return unreadable(name, `There is no tool "${name.slice(0, 64)}".`);
  const profile = own(call, 'profile');
  if (profile !== undefined && typeof profile !== 'string') return unreadable(name, 'The profile is not a string.');
  return { kind: 'call', tool, profile: profile ?? null, parsed: tool.parse(own(call, 'input')) };
}

function unreadable(tool: string, why: string): ReadCall {
  return { kind: 'unreadable', tool, why };
}

/** A line that cannot be read is a denial like any other (S2). */
function explainLine(policy: Policy, text: string | null): Explained {
  const call = readCall(text);
  if (call.kind === 'unreadable') return refuse(call.tool, call.why);
  const { tool, parsed } = call;
  const profile = call.profile ?? policy.defaultProfile;
  if (profile === null) return refuse(tool.name, 'No profile was named and the policy has no defaultProfile.');
  if (parsed.kind === 'invalid') return refuse(tool.name, `The arguments are invalid: ${parsed.why}`);
  // Nothing was counted yet, so nothing is looked up by the action’s key.
  const { kind, rule, why } = decideAction(policy, {
    tool,
    profile,
    args: parsed.args,
    actionKey: '',
    standing: FRESH,
  });
  return { tool: tool.name, kind, rule, why };
}

function refuse(tool: string, why: string): Explained {
  return { tool, kind: 'deny', rule: null, why };
}
