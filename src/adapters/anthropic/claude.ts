/**
 * Claude by the Messages API, streamed. Temporal retries, so the SDK does not; every failure is classified by us.
 *
 * 1. The key is the one given: no profile on disk, no other variable of the environment is looked at (S10).
 * 2. The history goes out as it stands: any change to what was sent before is refused by the API (facts, 1).
 * 3. The SDK logs and traces nothing: its logs print prompts (S10).
 */
import Anthropic from '@anthropic-ai/sdk';
import type { MessageParam, Tool as ApiTool } from '@anthropic-ai/sdk/resources/messages/messages';
import type { ModelCall, ModelPort } from '../../activities/think.ts';
import type { Thought } from '../../domain/session.ts';
import type { ToolDefinition } from '../../domain/transcript.ts';
import { ModelFailure } from '../../domain/model-failure.ts';
import { classifyFailure } from './classify-failure.ts';
import { watchLine } from './line-watch.ts';
import { readResponse } from './read-response.ts';
import { thinkingOf } from './thinking-support.ts';
import { collectToolInputs } from './tool-inputs.ts';

export interface ClaudeOptions {
  readonly apiKey: string;
  readonly baseURL?: string;
  /** Without a byte for this long the call is given up, in ms. */
  readonly idleMs: number;
  readonly fetch?: typeof fetch;
}

/** Room for thinking and for a long mail; well under what every model of the table can give. */
const MAX_TOKENS = 32_000;

/** Throws on a key that cannot be one, without repeating it. */
export function createClaude({
  apiKey,
  baseURL = 'https://api.anthropic.com',
  idleMs,
  fetch,
}: ClaudeOptions): ModelPort {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new Error('ANTHROPIC_API_KEY is empty or has characters that no key has: set it for the model worker.');
  }
  return async (call) => {
    const watch = watchLine({ idleMs, signal: call.signal, ...(fetch === undefined ? {} : { fetch }) });
    const client = new Anthropic({
      apiKey,
      baseURL,
      maxRetries: 0,
      logLevel: 'off',
      openTelemetry: false,
      fetch: watch.fetch,
    });
    try {
      return await ask(client, call, watch.signal);
    } catch (error) {
      if (call.signal.aborted) throw new ModelFailure('cancelled', 'ModelCancelled', 'The model call was cancelled.');
      throw watch.failure() ?? classifyFailure(error);
    } finally {
      watch.stop();
    }
  };
}

async function ask(client: Anthropic, { setup, messages }: ModelCall, signal: AbortSignal): Promise<Thought> {
  const thinking = thinkingOf(setup.model);
  const stream = client.messages.stream(
    {
      model: setup.model,
      max_tokens: MAX_TOKENS,
      system: setup.system,
      // Sent as they stand in the history: both were JSON from the start.
      messages: messages as unknown as MessageParam[],
      ...(setup.tools.length === 0 ? {} : { tools: setup.tools.map(asApiTool) }),
      cache_control: { type: 'ephemeral' },
      ...(thinking === undefined ? {} : { thinking }),
    },
    { signal },
  );
  const toolInputs = collectToolInputs(stream);
  const message: unknown = await stream.finalMessage();
  return readResponse(JSON.parse(JSON.stringify(message)), toolInputs(), stream.request_id ?? '');
}

/** The schema as it is, and not `strict`, which takes only a part of JSON Schema: the guard validates each input. */
function asApiTool({ name, description, inputSchema }: ToolDefinition): ApiTool {
  return { name, description, input_schema: { ...inputSchema, type: 'object' } };
}
