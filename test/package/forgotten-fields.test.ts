/** A tool that forgets what the guard, the policy or a person needs does not compile, seen from another package (S2). */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Installed } from './installed.ts';
import { installPackage } from './installed.ts';

/** Every field of a definition, as a good tool says it. */
const GOOD = {
  name: `'ring_bell'`,
  description: `'Rings.'`,
  permission: `'publish'`,
  role: `'web'`,
  arguments: `{ words: one(text({ maxLength: 9, multiline: false }), 'what') }`,
  needs: `[]`,
  labels: `[]`,
  timeoutMs: `1000`,
  effect: `'once'`,
  summary: `({ words }) => words`,
  prepare: `async ({ words }) => ({ kind: 'ready', facts: {}, preview: [], material: words })`,
  perform: `async (words) => ({ kind: 'done', text: words.trim(), evidence: {} })`,
} as const;
/** As good, and looks at no argument: so nothing but what is left out can be complained of. */
const MUTE = {
  ...GOOD,
  summary: `() => 'a bell'`,
  prepare: `async () => ({ kind: 'ready', facts: {}, preview: [], material: 'dong' })`,
};
type Field = keyof typeof GOOD;
const FIELDS = Object.keys(GOOD) as Field[];

/** One field said otherwise, and a word of what the compiler has to complain of. */
const WRONG: readonly (readonly [label: string, field: Field, says: string, complaint: string])[] = [
  ['a permission that nobody can grant', 'permission', `'everything'`, 'everything'],
  ['a role that is no role of tools', 'role', `'workflow'`, 'workflow'],
  ['an effect that the guard does not know', 'effect', `'maybe'`, 'maybe'],
  ['an argument without a kind', 'arguments', `{ words: 'text' }`, 'Argument'],
  ['a port that does not exist', 'needs', `['database']`, 'database'],
  ['a summary of an argument that it does not have', 'summary', `({ other }) => other`, 'other'],
  [
    'a preparation that shows nothing',
    'prepare',
    `async ({ words }) => ({ kind: 'ready', facts: {}, material: words })`,
    'preview',
  ],
  [
    'a preparation without facts',
    'prepare',
    `async ({ words }) => ({ kind: 'ready', preview: [], material: words })`,
    'facts',
  ],
  [
    'a port used that it does not need',
    'perform',
    `async (words, { http }) => ({ kind: 'done', text: words + String(http), evidence: {} })`,
    'http',
  ],
  ['an end without evidence', 'perform', `async (words) => ({ kind: 'done', text: words.trim() })`, 'evidence'],
  [
    'a performance that reads the arguments',
    'perform',
    `async ({ words }) => ({ kind: 'done', text: words, evidence: {} })`,
    'words',
  ],
];

const source = (fields: Partial<Record<Field, string>>): string => {
  const lines = Object.entries(fields).map(([name, value]) => `  ${name}: ${value},`);
  return `import { defineTool, one, text } from 'countersign';\nvoid one, text;\nexport const tool = defineTool({\n${lines.join('\n')}\n});\n`;
};

let installed: Installed;
let complaints = new Map<string, string>();

beforeAll(async () => {
  installed = await installPackage('custom-tool');
  const sources = join(installed.folder, 'src');
  for (const name of ['create-ticket', 'worker', 'session']) rmSync(join(sources, `${name}.ts`));
  writeFileSync(join(sources, 'good.ts'), source(GOOD));
  writeFileSync(join(sources, 'mute.ts'), source(MUTE));
  for (const field of FIELDS) {
    const { [field]: _left, ...rest } = MUTE;
    writeFileSync(join(sources, `without-${field}.ts`), source(rest));
  }
  for (const [index, [, field, says]] of WRONG.entries())
    writeFileSync(join(sources, `wrong-${index}.ts`), source({ ...GOOD, [field]: says }));
  complaints = byFile(await installed.compile());
}, 60_000);
afterAll(() => installed?.remove());

/** What the compiler says of each file, its further lines included. */
function byFile(said: string): Map<string, string> {
  const found = new Map<string, string>();
  let file = '';
  for (const line of said.split('\n')) {
    const [place, name] = /^src\/(\S+)\.ts\(\d+,\d+\): /.exec(line) ?? [''];
    file = name ?? file;
    found.set(file, `${found.get(file) ?? ''}${line.slice(place.length)}\n`);
  }
  return found;
}

describe('a tool of another package', () => {
  test('compiles when it says everything, with all declarations checked', () => {
    expect([...complaints.keys()].filter((file) => !/^(without|wrong)-/.test(file))).toEqual([]);
  });

  test.each(FIELDS)('does not compile without %s', (field) => {
    expect(complaints.get(`without-${field}`)).toContain(`Property '${field}' is missing`);
  });

  test.each(WRONG.map(([label, , , complaint], index) => [label, index, complaint] as const))(
    'does not compile with %s',
    (_label, index, complaint) => {
      expect(complaints.get(`wrong-${index}`)).toContain(complaint);
    },
  );
});
