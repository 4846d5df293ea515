/** What every command needs: where the server is, the state directory, a client that is closed again. */
import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import { ClientError } from '../client/client-error.ts';
import type { ServerAddress } from '../client/connect.ts';
import { reach } from '../client/connect.ts';
import type { SigningKey } from '../client/approvals.ts';
import { DEFAULT_TASK_QUEUE } from '../domain/role.ts';
import { parseApprovers } from '../policy/approvers.ts';
import { MAX_FILE_LENGTH } from '../policy/yaml-source.ts';
import { keyIdOf, publicKeyText } from '../proof/key.ts';
import { readSmallFileSync } from '../server/read-small-file.ts';
import { readRunFile } from '../server/run-file.ts';
import type { RunFile } from '../server/run-file.ts';
import { readPrivateKey } from '../client/private-key.ts';
import { line } from './terminal.ts';

export interface GlobalOptions {
  readonly address?: string;
  readonly namespace?: string;
  readonly taskQueue?: string;
  readonly state?: string;
  /** File of declared tools. */
  readonly tools?: string;
  readonly json?: boolean;
}

/** `.countersign` in the current folder unless said otherwise. */
export function stateDirectory({ state }: GlobalOptions): string {
  return resolve(state ?? process.env['COUNTERSIGN_STATE'] ?? '.countersign');
}

export function runFileOf(options: GlobalOptions): RunFile | undefined {
  return readRunFile(stateDirectory(options));
}

export function taskQueueOf({ taskQueue }: GlobalOptions): string {
  return taskQueue ?? process.env['COUNTERSIGN_TASK_QUEUE'] ?? DEFAULT_TASK_QUEUE;
}

/** The embedded instance of this folder, where it is the one that commands will talk to. */
export function instanceInUse(options: GlobalOptions): RunFile | undefined {
  return options.address === undefined && !isNamedByTemporal() ? runFileOf(options) : undefined;
}

function isNamedByTemporal(): boolean {
  return ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE'].some((name) => (process.env[name] ?? '') !== '');
}

/** `--address`, then TEMPORAL_ADDRESS (or a Temporal profile), then the embedded instance of this folder. */
export function serverOf(options: GlobalOptions): ServerAddress {
  const { address, namespace } = options;
  const instance = instanceInUse(options);
  if (instance !== undefined) return { kind: 'embedded', address: instance.address };
  if (address !== undefined || isNamedByTemporal()) return { kind: 'environment', address, namespace };
  throw new ClientError(
    'unreachable',
    'No Temporal server is known here: start one with "countersign up", or give --address or TEMPORAL_ADDRESS.',
  );
}

export async function withClient<T>(options: GlobalOptions, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await reach(serverOf(options));
  try {
    return await work(client);
  } finally {
    await client.connection.close();
  }
}

export interface KeyOptions {
  readonly key?: string;
  readonly as?: string;
}

/**
 * The key to sign with: `--key`, COUNTERSIGN_KEY, or the owner’s of this folder. Whose it is, the approver directory
 * says; without one here (an approver at another machine) `--as` or COUNTERSIGN_APPROVER does. The guard decides anyway.
 */
export function signingKey(options: GlobalOptions & KeyOptions): SigningKey {
  const run = runFileOf(options);
  const inState = (...path: readonly string[]): string => join(stateDirectory(options), ...path);
  const file = options.key ?? process.env['COUNTERSIGN_KEY'] ?? run?.keyFile ?? inState('keys', 'owner.pem');
  const privateKey = readPrivateKey(file);
  const publicText = publicKeyText(createPublicKey(privateKey));
  const named = process.env['COUNTERSIGN_APPROVERS'];
  const approversFile = named ?? run?.approversFile ?? inState('approvers.yaml');
  const mustExist = named !== undefined;
  const owner = mustExist || existsSync(approversFile) ? ownerOf(publicText, approversFile) : undefined;
  const wanted = options.as ?? process.env['COUNTERSIGN_APPROVER'];
  return { ...signerOf(owner, wanted, { file, approversFile, publicText }), privateKey };
}

type Signer = Pick<SigningKey, 'approver' | 'keyId'>;

function signerOf(
  owner: Signer | undefined,
  wanted: string | undefined,
  key: { readonly file: string; readonly approversFile: string; readonly publicText: string },
): Signer {
  if (owner !== undefined && wanted !== undefined && wanted !== owner.approver)
    throw new ClientError('refused', `The key ${key.file} is that of "${owner.approver}", not of "${wanted}".`);
  if (owner !== undefined) return owner;
  if (wanted !== undefined) return { approver: wanted, keyId: keyIdOf(key.publicText) };
  if (!existsSync(key.approversFile))
    throw new ClientError(
      'refused',
      `Whose key ${key.file} is, nothing here says: ${key.approversFile} is not there. Name your approver directory with COUNTERSIGN_APPROVERS, or say --as NAME.`,
    );
  throw new ClientError(
    'refused',
    `The key ${key.file} belongs to nobody in ${key.approversFile}: say whose it is with --as NAME, or add it to the directory.`,
  );
}

function ownerOf(publicText: string, file: string): Signer | undefined {
  const reading = parseApprovers(readText(file, 'the approver directory'));
  if (reading.kind === 'broken') throw new ClientError('refused', `${line(file)} is broken; see "countersign doctor".`);
  for (const [approver, { keys }] of reading.directory.people) {
    const found = keys.find(({ public: text }) => text === publicText);
    if (found !== undefined) return { approver, keyId: found.id };
  }
  return undefined;
}

/** A policy file or an approver directory. Refused: what is no small regular file of UTF-8. */
export function readText(file: string, what: string): string {
  const found = readSmallFileSync(file, MAX_FILE_LENGTH);
  if (found.kind === 'text') return found.text;
  if (!existsSync(file)) throw new ClientError('notFound', `Cannot read ${what}: ${line(file)}`);
  throw new ClientError('refused', `Cannot read ${what}: ${line(file)} ${found.why}.`);
}

/** Of any length; also from a pipe, for which it waits. */
export function readInput(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ClientError('notFound', `Cannot read ${what}: ${line(file)}`);
  }
}
