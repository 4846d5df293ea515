/** S10 against a server that means to stop the worker, and secrets that begin alike. Patterns took minutes for these. */
import { describe, expect, test } from '@jest/globals';
import { redactorOf } from '../../../src/adapters/http/redact-secrets.ts';
import { answerOf, call, exchange, serve } from './servers.ts';

const K = 256 * 1024;
const long = (length: number, step: number): string =>
  Array.from({ length }, (_, index) => String.fromCharCode(33 + ((index * step) % 89))).join('');
const VALUES: Readonly<Record<string, string>> = {
  weather: long(4096, 7),
  token: 'eyJ'.padEnd(1500, 'Ab1-'),
  other: 'aaaaaaaaaaaaaaab',
  login: Buffer.from(`user:${long(3000, 11)}`).toString('base64'),
};
const readSecret = async (name: string) => ({ kind: 'secret' as const, value: VALUES[name] ?? 'planted-key' });
const headers = {
  authorization: 'Basic {{secret:login}}',
  'x-api-key': '{{secret:weather}}',
  'api-key': '{{secret:token}}',
  'x-auth-token': '{{secret:other}}',
};

async function told(body: string, type = 'text/plain'): Promise<string> {
  const { origin } = await serve((_request, response) => response.writeHead(200, { 'content-type': type }).end(body));
  return answerOf(await exchange(call(origin, { headers }), { readSecret, timeoutMs: 30_000 })).body;
}

describe('256 KB of what begins an escape or a secret end, with four secrets of up to 4,096 characters', () => {
  test.each([
    '\\',
    '%',
    '&',
    '&#',
    '&#0',
    '\\u00',
    '\\a',
    '\\"',
    '%25',
    '%252525252541',
    '%5c',
    '&amp;',
    '&#92;',
    'A',
    'a',
    'YWFh',
    'eyJ',
    '6161',
  ])(
    '%j',
    async (piece) => {
      const body = piece.repeat(Math.floor((K - 100) / piece.length));
      const text = await told(`${body} ${VALUES['other']}!`);
      expect(text.endsWith('[secret other]!') || text.endsWith('[secret token]!')).toBe(true);
    },
    60_000,
  );
});

test('headers of 15 KB are rid of secrets, then cut', async () => {
  const { origin } = await serve((_request, response) =>
    response.writeHead(302, { location: `/${'\\'.repeat(900)}${VALUES['weather']}${'%'.repeat(9000)}` }).end(),
  );
  const found = answerOf(await exchange(call(origin, { headers }), { readSecret, timeoutMs: 30_000 }));
  expect(found.headers['location']).toBe(`/${'\\'.repeat(900)}[secret weather]${'%'.repeat(83)}`);
});

test('each character in an escape of its own, whatever the secret holds', () => {
  const escapes: readonly ((hex: string, character: string) => string)[] = [
    (_hex, character) => character,
    (hex) => `%${hex}`,
    (hex) => `%2525${hex}`,
    (hex) => `\\u00${hex}`,
    (hex) => `\\\\\\u00${hex.toUpperCase()}`,
    (hex) => `\\x${hex}`,
    (hex) => `&#x0${hex};`,
    (hex) => `&amp;#${Number.parseInt(hex, 16)};`,
    (_hex, character) => (/["'/\\]/.test(character) ? `\\\\\\${character}` : character),
  ];
  for (let n = 0; n < 2000; n += 1) {
    const value = Array.from({ length: 8 + (n % 9) }, (_, at) =>
      String.fromCharCode(33 + ((n * 31 + at * (1 + (n % 89))) % 94)),
    );
    const forms = [value.join(''), Buffer.from(value.join('')).toString('base64url')];
    const redact = redactorOf([{ name: 's', value: value.join(''), before: '' }]);
    for (const form of forms) {
      const echo = [...form].map((one, at) =>
        escapes[(n * 7 + at * 5) % escapes.length]?.(one.charCodeAt(0).toString(16), one),
      );
      expect([value.join(''), redact(`before ${echo.join('')} after`)]).toEqual([
        value.join(''),
        expect.stringMatching(/^before \[secret s\].{0,20} after$/),
      ]);
    }
  }
});

describe('several secrets', () => {
  const used = (...values: readonly string[]) =>
    values.map((value) => ({ name: `n${value.length}`, value, before: '' }));

  test.each([
    ['the short one first', used('abcdefgh', 'abcdefghIJKLMNOP')],
    ['the long one first', used('abcdefghIJKLMNOP', 'abcdefgh')],
  ])('a secret that another begins with leaves nothing of it: %s', (_what, secrets) => {
    const redact = redactorOf(secrets);
    const escaped = Buffer.from('abcdefghIJKLMNOP').toString('base64');
    expect(redact('a abcdefghIJKLMNOP b abcdefgh c')).toBe('a [secret n16] b [secret n8] c');
    expect(redact('%61bcdefgh\\u0049JKLMNO&#80;')).toBe('[secret n16]');
    // The last character also holds bits of what would stand beside.
    expect(redact(escaped)).toBe('[secret n16]A==');
  });

  test('secrets that overlap go whole', () => {
    expect(redactorOf(used('abcdefgh', 'efghijklmn'))('x abcdefghijklmn y')).toMatch(/^x \[secret n\d+\] y$/);
  });

  test('what looks like an escape in a secret is found in and out of escapes', () => {
    const value = 'p%41q\\u0042r&amp;s\\\\t"';
    const redact = redactorOf(used(value));
    for (const form of [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]) {
      expect(redact(`x ${form} y`)).toBe(`x [secret n${value.length}] y`);
    }
    expect(redact('p%41q')).toBe('p%41q');
  });

  test('base64 of base64 is not found: a limit that is told', () => {
    const twice = Buffer.from(Buffer.from('abc"efgh').toString('base64')).toString('base64');
    expect(redactorOf(used('abc"efgh'))(twice)).toBe(twice);
  });

  test('what is no secret stays as it came, escapes and all', () => {
    const text = 'ä İ \\u0041 %41 &amp; \\\\ C:\\temp 100% K-L_M';
    expect(redactorOf(used('abcdefgh'))(text)).toBe(text);
    expect(redactorOf(used('abcdefgh'))(`${text} ABCDEFGH ${text}`)).toBe(`${text} [secret n8] ${text}`);
  });
});
