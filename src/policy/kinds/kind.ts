import type { z } from 'zod';

/** The kinds of values that rules can speak about. */
export type KindName = 'path' | 'mailAddress' | 'url' | 'httpMethod' | 'headers' | 'text';

/**
 * A kind of value with one canonical form. `schema` takes anything and gives the canonical form or an issue whose
 * message says what is wrong; it never throws, and giving it its own output changes nothing (idempotent).
 */
export interface Kind<Value> {
  readonly name: KindName;
  readonly schema: z.ZodType<Value>;
}
