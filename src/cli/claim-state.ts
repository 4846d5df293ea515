/** A state directory has one instance at a time: claimed before anything is started, swept of what a crash left. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError } from '../client/client-error.ts';
import { isAlive, stopAll } from '../server/children.ts';
import { withLock } from '../server/process-lock.ts';
import { startOf } from '../server/process-start.ts';
import type { RunFile } from '../server/run-file.ts';
import { readLedger, writeRunFile } from '../server/run-file.ts';

/** Refused while another start owns `state`. The run file then names this process, and as yet no address. */
export async function claimState(state: string, report: (line: string) => void): Promise<RunFile> {
  makeDirectory(state);
  const onWait = (): void => report(`Another start is at work in ${state}; waiting for it …`);
  return withLock(join(state, 'start.lock'), onWait, async () => {
    await sweep(state, report);
    const owner = { name: 'countersign', pid: process.pid, start: startOf(process.pid) ?? '' };
    const places = { address: '', uiUrl: '', mailUrl: '', model: '', keyFile: '', approversFile: '' };
    const run: RunFile = { ...places, owner, processes: [] };
    writeRunFile(state, run);
    return run;
  });
}

async function sweep(state: string, report: (line: string) => void): Promise<void> {
  const { owner, processes } = readLedger(state);
  if (isAlive(owner)) {
    throw new ClientError(
      'refused',
      `An instance is already running in ${state} (process ${owner.pid}): end it with Ctrl-C there, or use it from here.`,
    );
  }
  const left = processes.filter(isAlive);
  if (left.length > 0) report(`Ending what an earlier start left behind: ${left.map(({ name }) => name).join(', ')}`);
  await stopAll(left);
}

function makeDirectory(state: string): void {
  try {
    mkdirSync(state, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ClientError('refused', `The state folder cannot be made (${why}): name another with --state.`);
  }
}
