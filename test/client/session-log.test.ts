import { describe, expect, test } from '@jest/globals';
import type { ActionRow, LogRow, VerdictRow } from '../../src/client/log-row.ts';
import { tellStory } from '../../src/client/session-log.ts';
import { Story, asks, at, outcome, request } from './history-steps.ts';

const actions = (rows: readonly LogRow[]): readonly ActionRow[] => rows.filter((row) => row.kind === 'action');
const verdicts = (rows: readonly LogRow[]): readonly VerdictRow[] => rows.filter((row) => row.kind === 'verdict');
const tell = (story: Story): readonly LogRow[] => tellStory(story.events);
const begin = (): Story => new Story().started().opened();

const think = (content: readonly object[], stopReason = 'tool_use'): unknown => ({
  content,
  stopReason,
  usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0 },
  model: 'claude',
  requestId: 'r',
});
const call = (id: string, name: string, input: object = {}): object => ({ type: 'tool_use', id, name, input });

const verdict = (more: object = {}): object => ({
  requestId: 'run-1/c1/1',
  digest: 'd'.repeat(64),
  decision: 'approve',
  approver: 'alice',
  keyId: 'a1',
  at: at(5),
  signature: 's',
  ...more,
});
const settling = { requestId: 'run-1/c1/1', decision: 'approve', approver: 'alice', keyId: 'a1', at: at(5) };
const relay = (...received: readonly object[]): object => ({
  input: {},
  verdicts: received.map((each, position) => ({ n: position + 1, receivedAt: at(6), verdict: each })),
});

describe('what is unknown is called unknown (S9)', () => {
  test('a scheduled action without a recorded result is "unknown" once the session was terminated', () => {
    const story = begin().scheduled(10, 'send_email', 'c1').begun(10).ended('terminated', undefined, 'enough (by bob)');
    expect(actions(tell(story))).toMatchObject([{ callId: 'c1', outcome: 'unknown', attempts: 1 }]);
    expect(tell(story).at(-1)).toMatchObject({ kind: 'ended', how: 'terminated', why: 'enough (by bob)' });
  });

  test('the same action is "running" while the session is open', () => {
    expect(actions(tell(begin().scheduled(10, 'send_email', 'c1')))).toMatchObject([{ outcome: 'running' }]);
  });

  test('an approved pass that never answered is "unknown", although an earlier pass has a result', () => {
    const story = begin()
      .pass(10, 'send_email', 'c1', asks('c1'))
      .scheduled(20, 'send_email', 'c1.2', relay(verdict()));
    expect(actions(tell(story.ended('terminated')))).toMatchObject([{ outcome: 'unknown', passes: 2 }]);
  });

  test('a result that cannot be read is "unknown", never done', () => {
    const story = begin().pass(10, 'send_email', 'c1', { kind: 'done', evidence: 'forged' });
    expect(actions(tell(story.ended('completed')))).toMatchObject([{ outcome: 'unknown' }]);
  });

  test('a thought without an answer is "unknown" once the run is closed, and "running" before', () => {
    const story = begin().scheduled(10, 'think', 'think-1');
    expect(tell(story).at(-1)).toMatchObject({ kind: 'thought', turn: '#1', state: 'running' });
    expect(tell(story.ended('terminated')).at(-2)).toMatchObject({ kind: 'thought', state: 'unknown' });
  });
});

describe('a failed activity is read as the session reads it (S7)', () => {
  test.each([
    ['send_email', { type: 'BeforeMark' }, 'failed'],
    ['send_email', { type: 'NotPerformed' }, 'failed'],
    ['send_email', { type: 'Anything' }, 'unknown'],
    ['send_email', { how: 'timedOut', marked: false }, 'failed'],
    ['send_email', { how: 'timedOut', marked: true }, 'unknown'],
    ['send_email', { how: 'cancelled' }, 'unknown'],
    ['read_file', { type: 'Anything' }, 'failed'],
    ['read_file', { how: 'timedOut', marked: true }, 'failed'],
  ] as const)('%s, %p: %s', (tool, failure, expected) => {
    const story = begin().scheduled(10, tool, 'c1').failed(10, failure);
    expect(actions(tell(story))).toMatchObject([{ outcome: expected, decision: null }]);
  });

  test('where the session’s own result says otherwise, that is what is told', () => {
    const result = { end: 'completed', actions: [{ callId: 'c1', tool: 'send_email', outcome: 'denied' }] };
    const story = begin().scheduled(10, 'send_email', 'c1').failed(10, { how: 'cancelled' }).ended('completed', result);
    expect(actions(tell(story))).toMatchObject([{ outcome: 'denied' }]);
  });
});

describe('what waits', () => {
  test('S6: a request that expired is denied in the log of a session that goes on', () => {
    const story = begin().pass(10, 'send_email', 'c1', asks('c1'));
    expect(actions(tell(story))).toMatchObject([{ outcome: 'waiting', endedAt: null }]);
    expect(actions(tell(story.timerFired(50)))).toMatchObject([{ outcome: 'waiting' }]);
    story.timerFired(100);
    const [row] = actions(tell(story));
    expect(row).toMatchObject({ outcome: 'denied', endedAt: at(100) });
    expect(row?.text).toContain('silence is denial');
  });

  test('S6: a verdict that came in time is still carried out after the timer', () => {
    const story = begin().pass(10, 'send_email', 'c1', asks('c1')).timerFired(100);
    story.pass(20, 'send_email', 'c1.2', outcome('done', 'sent'), relay(verdict()));
    expect(actions(tell(story))).toMatchObject([{ outcome: 'done', text: 'sent', passes: 2 }]);
  });

  test('S6: a cancel denies what waits', () => {
    const story = begin().pass(10, 'send_email', 'c1', asks('c1')).cancelAsked();
    expect(actions(tell(story))).toMatchObject([{ outcome: 'denied', text: expect.stringContaining('cancelled') }]);
  });

  test('what the person saw stands in the row, once for each time it was asked', () => {
    const second = { id: 'run-1/c1/2', summary: 'other' };
    const story = begin().pass(10, 'send_email', 'c1', asks('c1')).pass(20, 'send_email', 'c1.2', asks('c1', second));
    expect(actions(tell(story))[0]?.requests).toMatchObject([{ id: 'run-1/c1/1' }, second]);
  });

  test('retries are told apart from passes', () => {
    const story = begin().pass(10, 'send_email', 'c1', asks('c1')).scheduled(20, 'send_email', 'c1.2').begun(20, 3);
    expect(actions(tell(story))).toMatchObject([{ passes: 2, attempts: 4 }]);
  });
});

describe('every proposed action has a row (S9)', () => {
  test('a call that the session itself denied, by name or by limit, is told as denied', () => {
    const content = [call('1', 'format_disk', { all: true }), call('2', 'read_file')];
    const story = begin()
      .pass(10, 'think', 'think-1', think(content))
      .pass(20, 'read_file', 'c2', outcome('done', 'x'));
    expect(actions(tell(story))).toMatchObject([
      { callId: 'c1', tool: 'format_disk', input: { all: true }, outcome: 'denied', passes: 0 },
      { callId: 'c2', outcome: 'done' },
    ]);
  });

  test('a scripted call that no guard ever saw is told too', () => {
    const input = { goal: 'x', actions: [{ tool: 'no_such', input: { a: 1 } }] };
    const rows = tell(new Story().started(input).opened().ended('completed', { end: 'completed' }));
    expect(actions(rows)).toMatchObject([{ callId: 'c1', tool: 'no_such', input: { a: 1 }, outcome: 'denied' }]);
  });

  test('tools of an answer that was cut off were never proposed', () => {
    const rows = tell(begin().pass(10, 'think', 'think-1', think([call('1', 'send_email')], 'max_tokens')));
    expect(actions(rows)).toEqual([]);
    expect(rows.at(-1)).toMatchObject({ kind: 'thought', stopReason: 'max_tokens', tokens: 15 });
  });

  test('a call just proposed is not called denied before the session had its say', () => {
    const story = begin().pass(10, 'think', 'think-1', think([call('1', 'send_email')]));
    expect(actions(tell(story))).toMatchObject([{ outcome: 'running' }]);
  });
});

describe('verdicts (S5)', () => {
  test('a forged approval in alice’s name does not read like the one that settled the action', () => {
    const forged = verdict({ signature: 'forged', at: at(4) });
    const story = begin()
      .pass(10, 'send_email', 'c1', asks('c1'))
      .signal(forged)
      .signal(verdict())
      .pass(
        20,
        'send_email',
        'c1.2',
        outcome('done', 'sent', {
          decision: { ...outcomeDecision, verdict: settling },
          refused: [{ n: 1, why: 'The signature does not verify.' }],
        }),
        relay(forged, verdict()),
      );
    expect(verdicts(tell(story))).toMatchObject([
      { fate: 'refused', refusal: 'The signature does not verify.' },
      { fate: 'settled', refusal: null },
    ]);
  });

  test('the same verdict twice counts once', () => {
    const story = begin().pass(10, 'send_email', 'c1', asks('c1')).signal(verdict()).signal(verdict());
    const result = outcome('done', 'sent', { decision: { ...outcomeDecision, verdict: settling } });
    story.pass(20, 'send_email', 'c1.2', result, relay(verdict())).ended('completed');
    expect(verdicts(tell(story)).map(({ fate }) => fate)).toEqual(['settled', 'ignored']);
  });

  test.each([
    ['garbage', { x: 1 }, 'not a verdict'],
    ['what could not be decoded', { undecodable: true }, 'not a verdict'],
    ['nothing', undefined, 'not JSON'],
    ['another request', verdict({ requestId: 'run-0/c1/1' }), 'no such request'],
    ['another digest', verdict({ digest: 'e'.repeat(64) }), 'digest'],
  ])('a signal with %s is told as ignored, with the reason', (_, payload, why) => {
    const story = begin().pass(10, 'send_email', 'c1', asks('c1')).signal(payload);
    expect(verdicts(tell(story))).toMatchObject([{ fate: 'ignored', refusal: expect.stringContaining(why) }]);
  });

  test('a verdict after expiry, and one before the question, are told as such', () => {
    const late = begin().pass(10, 'send_email', 'c1', asks('c1')).signal(verdict(), 'decideApproval', 101);
    expect(verdicts(tell(late))[0]?.refusal).toContain('expired');
    const early = begin()
      .signal(verdict())
      .pass(10, 'send_email', 'c1', asks('c1', { requestedAt: at(50) }));
    expect(verdicts(tell(early))[0]?.refusal).toContain('before the request');
  });

  test('a refused update carries its reason; one without an answer is open', () => {
    const story = begin()
      .pass(10, 'send_email', 'c1', asks('c1'))
      .update('u1', verdict({ approver: 'eve' }), 'may not');
    story.update('u2', verdict(), undefined);
    expect(verdicts(tell(story))).toMatchObject([
      { via: 'update', fate: 'refused', refusal: 'may not' },
      { via: 'update', fate: 'open', refusal: null },
    ]);
  });

  test('a signal of another name is no verdict', () => {
    const rows = tell(begin().signal({ approve: true }, 'approve'));
    expect(rows.at(-1)).toMatchObject({ kind: 'message', via: 'signal', name: 'approve', sender: 'webui' });
  });

  test('claims never carry the signature or a flood', () => {
    const [row] = verdicts(tell(begin().signal(verdict({ reason: 'z'.repeat(3000), extra: 'x' }))));
    expect(Object.keys(row?.claims ?? {})).not.toContain('signature');
    expect(row?.claims['reason']).toBe('z'.repeat(1000));
  });
});

describe('chains and resets', () => {
  test('call ids begin anew in a continued run; the open run is not closed by the end of the first', () => {
    const story = begin().pass(10, 'read_file', 'c1', outcome('done', 'first')).ended('continued');
    story.started().opened().scheduled(10, 'send_email', 'c1');
    expect(actions(tell(story))).toMatchObject([
      { callId: 'c1', tool: 'read_file', outcome: 'done', text: 'first' },
      { callId: 'c1', tool: 'send_email', outcome: 'running' },
    ]);
  });

  test('a reset is told where the copied history ends', () => {
    const story = begin().pass(10, 'read_file', 'c1', outcome('done', 'x')).reset('run-0').signal(verdict());
    expect(tell(story).map(({ kind }) => kind)).toEqual(['session', 'opened', 'action', 'reset', 'verdict']);
  });

  test('events of no known shape tell nothing and break nothing (S13)', () => {
    const story = begin()
      .completed(77, outcome('done', 'x'))
      .failed(78, {})
      .begun(79)
      .pass(10, 'think', 'think-1', null);
    expect(tell(story).map(({ kind }) => kind)).toEqual(['session', 'opened', 'thought']);
    expect(tellStory([])).toEqual([]);
  });
});

const outcomeDecision = { kind: 'ask', rule: 'mail-known', why: 'asks', policySha: 'ab'.repeat(32) };

test('the request in a row is whole: its digest can be recomputed from the log alone', () => {
  const story = begin().pass(10, 'send_email', 'c1', asks('c1'));
  expect(actions(tell(story))[0]?.requests[0]).toEqual(request('c1'));
});
