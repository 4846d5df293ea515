/** Puts the real parts together: ports for the tools, the guard, openSession and think, each only for its role (S10). */
import { createOpenSession } from '../activities/open-session.ts';
import type { RegistryParts } from '../activities/registry.ts';
import { createThink } from '../activities/think.ts';
import { fetchTranscript, ownRunId } from '../activities/fetch-transcript.ts';
import { createTranscriptCache } from '../activities/transcript-cache.ts';
import { createClaude } from '../adapters/anthropic/claude.ts';
import { createAttachableFiles } from '../adapters/files/attachable-files.ts';
import { filesUnavailable } from '../adapters/files/descriptor-walk.ts';
import { createWorkspaceChanges } from '../adapters/files/workspace-changes.ts';
import { createWorkspaceFiles } from '../adapters/files/workspace-files.ts';
import { createHttpClient } from '../adapters/http/http-client.ts';
import { createSecretFiles, secretCheckOf } from '../adapters/http/secret-files.ts';
import { createKnownRecipients, nothingRecorded } from '../adapters/smtp/known-recipients.ts';
import { createMailer } from '../adapters/smtp/mailer.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { WorldPorts } from '../tools/ports.ts';
import type { WorkerConfig } from './config.ts';
import { createReadLaw } from './read-law.ts';
import { monotonicMs } from './workers.ts';

export interface Surroundings {
  readonly namespace: string;
  /** Whether the namespace knows the countersign search attributes. */
  readonly searchAttributes: boolean;
  /** Every tool of the deployment, of all roles: the policy is read against them. */
  readonly tools: readonly Tool[];
}

export function buildParts(config: WorkerConfig, { namespace, searchAttributes, tools }: Surroundings): RegistryParts {
  const { shared, law } = config;
  if (law === undefined) return thinking(config);
  const readLaw = createReadLaw({
    policyFile: law.COUNTERSIGN_POLICY,
    approversFile: law.COUNTERSIGN_APPROVERS,
    tools,
    toolsFile: law.COUNTERSIGN_TOOLS,
    acceptDemoApprovers: law.COUNTERSIGN_DEMO,
    candidateFile: law.COUNTERSIGN_CANDIDATE_POLICY,
  });
  return {
    tools,
    openSession: createOpenSession({
      readLaw,
      tools: tools.filter(isOffered),
      taskQueue: shared.COUNTERSIGN_TASK_QUEUE,
      defaultModel: shared.COUNTERSIGN_MODEL,
      heartbeatTimeoutMs: shared.COUNTERSIGN_HEARTBEAT_MS,
      searchAttributes,
      now: () => new Date(),
    }),
    guard: {
      namespace,
      readLaw,
      world: createWorld(config),
      runWithinMs: shared.COUNTERSIGN_RUN_WITHIN_MS,
      now: () => new Date(),
      monotonic: monotonicMs,
    },
    ...thinking(config),
  };
}

/** A tool that no worker on this platform can run is not offered. */
function isOffered(tool: Tool): boolean {
  return !tool.needs.some((port) => port === 'files' || port === 'changes') || filesUnavailable() === null;
}

function thinking({ model }: WorkerConfig): Pick<RegistryParts, 'think'> {
  if (model === undefined) return {};
  const claude = createClaude({
    apiKey: model.ANTHROPIC_API_KEY,
    ...(model.ANTHROPIC_BASE_URL === undefined ? {} : { baseURL: model.ANTHROPIC_BASE_URL }),
    idleMs: model.COUNTERSIGN_MODEL_IDLE_MS,
  });
  return { think: createThink({ model: claude, transcript: createTranscriptCache(fetchTranscript, ownRunId) }) };
}

/** The ports of this process’s roles; a tool of another role is never registered here, so it never looks for one. */
function createWorld({ files, mail, web }: WorkerConfig): WorldPorts {
  const world: Partial<WorldPorts> = {
    ...(files === undefined ? {} : workspaceOf(files)),
    ...(mail === undefined ? {} : mailPorts(mail)),
    ...(web === undefined ? {} : webPorts(web)),
  };
  return world as WorldPorts;
}

function workspaceOf(files: NonNullable<WorkerConfig['files']>): Pick<WorldPorts, 'files' | 'changes'> {
  const { COUNTERSIGN_WORKSPACE: root, COUNTERSIGN_TRASH_DAYS: trashDays } = files;
  return {
    files: createWorkspaceFiles(root),
    changes: createWorkspaceChanges({ root, trashDays, now: () => new Date() }),
  };
}

function webPorts(web: NonNullable<WorkerConfig['web']>): Pick<WorldPorts, 'http' | 'secrets'> {
  const readSecret = createSecretFiles(web.COUNTERSIGN_SECRETS_DIR);
  const { COUNTERSIGN_PRIVATE_ORIGINS: privateOrigins, COUNTERSIGN_WEB_PROXY: proxy } = web;
  const http = createHttpClient({ privateOrigins, readSecret, ...(proxy === undefined ? {} : { proxy }) });
  return { http, secrets: secretCheckOf(readSecret) };
}

type MailConfig = NonNullable<WorkerConfig['mail']>;

function mailPorts(mail: MailConfig): Pick<WorldPorts, 'mailer' | 'attachable' | 'knownRecipients'> {
  const { COUNTERSIGN_MAIL_KNOWN: known, COUNTERSIGN_WORKSPACE: workspace } = mail;
  return {
    mailer: createMailer(smtpOf(mail)),
    attachable: createAttachableFiles(workspace),
    knownRecipients: known === undefined ? nothingRecorded : createKnownRecipients(known),
  };
}

function smtpOf(mail: MailConfig): Parameters<typeof createMailer>[0] {
  const { COUNTERSIGN_SMTP_USER: user, COUNTERSIGN_SMTP_PASSWORD: pass, COUNTERSIGN_MAIL_INSIDE: inside } = mail;
  return {
    host: mail.COUNTERSIGN_SMTP_HOST,
    port: mail.COUNTERSIGN_SMTP_PORT,
    secure: mail.COUNTERSIGN_SMTP_SECURE,
    from: mail.COUNTERSIGN_MAIL_FROM,
    ...(inside.length === 0 ? {} : { inside }),
    ...(user === undefined || pass === undefined ? {} : { auth: { user, pass } }),
  };
}
