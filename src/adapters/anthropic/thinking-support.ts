import type { ThinkingConfigParam } from '@anthropic-ai/sdk/resources/messages/messages';

/** Models known to think adaptively, by the beginning of their id; a dated id counts as the same model. */
const ADAPTIVE = [
  'claude-opus-4-6',
  'claude-opus-4-7',
  'claude-opus-4-8',
  'claude-sonnet-4-6',
  'claude-haiku-5',
  'claude-sonnet-5',
  'claude-opus-5',
  'claude-fable-5',
  'claude-mythos-5',
] as const;

/** How to ask `model` to think. Undefined for a model we do not know: its own default then holds. */
export function thinkingOf(model: string): ThinkingConfigParam | undefined {
  const adaptive = ADAPTIVE.some((known) => model === known || model.startsWith(`${known}-`));
  return adaptive ? { type: 'adaptive', display: 'summarized' } : undefined;
}
