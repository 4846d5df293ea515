import type { JsonObject } from './json.ts';
import { isRecord, own, ownString } from './json.ts';
import type { SessionEnd, Thought } from './session.ts';

/** Tool calls that one turn may run; the rest get an error result. */
export const MAX_CALLS = 16;

/** One tool call as Claude wrote it. */
export interface ProposedCall {
  readonly toolUseId: string;
  readonly name: string;
  readonly input: JsonObject;
}

/** What an answer of the model means for the session. */
export type NextStep =
  | { readonly kind: 'act'; readonly calls: readonly ProposedCall[] }
  | { readonly kind: 'thinkOn' }
  | { readonly kind: 'end'; readonly end: SessionEnd; readonly why?: string };

/** Every stop_reason has a defined end; tools run only on `tool_use` (facts: Messages API shapes). Total. */
export function readAnswer(thought: Thought): NextStep {
  const calls = proposedCalls(thought.content);
  switch (thought.stopReason) {
    case 'tool_use':
      return readCalls(calls);
    case 'end_turn':
    case 'stop_sequence':
      return calls.length === 0
        ? { kind: 'end', end: 'completed' }
        : unexpected('Claude ended its turn with tool calls in it; none was run.');
    case 'pause_turn':
      return calls.length === 0
        ? { kind: 'thinkOn' }
        : unexpected('Claude paused with tool calls in it; none was run.');
    case 'max_tokens':
      return {
        kind: 'end',
        end: 'truncated',
        why: 'Claude’s answer was cut at the output limit; no tool of it was run.',
      };
    case 'model_context_window_exceeded':
      return {
        kind: 'end',
        end: 'context-exceeded',
        why: 'The conversation no longer fits the model. Start a new session.',
      };
    case 'refusal':
      return {
        kind: 'end',
        end: 'refused',
        why: `Claude refused${thought.refusal === undefined ? '' : ` (${thought.refusal})`}.`,
      };
    default:
      return unexpected(
        `Claude stopped for a reason this version does not know: "${thought.stopReason.slice(0, 60)}".`,
      );
  }
}

function readCalls(calls: readonly ProposedCall[]): NextStep {
  if (calls.length === 0) return unexpected('Claude stopped for tools but called none.');
  const ids = new Set(calls.map((call) => call.toolUseId));
  if (ids.size !== calls.length) return unexpected('Two tool calls of one answer have the same id; none was run.');
  return { kind: 'act', calls };
}

function proposedCalls(content: readonly JsonObject[]): readonly ProposedCall[] {
  return content
    .filter((block) => own(block, 'type') === 'tool_use')
    .map((block) => {
      const input = own(block, 'input');
      return {
        toolUseId: ownString(block, 'id') ?? '',
        name: ownString(block, 'name') ?? '',
        input: isRecord(input) ? (input as JsonObject) : {},
      };
    });
}

function unexpected(why: string): NextStep {
  return { kind: 'end', end: 'unexpected-answer', why };
}

/** The text blocks of an answer, joined. */
export function wordsOf(content: readonly JsonObject[]): string {
  return content
    .filter((block) => own(block, 'type') === 'text')
    .map((block) => ownString(block, 'text') ?? '')
    .join('\n')
    .trim();
}
