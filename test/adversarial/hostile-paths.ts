/**
 * Hostile paths that need nothing planted, by the class of test they come from: what Go's os.Root, filepath-securejoin,
 * cap-std and pillarjs/send are tested with, the encodings of PayloadsAllTheThings, names from archives (Zip Slip), the
 * prefix bug of the MCP file server (CVE-2025-53110), and what this project's own names and Unicode add.
 */
export type HostilePath = readonly [attack: string, source: string, path: string, why: string];

type Row = readonly [attack: string, path: string, why: string];

function from(source: string, rows: readonly Row[]): readonly HostilePath[] {
  return rows.map(([attack, path, why]) => [attack, source, path, why]);
}

/** The link in /proc to the root of a process's files. */
const ROOT_LINK = 'root';

/** Refused by every tool before anything is opened. */
export const HOSTILE: readonly HostilePath[] = [
  ...from('Go os.Root', [
    ['parent', '../outside/secret.txt', 'it leaves the root'],
    ['parent alone', '..', 'it leaves the root'],
    ['parent with slash', '../', 'it leaves the root'],
    ['parent and back', '../workspace/notes/plan.md', 'it leaves the root on the way'],
    ['detour', 'notes/../../outside/secret.txt', 'it leaves the root'],
    ['detour that stays', 'notes/../notes/plan.md', 'string and kernel disagree behind a link'],
    ['detour through what is missing', 'missing/../notes/plan.md', 'string and kernel disagree'],
    ['parent at the end', 'notes/..', 'string and kernel disagree'],
    ['dot first', './notes/plan.md', 'a second spelling'],
    ['dot within', 'notes/./plan.md', 'a second spelling'],
    ['dot at the end', 'notes/plan.md/.', 'a second spelling'],
    ['absolute', '/etc/passwd', 'paths are beneath the root'],
    ['root', '/', 'paths are beneath the root'],
    ['empty', '', 'no path'],
    ['empty segment', 'notes//plan.md', 'a second spelling'],
    ['two slashes at the end', 'notes/plan.md//', 'a second spelling'],
    ['long name', `notes/${'a'.repeat(256)}`, 'no kernel takes it'],
    ['long path', 'a/'.repeat(600), 'bounded'],
  ]),
  ...from('filepath-securejoin', [
    ['many parents', `${'../'.repeat(40)}etc/passwd`, 'it leaves the root'],
    ['parents after a deep way', `${'a/'.repeat(20)}${'../'.repeat(21)}outside/secret.txt`, 'it leaves the root'],
    ['absolute, double', '//etc/passwd', 'paths are beneath the root'],
    ['own process', '/proc/self/environ', 'paths are beneath the root'],
    ['own root', `/proc/self/${ROOT_LINK}/etc/passwd`, 'paths are beneath the root'],
    ['own folder', '/proc/self/cwd/package.json', 'paths are beneath the root'],
    ['own program', '/proc/self/exe', 'paths are beneath the root'],
    ['own descriptors', '/proc/self/fd/0', 'paths are beneath the root'],
    ['own thread', '/proc/thread-self/environ', 'paths are beneath the root'],
    ['root of the first process', `/proc/1/${ROOT_LINK}/etc/passwd`, 'paths are beneath the root'],
    ['descriptors as devices', '/dev/fd/0', 'paths are beneath the root'],
    ['standard input', '/dev/stdin', 'paths are beneath the root'],
    ['device', '/dev/zero', 'paths are beneath the root'],
    ['absolute device that takes all', '/dev/null', 'paths are beneath the root'],
  ]),
  ...from('CVE-2025-53110', [
    ['sibling with the prefix', '../workspace_evil/secret.txt', 'startsWith without the separator takes it'],
    ['sibling with the prefix, by a detour', 'notes/../../workspace_evil/secret.txt', 'as before'],
  ]),
  ...from('pillarjs/send', [
    ['NUL', 'notes/plan.md\0.png', 'C ends the text there'],
    ['NUL first', '\0', 'C ends the text there'],
    ['parent after a slash', '/../outside/secret.txt', 'it leaves the root'],
    ['parents in the middle', 'notes/../../../outside', 'it leaves the root'],
    ['many slashes first', '///notes/plan.md', 'a second spelling'],
  ]),
  ...from('PayloadsAllTheThings', [
    ['dots that one pass of removing leaves', '....//outside/secret.txt', 'it has an empty segment'],
    ['dots and a dot', '..././outside/secret.txt', 'a second spelling'],
    ['backslash', '..\\outside\\secret.txt', 'a separator elsewhere'],
    ['backslash and slash', '..\\/outside/secret.txt', 'a separator elsewhere'],
    ['backslash within', 'notes\\..\\..\\outside', 'a separator elsewhere'],
    ['share', '\\\\host\\share', 'a separator elsewhere'],
    ['share with slashes', '//host/share', 'paths are beneath the root'],
    ['file URL', 'file:///etc/passwd', 'it has an empty segment'],
    ['parent, NUL', '../outside/secret.txt\0.md', 'it leaves the root'],
    ['tab before the slash', '..\t/outside', 'a control character'],
  ]),
  ...from('Zip Slip', [
    ['evil name of an archive', '../../../../../../../../tmp/evil.txt', 'it leaves the root'],
    ['good name first', 'good/../../evil.txt', 'it leaves the root'],
    ['dot and parent', './../evil.txt', 'it leaves the root'],
    ['absolute name of an archive', '/tmp/evil.txt', 'paths are beneath the root'],
    ['drive with backslashes', 'C:\\Windows\\evil.txt', 'a separator elsewhere'],
    ['name that ends as a parent', 'notes/plan.md/..', 'string and kernel disagree'],
  ]),
  ...from('Trojan Source and UTS #39', [
    ['line end', 'notes/plan.md\n', 'it forges lines'],
    ['carriage return', 'notes/plan.md\r', 'it forges lines'],
    ['escape', 'notes/\u001b[2J', 'a terminal obeys it'],
    ['delete character', 'notes/\u007f', 'a control character'],
    ['next line (C1)', 'notes/\u0085', 'a control character'],
    ['right-to-left', 'notes/\u202Etxt', 'it reads backwards'],
    ['isolate', 'notes/\u2067txt', 'it reads backwards'],
    ['right-to-left mark', 'notes/\u200Ftxt', 'it reads backwards'],
    ['zero width', 'no\u200Btes/plan.md', 'nobody sees it'],
    ['zero width between dots', '.\u200B./outside/secret.txt', 'nobody sees it'],
    ['word joiner', 'no\u2060tes/plan.md', 'nobody sees it'],
    ['soft hyphen', 'no\u00ADtes/plan.md', 'nobody sees it'],
    ['tag character', 'notes/plan\u{E0041}.md', 'nobody sees it'],
    ['byte order mark', '\uFEFFnotes/plan.md', 'nobody sees it'],
    ['line separator', 'notes/\u2028', 'it forges lines'],
    ['NFD', 'notes/u\u0308', 'two spellings of one name'],
    ['NFD of Hangul', 'notes/\u1112\u1161\u11AB', 'two spellings of one name'],
    ['Kelvin sign', 'notes/\u212A', 'NFC makes it another'],
    ['lone surrogate', 'notes/\ud800', 'no encoding has it'],
  ]),
  ...from('own names', [
    ['the trash', '.countersign-trash', 'it is the tools’ own'],
    ['the trash with a slash', '.countersign-trash/', 'it is the tools’ own'],
    ['in the trash', '.countersign-trash/0123456789abcdef/manifest.json', 'it is the tools’ own'],
    ['the trash by a detour', 'notes/../.countersign-trash', 'string and kernel disagree'],
    ['a trash elsewhere', 'notes/.countersign-trash/x', 'it is the tools’ own'],
    ['the trash in capitals', '.COUNTERSIGN-TRASH/x', 'a file system may fold'],
    ['the trash in title case', '.Countersign-Trash/x', 'a file system may fold'],
    ['the trash with long s', '.counter\u017Fign-trash/x', 'a file system may fold'],
    ['the trash in full width', '\uFF0Ecountersign-trash/x', 'a file system may fold'],
    ['the trash in full-width capitals', '.\uFF23\uFF2FUNTERSIGN-trash', 'a file system may fold'],
    ['the trash with a one-dot leader', '\u2024countersign-trash/x', 'a file system may fold'],
    ['the trash with a full-width hyphen', '.countersign\uFF0Dtrash/x', 'a file system may fold'],
    ['the trash with a small hyphen', '.countersign\uFE63trash/x', 'a file system may fold'],
    ['the trash, dotless', '.counters\u0131gn-trash/x', 'a file system may fold'],
    ['the trash with accents', '.co\u00FCntersign-trash/x', 'a file system may fold'],
    ['the trash in bold letters', '.\u{1D41C}ountersign-trash/x', 'a file system may fold'],
    ['the trash in circles', '.\u24D2ountersign-trash/x', 'a file system may fold'],
    ['the trash with a blank before', ' .countersign-trash/x', 'some drop it'],
    ['the trash with a blank after', '.countersign-trash /x', 'Windows drops it'],
    ['the trash with a dot after', '.countersign-trash./x', 'Windows drops it'],
    ['the trash as a stream', '.countersign-trash::$INDEX_ALLOCATION/x', 'Windows reads it as the folder'],
    ['a temporary', 'notes/.countersign-tmp-0123', 'it is the tools’ own'],
    ['a temporary in capitals', 'notes/.Countersign-TMP-0123', 'a file system may fold'],
    ['a name held for a moment', 'notes/.countersign-held-0123', 'it is the tools’ own'],
    ['a name of later', '.countersign-later', 'it is the tools’ own'],
  ]),
];
