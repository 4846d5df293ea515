/** Claude by the Messages API, streamed. Temporal retries, so the SDK does not; every failure is classified by us. */
import Anthropic from '@anthropic-ai/sdk';
import type { MessageParam, Tool as ApiTool } from '@anthropic-ai/sdk/resources/messages/messages';
import type { ModelCall, ModelPort } from '../../activities/think.ts';
import type { Thought } from '../../domain/session.ts';
import { classifyFailure } from './classify-failure.ts';
import { watchedFetch } from './idle-watchdog.ts';
import { readResponse } from './read-response.ts';

export interface ClaudeOptions {
  readonly apiKey: string;
  readonly baseURL?: string;
  /** Without a byte for this long the call is given up, in ms. */
  readonly idleMs: number;
}

const MAX_TOKENS = 32_000;
/** Models that think adaptively and can show a summary of it; others are left to their default. */
const ADAPTIVE = /^claude-(opus|sonnet|haiku|fable|mythos)-5/;

export function createClaude({ apiKey, baseURL, idleMs }: ClaudeOptions): ModelPort {
  return async (call) => {
    const watch = watchedFetch(idleMs, call.signal);
    const client = new Anthropic({
      apiKey,
      baseURL: baseURL ?? 'https://api.anthropic.com',
      authToken: null,
      maxRetries: 0,
      logLevel: 'off',
      openTelemetry: false,
      fetch: watch.fetch,
    });
    try {
      return await ask(client, call, watch.signal);
    } catch (error) {
      throw watch.stalled() ? watch.stall() : classifyFailure(error);
    } finally {
      watch.stop();
    }
  };
}

async function ask(client: Anthropic, { setup, messages }: ModelCall, signal: AbortSignal): Promise<Thought> {
  const stream = client.messages.stream(
    {
      model: setup.model,
      max_tokens: MAX_TOKENS,
      system: setup.system,
      // Sent as they stand in the history: both were JSON from the start.
      messages: messages as unknown as MessageParam[],
      ...(setup.tools.length === 0 ? {} : { tools: setup.tools.map(asApiTool) }),
      cache_control: { type: 'ephemeral' },
      ...(ADAPTIVE.test(setup.model)
        ? { thinking: { type: 'adaptive' as const, display: 'summarized' as const } }
        : {}),
    },
    { signal },
  );
  const message: unknown = await stream.finalMessage();
  return readResponse(JSON.parse(JSON.stringify(message)), stream.request_id ?? '');
}

function asApiTool({ name, description, inputSchema }: ModelCall['setup']['tools'][number]): ApiTool {
  return { name, description, input_schema: { ...inputSchema, type: 'object' } };
}
