/** A file of declared tools that is not good gives no tool at all, and says where and what to do. */
import { describe, expect, test } from '@jest/globals';
import { loadTools } from '../../src/declared/load-tools.ts';
import { problemsOf, purchaseYaml } from './support.ts';

const GOOD = purchaseYaml('https://shop.example', { secret: true });
const lineOf = (text: string, words: string): number => text.split('\n').findIndex((line) => line.includes(words)) + 1;

/** The file with one text of it replaced. */
function withChange(from: string, to: string): string {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, () => to);
}

describe('S2: what is wrong is said with its line, and nothing is loaded', () => {
  const cases: readonly (readonly [what: string, from: string, to: string, line: string, message: string])[] = [
    ['another version', 'version: 1', 'version: 2', 'version', 'tools version 1'],
    [
      'a key that there is not',
      '    permission: purchase',
      '    permision: purchase',
      'permision',
      'unknown key "permision" (did you mean "permission"?)',
    ],
    [
      'a permission that there is not',
      'permission: purchase',
      'permission: buying',
      'permission:',
      'there is no permission "buying" (known: read_files, write_files, delete_data, send_email, make_api_calls, run_code, purchase, publish)',
    ],
    [
      'a slip in a permission',
      'permission: purchase',
      'permission: purchse',
      'permission:',
      'there is no permission "purchse" (did you mean "purchase"?)',
    ],
    [
      'a place in the answer as if it were a name',
      '{answer:/id}',
      '{answer.order[0].id}',
      '{answer.order',
      'is no place in the answer (write it like {answer:/order/0/id})',
    ],
    ['a name that is none', 'name: purchase', 'name: Purchase', 'name:', 'cannot name a tool'],
    ['a reserved name', 'name: purchase', 'name: think', 'name:', 'no reserved name'],
    [
      'a kind that there is not',
      'kind: text, maxLength: 40',
      'kind: string, maxLength: 40',
      'item: {',
      '"kind" is text, number, money',
    ],
    [
      'a bound of another kind',
      'kind: number, min: 1',
      'kind: number, maxLength: 1',
      'quantity: {',
      '"maxLength" goes with the kind text',
    ],
    ['bounds that hold nothing', 'min: 1, max: 99', 'min: 9, max: 1', 'quantity: {', 'no number lies between 9 and 1'],
    ['an argument without a word', ', description: how many', '', 'quantity: {', '"description" is missing'],
    ['a slip in a placeholder', "'{price}'", "'{prize}'", '{prize}', 'no "prize" to put here (did you mean "price"?)'],
    [
      'a part that no amount has',
      '{price.minor}',
      '{price.major}',
      '{price.major}',
      'an amount has no "major" (known: minor, currency, decimal)',
    ],
    ['a part of what has none', '{price.minor}', '{item.minor}', '{item.minor}', 'no "item.minor" to put here'],
    [
      'a brace left open',
      "'{item}', quantity",
      "'{item', quantity",
      'unitPrice',
      'a brace stands here that belongs to no placeholder',
    ],
    [
      'the answer where it is not known yet',
      "text: '{price}'",
      "text: '{answer:/id}'",
      '{answer:/id}',
      'no "answer:/id" to put here',
    ],
    ['a field before it is looked up', '/items/{item}', '/items/{title}', '/items/', 'no "title" to put here'],
    [
      'a placeholder in the host',
      'https://shop.example/orders',
      'https://{item}.example/orders',
      '{item}.example',
      'no placeholder may stand in the scheme, the host or the port',
    ],
    [
      'a placeholder in the port',
      'https://shop.example/orders',
      'https://shop.example:{quantity}/orders',
      ':{quantity}',
      'no placeholder may stand in the scheme',
    ],
    [
      'a placeholder as the whole URL',
      'https://shop.example/orders',
      '{item}',
      "'{item}'",
      'no placeholder may stand in the scheme',
    ],
    [
      'a placeholder in the user name',
      'https://shop.example/orders',
      'https://{item}@shop.example/orders',
      '@shop',
      'no placeholder may stand in the scheme',
    ],
    [
      'a placeholder in the name of a parameter',
      '/orders',
      '/orders?{item}=1',
      '{item}=1',
      'no placeholder may stand in the name of a query parameter',
    ],
    ['a fragment', '/orders', '/orders#x', '/orders#x', 'the URL has a fragment'],
    ['dots in the path', '/orders', '/a/../orders', '/a/../orders', 'dot segment'],
    ['another scheme', 'https://shop.example/orders', 'file:///etc/passwd', 'file:', 'this is no http or https URL'],
    [
      'a credential in plain words',
      "'Bearer {{secret:shop}}'",
      "'Bearer abc'",
      'Bearer abc',
      '"authorization" names a secret and never holds one',
    ],
    [
      'a value beside a secret',
      "'Bearer {{secret:shop}}'",
      "'{item} {{secret:shop}}'",
      '{item} {{',
      'names a secret and never holds one',
    ],
    ['a secret in a URL', '/orders', '/orders?key={{secret:shop}}', 'key=', 'a secret never stands here'],
    ['a secret in the body', "item: '{item}'", "item: '{{secret:shop}}'", 'quantity}', 'a secret never stands here'],
    [
      'a placeholder in the name of a header',
      'authorization:',
      "'x-{item}':",
      'x-{item}',
      'no placeholder may stand in the name of a header',
    ],
    ['a header of the connection', 'authorization:', 'transfer-encoding:', 'transfer-encoding', 'may not be set'],
    ['a header that names another host', 'authorization:', 'Host:', 'Host:', 'may not be set'],
    [
      'a header that names another method',
      'authorization:',
      'X-HTTP-Method-Override:',
      'Method-Override',
      'may not be set',
    ],
    [
      'a key in a header that has a value',
      'idempotencyKey: idempotency-key',
      'idempotencyKey: authorization',
      'idempotencyKey',
      'has a value already',
    ],
    ...['content-type', 'Content-Type', 'accept', 'if-match', 'content-language', 'Accept-Language', 'range'].map(
      (name) =>
        [
          `a key in the header ${name}`,
          'idempotencyKey: idempotency-key',
          `idempotencyKey: ${name}`,
          'idempotencyKey',
          `the header "${name.toLowerCase()}" says another thing than a key`,
        ] as const,
    ),
    ...[
      '/orders?q=%2{item}',
      '/orders?q=%{item}',
      '/orders?q=%{item}f',
      '/orders?q=1%',
      '/orders/%2{item}',
      '/%{item}/x',
    ].map((path) => [`an escape that a value completes: ${path}`, '/orders', path, path, 'no whole escape'] as const),
    [
      'a placeholder in the name of a member',
      "{ item: '{item}'",
      "{ '{item}': '{item}'",
      'quantity}',
      'no placeholder may stand in a name',
    ],
    ['a place that is no pointer', 'at: /title', 'at: title', 'title:', 'no place in an answer'],
    [
      'a currency that there is not',
      'at: /price, kind: money',
      'at: /price, kind: money, currency: EURO',
      'price: {',
      '"EURO" is no currency',
    ],
    [
      'a field with the name of an argument',
      '        stock:',
      '        item:',
      '        item: { at',
      '"item" is an argument already',
    ],
    [
      'a comparison of two kinds',
      'equals: { product: [price, quantity] }',
      'equals: { field: quantity }',
      'field: total',
      '"total" is money, and "quantity" is number',
    ],
    [
      'a product of two amounts',
      '[price, quantity]',
      '[price, total]',
      'field: total',
      'a product is of an amount and a whole number',
    ],
    [
      'a comparison with nothing',
      'equals: { product: [price, quantity] }',
      'atMost: { field: stok }',
      'field: total',
      'no argument and no field "stok" (did you mean "stock"?)',
    ],
    [
      'at most a text',
      'atMost: { field: stock }',
      'atMost: { field: title }',
      'atMost',
      '"quantity" is number, and "title" is text',
    ],
    [
      'an amount that is none',
      'equals: { product: [price, quantity] }',
      'equals: { value: 5 }',
      'field: total',
      'this is no such value',
    ],
    [
      'a status that is none',
      'done: [200, 201]',
      'done: [200, 20x]',
      'done:',
      'a status is a number like 200, or a class like 2xx',
    ],
    ['a status that is done and failed', 'failed: [4xx]', 'failed: [400, 2xx]', 'failed:', '"2xx" stands in both'],
    ['no outcome at all', 'outcome:', 'outcomes:', 'outcomes', 'unknown key "outcomes" (did you mean "outcome"?)'],
    ['nothing that means done', 'done: [200, 201]', 'done: []', 'done:', '"done" is an empty list'],
    [
      'a part of the preview that is two',
      "text: '{total}' }",
      "text: '{total}', compare: [{ name: a, before: '1', after: '2' }] }",
      'label: Total',
      'one of the two',
    ],
    [
      'a label of a value',
      'label: Total',
      "label: '{title}'",
      "label: '{title}'",
      'no placeholder may stand in a label',
    ],
    [
      'a tag of an entity in a URL',
      '/orders',
      '/orders?v={prepare.etag}',
      '{prepare.etag}',
      'is for the header if-match alone',
    ],
    [
      'a body of two kinds',
      '      idempotencyKey:',
      "      form: { a: '1' }\n      idempotencyKey:",
      'form:',
      'has "json" or "form", not both',
    ],
    [
      'a timeout for ever',
      'permission: purchase',
      'permission: purchase\n    timeout: 9000m',
      'timeout',
      'a timeout lies between 5s and 10m',
    ],
  ];
  test.each(cases)('%s', (_what, from, to, where, message) => {
    const text = withChange(from, to);
    const problems = problemsOf(text);
    expect(problems.join('\n')).toContain(message);
    const line = lineOf(text, where);
    expect(problems.find((problem) => problem.includes(message))).toMatch(new RegExp(`^line (${line}|${line + 1}), `));
    expect(loadTools(text).kind).toBe('broken');
    // Whoever reads it need not know how it was found out.
    expect(problems.join('\n')).not.toMatch(/Invalid |expected|received|undefined|\[object/);
  });
});
