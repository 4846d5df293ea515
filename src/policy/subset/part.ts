/** One part of a rule for one tool, made comparable. */
import type { Json } from '../../domain/json.ts';
import type { ArgumentShape } from '../kinds/argument.ts';
import { mayBeLeftOut } from '../kinds/argument.ts';
import type { Purpose } from '../matchers/matcher.ts';
import { isOptional, withoutOptional } from '../optional-mention.ts';
import type { ToolShape } from '../tool-shape.ts';
import type { Claim } from './claim.ts';
import { bothClaims, readClaim, unclearClaim } from './claim.ts';

/** As written: matchers by argument, and exceptions. */
export interface Part {
  readonly kind: 'allow' | 'ask' | 'deny';
  readonly matchers: Readonly<Record<string, Json>>;
  readonly except: readonly Readonly<Record<string, Json>>[];
  /** Of what an ask stops: the arguments that the ask names. An exception takes out no other addition. */
  readonly named?: readonly string[];
}

/** By argument. */
export type Claims = ReadonlyMap<string, Claim>;

export interface Exception {
  readonly claims: Claims;
  /** Arguments that must be absent or empty for it to take anything out. */
  readonly missing: ReadonlySet<string>;
}

export interface ReadArgument {
  readonly shape: ArgumentShape;
  /** The canonical values that count as not given where a rule does not mention the argument. */
  readonly empties: readonly Json[];
}

export interface ReadTool {
  readonly name: string;
  readonly arguments: ReadonlyMap<string, ReadArgument>;
}

export interface ReadPart {
  readonly kind: Part['kind'];
  readonly tool: ReadTool;
  readonly matchers: Claims;
  /** What is so of arguments that may be left out, where they are given. */
  readonly optional: Claims;
  /** Arguments that must be absent or empty: not free, and not mentioned by an allow or ask. */
  readonly missing: ReadonlySet<string>;
  readonly except: readonly Exception[];
}

export function readTool({ name, arguments: shapes }: ToolShape): ReadTool {
  const read = Object.entries(shapes).map(([argument, shape]) => {
    const empties = ['', [], {}].filter((empty) => isCanonical(shape, empty));
    return [argument, { shape, empties: shape.default === null ? empties : [...empties, shape.default] }] as const;
  });
  return { name, arguments: new Map(read) };
}

function isCanonical({ schema }: ArgumentShape, value: Json): boolean {
  const parsed = schema.safeParse(value);
  return parsed.success && JSON.stringify(parsed.data) === JSON.stringify(value);
}

export function readPart(tool: ReadTool, { kind, matchers, except, named }: Part): ReadPart {
  // As `compile-rules.ts` does: what leaves a denial is let through, what leaves an allow is kept out.
  const [purpose, opposite]: readonly [Purpose, Purpose] = kind === 'deny' ? ['closes', 'opens'] : ['opens', 'closes'];
  const unmentioned = [...tool.arguments].filter(([name, { shape }]) => !shape.free && !Object.hasOwn(matchers, name));
  return {
    kind,
    tool,
    matchers: readClaims(tool, said(matchers, kind, false), purpose),
    optional: readClaims(tool, said(matchers, kind, true), purpose),
    missing: new Set(kind === 'deny' ? [] : unmentioned.map(([name]) => name)),
    except: except.map((one) => ({
      claims: readClaims(tool, one, opposite),
      missing: new Set(named === undefined ? [] : additions(tool, [...named, ...Object.keys(one)])),
    })),
  };
}

function additions(tool: ReadTool, named: readonly string[]): readonly string[] {
  const found = [...tool.arguments].filter(([, { shape }]) => !shape.free && mayBeLeftOut(shape));
  return found.map(([name]) => name).filter((name) => !named.includes(name));
}

/** The matchers that say, or do not say, that their argument may be left out. */
function said(matchers: Part['matchers'], kind: Part['kind'], optional: boolean): Part['matchers'] {
  const found = Object.entries(matchers).filter(([, spec]) => (kind !== 'deny' && isOptional(spec)) === optional);
  return Object.fromEntries(found.map(([name, spec]) => [name, optional ? withoutOptional(spec) : spec]));
}

function readClaims(tool: ReadTool, specs: Readonly<Record<string, Json>>, purpose: Purpose): Claims {
  const claims = Object.entries(specs).map(([name, spec]) => {
    const argument = tool.arguments.get(name);
    return [name, argument === undefined ? unclearClaim(spec) : readClaim(argument.shape, spec, purpose)] as const;
  });
  return new Map(claims);
}

/** For narrow sides only. */
export function mergeClaims(one: Claims, other: Claims): Claims {
  const merged = new Map(one);
  for (const [name, claim] of other) {
    const there = merged.get(name);
    merged.set(name, there === undefined ? claim : bothClaims(there, claim));
  }
  return merged;
}
