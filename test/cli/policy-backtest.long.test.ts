/** `policy backtest` of files; of a real server: test/e2e/backtest.test.ts. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decideHistory } from '../../src/cli/policy/decide-history.ts';
import { describeBacktest } from '../../src/cli/policy/describe-backtest.ts';
import { exportedEvents } from '../../src/client/exported-history.ts';
import type { RecordedAction } from '../../src/client/recorded-actions.ts';
import { recordedActions } from '../../src/client/recorded-actions.ts';
import { NOTHING_SPENT } from '../../src/domain/standing.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { actionKey } from '../../src/proof/digest.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import { tools } from '../../src/tools/index.ts';
import { STORIES } from '../histories/stories.ts';
import { BELL_POLICY, OPEN_POLICY, createBell } from '../support/bell.ts';
import type { PolicyFolder } from './policy-files.ts';
import { STACK, policyText, sharedPolicyFolder } from './policy-files.ts';

const HISTORIES = join(__dirname, '..', 'histories', '0.1.0');
const bells = createBell().tools;

const files = sharedPolicyFolder();

function load(text: string, known: readonly Tool[] = bells): Policy {
  const reading = parsePolicy(text, known);
  if (reading.kind === 'broken') throw new Error(JSON.stringify(reading.problems));
  return reading.policy;
}

async function recorded(...names: readonly string[]): Promise<readonly RecordedAction[]> {
  const all = await Promise.all(
    names.map((name) => exportedEvents(readFileSync(join(HISTORIES, `${name}.json`), 'utf8'))),
  );
  return all.flatMap((events, index) => recordedActions(events ?? [], names[index] ?? ''));
}

describe('histories of release 0.1.0, decided again', () => {
  const under = (policy: string | undefined): readonly string[] =>
    readdirSync(HISTORIES)
      .map((file) => file.replace('.json', ''))
      .filter((name) => STORIES.find((story) => story.name === name)?.policy === policy);
  const names = under(undefined);

  test('by their own policy: no decision changes', async () => {
    const actions = await recorded(...names);
    const result = decideHistory(load(BELL_POLICY), { sessions: names.length, actions }, bells);
    expect(result.changes).toEqual([]);
    expect(result.same).toBeGreaterThan(8);
    expect(result.undecidable).toEqual({
      'the session itself denied it and never gave it to the guard': expect.any(Number),
    });
  });

  test.each(STORIES.flatMap(({ policy }) => policy ?? []))('by another of their own: %j', async (policy) => {
    const own = under(policy);
    const actions = await recorded(...own);
    const result = decideHistory(load(policy), { sessions: own.length, actions }, bells);
    expect(result.changes).toEqual([]);
    expect(result.same).toBeGreaterThan(2);
  });

  test('by one that allows ringing: what people had approved and denied is counted', async () => {
    const actions = await recorded('approved-by-signal', 'denied-by-a-person', 'allowed');
    const result = decideHistory(load(OPEN_POLICY), { sessions: 3, actions }, bells);
    expect(result).toMatchObject({ actions: 4, same: 1, approvedByPerson: 2, deniedByPerson: 1, undecidable: {} });
    expect(result.counts).toEqual({ looser: 3, tighter: 0, other: 0 });
    expect(result.changes.map(({ was, wouldBe, person }) => [was.kind, wouldBe.kind, person?.kind])).toEqual([
      ['ask', 'allow', 'approved'],
      ['ask', 'allow', 'approved'],
      ['ask', 'allow', 'denied'],
    ]);
    const none = BELL_POLICY.replace(/rules:[^]*/, 'rules: []\n');
    const closed = decideHistory(load(none), { sessions: 3, actions }, bells);
    expect(new Set(closed.changes.map(({ direction }) => direction))).toEqual(new Set(['tighter']));
    expect(describeBacktest(result)).toMatch(
      /\nLOOSER +\S.*\nof the changes: 3 looser; 2 had been approved by a person, 1 denied$/s,
    );
  });

  test('a limit on the same action is counted from the history where the session did not count it', async () => {
    const [once] = await recorded('approved-by-signal');
    if (once === undefined) throw new Error('nothing is recorded');
    const policy = load(`${BELL_POLICY}limits: { sameAction: { ring_bell: 1 } }\n`);
    const again = { ...once, callId: 'c2' };
    const elsewhere = { ...once, session: 'another' };
    const result = decideHistory(policy, { sessions: 2, actions: [once, again, elsewhere] }, bells);
    expect(result.changes).toMatchObject([
      { callId: 'c2', wouldBe: { kind: 'deny', why: expect.stringContaining('sameAction') } },
    ]);
    const denied = decideHistory(policy, { sessions: 1, actions: [{ ...once, outcome: 'denied' }, again] }, bells);
    expect(denied.changes).toEqual([]);
  });

  test('a tool that is gone is said to be so', async () => {
    const actions = await recorded('allowed');
    expect(decideHistory(load(policyText(), tools), { sessions: 1, actions }, tools)).toMatchObject({
      same: 0,
      changes: [],
      undecidable: { 'there is no tool "hear_bell" here': 1 },
    });
  });
});

describe('what the session’s own story adds counts for the candidate as well', () => {
  const key = actionKey('ring_bell', { text: 'noon' });
  const action = (standing: object, more: object = {}): RecordedAction => ({
    session: 's',
    at: '2026-11-25T06:00:00Z',
    callId: 'c1',
    tool: 'ring_bell',
    input: { text: 'noon' },
    facts: {
      kind: 'facts',
      profile: 'ringer',
      standing: { ...NOTHING_SPENT, ...standing },
      afterReset: false,
      retryOf: null,
      ...more,
    },
    decided: { kind: 'ask', rule: 'ringing', why: '' },
    policySha: null,
    candidate: null,
    answer: null,
    outcome: 'done',
    text: '',
  });
  const wouldBe = (recordedAction: RecordedAction): unknown =>
    decideHistory(load(OPEN_POLICY), { sessions: 1, actions: [recordedAction] }, bells).changes[0]?.wouldBe.kind ??
    'ask';

  test.each<[string, RecordedAction, string]>([
    ['nothing: it is allowed', action({}), 'allow'],
    ['denied by a person before: it stays denied', action({ denied: [key] }), 'deny'],
    ['its outcome was unknown: it is asked', action({ unknown: [key] }), 'ask'],
    ['one of the tool was unknown without a key: it is asked', action({ unknownTools: ['ring_bell'] }), 'ask'],
    ['after a reset: it is asked', action({}, { afterReset: true }), 'ask'],
  ])('%s', (_, recordedAction, kind) => {
    expect(wouldBe(recordedAction)).toBe(kind);
  });

  test('arguments that are none any more are denied, and a profile that is gone too', () => {
    expect(wouldBe({ ...action({}), input: { text: 7 } })).toBe('deny');
    expect(wouldBe(action({}, { profile: 'gone' }))).toBe('deny');
  });
});

describe('the command', () => {
  const backtest = (...argv: readonly string[]): ReturnType<PolicyFolder['policy']> =>
    files.policy('backtest', files.write('candidate.yaml', policyText()), ...argv);

  test('tells what it cannot decide', async () => {
    const { code, out } = await backtest(
      '--history',
      join(HISTORIES, 'allowed.json'),
      join(HISTORIES, 'cancelled.json'),
    );
    expect(code).toBe(0);
    expect(out).toBe(
      '3 actions of 2 sessions decided again: 0 the same, 0 change, 3 cannot be decided (1: there is no tool "hear_bell" here; 2: there is no tool "ring_bell" here)\n',
    );
  });

  test.each<[number, string, readonly string[], string]>([
    [3, 'a history that is not there', ['--history', '/nonexistent.json'], 'Cannot read the exported history'],
    [2, 'a file that is no history', ['--history', __filename], 'is not an exported history'],
    [2, 'both sources', ['--history', 'x', '--sessions', 'y'], 'one of the two'],
    [2, 'a limit that is none', ['--limit', 'many'], '--limit'],
    [2, 'a limit of nothing', ['--limit', '0'], '--limit'],
    [4, 'no server', [], 'No Temporal server is known'],
  ])('%d for %s', async (code, _, argv, words) => {
    const ran = await backtest(...argv);
    expect(ran).toMatchObject({ code, out: '', err: expect.stringContaining(words) });
    expect(ran.err).not.toMatch(STACK);
  });

  test('a server that does not answer', async () => {
    const candidate = files.write('candidate.yaml', policyText());
    const ran = await files.policy('backtest', candidate, '--address', '127.0.0.1:1');
    expect(ran).toMatchObject({ code: 4, out: '', err: expect.stringContaining('Nobody answers') });
  }, 30_000);

  test('a candidate that is missing or broken', async () => {
    expect(await files.policy('backtest', '/nonexistent')).toMatchObject({ code: 3 });
    expect(await files.policy('backtest', files.write('b.yaml', '['))).toMatchObject({ code: 5, out: '' });
  });
});
