import { describe, expect, test } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { exportedEvents } from '../../src/client/exported-history.ts';
import type { RecordedAction } from '../../src/client/recorded-actions.ts';
import { distinctActions, recordedActions } from '../../src/client/recorded-actions.ts';

const FOLDER = join(__dirname, '..', 'histories', '0.1.0');

async function actionsOf(name: string): Promise<readonly RecordedAction[]> {
  const events = await exportedEvents(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
  return recordedActions(events ?? [], 'no name');
}

const brief = (actions: readonly RecordedAction[]): unknown =>
  actions.map(({ callId, tool, decided, answer, outcome }) => [
    callId,
    tool,
    decided === null ? null : [decided.kind, decided.rule],
    answer === null ? null : 'approver' in answer ? `${answer.kind} by ${answer.approver}` : answer.kind,
    outcome,
  ]);

describe('actions of sessions of release 0.1.0', () => {
  test.each<[string, unknown]>([
    ['allowed', [['c1', 'hear_bell', ['allow', 'hearing'], null, 'done']]],
    ['approved-by-signal', [['c1', 'ring_bell', ['ask', 'ringing'], 'approved by alice', 'done']]],
    ['approved-by-update', [['c1', 'ring_bell', ['ask', 'ringing'], 'approved by alice', 'done']]],
    [
      'denied-by-a-person',
      [
        ['c1', 'ring_bell', ['ask', 'ringing'], 'approved by alice', 'done'],
        ['c2', 'ring_bell', ['ask', 'ringing'], 'denied by bob', 'denied'],
      ],
    ],
    [
      'cancelled',
      [
        ['c1', 'ring_bell', ['ask', 'ringing'], 'unanswered', 'denied'],
        ['c2', 'ring_bell', ['ask', 'ringing'], 'unanswered', 'denied'],
      ],
    ],
    ['denied-by-policy', [['c1', 'ring_bell', null, null, 'denied']]],
    [
      'thought',
      [
        ['c1', 'hear_bell', ['allow', 'hearing'], null, 'done'],
        ['c2', 'hear_bell', ['allow', 'hearing'], null, 'done'],
        ['c3', 'ring_bell', ['ask', 'ringing'], 'approved by alice', 'done'],
      ],
    ],
  ])('%s', async (name, expected) => {
    expect(brief(await actionsOf(name))).toEqual(expected);
  });

  test('the facts are those of the first pass; "same" was not counted then', async () => {
    const [action] = await actionsOf('approved-by-signal');
    expect(action).toMatchObject({
      session: expect.stringMatching(/^test-/),
      input: { text: 'noon' },
      facts: {
        kind: 'facts',
        profile: 'ringer',
        afterReset: false,
        standing: { actions: {}, same: null, labels: [], denied: [] },
      },
      policySha: expect.stringMatching(/^[0-9a-f]{64}$/),
      candidate: null,
    });
  });

  test('what the session itself denied has no facts', async () => {
    const [action] = await actionsOf('denied-by-policy');
    expect(action?.facts).toEqual({ kind: 'none', why: expect.stringContaining('never gave it to the guard') });
  });

  test('all of them can be read', async () => {
    for (const file of readdirSync(FOLDER)) {
      const actions = await actionsOf(file.replace('.json', ''));
      expect(actions.length).toBeGreaterThan(0);
    }
  });
});

describe('a history that was reset', () => {
  const payload = (value: unknown): unknown => ({ payloads: [value] });
  const standing = { actions: {}, sums: {}, unknown: [], unknownTools: [], denied: [], grants: [], labels: [] };
  const event = (eventId: number, attributes: object): object => ({
    eventId: String(eventId),
    eventTime: `2026-11-25T06:40:${String(eventId).padStart(2, '0')}Z`,
    ...attributes,
  });
  const scheduled = (eventId: number, callId: string): object =>
    event(eventId, {
      activityTaskScheduledEventAttributes: {
        activityId: callId,
        activityType: { name: 'read_file' },
        input: payload({ callId, input: { path: 'notes/a.md' }, profile: 'assistant', standing }),
      },
    });
  const started = event(1, {
    workflowExecutionStartedEventAttributes: { workflowId: 's-1', input: payload({ goal: 'g' }) },
  });
  const reset = event(3, {
    workflowTaskFailedEventAttributes: {
      newRunId: 'r2',
      baseRunId: 'r1',
      cause: 'WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW',
    },
  });

  test('actions after it are known as such, and what was copied is told once', async () => {
    const events = await exportedEvents(
      JSON.stringify({ events: [started, scheduled(2, 'c1'), reset, scheduled(4, 'c2')] }),
    );
    const actions = recordedActions(events ?? [], 'x');
    expect(actions.map(({ facts }) => facts.kind === 'facts' && facts.afterReset)).toEqual([false, true]);
    const before = await exportedEvents(JSON.stringify({ events: [started, scheduled(2, 'c1')] }));
    const all = [...actions, ...recordedActions(before ?? [], 'x')];
    expect(all).toHaveLength(3);
    expect(distinctActions(all).map(({ callId }) => callId)).toEqual(['c1', 'c2']);
  });

  test('facts that cannot be read are said to be so', async () => {
    const broken = event(2, {
      activityTaskScheduledEventAttributes: {
        activityId: 'c1',
        activityType: { name: 'read_file' },
        input: payload({ callId: 'c1', input: {}, profile: 'assistant', standing: { actions: { x: -1 } } }),
      },
    });
    const events = await exportedEvents(JSON.stringify([started, broken]));
    expect(recordedActions(events ?? [], 'x')[0]?.facts).toEqual({
      kind: 'none',
      why: 'what the guard was given cannot be read',
    });
  });
});

describe('exported files', () => {
  test('payloads that the Temporal UI decoded, and a bare list of events, are read as well', async () => {
    const text = readFileSync(join(FOLDER, 'approved-by-signal.json'), 'utf8');
    const decoded = JSON.parse(text, (key: string, value: unknown) =>
      key === 'payloads' && Array.isArray(value)
        ? value.map(({ data }: { data?: string }) =>
            data === undefined ? null : (JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as unknown),
          )
        : value,
    ) as { events: unknown[] };
    const plain = await actionsOf('approved-by-signal');
    for (const json of [decoded, decoded.events]) {
      const events = await exportedEvents(JSON.stringify(json));
      expect(recordedActions(events ?? [], 'x')).toEqual(plain);
    }
  });

  test.each(['', '{', '7', 'null', '{"events":7}', '{"events":[{"eventType":"X"}]}', '[7]', '[null]', '[[]]'])(
    'S13: %j holds no history',
    async (text) => {
      expect(await exportedEvents(text)).toBeUndefined();
    },
  );
});
