/**
 * Values worth trying for one argument: those that a rule names, those just beside them, and some that no rule names.
 * They are proposals: whoever uses them makes them canonical first and leaves out what has no canonical form.
 */
import type { Json } from '../../domain/json.ts';
import { isRecord, own } from '../../domain/json.ts';
import type { ArgumentShape } from '../kinds/argument.ts';
import type { KindName } from '../kinds/kind.ts';
import { elementSamples, OUTSIDE } from './element-samples.ts';

/** At most so many elements are put into a list: more than tools take. */
const LONGEST = 64;

/** What `spec`, a matcher as written, suggests. */
export function samplesOf({ kind, list }: ArgumentShape, spec: Json): readonly Json[] {
  if (!list) return elementSamples(kind, spec);
  const elements = ['every', 'some'].flatMap((key) => {
    const inner = own(spec, key) as Json | undefined;
    return inner === undefined ? [] : elementSamples(kind, inner);
  });
  const [first = OUTSIDE[kind][0] ?? ''] = elements;
  const stranger = OUTSIDE[kind][0] ?? '';
  const max = own(spec, 'max');
  const lengths = typeof max === 'number' ? [max, max + 1].filter((length) => length > 0 && length <= LONGEST) : [];
  return [
    ...elements.map((element) => [element]),
    [first, stranger],
    ...(elements.length > 1 ? [elements.slice(0, 2)] : []),
    ...lengths.map((length) => Array.from({ length }, (_, index) => varied(kind, first, index))),
  ];
}

/** What no rule needs to name. */
export function strangers({ kind, list }: ArgumentShape): readonly Json[] {
  return list ? OUTSIDE[kind].map((value) => [value]) : OUTSIDE[kind];
}

/** The `index`-th of many different values much like this one; the first is itself. */
function varied(kind: KindName, value: Json, index: number): Json {
  if (index === 0) return value;
  if (typeof value === 'number') return value + index;
  if (isRecord(value) || typeof value !== 'string') return value;
  if (kind === 'path') return value.replace(/(\.[^./]*)?$/, (ending) => `-${index}${ending}`);
  return kind === 'mailAddress' ? value.replace('@', `-${index}@`) : `${value}${index}`;
}
