import { describe, expect, test } from '@jest/globals';
import { VerdictShape } from '../../src/contract/verdict.ts';
import { wrongField } from '../../src/domain/verdict.ts';

const GOOD = {
  requestId: 'run/c1/1',
  digest: 'd'.repeat(64),
  decision: 'approve',
  approver: 'alice',
  keyId: 'k1',
  at: '2026-11-24T12:00:00.000Z',
  signature: 's'.repeat(88),
};

const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  7,
  '',
  'x',
  'deny',
  'approve ',
  'D'.repeat(64),
  'd'.repeat(63),
  'd'.repeat(64),
  `${'d'.repeat(64)}\n`,
  'x'.repeat(100),
  'x'.repeat(101),
  'x'.repeat(200),
  'x'.repeat(201),
  'x'.repeat(1000),
  'x'.repeat(1001),
  '😀'.repeat(100),
  [],
  ['alice'],
  {},
  { text: 'louder' },
  '2026-11-24T12:00Z',
  '2026-11-24T12:00:00Z',
  '2026-11-24T12:00:00.1Z',
  '2026-11-24T12:00:00.123456789Z',
  '2026-11-24T12:00:00+00:00',
  '2026-11-24T12:00:00',
  '2026-11-24 12:00:00Z',
  '2026-11-24T12:00:00Z\n',
  '02026-11-24T12:00:00Z',
];
const KEYS = [...Object.keys(GOOD), 'reason', 'edit', 'grant', 'urgent', 'constructor', 'toString'];

const samples: readonly (readonly [string, unknown])[] = [
  ...KEYS.flatMap((key) =>
    VALUES.map((value) => [`${key}: ${JSON.stringify(value)?.slice(0, 30)}`, { ...GOOD, [key]: value }] as const),
  ),
  ...[null, undefined, 7, 'approve', [], [GOOD], {}].map(
    (value) => [JSON.stringify(value) ?? 'nothing', value] as const,
  ),
  ['an own __proto__', JSON.parse(`{"__proto__":{},${JSON.stringify(GOOD).slice(1)}`)],
];

describe('the session’s reader of verdicts, which has no schema library (S13)', () => {
  test('calls wrong just what the guard’s schema refuses', () => {
    expect(samples.length).toBeGreaterThan(400);
    for (const [name, json] of samples) {
      // Decoded JSON has no undefined members.
      const sample = json === undefined ? json : (JSON.parse(JSON.stringify(json)) as unknown);
      expect({ name, good: wrongField(sample) === undefined }).toEqual({
        name,
        good: VerdictShape.safeParse(sample).success,
      });
    }
  });

  test.each(['2026-02-30T12:00:00Z', '2026-13-01T12:00:00Z', '2026-11-24T25:00:00Z'])(
    'a moment that no calendar has (%s) is left to the guard',
    (at) => {
      expect(wrongField({ ...GOOD, at })).toBeUndefined();
      expect(VerdictShape.safeParse({ ...GOOD, at }).success).toBe(false);
    },
  );

  test('the wrong field is named', () => {
    expect(wrongField({ ...GOOD, urgent: true })).toBe('urgent');
    expect(wrongField({ ...GOOD, keyId: 7 })).toBe('keyId');
  });
});
