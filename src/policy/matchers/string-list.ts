import type { Json } from '../../domain/json.ts';
import type { Canonical } from '../kinds/kind.ts';
import type { Path } from '../yaml-source.ts';
import type { Complain } from './matcher.ts';

/** A string or a list of them, each in its canonical form; complains of what is not. */
export function stringList(
  value: Json,
  path: Path,
  complain: Complain,
  canonicalise: (raw: string) => Canonical<string> = (raw) => ({ kind: 'canonical', value: raw }),
): readonly string[] {
  const items: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : [value];
  if (items.length === 0) complain(path, 'the list is empty');
  return items.flatMap((item, index) => {
    const where = Array.isArray(value) ? [...path, index] : path;
    if (typeof item !== 'string') {
      complain(where, 'a text is expected here; put it in quotes');
      return [];
    }
    const result = canonicalise(item);
    if (result.kind === 'canonical') return [result.value];
    complain(where, `"${item.slice(0, 80)}" cannot stand in a rule: ${result.why}`);
    return [];
  });
}
