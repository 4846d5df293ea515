/** Properties over seeded cases; a failing case names its seed. */
import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { decideAction } from '../../src/policy/decide-action.ts';
import { explainAction } from '../../src/policy/explain.ts';
import { mailAddress } from '../../src/policy/kinds/mail-address.ts';
import { path } from '../../src/policy/kinds/path.ts';
import { text } from '../../src/policy/kinds/text.ts';
import { url } from '../../src/policy/kinds/url.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import type { Seeded } from './seeded.ts';
import { seeded } from './seeded.ts';
import { shapes } from './shapes.ts';
import { NOTHING, canonicalOf, decide, fileWith, load } from './support.ts';

const CASES = 150;
const STRENGTH = { deny: 0, ask: 1, allow: 2 } as const;

const PATHS = ['notes/a', 'notes/.env', 'drafts/b.md', 'other', '.'] as const;
const ADDRESSES = ['a@example.com', 'b@sub.example.com', 'c@evil.example'] as const;
const URLS = ['https://h.example/a', 'https://h.example/a?b', 'https://g.example/'] as const;

function matchersOf(random: Seeded, tool: string): string {
  const paths = random.pick([
    '{ under: notes }',
    '{ under: . }',
    '{ glob: "**/.env*" }',
    '{ any: true }',
    '{ is: other }',
  ]);
  const people = random.pick(['{ domain: example.com }', '{ subdomainOf: example.com }', '{ any: true }']);
  const pages = random.pick(['{ origin: "https://h.example", path: [/a] }', '{ any: true }']);
  switch (tool) {
    case 'delete_files':
      return `{ paths: { ${random.pick(['every', 'some'])}: ${paths} } }`;
    case 'send_email':
      return `{ to: { ${random.pick(['every', 'some'])}: ${people} } }`;
    case 'http_request':
      return `{ url: ${pages}, method: ${random.pick(['[GET]', '[GET, POST]'])} }`;
    default:
      return `{ path: ${paths} }`;
  }
}

const TOOLS = ['list_files', 'read_file', 'delete_files', 'send_email', 'http_request'] as const;

function ruleOf(random: Seeded, id: string, kind: string): string {
  const tool = random.pick(TOOLS);
  const except = random.number(3) === 0 ? `, except: ${matchersOf(random, tool)}` : '';
  return `{ id: ${id}, tool: ${tool}, ${kind}: ${matchersOf(random, tool)}${except} }`;
}

function rulesOf(random: Seeded): string[] {
  return Array.from({ length: random.number(8) }, (_, index) =>
    ruleOf(random, `r${index}`, random.pick(['allow', 'ask', 'deny'])),
  );
}

function argumentsOf(random: Seeded, tool: string): JsonObject {
  const some = <T extends string>(items: readonly [T, ...T[]]): T[] =>
    Array.from({ length: 1 + random.number(2) }, () => random.pick(items));
  switch (tool) {
    case 'delete_files':
      return { paths: some(PATHS) };
    case 'send_email':
      return {
        to: some(ADDRESSES),
        ...(random.number(3) === 0 ? { cc: some(ADDRESSES) } : {}),
        subject: 's',
        body: 'b',
      };
    case 'http_request':
      return { url: random.pick(URLS), method: random.pick(['GET', 'POST', 'PUT']) };
    default:
      return { path: random.pick(PATHS) };
  }
}

function anyJson(random: Seeded, depth = 0): Json {
  const keys = ['path', 'to', 'url', 'method', '__proto__', 'constructor', 'toString', 'x'] as const;
  switch (random.number(depth > 4 ? 6 : 8)) {
    case 0:
      return null;
    case 1:
      return random.number(2) === 0;
    case 2:
      return random.number(1000) - 500;
    case 3:
      return random.pick(['', 'notes/a', '\ud800', '\0', 'a@example.com', 'GET', '__proto__']);
    case 4:
      return '../'.repeat(random.number(50));
    case 5:
      return Number.MAX_VALUE;
    case 6:
      return Array.from({ length: random.number(4) }, () => anyJson(random, depth + 1));
    default: {
      const entries = Array.from({ length: random.number(5) }, () => [random.pick(keys), anyJson(random, depth + 1)]);
      return JSON.parse(
        `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`,
      ) as JsonObject;
    }
  }
}

describe('the evaluator, over seeded policies and actions', () => {
  test('some cases of each kind are among them', () => {
    const kinds = new Set<string>();
    for (let seed = 0; seed < CASES; seed += 1) {
      const random = seeded(seed);
      const policy = load(fileWith(rulesOf(random)));
      for (const tool of shapes) kinds.add(decide(policy, tool, argumentsOf(random, tool.name)).kind);
    }
    expect([...kinds].toSorted()).toEqual(['allow', 'ask', 'deny']);
  });

  test('S3: the order of the rules changes neither the decision nor what is said', () => {
    for (let seed = 0; seed < CASES; seed += 1) {
      const random = seeded(seed);
      const rules = rulesOf(random);
      const [one, other] = [load(fileWith(rules)), load(fileWith(random.shuffled(rules)))];
      for (const tool of shapes) {
        const args = argumentsOf(random, tool.name);
        expect({ seed, said: decide(other, tool, args) }).toEqual({ seed, said: decide(one, tool, args) });
      }
    }
  });

  test('S3: adding a denial never widens, nor does taking a permission or lowering a limit', () => {
    for (let seed = 0; seed < CASES; seed += 1) {
      const random = seeded(seed);
      const rules = rulesOf(random);
      const file = fileWith(rules);
      const narrower = [
        fileWith([...rules, ruleOf(random, 'zz', 'deny')]),
        fileWith([...rules, '{ id: zz, tool: "*", deny: {} }']),
        file.replace('delete_data, ', ''),
        fileWith(rules, `approval: { by: [owner] }\nlimits: { actions: { ${random.pick(TOOLS)}: 0 } }`),
      ].map(load);
      for (const tool of shapes) {
        const args = argumentsOf(random, tool.name);
        const before = STRENGTH[decide(load(file), tool, args).kind];
        for (const policy of narrower) {
          const after = STRENGTH[decide(policy, tool, args).kind];
          expect({ seed, tool: tool.name, wider: after > before }).toEqual({ seed, tool: tool.name, wider: false });
        }
      }
    }
  });

  test('S3: adding an exception to an allow never widens, and without the rule nothing is allowed', () => {
    for (let seed = 0; seed < CASES; seed += 1) {
      const random = seeded(seed);
      const tool = random.pick(TOOLS);
      const shape = shapes.find(({ name }) => name === tool);
      if (shape === undefined) throw new Error('no such tool');
      const allow = `{ id: a, tool: ${tool}, allow: ${matchersOf(random, tool)}`;
      const args = argumentsOf(random, tool);
      const before = STRENGTH[decide(load(fileWith([`${allow} }`])), shape, args).kind];
      const narrowed = load(fileWith([`${allow}, except: ${matchersOf(random, tool)} }`]));
      expect({ seed, wider: STRENGTH[decide(narrowed, shape, args).kind] > before }).toEqual({ seed, wider: false });
      expect(decide(load(fileWith([])), shape, args).kind).toBe('deny');
    }
  });

  test('S2: any JSON in, a decision out, the same twice; nothing is thrown', () => {
    const random = seeded(11);
    const policy = load(
      fileWith([...TOOLS].map((tool, index) => `{ id: r${index}, tool: ${tool}, allow: ${matchersOf(random, tool)} }`)),
    );
    for (let seed = 0; seed < 3000; seed += 1) {
      const value = anyJson(seeded(seed));
      const args = (
        typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { path: value }
      ) as JsonObject;
      for (const tool of shapes) {
        const facts = { tool, profile: 'all', args, actionKey: 'key', standing: NOTHING };
        const decision = decideAction(policy, facts);
        expect(decision.why).not.toBe('');
        expect(explainAction(policy, facts).decision).toEqual(decision);
      }
    }
  });

  test('S2: any text in, a policy or its problems out', () => {
    const file = fileWith(rulesOf(seeded(3)));
    for (let seed = 0; seed < 500; seed += 1) {
      const random = seeded(seed);
      const at = random.number(file.length);
      const noise = random.pick([
        '{',
        '}',
        '[',
        ']',
        ':',
        '\n',
        '  ',
        '"',
        '&a ',
        '*a',
        '!',
        '~',
        '%',
        '\t',
        '|',
        '\0',
        '- ',
        '#',
        '..',
      ]);
      const broken = file.slice(0, at) + noise + file.slice(at + random.number(4));
      const reading = parsePolicy(broken, shapes);
      if (reading.kind === 'policy') continue;
      expect(reading.problems.length).toBeGreaterThan(0);
      for (const { line, column } of reading.problems) expect(Math.min(line, column)).toBeGreaterThan(0);
    }
  });
});

describe('canonical forms, over seeded texts', () => {
  const pieces = [
    'a',
    'B',
    '.',
    '..',
    '/',
    '\\',
    '@',
    ':',
    '%2e',
    '%C3%A9',
    '?',
    '#',
    ' ',
    '\n',
    '\0',
    'é',
    'e\u0301',
    '\u202E',
    '\ud800',
    'https://',
    'example.com',
    'xn--',
    '-',
    '1',
    '127.1',
    '[',
    ']',
    '"',
    '(',
    '+',
  ] as const;

  test.each([
    ['path', path],
    ['mail address', mailAddress],
    ['URL', url],
    ['text', text({ maxLength: 100, multiline: true })],
    ['line', text({ maxLength: 100, multiline: false })],
  ])('%s: refused, or canonical once and for all; never thrown', (_, kind) => {
    for (let seed = 0; seed < 5000; seed += 1) {
      const random = seeded(seed);
      const start = random.pick(['', 'https://example.com/', 'bob@', 'notes/']);
      const raw = start + Array.from({ length: random.number(7) }, () => random.pick(pieces)).join('');
      const first = canonicalOf(kind, raw);
      if (first.startsWith('refused: ')) continue;
      expect({ seed, again: canonicalOf(kind, first) }).toEqual({ seed, again: first });
    }
  });

  test('S2: no canonical path leaves the workspace, whatever it was made of', () => {
    for (let seed = 0; seed < 5000; seed += 1) {
      const random = seeded(seed);
      const raw = Array.from({ length: 1 + random.number(7) }, () => random.pick(pieces)).join('');
      const found = canonicalOf(path, raw);
      if (found.startsWith('refused: ')) continue;
      expect(found.split('/')).not.toContain('..');
      expect(found.startsWith('/')).toBe(false);
    }
  });
});
