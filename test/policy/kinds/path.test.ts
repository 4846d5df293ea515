import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { path } from '../../../src/policy/kinds/path.ts';
import { GARBAGE, canonicalOf } from '../support.ts';

/** Why each must be refused (facts: paths), and whether the usual guard, resolve and startsWith, lets it through. */
const REFUSED: readonly [why: string, raw: string, naive: 'held' | 'fooled'][] = [
  ['climbs out', '../secret', 'held'],
  ['climbs into a sibling that shares the prefix', '../workspace_evil/secret', 'fooled'],
  ['climbs through a folder that may be a link, where string and kernel disagree', 'notes/../link/../secret', 'fooled'],
  ['climbs and comes back', 'notes/../drafts/a.md', 'fooled'],
  ['".." at the end', 'notes/..', 'fooled'],
  ['absolute', '/etc/passwd', 'held'],
  ['absolute into the root itself', '/workspace/notes', 'fooled'],
  ['backslash is a separator elsewhere', '..\\secret', 'fooled'],
  ['drive letter with backslash', 'C:\\secret', 'fooled'],
  ['NUL ends names in C', 'notes/a.md\0.png', 'fooled'],
  ['newline forges a line of a preview', 'notes/a\nApproved: yes', 'fooled'],
  ['escape sequence repaints a terminal', 'notes/\u001b[2Ka', 'fooled'],
  ['right-to-left override hides the extension', 'notes/a\u202Egnp.sh', 'fooled'],
  ['zero width makes a twin of another name', 'no\u200Btes/a', 'fooled'],
  ['decomposed: a second spelling of one name', 'notes/u\u0308.md', 'fooled'],
  ['half a character', 'notes/\ud800', 'fooled'],
  ['"." segment: a second spelling', 'notes/./a', 'fooled'],
  ['"." in front: a second spelling', './notes', 'fooled'],
  ['empty segment: a second spelling', 'notes//a', 'fooled'],
  ['two slashes at the end', 'notes//', 'fooled'],
  ['nothing', '', 'fooled'],
  ['a name the kernel refuses', `notes/${'a'.repeat(256)}`, 'fooled'],
  ['a name too long in bytes though not in characters', `notes/${'ü'.repeat(128)}`, 'fooled'],
  ['too long as a whole', Array.from({ length: 300 }, () => 'abcd').join('/'), 'fooled'],
];

function naiveGuard(raw: string): boolean {
  return posix.resolve('/workspace', raw).startsWith('/workspace');
}

describe('paths (S2, S12)', () => {
  test.each(REFUSED)('a path that is wrong is refused: %s', (_, raw) => {
    expect(canonicalOf(path, raw)).toMatch(/^refused: ./);
  });

  test('the attacks are real: the usual prefix check passes them', () => {
    for (const [why, raw, naive] of REFUSED) expect([why, naiveGuard(raw)]).toEqual([why, naive === 'fooled']);
  });

  test.each([
    ['.', '.'],
    ['./', '.'],
    ['notes', 'notes'],
    ['notes/', 'notes'],
    ['notes/a b.md', 'notes/a b.md'],
    ['notes/..a', 'notes/..a'],
    ['notes/...', 'notes/...'],
    ['.env', '.env'],
    ['notes/größe.md', 'notes/größe.md'],
    ['C:/x', 'C:/x'],
    ['__proto__/constructor', '__proto__/constructor'],
    ['%2e%2e/x', '%2e%2e/x'],
  ])('%j is the path %j, once and again', (raw, canonical) => {
    expect(canonicalOf(path, raw)).toBe(canonical);
    expect(canonicalOf(path, canonical)).toBe(canonical);
  });

  test('the refusal says what is wrong', () => {
    expect(canonicalOf(path, 'a/../b')).toContain('".."');
    expect(canonicalOf(path, '/a')).toContain('relative to the workspace');
  });

  test.each(GARBAGE.map((value) => [value]))('no string, no path: %p', (value) => {
    expect(canonicalOf(path, value)).toMatch(/^refused: /);
  });

  test('a huge text is refused by its length', () => {
    const huge = '../'.repeat(20_000_000);
    expect(canonicalOf(path, huge)).toMatch(/^refused: /);
  });

  test('the model is told that it is a text', () => {
    expect(z.toJSONSchema(path.schema, { io: 'input' })).toMatchObject({ type: 'string', maxLength: 1024 });
  });
});
