/**
 * Asks that an added query evades. An ask that says nothing of the query of a URL means none; so where an allow lets one
 * be there, the agent adds it, and what was to be asked is allowed.
 */
import { isRecord } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import type { Complain } from '../matchers/matcher.ts';
import { partNeverMatches } from '../subset/compare-parts.ts';
import type { ReadPart } from '../subset/part.ts';
import { readPart } from '../subset/part.ts';
import { isEvaded } from './evadable-ask.ts';
import type { RulePart, ToolParts } from './lint-source.ts';

export function complainOfEvadableQueries(found: ToolParts, complain: Complain): void {
  const allows = found.parts.filter(({ kind }) => kind === 'allow');
  for (const ask of found.parts) {
    if (ask.kind !== 'ask' || partNeverMatches(ask.part)) continue;
    for (const name of urlsOf(ask)) {
      const asked = withAnyQuery(ask, name);
      if (asked === undefined) continue;
      const allow = allows.find((one) => isEvaded(ask, one, found, asked) && !isEvaded(ask, one, found));
      if (allow !== undefined) complainOf(ask, name, allow, complain);
    }
  }
}

function urlsOf({ tool, written }: RulePart): readonly string[] {
  return Object.keys(written.matchers).filter((name) => {
    const shape = Object.hasOwn(tool.arguments, name) ? tool.arguments[name] : undefined;
    return shape?.kind === 'url' && !shape.list;
  });
}

/** The ask as it would be if it spoke of any query; undefined where it says itself what it means. */
function withAnyQuery({ part, written }: RulePart, name: string): ReadPart | undefined {
  const spec = written.matchers[name] ?? null;
  const widened = widen(spec);
  if (widened === spec) return undefined;
  return readPart(part.tool, { ...written, matchers: { ...written.matchers, [name]: widened } });
}

function widen(spec: Json): Json {
  if (!isRecord(spec) || Object.hasOwn(spec, 'any') || Object.hasOwn(spec, 'query')) return spec;
  const keys = spec as Readonly<Record<string, Json>>;
  const { anyOf } = keys;
  if (!Array.isArray(anyOf)) return { ...keys, query: 'any' };
  const alternatives = (anyOf as readonly Json[]).map(widen);
  return alternatives.some((one, index) => one !== anyOf[index]) ? { ...keys, anyOf: alternatives } : spec;
}

function complainOf(ask: RulePart, name: string, allow: RulePart, complain: Complain): void {
  complain(
    [...ask.path, 'ask', name],
    `what "${ask.rule}" wants asked is allowed by "${allow.rule}" once a query is added to the ${name}, for an ask that says nothing of the query means none`,
    `say "query: any" in the ask of "${ask.rule}", or narrow the allow of "${allow.rule}"`,
  );
}
