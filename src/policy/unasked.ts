/** What a policy lets happen without asking anyone. */
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
    for (const clause of allowsOf(policy, profiles, tool)) {
      const line = ` where ${clauseInWords(clause, tool, quote)} (rule ${quote(clause.rule)})`;
      toolsByLine.set(line, (toolsByLine.get(line) ?? new Set()).add(quote(tool.name)));
    }
  }
  return [...toolsByLine].map(([line, names]) => `${listed([...names])}${line}`);
}

function allowsOf(policy: Policy, profiles: readonly string[], tool: ToolShape): ReadonlySet<Clause> {
  const granted = profiles.filter((name) => policy.profiles.get(name)?.grant.has(tool.permission) === true);
  const clauses = granted.flatMap((profile) => clausesFor(policy, { tool, profile }));
  return new Set(clauses.filter(({ kind }) => kind === 'allow'));
}
