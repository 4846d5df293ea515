/** What the scripted stand-in says: a function of the real conversation so far, never of a counter. */

/** The conversation as the stand-in sees it. */
export interface Conversation {
  readonly goal: string;
  /** Texts of all tool results so far, in order. */
  readonly results: readonly string[];
  /** Answers given so far. */
  readonly turn: number;
}

export interface ScriptedToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Only for tests of bad ids; else made from the turn. */
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
  return { text: `[${LABEL}] ${text}` };
}

export function call(name: string, input: Readonly<Record<string, unknown>>): Reply {
  return { calls: [{ name, input }] };
}
