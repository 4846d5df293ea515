import { z } from 'zod';
import { CALL_ID } from '../domain/call-id.ts';

const Rfc3339 = z.iso.datetime();

export const StandingInput = z.strictObject({
  actions: z.record(z.string(), z.number().int().nonnegative()),
  sums: z.record(z.string(), z.number()),
  same: z.record(z.string(), z.number().int().nonnegative()).nullable().default(null),
  unknown: z.array(z.string()),
  unknownTools: z.array(z.string()),
  denied: z.array(z.string()),
  grants: z.array(z.strictObject({ limit: z.string().max(200), more: z.boolean() })),
  labels: z.array(z.string()),
});

/** The input of every tool activity. */
export const ToolCallInput = z.strictObject({
  callId: z.string().regex(CALL_ID, 'c3, or c3-2 where a person is asked what became of c3'),
  input: z.unknown(),
  profile: z.string(),
  standing: StandingInput,
  request: z.strictObject({ id: z.string(), digest: z.string(), requestedAt: Rfc3339, expiresAt: Rfc3339 }).optional(),
  verdicts: z
    .array(z.strictObject({ n: z.number().int().positive(), receivedAt: Rfc3339, verdict: z.json() }))
    .max(1000)
    .optional(),
  /** The action whose outcome is unknown, of which this is the question, and perhaps the second try. */
  retryOf: z.strictObject({ callId: z.string().max(20), known: z.string().max(20_000) }).optional(),
  originalRunId: z.string(),
  chainId: z.string(),
});
export type ToolCallInput = z.infer<typeof ToolCallInput>;
