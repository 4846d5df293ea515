/** What a policy lets happen without asking anyone. */
import { withheldArguments } from './argument-permissions.ts';
import { clausesFor } from './decide-action.ts';
import type { Quote } from './matcher-words.ts';
import type { Clause, Policy } from './policy.ts';
import { clauseInWords, listed } from './rule-words.ts';
import type { ToolShape } from './tool-shape.ts';

/** One line for each rule that allows something: `list_files and read_file where path is in or under notes (rule notes)`. */
export function unaskedInWords(
  policy: Policy,
  profiles: readonly string[],
  tools: readonly ToolShape[],
  quote: Quote,
): readonly string[] {
  const toolsByLine = new Map<string, Set<string>>();
  for (const tool of tools) {
    for (const [clause, names] of allowsOf(policy, profiles, tool)) {
      const only = names.length === profiles.length ? '' : `, for ${listed(names.map(quote))} only`;
      const but = withheldInWords(policy, names, clause, tool, quote);
      const line = ` where ${clauseInWords(clause, tool, quote)}${only}${but} (rule ${quote(clause.rule)})`;
      toolsByLine.set(line, (toolsByLine.get(line) ?? new Set()).add(quote(tool.name)));
    }
  }
  return [...toolsByLine].map(([line, names]) => `${listed([...names])}${line}`);
}

/** Arguments that the rule lets be given and some of the profiles may not give. */
function withheldInWords(
  policy: Policy,
  profiles: readonly string[],
  clause: Clause,
  tool: ToolShape,
  quote: Quote,
): string {
  const without = new Map<string, string[]>();
  for (const name of profiles) {
    const profile = policy.profiles.get(name);
    for (const argument of profile === undefined ? [] : withheldArguments(tool, profile).keys())
      if (clause.optional.has(argument) || tool.arguments[argument]?.free === true)
        without.set(argument, [...(without.get(argument) ?? []), quote(name)]);
  }
  return [...without]
    .map(
      ([argument, names]) =>
        `, but without ${quote(argument)}${names.length === profiles.length ? '' : ` for ${listed(names)}`}`,
    )
    .join('');
}

/** By id, with the profiles that each is for. */
function allowsOf(
  policy: Policy,
  profiles: readonly string[],
  tool: ToolShape,
): ReadonlyMap<Clause, readonly string[]> {
  const allows = new Map<Clause, readonly string[]>();
  for (const profile of profiles) {
    if (policy.profiles.get(profile)?.grant.has(tool.permission) !== true) continue;
    for (const clause of clausesFor(policy, { tool, profile }))
      if (clause.kind === 'allow') allows.set(clause, [...(allows.get(clause) ?? []), profile]);
  }
  return new Map([...allows].toSorted(([a], [b]) => (a.rule < b.rule ? -1 : 1)));
}
