/** What is often written instead of the walk by descriptors, and how many of the rows it lets through: they are real. */
import { describe, expect, test } from '@jest/globals';
import { closeSync, constants, openSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SECRET, createStage } from '../adapters/files/stage.ts';
import { outsideOf } from './files-stage.ts';
import { HOSTILE } from './hostile-paths.ts';
import type { Make } from './planted-paths.ts';
import { LINKS, SPECIAL } from './planted-paths.ts';

type Guard = (root: string, path: string) => string;

const prefix: Guard = (root, path) => within(resolve(root, path), root);
const folder: Guard = (root, path) => within(resolve(root, path), `${root}/`);
const real: Guard = (root, path) => within(realpathSync(join(root, path)), `${root}/`);
/** As `real`, for files that are to be made: of what is not there, the folder is resolved. */
const realOrNew: Guard = (root, path) => {
  try {
    return real(root, path);
  } catch {
    within(`${realpathSync(join(root, path, '..'))}/`, `${root}/`);
    return join(root, path);
  }
};

function within(path: string, start: string): string {
  if (!path.startsWith(start)) throw new Error('outside');
  return path;
}

const NOTHING: Make = () => undefined;

describe('the attacks are real: the naive guards leak', () => {
  test.each<[string, number, number, Guard]>([
    ['resolve and startsWith', 27, 6, prefix],
    ['resolve and startsWith with a slash', 25, 6, folder],
    ['realpath and startsWith with a slash', 2, 2, real],
    ['the same, with the folder of what is new', 9, 6, realOrNew],
  ])('%s lets %i of the rows through, and opens %i special files', (_guard, leaks, opened, guard) => {
    const rows = [
      ...HOSTILE.map(([, , path]) => [path, NOTHING] as const),
      ...LINKS.map(([, , path, make]) => [path, make] as const),
    ];
    expect({
      leaks: rows.filter(([path, make]) => onStage(make, (root, outside) => leaksThrough(guard, root, path, outside)))
        .length,
      opened: SPECIAL.filter(([, , path, make]) => onStage(make, (root) => opens(guard, root, path))).length,
    }).toEqual({ leaks, opened });
  });
});

function onStage(make: Make, judge: (root: string, outside: () => readonly string[]) => boolean): boolean {
  const one = createStage();
  try {
    make(one.at, one.outside);
    return judge(one.root, () => outsideOf(one));
  } finally {
    one.remove();
  }
}

/** Whether the secret was read or something outside changed: nothing else of this machine ever is. */
function leaksThrough(guard: Guard, root: string, path: string, outside: () => readonly string[]): boolean {
  const before = outside().join();
  try {
    const opened = guard(root, path);
    // What does not lie on the stage is looked at by nobody.
    if ([opened, dirname(opened)].some((each) => /^\/(?:proc|dev|etc)\//.test(realpathOrItself(each)))) return true;
    const found = readOrNothing(opened);
    if (found === undefined || found === SECRET) writeFileSync(opened, 'written by the agent');
    return found === SECRET || outside().join() !== before;
  } catch {
    return outside().join() !== before;
  }
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function realpathOrItself(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Opened here without waiting; as these guards are used, a FIFO holds a thread for ever, and a device may never end. */
function opens(guard: Guard, root: string, path: string): boolean {
  try {
    closeSync(openSync(guard(root, path), constants.O_RDWR | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
