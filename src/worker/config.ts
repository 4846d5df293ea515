/**
 * The worker's configuration, parsed once from the environment. A role that this process does not have leaves its
 * credentials unread (S10); the policy, the approver directory and the keys must lie outside the workspace (S12).
 */
import { z } from 'zod';
import { readProxy } from '../adapters/http/proxy.ts';
import type { Role } from '../domain/role.ts';
import { DEFAULT_TASK_QUEUE } from '../domain/role.ts';
import type { Canonical } from '../policy/kinds/kind.ts';
import { canonicalAddress, canonicalDomain } from '../policy/kinds/mail-address.ts';
import { keepApart, keepOutside } from './leash.ts';

const Port = z.coerce.number('give a number').int().min(1).max(65_535);
const Milliseconds = z.coerce.number('give a number of milliseconds').int().positive();
const Flag = z.enum(['0', '1']).transform((value) => value === '1');
/** An empty value is as none. */
const OptionalFile = z
  .string()
  .optional()
  .transform((file) => (file === '' ? undefined : file));

const Shared = z.object({
  COUNTERSIGN_TASK_QUEUE: z.string().min(1).default(DEFAULT_TASK_QUEUE),
  COUNTERSIGN_HEARTBEAT_MS: Milliseconds.default(15_000),
  COUNTERSIGN_RUN_WITHIN_MS: Milliseconds.default(15 * 60_000),
  COUNTERSIGN_MODEL: z.string().min(1).default('claude-opus-5-5'),
});

/** For whoever decides: every role but the model. */
const Law = z.object({
  COUNTERSIGN_POLICY: z.string().min(1),
  COUNTERSIGN_APPROVERS: z.string().min(1),
  /** Tried beside the policy in force; where it decides otherwise, that is recorded. */
  COUNTERSIGN_CANDIDATE_POLICY: OptionalFile,
  /** Tools that are HTTP calls, read when the worker starts. */
  COUNTERSIGN_TOOLS: OptionalFile,
  COUNTERSIGN_DEMO: Flag.default(false),
});

const Model = z.object({
  ANTHROPIC_API_KEY: z.string().min(1),
  ANTHROPIC_BASE_URL: z.url().optional(),
  COUNTERSIGN_MODEL_IDLE_MS: Milliseconds.default(120_000),
});

const Files = z.object({
  COUNTERSIGN_WORKSPACE: z.string().min(1),
  /** For how long deleted files can be brought back. */
  COUNTERSIGN_TRASH_DAYS: z
    .string()
    .regex(/^\d{1,5}(\.\d{1,6})?$/, 'give a number of days, e.g. 30 or 0.5')
    .transform(Number)
    .refine((days) => days > 0, 'give more than 0 days')
    .default(30),
});

function canonically(canonicalise: (raw: string) => Canonical<string>) {
  return z.string().transform((raw, context) => {
    const result = canonicalise(raw);
    if (result.kind === 'canonical') return result.value;
    // The reason may quote the value, which is not to be repeated.
    context.addIssue({ code: 'custom', message: 'write plain addresses as name@example.com, domains as example.com' });
    return z.NEVER;
  });
}

const listed = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  );

const Mail = z
  .object({
    COUNTERSIGN_SMTP_HOST: z.string().min(1),
    COUNTERSIGN_SMTP_PORT: Port.default(587),
    COUNTERSIGN_SMTP_SECURE: Flag.default(false),
    COUNTERSIGN_SMTP_USER: z.string().min(1).optional(),
    COUNTERSIGN_SMTP_PASSWORD: z.string().min(1).optional(),
    COUNTERSIGN_MAIL_FROM: canonically(canonicalAddress),
    /** Domains, separated by commas, whose people count as of the house. */
    COUNTERSIGN_MAIL_INSIDE: listed.pipe(z.array(canonically(canonicalDomain))),
    /** Keeps whom mail was sent to before. */
    COUNTERSIGN_MAIL_KNOWN: OptionalFile,
    /** For reading the files that a mail carries; without it none are attached. */
    COUNTERSIGN_WORKSPACE: OptionalFile,
  })
  .refine((mail) => (mail.COUNTERSIGN_SMTP_USER === undefined) === (mail.COUNTERSIGN_SMTP_PASSWORD === undefined), {
    path: ['COUNTERSIGN_SMTP_USER and COUNTERSIGN_SMTP_PASSWORD'],
    message: 'give both or none',
  });

const Web = z.object({
  /** Origins, separated by commas, that may lie on private or loopback addresses. */
  COUNTERSIGN_PRIVATE_ORIGINS: listed,
  /** One file a secret, outside the workspace. */
  COUNTERSIGN_SECRETS_DIR: OptionalFile,
  /** May hold a login: a secret. */
  COUNTERSIGN_WEB_PROXY: z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined || text === '') return undefined;
      const proxy = readProxy(text);
      if (proxy !== undefined) return proxy;
      context.addIssue({ code: 'custom', message: 'write it like http://proxy.example:3128' });
      return z.NEVER;
    }),
});

export interface WorkerConfig {
  readonly roles: readonly Role[];
  readonly shared: z.output<typeof Shared>;
  readonly law?: z.output<typeof Law>;
  readonly model?: z.output<typeof Model>;
  readonly files?: z.output<typeof Files>;
  readonly mail?: z.output<typeof Mail>;
  readonly web?: z.output<typeof Web>;
}

/** Reads what `roles` need. Throws one error that names every variable that is missing or wrong, never its value. */
export function readConfig(roles: readonly Role[], env: Readonly<Record<string, string | undefined>>): WorkerConfig {
  const problems: string[] = [];
  const read = <T extends z.ZodType>(schema: T, wanted: boolean, role: string): z.output<T> | undefined => {
    if (!wanted) return undefined;
    const parsed = schema.safeParse(env);
    if (parsed.success) return parsed.data;
    problems.push(
      ...parsed.error.issues.map((issue) => `${issue.path.join('.')} (for ${role}): ${inWords(issue, env)}`),
    );
    return undefined;
  };
  const shared = read(Shared, true, 'every role');
  const decides = roles.some((role) => role !== 'model');
  const law = read(Law, decides, 'every role that decides');
  const model = read(Model, roles.includes('model'), 'the role model');
  const files = read(Files, roles.includes('files'), 'the role files');
  const mail = read(Mail, roles.includes('mail'), 'the role mail');
  const web = read(Web, roles.includes('web'), 'the role web');
  if (shared === undefined || problems.length > 0) {
    throw new Error(`The worker's environment is not complete:\n  ${problems.join('\n  ')}`);
  }
  const config: WorkerConfig = {
    roles,
    shared,
    ...(law === undefined ? {} : { law }),
    ...(model === undefined ? {} : { model }),
    ...(files === undefined ? {} : { files }),
    ...(mail === undefined ? {} : { mail }),
    ...(web === undefined ? {} : { web }),
  };
  checkLeash(config, env['COUNTERSIGN_WORKSPACE']);
  return config;
}

/** Never the value. */
function inWords({ code, path, message }: z.core.$ZodIssue, env: Readonly<Record<string, string | undefined>>): string {
  const value = env[String(path[0])];
  if (code === 'invalid_type' && value === undefined) return 'is missing';
  return code === 'too_small' && value === '' ? 'is empty' : message;
}

/**
 * S12: what the agent can reach must hold nothing that it is held by, whatever links lead there. Of every role: where the
 * settings name a workspace, another process of the deployment lets the agent at it.
 */
function checkLeash({ law, mail, web }: WorkerConfig, workspace: string | undefined): void {
  if (workspace === undefined || workspace === '') return;
  keepOutside(workspace, [
    law?.COUNTERSIGN_POLICY,
    law?.COUNTERSIGN_APPROVERS,
    law?.COUNTERSIGN_CANDIDATE_POLICY,
    law?.COUNTERSIGN_TOOLS,
    mail?.COUNTERSIGN_MAIL_KNOWN,
  ]);
  if (web?.COUNTERSIGN_SECRETS_DIR !== undefined) keepApart(workspace, web.COUNTERSIGN_SECRETS_DIR);
}
