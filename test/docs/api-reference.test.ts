/** docs/api.md says what the package exports, in the words of its sources. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = join(__dirname, '..', '..');
const node = (...args: readonly string[]): string =>
  execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const page = readFileSync(join(ROOT, 'docs', 'api.md'), 'utf8');

describe('the API reference', () => {
  test('is what the docstrings say now; every export has one ("npm run docs:api" writes it)', () => {
    node('bin/countersign.js', '--version');
    expect(node('scripts/api-reference.mjs', '--print')).toBe(page);
  });

  test('names every value that the package exports, and nothing else as a function or constant', () => {
    const exported = node('-e', 'import("countersign").then((all) => console.log(JSON.stringify(Object.keys(all))))');
    const names = JSON.parse(exported) as readonly string[];
    const parts = page.split(/^### /m).filter((part) => /^```ts\n(?:function|const|class) /m.test(part));
    const blocks = parts.map((part) => part.split('\n')[0]);
    expect(new Set(blocks)).toEqual(new Set(names));
  });

  test('refers to no paper that is not in the repository', () => {
    expect(page).not.toMatch(/design\.md|\(facts/);
  });
});
