import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspaceChanges } from '../../../src/adapters/files/workspace-changes.ts';
import type { Stage } from './stage.ts';
import { createStage } from './stage.ts';

const KILLS = 40;
const LIVES = join(process.cwd(), 'test', 'adapters', 'files', 'killed-writer.mjs');
const [OLD, FRESH] = [Buffer.alloc(300_000, 'o'), Buffer.alloc(300_000, 'n')];

let stage: Stage;
beforeEach(() => void (stage = createStage()));
afterEach(() => stage.remove());

/** Kills a writing process after a while that is another each time. */
async function writeAndDie(n: number): Promise<void> {
  const child = spawn(process.execPath, [LIVES, stage.root], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), gone]);
  await new Promise((resolve) => setTimeout(resolve, (n * 7) % 50));
  child.kill('SIGKILL');
  await gone;
}

function isWhole(name: string): boolean {
  const bytes = readFileSync(stage.at(name));
  return bytes.equals(FRESH) || bytes.equals(OLD);
}

test(`a writer killed ${KILLS} times leaves the old file or the new one, and nothing that lasts`, async () => {
  stage.put('file', OLD);
  let leftOvers = 0;
  for (let n = 0; n < KILLS; n += 1) {
    await writeAndDie(n);
    const names = readdirSync(stage.root);
    leftOvers += names.filter((name) => name.startsWith('.countersign-tmp-')).length;
    for (const name of names.filter((each) => /^(?:file$|new-)/.test(each))) expect(isWhole(name)).toBe(true);
    const listed = await stage.files.list('.');
    expect(JSON.stringify(listed)).not.toContain('countersign');
    for (const name of names.filter((each) => each.startsWith('new-')).slice(0, -1)) rmSync(stage.at(name));
  }
  // Else no kill met a writer at work, and this proved nothing.
  expect(leftOvers).toBeGreaterThan(0);
  const next = createWorkspaceChanges({ root: stage.root, trashDays: 30, now: () => new Date(), leftOverMs: 0 });
  await next.dropDeletion('0123456789abcdef');
  const names = readdirSync(stage.root);
  expect(names.filter((name) => name.startsWith('.countersign-tmp-'))).toEqual([]);
  for (const name of names.filter((each) => /^(?:file$|new-)/.test(each)))
    expect(statSync(stage.at(name)).nlink).toBe(1);
}, 120_000);
