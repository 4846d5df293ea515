import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CLAIMS } from './claims.ts';

/** Titles of tests and groups as they stand in the source: texts that a function follows. */
const titlesOf = (file: string): readonly string[] =>
  [...readFileSync(join(__dirname, file), 'utf8').matchAll(/(['`])((?:(?!\1).)+)\1,\s*(?:async )?\(/g)].map(
    ([, , title = '']) => title,
  );

const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));

describe('every promise has a test', () => {
  test('README.md promises exactly what test/claims.ts lists', () => {
    const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
    const section = /<!-- claims -->([\s\S]*?)<!-- \/claims -->/.exec(readme)?.[1] ?? '';
    const promised = [...section.matchAll(/^- (.*)$/gm)].map(([, sentence]) => sentence);
    expect(promised).toEqual(CLAIMS.map(({ promise }) => promise));
  });

  test.each(CLAIMS)('$id', ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const [file, title] of tests) {
      expect({ file, title, found: titlesOf(file).some((one) => one.startsWith(title)) }).toMatchObject({
        found: true,
      });
    }
  });

  test('ids are there once', () => {
    expect(new Set(CLAIMS.map(({ id }) => id)).size).toBe(CLAIMS.length);
  });
});

test.each(Array.from({ length: 13 }, (_, index) => `S${index + 1}`))(
  'the invariant %s of the design is attacked by a test that cites it',
  (invariant) => {
    const cited = new RegExp(`\\b${invariant}\\b`);
    expect(files.flatMap(titlesOf).filter((title) => cited.test(title))).not.toEqual([]);
  },
);

test('no test is skipped, singled out or left for later', () => {
  const marked = files.filter((file) =>
    /\b(?:test|describe|it)\.(?:skip|only|todo)\b/.test(readFileSync(join(__dirname, file), 'utf8')),
  );
  expect(marked).toEqual([]);
});
