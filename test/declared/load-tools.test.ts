/** Files of declared tools: what a good one gives, and what none may hold. */
import { describe, expect, test } from '@jest/globals';
import { loadTools } from '../../src/declared/load-tools.ts';
import { loaded, loadedTool, problemsOf, purchaseYaml } from './support.ts';

const GOOD = purchaseYaml('https://shop.example', { secret: true });

/** The file with one text of it replaced. */
function withChange(from: string, to: string): string {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, () => to);
}

test('a good file gives its tools, with everything that a policy has to know', () => {
  expect(problemsOf(GOOD)).toEqual([]);
  const tool = loadedTool(GOOD);
  expect(tool).toMatchObject({
    name: 'purchase',
    permission: 'purchase',
    role: 'web',
    labels: ['untrusted'],
    onlyReads: false,
  });
  expect(
    Object.entries(tool.arguments).map(([name, { kind, list, optional, free }]) => [name, kind, list, optional, free]),
  ).toEqual([
    ['item', 'text', false, false, false],
    ['quantity', 'number', false, false, false],
    ['total', 'money', false, false, false],
  ]);
  expect(tool.parse({ item: 'A', quantity: 1.5, total: { minor: 1, currency: 'EUR' } }).kind).toBe('invalid');
});

test('arguments may be lists, left out and free; kinds are those of rules', () => {
  const tool = loadedTool(`version: 1
tools:
  - name: find_contacts
    description: Finds people.
    permission: make_api_calls
    labels: [private]
    timeout: 10s
    arguments:
      name: { kind: text, description: whom, optional: true }
      note: { kind: text, description: why, free: true }
      mails: { kind: mailAddress, list: 3, description: addresses }
      tags: { kind: text, list: 3, optional: true, description: tags }
      active: { kind: flag, description: only those in use }
    request:
      method: PUT
      url: https://contacts.example/people?name={name}&active={active}
      json: { mails: '{mails}', tags: '{tags}', note: 'because: {note}' }
    outcome: { done: [2xx], failed: [4xx] }
    summary: contacts of {mails}
`);
  expect(tool).toMatchObject({ labels: ['private'], timeoutMs: 10_000 });
  expect(tool.parse({ mails: ['A@Example.com'], active: true, note: 'x' })).toEqual({
    kind: 'parsed',
    args: { mails: ['a@example.com'], active: true, note: 'x' },
  });
  expect(tool.arguments['note']?.free).toBe(true);
  expect(tool.arguments['tags']).toMatchObject({ list: true, optional: true });
});

test('a GET only reads, and says nothing of outcomes', () => {
  const text = `version: 1
tools:
  - name: look_up
    description: Looks.
    permission: make_api_calls
    arguments: { id: { kind: text, description: which } }
    request: { method: GET, url: 'https://shop.example/items/{id}' }
    summary: '{id}'
`;
  expect(loadedTool(text).onlyReads).toBe(true);
  expect(problemsOf(text.replace('GET,', 'POST,'))[0]).toContain('a POST acts: say under "outcome"');
  for (const part of ['json: { a: 1 }', 'form: { a: b }', 'idempotencyKey: idempotency-key'])
    expect(problemsOf(text.replace("{id}' }", `{id}', ${part} }`)).join()).toContain('a GET only reads');
});

describe('an argument that decides nothing of what is sent', () => {
  test('S3: a total that nobody compares would let a rule about it hold nothing', () => {
    const text = withChange('        - { field: total, equals: { product: [price, quantity] } }\n', '');
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(
        /^line 9, column 7: "total" decides nothing of what is sent: rules about it would hold nothing/,
      ),
    ]);
  });

  test('to be shown is not enough', () => {
    const text = withChange("item: '{item}', ", '').replace("/items/{item}'", "/items/1'");
    expect(problemsOf(text).join()).toContain('"item" decides nothing of what is sent');
  });
});

test('two tools of one name, and one that countersign has already', () => {
  const twice = GOOD + GOOD.split('tools:\n')[1];
  expect(problemsOf(twice)).toEqual([expect.stringContaining('there is another tool named "purchase"')]);
  expect(problemsOf(GOOD, ['purchase'])).toEqual([
    expect.stringContaining('line 3, column 5: there is another tool named "purchase"'),
  ]);
});

test('an argument that may be left out stands alone, where it can be', () => {
  const optional = GOOD.replace('kind: text, maxLength: 40', 'kind: text, maxLength: 40, optional: true');
  expect(problemsOf(optional)).toEqual([
    expect.stringContaining('"item" may be left out, and then this would be half a text'),
  ]);
});

describe('sizes', () => {
  test('a file of 300 KB, a hundred and one tools, a description of a book', () => {
    expect(problemsOf(`${GOOD}#${'x'.repeat(300_000)}`)).toEqual(['line 1, column 1: the file is larger than 256 KB']);
    const tool = GOOD.split('tools:\n')[1] ?? '';
    const many = Array.from({ length: 101 }, (_, n) => tool.replace('name: purchase', `name: buy_${n}`)).join('');
    expect(problemsOf(`version: 1\ntools:\n${many}`).join()).toContain('longer than 100 entries');
    expect(
      loaded(
        `version: 1\ntools:\n${Array.from({ length: 100 }, (_, n) => tool.replace('name: purchase', `name: buy_${n}`)).join('')}`,
      ),
    ).toHaveLength(100);
    expect(problemsOf(withChange('Buys a number of one item in the shop.', 'x'.repeat(1001))).join()).toContain(
      'longer than 1000',
    );
  });

  test('arguments whose texts could be longer than is recorded', () => {
    const of = (list: string): string =>
      withChange('kind: text, maxLength: 40', `kind: text, maxLength: 5000, list: ${list}`);
    expect(problemsOf(of('41')).join()).toContain('could be 205000 characters long; at most 200000 are taken');
    expect(problemsOf(of('40')).join()).not.toContain('characters long');
  });

  test('YAML that is none, and what is no map', () => {
    for (const text of ['', '[]', 'tools', '{', 'a: *b', '\u202E', 'version: 1\ntools: 5', 'version: 1']) {
      expect(loadTools(text).kind).toBe('broken');
      expect(problemsOf(text).join()).toMatch(/^line \d+, column \d+: /);
    }
  });
});

test('S2: whatever a slip does to a file, it loads or says what is wrong; it never throws', () => {
  for (let at = 0; at < GOOD.length; at += 5)
    for (const slip of ['', '{', '}', "'", '\n', ': ', '0']) {
      const reading = loadTools(GOOD.slice(0, at) + slip + GOOD.slice(at + 1));
      expect(reading.kind === 'loaded' || reading.problems.length > 0).toBe(true);
    }
});
