/** A file whose tests fail does not load, but one can look at it to find out why they fail. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import type { PolicyFolder } from './policy-files.ts';
import { RULES, policyFolder, policyText, withoutSettings } from './policy-files.ts';

const EXPORTED = join(__dirname, '..', 'docs', 'exported.json');
const TESTS = 'tests: [{ name: t, call: { tool: read_file, input: { path: notes/a } }, expect: deny }]';
const EXAMPLE = '{ id: e, tool: read_file, allow: { path: { under: a } }, examples: { match: [{ path: b }] } }';

let files: PolicyFolder;
let restore: () => void;
let good: string;
let failing: string;

beforeAll(() => {
  restore = withoutSettings();
  files = policyFolder();
  good = files.write('good.yaml', policyText());
  failing = files.write('failing.yaml', policyText([...RULES, EXAMPLE], TESTS));
});
afterAll(() => {
  files.remove();
  restore();
});

describe('a file with a test and an example that fail', () => {
  test.each<[string, () => readonly string[], string]>([
    [
      'explain',
      () => ['explain', failing, '--tool', 'read_file', '--input', '{"path":"notes/a"}'],
      'allow by rule notes',
    ],
    ['show', () => ['show', failing], '# What the agent may do'],
    ['diff, as the new one', () => ['diff', good, failing], 'rule e added'],
    ['backtest, as the candidate', () => ['backtest', failing, '--history', EXPORTED], 'decided again'],
  ])('%s: works, and says first that they fail', async (_, argv, words) => {
    const { code, out, err } = await files.policy(...argv());
    expect([0, 1]).toContain(code);
    expect(out).toContain(words);
    expect(err).toBe(
      `${failing} does not load as it is: of its examples and tests 2 fail. See "countersign policy test ${failing}".\n`,
    );
  });

  test.each<[string, () => readonly string[]]>([
    ['install', () => ['install', failing]],
    ['diff, as the old one', () => ['diff', failing, good]],
  ])('%s: is strict', async (_, argv) => {
    expect(await files.policy(...argv())).toMatchObject({ code: 5, out: '' });
  });

  test('one that is good is not spoken of', async () => {
    expect((await files.policy('show', good)).err).toBe('');
  });
});
