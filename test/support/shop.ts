/** Tools with money and labels, whose every effect is counted outside the guard; and a model that is told what to say. */
import { one } from '../../src/policy/kinds/argument.ts';
import { money } from '../../src/policy/kinds/money.ts';
import { amountInWords } from '../../src/policy/kinds/money.ts';
import { text } from '../../src/policy/kinds/text.ts';
import type { Thought } from '../../src/domain/session.ts';
import type { Performance, Tool } from '../../src/tools/define-tool.ts';
import { defineTool } from '../../src/tools/define-tool.ts';

const line = text({ maxLength: 100, multiline: false });

export interface Shop {
  readonly tools: readonly Tool[];
  /** What was bought, in order. */
  readonly bought: string[];
  /** Instead of buying. */
  perform: (() => Promise<Performance>) | undefined;
}

export function createShop(): Shop {
  const shop: Shop = { tools: [], bought: [], perform: undefined };
  const buy = defineTool({
    name: 'buy',
    description: 'Buys something.',
    permission: 'purchase',
    role: 'web',
    arguments: { item: one(line, 'what'), price: one(money, 'for how much') },
    needs: [],
    labels: [],
    timeoutMs: 20_000,
    effect: 'once',
    summary: ({ item, price }) => `${item} for ${amountInWords(price)}`,
    prepare: async (args) => ({
      kind: 'ready',
      facts: {},
      preview: [{ label: 'Item', text: args.item }],
      material: args,
    }),
    perform: async ({ item }) => {
      if (shop.perform !== undefined) return shop.perform();
      shop.bought.push(item);
      return { kind: 'done', text: `bought ${item}`, evidence: {} };
    },
  });
  const read = (name: string, label: string): Tool =>
    defineTool({
      name,
      description: `Reads what is ${label}.`,
      permission: 'read_files',
      role: 'files',
      arguments: { about: one(line, 'what about') },
      needs: [],
      labels: [label],
      timeoutMs: 20_000,
      effect: 'read',
      summary: ({ about }) => about,
      prepare: async ({ about }) => ({ kind: 'ready', facts: {}, preview: [], material: about }),
      perform: async (about) =>
        about === 'broken'
          ? { kind: 'failed', text: `the ${label} page says no` }
          : { kind: 'done', text: `${label} ${about}`, evidence: {} },
    });
  return Object.assign(shop, { tools: [buy, read('browse', 'untrusted'), read('recall', 'private')] });
}

export interface SaidCall {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

/** A model that calls these tools, turn by turn, and then ends; what it costs is the same each turn. */
export function modelThatSays(turns: () => readonly (readonly SaidCall[])[]): (raw: unknown) => Promise<Thought> {
  return async (raw) => {
    const { upto } = raw as { readonly upto: number };
    const turn = (upto - 1) / 2;
    const calls = turns()[turn] ?? [];
    return {
      content:
        calls.length === 0
          ? [{ type: 'text', text: 'that is all' }]
          : calls.map(({ name, input }, index) => ({
              type: 'tool_use',
              id: `toolu_${turn}_${index}`,
              name,
              input: input as never,
            })),
      stopReason: calls.length === 0 ? 'end_turn' : 'tool_use',
      usage: { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 400, cacheWriteTokens: 100 },
      model: 'priced-model',
      requestId: `req_${turn}`,
    };
  };
}
