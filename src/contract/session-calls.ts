import { z } from 'zod';

/** The input of `openSession`. */
export const OpenSessionInput = z.strictObject({
  goal: z.string(),
  profile: z.string().optional(),
  model: z.string().optional(),
});
export type OpenSessionInput = z.infer<typeof OpenSessionInput>;

/** The input of `think`: the messages up to, not including, this position. */
export const ThinkInput = z.strictObject({ upto: z.number().int().positive() });
export type ThinkInput = z.infer<typeof ThinkInput>;
