import { z } from 'zod';
import type { Kind } from './kind.ts';

/** Yes or no: `true` or `false` and nothing that merely counts as one (`"false"` is true to JavaScript). */
export const flag: Kind<boolean, 'flag'> = { name: 'flag', schema: z.boolean() };
