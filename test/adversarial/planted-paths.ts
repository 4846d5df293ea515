/**
 * Links and special files planted in the workspace, and the path that is tried, by the class of test they come from.
 * `special`: what may block or act when it is merely opened.
 */
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFifo } from '../adapters/files/stage.ts';

export type Make = (at: (path: string) => string, outside: string) => void;
export type Planted = readonly [attack: string, source: string, path: string, make: Make];

const link =
  (name: string, target: string): Make =>
  (at) =>
    symlinkSync(target, at(name));
const linkOut =
  (name: string, target = ''): Make =>
  (at, outside) =>
    symlinkSync(join(outside, target), at(name));
const both =
  (...makes: readonly Make[]): Make =>
  (at, outside) =>
    makes.forEach((make) => make(at, outside));

/** A chain of links, each to the one before: `l0` to the outside, the last one `l<length>`. */
const chain =
  (length: number): Make =>
  (at, outside) => {
    symlinkSync(outside, at('l0'));
    for (let n = 1; n <= length; n += 1) symlinkSync(`l${n - 1}`, at(`l${n}`));
  };

export const LINKS: readonly Planted[] = [
  ['link to a file', 'CVE-2025-53109', 'l', linkOut('l', 'secret.txt')],
  ['relative link to a file', 'Go os.Root', 'l', link('l', '../outside/secret.txt')],
  ['link to a folder', 'CVE-2025-53109', 'l', linkOut('l')],
  ['link to a folder, slash after', 'Go os.Root', 'l/', linkOut('l')],
  ['link to a file, slash after', 'Go os.Root', 'l/', linkOut('l', 'secret.txt')],
  ['link whose target has a slash after', 'Go os.Root', 'l', link('l', '../outside/')],
  ['through a link to a folder', 'CVE-2025-53109', 'l/secret.txt', linkOut('l')],
  ['new file through a link', 'CVE-2025-53109', 'l/new.txt', linkOut('l')],
  ['new folder through a link', 'cap-std', 'l/a/b/new.txt', linkOut('l')],
  ['deep through a link', 'filepath-securejoin', 'l/sub/secret.txt', linkOut('l')],
  ['link at depth two', 'filepath-securejoin', 'notes/l/secret.txt', linkOut('notes/l')],
  ['relative link at depth two', 'filepath-securejoin', 'notes/l/secret.txt', link('notes/l', '../../outside')],
  ['link to the parent', 'Go os.Root', 'l/outside/secret.txt', link('l', '..')],
  ['link to the own folder and up', 'cap-std', 'l/outside/secret.txt', link('l', 'notes/../..')],
  ['link to /', 'Go os.Root', 'l/etc/passwd', link('l', '/')],
  ['link to /proc/self', 'filepath-securejoin', 'l/environ', link('l', '/proc/self')],
  ['link to own root', 'filepath-securejoin', 'l/etc/passwd', link('l', '/proc/self/root')],
  ['link to own working folder', 'filepath-securejoin', 'l/package.json', link('l', '/proc/self/cwd')],
  ['link to own descriptors', 'filepath-securejoin', 'l/0', link('l', '/proc/self/fd')],
  ['link to /dev/fd', 'filepath-securejoin', 'l/0', link('l', '/dev/fd')],
  ['link to the environment', 'filepath-securejoin', 'l', link('l', '/proc/self/environ')],
  ['dangling link', 'filepath-securejoin', 'l', linkOut('l', 'made.txt')],
  ['dangling relative link', 'filepath-securejoin', 'l', link('l', '../outside/made.txt')],
  ['through a dangling link', 'filepath-securejoin', 'l/made.txt', linkOut('l', 'made')],
  ['dangling link to a dangling link', 'filepath-securejoin', 'm', both(linkOut('l', 'made.txt'), link('m', 'l'))],
  ['link to a link', 'cap-std', 'm', both(linkOut('l'), link('m', 'l/secret.txt'))],
  ['through two links', 'cap-std', 'm/secret.txt', both(linkOut('l'), link('m', 'l'))],
  ['a chain of 30 links', 'Go os.Root', 'l30/secret.txt', chain(30)],
  ['a chain longer than the kernel follows', 'Go os.Root', 'l50/secret.txt', chain(50)],
  ['loop of one', 'filepath-securejoin', 'l', link('l', 'l')],
  ['through a loop of one', 'filepath-securejoin', 'l/l/l/x', link('l', 'l')],
  ['loop of two', 'filepath-securejoin', 'l/x', both(link('l', 'm'), link('m', 'l'))],
  ['loop over the parent', 'cap-std', 'l/l/l/notes/plan.md', link('l', '../workspace')],
  ['link that grows', 'filepath-securejoin', 'l/x', link('l', 'l/l')],
  ['link within the root', 'cap-std', 'l', link('l', 'notes/plan.md')],
  ['link to the root', 'cap-std', 'l/notes/plan.md', link('l', '.')],
  ['link to the sibling with the prefix', 'CVE-2025-53110', 'l/secret.txt', link('l', '../workspace_evil')],
  [
    'link to the trash',
    'own',
    'l/x',
    both((at) => mkdirSync(at('.countersign-trash'), { mode: 0o700 }), link('l', '.countersign-trash')),
  ],
  ['hard link', 'cap-std', 'h', (at, outside) => linkSync(join(outside, 'secret.txt'), at('h'))],
  [
    'hard link at depth two',
    'cap-std',
    'notes/h',
    (at, outside) => linkSync(join(outside, 'secret.txt'), at('notes/h')),
  ],
  ['beneath a file', 'Go os.Root', 'notes/plan.md/x', () => undefined],
];

export const SPECIAL: readonly Planted[] = [
  ['FIFO', 'filepath-securejoin', 'f', (at) => makeFifo(at('f'))],
  ['FIFO, slash after', 'filepath-securejoin', 'f/', (at) => makeFifo(at('f'))],
  ['beneath a FIFO', 'filepath-securejoin', 'f/x', (at) => makeFifo(at('f'))],
  ['FIFO outside, by a link', 'cap-std', 'l', both((_at, outside) => makeFifo(join(outside, 'f')), linkOut('l', 'f'))],
  ['socket', 'filepath-securejoin', 's', (at) => bindSocket(at('s'))],
  ['beneath a socket', 'filepath-securejoin', 's/x', (at) => bindSocket(at('s'))],
  ['link to a device that takes all', 'cap-std', 'l', link('l', '/dev/null')],
  ['link to a device without end', 'cap-std', 'l', link('l', '/dev/zero')],
  ['link to a device that is full', 'cap-std', 'l', link('l', '/dev/full')],
  // Whoever may make files may make this one, device 0:0.
  ['device without a driver', 'filepath-securejoin', 'd', node('c', 0, 0)],
];

const ALL_DEVICES: readonly Planted[] = [
  ['device that takes all', 'filepath-securejoin', 'd', node('c', 1, 3)],
  ['device without end', 'filepath-securejoin', 'd', node('c', 1, 5)],
  ['device that is full', 'filepath-securejoin', 'd', node('c', 1, 7)],
  ['device of chance', 'filepath-securejoin', 'notes/d', node('c', 1, 9, 'notes/d')],
  ['device, slash after', 'filepath-securejoin', 'd/', node('c', 1, 3)],
  ['beneath a device', 'filepath-securejoin', 'd/x', node('c', 1, 3)],
  ['block device of a number nobody has', 'filepath-securejoin', 'd', node('b', 240, 0)],
];

/** Made by root alone. Where they cannot be, there are no rows, so that none looks as if it had been tried. */
export const DEVICES: readonly Planted[] = mayMakeDevices() ? ALL_DEVICES : [];

function mayMakeDevices(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-mknod-'));
  try {
    node('c', 1, 3)((name) => join(folder, name), folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function node(type: 'b' | 'c', major: number, minor: number, name = 'd'): Make {
  return (at) => {
    try {
      execFileSync('mknod', [at(name), type, String(major), String(minor)], { stdio: 'pipe' });
    } catch (error) {
      throw new Error(`mknod ${type} ${major} ${minor} is not permitted (CAP_MKNOD)`, {
        cause: error,
      });
    }
  };
}

function bindSocket(path: string): void {
  const code = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  try {
    execFileSync(process.execPath, ['-e', code, path], { stdio: 'ignore' });
  } catch {
    // It was to die so: the socket stays.
  }
}
