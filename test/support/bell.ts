/** A tool whose every ringing is counted outside the guard: the adversary's measuring instrument. */
import { z } from 'zod';
import { free, one } from '../../src/policy/kinds/argument.ts';
import type { Kind } from '../../src/policy/kinds/kind.ts';
import type { ActionPlace, Performance, Tool } from '../../src/tools/define-tool.ts';
import { defineTool } from '../../src/tools/define-tool.ts';

const words: Kind<string> = { name: 'text', schema: z.string().max(100_000) };

export interface Bell {
  readonly tools: readonly Tool[];
  /** Texts rung, in order, by `ring_bell`. */
  readonly rung: string[];
  readonly heard: string[];
  /** Facts that `prepare` reports. */
  facts: Record<string, string>;
  /** Instead of ringing. */
  perform: ((text: string, signal: AbortSignal) => Promise<Performance>) | undefined;
  /** What listening tells, instead of the text. */
  hear: ((text: string) => string) | undefined;
  /** Why `prepare` fails; undefined: it does not. */
  unfit: string | undefined;
  /** Before `prepare` answers. */
  beforePrepare: ((place: ActionPlace) => Promise<void>) | undefined;
}

export function createBell(): Bell {
  const bell: Bell = {
    tools: [],
    rung: [],
    heard: [],
    facts: {},
    perform: undefined,
    hear: undefined,
    unfit: undefined,
    beforePrepare: undefined,
  };
  const ring = defineTool({
    name: 'ring_bell',
    description: 'Rings the bell.',
    permission: 'publish',
    role: 'web',
    arguments: { text: free(one(words, 'what to ring')) },
    needs: [],
    labels: [],
    timeoutMs: 20_000,
    effect: 'once',
    summary: ({ text }) => text,
    prepare: async ({ text }, place) => {
      await bell.beforePrepare?.(place);
      if (bell.unfit !== undefined) return { kind: 'failed', why: bell.unfit };
      return { kind: 'ready', facts: { ...bell.facts }, preview: [{ label: 'Bell', text }], material: text };
    },
    perform: async (text, _ports, signal) => {
      if (bell.perform !== undefined) return bell.perform(text, signal);
      bell.rung.push(text);
      return { kind: 'done', text: `rang ${text}`, evidence: { rung: text } };
    },
  });
  const listen = defineTool({
    name: 'hear_bell',
    description: 'Listens.',
    permission: 'read_files',
    role: 'files',
    arguments: { text: free(one(words, 'what to listen for')) },
    needs: [],
    labels: [],
    timeoutMs: 20_000,
    effect: 'read',
    summary: ({ text }) => text,
    prepare: async ({ text }) => ({ kind: 'ready', facts: {}, preview: [], material: text }),
    perform: async (text) => {
      bell.heard.push(text);
      return { kind: 'done', text: bell.hear?.(text) ?? `heard ${text}`, evidence: {} };
    },
  });
  return Object.assign(bell, { tools: [ring, listen] });
}

export const BELL_POLICY = `version: 1
profiles:
  ringer: { grant: [publish, read_files], startable: true }
  listener: { grant: [read_files], startable: true }
  hidden: { grant: [publish], startable: false }
rules:
  - { id: hearing, tool: hear_bell, allow: {}, why: listening is harmless }
  - { id: ringing, tool: ring_bell, ask: {}, approval: { by: [owner], expires: 1h }, why: the whole village hears it }
approval: { by: [owner], expires: 1h }
defaultProfile: ringer
`;

/** As BELL_POLICY, but ringing is allowed without asking. */
export const OPEN_POLICY = BELL_POLICY.replace(
  '{ id: ringing, tool: ring_bell, ask: {}, approval: { by: [owner], expires: 1h }, why: the whole village hears it }',
  '{ id: ringing, tool: ring_bell, allow: {}, why: ring as you like }',
);
