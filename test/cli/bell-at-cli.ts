/** Sessions that ring a bell, and the command line beside them: for the tests of one file. */
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionRow, LogRow } from '../../src/client/log-row.ts';
import { privateKeyPem } from '../../src/proof/key.ts';
import type { Bell } from '../support/bell.ts';
import { BELL_POLICY, createBell } from '../support/bell.ts';
import type { Harness, Session } from '../support/harness.ts';
import { startHarness, testAddress, until } from '../support/harness.ts';
import type { Ran } from './run-cli.ts';
import { runCli } from './run-cli.ts';

export let bell: Bell;
export let harness: Harness;
/** The file of alice’s private key. */
export let key: string;

/** One harness with its bell for the tests of a file. */
export function useBellAtCli(): void {
  beforeAll(async () => {
    bell = createBell();
    harness = await startHarness({ policy: BELL_POLICY, tools: bell.tools });
    key = join(harness.directory, 'alice.pem');
    writeFileSync(key, privateKeyPem(harness.alice.privateKey), { mode: 0o600 });
  });
  afterAll(() => harness.stop());
  beforeEach(() => {
    bell.rung.length = 0;
    bell.perform = undefined;
    bell.beforePrepare = undefined;
  });
}

export const argvOf = (...argv: readonly string[]): readonly string[] => [
  '--address',
  testAddress(),
  '--task-queue',
  harness.taskQueue,
  '--state',
  harness.directory,
  ...argv,
];
export const cli = (...argv: readonly string[]): Promise<Ran> => runCli(argvOf(...argv));

export const ring = (...texts: readonly string[]): Record<string, unknown> => ({
  goal: 'ring',
  actions: texts.map((text) => ({ tool: 'ring_bell', input: { text } })),
});

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
