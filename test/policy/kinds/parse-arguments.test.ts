/** What the model is told of arguments that are refused: which, why, and what would be taken. */
import { describe, expect, test } from '@jest/globals';
import { argumentsSchema, parseArguments } from '../../../src/policy/kinds/parse-arguments.ts';
import type { ToolShape } from '../../../src/policy/tool-shape.ts';
import { buy, rent } from '../more-shapes.ts';
import { deleteFiles, httpRequest, readFile, sendEmail } from '../shapes.ts';

function whyOf(tool: ToolShape, input: unknown): string {
  const parsed = parseArguments(argumentsSchema(tool.arguments), input);
  return parsed.kind === 'invalid' ? parsed.why : 'parsed';
}

const mail = { to: ['a@e.example'], subject: 's', body: 'b' };
const page = { url: 'https://h.example/', method: 'GET' };
const price = { minor: 1, currency: 'EUR' };

const CASES: readonly (readonly [what: string, tool: ToolShape, input: unknown, why: string])[] = [
  ['nothing', readFile, undefined, 'the arguments are no JSON object'],
  ['a text', readFile, 'notes/a', 'the arguments are no JSON object'],
  ['none', readFile, {}, 'path: it is missing'],
  ['null', readFile, { path: null }, 'path: it must be a text'],
  ['a number for a text', readFile, { path: 5 }, 'path: it must be a text'],
  ['its own words', readFile, { path: '../a' }, 'path: the path leaves its folder'],
  ['a long one', readFile, { path: 'x'.repeat(1025) }, 'path: it is longer than 1024 characters'],
  ['one too many', readFile, { path: 'a', paths: ['b'] }, 'paths: there is no such argument; there are: path'],
  [
    'two too many',
    sendEmail,
    { ...mail, too: [], raw: '' },
    'too: there is no such argument; there are: to, cc, bcc, reply_to, subject, body, html, attachments; raw: there is no such argument',
  ],
  ['a text for a list', deleteFiles, { paths: 'a' }, 'paths: it must be a list'],
  ['an empty list', deleteFiles, { paths: [] }, 'paths: the list is empty'],
  ['a long list', deleteFiles, { paths: Array(51).fill('a') }, 'paths: it has more than 50 entries'],
  ['an entry', deleteFiles, { paths: ['a', 5] }, 'paths[1]: it must be a text'],
  [
    'a method',
    httpRequest,
    { ...page, method: 'get' },
    'method: it must be one of GET, HEAD, POST, PUT, PATCH, DELETE',
  ],
  ['a header', httpRequest, { ...page, headers: { accept: 5 } }, 'headers.accept: it must be a text'],
  ['headers', httpRequest, { ...page, headers: 'accept: a' }, 'headers: it must be an object'],
  ['an amount', buy, { item: 'tea', price: '1 EUR' }, 'price: it must be an object'],
  ['half an amount', buy, { item: 'tea', price: { minor: 1 } }, 'price.currency: it is missing'],
  [
    'a part of an amount',
    buy,
    { item: 'tea', price: { minor: 1.5, currency: 'EUR' } },
    'price.minor: it must be a whole number',
  ],
  [
    'less than nothing',
    buy,
    { item: 'tea', price: { minor: -1, currency: 'EUR' } },
    'price.minor: it must be at least 0',
  ],
  [
    'more than an amount',
    buy,
    { item: 'tea', price: { ...price, vat: 1 } },
    'price.vat: there is no such member; there are: minor, currency',
  ],
  ['a number in quotes', rent, { days: '5', price }, 'days: it must be a number'],
  ['a number that is too big', rent, { days: 366, price }, 'days: it must be at most 365'],
  ['a flag in quotes', rent, { days: 5, price, insured: 'true' }, 'insured: it must be true or false'],
];

describe('arguments that are refused', () => {
  test.each(CASES)('%s', (_, tool, input, why) => {
    expect(whyOf(tool, input)).toContain(why);
    expect(whyOf(tool, input)).not.toMatch(/Invalid|expected|received|Too (small|big)|Unrecognized/);
  });

  test('everything at once, and not for ever', () => {
    const input = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, 1]));
    expect(whyOf(sendEmail, input)).toContain('to: it is missing');
    expect(whyOf(sendEmail, input).length).toBeLessThanOrEqual(2000);
    expect(whyOf(sendEmail, { ...mail, ['x'.repeat(5000)]: 1 }).length).toBeLessThanOrEqual(300);
  });
});
