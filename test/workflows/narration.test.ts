import { describe, expect, test } from '@jest/globals';
import type { ApprovalRequest } from '../../src/domain/request.ts';
import { utf8Length } from '../../src/domain/text-size.ts';
import { waitingText } from '../../src/workflows/narration.ts';

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
  ])('%s is not read as Markdown', (_, more) => {
    const text = waitingText([request(more)]);
    expect(text).toContain('evil.example');
    expect(outsideCode(text)).not.toMatch(/evil|pproved/);
  });

  test('a preview that does not fit is left out whole, never cut, and every request is still named', () => {
    const long = request({ id: 'run/c2/1', preview: [{ label: 'Text', text: 'x'.repeat(30_000) }] });
    const text = waitingText([request({}), long]);
    expect(text).not.toContain('xxx');
    expect(text).toContain('run/c2/1');
    expect(utf8Length(text)).toBeLessThan(20_000);
  });
});
