/** docs/policy/typed-twin.md says how to compile a policy on this Node and write it to a file: so it is done here. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assistant } from './assistant.policy.ts';
import { readPages } from './guide-page.ts';

const ROOT = join(__dirname, '..', '..');
let checkout: string;

beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'countersign-twin-'));
  for (const part of ['src', 'tsconfig.json', 'package.json'])
    cpSync(join(ROOT, part), join(checkout, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

test('the policy is compiled and written as the page says', () => {
  const blocks = readPages().find(({ name }) => name === 'typed-twin.md')?.blocks ?? [];
  const folder = join(checkout, 'policies', 'mine');
  mkdirSync(folder, { recursive: true });
  for (const { file, kind, text } of blocks) {
    if (file !== null && kind === 'code') writeFileSync(join(folder, file), text);
    if (file !== null && kind === 'compiling') writeFileSync(join(checkout, file), text);
  }
  for (const { text } of blocks.filter(({ info }) => info === 'sh'))
    execFileSync('bash', ['-e', '-c', text], { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] });
  expect(readFileSync(join(checkout, 'policy.yaml'), 'utf8')).toBe(assistant.yaml);
}, 120_000);
