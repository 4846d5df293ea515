import type { Json, JsonObject } from './json.ts';

/** One message of the conversation, exactly as the Messages API takes it. Append-only (facts: preserved thinking). */
export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly Json[];
}

/** What stays the same for the whole session and goes with every model call. */
export interface ModelSetup {
  readonly model: string;
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
}

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
}

/** One page of the `transcript(from, upto)` query: messages `from` to `next - 1`; the first page carries the setup. */
export interface TranscriptPage {
  readonly messages: readonly Message[];
  readonly next: number;
  readonly setup?: ModelSetup;
}

/** A `tool_result` block: how an action's outcome reaches the model. */
export function toolResult(toolUseId: string, text: string, isError: boolean): JsonObject {
  return { type: 'tool_result', tool_use_id: toolUseId, content: text, is_error: isError };
}
