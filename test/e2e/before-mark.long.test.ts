/** A tool that breaks off before anything was begun: a definite failure, told in our own words (S7, S10). */
import { describe, expect, test } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { tellStory } from '../../src/client/session-log.ts';
import { sessionEvents } from '../../src/client/sessions.ts';
import { BELL_POLICY, OPEN_POLICY } from '../support/bell.ts';
import { bell, harness, ringing, useBellHarness } from '../support/bell-harness.ts';
import type { Session } from '../support/harness.ts';
import { until, verdict } from '../support/harness.ts';

useBellHarness(OPEN_POLICY);

const ring = (text: string): Promise<Session> => harness.start(ringing(text));

const SECRET = 'planted-in-an-error-4f1d';
function breakOff(): Promise<never> {
  return Promise.reject(
    Object.assign(new TypeError(`${SECRET}: cannot open /home/agent/keys/mail.pem`), { code: 'EACCES' }),
  );
}

/** The history as an auditor gets it, payloads decoded. */
async function everything(session: Session): Promise<string> {
  const json = historyToJSON(await session.handle.fetchHistory());
  return json + json.replaceAll(/[A-Za-z0-9+/=]{16,}/g, (text) => Buffer.from(text, 'base64').toString('latin1'));
}

describe('a tool that breaks off while it prepares', () => {
  test('S7: ends as failed once its attempts are over: nothing was done, and nothing is in doubt', async () => {
    let tries = 0;
    bell.beforePrepare = () => {
      tries += 1;
      return breakOff();
    };
    const session = await ring('x');
    const result = await session.result();
    expect(result).toMatchObject({
      actions: [{ outcome: 'failed' }],
      text: expect.stringContaining('Nothing was done'),
    });
    expect(result.text).toContain('EACCES');
    expect(tries).toBeGreaterThan(1);
    expect(bell.rung).toEqual([]);
    const [row] = tellStory(await sessionEvents(harness.client, session.handle)).filter(
      ({ kind }) => kind === 'action',
    );
    expect(row).toMatchObject({ outcome: 'failed' });
  });

  test('S10: neither its message, nor a stack, nor a path of the machine enters the history', async () => {
    bell.beforePrepare = async () => {
      bell.beforePrepare = undefined;
      return breakOff();
    };
    const session = await ring('once broken');
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    bell.beforePrepare = breakOff;
    const failing = await ring('always broken');
    expect(await failing.result()).toMatchObject({ actions: [{ outcome: 'failed' }] });
    for (const told of [await everything(session), await everything(failing)]) {
      expect(told).not.toContain(SECRET);
      expect(told).not.toContain('/home/agent');
      expect(told).not.toContain(process.cwd());
      expect(told).not.toMatch(/\n? +at .+\.ts:/);
    }
  });

  test('S6: while an approved action is prepared again: the approval is not lost, the action is done once it can be', async () => {
    harness.writePolicy(BELL_POLICY);
    const session = await ring('later');
    const request = await session.request();
    let tries = 0;
    bell.beforePrepare = () => {
      tries += 1;
      return tries < 3 ? breakOff() : Promise.resolve();
    };
    await session.signal(verdict(request, 'approve', harness.alice));
    expect(await session.result()).toMatchObject({ actions: [{ outcome: 'done' }] });
    expect(await until(() => Promise.resolve(bell.rung))).toEqual(['later']);
  });
});
