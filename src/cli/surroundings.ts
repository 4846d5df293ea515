/** What every command needs: where the server is, the state directory, a client that is closed again. */
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import { ClientError } from '../client/client-error.ts';
import { connect } from '../client/connect.ts';
import type { SigningKey } from '../client/approvals.ts';
import { DEFAULT_TASK_QUEUE } from '../domain/role.ts';
import { parseApprovers } from '../policy/approvers.ts';
import { privateKeyOf, publicKeyText } from '../proof/key.ts';
import { createPublicKey } from 'node:crypto';
import { readRunFile } from '../server/run-file.ts';
import type { RunFile } from '../server/run-file.ts';

export interface GlobalOptions {
  readonly address?: string;
  readonly namespace?: string;
  readonly taskQueue?: string;
  readonly state?: string;
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

/** `--address`, then TEMPORAL_ADDRESS (or a Temporal profile), then the embedded instance of this folder. */
export async function withClient<T>(options: GlobalOptions, work: (client: Client) => Promise<T>): Promise<T> {
  const standard = process.env['TEMPORAL_ADDRESS'] !== undefined || process.env['TEMPORAL_PROFILE'] !== undefined;
  const address = options.address ?? (standard ? undefined : runFileOf(options)?.address);
  if (address === undefined && !standard) {
    throw new ClientError(
      'unreachable',
      'No Temporal server is known here: start one with "countersign up", or give --address or TEMPORAL_ADDRESS.',
    );
  }
  let client: Client;
  try {
    client = await connect({ address, namespace: options.namespace });
  } catch {
    throw new ClientError(
      'unreachable',
      `Nobody answers at ${address ?? process.env['TEMPORAL_ADDRESS'] ?? 'the address of the profile'}: is it up? ("countersign up" starts an embedded one.)`,
    );
  }
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

/** The key to sign with: `--key`, COUNTERSIGN_KEY, or the owner’s of this folder; refused if others may read it. */
export function signingKey(options: GlobalOptions & KeyOptions): SigningKey {
  const directory = stateDirectory(options);
  const run = runFileOf(options);
  const file = options.key ?? process.env['COUNTERSIGN_KEY'] ?? run?.keyFile ?? join(directory, 'keys', 'owner.pem');
  const privateKey = privateKeyOf(readPrivate(file));
  const publicText = publicKeyText(createPublicKey(privateKey));
  const approversFile = process.env['COUNTERSIGN_APPROVERS'] ?? run?.approversFile ?? join(directory, 'approvers.yaml');
  const reading = parseApprovers(readText(approversFile, 'the approver directory'));
  if (reading.kind === 'broken')
    throw new ClientError('refused', `${approversFile} is broken; see "countersign doctor".`);
  for (const [approver, { keys }] of reading.directory.people) {
    const found = keys.find(({ public: text }) => text === publicText);
    if (found !== undefined && (options.as ?? approver) === approver) return { approver, keyId: found.id, privateKey };
  }
  throw new ClientError(
    'refused',
    `The key ${file} belongs to nobody in ${approversFile}${options.as === undefined ? '' : ` by the name "${options.as}"`}.`,
  );
}

function readPrivate(file: string): string {
  const text = readText(file, 'the key');
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new ClientError(
      'refused',
      `${file} can be read by others: run "chmod 600 ${file}" first, and replace the key if it may have been seen.`,
    );
  }
  return text;
}

export function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ClientError('notFound', `Cannot read ${what}: ${file}`);
  }
}
