/**
 * S3: an ask stops at least what it opens, for every kind and form of list. Lints rely on it: what an ask closes is all
 * that they know of it.
 */
import { expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { givenArguments, matches, stops } from '../../src/policy/clauses.ts';
import type { Clause } from '../../src/policy/policy.ts';
import type { ToolShape } from '../../src/policy/tool-shape.ts';
import type { Seeded } from './seeded.ts';
import { seeded } from './seeded.ts';
import type { SampleName } from './subset-samples.ts';
import { SAMPLE_NAMES, argumentSpec, argumentValue, shapeOf } from './subset-samples.ts';
import { load } from './support.ts';

const CASES = 150;
const VALUES = 30;

function toolOf(name: SampleName, list: boolean): ToolShape {
  return { name: 'tool', permission: 'read_files', arguments: { value: { ...shapeOf(name, list), optional: true } } };
}

/** The clause of a random ask that loads; undefined for one that does not. */
function askOf(random: Seeded, name: SampleName, list: boolean): Clause | undefined {
  const said = argumentSpec(random, name, list, 'opens') as JsonObject;
  const value: Json = random.number(5) === 0 && !Array.isArray(said) ? { optional: true, ...said } : said;
  const excepted = random.number(2) === 0 ? { except: { value: argumentSpec(random, name, list, 'closes') } } : {};
  const rules = [{ id: 'r', tool: 'tool', ask: { value }, ...excepted }];
  const document = { version: 1, profiles: { all: { grant: [] } }, approval: { by: ['owner'] }, rules };
  try {
    return load(JSON.stringify(document), [toolOf(name, list)]).clauses[0];
  } catch {
    return undefined;
  }
}

interface Tried {
  readonly spoken: number;
  /** Of what an ask speaks and does not stop. */
  readonly wrong: readonly Json[];
}

function tryAsks(name: SampleName, list: boolean): Tried {
  const wrong: Json[] = [];
  let spoken = 0;
  for (let seed = 0; seed < CASES; seed += 1) {
    const random = seeded(seed);
    const clause = askOf(random, name, list);
    if (clause === undefined) continue;
    for (let count = 0; count < VALUES; count += 1) {
      const args: JsonObject = count === 0 ? {} : { value: argumentValue(random, name, list) };
      const given = givenArguments(toolOf(name, list).arguments, args);
      if (!matches(clause, given)) continue;
      spoken += 1;
      if (!stops(clause, given))
        wrong.push({ seed, args, said: { ...clause.spec.matchers }, except: [...clause.spec.except] });
    }
  }
  return { spoken, wrong };
}

const rows = SAMPLE_NAMES.flatMap((name) => [[name, false] as const, [name, true] as const]);

test.each(rows)('what an ask says of %s, in a list: %s, it stops', (name, list) => {
  const { spoken, wrong } = tryAsks(name, list);
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(spoken).toBeGreaterThan(CASES);
});
