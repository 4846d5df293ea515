import { z } from 'zod';
import { isRecord } from '../domain/json.ts';
import type { Json, JsonObject } from '../domain/json.ts';

/** Decoded JSON, passed on as the very value: a copy could lose a key or their order, and the history must not change. */
const Verbatim = z.custom<Json>((value) => value !== undefined);
const VerbatimObject = z.custom<JsonObject>(isRecord);

const MessageShape = z.strictObject({
  role: z.enum(['user', 'assistant']),
  content: z.union([z.string(), z.array(Verbatim)]),
});

const SetupShape = z.strictObject({
  model: z.string(),
  system: z.string(),
  tools: z.array(z.strictObject({ name: z.string(), description: z.string(), inputSchema: VerbatimObject })),
});

/** The result of the `transcript(from, upto)` query. */
export const TranscriptPageShape = z.strictObject({
  messages: z.array(MessageShape),
  next: z.number().int().nonnegative(),
  setup: SetupShape.exactOptional(),
});
export type TranscriptPageShape = z.infer<typeof TranscriptPageShape>;
