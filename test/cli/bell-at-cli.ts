/** Sessions that ring a bell, and the command line beside them: for the tests of one file. */
import { expect } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionRow, LogRow } from '../../src/client/log-row.ts';
import { privateKeyPem } from '../../src/proof/key.ts';
import { BELL_POLICY } from '../support/bell.ts';
import { harness, useBellHarness } from '../support/bell-harness.ts';
import type { Session } from '../support/harness.ts';
import { until } from '../support/harness.ts';
import type { Ran } from './run-cli.ts';
import { argvAt, runCli } from './run-cli.ts';

export { bell, harness, ringing as ring } from '../support/bell-harness.ts';

/** The file of alice’s private key. */
export let key: string;

/** One harness with its bell for the tests of a file. */
export function useBellAtCli(): void {
  useBellHarness(BELL_POLICY, () => {
    key = join(harness.directory, 'alice.pem');
    writeFileSync(key, privateKeyPem(harness.alice.privateKey), { mode: 0o600 });
  });
}

export const argvOf = (...argv: readonly string[]): readonly string[] => argvAt(harness, ...argv);
export const cli = (...argv: readonly string[]): Promise<Ran> => runCli(argvOf(...argv));

/** The log as its readers get it. */
export async function log(session: Session): Promise<readonly LogRow[]> {
  const { code, out } = await cli('log', session.workflowId, '--json');
  expect(code).toBe(0);
  return JSON.parse(out) as readonly LogRow[];
}
export const actions = (rows: readonly LogRow[]): readonly ActionRow[] => rows.filter((row) => row.kind === 'action');

/** Waits until visibility has caught up with a session. */
export const listed = (session: Session): Promise<true> =>
  until(async () => ((await cli('sessions', '--json')).out.includes(session.workflowId) ? true : undefined));
