/**
 * Asks that an added argument evades. An ask that does not mention an argument does not match when it is given; so where
 * an allow mentions it, the agent adds it, and what was to be asked is allowed.
 */
import type { Complain } from '../matchers/matcher.ts';
import { appliesTo } from '../policy.ts';
import { partCovers, partNeverMatches } from '../subset/compare-parts.ts';
import type { ReadPart } from '../subset/part.ts';
import { narrowedBy } from '../subset/part.ts';
import type { RulePart, ToolParts } from './lint-source.ts';
import { applyingTo } from './lint-source.ts';

export function complainOfEvadableAsks(found: ToolParts, complain: Complain): void {
  const allows = found.parts.filter(({ kind }) => kind === 'allow');
  for (const ask of found.parts) {
    if (ask.kind !== 'ask' || partNeverMatches(ask.part)) continue;
    for (const allow of allows) {
      const added = addedArguments(ask.part, allow.part);
      if (added.length > 0 && isEvaded(ask, allow, found)) complainOf(ask, allow, added, complain);
    }
  }
}

/** What has to be added to an action of the ask to make it one of the allow; none where that is not enough. */
function addedArguments(ask: ReadPart, allow: ReadPart): readonly string[] {
  if ([...ask.matchers.keys()].some((name) => allow.missing.has(name))) return [];
  return [...allow.matchers.keys(), ...allow.optional.keys()].filter((name) => ask.missing.has(name));
}

/** Some profile has both, some action may be of both but for what is added, and nothing else asks or denies it. */
export function isEvaded(ask: RulePart, allow: RulePart, { parts, granted }: ToolParts, asked = ask.part): boolean {
  const profiles = applyingTo(allow, applyingTo(ask, granted));
  const evading = narrowedBy(allow.part, asked);
  if (profiles.length === 0 || partNeverMatches(evading)) return false;
  const closing = parts.filter(({ kind, part }) => kind !== 'allow' && partCovers(part, evading));
  return profiles.some((profile) => !closing.some((other) => appliesTo(other.profiles, profile)));
}

function complainOf(ask: RulePart, allow: RulePart, added: readonly string[], complain: Complain): void {
  const names = added.map((name) => `"${name}"`).join(' and ');
  const any = added.map((name) => `${name}: ${anyOf(ask, name)}`).join(', ');
  complain(
    [...ask.path, 'ask'],
    `what "${ask.rule}" wants asked is allowed by "${allow.rule}" once ${names} ${added.length === 1 ? 'is' : 'are'} added to the ${ask.tool.name}`,
    `mention it in the ask of "${ask.rule}" as "${any}", or narrow the allow of "${allow.rule}"`,
  );
}

function anyOf({ tool }: RulePart, name: string): string {
  const { list = false, optional = false } = tool.arguments[name] ?? {};
  const said = list ? 'every: { any: true }' : 'any: true';
  return optional ? `{ optional: true, ${said} }` : `{ ${said} }`;
}
