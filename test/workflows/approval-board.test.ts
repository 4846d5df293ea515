import { describe, expect, test } from '@jest/globals';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import type { ApprovalBoard, Entry } from '../../src/workflows/approval-board.ts';
import { createApprovalBoard } from '../../src/workflows/approval-board.ts';
import { PLACES_OF_A_NAME } from '../../src/workflows/verdict-queue.ts';
import { request as sample } from '../client/history-steps.ts';

const request: ApprovalRequest = { ...sample('c1'), digest: 'd'.repeat(64), mayAnswer: ['alice', 'bob'] };

function board(now = new Date(Date.parse(request.expiresAt) - 1000)): ApprovalBoard {
  return createApprovalBoard({ now: () => now, random: () => 0.5, isFair: () => true });
}

let signed = 0;
const verdict = (approver: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  requestId: request.id,
  digest: request.digest,
  decision: 'approve',
  approver,
  keyId: 'k',
  at: '2026-11-24T12:00:00.000Z',
  signature: `s${(signed += 1)}`,
  ...more,
});

describe('what the session refuses without asking the guard (S13)', () => {
  test.each<[string, Record<string, unknown>]>([
    ['no signature', { signature: undefined }],
    ['another decision', { decision: 'approved' }],
    ['a field of its own', { urgent: true }],
    ['a name of 101 characters', { approver: 'a'.repeat(101) }],
    ['no time', { at: 'now' }],
    ['a truthy approver', { approver: ['alice'] }],
  ])('%s', (_, more) => {
    const at = board();
    const ticket = at.open(request);
    const payload = JSON.parse(JSON.stringify(verdict('alice', more))) as unknown;
    expect(at.receive(payload).answer).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('not a verdict'),
    });
    expect(ticket.queue.size()).toBe(0);
  });

  test('a verdict of another digest, one sent twice and one that is late', () => {
    const [at, late] = [board(), board(new Date(Date.parse(request.expiresAt) + 1))];
    at.open(request);
    late.open(request);
    const once = verdict('alice');
    expect(at.receive(once).answer).toBeUndefined();
    expect(at.receive(once).answer).toMatchObject({ kind: 'refused', why: expect.stringContaining('before') });
    expect(at.receive(verdict('alice', { digest: 'e'.repeat(64) })).answer).toMatchObject({ kind: 'refused' });
    expect(late.receive(verdict('alice')).answer).toMatchObject({ kind: 'refused' });
  });
});

describe('places in the queue (S6)', () => {
  const flood = (at: ApprovalBoard, approver: string, count: number): readonly Entry[] =>
    Array.from({ length: count }, (_, n) => at.receive(verdict(approver, { keyId: `k${n}` })));

  test('a flood in one name takes no place of another', () => {
    const at = board();
    const ticket = at.open(request);
    flood(at, 'bob', 2 * PLACES_OF_A_NAME);
    const honest = at.receive(verdict('alice'));
    expect(honest.answer).toBeUndefined();
    expect(ticket.queue.take(100)).toContain(honest);
  });

  test('whoever is not named by the request waits in one row with all such, and is not refused for it', () => {
    const at = board();
    const ticket = at.open(request);
    for (let n = 0; n < 2 * PLACES_OF_A_NAME; n += 1) at.receive(verdict(`nobody-${n}`));
    expect(ticket.queue.size()).toBe(PLACES_OF_A_NAME);
    expect(at.receive(verdict('alice')).answer).toBeUndefined();
  });

  test('what is crowded out is answered at once, and is no repetition when it is sent again', () => {
    const at = board();
    const ticket = at.open(request);
    const entries = flood(at, 'alice', PLACES_OF_A_NAME + 1);
    const out = entries.filter(({ answer }) => answer !== undefined);
    expect(out).toHaveLength(1);
    expect(out[0]?.answer).toMatchObject({ kind: 'crowdedOut' });
    ticket.queue.take(PLACES_OF_A_NAME);
    expect(at.receive(out[0]?.received.verdict).answer).toBeUndefined();
  });

  test('when the request closes every verdict that still waits is answered, once', () => {
    const at = board();
    const ticket = at.open(request);
    const entries = [...flood(at, 'alice', PLACES_OF_A_NAME + 20), ...flood(at, 'bob', 3)];
    at.close(ticket, 'denied');
    expect(entries.map(({ answer }) => answer?.kind)).not.toContain(undefined);
    expect(entries.filter(({ answer }) => answer?.kind === 'refused')).toHaveLength(PLACES_OF_A_NAME + 3);
  });
});
