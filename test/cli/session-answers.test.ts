import { describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendVerdict } from '../../src/client/approvals.ts';
import { OPEN_POLICY } from '../support/bell.ts';
import { privateKeyPem } from '../../src/proof/key.ts';
import type { Harness } from '../support/harness.ts';
import { until, verdict } from '../support/harness.ts';
import { questionOf } from '../support/what-became.ts';
import { startCli } from './run-cli.ts';
import { argvOf, bell, cli, harness, key, listed, ring, useBellAtCli } from './bell-at-cli.ts';

useBellAtCli();

describe('answering at the command line', () => {
  test('S4: without a terminal an approval names the digest that was looked at', async () => {
    const session = await harness.start(ring('noon'));
    const { digest } = await session.request();
    await listed(session);
    const name = `${session.workflowId}/c1`;
    expect(await cli('approve', name, '--key', key)).toMatchObject({ code: 5, err: expect.stringContaining(digest) });
    expect(await cli('approve', name, '--key', key, '--digest', 'e'.repeat(64))).toMatchObject({ code: 5 });
    expect(bell.rung).toEqual([]);
    const ran = await cli('approve', name, '--key', key, '--digest', digest);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('the action is now: done') });
    expect(bell.rung).toEqual(['noon']);
    await session.result();
    expect(await cli('approve', name, '--key', key, '--digest', digest)).toMatchObject({ code: 3 });
    expect(bell.rung).toEqual(['noon']);
  });

  test('S7: an approval that ends unknown tells where the next question will be; the list tells what it asks', async () => {
    bell.perform = () => Promise.resolve({ kind: 'unknown', why: 'no answer' });
    const session = await harness.start(ring('fog'));
    const { digest } = await session.request();
    await listed(session);
    const name = `${session.workflowId}/c1`;
    const ran = await cli('approve', name, '--key', key, '--digest', digest);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining(`countersign happened ${name}-2 `) });
    await questionOf(session);
    expect((await cli('approvals')).out).toMatch(/c1-2 +ring_bell +did c1 happen\? fog$/m);
    expect(await cli('happened', `${name}-2`, '--key', key)).toMatchObject({ code: 0 });
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'unknown' }, { outcome: 'done' }] });
  });

  test('the list marks the question of a limit that is met', async () => {
    harness.writePolicy(`${OPEN_POLICY}limits: { actions: { ring_bell: { max: 1, atLimit: ask } } }\n`);
    const session = await harness.start(ring('first', 'second'));
    await session.request();
    await listed(session);
    expect((await cli('approvals')).out).toMatch(/ ring_bell +limit: second$/m);
    await session.handle.terminate();
  });

  test('S6: a denial reaches the session with its reason', async () => {
    const session = await harness.start(ring('night'));
    await session.request();
    await listed(session);
    const ran = await cli('deny', session.workflowId, '--key', key, '--reason', 'people sleep');
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('denied') });
    expect((await session.result()).text).toContain('people sleep');
  });

  test('sign prints the verdict to standard output and nothing else; any client can send it', async () => {
    const session = await harness.start(ring('pasted'));
    const { id, digest } = await session.request();
    await listed(session);
    const other = await cli('sign', id, 'approve', '--key', key, '--digest', 'e'.repeat(64));
    expect(other).toMatchObject({ code: 5, out: '' });
    const { code, out } = await cli('sign', id, 'approve', '--key', key, '--digest', digest);
    expect(code).toBe(0);
    expect(out).toMatch(/^\{\n {2}"requestId"/);
    await session.update(JSON.parse(out));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
  });

  test('S4: without a terminal sign, too, approves only the digest that was looked at; a denial needs none', async () => {
    const session = await harness.start(ring('unseen'));
    const { id, digest } = await session.request();
    const unseen = await cli('sign', id, 'approve', '--key', key);
    expect(unseen).toMatchObject({ code: 5, out: '', err: expect.stringContaining(`--digest ${digest}`) });
    expect(await cli('sign', id, 'deny', '--key', key)).toMatchObject({ code: 0 });
    await session.handle.terminate();
  });

  test.each<[string, string, number]>([
    ['y', 'approve', 0],
    ['Enter', '', 1],
    ['n', '', 1],
  ])(
    'S4: at a terminal sign shows the request and asks, beside the output that is redirected: %s',
    async (pressed, decision, exit) => {
      const session = await harness.start(ring('asked aside'));
      const { id, digest } = await session.request();
      const terminal = fakeTerminal();
      try {
        const { said, done } = startCli(argvOf('sign', id, 'approve', '--key', key));
        await until(() => Promise.resolve(said.err.includes('[y]es') ? true : undefined));
        expect(said.err).toContain(digest);
        terminal.press(pressed === 'Enter' ? '\r' : pressed);
        const { code, out } = await done;
        expect(code).toBe(exit);
        expect(out === '' ? '' : (JSON.parse(out) as { decision: string }).decision).toBe(decision);
      } finally {
        terminal.remove();
      }
      await session.handle.terminate();
    },
  );

  test('S5: a refusal of the guard is exit code 5 with its reason', async () => {
    const session = await harness.start(ring('fraud'));
    const { digest } = await session.request();
    await listed(session);
    const strange = join(harness.directory, 'stranger.pem');
    writeFileSync(strange, privateKeyPem(harness.stranger.privateKey), { mode: 0o600 });
    const ran = await cli('approve', session.workflowId, '--key', strange, '--as', 'alice', '--digest', digest);
    expect(ran).toMatchObject({ code: 5, err: expect.stringContaining('approver directory') });
    expect(bell.rung).toEqual([]);
    await session.handle.terminate();
  });

  test('a verdict whose answer was lost gets the first answer when it is sent again, not "received before"', async () => {
    const session = await harness.start(ring('lost'));
    const request = await session.request();
    const flaky = dropFirstAnswer(harness.client);
    const delivery = await sendVerdict(flaky, session.workflowId, verdict(request, 'approve', harness.alice));
    expect(delivery).toMatchObject({ kind: 'counted', receipt: { outcome: 'done' } });
    expect(bell.rung).toEqual(['lost']);
  });

  test('a session that is over is gone, one that does not answer in time is unanswered', async () => {
    const session = await harness.start(ring('slow'));
    const request = await session.request();
    const approval = verdict(request, 'approve', harness.alice);
    let go = (): void => undefined;
    bell.beforePrepare = () => new Promise((resolve) => (go = resolve));
    expect(await sendVerdict(harness.client, session.workflowId, approval, 500)).toEqual({ kind: 'unanswered' });
    go();
    await session.result();
    expect(await sendVerdict(harness.client, session.workflowId, approval)).toMatchObject({ kind: 'gone' });
    expect(bell.rung).toEqual(['slow']);
  });
});

/** A person at the keyboard who has redirected standard output. */
function fakeTerminal(): { press(key: string): void; remove(): void } {
  const { stdin, stderr } = process;
  const faked: readonly (readonly [object, string, unknown])[] = [
    [stdin, 'isTTY', true],
    [stderr, 'isTTY', true],
    [stdin, 'setRawMode', () => stdin],
    // What the tests themselves were started with may be at its end.
    [stdin, 'resume', () => stdin],
  ];
  const before = faked.map(([target, name]) => Object.getOwnPropertyDescriptor(target, name));
  for (const [target, name, value] of faked) Object.defineProperty(target, name, { value, configurable: true });
  return {
    press: (typed) => void stdin.emit('data', Buffer.from(typed)),
    remove: () => {
      for (const [position, [target, name]] of faked.entries()) {
        const own = before[position];
        if (own === undefined) Reflect.deleteProperty(target, name);
        else Object.defineProperty(target, name, own);
      }
    },
  };
}

/** The first update arrives and its answer is lost on the way back. */
function dropFirstAnswer(client: Harness['client']): Harness['client'] {
  let dropped = false;
  const workflow = Object.create(client.workflow) as typeof client.workflow;
  workflow.getHandle = ((id: string) => {
    const handle = client.workflow.getHandle(id);
    return Object.assign(Object.create(handle) as typeof handle, {
      executeUpdate: async (...args: Parameters<typeof handle.executeUpdate>) => {
        const answer: unknown = await handle.executeUpdate(...args);
        if (dropped) return answer;
        dropped = true;
        throw Object.assign(new Error('unavailable'), { code: 14, details: 'gone', metadata: {} });
      },
    });
  }) as typeof workflow.getHandle;
  return new Proxy(client, {
    get: (target, name) => (name === 'workflow' ? workflow : (Reflect.get(target, name) as unknown)),
  });
}
