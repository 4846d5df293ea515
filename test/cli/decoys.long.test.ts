/** Whoever may start sessions can start many: what waits must still be found, and a list that is cut must say so. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SearchAttributeType, TypedSearchAttributes, defineSearchAttributeKey } from '@temporalio/common';
import { waitingRequests } from '../../src/client/find-request.ts';
import { privateKeyPem } from '../../src/proof/key.ts';
import type { Bell } from '../support/bell.ts';
import { BELL_POLICY, createBell } from '../support/bell.ts';
import type { Harness, Session } from '../support/harness.ts';
import { startHarness, testAddress, until } from '../support/harness.ts';
import type { Ran } from './run-cli.ts';
import { runCli } from './run-cli.ts';

let bell: Bell;
let harness: Harness;
let key: string;
const decoys: string[] = [];

beforeAll(async () => {
  bell = createBell();
  harness = await startHarness({ policy: BELL_POLICY, tools: bell.tools });
  key = join(harness.directory, 'alice.pem');
  writeFileSync(key, privateKeyPem(harness.alice.privateKey), { mode: 0o600 });
});
afterAll(async () => {
  await sideBySide(decoys, (id) => harness.client.workflow.getHandle(id).terminate());
  // Other tests share the server, and list what runs.
  await until(async () => ((await running(`${harness.taskQueue}-decoy`)) === 0 ? true : undefined));
  await harness.stop();
});
beforeEach(() => {
  bell.rung.length = 0;
});

const cli = (...argv: readonly string[]): Promise<Ran> =>
  runCli(['--address', testAddress(), '--task-queue', harness.taskQueue, '--state', harness.directory, ...argv]);

async function sideBySide<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const left = [...all];
  const next = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: 20 }, next));
}

async function running(prefix: string): Promise<number> {
  const { count } = await harness.client.workflow.count(
    `ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH '${prefix}'`,
  );
  return count;
}

const WAITING = defineSearchAttributeKey('CountersignWaiting', SearchAttributeType.INT);

/** Sessions that nobody serves; `claims` are the requests each pretends to have. */
async function startDecoys(name: string, count: number, claims?: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, n) => `${harness.taskQueue}-decoy-${name}-${n}`);
  decoys.push(...ids);
  const typedSearchAttributes = new TypedSearchAttributes(
    claims === undefined ? [] : [{ key: WAITING, value: claims }],
  );
  await sideBySide(ids, (workflowId) =>
    harness.client.workflow.start('agentSession', {
      taskQueue: 'nobody-serves-this',
      workflowId,
      args: [{ goal: 'hide' }],
      typedSearchAttributes,
    }),
  );
  await until(async () => ((await running(`${harness.taskQueue}-decoy-${name}`)) === count ? true : undefined));
}

const ring = (text: string): Promise<Session> =>
  harness.start({ goal: 'ring', actions: [{ tool: 'ring_bell', input: { text } }] });

describe('five hundred decoys (S6, S13)', () => {
  test('hide no request: neither from the list, nor from its short name', async () => {
    const session = await ring('plain');
    const { digest } = await session.request();
    await startDecoys('plain', 510);
    const listed = await until(async () => {
      const ran = await cli('approvals', '--json');
      return ran.out.includes(session.workflowId) ? ran : undefined;
    });
    expect(listed.out).toContain(digest);
    const short = `${session.workflowId.slice('test-'.length)}/c1`;
    expect(await cli('deny', short, '--key', key)).toMatchObject({ code: 0 });
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
  }, 120_000);

  test('that claim to wait cut the list, which says so; the exact id of session, call or request still finds it', async () => {
    const session = await ring('claimed');
    const { id, digest } = await session.request();
    await startDecoys('claimed', 510, 3);
    const listed = await cli('approvals');
    expect(listed).toMatchObject({ code: 4, err: expect.stringContaining('the list is cut') });
    for (const name of [session.workflowId, `${session.workflowId}/c1`, id]) {
      const signed = await cli('sign', name, 'deny', '--key', key);
      expect(signed).toMatchObject({ code: 0, out: expect.stringContaining(digest) });
      const shown = await cli('show', name);
      expect(shown).toMatchObject({ code: 0, out: expect.stringContaining(digest) });
    }
    expect(await cli('approve', id, '--key', key, '--digest', digest)).toMatchObject({ code: 0 });
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    expect(bell.rung).toEqual(['claimed']);
  }, 120_000);

  test('a decoy that bears the name of a call does not answer for it', async () => {
    const session = await ring('named');
    const request = await session.request();
    await harness.client.workflow.start('agentSession', {
      taskQueue: harness.taskQueue,
      workflowId: 'c1',
      args: [{ goal: 'pose', actions: [{ tool: 'ring_bell', input: { text: 'other' } }] }],
    });
    decoys.push('c1');
    await until(async () => ((await waitingRequests(harness.client)).requests.length >= 2 ? true : undefined));
    expect(await cli('deny', 'c1', '--key', key)).toMatchObject({ code: 3, err: expect.stringContaining('fits') });
    expect((await session.state()).waiting).toMatchObject([{ id: request.id }]);
    await session.handle.terminate();
  });
});
