/** What waits at the other end of a special file in the workspace notices nothing (S12). */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Stage } from '../adapters/files/stage.ts';
import { createStage, makeFifo } from '../adapters/files/stage.ts';
import { TRIES, attemptTool, notRefused } from './files-stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = createStage();
  stage.put('movable.txt', 'moved by the agent');
});
afterEach(() => stage.remove());

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

/** Another program that waits for the one it wants to talk to, until `release`. */
async function waitAt(path: string, flags: number, other: number) {
  let woken = false;
  const waiting = open(path, flags).then((file) => ((woken = true), file));
  return {
    woken: () => woken,
    release: async () => {
      const end = await open(path, other | O_NONBLOCK);
      await (await waiting).close();
      await end.close();
    },
  };
}

test('a program that waits for a reader of its FIFO waits on', async () => {
  makeFifo(stage.at('f'));
  const program = await waitAt(stage.at('f'), O_WRONLY, O_RDONLY);
  try {
    expect(await notRefused(stage, 'f')).toEqual([]);
    expect(program.woken()).toBe(false);
  } finally {
    await program.release();
  }
});

test('a program that waits for a writer of its FIFO waits on', async () => {
  makeFifo(stage.at('f'));
  const program = await waitAt(stage.at('f'), O_RDONLY, O_WRONLY);
  try {
    expect(await notRefused(stage, 'f')).toEqual([]);
    expect(program.woken()).toBe(false);
  } finally {
    await program.release();
  }
});

test('listing and searching a folder with a FIFO in it wakes nobody either', async () => {
  makeFifo(stage.at('notes/f'));
  const program = await waitAt(stage.at('notes/f'), O_WRONLY, O_RDONLY);
  try {
    for (const each of TRIES.filter(([name]) => name === 'list' || name === 'search')) {
      expect((await attemptTool(stage, each, 'notes')).kind).toBe('done');
    }
    expect(program.woken()).toBe(false);
  } finally {
    await program.release();
  }
});
