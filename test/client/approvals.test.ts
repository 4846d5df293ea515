import { describe, expect, test } from '@jest/globals';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { answerTo, whatNext } from '../../src/client/approvals.ts';
import { matchRequest, sessionsNamed } from '../../src/client/find-request.ts';
import { ClientError } from '../../src/client/client-error.ts';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import { requestDigest } from '../../src/proof/digest.ts';
import { keyIdOf, newKeyPair, publicKeyText } from '../../src/proof/key.ts';
import { isSignedBy } from '../../src/proof/verdict-signature.ts';
import { request as sample } from './history-steps.ts';

const { privateKey, publicKey } = newKeyPair();
const key = { approver: 'alice', keyId: keyIdOf(publicKeyText(publicKey)), privateKey };

function honest(more: Partial<ApprovalRequest> = {}): ApprovalRequest {
  const { digest: _, ...fields } = sample('c1', more);
  return { ...fields, digest: requestDigest(fields) };
}

describe('signing (S4)', () => {
  test('an answer is signed over exactly the digest of what is shown', () => {
    const verdict = answerTo(honest(), 'approve', key);
    expect(verdict).toMatchObject({ requestId: 'run-1/c1/1', digest: honest().digest, approver: 'alice' });
    expect(isSignedBy(verdict, publicKey)).toBe(true);
    expect('reason' in verdict).toBe(false);
  });

  test.each<[string, Partial<ApprovalRequest>]>([
    ['summary', { summary: 'bob@partner.example' }],
    ['preview', { preview: [{ label: 'Message', text: 'Hello.' }] }],
    ['arguments', { arguments: { to: ['eve@example.com'] } }],
    ['facts', { facts: { sha: '1' } }],
    ['session', { workflowId: 'session-other' }],
    ['id', { id: 'run-1/c1/2' }],
    ['profile', { profile: 'admin' }],
    ['reason for asking', { why: 'harmless' }],
    ['rule', { rule: 'other' }],
    ['people', { mayAnswer: ['alice', 'eve'] }],
    ['expiry', { expiresAt: '2027-01-01T00:00:00.000Z' }],
  ])('a request that shows another %s than its digest covers is not signed', (_, shown) => {
    const swapped = { ...honest(), ...shown };
    for (const decision of ['approve', 'deny'] as const)
      expect(() => answerTo(swapped, decision, key)).toThrow(expect.objectContaining({ kind: 'refused' }));
  });
});

describe('short names of requests', () => {
  const mail = sample('c1', { id: '01a2c3d4-c1ff-7000/c1/1', workflowId: 'session-mail-the-notes-x7k2' });
  const later = sample('c11', { id: '01a2c3d4-c1ff-7000/c11/1', workflowId: 'session-mail-the-notes-x7k2' });
  const other = sample('c2', { id: '09c3e1ab-c1c3-7000/c2/1', workflowId: 'session-delete-drafts-c3q1' });
  const all = [mail, later, other];

  test.each([
    ['01a2c3d4-c1ff-7000/c1/1', [mail]],
    ['session-mail-the-notes-x7k2/c11', [later]],
    ['c1', [mail]],
    ['c2', [other]],
    ['session-delete-drafts-c3q1', [other]],
    ['session-mail-the-notes-x7k2', [mail, later]],
    ['mail-the-notes-x7k2/c1', [mail]],
    ['x7k2/c11', [later]],
    ['notes/c1', [mail]],
    ['drafts', [other]],
  ])('%s means what it says', (words, expected) => {
    expect(matchRequest(all, words)).toEqual(expected);
  });

  test.each(['c3', '01a2', 'c1ff', '1', '', '/', 'c', '7000', 'c1c3', '/c1', 'x7'])(
    'S4: "%s" is found in no run id and in no piece of a word: an approval never goes to a request by accident',
    (words) => {
      expect(matchRequest(all, words)).toEqual([]);
    },
  );

  test('a call of the same number in two sessions is both, so it must be said which', () => {
    expect(matchRequest([mail, sample('c1', { workflowId: 'session-b' })], 'c1')).toHaveLength(2);
  });
});

describe('whom a search for a request asks', () => {
  const mail = { workflowId: 'session-mail-c12x', runId: '01a2-c12' };
  const other = { workflowId: 'session-drafts-q7q7', runId: '09c3-7000' };

  test.each([
    ['session-mail-c12x/c1', [mail]],
    ['mail', [mail]],
    ['09c3-7000/c2/1', [other]],
    ['session', [mail, other]],
    ['no-such', [mail, other]],
    ['', [mail, other]],
  ])('%s', (words, expected) => {
    expect(sessionsNamed([mail, other], words)).toEqual(expected);
  });

  test('a call’s name is looked for in all, though it stands in a session’s id', () => {
    expect(sessionsNamed([mail, other], 'c12')).toEqual([mail, other]);
  });
});

describe('what a failed update means', () => {
  const grpc = (code: number): Error => Object.assign(new Error('rpc'), { code, details: '', metadata: {} });
  const wrapped = (code: number): Error => new Error('Workflow Update failed', { cause: grpc(code) });

  test.each<[string, Error, string]>([
    ['a refusal of the session', new WorkflowUpdateFailedError('x', new Error('The digest is not …')), 'refused'],
    ['a session that has ended', new WorkflowNotFoundError('x', 'w', undefined), 'gone'],
    ['too many updates in flight', wrapped(8), 'signal'],
    ['a deadline', grpc(4), 'unanswered'],
    ['no permission', wrapped(7), 'refused'],
    ['a server that restarts', wrapped(14), 'again'],
    ['an unexpected workflow task failure', new Error('unexpected workflow task failure'), 'again'],
  ])('%s', (_, error, expected) => {
    const next = whatNext(error);
    expect(typeof next === 'string' ? next : next.kind).toBe(expected);
  });

  test('the reason of a refusal is the session’s own', () => {
    expect(whatNext(new WorkflowUpdateFailedError('Update failed', new Error('It expired.')))).toEqual({
      kind: 'refused',
      why: 'It expired.',
    });
  });
});

test('a client error says by its kind which exit code it is', () => {
  expect(new ClientError('notFound', 'x').kind).toBe('notFound');
});
