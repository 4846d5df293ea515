/** What is claimed of matchers is tried on values; a failing case names its seed. */
import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/domain/json.ts';
import { compileArgument } from '../../src/policy/matchers/compile-argument.ts';
import type { Purpose } from '../../src/policy/matchers/matcher.ts';
import { readClaim } from '../../src/policy/subset/claim.ts';
import { covers, disjoint, neverMatches } from '../../src/policy/subset/compare-claims.ts';
import type { Seeded } from './seeded.ts';
import { seeded } from './seeded.ts';
import type { SampleName } from './subset-samples.ts';
import { SAMPLE_NAMES, VALUES, argumentSpec, argumentValue, shapeOf } from './subset-samples.ts';

const CASES = 600;
const LISTS = 40;

interface Side {
  readonly spec: Json;
  readonly purpose: Purpose;
  readonly matches: (value: Json) => boolean;
}

function sideOf(random: Seeded, name: SampleName, list: boolean): Side {
  const purpose = random.pick(['opens', 'closes'] as const);
  const spec = argumentSpec(random, name, list, purpose);
  const wrong: string[] = [];
  const matcher = compileArgument(shapeOf(name, list), spec, [], purpose, (_, message) => wrong.push(message));
  // A rule that does not load needs no reasoning; nothing may be claimed of it either, which is tried elsewhere.
  if (wrong.length > 0) return sideOf(random, name, list);
  return { spec, purpose, matches: (value) => matcher(value, 'a') === null };
}

function tried(random: Seeded, name: SampleName, list: boolean): readonly Json[] {
  return list ? Array.from({ length: LISTS }, () => argumentValue(random, name, list)) : (VALUES.get(name) ?? []);
}

function refuted(name: SampleName, list: boolean, seed: number, proven: Record<string, number>): Json {
  const random = seeded(seed);
  const [one, other] = [sideOf(random, name, list), sideOf(random, name, list)];
  const [a, b] = [one, other].map(({ spec, purpose }) => readClaim(shapeOf(name, list), spec, purpose));
  if (a === undefined || b === undefined) return null;
  const claimed = { covers: covers(a, b), disjoint: disjoint(a, b), never: neverMatches(a) };
  for (const [key, is] of Object.entries(claimed)) proven[key] = (proven[key] ?? 0) + Number(is);
  const wrong = tried(random, name, list).find((value) => {
    const [inOne, inOther] = [one.matches(value), other.matches(value)];
    return (claimed.covers && inOther && !inOne) || (claimed.disjoint && inOne && inOther) || (claimed.never && inOne);
  });
  return wrong === undefined ? null : { seed, claimed, one: one.spec, other: other.spec, value: wrong };
}

describe.each(SAMPLE_NAMES)('claims about a %s, over seeded matchers', (name) => {
  test.each([false, true])('hold for each value that is tried (list: %s)', (list) => {
    const proven: Record<string, number> = {};
    const found = Array.from({ length: CASES }, (_, seed) => refuted(name, list, seed, proven));
    expect(found.filter((one) => one !== null)).toEqual([]);
    expect(proven['covers']).toBeGreaterThan(CASES / 10);
    // An empty map of headers matches whatever is said of the names that may be there.
    const atLeast = name === 'headers' ? 0 : CASES / 200;
    expect(Math.min(...Object.values(proven))).toBeGreaterThanOrEqual(atLeast);
  });
});
