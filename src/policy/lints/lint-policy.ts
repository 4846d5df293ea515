/**
 * What is surely wrong with rules that can each be read. All of it is proven from what the file says, so a lint is an
 * error of the file; what cannot be proven is let pass, but for `within`, which is refused unless it is proven.
 */
import type { Complain } from '../matchers/matcher.ts';
import type { LintSource } from './lint-source.ts';
import { partsByTool } from './lint-source.ts';
import { complainOfNeverMatching } from './never-matching.ts';
import { complainOfNoEffect } from './no-effect.ts';
import { complainOfExceeding } from './within.ts';

/** For a file in which nothing else is wrong. */
export function lintPolicy(source: LintSource, complain: Complain): void {
  const once = complainOnce(complain);
  const found = partsByTool(source);
  for (const one of found) {
    complainOfNeverMatching(source.rules, one, once);
    complainOfNoEffect(one, once);
  }
  complainOfExceeding(source, found, once);
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
