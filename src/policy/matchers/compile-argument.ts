/** From what a rule says of one argument to a matcher, by the kind of the argument. */
import { isRecord } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import type { ArgumentShape } from '../kinds/argument.ts';
import type { KindName } from '../kinds/kind.ts';
import { didYouMean } from '../problem.ts';
import type { Path } from '../yaml-source.ts';
import { compileFlag } from './flag.ts';
import { compileHeaders } from './headers.ts';
import { LIST_KEYS, atMost, everyOf, someOf } from './list.ts';
import { complainOfOpeningList } from './list-spec.ts';
import { compileMailAddress } from './mail-address.ts';
import type { Complain, KindMatchers, Matcher, Purpose } from './matcher.ts';
import { all, ifTaken, isPlain, matcherOf, never } from './matcher.ts';
import { compileMethod } from './method.ts';
import { compileMoney } from './money.ts';
import { compileNumber } from './number.ts';
import { compilePath } from './path.ts';
import { compileText } from './text.ts';
import { compileUrl } from './url.ts';

const KINDS: Readonly<Record<KindName, KindMatchers>> = {
  path: compilePath,
  mailAddress: compileMailAddress,
  url: compileUrl,
  httpMethod: compileMethod,
  headers: compileHeaders,
  text: compileText,
  money: compileMoney,
  number: compileNumber,
  flag: compileFlag,
};

const ANYTHING: Matcher = matcherOf(
  () => true,
  (_, at) => ({ at, why: '' }),
);

interface Compiling {
  readonly kind: KindName;
  readonly purpose: Purpose;
  readonly complain: Complain;
}

/** Compiles what a rule says of one argument. A broken matcher complains and matches nothing. */
export function compileArgument(
  shape: ArgumentShape,
  spec: Json,
  path: Path,
  purpose: Purpose,
  complain: Complain,
): Matcher {
  const compiling: Compiling = { kind: shape.kind, purpose, complain };
  return shape.list ? compileList(compiling, spec, path) : compileElement(compiling, spec, path);
}

function compileList(compiling: Compiling, spec: Json, path: Path): Matcher {
  const { complain, purpose } = compiling;
  if (!isRecord(spec)) {
    complain(path, `this argument is a list: say { ${usualKey(purpose)}: … }`);
    return never;
  }
  const entries = Object.entries(spec as Readonly<Record<string, Json>>);
  if (entries.length === 0) complain(path, 'an empty matcher matches nothing: say { every: { any: true } }');
  if (purpose === 'opens') complainOfOpeningList(spec as Readonly<Record<string, Json>>, path, complain);
  const matchers = entries.map(([key, value]) => compileListKey(compiling, key, value, [...path, key]));
  return ifTaken(Array.isArray, purpose, all(matchers));
}

function compileListKey(compiling: Compiling, key: string, value: Json, path: Path): Matcher {
  const { kind, complain, purpose } = compiling;
  switch (key) {
    case 'every':
      return everyOf(compileElement(compiling, value, path));
    case 'some':
      return someOf(compileElement(compiling, value, path));
    case 'max':
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return atMost(value);
      complain(path, '"max" is a whole number');
      return never;
    default:
      complain(
        path,
        KINDS[kind].keys.includes(key)
          ? `this argument is a list: say { ${usualKey(purpose)}: { ${key}: … } }`
          : `a list has no matcher "${key}"`,
        didYouMean(key, LIST_KEYS) ?? `known: ${LIST_KEYS.join(', ')}`,
      );
      return never;
  }
}

function usualKey(purpose: Purpose): string {
  return purpose === 'opens' ? 'every' : 'some';
}

function compileElement(compiling: Compiling, spec: Json, path: Path): Matcher {
  return ifTaken(KINDS[compiling.kind].takes, compiling.purpose, compileKeys(compiling, spec, path));
}

function compileKeys(compiling: Compiling, spec: Json, path: Path): Matcher {
  const { kind, complain, purpose } = compiling;
  const { keys, compileKey, listMeans } = KINDS[kind];
  if (listMeans !== undefined && isPlain(spec)) return compileKey(listMeans, spec, path, complain, purpose) ?? never;
  if (!isRecord(spec)) {
    complain(path, `a matcher for a ${kind} is a map with some of: ${keys.join(', ')}, any, anyOf`);
    return never;
  }
  const entries = Object.entries(spec as Readonly<Record<string, Json>>);
  if (entries.length === 0) complain(path, 'an empty matcher matches nothing: say { any: true }');
  const said = entries.map(([key]) => key);
  if (said.includes('any') && said.length > 1)
    complain([...path, 'any'], '"any" stands alone: it would undo what stands beside it');
  KINDS[kind].problemOfKeys?.(spec as Readonly<Record<string, Json>>, path, complain, purpose);
  const whole = [...entries, ...unsaid(compiling, said, path)];
  return all(whole.map(([key, value]) => compileOne(compiling, key, value, [...path, key])));
}

/** The keys that hold though nobody wrote them. Where `any` or `anyOf` stands, they are for the alternatives to say. */
function unsaid(
  { kind, purpose, complain }: Compiling,
  said: readonly string[],
  path: Path,
): readonly [string, Json][] {
  if (purpose === 'closes' || said.includes('any') || said.includes('anyOf')) return [];
  const { required = [], implied = {} } = KINDS[kind];
  const missing = required.find((key) => !said.includes(key));
  if (missing !== undefined) complain(path, `a matcher for a ${kind} needs "${missing}"`);
  return Object.entries(implied).filter(([key]) => !said.includes(key));
}

function compileOne(compiling: Compiling, key: string, value: Json, path: Path): Matcher {
  const { kind, complain, purpose } = compiling;
  if (key === 'any') {
    if (value !== true) complain(path, '"any" can only be true');
    const { anyOpens } = KINDS[kind];
    return purpose === 'closes' || anyOpens === undefined ? ANYTHING : compileKeys(compiling, anyOpens, path);
  }
  if (key === 'anyOf') return compileAlternatives(compiling, value, path);
  const { keys, compileKey } = KINDS[kind];
  const compiled = compileKey(key, value, path, complain, purpose);
  if (compiled !== undefined) return compiled;
  const known = [...keys, 'any', 'anyOf'];
  complain(path, `a ${kind} has no matcher "${key}"`, didYouMean(key, known) ?? `known: ${known.join(', ')}`);
  return never;
}

function compileAlternatives(compiling: Compiling, value: Json, path: Path): Matcher {
  if (!Array.isArray(value) || value.length === 0) {
    compiling.complain(path, '"anyOf" is a list of matchers');
    return never;
  }
  const alternatives = (value as readonly Json[]).map((spec, index) => compileKeys(compiling, spec, [...path, index]));
  return matcherOf(
    (found) => alternatives.some(({ holds }) => holds(found)),
    (found, at) => {
      const whys = alternatives.map((matcher) => matcher(found, at)?.why ?? '');
      return { at, why: [...new Set(whys)].slice(0, 5).join(', and ') };
    },
  );
}
