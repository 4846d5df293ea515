import { describe, expect, test } from '@jest/globals';
import { readFile } from '../policy/shapes.ts';
import type { Row } from './attempt.ts';
import { TITLE, attempt, policyOf, titled } from './attempt.ts';

/** Sent to an agent that may read under `notes`. What is a plain name to the kernel is one here. */
const OPENED: readonly Row[] = [
  ['plain', 'notes/a.md', 'allow', 'it is what the rule speaks of'],
  ['slash after', 'notes/', 'allow', 'the folder itself, in one form'],
  ['sibling with the prefix', 'notes_evil/a', 'deny', 'a folder ends at a slash'],
  ['sibling with a dot', 'notes.bak/a', 'deny', 'a folder ends at a slash'],
  ['upper case', 'Notes/a', 'deny', 'another name on Linux'],
  ['dot segments', 'notes/../secret', 'refused', 'string and kernel disagree behind a link'],
  ['dot segments at the end', 'notes/a/..', 'refused', 'string and kernel disagree behind a link'],
  ['dot segments alone', '..', 'refused', 'it leaves the workspace'],
  ['one dot', 'notes/./a', 'refused', 'a second spelling'],
  ['one dot at the end', 'notes/.', 'refused', 'a second spelling'],
  ['one dot in front', './notes/a', 'refused', 'a second spelling'],
  ['three dots', 'notes/...', 'allow', 'a plain name'],
  ['path parameter', 'notes/..;/secret', 'allow', 'a plain name: only servers drop ";"'],
  ['escaped dots', 'notes/%2e%2e/secret', 'allow', 'a plain name: nothing here decodes'],
  ['escaped slash', 'notes%2f..%2fsecret', 'deny', 'a plain name, and not under the folder'],
  ['empty segment', 'notes//a', 'refused', 'a second spelling'],
  ['two slashes after', 'notes//', 'refused', 'a second spelling'],
  ['absolute', '/notes/a', 'refused', 'paths are beneath the workspace'],
  ['absolute, kernel', '/proc/self/environ', 'refused', 'paths are beneath the workspace'],
  ['root', '/', 'refused', 'paths are beneath the workspace'],
  ['scheme-relative', '//host/share', 'refused', 'a share to some'],
  ['file URL', 'file:///etc/passwd', 'refused', 'fs takes URL objects'],
  ['file URL, short', 'file:notes/a', 'deny', 'a plain name'],
  ['home', '~/secret', 'deny', 'a plain name: no shell is here'],
  ['variable', '$HOME/secret', 'deny', 'a plain name: no shell is here'],
  ['command', 'notes/$(id)', 'allow', 'a plain name: no shell is here'],
  ['option', '-rf', 'deny', 'a plain name'],
  ['backslash', 'notes\\a', 'refused', 'a separator elsewhere'],
  ['backslash dots', 'notes/..\\..\\secret', 'refused', 'a separator elsewhere'],
  ['Windows share', '\\\\host\\share', 'refused', 'a separator elsewhere'],
  ['Windows drive', 'C:/secret', 'deny', 'a plain name on Linux'],
  ['Windows device', 'notes/CON', 'allow', 'a plain name on Linux'],
  ['Windows stream', 'notes/a.md:hidden', 'allow', 'a plain name on Linux'],
  ['Windows dot after', 'notes./a', 'deny', 'another name on Linux'],
  ['blank after', 'notes /a', 'deny', 'another name'],
  ['blank in front', ' notes/a', 'deny', 'nothing is trimmed'],
  ['no-break space', 'notes\u00A0/a', 'deny', 'another name'],
  ['NUL', 'notes/a\0.png', 'refused', 'C ends the text there'],
  ['tab', 'notes/a\tb', 'refused', 'a control character'],
  ['line end', 'notes/a\n', 'refused', 'it forges lines'],
  ['next line (C1)', 'notes/a\u0085', 'refused', 'it forges lines'],
  ['line separator', 'notes/a\u2028b', 'refused', 'it forges lines'],
  ['escape sequence', 'notes/\u001b[8m', 'refused', 'it hides text in a terminal'],
  ['delete', 'notes/\u007f', 'refused', 'a control character'],
  ['byte order mark', '\uFEFFnotes/a', 'refused', 'nobody sees it'],
  ['zero width', 'no\u200Dtes/a', 'refused', 'nobody sees it'],
  ['soft hyphen', 'no\u00ADtes/a', 'refused', 'nobody sees it'],
  ['tag character', 'notes/\u{E0041}', 'refused', 'nobody sees it'],
  ['right-to-left isolate', 'notes/\u2067a', 'refused', 'it reads backwards'],
  ['full-width dots', 'notes/\uFF0E\uFF0E/secret', 'allow', 'plain names: the kernel maps nothing'],
  ['full-width slash', 'notes\uFF0Fa', 'deny', 'a plain character'],
  ['division slash', 'notes\u2215a', 'deny', 'a plain character'],
  ['two-dot leader', 'notes/\u2025/secret', 'allow', 'a plain name'],
  ['NFD', 'notes/o\u0308', 'refused', 'two spellings of one name'],
  ['NFC', 'notes/ö', 'allow', 'the one spelling'],
  ['Kelvin sign', 'notes/\u212A', 'refused', 'NFC makes it "K"'],
  ['dotted capital I', 'notes/\u0130', 'allow', 'nothing is folded'],
  ['sharp s', 'notes/ß', 'allow', 'nothing is folded'],
  ['high surrogate', 'notes/\ud83d', 'refused', 'no encoding has it'],
  ['low surrogate', 'notes/\ude00', 'refused', 'no encoding has it'],
  ['emoji', 'notes/\u{1F600}.md', 'allow', 'a plain name'],
  ['prototype name', '__proto__/a', 'deny', 'a text is a text'],
  ['prototype name below', 'notes/constructor', 'allow', 'a text is a text'],
  ['workspace itself', '.', 'deny', 'it is above the folder'],
  ['nothing', '', 'refused', 'no path'],
  ['deep', `${'a/'.repeat(500)}a`, 'deny', 'bounded by the length'],
  ['name of 256 bytes', `notes/${'ö'.repeat(128)}`, 'refused', 'no kernel takes it'],
  ['huge', `notes/${'a'.repeat(1_000_000)}`, 'refused', 'its length is looked at first'],
  ['huge traversal', '../'.repeat(350_000), 'refused', 'its length is looked at first'],
];

/** Sent to an agent that may read everything but `.env` files and what lies in `secrets`. */
const CLOSED: readonly Row[] = [
  ['plain', '.env', 'deny', 'it is what the denial speaks of'],
  ['below', 'a/b/.env.local', 'deny', 'in every folder'],
  ['slash after', '.env/', 'deny', 'dropped before the rule'],
  ['folder', 'secrets', 'deny', 'the folder itself'],
  ['in the folder', 'secrets/key', 'deny', 'beneath it'],
  ['one dot', './.env', 'refused', 'a second spelling'],
  ['detour', 'a/../.env', 'refused', 'a second spelling'],
  ['empty segment', 'a//.env', 'refused', 'a second spelling'],
  ['NUL', '.env\0.txt', 'refused', 'C ends the text there'],
  ['zero width', '.e\u200Bnv', 'refused', 'nobody sees it'],
  ['backslash', 'secrets\\key', 'refused', 'a separator elsewhere'],
  ['blank after', '.env ', 'deny', 'the "*" takes it'],
  ['upper case', '.ENV', 'allow', 'another file: file tools run on Linux only'],
  ['escape', '%2eenv', 'allow', 'another file: nothing here decodes'],
  ['NFD', 'secre\u0301ts/key', 'refused', 'two spellings'],
  ['another file', 'environment', 'allow', 'the denial is not wider than it says'],
  ['sibling', 'secrets-old/key', 'allow', 'the denial is not wider than it says'],
];

const opens = policyOf('{ id: a, tool: read_file, allow: { path: { under: notes } } }');
const closes = policyOf(
  '{ id: a, tool: read_file, allow: { path: { any: true } } }',
  '{ id: b, tool: read_file, deny: { path: { anyOf: [{ glob: "**/.env*" }, { under: secrets }] } } }',
);
const excepted = policyOf(
  '{ id: a, tool: read_file, allow: { path: { under: . } }, except: [{ path: { glob: "**/.env*" } }, { path: { under: secrets } }] }',
);

describe('paths: attacks and what must happen (S2, S3, S12)', () => {
  test.each(titled(OPENED))(`opened to one folder: ${TITLE}`, (_attack, must, _why, path) => {
    expect(attempt(opens, readFile, { path })).toBe(must);
  });

  test.each(titled(CLOSED))(`closed by name: ${TITLE}`, (_attack, must, _why, path) => {
    expect(attempt(closes, readFile, { path })).toBe(must);
    expect(attempt(excepted, readFile, { path })).toBe(must);
  });

  test.each([
    [3],
    [0],
    [['notes/a']],
    [{ path: 'notes/a' }],
    [new URL('file:///etc/passwd')],
    [Buffer.from('notes/a')],
  ])('what fs would take is not taken here: %p', (path) => expect(attempt(opens, readFile, { path })).toBe('refused'));
});
