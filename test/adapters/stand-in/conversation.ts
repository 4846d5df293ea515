/** A session in small: the real SDK adapter talks to the stand-in over HTTP, a test plays the tools. */
import { createClaude } from '../../../src/adapters/anthropic/claude.ts';
import type { StandIn } from '../../../src/adapters/stand-in/stand-in.ts';
import type { ModelPort } from '../../../src/activities/think.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { readAnswer, wordsOf } from '../../../src/domain/model-answer.ts';
import type { Thought } from '../../../src/domain/session.ts';
import type { Message, ModelSetup } from '../../../src/domain/transcript.ts';
import { toolResult } from '../../../src/domain/transcript.ts';

export const SETUP: ModelSetup = {
  model: 'scripted-stand-in',
  system: 'You are careful.',
  tools: ['list_files', 'read_file', 'send_email', 'delete_files'].map((name) => ({
    name,
    description: `Does ${name}.`,
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
  })),
};

export interface Made {
  readonly name: string;
  readonly input: JsonObject;
}

/** What the tools of a test say to a call; a text that begins with `!` is an error. */
export type Tools = (made: Made) => string;

export interface Ended {
  readonly text: string;
  readonly calls: readonly Made[];
  readonly messages: readonly Message[];
  readonly thoughts: readonly Thought[];
}

export function claudeOf({ baseURL }: Pick<StandIn, 'baseURL'>): ModelPort {
  return createClaude({ apiKey: 'the-stand-in-needs-none', baseURL, idleMs: 5000 });
}

export function think(standIn: Pick<StandIn, 'baseURL'>, messages: readonly Message[]): Promise<Thought> {
  return claudeOf(standIn)({ setup: SETUP, messages, signal: new AbortController().signal });
}

export async function converse(standIn: Pick<StandIn, 'baseURL'>, goal: string, tools: Tools): Promise<Ended> {
  const messages: Message[] = [{ role: 'user', content: goal }];
  const calls: Made[] = [];
  const thoughts: Thought[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const thought = await think(standIn, messages);
    thoughts.push(thought);
    messages.push({ role: 'assistant', content: thought.content });
    const next = readAnswer(thought);
    if (next.kind === 'end') return { text: wordsOf(thought.content), calls, messages, thoughts };
    if (next.kind === 'thinkOn') continue;
    const results = next.calls.map(({ toolUseId, name, input }) => {
      calls.push({ name, input });
      const said = tools({ name, input });
      return toolResult(toolUseId, said.replace(/^!/, ''), said.startsWith('!'));
    });
    messages.push({ role: 'user', content: results });
  }
  throw new Error('the conversation does not end');
}
