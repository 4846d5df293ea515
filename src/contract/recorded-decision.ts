import { z } from 'zod';

/** A decision as a mark holds it: read back when the attempt that set the mark is gone. */
export const RecordedDecisionShape = z.object({
  kind: z.enum(['allow', 'ask', 'deny']),
  rule: z.string().nullable(),
  why: z.string(),
  policySha: z.string().nullable(),
  verdict: z
    .object({
      requestId: z.string(),
      decision: z.enum(['approve', 'deny']),
      approver: z.string(),
      keyId: z.string(),
      at: z.string(),
      reason: z.string().exactOptional(),
      answer: z.enum(['happened']).exactOptional(),
    })
    .exactOptional(),
  candidate: z
    .object({
      kind: z.enum(['allow', 'ask', 'deny', 'broken']),
      rule: z.string().nullable(),
      why: z.string(),
      policySha: z.string().nullable(),
    })
    .exactOptional(),
});
