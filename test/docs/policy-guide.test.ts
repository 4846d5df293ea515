/**
 * The policy guide says what is so: each of its blocks is loaded, run or compared here, and one that is none of these
 * fails. `UPDATE_GUIDE=1 npx jest test/docs` writes what was printed into the pages; read the diff before you keep it.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseApprovers } from '../../src/policy/approvers.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { describeProblem, parsePolicy } from '../../src/policy/load-policy.ts';
import type { DefinedPolicy } from '../../src/policy/define-policy.ts';
import { tools } from '../../src/tools/index.ts';
import { withoutSettings } from '../cli/policy-files.ts';
import { runCli } from '../cli/run-cli.ts';
import { moreShapes } from '../policy/more-shapes.ts';
import { readFile, shapes } from '../policy/shapes.ts';
import { NOTHING } from '../policy/support.ts';
import type { Objection } from './another-engine.ts';
import { decideWith } from './another-engine.ts';
import type { Block, Page } from './guide-page.ts';
import { GUIDE, anchorsOf, commandsOf, linksOf, readPages } from './guide-page.ts';

const UPDATE = (process.env['UPDATE_GUIDE'] ?? '') !== '';
/** Where the pages pretend that their files lie. */
const HOME = '/home/you/agent';
/** A session that was recorded, for the pages that speak of one. */
const EXPORTED = join(__dirname, 'exported.json');

const pages = readPages();
let restore: () => void;

beforeAll(() => {
  const settings = withoutSettings();
  const folder = process.cwd();
  process.env['NO_COLOR'] = '1';
  restore = () => {
    process.chdir(folder);
    settings();
  };
});
afterAll(() => restore());

function problemsOf({ text, buy, file }: Block): readonly string[] {
  const reading = parsePolicy(text, buy ? moreShapes : tools);
  if (reading.kind === 'policy') return [];
  return reading.problems.map((problem) => `${file ?? 'policy.yaml'}: ${describeProblem(problem)}\n`);
}

/** The commands of a block with what they print, in a folder with the files that stand before it on the page. */
async function run(block: Block, files: readonly Block[]): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-guide-')));
  try {
    for (const { file, text } of files) writeFileSync(join(folder, file ?? ''), text);
    if (existsSync(EXPORTED)) copyFileSync(EXPORTED, join(folder, 'exported.json'));
    process.chdir(folder);
    let printed = '';
    let last = 0;
    for (const { argv, shown } of commandsOf(block)) {
      if (argv === null) printed += `${shown}${last}\n`;
      else {
        const { code, out, err } = await runCli(argv);
        printed += shown + (out + err).replaceAll(folder, HOME);
        last = code;
      }
    }
    return printed;
  } finally {
    process.chdir(__dirname);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text of the block; where the guide is brought up to date, what was printed, which is written into the page. */
function textOf(page: Page, { line, text }: Block, printed: string): string {
  if (!UPDATE || printed === text) return text;
  const path = join(GUIDE, page.name);
  const lines = readFileSync(path, 'utf8').split('\n');
  // Blocks above may have grown since the page was read: this one is looked for anew.
  const moved = readPages().find(({ name }) => name === page.name);
  const now = moved?.blocks[page.blocks.findIndex((block) => block.line === line)]?.line ?? line;
  lines.splice(now - 1, text.split('\n').length - 1, ...printed.split('\n').slice(0, -1));
  writeFileSync(path, lines.join('\n'));
  return printed;
}

describe.each(pages)('docs/policy/$name', (page) => {
  const { blocks } = page;
  const of = (wanted: Block['kind']): readonly Block[] => blocks.filter(({ kind }) => kind === wanted);
  const after = (block: Block): Block | undefined => blocks[blocks.indexOf(block) + 1];

  test('has only blocks that are tested, on at most 120 lines', () => {
    expect(of('unknown')).toEqual([]);
    expect(blocks.filter(({ kind }, at) => kind === 'problems' && blocks[at - 1]?.kind !== 'refused')).toEqual([]);
    expect(page.text.split('\n').length).toBeLessThanOrEqual(120);
  });

  test('is compiled elsewhere, if it says how: typed-twin.test.ts', () => {
    expect(of('compiling').length > 0 ? page.name : 'typed-twin.md').toBe('typed-twin.md');
  });

  test('its links lead somewhere', () => {
    expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  for (const block of of('policy')) {
    test(`the policy in line ${block.line} loads`, () => {
      expect(problemsOf(block)).toEqual([]);
    });
  }

  for (const { line, text } of of('approvers')) {
    test(`the approver directory in line ${line} loads`, () => {
      expect(parseApprovers(text)).toMatchObject({ kind: 'directory' });
    });
  }

  for (const block of of('refused')) {
    test(`the policy in line ${block.line} is refused, for these problems`, () => {
      const said = after(block);
      const problems = problemsOf(block).join('');
      expect(problems).not.toBe('');
      expect(said?.kind).toBe('problems');
      expect(problems).toBe(said === undefined ? '' : textOf(page, said, problems));
    });
  }

  for (const block of of('console')) {
    test(`the commands in line ${block.line} print this`, async () => {
      const before = blocks.slice(0, blocks.indexOf(block));
      const files = before.filter(({ file, kind }) => file !== null && kind !== 'code');
      const printed = await run(block, files);
      expect(printed).toBe(textOf(page, block, printed));
    });
  }

  for (const block of of('code')) {
    test(`the code in line ${block.line} is a fixture that compiles, and makes the policy after it`, async () => {
      // `npm run types` compiles the fixture.
      const path = join(__dirname, block.file ?? '');
      const written = readFileSync(path, 'utf8');
      expect(written).toBe(textOf(page, block, written));
      // What only writes the policy to a file is run by typed-twin.test.ts.
      if (!path.endsWith('.policy.ts')) return;
      const made = Object.values((await import(path)) as Record<string, Partial<DefinedPolicy>>);
      const yaml = made.find((each) => each.yaml !== undefined)?.yaml;
      const shown = after(block);
      expect(yaml).toBe(yaml === undefined || shown === undefined ? yaml : textOf(page, shown, yaml));
    });
  }
});

function leadsSomewhere(page: Page, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(GUIDE, page.name) : join(GUIDE, path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
}

describe('another engine, as its page writes it', () => {
  const file = 'version: 1\nprofiles: { all: { grant: [read_files] } }\nrules: [{ id: r, tool: read_file, RULE }]\n';
  const decide = (rule: string, objection: Objection): Decision => {
    const reading = parsePolicy(file.replace('RULE', rule), shapes);
    if (reading.kind === 'broken') throw new Error(JSON.stringify(reading.problems));
    const facts = { tool: readFile, profile: 'all', args: { path: 'notes/a' }, actionKey: 'key', standing: NOTHING };
    return decideWith(objection)(reading.policy, facts);
  };
  const ALLOW = 'allow: { path: { under: notes } }';

  test('S3: what it has nothing against stays as it was', () => {
    expect(decide(ALLOW, () => undefined)).toMatchObject({ kind: 'allow', rule: 'r' });
    expect(decide('deny: { path: { under: notes } }', () => undefined)).toMatchObject({ kind: 'deny', rule: 'r' });
  });

  test('S2: what it objects to is denied, and so is everything where it fails', () => {
    expect(decide(ALLOW, ({ profile }) => `not for ${profile}`)).toEqual({
      kind: 'deny',
      rule: null,
      why: 'not for all',
    });
    const broken = (): never => {
      throw new Error('no answer');
    };
    expect(decide(ALLOW, broken)).toMatchObject({ kind: 'deny' });
  });
});

test('each page is in the index', () => {
  const index = pages.find(({ name }) => name === 'README.md');
  const others = pages.map(({ name }) => name).filter((name) => name !== 'README.md');
  expect(index === undefined ? [] : linksOf(index)).toEqual(expect.arrayContaining(others));
});
