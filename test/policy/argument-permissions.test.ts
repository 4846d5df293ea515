/** An argument with a permission of its own, in all that is said of a policy: nothing speaks of what nobody may give. */
import { describe, expect, test } from '@jest/globals';
import { explainAction } from '../../src/policy/explain.ts';
import { listOf, needing, optional } from '../../src/policy/kinds/argument.ts';
import { mailAddress } from '../../src/policy/kinds/mail-address.ts';
import { path } from '../../src/policy/kinds/path.ts';
import { offeredTools, restrictionNotice } from '../../src/policy/notice.ts';
import { policyPage } from '../../src/policy/policy-page.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import { lintsOf } from './lints-support.ts';
import { NOTHING, decide, load } from './support.ts';

const post: ToolShape = {
  name: 'post',
  permission: 'send_email',
  arguments: {
    to: listOf(mailAddress, 5, 'to whom'),
    files: needing('read_files', optional(listOf(path, 5, 'files'))),
  },
};

const TO = 'to: { every: { domain: e.example } }';
const FILES = 'files: { every: { under: notes } }';
const ANY = `{ id: any, tool: post, allow: { ${TO}, ${FILES.replace('{ ', '{ optional: true, ')} } }`;
const SENT = `{ id: sent, tool: post, allow: { ${TO}, ${FILES} } }`;

function fileWith(...rules: readonly string[]): string {
  return [
    'version: 1',
    'profiles:',
    '  reader: { grant: [send_email, read_files], startable: true }',
    '  writer: { grant: [send_email], startable: true }',
    '  idle: { grant: [] }',
    'approval: { by: [owner] }',
    'rules:',
    ...rules.map((rule) => `  - ${rule}`),
  ].join('\n');
}

const pageOf = (profiles: readonly string[], ...rules: readonly string[]): string =>
  policyPage(load(fileWith(...rules), [post]), { profiles, tools: [post], policySha: 'ab'.repeat(32) });

describe('a rule that wants such an argument given', () => {
  test('speaks to no profile that may not give it: not in what is offered, nor in the notice, nor unasked', () => {
    const policy = load(fileWith(SENT), [post]);
    expect(offeredTools(policy, 'reader', [post])).toEqual([post]);
    expect(offeredTools(policy, 'writer', [post])).toEqual([]);
    expect(restrictionNotice(policy, 'writer', [post])).toContain('Not available to you: post.');
    expect(pageOf(['writer'], SENT)).toContain('## Without asking anyone\n\nNothing.');
    expect(pageOf(['writer'], SENT)).toContain(
      '- `post`: what rules open of it needs a permission that no profile here is granted.',
    );
    expect(decide(policy, post, { to: ['a@e.example'] }, 'writer')).toMatchObject({ kind: 'deny', rule: null });
  });

  test('is shown on the page as one for the others only', () => {
    const page = pageOf(['reader', 'writer'], SENT);
    expect(page).toContain('is in or under `notes`, for `reader` only (rule `sent`)');
    expect(page).toContain('is in or under `notes`, for `reader` only. (`sent`)');
  });

  test('is an error of the file, if all profiles that it names may not give it', () => {
    const named = (names: string): readonly string[] =>
      lintsOf(fileWith(ANY, SENT.replace('post,', `post, profiles: [${names}],`)), [post]);
    expect(named('writer')).toEqual([
      'line 9, column 29: no profile that "sent" names is granted read_files, which "files" of post needs (grant it read_files, or take the rule away)',
    ]);
    expect(named('writer, idle')).toHaveLength(1);
    expect(named('idle')).toEqual([expect.stringContaining('is granted send_email, which post needs')]);
    expect(named('writer, reader')).toEqual([]);
    expect(lintsOf(fileWith(SENT).replace(', read_files', ''), [post])).toEqual([]);
    expect(lintsOf(fileWith(ANY.replace('post,', 'post, profiles: [writer],')), [post])).toEqual([]);
  });
});

describe('a rule that such an argument may be left out of', () => {
  test('says to whom it does not let it be given', () => {
    expect(restrictionNotice(load(fileWith(ANY), [post]), 'writer', [post])).toContain(
      '- Never give files: your profile is not granted read_files.',
    );
    expect(restrictionNotice(load(fileWith(ANY), [post]), 'reader', [post])).not.toContain('Never give');
    const both = pageOf(['reader', 'writer'], ANY);
    expect(both).toContain('if it is given, but without `files` for `writer` (rule `any`)');
    expect(both).toContain('Who gives `files` needs `read_files` as well, which `writer` is not granted.');
    expect(pageOf(['writer'], ANY)).toContain('if it is given, but without `files` (rule `any`)');
    expect(pageOf(['writer'], ANY)).toContain('which no profile here is granted.');
    expect(pageOf(['reader'], ANY)).not.toMatch(/without `files`|as well/);
  });
});

test('the explanation of a denial for want of the permission names no rule that would allow it, and none that is near', () => {
  const facts = { tool: post, profile: 'writer', actionKey: 'key', standing: NOTHING };
  for (const args of [
    { to: ['a@e.example'], files: ['notes/a'] },
    { to: ['a@evil.example'], files: ['notes/a'] },
  ])
    expect(explainAction(load(fileWith(ANY), [post]), { ...facts, args })).toEqual({
      decision: { kind: 'deny', rule: null, why: expect.stringContaining('is not granted read_files, which "files"') },
      findings: [],
      nearest: null,
    });
});
