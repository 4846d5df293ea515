/** For each kind: what rules say of it, and canonical values to try that on. */
import type { Json } from '../../src/domain/json.ts';
import { isRecord } from '../../src/domain/json.ts';
import type { ArgumentShape } from '../../src/policy/kinds/argument.ts';
import { listOf, one, optional } from '../../src/policy/kinds/argument.ts';
import type { Seeded } from './seeded.ts';
import type { Sample, Some } from './kind-samples.ts';
import { SAMPLES } from './kind-samples.ts';

export type SampleName = keyof typeof SAMPLES;
export const SAMPLE_NAMES = Object.keys(SAMPLES) as unknown as Some<SampleName>;

export function sampleOf(name: SampleName): Sample {
  return SAMPLES[name] as unknown as Sample;
}

/** The values in the form of their kind; those that it does not take are left out. */
export const VALUES: ReadonlyMap<SampleName, readonly Json[]> = new Map(
  SAMPLE_NAMES.map((name) => {
    const { kind, values } = sampleOf(name);
    const parsed = values.map((value) => kind.schema.safeParse(value));
    return [name, parsed.flatMap((one) => (one.success ? [one.data as Json] : []))];
  }),
);

export function shapeOf(name: SampleName, list: boolean): ArgumentShape {
  const { kind } = sampleOf(name);
  return list ? optional(listOf(kind, 3, 'd')) : one(kind, 'd');
}

/** A matcher for one value; in what opens, with the keys that must be there. */
export function elementSpec(random: Seeded, name: SampleName, opens: boolean, depth = 0): Json {
  const { said } = sampleOf(name);
  const dice = random.number(12);
  if (dice === 0) return { any: true };
  if (name === 'url' && random.number(4) === 0) {
    const query = random.pick(said[4]?.[1] ?? ['any']);
    return { origin: 'https://h.example', path: '/**', query: closing(query, opens) };
  }
  const keys: Record<string, Json> = {};
  if (opens && name === 'url')
    Object.assign(keys, { origin: random.pick(said[0][1]), path: random.pick(said[2]?.[1] ?? ['/']) });
  if (opens && name === 'headers') Object.assign(keys, { only: random.pick(said[0][1]) });
  for (let count = 1 + random.number(2); count > 0; count -= 1) {
    const [key, values] = random.pick(said);
    keys[key] = random.pick(values);
  }
  if (dice > 3 || depth > 1) return keys;
  const alternatives = Array.from({ length: 1 + random.number(3) }, () => elementSpec(random, name, opens, depth + 1));
  return random.number(2) === 0 ? { anyOf: alternatives } : { ...keys, anyOf: alternatives };
}

/** Without `only`, which what opens must say. */
function closing(query: Json, opens: boolean): Json {
  if (opens || !isRecord(query) || !Object.hasOwn(query, 'has')) return query;
  return { has: query['has'] as Json };
}

/** What a denial may say of a list. */
function deniedList(random: Seeded, name: SampleName): Json {
  return random.number(5) === 0 ? { every: { any: true } } : { some: elementSpec(random, name, false) };
}

export function argumentSpec(
  random: Seeded,
  name: SampleName,
  list: boolean,
  use: 'opens' | 'denies' | 'closes',
): Json {
  const opens = use === 'opens';
  if (!list) return elementSpec(random, name, opens);
  if (use === 'denies') return deniedList(random, name);
  const every = opens || random.number(3) > 0 ? { every: elementSpec(random, name, opens) } : {};
  const some = random.number(3) === 0 ? { some: elementSpec(random, name, opens) } : {};
  const max = random.number(3) === 0 ? { max: random.number(3) } : {};
  const spec = { ...every, ...some, ...max };
  return Object.keys(spec).length === 0 ? { max: 2 } : spec;
}

export function argumentValue(random: Seeded, name: SampleName, list: boolean): Json {
  const values = VALUES.get(name) as unknown as Some<Json>;
  return list ? Array.from({ length: 1 + random.number(3) }, () => random.pick(values)) : random.pick(values);
}
