/** The shape of the file of declared tools: strict in every key. What its templates say is looked at when they are compiled. */
import { z } from 'zod';
import { PERMISSIONS } from '../domain/permission.ts';
import { HTTP_METHODS } from '../policy/kinds/http-method.ts';

/** Names of arguments and of fields of an answer; templates say them. */
const Name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'a name has lower-case letters, digits and "_", at most 40, a letter first');
const Label = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'a label has lower-case letters, digits and hyphens');
const Template = z.string().max(2000);
const Described = z.string().min(1).max(1000);

const UNITS = { s: 1000, m: 60_000 } as const;
const Timeout = z
  .string()
  .regex(/^[1-9][0-9]{0,3}[sm]$/, 'a timeout is a number and s or m, like 45s')
  .transform((text) => Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS])
  .refine((ms) => ms >= 5000 && ms <= 600_000, 'a timeout lies between 5s and 10m');

/** Which keys go with which kind, `value-kind.ts` says. */
const Value = {
  maxLength: z.number().int().min(1).max(50_000).optional(),
  multiline: z.boolean().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  decimals: z.boolean().optional(),
  optional: z.boolean().optional(),
};

const Argument = z.strictObject({
  kind: z.enum(['text', 'number', 'money', 'flag', 'url', 'path', 'mailAddress']),
  description: Described,
  ...Value,
  list: z.number().int().min(1).max(100).optional(),
  free: z.boolean().optional(),
});
export type Argument = z.output<typeof Argument>;

const Field = z.strictObject({
  at: z.string().max(300),
  kind: z.enum(['text', 'number', 'money', 'flag', 'url', 'mailAddress']),
  ...Value,
  currency: z.string().optional(),
  currencyAt: z.string().max(300).optional(),
});
export type Field = z.output<typeof Field>;

const Headers = z.record(z.string().min(1).max(60), Template);

const Operand = z.union(
  [
    z.strictObject({ product: z.array(Name).min(2).max(2) }),
    z.strictObject({ field: Name }),
    z.strictObject({ value: z.union([z.string().max(500), z.number(), z.boolean()]) }),
  ],
  'what it is compared with is { product: [price, quantity] }, { field: stock } or { value: 5 }',
);
export type Operand = z.output<typeof Operand>;

const Requirement = z.strictObject({
  field: Name,
  equals: Operand.optional(),
  atMost: Operand.optional(),
});
export type Requirement = z.output<typeof Requirement>;

const LookUp = z.strictObject({
  url: Template,
  headers: Headers.optional(),
  fields: z.record(Name, Field).optional(),
  require: z.array(Requirement).max(30).optional(),
});
export type LookUp = z.output<typeof LookUp>;

const Request = z.strictObject({
  method: z.enum(HTTP_METHODS),
  url: Template,
  headers: Headers.optional(),
  json: z.json().optional(),
  form: z.record(z.string().min(1).max(100), Template).optional(),
  idempotencyKey: z.string().max(60).optional(),
});
export type Request = z.output<typeof Request>;

const Comparison = z.strictObject({ name: z.string().min(1).max(100), before: Template, after: Template });

const PreviewPart = z.strictObject({
  label: z.string().min(1).max(100),
  text: Template.optional(),
  compare: z.array(Comparison).min(1).max(30).optional(),
});
export type PreviewPart = z.output<typeof PreviewPart>;

const STATUS = 'a status is a number like 200, or a class like 2xx';
const Status = z.union(
  [z.int(STATUS).min(200, STATUS).max(599, STATUS), z.string().regex(/^[2-5]xx$/, STATUS)],
  STATUS,
);
const AnswerTest = z.union(
  [
    Status,
    z.strictObject({
      status: Status,
      at: z.string().max(300),
      equals: z.union([z.string().max(500), z.number(), z.boolean(), z.null()]),
    }),
  ],
  'an answer is a status (200, 2xx), or { status: 200, at: /state, equals: paid }',
);
export type AnswerTest = z.output<typeof AnswerTest>;

const Outcome = z.strictObject({
  done: z.array(AnswerTest).min(1).max(30),
  failed: z.array(AnswerTest).max(30).optional(),
});
export type Outcome = z.output<typeof Outcome>;

const Declaration = z.strictObject({
  name: z.string().max(100),
  description: Described,
  permission: z.enum(PERMISSIONS),
  labels: z.array(Label).max(10).optional(),
  timeout: Timeout.optional(),
  arguments: z.record(Name, Argument),
  prepare: LookUp.optional(),
  request: Request,
  summary: Template.min(1),
  preview: z.array(PreviewPart).max(30).optional(),
  outcome: Outcome.optional(),
  result: Template.optional(),
});
export type Declaration = z.output<typeof Declaration>;

export const ToolsFile = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1, 'this version of countersign reads tools version 1'),
  tools: z.array(Declaration).max(100),
});
export type ToolsFile = z.output<typeof ToolsFile>;
