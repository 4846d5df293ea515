/**
 * The worker's configuration, parsed once from the environment. A role that this process does not have leaves its
 * credentials unread (S10); the policy, the approver directory and the keys must lie outside the workspace (S12).
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import type { Role } from '../domain/role.ts';
import { DEFAULT_TASK_QUEUE } from '../domain/role.ts';

const Port = z.coerce.number().int().min(1).max(65_535);
const Milliseconds = z.coerce.number().int().positive();
const Flag = z.enum(['0', '1']).transform((value) => value === '1');

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
  COUNTERSIGN_CANDIDATE_POLICY: z
    .string()
    .optional()
    .transform((file) => (file === '' ? undefined : file)),
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

const Mail = z
  .object({
    COUNTERSIGN_SMTP_HOST: z.string().min(1),
    COUNTERSIGN_SMTP_PORT: Port.default(587),
    COUNTERSIGN_SMTP_SECURE: Flag.default(false),
    COUNTERSIGN_SMTP_USER: z.string().min(1).optional(),
    COUNTERSIGN_SMTP_PASSWORD: z.string().min(1).optional(),
    COUNTERSIGN_MAIL_FROM: z.string().min(3),
  })
  .refine((mail) => (mail.COUNTERSIGN_SMTP_USER === undefined) === (mail.COUNTERSIGN_SMTP_PASSWORD === undefined), {
    path: ['COUNTERSIGN_SMTP_USER and COUNTERSIGN_SMTP_PASSWORD'],
    message: 'give both or none',
  });

const Web = z.object({
  /** Origins, separated by commas, that may lie on private or loopback addresses. */
  COUNTERSIGN_PRIVATE_ORIGINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    ),
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
    problems.push(...parsed.error.issues.map(({ path, message }) => `${path.join('.')} (for ${role}): ${message}`));
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
  if (files !== undefined && law !== undefined) keepLeashOutside(files.COUNTERSIGN_WORKSPACE, law);
  return {
    roles,
    shared,
    ...(law === undefined ? {} : { law }),
    ...(model === undefined ? {} : { model }),
    ...(files === undefined ? {} : { files }),
    ...(mail === undefined ? {} : { mail }),
    ...(web === undefined ? {} : { web }),
  };
}

/** Refused when policy or approver directory lie in the workspace, whatever links lead there (S12). */
function keepLeashOutside(workspace: string, law: z.output<typeof Law>): void {
  const root = realpathOf(workspace);
  const { COUNTERSIGN_POLICY, COUNTERSIGN_APPROVERS, COUNTERSIGN_CANDIDATE_POLICY: candidate } = law;
  for (const path of [COUNTERSIGN_POLICY, COUNTERSIGN_APPROVERS, ...(candidate === undefined ? [] : [candidate])]) {
    // The first step of the way there: not up, so it lies beneath. A folder may be named "..x".
    const [first] = relative(root, realpathOf(path)).split(sep);
    if (first !== '..') {
      throw new Error(
        `${path} lies in the agent's workspace ${workspace}: the agent could change its own rules. Move it out.`,
      );
    }
  }
}

/** Where a path leads; of one that does not exist yet, where it would be. */
function realpathOf(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    return dirname(whole) === whole ? whole : join(realpathOf(dirname(whole)), basename(whole));
  }
}
