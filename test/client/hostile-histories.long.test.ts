/** S13: a history is what a server says. Whatever stands in it, log, explanation and backtest tell it or leave it out. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { exportedEvents } from '../../src/client/exported-history.ts';
import { readEvents } from '../../src/client/history-event.ts';
import { distinctActions, recordedActions } from '../../src/client/recorded-actions.ts';
import { tellStory } from '../../src/client/session-log.ts';
import { decideHistory } from '../../src/cli/policy/decide-history.ts';
import { describeBacktest } from '../../src/cli/policy/describe-backtest.ts';
import { describeStory } from '../../src/cli/show-log.ts';
import { safeJson } from '../../src/cli/terminal.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import type { Seeded } from '../policy/seeded.ts';
import { seeded } from '../policy/seeded.ts';
import { BELL_POLICY, createBell } from '../support/bell.ts';

const FOLDER = join(__dirname, '..', 'histories', '0.1.0');
const HISTORIES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name): [string, string] => [name, readFileSync(join(FOLDER, name), 'utf8')]);
const ROUNDS = 100;

const { tools } = createBell();
const reading = parsePolicy(BELL_POLICY, tools);
if (reading.kind === 'broken') throw new Error('the policy is broken');
const { policy } = reading;

async function told(text: string): Promise<readonly string[] | undefined> {
  const events = await exportedEvents(text);
  if (events === undefined) return undefined;
  const rows = tellStory(readEvents(events));
  const actions = distinctActions(recordedActions(events, 'x'));
  const backtest = decideHistory(policy, { sessions: 1, actions }, tools);
  return [describeStory(rows), safeJson(rows), safeJson(actions), describeBacktest(backtest), safeJson(backtest)];
}

const NASTY = [
  null,
  [],
  {},
  'x',
  '',
  -1,
  1e308,
  0,
  true,
  '__proto__',
  [[[]]],
  [null],
  ['x'],
  [{}],
  { n: 1 },
  '\u001b[2J',
  '9'.repeat(400),
  '2026-99-99',
  { constructor: 1 },
  'toString',
] as const;

function mutated(random: Seeded, value: unknown, oneIn: number): unknown {
  if (random.number(oneIn) === 0) return random.pick(NASTY);
  if (Array.isArray(value)) return value.map((inner) => mutated(random, inner, oneIn));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const name = random.number(oneIn * 4) === 0 ? '__proto__' : key;
      return random.number(oneIn * 4) === 0 ? [] : [[name, mutated(random, inner, oneIn)]];
    }),
  );
}

/** What stands in the payloads is mutated too, within their encoding. */
function mutatedPayloads(random: Seeded, value: unknown, oneIn: number): unknown {
  if (Array.isArray(value)) return value.map((inner) => mutatedPayloads(random, inner, oneIn));
  if (typeof value !== 'object' || value === null) return value;
  const { data, metadata, ...rest } = value as Record<string, unknown>;
  if (typeof data !== 'string' || metadata === undefined)
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, mutatedPayloads(random, inner, oneIn)]),
    );
  const held: unknown = JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
  const changed = JSON.stringify(mutated(random, held, oneIn));
  return { ...rest, metadata, data: Buffer.from(changed, 'utf8').toString('base64') };
}

describe('a hostile history (S13)', () => {
  test('a time that no calendar has is told as none', () => {
    const eventTime = { seconds: 1e300, nanos: Number.NaN };
    expect(readEvents([{ eventTime, timerFiredEventAttributes: {} }])).toEqual([
      { kind: 'timerFired', at: '1970-01-01T00:00:00.000Z' },
    ]);
  });

  test.each(HISTORIES)('%s, mutated: nothing throws', async (_, text) => {
    const whole: unknown = JSON.parse(text);
    let kept = 0;
    for (let seed = 0; seed < ROUNDS; seed += 1) {
      const random = seeded(seed);
      const oneIn = random.pick([20, 60, 200]);
      const changed = mutatedPayloads(random, whole, oneIn);
      const hostile = seed % 2 === 0 ? changed : mutated(random, changed, oneIn * 10);
      try {
        if ((await told(JSON.stringify(hostile))) !== undefined) kept += 1;
      } catch (error) {
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      }
    }
    expect(kept).toBeGreaterThan(ROUNDS / 4);
  });
});
