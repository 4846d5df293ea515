/** Denials of addresses that are evaded: by another list of the same mail, or by needing two lists at once. */
import type { Complain } from '../matchers/matcher.ts';
import { listed } from '../rule-words.ts';
import type { AdviceSource, WrittenPart } from './advice-source.ts';
import { writtenParts } from './advice-source.ts';

export function adviseOnDeniedLists(source: AdviceSource, advise: Complain): void {
  const parts = writtenParts(source);
  for (const part of parts) {
    if (part.kind !== 'deny') continue;
    const { rule, tool, matchers, path } = part;
    const lists = Object.keys(matchers).filter((name) => tool.arguments[name]?.list === true);
    const [first] = lists;
    if (lists.length > 1) {
      advise(
        path,
        `the denial of "${rule.id}" holds only where ${listed(lists)} all match: an action in which one of them does is not denied`,
        'make one denial of each',
      );
    } else if (first !== undefined) {
      const left = othersOpened(part, first, parts);
      if (left.length > 0)
        advise(
          [...path, first],
          `the denial of "${rule.id}" speaks of ${first}, and not of ${listed(left)}, which other rules let through`,
          `make a denial of ${listed(left)}, too`,
        );
    }
  }
}

/** Lists of the same kind that some rule opens and no denial speaks of: the same address can be given there. */
function othersOpened({ tool }: WrittenPart, name: string, parts: readonly WrittenPart[]): readonly string[] {
  const kind = tool.arguments[name]?.kind;
  const ofTool = parts.filter((part) => part.tool === tool);
  const mentions = (other: string, denies: boolean): boolean =>
    ofTool.some((part) => (part.kind === 'deny') === denies && Object.hasOwn(part.matchers, other));
  return Object.entries(tool.arguments)
    .filter(([other, shape]) => other !== name && shape.list && shape.kind === kind)
    .map(([other]) => other)
    .filter((other) => mentions(other, false) && !mentions(other, true));
}
