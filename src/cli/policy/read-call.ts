/** One call as a line of JSON, as `--calls` takes it. */
import type { Json } from '../../domain/json.ts';
import { asStrings, isRecord, own, ownString } from '../../domain/json.ts';
import type { Tool } from '../../tools/define-tool.ts';
import { MAX_LINE } from './read-lines.ts';

export type ToolsByName = ReadonlyMap<string, Tool>;

export function toolsByName(tools: readonly Tool[]): ToolsByName {
  return new Map(tools.map((tool) => [tool.name, tool]));
}

export type ReadCall =
  | {
      readonly kind: 'call';
      readonly tool: Tool;
      /** Null: the line names none. */
      readonly profile: string | null;
      /** Labels of what the session has seen; null: the line says nothing of it. */
      readonly seen: readonly string[] | null;
      readonly parsed: ReturnType<Tool['parse']>;
    }
  | { readonly kind: 'unreadable'; readonly tool: string; readonly why: string };

const KEYS: ReadonlySet<string> = new Set(['tool', 'profile', 'seen', 'input']);
const FORM = 'A line is {"tool", "input"}, and may have "profile" and "seen": [labels].';

/** Total; `null` is a line that was too long to keep. */
export function readCall(text: string | null, tools: ToolsByName): ReadCall {
  if (text === null) return unreadable('', `The line is longer than ${MAX_LINE} characters.`);
  let call: unknown;
  try {
    call = JSON.parse(text) as Json;
  } catch {
    return unreadable('', 'The line is not JSON.');
  }
  const name = ownString(call, 'tool') ?? '';
  if (!isRecord(call)) return unreadable(name, `The line is no JSON object. ${FORM}`);
  const stranger = Object.keys(call).find((key) => !KEYS.has(key));
  if (stranger !== undefined)
    return unreadable(name, `The line has an unknown key "${stranger.slice(0, 64)}". ${FORM}`);
  const tool = tools.get(name);
  if (tool === undefined) return unreadable(name, `There is no tool "${name.slice(0, 64)}".`);
  const profile = own(call, 'profile');
  if (profile !== undefined && typeof profile !== 'string') return unreadable(name, 'The profile is not a string.');
  const said = own(call, 'seen');
  const seen = said === undefined ? null : asStrings(said);
  if (seen === undefined) return unreadable(name, 'What was "seen" is not a list of labels, like ["private"].');
  return { kind: 'call', tool, profile: profile ?? null, seen, parsed: tool.parse(own(call, 'input')) };
}

function unreadable(tool: string, why: string): ReadCall {
  return { kind: 'unreadable', tool, why };
}
