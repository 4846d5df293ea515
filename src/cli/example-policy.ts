/** The example's policy, as it fits the tools of an instance: with tools of one's own, what it says of countersign's alone. */
import { isMap, isSeq, parseDocument } from 'yaml';
import { parsePolicy } from '../policy/load-policy.ts';
import type { Tool } from '../tools/define-tool.ts';
import { tools as builtIn } from '../tools/index.ts';

/** Each entry of these speaks of a tool, there or under `call`. */
const LISTS = [['rules'], ['limits', 'sums'], ['flows', 'rules'], ['tests']] as const;

/** `text` as it is where it fits `tools`, else without what it says of any tool that is not countersign's. */
export function examplePolicyFor(text: string, tools: readonly Tool[]): string {
  if (parsePolicy(text, tools).kind === 'policy') return text;
  const document = parseDocument(text);
  for (const path of LISTS) {
    const list = document.getIn(path);
    if (!isSeq(list)) continue;
    list.items = list.items.filter(isOfBuiltIns);
    if (list.items.length === 0) document.deleteIn(path);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function isOfBuiltIns(entry: unknown): boolean {
  if (!isMap(entry)) return true;
  const named = entry.get('tool') ?? entry.getIn(['call', 'tool']);
  const names: readonly unknown[] = isSeq(named) ? (named.toJSON() as unknown[]) : [named];
  return names.every((name) => builtIn.some((tool) => tool.name === name));
}
