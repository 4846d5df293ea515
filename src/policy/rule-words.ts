/** One part of a rule in words, for people and for the agent. Total. */
import { visibleLine } from '../domain/visible-text.ts';
import type { Quote } from './matcher-words.ts';
import { matchersInWords } from './matcher-words.ts';
import type { Clause } from './policy.ts';
import type { ToolShape } from './tool-shape.ts';

/** Like `path is in or under notes, except where path matches **` + `/.env`: what follows on "where". */
export function clauseInWords(clause: Clause, tool: ToolShape, quote: Quote): string {
  const { kind, spec } = clause;
  const opens = kind !== 'deny';
  const terms = matchersInWords(tool, spec.matchers, opens, quote) ?? nothingSaid(clause, tool, quote);
  const excepts = spec.except.map((one) => matchersInWords(tool, one, !opens, quote) ?? 'anything is given');
  return excepts.length === 0 ? terms : `${terms}, except where ${excepts.join(', or where ')}`;
}

/** What a part without matchers speaks of: for a denial everything, else only what needs no mention. */
function nothingSaid({ kind }: Clause, tool: ToolShape, quote: Quote): string {
  if (kind === 'deny') return 'anything is given';
  const free = freeArguments(tool);
  return free.length === 0 ? 'nothing is given' : `only ${listed(free.map(quote))} is given`;
}

/** Those that an allow or an ask need not name. */
export function freeArguments({ arguments: all }: ToolShape): readonly string[] {
  return Object.entries(all).flatMap(([name, shape]) => (shape.free ? [name] : []));
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** As it is where nobody could misread it, else in quotation marks. */
export function plainQuote(value: string): string {
  return /^[\w./@:*?+-]+$/.test(value) ? value : visibleLine(JSON.stringify(value));
}
