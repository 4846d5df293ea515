/** The client of other programs, on a real server: what it starts, shows, sends and refuses. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerTo } from '../../src/client/approvals.ts';
import type { Answer, CountersignClient } from '../../src/client/create-client.ts';
import { createClient } from '../../src/client/create-client.ts';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import { privateKeyPem } from '../../src/proof/key.ts';
import { bell, harness, useBellHarness } from '../support/bell-harness.ts';
import { testAddress, until } from '../support/harness.ts';

useBellHarness();

let client: CountersignClient;
let alice: Answer;
beforeAll(async () => {
  client = await createClient({ server: testAddress(), taskQueue: harness.taskQueue });
  alice = { approver: 'alice', keyFile: join(harness.directory, 'alice.pem') };
  writeFileSync(alice.keyFile, privateKeyPem(harness.alice.privateKey), { mode: 0o600 });
});
afterAll(() => client?.close());

const actions = [{ tool: 'ring_bell', input: { text: 'dong' } }];

async function asked(): Promise<{ readonly session: string; readonly request: ApprovalRequest }> {
  const session = await client.start({ goal: 'ring', actions });
  await until(async () => (await client.show(session)).state?.waiting[0]);
  return { session, request: await client.request(session) };
}

describe('a client', () => {
  test('starts a session, signs what it was shown, waits for the result, and reads the log', async () => {
    const { session, request } = await asked();
    expect((await client.approvals()).requests).toContainEqual(request);
    expect(await client.approve(request, { ...alice, reason: 'it is noon' })).toMatchObject({ kind: 'counted' });
    expect(await client.result(session)).toMatchObject({ end: 'completed', actions: [{ outcome: 'done' }] });
    expect(bell.rung).toEqual(['dong']);
    const kinds = (await client.log(session)).map(({ kind }) => kind);
    expect(kinds).toEqual(['session', 'opened', 'action', 'verdict', 'ended']);
    expect(await client.show(session)).toMatchObject({ status: 'completed', ending: { end: 'completed' } });
  });

  test('sends a verdict that was signed elsewhere', async () => {
    const { session, request } = await asked();
    const { approver, keyId, privateKey } = harness.bob;
    const verdict = answerTo(request, 'approve', { approver, keyId, privateKey });
    expect(await client.send(session, verdict)).toMatchObject({ kind: 'counted' });
    expect(bell.rung).toEqual(['dong']);
  });

  test('cancels: what waits is denied', async () => {
    const { session, request } = await asked();
    await client.cancel(session);
    expect(await client.result(session)).toMatchObject({ end: 'cancelled' });
    expect(await client.approve(request, alice)).toMatchObject({ kind: expect.stringMatching(/^(gone|refused)$/) });
    expect(bell.rung).toEqual([]);
  });

  test('lists sessions, newest first', async () => {
    const session = await client.start({
      goal: 'nothing to ring',
      actions: [{ tool: 'hear_bell', input: { text: 'x' } }],
    });
    await client.result(session);
    const found = await until(async () => (await client.sessions()).find(({ workflowId }) => workflowId === session));
    expect(found.startedAt).toMatch(/Z$/);
  });
});

describe('refused in words', () => {
  test('a session that cannot be one', async () => {
    await expect(client.start({ goal: ' ' })).rejects.toMatchObject({ kind: 'usage', message: expect.any(String) });
  });

  test('a session or a request that is not there', async () => {
    await expect(client.show('no-such-session')).rejects.toMatchObject({ kind: 'notFound' });
    await expect(client.request('no-such-session/c1')).rejects.toMatchObject({ kind: 'notFound' });
  });

  test('a key that others may read, and one that is missing: nothing is sent', async () => {
    const { session, request } = await asked();
    chmodSync(alice.keyFile, 0o644);
    await expect(client.approve(request, alice)).rejects.toMatchObject({ kind: 'refused' });
    chmodSync(alice.keyFile, 0o600);
    const missing = { ...alice, keyFile: join(harness.directory, 'none.pem') };
    await expect(client.approve(request, missing)).rejects.toMatchObject({ kind: 'notFound' });
    expect((await client.show(session)).state?.waiting).toEqual([request]);
    await client.cancel(session);
    await client.result(session);
  });

  test('the result of a session that was terminated', async () => {
    const { session } = await asked();
    await harness.client.workflow.getHandle(session).terminate('by hand');
    await expect(client.result(session)).rejects.toMatchObject({ kind: 'refused' });
  });
});
