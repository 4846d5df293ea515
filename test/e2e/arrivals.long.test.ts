import { describe, expect, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { describeStory } from '../../src/cli/show-log.ts';
import { tellStory } from '../../src/client/session-log.ts';
import { sessionEvents } from '../../src/client/sessions.ts';
import { bell, harness, useBellHarness, waitingSession } from '../support/bell-harness.ts';
import type { Session } from '../support/harness.ts';
import { refusal, until, verdict } from '../support/harness.ts';

useBellHarness();

/** A signal whose payload no converter of ours made. */
async function rawSignal(session: Session, payload: Payload, signalName = 'decideApproval'): Promise<void> {
  await harness.client.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: session.workflowId },
    signalName,
    input: { payloads: [payload] },
  });
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('whatever arrives (S13)', () => {
  test('signals that cannot be decoded do not wedge the session: the good verdict after them counts', async () => {
    const session = await waitingSession();
    const request = await session.request();
    await rawSignal(session, { metadata: { encoding: bytes('binary/encrypted') }, data: bytes('secret') });
    await rawSignal(session, { metadata: { encoding: bytes('json/plain') }, data: bytes('{ not json') });
    await rawSignal(session, { metadata: {}, data: bytes('x') });
    await rawSignal(session, { metadata: { encoding: bytes('no/such') }, data: bytes('') });
    await rawSignal(session, defaultPayloadConverter.toPayload({}), 'noSuchSignal');
    expect((await session.state()).waiting).toHaveLength(1);
    await session.update(verdict(request, 'approve', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
  });

  test.each<[string, string, Uint8Array]>([
    ['bytes', 'binary/plain', Buffer.alloc(1_900_000, 7)],
    ['a long list', 'json/plain', bytes(`{"requestId":"x","digest":"y","pad":[${'1,'.repeat(900_000)}1]}`)],
    ['deep lists', 'json/plain', bytes(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
  ])(
    'eighteen signals of up to two megabytes each (%s) do not wedge the session',
    async (_, encoding, data) => {
      const session = await waitingSession();
      const request = await session.request();
      await Promise.all(
        Array.from({ length: 18 }, () => rawSignal(session, { metadata: { encoding: bytes(encoding) }, data })),
      );
      await until(async () => ((await session.state()).refused.length >= 18 ? true : undefined));
      await session.update(verdict(request, 'approve', harness.alice));
      expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
      // S9: nor does what was sent keep the log from being told.
      const rows = tellStory(await sessionEvents(harness.client, session.handle));
      expect(describeStory(rows)).toContain('outcome: done');
    },
    120_000,
  );

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['true', true],
    ['a string', 'approve'],
    ['a list', []],
    ['an empty object', {}],
    ['no digest', { requestId: 'x' }],
    ['numbers for names', { requestId: 1, digest: 2 }],
    ['prototype keys', JSON.parse('{"__proto__":{"requestId":"x","digest":"y"}}')],
    ['8 KB', { requestId: 'x', digest: 'y', reason: 'z'.repeat(8000) }],
    ['a truthy approval', { approved: 'true' }],
  ])('%s is a recorded refusal', async (_, payload) => {
    const session = await waitingSession();
    const request = await session.request();
    await session.signal(payload);
    expect(await refusal(session.update(payload))).not.toBe('');
    expect((await session.state()).refused.length).toBeGreaterThanOrEqual(2);
    await session.update(verdict(request, 'deny', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'denied' }] });
    expect(bell.rung).toEqual([]);
  });

  test('S4: a request id of another session is unknown here', async () => {
    const [one, other] = [await waitingSession(), await waitingSession()];
    const foreign = await other.request();
    await one.request();
    expect(await refusal(one.update(verdict(foreign, 'approve', harness.alice)))).toContain('has no request');
    for (const session of [one, other]) {
      await session.update(verdict(await session.request(), 'deny', harness.alice));
      await session.result();
    }
    expect(bell.rung).toEqual([]);
  });

  test('a hundred forged verdicts are answered and the honest one still counts', async () => {
    const session = await waitingSession();
    const request = await session.request();
    const forged = Array.from({ length: 100 }, (_, n) =>
      session.signal(verdict(request, 'approve', harness.stranger, { reason: `try ${n}` })),
    );
    await Promise.all(forged);
    await session.signal(verdict(request, 'approve', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    expect(bell.rung).toEqual(['dong']);
  });

  test.each<[string, unknown[]]>([
    ['no input', []],
    ['no goal', [{}]],
    ['an unknown key', [{ goal: 'x', polcy: 'mine' }]],
    ['a goal that is no text', [{ goal: 7 }]],
    ['actions that are none', [{ goal: 'x', actions: [{ tool: 1 }] }]],
    ['seventeen actions', [{ goal: 'x', actions: Array(17).fill({ tool: 'ring_bell', input: {} }) }]],
  ])('a session started with %s fails with words that say what to do', async (_, args) => {
    const handle = await harness.client.workflow.start('agentSession', {
      taskQueue: harness.taskQueue,
      workflowId: `${harness.taskQueue}-bad-${Math.random().toString(36).slice(2)}`,
      args,
    });
    await expect(handle.result()).rejects.toMatchObject({
      cause: { type: 'InvalidSessionInput', message: expect.stringContaining('goal') },
    });
  });

  test.each([
    ['hidden', 'Startable: ringer, listener'],
    ['no-such', 'Startable: ringer, listener'],
  ])('S2: a session cannot start with the profile %s', async (profile, words) => {
    const session = await harness.start({ goal: 'x', profile });
    await expect(session.handle.result()).rejects.toMatchObject({ cause: { message: expect.stringContaining(words) } });
  });

  test('S2: a tool that the profile does not grant, one that nobody has and invalid arguments are denied', async () => {
    const session = await harness.start({
      goal: 'x',
      profile: 'listener',
      actions: [
        { tool: 'ring_bell', input: { text: 'x' } },
        { tool: '__proto__', input: {} },
        { tool: 'openSession', input: {} },
        { tool: 'hear_bell', input: { text: 7 } },
        { tool: 'hear_bell', input: { text: 'a', extra: 1 } },
        { tool: 'hear_bell', input: { text: 'fine' } },
      ],
    });
    const { actions } = await session.result();
    expect(actions.map(({ outcome }) => outcome)).toEqual(['denied', 'denied', 'denied', 'denied', 'denied', 'done']);
    expect(bell.rung).toEqual([]);
  });
});
