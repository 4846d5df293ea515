import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, realpathSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Stage } from '../adapters/files/stage.ts';
import { SECRET, createStage, makeFifo, snapshot } from '../adapters/files/stage.ts';
import { TRIES, attemptTool } from './files-stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = createStage();
  stage.put('movable.txt', 'moved by the agent');
});
afterEach(() => stage.remove());

/** What each row names is told by no tool, and nothing outside changes. Why: the third word. */
const LEXICAL: readonly (readonly [attack: string, path: string, why: string])[] = [
  ['parent', '../outside/secret.txt', 'it leaves the root'],
  ['parent alone', '..', 'it leaves the root'],
  ['parent with slash', '../', 'it leaves the root'],
  ['detour', 'notes/../../outside/secret.txt', 'it leaves the root'],
  ['detour that stays', 'notes/../notes/plan.md', 'string and kernel disagree behind a link'],
  ['parent at the end', 'notes/..', 'string and kernel disagree'],
  ['many parents', `${'../'.repeat(40)}etc/passwd`, 'it leaves the root'],
  ['sibling with the prefix', '../workspace_evil/secret.txt', 'startsWith without the separator takes it'],
  ['dot first', './notes/plan.md', 'a second spelling'],
  ['dot within', 'notes/./plan.md', 'a second spelling'],
  ['empty segment', 'notes//plan.md', 'a second spelling'],
  ['absolute', '/etc/passwd', 'paths are beneath the root'],
  ['absolute, double', '//etc/passwd', 'paths are beneath the root'],
  ['root', '/', 'paths are beneath the root'],
  ['own process', '/proc/self/environ', 'paths are beneath the root'],
  ['own root', '/proc/self/root/etc/passwd', 'paths are beneath the root'],
  ['own descriptors', '/proc/self/fd/0', 'paths are beneath the root'],
  ['device', '/dev/zero', 'paths are beneath the root'],
  ['NUL', 'notes/plan.md\0.png', 'C ends the text there'],
  ['NUL first', '\0', 'C ends the text there'],
  ['line end', 'notes/plan.md\n', 'it forges lines'],
  ['carriage return', 'notes/plan.md\r', 'it forges lines'],
  ['escape', 'notes/\u001b[2J', 'a terminal obeys it'],
  ['delete character', 'notes/\u007f', 'a control character'],
  ['next line (C1)', 'notes/\u0085', 'a control character'],
  ['right-to-left', 'notes/\u202Etxt', 'it reads backwards'],
  ['isolate', 'notes/\u2067txt', 'it reads backwards'],
  ['zero width', 'no\u200Btes/plan.md', 'nobody sees it'],
  ['byte order mark', '\uFEFFnotes/plan.md', 'nobody sees it'],
  ['line separator', 'notes/\u2028', 'it forges lines'],
  ['NFD', 'notes/u\u0308', 'two spellings of one name'],
  ['Kelvin sign', 'notes/\u212A', 'NFC makes it another'],
  ['lone surrogate', 'notes/\ud800', 'no encoding has it'],
  ['backslash', '..\\outside\\secret.txt', 'a separator elsewhere'],
  ['share', '\\\\host\\share', 'a separator elsewhere'],
  ['file URL', 'file:///etc/passwd', 'it has an empty segment'],
  ['empty', '', 'no path'],
  ['long name', `notes/${'a'.repeat(256)}`, 'no kernel takes it'],
  ['long path', 'a/'.repeat(600), 'bounded'],
  ['the trash', '.countersign-trash', 'it is the tools’ own'],
  ['in the trash', '.countersign-trash/0123456789abcdef/manifest.json', 'it is the tools’ own'],
  ['the trash in capitals', '.COUNTERSIGN-TRASH/x', 'a file system may fold'],
  ['the trash with long s', '.counter\u017Fign-trash/x', 'a file system may fold'],
  ['the trash in full width', '\uFF0Ecountersign-trash/x', 'a file system may fold'],
  ['the trash, dotless', '.counters\u0131gn-trash/x', 'a file system may fold'],
  ['a temporary', 'notes/.countersign-tmp-0123', 'it is the tools’ own'],
];

/** Names that look dangerous and are plain ones to the kernel: nothing is decoded, so they name nothing outside. */
const PLAIN: readonly (readonly [attack: string, path: string])[] = [
  ['escaped', '%2e%2e/outside/secret.txt'],
  ['escaped slash', '..%2foutside%2fsecret.txt'],
  ['escaped twice', '%252e%252e%252foutside'],
  ['overlong UTF-8, escaped', '..%c0%afoutside'],
  ['dots and semicolon', '..;/outside/secret.txt'],
  ['four dots', '..../outside/secret.txt'],
  ['three dots', '.../outside'],
  ['dots and blank', '.. /outside/secret.txt'],
  ['full-width dots', '\uFF0E\uFF0E/outside/secret.txt'],
  ['two-dot leader', '\u2025/outside/secret.txt'],
  ['full-width slash', '..\uFF0Foutside'],
  ['division slash', '..\u2215outside'],
  ['home', '~/secret.txt'],
  ['variable', '$HOME/secret.txt'],
  ['command', '$(id)/secret.txt'],
  ['drive', 'C:/secret.txt'],
  ['stream', 'notes/plan.txt::$DATA'],
  ['option', '-rf'],
  ['pattern', 'notes/*'],
  ['prototype', '__proto__/constructor'],
];

type Make = (at: (path: string) => string, outside: string) => void;

/** What is planted in the workspace, and the path that is tried. */
const PLANTED: readonly (readonly [attack: string, path: string, make: Make])[] = [
  ['link to a file', 'l', (at, outside) => symlinkSync(join(outside, 'secret.txt'), at('l'))],
  ['relative link to a file', 'l', (at) => symlinkSync('../outside/secret.txt', at('l'))],
  ['link to a folder', 'l', (at, outside) => symlinkSync(outside, at('l'))],
  ['through a link to a folder', 'l/secret.txt', (at, outside) => symlinkSync(outside, at('l'))],
  ['new file through a link', 'l/new.txt', (at, outside) => symlinkSync(outside, at('l'))],
  ['new folder through a link', 'l/a/b/new.txt', (at, outside) => symlinkSync(outside, at('l'))],
  ['deep through a link', 'l/sub/secret.txt', (at, outside) => symlinkSync(outside, at('l'))],
  ['link at depth two', 'notes/l/secret.txt', (at, outside) => symlinkSync(outside, at('notes/l'))],
  ['relative link at depth two', 'notes/l/secret.txt', (at) => symlinkSync('../../outside', at('notes/l'))],
  ['link to the parent', 'l/outside/secret.txt', (at) => symlinkSync('..', at('l'))],
  ['link to /', 'l/etc/passwd', (at) => symlinkSync('/', at('l'))],
  ['link to /proc/self', 'l/environ', (at) => symlinkSync('/proc/self', at('l'))],
  ['link to own root', 'l/etc/passwd', (at) => symlinkSync('/proc/self/root', at('l'))],
  ['link to own folder', 'l/package.json', (at) => symlinkSync('/proc/self/cwd', at('l'))],
  ['dangling link', 'l', (at, outside) => symlinkSync(join(outside, 'made.txt'), at('l'))],
  ['dangling relative link', 'l', (at) => symlinkSync('../outside/made.txt', at('l'))],
  ['link to a link', 'm', (at, outside) => (symlinkSync(outside, at('l')), symlinkSync('l/secret.txt', at('m')))],
  ['through two links', 'm/secret.txt', (at, outside) => (symlinkSync(outside, at('l')), symlinkSync('l', at('m')))],
  ['loop of one', 'l', (at) => symlinkSync('l', at('l'))],
  ['loop of two', 'l/x', (at) => (symlinkSync('m', at('l')), symlinkSync('l', at('m')))],
  ['link within the root', 'l', (at) => symlinkSync('notes/plan.md', at('l'))],
  ['link to the root', 'l/notes/plan.md', (at) => symlinkSync('.', at('l'))],
  ['link to the sibling with the prefix', 'l/secret.txt', (at) => symlinkSync('../workspace_evil', at('l'))],
  [
    'link to the trash',
    'l/x',
    (at) => (mkdirSync(at('.countersign-trash'), 0o700), symlinkSync('.countersign-trash', at('l'))),
  ],
  ['hard link', 'h', (at, outside) => linkSync(join(outside, 'secret.txt'), at('h'))],
  ['hard link at depth two', 'notes/h', (at, outside) => linkSync(join(outside, 'secret.txt'), at('notes/h'))],
  ['FIFO', 'f', (at) => makeFifo(at('f'))],
  ['beneath a FIFO', 'f/x', (at) => makeFifo(at('f'))],
  ['socket', 's', (at) => bindSocket(at('s'))],
  ['beneath a file', 'notes/plan.md/x', () => undefined],
];

function bindSocket(path: string): void {
  const code = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  try {
    execFileSync(process.execPath, ['-e', code, path], { stdio: 'ignore' });
  } catch {
    // It was to die so: the socket stays.
  }
}

/** Tools that did more than refuse. Nothing is told, nothing changed, in the workspace neither. */
async function refusedByAll(path: string): Promise<readonly string[]> {
  const kinds: string[] = [];
  const outside = [snapshot(stage.outside), snapshot(`${stage.root}_evil`)];
  for (const each of TRIES) {
    const said = await attemptTool(stage, each, path);
    if (!['invalid', 'denied', 'failed'].includes(said.kind)) kinds.push(`${each[0]}: ${said.kind}`);
    expect(said.text).not.toContain(SECRET);
  }
  expect([snapshot(stage.outside), snapshot(`${stage.root}_evil`)]).toEqual(outside);
  expect(stage.text('movable.txt')).toBe('moved by the agent');
  expect(stage.text('notes/plan.md')).toBe('# Plan\n');
  return kinds;
}

describe('S12: what each file tool does with hostile paths', () => {
  test.each(LEXICAL)('%s: refused by all', async (_attack, path) => {
    expect(await refusedByAll(path)).toEqual([]);
  });

  test.each(PLANTED)('%s: refused by all', async (_attack, path, make) => {
    make(stage.at, stage.outside);
    expect(await refusedByAll(path)).toEqual([]);
  });

  test.each(PLAIN)('%s: a plain name, and nothing of the outside', async (_attack, path) => {
    const outside = [snapshot(stage.outside), snapshot(`${stage.root}_evil`)];
    for (const each of TRIES) expect((await attemptTool(stage, each, path)).text).not.toContain(SECRET);
    expect([snapshot(stage.outside), snapshot(`${stage.root}_evil`)]).toEqual(outside);
  });

  test('a sparse file of 1 TiB is refused at once by whatever reads it', async () => {
    stage.put('sparse', '');
    truncateSync(stage.at('sparse'), 2 ** 40);
    for (const each of TRIES.filter(([name]) => !/list|search|move to|restore/.test(name))) {
      expect((await attemptTool(stage, each, 'sparse')).kind).toBe('failed');
    }
  });

  test.each([
    ['read', 'notes/plan.md'],
    ['list', 'notes'],
    ['list', '.'],
    ['list', 'notes/'],
    ['search', '.'],
    ['write', 'notes/plan.md'],
    ['write', 'new/ö/\u{1F600}.md'],
    ['write', 'notes/...'],
    ['write', 'notes/a b.md'],
    ['move from', 'notes/plan.md'],
    ['move to', 'old/plan.md'],
    ['delete', 'notes/plan.md'],
    ['restore', 'notes/gone.md'],
  ])('the honest twin: %s %s is done', async (name, path) => {
    const each = TRIES.find(([tried]) => tried === name);
    if (each === undefined) throw new Error(name);
    // A trash entry is planted as the deletion would leave it, but its hash is that of "gone".
    expect((await attemptTool(stage, each, path)).kind).toBe('done');
  });
});

/** What is often written instead, and how many of the rows above it lets through to read and write outside. */
const NAIVE: readonly (readonly [guard: string, leaks: number, open: (root: string, path: string) => string])[] = [
  ['resolve and startsWith', 13, (root, path) => within(resolve(root, path), root)],
  ['resolve and startsWith with a slash', 12, (root, path) => within(resolve(root, path), `${root}/`)],
  ['realpath and startsWith with a slash', 2, (root, path) => within(realpathSync(join(root, path)), `${root}/`)],
];

function within(path: string, prefix: string): string {
  if (!path.startsWith(prefix)) throw new Error('outside');
  return path;
}

const NOTHING: Make = () => undefined;
/** The naive guards would wait for a FIFO for ever. */
const NEVER_WAITING = PLANTED.filter(([attack]) => !attack.includes('FIFO'));
const ROWS = [
  ...LEXICAL.map(([, path]) => [path, NOTHING] as const),
  ...NEVER_WAITING.map(([, path, make]) => [path, make] as const),
];

describe('the attacks are real: the naive guards leak', () => {
  test.each(NAIVE)('%s lets %i of the rows through', (_guard, leaks, open) => {
    expect(ROWS.filter(([path, make]) => leaksThrough(open, path, make))).toHaveLength(leaks);
  });
});

/** Whether the secret was read and then written over: nothing else of this machine ever is. */
function leaksThrough(open: (root: string, path: string) => string, path: string, make: Make): boolean {
  const one = createStage();
  const before = snapshot(one.outside) + snapshot(`${one.root}_evil`);
  try {
    make(one.at, one.outside);
    const opened = open(one.root, path);
    if (readFileSync(opened, 'utf8') === SECRET) writeFileSync(opened, 'written by the agent');
    return readFileSync(opened, 'utf8') === 'written by the agent';
  } catch {
    return snapshot(one.outside) + snapshot(`${one.root}_evil`) !== before;
  } finally {
    one.remove();
  }
}
