/**
 * What is surely wrong with rules that can each be read. All of it is proven from what the file says, so a lint is an
 * error of the file; what cannot be proven is let pass, but for `within`, which is refused unless it is proven.
 */
import type { Complain } from '../matchers/matcher.ts';
import type { LintSource, RulePart, ToolParts } from './lint-source.ts';
import { partsByTool } from './lint-source.ts';
import { complainOfNeverMatching } from './never-matching.ts';
import { complainOfNoEffect } from './no-effect.ts';
import { complainOfExceeding } from './within.ts';

/** For a file in which nothing else is wrong. */
export function lintPolicy(source: LintSource, complain: Complain): void {
  const once = complainOnce(complain);
  const found = partsByTool(source);
  const bound = [...source.profiles.values()].some(({ within }) => within.length > 0);
  const comparable = found.filter((one) => !complainOfTooMuch(one, bound, complain));
  for (const one of comparable) {
    complainOfNeverMatching(source.rules, one, once);
    complainOfNoEffect(one, once);
  }
  complainOfExceeding(source, comparable, once);
}

/** About five seconds of comparing; the time goes with the product of what is compared. */
const MAX_WORK = 2_000_000_000;

/** A file that would keep its worker busy is refused: nobody could review it either. */
function complainOfTooMuch({ tool, parts }: ToolParts, bound: boolean, complain: Complain): boolean {
  const sizeOf = (kind: RulePart['kind']): number =>
    parts.reduce((sum, part) => (part.kind === kind ? sum + part.size : sum), 0);
  const [allow, ask, deny] = [sizeOf('allow'), sizeOf('ask'), sizeOf('deny')];
  // Asks are compared with each other where a profile is within another.
  if (allow * (ask + deny) + ask * deny + (bound ? (ask + allow) ** 2 : 0) <= MAX_WORK) return false;
  complain(
    ['rules'],
    `the rules for ${tool.name} say too much to be compared with each other (${allow + ask + deny} characters)`,
    'say it in fewer or shorter patterns',
  );
  return true;
}

/** What is wrong with a rule for several tools is said once, if it is the same. */
function complainOnce(complain: Complain): Complain {
  const said = new Set<string>();
  return (path, message, suggestion) => {
    const key = JSON.stringify([path, message]);
    if (said.has(key)) return;
    said.add(key);
    complain(path, message, suggestion);
  };
}
