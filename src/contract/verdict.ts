import { z } from 'zod';

/** A verdict as it must look before its signature is worth checking. */
export const VerdictShape = z.strictObject({
  requestId: z.string().min(1).max(1000),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  decision: z.enum(['approve', 'deny']),
  approver: z.string().min(1).max(100),
  keyId: z.string().min(1).max(100),
  reason: z.string().max(1000).optional(),
  answer: z.enum(['happened']).optional(),
  edit: z.json().optional(),
  grant: z.json().optional(),
  at: z.iso.datetime(),
  signature: z.string().min(1).max(200),
});
export type VerdictShape = z.infer<typeof VerdictShape>;
