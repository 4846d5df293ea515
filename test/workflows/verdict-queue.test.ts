import { describe, expect, test } from '@jest/globals';
import type { Queued } from '../../src/workflows/verdict-queue.ts';
import { ENOUGH_FOR_A_PASS, createFairQueue } from '../../src/workflows/verdict-queue.ts';

const entry = (n: number): Queued => ({ received: { n, receivedAt: '2026-11-24T12:00:00.000Z', verdict: null } });
const numbers = (entries: readonly Queued[]): readonly number[] => entries.map(({ received }) => received.n);

/** Deterministic, and as good as chance for what is counted here. */
function dice(): () => number {
  let state = 7;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('the queue of one request (S6, S13)', () => {
  test('a pass takes from each name in turn, in order of arrival', () => {
    const queue = createFairQueue(dice());
    for (let n = 1; n <= 40; n += 1) queue.add(entry(n), 'bob');
    for (let n = 41; n <= 43; n += 1) queue.add(entry(n), 'alice');
    expect(numbers(queue.take(4))).toEqual([1, 2, 41, 42]);
    expect(numbers(queue.take(2))).toEqual([3, 43]);
    expect(queue.take(100)).toHaveLength(37);
    expect(queue.size()).toBe(0);
  });

  test('however many names there are, each has its turn', () => {
    const queue = createFairQueue(dice());
    for (let name = 0; name < 300; name += 1)
      for (let n = 0; n < 5; n += 1) queue.add(entry(1000 * n + name), `name ${name}`);
    const first = [...queue.take(100), ...queue.take(100), ...queue.take(100)];
    expect(new Set(numbers(first)).size).toBe(300);
    expect(Math.max(...numbers(first))).toBe(299);
  });

  test.each([
    ['before', 200, 0],
    ['after', 0, 200],
    ['around', 100, 100],
  ])('a verdict with a flood in its own name %s it has the same chance of a place', (_, before, after) => {
    const random = dice();
    let kept = 0;
    for (let round = 0; round < 400; round += 1) {
      const queue = createFairQueue(random, 50);
      for (let n = 1; n <= before; n += 1) queue.add(entry(n), 'alice');
      queue.add(entry(1000), 'alice');
      for (let n = 1; n <= after; n += 1) queue.add(entry(1000 + n), 'alice');
      if (numbers(queue.take(100)).includes(1000)) kept += 1;
    }
    // 50 of 201.
    expect(kept / 400).toBeGreaterThan(0.18);
    expect(kept / 400).toBeLessThan(0.32);
  });

  test('who has no place is told at once, and a place that became free is free', () => {
    const queue = createFairQueue(dice(), 2);
    const out = [1, 2, 3].flatMap((n) => queue.add(entry(n), 'alice') ?? []);
    expect(out).toHaveLength(1);
    expect(queue.add(entry(4), 'bob')).toBeUndefined();
    queue.take(1);
    expect(queue.add(entry(5), 'alice')).toBeUndefined();
  });

  test('a few verdicts wait for more, and many do not', () => {
    const queue = createFairQueue(dice());
    for (let n = 1; n < ENOUGH_FOR_A_PASS; n += 1) queue.add(entry(n), `name ${n % 3}`);
    expect(queue.isPressing()).toBe(false);
    queue.add(entry(ENOUGH_FOR_A_PASS), 'alice');
    expect(queue.isPressing()).toBe(true);
    queue.take(1);
    expect(queue.isPressing()).toBe(false);
  });
});
