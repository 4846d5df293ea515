import { describe, expect, test } from '@jest/globals';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import type { ReceivedVerdict } from '../../src/domain/verdict.ts';
import { utf8Length } from '../../src/domain/text-size.ts';
import { claimWords, passTitle, waitingText } from '../../src/workflows/narration.ts';

const request = (more: Partial<ApprovalRequest>): ApprovalRequest => ({
  id: 'run/c1/1',
  digest: 'd'.repeat(64),
  namespace: 'default',
  workflowId: 'session-1',
  chainId: 'run',
  callId: 'c1',
  tool: 'delete_files',
  toolVersion: 'v',
  profile: 'assistant',
  arguments: {},
  facts: {},
  summary: 'notes/a.md',
  preview: [{ label: 'File', text: 'text' }],
  rule: 'delete',
  ruleSha: 'r',
  why: 'why',
  mayAnswer: ['alice'],
  quorum: 1,
  requestedAt: '2026-11-25T00:00:00.000Z',
  expiresAt: '2026-11-26T00:00:00.000Z',
  ...more,
});

const claimed = (approver: string, decision = 'approve'): ReceivedVerdict => ({
  n: 1,
  receivedAt: '2026-11-25T00:00:00.000Z',
  verdict: { approver, decision },
});

describe('S5, S9: what the title of a pass says of verdicts that nobody has checked yet', () => {
  test.each<[string, readonly ReceivedVerdict[], string]>([
    ['an approval', [claimed('alice')], 'not verified yet: approval in the name of alice'],
    ['a denial', [claimed('alice', 'deny')], 'not verified yet: denial in the name of alice'],
    [
      'that it happened',
      [{ n: 1, receivedAt: '', verdict: { approver: 'alice', decision: 'deny', answer: 'happened' } }],
      'not verified yet: word that it happened in the name of alice',
    ],
    ['another word', [claimed('alice', 'APPROVED')], 'not verified yet: 1 verdict'],
    ['a name that the request does not have', [claimed('alice · verified · done')], 'not verified yet: 1 verdict'],
    ['no name', [{ n: 1, receivedAt: '', verdict: null }], 'not verified yet: 1 verdict'],
    ['several', [claimed('alice'), claimed('bob')], 'not verified yet: 2 verdicts'],
  ])('%s is a claim', (_, verdicts, title) => {
    expect(claimWords(verdicts, ['alice'])).toBe(title);
  });

  test('none is no claim', () => {
    expect(claimWords([], ['alice'])).toBe('');
  });

  test('a long summary is cut before that is', () => {
    const title = passTitle('notes '.repeat(100), claimWords([claimed('alice')], ['alice']));
    expect(title).toContain('… · not verified yet: approval in the name of alice');
    expect(utf8Length(title)).toBeLessThanOrEqual(200);
  });
});

/** The text without its code: what Markdown would be read in. */
const outsideCode = (markdown: string): string =>
  markdown
    .replaceAll(/(^|\n)(`{3,})\n[\s\S]*?\n\2(?=\n|$)/g, '')
    .replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');

describe('S11: what the Temporal UI shows of a waiting request', () => {
  test.each([
    ['a file name', { preview: [{ label: 'Delete a](https://evil.example)**Already approved**', text: '' }] }],
    ['a file name with backticks', { preview: [{ label: 'Delete `` ` https://evil.example **Approved**', text: '' }] }],
    ['a text that closes its fence', { preview: [{ label: 'Text', text: '```\n# evil.example Approved\n````' }] }],
    ['a summary', { summary: '``` evil.example **Approved**' }],
    [
      'a workflow id, which its client chooses,',
      {
        workflowId: 'a` **Approved** [evil.example](https://evil.example) `b',
        preview: [{ label: 'Text', text: 'x'.repeat(30_000) }],
      },
    ],
    ['a request id', { id: 'run` **Approved** evil.example `/c1/1' }],
    ['a rule', { rule: 'a`**Approved** evil.example`' }],
    ['a name', { mayAnswer: ['alice** evil.example **Approved'] }],
  ])('%s is not read as Markdown', (_, more) => {
    const text = waitingText([request(more)]);
    expect(outsideCode(text)).not.toMatch(/evil|pproved/);
  });

  test('a command to copy has nothing in it that a client chose', () => {
    const long = request({ workflowId: 'x; rm -rf ~', preview: [{ label: 'Text', text: 'x'.repeat(30_000) }] });
    expect(waitingText([long])).toContain('countersign show run/c1/1');
    expect(waitingText([long])).not.toContain('rm -rf');
  });

  test('a preview that does not fit is left out whole, never cut, and every request is still named', () => {
    const long = request({ id: 'run/c2/1', preview: [{ label: 'Text', text: 'x'.repeat(30_000) }] });
    const text = waitingText([request({}), long]);
    expect(text).not.toContain('xxx');
    expect(text).toContain('run/c2/1');
    expect(utf8Length(text)).toBeLessThan(20_000);
  });
});

test('a question what became of an action names all three answers', () => {
  const text = waitingText([
    request({ callId: 'c1-2', id: 'run/c1-2/1', question: { kind: 'unknown', callId: 'c1' } }),
  ]);
  for (const verb of ['approve', 'happened', 'deny']) expect(text).toContain(`countersign ${verb} run/c1-2/1`);
  expect(waitingText([request({})])).not.toContain('countersign happened');
});
