import { describe, expect, test } from '@jest/globals';
import { fileWith, problemsOf } from '../policy/support.ts';
import { sendEmail } from '../policy/shapes.ts';
import type { Row } from './attempt.ts';
import { TITLE, attempt, policyOf, titled } from './attempt.ts';

/** A subject, sent to an agent whose subjects contain "Report" and have at most 20 characters. */
const LINES: readonly Row<unknown>[] = [
  ['plain', 'Report of May', 'ask', 'it is what the rule speaks of'],
  ['lower case', 'report of May', 'deny', 'case as written'],
  ['20 characters', `Report ${'x'.repeat(13)}`, 'ask', 'bounds are inclusive'],
  ['21 characters', `Report ${'x'.repeat(14)}`, 'deny', 'above the bound'],
  ['emoji count twice', `Report ${'\u{1F600}'.repeat(7)}`, 'deny', 'UTF-16 code units, as the limits of tools'],
  ['full-width', '\uFF32eport', 'deny', 'what opens is not read in two ways'],
  ['look-alike', 'Rep\u043Ert', 'deny', 'another word'],
  ['zero width', 'Rep\u200Bort', 'deny', 'another word'],
  ['header injection', 'Report\r\nBcc: mallory@evil.example', 'refused', 'another header'],
  ['line feed', 'Report\nBcc: x', 'refused', 'another header to some'],
  ['carriage return', 'Report\rBcc: x', 'refused', 'another header to some'],
  ['vertical tab', 'Report\vx', 'refused', 'a control character'],
  ['form feed', 'Report\fx', 'refused', 'a control character'],
  ['tab', 'Report\tx', 'refused', 'a control character'],
  ['NUL', 'Report\0x', 'refused', 'C ends the text there'],
  ['escape sequence', 'Report \u001b[8mx', 'refused', 'it hides text in a terminal'],
  ['C1 escape sequence', 'Report \u009b8mx', 'refused', 'it hides text in a terminal'],
  ['next line', 'Report\u0085x', 'refused', 'it forges lines'],
  ['line separator', 'Report\u2028x', 'refused', 'it forges lines'],
  ['paragraph separator', 'Report\u2029x', 'refused', 'it forges lines'],
  ['delete', 'Report\u007f', 'refused', 'a control character'],
  ['high surrogate', 'Report \ud83d', 'refused', 'half a character'],
  ['low surrogate', 'Report \ude00', 'refused', 'half a character'],
  ['surrogates swapped', 'Report \ude00\ud83d', 'refused', 'two halves are no character'],
  ['right-to-left override', 'Report \u202Ex', 'ask', 'kept, and shown to whoever is asked'],
  ['tag characters', 'Report \u{E0061}', 'ask', 'kept, and shown to whoever is asked'],
  ['encoded word', '=?utf-8?q?Report?=', 'ask', 'kept: the mail encodes it again as it is'],
  ['prototype name', '__proto__', 'deny', 'a text is a text'],
  ['nothing', '', 'deny', 'it contains nothing'],
  ['number', 5, 'refused', 'no text'],
  ['list', ['Report'], 'refused', 'JavaScript would take it'],
  ['object', { toString: () => 'Report' }, 'refused', 'JavaScript would take it'],
  ['null', null, 'refused', 'no text'],
  ['501 characters', 'x'.repeat(501), 'refused', 'the tool does not take it'],
  ['huge', 'Report'.repeat(200_000), 'refused', 'its length is looked at first'],
];

/** A body, sent to an agent that may write anything but "Kündigung" and "PIN". */
const CLOSED: readonly Row[] = [
  ['plain', 'Hiermit die Kündigung.', 'deny', 'it is what the denial speaks of'],
  ['composed otherwise', 'Hiermit die Ku\u0308ndigung.', 'deny', 'NFC and NFD are one'],
  ['full-width', 'Your \uFF30\uFF29\uFF2E', 'deny', 'compatibility characters are one'],
  ['mathematical', 'Your \u{1D40F}\u{1D408}\u{1D40D}', 'deny', 'compatibility characters are one'],
  ['circled', 'Your \u24C5\u24BE\u24C3', 'deny', 'compatibility characters are one'],
  ['zero width', 'Your P\u200BI\u200DN', 'deny', 'nobody sees it'],
  ['soft hyphen', 'Your P\u00ADIN', 'deny', 'nobody sees it'],
  ['variation selector', 'Your P\uFE0FIN', 'deny', 'nobody sees it'],
  ['joiner', 'Your P\u034FIN', 'deny', 'nobody sees it'],
  ['filler', 'Your P\u3164IN', 'deny', 'nobody sees it'],
  ['tag characters', 'Your P\u{E0041}IN', 'deny', 'nobody sees it'],
  ['zero width within a composition', 'Ku\u200B\u0308ndigung', 'deny', 'left out before it is composed'],
  ['lower case', 'Your pin', 'ask', 'case as written, and the docs say so'],
  ['look-alike', 'Your \u0420IN', 'ask', 'words are no boundary, and the docs say so'],
  ['spaced', 'Your P I N', 'ask', 'words are no boundary, and the docs say so'],
  ['line end in a word', 'Your P\r\nIN', 'ask', 'words are no boundary, and the docs say so'],
  ['other text', 'Hello', 'ask', 'the denial is not wider than it says'],
  ['line ends', 'a\r\nb\rc', 'ask', 'they have one form'],
  ['NUL', 'a\0b', 'refused', 'C ends the text there'],
  ['backspace', 'safe\b\b\b\bevil', 'refused', 'it overwrites in a terminal'],
];

const to = ['bob@example.com'];
const everyone = 'to: { every: { any: true } }';
const lines = policyOf(
  `{ id: a, tool: send_email, ask: { ${everyone}, subject: { contains: Report, maxLength: 20 } } }`,
);
const closes = policyOf(
  `{ id: a, tool: send_email, ask: { ${everyone} } }`,
  '{ id: b, tool: send_email, deny: { body: { contains: [Kündigung, PIN] } } }',
);

describe('texts: attacks and what must happen (S2, S3, S11)', () => {
  test.each(titled(LINES))(`a line that must contain a word: ${TITLE}`, (_attack, must, _why, subject) => {
    expect(attempt(lines, sendEmail, { to, subject, body: 'b' })).toBe(must);
  });

  test.each(titled(CLOSED))(`a text that must not: ${TITLE}`, (_attack, must, _why, body) => {
    expect(attempt(closes, sendEmail, { to, subject: 's', body })).toBe(must);
  });

  test.each<[string, string, string]>([
    ['oneOf: [PIN]', 'P\u200BIN', 'deny'],
    ['oneOf: [PIN]', 'PIN ', 'ask'],
    ['oneOf: ["\\u200B"]', 'x', 'ask'],
    ['contains: ["\\u200B"]', 'x', 'ask'],
    ['contains: ["\\u200B"]', 'x\u200B', 'deny'],
    ['minLength: 3', 'abc', 'deny'],
    ['minLength: 3', 'ab', 'ask'],
    ['maxLength: 2', 'ab', 'deny'],
    ['minLength: 0', '', 'deny'],
  ])('closed by { %s }: %j is %s', (matcher, body, must) => {
    const policy = policyOf(
      `{ id: a, tool: send_email, ask: { ${everyone} } }`,
      `{ id: b, tool: send_email, deny: { body: { ${matcher} } } }`,
    );
    expect(attempt(policy, sendEmail, { to, subject: 's', body })).toBe(must);
  });

  test('what opens by words sees no other form of them', () => {
    const policy = policyOf(`{ id: a, tool: send_email, ask: { ${everyone}, body: { oneOf: [PIN] } } }`);
    const body = (text: string): string => attempt(policy, sendEmail, { to, subject: 's', body: text });
    expect([body('PIN'), body('\uFF30IN'), body('P\u200BIN')]).toEqual(['ask', 'deny', 'deny']);
  });

  test.each([
    ['maxLength: "3"', /"maxLength" is a whole number/],
    ['maxLength: -1', /"maxLength" is a whole number/],
    ['maxLength: 1.5', /"maxLength" is a whole number/],
    ['minLength: many', /"minLength" is a whole number/],
    ['contains: ""', /every text contains the empty one/],
    ['contains: [5]', /put it in quotes/],
    ['oneOf: []', /the list is empty/],
  ])('a rule that could not mean what it says does not load: { %s }', (matcher, message) => {
    const rule = `{ id: a, tool: send_email, ask: { ${everyone}, body: { ${matcher} } } }`;
    expect(problemsOf(fileWith([rule])).join('\n')).toMatch(message);
  });
});
