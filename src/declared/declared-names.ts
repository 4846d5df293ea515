/** What the templates of a tool may say and rules may speak of: its arguments, and the fields of what is looked up. */
import type { Argument as ToolArgument } from '../policy/kinds/argument.ts';
import { free, listOf, one, optional, optionalListOf } from '../policy/kinds/argument.ts';
import type { Complain } from '../policy/matchers/matcher.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { Named, Scope } from './scope.ts';
import { ETAG } from './scope.ts';
import type { Argument, Declaration, Field } from './tools-schema.ts';
import { DEFAULT_LENGTH, kindOf } from './value-kind.ts';

export function argumentsOf(
  declared: Readonly<Record<string, Argument>>,
  at: Path,
  complain: Complain,
): Readonly<Record<string, ToolArgument<unknown>>> {
  if (Object.keys(declared).length > MAX_NAMES) complain(at, `a tool has at most ${MAX_NAMES} arguments`);
  const length = Object.values(declared).reduce((sum, one) => sum + longest(one), 0);
  if (length > MAX_LENGTH)
    complain(
      at,
      `the texts of the arguments could be ${length} characters long; at most ${MAX_LENGTH} are taken`,
      SHORTER,
    );
  return Object.fromEntries(
    Object.entries(declared).map(([name, spec]) => [name, argumentOf(spec, [...at, name], complain)]),
  );
}

const MAX_NAMES = 30;
/** Arguments are recorded with each pass of the guard. */
const MAX_LENGTH = 200_000;
const SHORTER = 'give a smaller "maxLength" or "list"';

function longest({ kind, maxLength = DEFAULT_LENGTH, list = 1 }: Argument): number {
  return kind === 'text' ? maxLength * list : 0;
}

function argumentOf(spec: Argument, at: Path, complain: Complain): ToolArgument<unknown> {
  const kind = kindOf(spec, at, complain);
  const { list, description } = spec;
  const made: ToolArgument<unknown> =
    list === undefined
      ? one(kind, description)
      : spec.optional === true
        ? optionalListOf(kind, list, description)
        : listOf(kind, list, description);
  const given = spec.optional === true && list === undefined ? optional(made) : made;
  return spec.free === true ? free(given) : given;
}

/** `afterLookUp`: with what is only known then. */
export function scopeOf({ arguments: declared, prepare }: Declaration, afterLookUp: boolean): Scope {
  const scope = new Map<string, Named>();
  if (afterLookUp && prepare !== undefined) {
    for (const [name, field] of Object.entries(prepare.fields ?? {})) scope.set(name, named('field', field, false));
    scope.set(ETAG, { origin: 'field', kind: 'text', list: false, optional: true, whole: false });
  }
  for (const [name, spec] of Object.entries(declared))
    scope.set(name, named('argument', spec, spec.list !== undefined));
  return scope;
}

function named(origin: Named['origin'], spec: Argument | Field, list: boolean): Named {
  const { kind, optional: canMiss = false, decimals = false } = spec;
  return { origin, kind, list, optional: canMiss, whole: kind === 'number' && !decimals };
}
