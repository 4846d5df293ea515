/**
 * How a rule must say a list. What opens speaks of every element, lest those that nobody mentions be opened with one that
 * somebody did. What denies speaks of some element, lest one more element evade it.
 */
import { stringify } from 'yaml';
import { isRecord } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import type { Path } from '../yaml-source.ts';
import { LIST_KEYS } from './list.ts';
import type { Complain } from './matcher.ts';

type ListSpec = Readonly<Record<string, Json>>;

export function complainOfOpeningList(spec: ListSpec, path: Path, complain: Complain): void {
  const { every, some, ...more } = spec;
  if (every !== undefined || Object.keys(spec).length === 0 || !hasListKeysOnly(spec)) return;
  const unsaid = some === undefined ? '' : ', and "some" leaves the others unsaid';
  complain(
    path,
    `what opens must speak of every element${unsaid}`,
    `say ${inFlow({ every: some ?? { any: true }, ...more })}`,
  );
}

/** Of the part of a rule that denies; an exception may be as narrow as it likes. */
export function complainOfEvadedList(spec: Json, path: Path, complain: Complain): void {
  if (!isRecord(spec) || !hasListKeysOnly(spec as ListSpec)) return;
  const { every, max } = spec as ListSpec;
  if (every !== undefined && !isAnything(every))
    complain(
      [...path, 'every'],
      'a denial with "every" is evaded by adding an element',
      `say ${inFlow({ some: every })}`,
    );
  if (max !== undefined)
    complain(
      [...path, 'max'],
      'a denial with "max" is evaded by adding an element',
      'bound the number where it is allowed or asked',
    );
}

function isAnything(spec: Json): boolean {
  return isRecord(spec) && spec['any'] === true;
}

/** Other keys are complained of elsewhere. */
function hasListKeysOnly(spec: ListSpec): boolean {
  return Object.keys(spec).every((key) => LIST_KEYS.includes(key));
}

/** As it would be written on one line. */
function inFlow(spec: Json): string {
  const text = stringify(spec, { collectionStyle: 'flow', singleQuote: true, lineWidth: 0 });
  const line = text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('[ ', '[')
    .replaceAll(' ]', ']');
  return line.length > 200 ? `{ ${Object.keys(spec as ListSpec)[0] ?? ''}: … }` : line;
}
