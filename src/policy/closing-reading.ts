/**
 * What an ask closes: the reading that keeps an allow from passing it by. An ask opens no more than it says, for what it
 * opens nobody may have meant; but what an allow would let through, it stops in the widest reading of its words: other
 * arguments may be given, one element of a list is enough, and what could be read in two ways counts (S3).
 */
import type { Json } from '../domain/json.ts';
import { isRecord, own } from '../domain/json.ts';
import type { ArgumentShape } from './kinds/argument.ts';
import type { KindName } from './kinds/kind.ts';
import { compileArgument } from './matchers/compile-argument.ts';
import type { Matcher, Purpose } from './matchers/matcher.ts';
import { isOptional } from './optional-mention.ts';
import type { ArgumentMatchers, Spec } from './policy.ts';
import type { ToolShape } from './tool-shape.ts';

export interface ClosingSpec {
  readonly matchers: Spec;
  readonly except: readonly Spec[];
}

/** The words of an ask as they close. An exception that cannot be read so takes nothing out. */
export function closingSpec(tool: ToolShape, { matchers, except }: ClosingSpec): ClosingSpec {
  const shapeOf = (name: string): ArgumentShape | undefined =>
    Object.hasOwn(tool.arguments, name) ? tool.arguments[name] : undefined;
  const isList = (name: string): boolean => shapeOf(name)?.list === true;
  const said = Object.entries(matchers).flatMap(([name, spec]): readonly (readonly [string, Json])[] => {
    // What may be left out may be anything.
    if (isOptional(spec)) return [];
    const kind = shapeOf(name)?.kind;
    if (!isList(name)) return [[name, withMoreIn(kind, spec)]];
    const element = own(spec, 'some') ?? own(spec, 'every');
    return element === undefined ? [] : [[name, { some: withMoreIn(kind, element as Json) }]];
  });
  return {
    matchers: Object.fromEntries(said),
    except: except
      .map((one) =>
        Object.fromEntries(Object.entries(one).map(([name, spec]) => [name, isList(name) ? ofEach(spec) : spec])),
      )
      .filter((one) => compileSpec(tool, one, 'opens').good)
      .filter(
        (one) => !Object.entries(one).some(([name, spec]) => shapeOf(name)?.kind === 'headers' && saysValues(spec)),
      ),
  };
}

/**
 * A header or a parameter more does not pass an ask by: what only bounds what else may be there falls away, and what must
 * be there (`has`) stays.
 */
function withMoreIn(kind: KindName | undefined, spec: Json): Json {
  if (!isRecord(spec) || (kind !== 'url' && kind !== 'headers' && kind !== 'text')) return spec;
  if (kind === 'headers') return { any: true };
  // Of a text, only its greatest length bounds what else may stand there.
  const { query, anyOf, maxLength: _, ...rest } = spec as Spec;
  const has = own(query, 'has');
  const wider = {
    ...rest,
    ...(has === undefined ? {} : { query: { has: has as Json } }),
    ...(Array.isArray(anyOf) ? { anyOf: anyOf.map((one) => withMoreIn(kind, one as Json)) } : {}),
  };
  return Object.keys(wider).length === 0 ? { any: true } : wider;
}

/** Read strictly, `values` hold where no such header is given: more than the exception says. */
function saysValues(spec: Json | undefined): boolean {
  if (Array.isArray(spec)) return spec.some((one) => saysValues(one as Json));
  if (!isRecord(spec)) return false;
  return Object.hasOwn(spec, 'values') || Object.values(spec as Spec).some(saysValues);
}

/** One element more must not take an action out of an ask. */
function ofEach(spec: Json): Json {
  if (!isRecord(spec) || Object.hasOwn(spec, 'every') || !Object.hasOwn(spec, 'some')) return spec;
  const { some, ...rest } = spec as Spec;
  return { ...rest, every: some ?? null };
}

export interface ClosingReading {
  readonly matchers: ArgumentMatchers;
  readonly except: readonly ArgumentMatchers[];
}

/** For an ask whose words were found good. */
export function compileClosing(tool: ToolShape, ask: ClosingSpec): ClosingReading {
  const { matchers, except } = closingSpec(tool, ask);
  return {
    matchers: compileSpec(tool, matchers, 'closes').matchers,
    except: except.map((one) => compileSpec(tool, one, 'opens').matchers),
  };
}

function compileSpec(
  tool: ToolShape,
  spec: Spec,
  purpose: Purpose,
): { readonly matchers: ArgumentMatchers; readonly good: boolean } {
  const matchers = new Map<string, Matcher>();
  let good = true;
  for (const [name, matcher] of Object.entries(spec)) {
    const shape = Object.hasOwn(tool.arguments, name) ? tool.arguments[name] : undefined;
    if (shape === undefined) good = false;
    else
      matchers.set(
        name,
        compileArgument(shape, matcher, [], purpose, () => (good = false)),
      );
  }
  return { matchers, good };
}
