/**
 * A rule that lets a call name a secret says where the secret goes (S10): its URL names origins, in every alternative.
 * With `any` for a URL the model could have it sent anywhere.
 */
import type { Json } from '../../domain/json.ts';
import { own } from '../../domain/json.ts';
import { isCredentialHeader } from '../../domain/secret-placeholder.ts';
import type { ArgumentShapes } from '../kinds/argument.ts';
import type { KindName } from '../kinds/kind.ts';
import type { Path } from '../yaml-source.ts';
import type { Complain } from './matcher.ts';

type Mentions = Readonly<Record<string, Json>>;

/** `mentions`: what an allow or ask says, by argument. */
export function complainOfUnboundSecrets(
  shapes: ArgumentShapes,
  mentions: Mentions,
  path: Path,
  complain: Complain,
): void {
  const said = (kind: KindName): readonly (readonly [string, Json])[] =>
    Object.entries(mentions).filter(([name]) => Object.hasOwn(shapes, name) && shapes[name]?.kind === kind);
  const opensSecrets = said('headers').some(([, spec]) => namesIn(spec).some(isCredentialHeader));
  if (!opensSecrets) return;
  for (const [name, spec] of said('url')) {
    if (mapsWithin(spec).some((map) => own(map, 'any') === true))
      complain(
        [...path, name],
        'this rule sends a secret, and "any" sends it anywhere',
        'name the origins that may get it',
      );
  }
}

function namesIn(headers: Json): readonly string[] {
  return mapsWithin(headers)
    .flatMap((map) => [own(map, 'only')].flat())
    .filter((one): one is string => typeof one === 'string');
}

/** The maps that keys of a matcher stand in: itself, its alternatives, and what it says of elements. */
function mapsWithin(spec: Json): readonly Json[] {
  const inner = ['anyOf', 'every', 'some'].flatMap((key) => [own(spec, key)].flat() as readonly (Json | undefined)[]);
  return [spec, ...inner.flatMap((one) => (one === undefined ? [] : mapsWithin(one)))];
}
