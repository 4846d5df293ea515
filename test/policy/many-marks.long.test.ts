/** S2: no text takes the guard long to judge, and none is let through because it would. */
import { describe, expect, test } from '@jest/globals';
import { sessionId } from '../../src/client/sessions.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { MANY_MARKS } from '../../src/policy/matchers/text.ts';
import { sendEmail } from './shapes.ts';
import { decide, fileWith, load } from './support.ts';

/** Two kinds of marks that normal forms sort by exchanging each with each: seconds, where nobody bounds the run. */
const marks = (each: number): string => `a${'\u0300'.repeat(each)}${'\u0316'.repeat(each)}`;
const MARKS = marks(25_000);

const mail = (body: string): JsonObject => ({ to: ['a@example.com'], subject: '', body });
const ALLOW = '{ id: mail, tool: send_email, allow: { to: { every: { any: true } } } }';
const denying = (count: number): readonly string[] => [
  ALLOW,
  ...Array.from(
    { length: count },
    (_, at) => `{ id: d${at}, tool: send_email, deny: { body: { contains: SECRET-${at} } } }`,
  ),
];

function took(work: () => unknown): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

describe('many marks in a row', () => {
  const policy = load(fileWith(denying(499)));

  test('499 rules judge them in less time than normalising them once takes', () => {
    const naive = took(() => MARKS.normalize('NFKC'));
    expect(took(() => decide(policy, sendEmail, mail(MARKS)))).toBeLessThan(naive);
  });

  test('what closes takes them for the words it looks for; what opens does not', () => {
    expect(decide(policy, sendEmail, mail(MARKS))).toMatchObject({ kind: 'deny', rule: 'd0' });
    const opening = ALLOW.replace('} } } }', '} }, body: { contains: hello } } }');
    expect(decide(load(fileWith([opening])), sendEmail, mail(MARKS)).kind).toBe('deny');
    const asking = '{ id: ask, tool: send_email, ask: { to: { every: { any: true } }, body: { oneOf: stop } } }';
    expect(decide(load(fileWith([ALLOW, asking])), sendEmail, mail(MARKS)).kind).toBe('ask');
  });

  test.each([
    ['what nobody sees between them', [...marks(20)].join('\u200B')],
    ['marks that only mapping makes', `a${'\u0300\uFF9E'.repeat(20)}`],
    ['more than thirty', `a${'\u0301'.repeat(31)}`],
  ])('%s', (_, body) => {
    expect(decide(policy, sendEmail, mail(body)).kind).toBe('deny');
  });

  test('thirty are read as they are', () => {
    expect(decide(policy, sendEmail, mail(`a${'\u0301'.repeat(30)}`)).kind).toBe('allow');
    expect(decide(policy, sendEmail, mail(`SECRE\u200BT-7${'\u0301'.repeat(30)}`)).rule).toBe('d7');
  });

  test('one text after another is judged by itself', () => {
    const kinds = ['Ｓ', MARKS, 'ＳECRET-1', 'Ｓ'].map((body) => decide(policy, sendEmail, mail(body)).kind);
    expect(kinds).toEqual(['allow', 'deny', 'deny', 'allow']);
  });

  test('every character whose form begins with a mark that is sorted counts as a mark', () => {
    const missed: string[] = [];
    for (let code = 0; code <= 0x10_ff_ff; code += 1) {
      if (code >= 0xd8_00 && code <= 0xdf_ff) continue;
      const one = String.fromCodePoint(code);
      if (!MANY_MARKS.test(one.repeat(31)) && /^\p{M}/u.test(one.normalize('NFKD'))) missed.push(code.toString(16));
    }
    // Both vowels begin with a mark of class 0, which nothing is sorted across.
    expect(missed).toEqual(['e33', 'eb3']);
  });

  test('a goal of marks gets its id as fast', () => {
    const naive = took(() => MARKS.normalize('NFKD'));
    expect(took(() => sessionId(MARKS))).toBeLessThan(naive);
  });
});
