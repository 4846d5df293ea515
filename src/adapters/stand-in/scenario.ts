/** What the scripted stand-in says: a function of the real conversation so far, never of a counter. */
import type { JsonObject } from '../../domain/json.ts';

/** A tool call of the stand-in that has been answered. */
export interface AnsweredCall {
  readonly name: string;
  readonly input: JsonObject;
  readonly result: string;
  readonly isError: boolean;
}

/** The conversation as the stand-in sees it. */
export interface Conversation {
  readonly goal: string;
  /** All tool calls so far with what came of them, in order. */
  readonly calls: readonly AnsweredCall[];
  /** Texts of all tool results so far, in order. */
  readonly results: readonly string[];
  /** Answers given so far. */
  readonly turn: number;
}

export interface ScriptedToolCall {
  readonly name: string;
  /** An object, as the API promises; anything else JSON knows is there to test those who read it. */
  readonly input: unknown;
  /** Only for tests of bad ids; else made from the conversation. */
  readonly id?: string;
}

export interface Reply {
  readonly text?: string;
  readonly calls?: readonly ScriptedToolCall[];
  /** Instead of what follows from `calls`. */
  readonly stopReason?: string;
}

export type Scenario = (conversation: Conversation) => Reply;

/** Stands in everything the stand-in says at the end. */
export const LABEL = 'SCRIPTED CLAUDE STAND-IN';

export function say(text: string): Reply {
  return { text: text.includes(LABEL) ? text : `[${LABEL}] ${text}` };
}

export function call(name: string, input: Readonly<Record<string, unknown>>): Reply {
  return { calls: [{ name, input }] };
}
