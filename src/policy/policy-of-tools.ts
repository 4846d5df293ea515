/** A policy file without what it says of some tools: where an example is to fit a deployment that lacks them. */
import { isMap, isSeq, parseDocument } from 'yaml';

/** Each entry of these speaks of a tool, there or under `call`. */
const LISTS = [['rules'], ['limits', 'sums'], ['flows', 'rules'], ['tests']] as const;

/** Entries that name no other tools than `kept` are left. Of text that is good YAML; whether it fits, parsePolicy says. */
export function policyOfTools(text: string, kept: readonly string[]): string {
  const document = parseDocument(text);
  for (const path of LISTS) {
    const list = document.getIn(path);
    if (!isSeq(list)) continue;
    list.items = list.items.filter((entry) => toolsOf(entry).every((name) => kept.includes(name)));
    if (list.items.length === 0) document.deleteIn(path);
  }
  return document.toString({ lineWidth: 0 });
}

function toolsOf(entry: unknown): readonly string[] {
  if (!isMap(entry)) return [];
  const named: unknown = entry.get('tool') ?? entry.getIn(['call', 'tool']);
  const names: readonly unknown[] = isSeq(named) ? (named.toJSON() as unknown[]) : [named];
  return names.filter((name) => typeof name === 'string');
}
