/** The shape of the policy file: strict in every key (design.md section 6). What matchers say is compiled elsewhere. */
import { z } from 'zod';
import { PERMISSIONS } from '../domain/permission.ts';

const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a name has lower-case letters, digits and hyphens, at most 63');
const Who = z.string().min(1).max(100);
const Words = z.string().max(500);

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration like `30m`, `4h`, `2d`; in ms. */
const DurationText = z
  .string()
  .regex(/^[1-9][0-9]{0,5}[smhd]$/, 'a duration is a number and s, m, h or d, like 30m')
  .transform((text) => Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS]);

const Approval = z.strictObject({
  by: z.array(Who).min(1),
  expires: DurationText.optional(),
  quorum: z.literal(1, 'a quorum other than 1 is not built yet').optional(),
});

const Matchers = z.record(z.string(), z.json());

export const RuleSchema = z.strictObject({
  id: Name,
  tool: z.union([z.string(), z.array(z.string()).min(1)]),
  profiles: z.array(Name).min(1).optional(),
  allow: Matchers.optional(),
  ask: Matchers.optional(),
  deny: Matchers.optional(),
  except: z.union([Matchers, z.array(Matchers).min(1)]).optional(),
  why: Words.optional(),
  approval: Approval.optional(),
  examples: z.strictObject({ match: z.array(z.json()).optional(), noMatch: z.array(z.json()).optional() }).optional(),
});
export type RuleSchema = z.output<typeof RuleSchema>;

const Count = z.number().int().nonnegative();

export const PolicySchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1, 'this version of countersign reads policy version 1'),
  profiles: z.record(Name, z.strictObject({ grant: z.array(z.enum(PERMISSIONS)), startable: z.boolean().optional() })),
  rules: z.array(RuleSchema).max(1000),
  approval: Approval.optional(),
  defaultProfile: Name.optional(),
  limits: z
    .strictObject({
      turns: Count.optional(),
      tokens: Count.optional(),
      wallTime: DurationText.optional(),
      asks: Count.max(20, 'asks may only be lowered from 20').optional(),
      asksPending: Count.max(5, 'asksPending may only be lowered from 5').optional(),
      actions: z.record(z.string(), Count).optional(),
    })
    .optional(),
});
export type PolicySchema = z.output<typeof PolicySchema>;

/** Keys that the language will have; used now, they are refused with that reason. */
export const NOT_BUILT_YET: ReadonlySet<string> = new Set([
  'extends',
  'within',
  'tests',
  'flows',
  'grants',
  'remind',
  'escalate',
  'editable',
  'sums',
  'sum',
  'atLimit',
  'cost',
  'per',
  'remember',
  'preview',
  'shadow',
  'repeat',
  'labels',
  'budgets',
]);

/** Every key of the file, for suggestions. */
export const KNOWN_KEYS: readonly string[] = [
  'version',
  'profiles',
  'rules',
  'approval',
  'defaultProfile',
  'limits',
  'grant',
  'startable',
  'id',
  'tool',
  'allow',
  'ask',
  'deny',
  'except',
  'why',
  'examples',
  'match',
  'noMatch',
  'by',
  'expires',
  'quorum',
  'turns',
  'tokens',
  'wallTime',
  'asks',
  'asksPending',
  'actions',
];
