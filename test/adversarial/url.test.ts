import { describe, expect, test } from '@jest/globals';
import { pathReadings } from '../../src/policy/matchers/url-path.ts';
import { seeded } from '../policy/seeded.ts';
import { httpRequest } from '../policy/shapes.ts';
import { TITLE, attempt, policyOf, titled } from './attempt.ts';
import { CLOSED, OPENED, closes, excepted, opens } from './hostile-urls.ts';

describe('URLs: attacks and what must happen (S2, S3)', () => {
  test.each(titled(OPENED))(`opened to one path: ${TITLE}`, (_attack, must, _why, url) => {
    expect(attempt(opens, httpRequest, { url, method: 'GET' })).toBe(must);
  });

  test.each(titled(CLOSED))(`closed to some: ${TITLE}`, (_attack, must, _why, url) => {
    expect(attempt(closes, httpRequest, { url, method: 'GET' })).toBe(must);
    expect(attempt(excepted, httpRequest, { url, method: 'GET' })).toBe(must);
  });

  test('a denial of "/admin/" covers "/admin", and the exceptions of a denial are read as narrowly as an allow', () => {
    const policy = policyOf(
      '{ id: a, tool: http_request, allow: { url: { any: true }, method: [GET] } }',
      '{ id: b, tool: http_request, deny: { url: { path: [/admin/, "/admin/**"] } }, except: { url: { origin: "https://api.example", path: [/admin/help] } } }',
    );
    const get = (url: string): string => attempt(policy, httpRequest, { url, method: 'GET' });
    expect(get('https://api.example/admin')).toBe('deny');
    expect(get('https://api.example/admin/help')).toBe('allow');
    expect(get('https://api.example/admin/help;x')).toBe('deny');
    expect(get('https://api.example/admin/h%2565lp')).toBe('deny');
    expect(get('https://api.example/admin/help?x=1')).toBe('deny');
  });

  test('no reading of a path that is opened leaves the folder that it was opened with', () => {
    const random = seeded(14);
    const pieces = [
      '.',
      '.',
      '%20',
      '%EF%BC%8E',
      '%E2%80%8B',
      '%E2%80%A5',
      '%25',
      '2e',
      '%C2%AD',
      ';',
      'a',
      '/',
      '%EF%BC%8F',
      '%E3%80%80',
      '%5C',
      '%2F',
    ] as const;
    let opened = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const path = `/v1/${Array.from({ length: 1 + random.number(6) }, () => random.pick(pieces)).join('')}/admin`;
      if (attempt(opens, httpRequest, { url: `https://api.example${path}`, method: 'GET' }) !== 'allow') continue;
      opened += 1;
      for (const reading of pathReadings(path)) expect(reading).toMatch(/^\/v1(?:\/|$)/);
    }
    expect(opened).toBeGreaterThan(1000);
  });

  test.each([[['https://api.example/v1/a']], [new URL('https://api.example/v1/a')], [5], [null]])(
    'what fetch would take is not taken here: %p',
    (url) => expect(attempt(opens, httpRequest, { url, method: 'GET' })).toBe('refused'),
  );
});
