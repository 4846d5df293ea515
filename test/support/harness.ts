/** A deployment in small for tests: real server, real workers in this process, policy and directory in real files. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { randomBytes } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Runtime, DefaultLogger } from '@temporalio/worker';
import type { Worker } from '@temporalio/worker';
import type { GuardPorts } from '../../src/activities/guard-pass.ts';
import type { ReadLaw } from '../../src/activities/law.ts';
import { createOpenSession } from '../../src/activities/open-session.ts';
import type { RegistryParts } from '../../src/activities/registry.ts';
import { connect } from '../../src/client/connect.ts';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import type { Role } from '../../src/domain/role.ts';
import type { SessionResult } from '../../src/domain/session.ts';
import type { SessionState } from '../../src/domain/session-state.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { sha256 } from '../../src/proof/digest.ts';
import { keyIdOf, newKeyPair, publicKeyText } from '../../src/proof/key.ts';
import { signVerdict } from '../../src/proof/verdict-signature.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import type { WorldPorts } from '../../src/tools/ports.ts';
import { createReadLaw } from '../../src/worker/read-law.ts';
import { bundleSession, createWorkers, monotonicMs } from '../../src/worker/workers.ts';

export interface Signer {
  readonly approver: string;
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicText: string;
}

export function newSigner(approver: string): Signer {
  const { privateKey, publicKey } = newKeyPair();
  const publicText = publicKeyText(publicKey);
  return { approver, keyId: keyIdOf(publicText), privateKey, publicText };
}

/** `approvers.yaml` of these people, all of them in the group `owner` unless others are named. */
export function approversYaml(
  people: readonly Signer[],
  owner: readonly string[] = people.map(({ approver }) => approver),
): string {
  const lines = people.map(
    ({ approver, keyId, publicText }) =>
      `  ${approver}: { name: ${approver}, keys: [{ id: "${keyId}", public: "${publicText}" }] }`,
  );
  return `version: 1\npeople:\n${lines.join('\n')}\ngroups:\n  owner: [${owner.join(', ')}]\n`;
}

export function verdict(
  request: Pick<ApprovalRequest, 'id' | 'digest'>,
  decision: 'approve' | 'deny',
  signer: Signer,
  more: Partial<Omit<Verdict, 'signature'>> = {},
): Verdict {
  const { approver, keyId, privateKey } = signer;
  const at = new Date().toISOString();
  return signVerdict(
    { requestId: request.id, digest: request.digest, decision, approver, keyId, at, ...more },
    privateKey,
  );
}

export interface HarnessOptions {
  readonly policy: string;
  /** Tried beside the policy in force. */
  readonly candidate?: string;
  readonly tools: readonly Tool[];
  readonly world?: Partial<WorldPorts>;
  readonly think?: RegistryParts['think'];
  readonly heartbeatMs?: number;
  readonly roles?: readonly Role[];
  readonly guard?: Partial<GuardPorts>;
  readonly searchAttributes?: boolean;
  /** Another server than that of the run. */
  readonly address?: string;
}

export interface Harness {
  readonly client: Client;
  readonly taskQueue: string;
  /** Temporary; holds policy.yaml, approvers.yaml and workspace/. */
  readonly directory: string;
  readonly alice: Signer;
  readonly bob: Signer;
  /** A key that is in no directory. */
  readonly stranger: Signer;
  start(input: Readonly<Record<string, unknown>>): Promise<Session>;
  writePolicy(text: string): void;
  writeApprovers(text: string): void;
  /** Until the workers have parsed it. */
  writeCandidate(text: string): Promise<void>;
  stopWorkers(): Promise<void>;
  startWorkers(): Promise<void>;
  stop(): Promise<void>;
}

/** One session under test. */
export interface Session {
  readonly handle: WorkflowHandle;
  readonly workflowId: string;
  state(): Promise<SessionState>;
  /** Waits until `count` requests wait; the newest last. */
  waiting(count?: number): Promise<readonly ApprovalRequest[]>;
  request(): Promise<ApprovalRequest>;
  signal(payload: unknown): Promise<void>;
  update(payload: unknown): Promise<unknown>;
  result(): Promise<SessionResult>;
}

const CANDIDATE = 'candidate.yaml';
const ALL: readonly Role[] = ['workflow', 'model', 'files', 'mail', 'web'];

export async function startHarness(options: HarnessOptions): Promise<Harness> {
  const address = options.address ?? testAddress();
  quiet();
  const directory = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  mkdirSync(join(directory, 'workspace'));
  const [alice, bob, stranger] = [newSigner('alice'), newSigner('bob'), newSigner('alice')] as const;
  const policyFile = join(directory, 'policy.yaml');
  const approversFile = join(directory, 'approvers.yaml');
  writeFileSync(policyFile, options.policy);
  writeFileSync(approversFile, approversYaml([alice, bob]));
  if (options.candidate !== undefined) writeFileSync(join(directory, CANDIDATE), options.candidate);
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;
  const client = await connect({ kind: 'embedded', address });
  const connection = await NativeConnection.connect({ address });
  const parts = partsOf(options, taskQueue, policyFile, approversFile);
  let running: readonly { readonly worker: Worker; readonly done: Promise<void> }[] = [];

  const startWorkers = async (): Promise<void> => {
    const workers = await createWorkers({
      connection,
      namespace: 'default',
      taskQueue,
      roles: options.roles ?? ALL,
      parts,
      bundle: await testBundle(),
      shutdownGraceMs: 300,
    });
    running = workers.map((worker) => ({ worker, done: worker.run() }));
  };
  const stopWorkers = async (): Promise<void> => {
    for (const { worker } of running) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(running.map(({ done }) => done));
    running = [];
  };
  await startWorkers();
  let count = 0;
  return {
    client,
    taskQueue,
    directory,
    alice,
    bob,
    stranger,
    start: async (input) => {
      count += 1;
      const workflowId = `${taskQueue}-${count}`;
      const handle = await client.workflow.start('agentSession', { taskQueue, workflowId, args: [input] });
      return sessionOf(handle);
    },
    writePolicy: (text) => writeFileSync(policyFile, text),
    writeApprovers: (text) => writeFileSync(approversFile, text),
    writeCandidate: async (text) => {
      writeFileSync(join(directory, CANDIDATE), text);
      if (parts.guard !== undefined) await untilCandidate(parts.guard.readLaw, sha256(text));
    },
    startWorkers,
    stopWorkers,
    stop: async () => {
      await stopWorkers();
      await connection.close();
      await client.connection.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function sessionOf(handle: WorkflowHandle): Session {
  const state = async (): Promise<SessionState> => (await handle.query('state')) as SessionState;
  const waiting = (count = 1): Promise<readonly ApprovalRequest[]> =>
    until(async () => {
      const found = (await state()).waiting;
      return found.length >= count ? found : undefined;
    });
  return {
    handle,
    workflowId: handle.workflowId,
    state,
    waiting,
    request: async () => {
      const request = (await waiting()).at(-1);
      if (request === undefined) throw new Error('no request waits');
      return request;
    },
    signal: (payload) => handle.signal('decideApproval', payload),
    update: (payload) => handle.executeUpdate('decideApproval', { args: [payload] }),
    result: async () => (await handle.result()) as SessionResult,
  };
}

/** Polls until `look` finds something; never decides anything by a timing but giving up. */
export async function until<T>(look: () => Promise<T | undefined>, limitMs = 30_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look().catch((error: unknown) => {
      if (Date.now() > end) throw error;
      return undefined;
    });
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`nothing was found within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** Why an update was refused, in the words of its failure. */
export async function refusal(update: Promise<unknown>): Promise<string> {
  try {
    await update;
  } catch (error) {
    const cause = (error as { cause?: { message?: string } }).cause;
    return cause?.message ?? String(error);
  }
  throw new Error('the update was not refused');
}

export function testAddress(): string {
  const address = process.env['COUNTERSIGN_TEST_ADDRESS'];
  if (address === undefined) throw new Error('no test server: run the tests with "npm test"');
  return address;
}

/** A candidate is parsed beside the decisions. */
async function untilCandidate(readLaw: ReadLaw, policySha: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const reading = await readLaw();
    if (reading.kind === 'law' && reading.law.candidate?.policySha === policySha) return;
    await pause(50);
  }
  throw new Error('the candidate was not read within 5 s');
}

function partsOf(options: HarnessOptions, taskQueue: string, policyFile: string, approversFile: string): RegistryParts {
  const { tools } = options;
  const candidateFile = options.candidate === undefined ? undefined : join(dirname(policyFile), CANDIDATE);
  const readLaw = createReadLaw({ policyFile, approversFile, tools, acceptDemoApprovers: false, candidateFile });
  return {
    tools,
    openSession: createOpenSession({
      readLaw,
      tools,
      taskQueue,
      defaultModel: 'test-model',
      heartbeatTimeoutMs: options.heartbeatMs ?? 2000,
      now: () => new Date(),
      searchAttributes: options.searchAttributes ?? true,
    }),
    ...(options.think === undefined ? {} : { think: options.think }),
    guard: {
      namespace: 'default',
      readLaw,
      // A test gives the ports its tools need.
      world: (options.world ?? {}) as WorldPorts,
      runWithinMs: 60_000,
      now: () => new Date(),
      monotonic: monotonicMs,
      ...options.guard,
    },
  };
}

/** The workflow bundle, made once by each test process and kept beside the test server's files, which the run removes. */
export async function testBundle(): Promise<{ readonly code: string }> {
  const file = join(process.env['COUNTERSIGN_TEST_FOLDER'] ?? tmpdir(), `bundle-${process.pid}.js`);
  if (!existsSync(file)) writeFileSync(file, (await bundleSession()).code);
  return { code: readFileSync(file, 'utf8') };
}

let isQuiet = false;
/** Silences the SDK; to be called before any worker. */
export function quiet(): void {
  if (isQuiet) return;
  isQuiet = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
}
