/** The shape of the policy file: strict in every key. What matchers say is compiled elsewhere. */
import { z } from 'zod';
import { PERMISSIONS } from '../domain/permission.ts';

const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a name has lower-case letters, digits and hyphens, at most 63');
/** A person or a group, as the approver directory writes their ids. */
const Who = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'an approver is an id of the approver directory: lower-case letters, digits, dots, hyphens, underscores',
  );
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
  examples: z
    .strictObject({
      match: z.array(z.json()).optional(),
      noMatch: z.array(z.json()).optional(),
      invalid: z.array(z.json()).optional(),
    })
    .optional(),
});
export type RuleSchema = z.output<typeof RuleSchema>;

const Count = z.number().int().nonnegative();

/** What happens when a limit is met; to count by the day comes later. */
const AtLimit = {
  atLimit: z.enum(['deny', 'ask'], '"atLimit" is deny or ask').optional(),
  per: z.literal('session', 'limits per day are not built yet; a limit counts one session').optional(),
};
const ToolNames = z.union([z.string(), z.array(z.string()).min(1)]);
const CountLimit = z.union([Count, z.strictObject({ max: Count, ...AtLimit })]);

/** At most so much of a money or number argument, over all actions of a session. */
const SumLimit = z.strictObject({
  id: Name,
  tool: ToolNames,
  argument: z.string().min(1).max(100),
  max: z.union([z.string().max(40), z.number().nonnegative()]),
  ...AtLimit,
});

const Usd = z
  .string('a cost is an amount in US dollars, like 5.00 USD')
  .regex(/^(0|[1-9][0-9]{0,6})(\.[0-9]{1,4})? USD$/, 'a cost is an amount in US dollars, like 5.00 USD')
  .transform((text) => Number(text.slice(0, -' USD'.length)));

const Limits = z.strictObject({
  turns: Count.optional(),
  tokens: Count.optional(),
  cost: Usd.optional(),
  wallTime: DurationText.optional(),
  asks: Count.max(20, 'asks may only be lowered from 20').optional(),
  asksPending: Count.max(5, 'asksPending may only be lowered from 5').optional(),
  actions: z.record(z.string(), CountLimit).optional(),
  sameAction: z.record(z.string(), CountLimit).optional(),
  sums: z.array(SumLimit).max(100).optional(),
});

const Label = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'a label has lower-case letters, digits and hyphens');

export const FlowRuleSchema = z.strictObject({
  id: Name,
  when: z.array(Label).min(1),
  tool: ToolNames,
  profiles: z.array(Name).min(1).optional(),
  then: z.enum(['ask', 'deny'], '"then" is ask or deny'),
  why: Words.optional(),
  approval: Approval.optional(),
});
export type FlowRuleSchema = z.output<typeof FlowRuleSchema>;

const Flows = z.strictObject({
  labels: z.record(Label, z.array(z.string()).min(1)).optional(),
  rules: z.array(FlowRuleSchema).max(200),
});

const DECISIONS = ['allow', 'ask', 'deny'] as const;

export const PolicyTestSchema = z.strictObject({
  name: z.string().min(1).max(200),
  profile: Name.optional(),
  call: z.strictObject({ tool: z.string(), input: z.record(z.string(), z.json()) }),
  seen: z.array(Label).optional(),
  spent: z
    .strictObject({
      actions: z.record(z.string(), Count).optional(),
      sameAction: Count.optional(),
      sums: z.record(Name, z.union([z.string().max(40), z.number()])).optional(),
    })
    .optional(),
  expect: z.union([
    z.enum(
      [...DECISIONS, 'invalid'],
      '"expect" is allow, ask, deny or invalid, or one of the first three with the rule, like { ask: mail-known }',
    ),
    z.strictObject({ allow: Name }),
    z.strictObject({ ask: Name }),
    z.strictObject({ deny: Name }),
  ]),
});
export type PolicyTestSchema = z.output<typeof PolicyTestSchema>;

const Price = z.number().nonnegative().max(10_000);

/** US dollars per million tokens, for models that the table of this version does not know or has otherwise. */
const Prices = z.strictObject({
  asOf: z.iso.date('"asOf" is the day the prices are of, like 2026-11-01'),
  input: Price,
  cacheWrite: Price,
  cacheRead: Price,
  output: Price,
});

export const PolicySchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1, 'this version of countersign reads policy version 1'),
  profiles: z.record(
    Name,
    z.strictObject({
      grant: z.array(z.enum(PERMISSIONS)).optional(),
      extends: Name.optional(),
      within: Name.optional(),
      startable: z.boolean().optional(),
    }),
  ),
  rules: z.array(RuleSchema).max(500),
  approval: Approval.optional(),
  defaultProfile: Name.optional(),
  limits: Limits.optional(),
  prices: z.record(z.string().min(1).max(100), Prices).optional(),
  flows: Flows.optional(),
  tests: z.array(PolicyTestSchema).max(1000).optional(),
});
export type PolicySchema = z.output<typeof PolicySchema>;
/** The file as it is written: what the typed twin emits and editors complete. */
export type PolicyDocument = z.input<typeof PolicySchema>;
