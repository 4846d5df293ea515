/** Sample URLs and paths from what a rule says of them. */
import type { Json } from '../../domain/json.ts';
import { isRecord, own } from '../../domain/json.ts';
import { textsOf } from './texts-of.ts';

/** Each origin with each path, without a query, with one that the rule names, and with another. */
export function urlSamples(spec: Json): readonly string[] {
  const [origins, paths] = [textsOf(spec, 'origin'), textsOf(spec, 'path').flatMap(globSamples)];
  const hosts = origins.length === 0 ? ['https://elsewhere.example'] : origins;
  const queries = ['', '?probe=1', ...queriesOf((own(spec, 'query') ?? null) as Json)];
  return hosts.flatMap((origin) =>
    (paths.length === 0 ? ['/'] : paths).flatMap((path) =>
      queries.map((query) => `${origin.replace(/\/$/, '')}${path}${query}`),
    ),
  );
}

function queriesOf(query: Json): readonly string[] {
  if (!isRecord(query)) return [];
  const only = own(query, 'only');
  const values = isRecord(only)
    ? Object.keys(only).flatMap((name) => {
        const named = textsOf(only as Json, name).filter((value) => value !== 'any');
        return (named.length === 0 ? ['1'] : named).map((value) => [name, value] as const);
      })
    : textsOf(query as Json, 'only').map((name) => [name, '1'] as const);
  const has = textsOf(query as Json, 'has').map((name) => [name, '1'] as const);
  return [...values, ...has].map(([name, value]) => `?${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
}

/**
 * Paths that a glob matches: with its `**` standing for nothing and for two segments, its `*` for some letters, for
 * nothing and for a letter that it does not name, so that a glob beside it that names more is told from it.
 */
export function globSamples(glob: string): readonly string[] {
  const fill = (deep: readonly string[], star: string, mark: string): string =>
    glob
      .split('/')
      .flatMap((segment) => (segment === '**' ? deep : [segment.replaceAll('*', star).replaceAll('?', mark)]))
      .join('/');
  const [shallow, deep, other] = [[], ['some', 'where'], strangerTo(glob)];
  const found = [
    ...[fill(shallow, 'any', 'x'), fill(deep, 'any', 'x'), fill(shallow, '', 'x'), fill(shallow, other, other)],
    ...[fill(deep, '', 'x'), fill(deep, other, other)],
  ].map((path) => (path === '' ? (glob.startsWith('/') ? '/' : '.') : path));
  return [...new Set(found)];
}

/** A letter that does not stand in the glob. */
function strangerTo(glob: string): string {
  return [...'zqjkvw0123456789'].find((letter) => !glob.includes(letter)) ?? 'z';
}
