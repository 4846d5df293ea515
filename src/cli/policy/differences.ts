/**
 * What differs between two values of a policy file, in lines of `-` and `+`. Nothing that differs is ever cut: of what is
 * long only that is shown which differs, key by key, element by element, texts from their first difference on (S11).
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { isRecord, own, ownList, ownString } from '../../domain/json.ts';
import { stableJson } from '../../policy/diff/stable-json.ts';
import type { StructuralChange } from '../../policy/diff/structure.ts';
import { inlineYaml } from '../../policy/policy-yaml.ts';
import { line, styled } from '../terminal.ts';

/** Values that both fit into so many characters are shown whole. */
const SHORT = 160;

export function differencesOf({ part, change, was, is }: StructuralChange): readonly string[] {
  if (part === 'tests') return differences(namesOf(was, is), namesOf(is, was), '');
  if (change !== 'changed') return [...removed(inOrder(was), ''), ...added(inOrder(is), '')];
  if (!isRecord(was) || !isRecord(is)) return differences(was, is, '');
  return keysOf(was, is).flatMap((key) => differences(valueOf(was, key), valueOf(is, key), key));
}

function differences(was: Json, is: Json, path: string): readonly string[] {
  if (stableJson(was) === stableJson(is)) return [];
  if (was === null || is === null) return [...removed(was, path), ...added(is, path)];
  if (inlineYaml(was).length <= SHORT && inlineYaml(is).length <= SHORT)
    return [...removed(was, path), ...added(is, path)];
  if (Array.isArray(was) && Array.isArray(is)) {
    const [gone, come] = [without(was, is), without(is, was)];
    if (gone.length + come.length > 0)
      return [...gone.flatMap((one) => removed(one, path)), ...come.flatMap((one) => added(one, path))];
  }
  if (isRecord(was) && isRecord(is) && !Array.isArray(was) && !Array.isArray(is))
    return keysOf(was, is).flatMap((key) => differences(valueOf(was, key), valueOf(is, key), `${path}.${key}`));
  if (typeof was === 'string' && typeof is === 'string') return differingTexts(was, is, path);
  return [...removed(was, path), ...added(is, path)];
}

/** The elements that the other has not, or not as often. */
function without(list: readonly Json[], other: readonly Json[]): readonly Json[] {
  const left = new Map<string, number>();
  for (const one of other.map(stableJson)) left.set(one, (left.get(one) ?? 0) + 1);
  return list.filter((one) => {
    const key = stableJson(one);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

/** So many characters before the first difference are shown. */
const BEFORE = 20;

function differingTexts(was: string, is: string, path: string): readonly string[] {
  const [before, after] = [[...was], [...is]];
  const first = before.findIndex((character, index) => character !== after[index]);
  const start = Math.max(0, (first === -1 ? before.length : first) - BEFORE);
  const rest = (all: readonly string[]): string =>
    start === 0 ? inlineYaml(all.join('')) : `…${all.slice(start).join('')}`;
  return [minus(rest(before), path), plus(rest(after), path)];
}

function removed(value: Json, path: string): readonly string[] {
  return value === null ? [] : [minus(inlineYaml(value), path)];
}

function added(value: Json, path: string): readonly string[] {
  return value === null ? [] : [plus(inlineYaml(value), path)];
}

function minus(text: string, path: string): string {
  return `    ${styled('red', `- ${labelOf(path)}${line(text)}`)}`;
}

function plus(text: string, path: string): string {
  return `    ${styled('green', `+ ${labelOf(path)}${line(text)}`)}`;
}

function labelOf(path: string): string {
  return path === '' ? '' : `${line(path)}: `;
}

/** A rule with what decides first: its examples and its words stand last. */
function inOrder(value: Json): Json {
  if (!isRecord(value) || Array.isArray(value)) return value;
  const { examples, why, ...rest } = value as JsonObject;
  return {
    ...rest,
    ...(examples === undefined ? {} : { examples }),
    ...(why === undefined ? {} : { why }),
  };
}

/** Of tests that the other side has not; one that the other has by that name with other words is shown whole. */
function namesOf(tests: Json, others: Json): Json {
  const all = (of: Json): readonly JsonObject[] => ownList({ of }, 'of') as readonly JsonObject[];
  const known = new Set(all(others).map(stableJson));
  const named = new Set(all(others).map((test) => ownString(test, 'name')));
  const found = all(tests).flatMap((test): readonly Json[] => {
    const name = ownString(test, 'name');
    return known.has(stableJson(test)) ? [] : [named.has(name) ? test : (name ?? '')];
  });
  return found.length === 0 ? null : found;
}

function keysOf(was: object, is: object): readonly string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])];
}

function valueOf(record: object, key: string): Json {
  return (own(record, key) ?? null) as Json;
}
