/**
 * Which way a change goes. Looser: something is let through, or through more easily, that was not. A change that is both
 * is looser: whoever reads only what is loosened must not miss it.
 */
import type { ApprovalTerms, Decision } from '../../domain/decision.ts';

export type Direction = 'looser' | 'tighter' | 'other';

/** In the order in which changes are shown. */
export const DIRECTIONS = ['looser', 'tighter', 'other'] as const satisfies readonly Direction[];

export function together(all: readonly Direction[]): Direction {
  if (all.includes('looser')) return 'looser';
  return all.length > 0 && all.every((one) => one === 'tighter') ? 'tighter' : 'other';
}

/** Loosening first; the order of equals stays. */
export function looserFirst<T extends { readonly direction: Direction }>(all: readonly T[]): readonly T[] {
  return DIRECTIONS.flatMap((direction) => all.filter((one) => one.direction === direction));
}

export type Count = Readonly<Record<Direction, number>>;

export function countOf(all: readonly { readonly direction: Direction }[]): Count {
  const of = (direction: Direction): number => all.filter((one) => one.direction === direction).length;
  return { looser: of('looser'), tighter: of('tighter'), other: of('other') };
}

const STRENGTH: Readonly<Record<Decision['kind'], number>> = { deny: 0, ask: 1, allow: 2 };

export function directionOfKinds(was: Decision['kind'], is: Decision['kind']): Direction {
  return STRENGTH[is] > STRENGTH[was] ? 'looser' : STRENGTH[is] < STRENGTH[was] ? 'tighter' : 'other';
}

/** Null where both lead to the same: the same kind, and for asks the same people for as long. */
export function directionOfDecisions(was: Decision, is: Decision): Direction | null {
  if (was.kind !== is.kind) return directionOfKinds(was.kind, is.kind);
  return was.kind === 'ask' && is.kind === 'ask' ? directionOfTerms(was.approval, is.approval) : null;
}

/** Looser where somebody may approve who could not, fewer must, or a request waits longer. Null: the same. */
export function directionOfTerms(was: ApprovalTerms | null, is: ApprovalTerms | null): Direction | null {
  if (was === null || is === null) return was === is ? null : was === null ? 'looser' : 'tighter';
  const signs = [
    ...byMembers(new Set(was.by), new Set(is.by), 'looser'),
    ...byAmount(is.quorum, was.quorum),
    ...byAmount(was.expiresMs, is.expiresMs),
  ];
  return signs.length === 0 ? null : together(signs);
}

/** Of a bound: a higher one is looser. None where they are the same. */
export function byAmount(was: number, is: number): readonly Direction[] {
  return was === is ? [] : [is > was ? 'looser' : 'tighter'];
}

/** Of what is added, `added`; of what is gone, the opposite. */
export function byMembers(
  was: ReadonlySet<string>,
  is: ReadonlySet<string>,
  added: 'looser' | 'tighter',
): readonly Direction[] {
  return [
    ...([...is].some((one) => !was.has(one)) ? [added] : []),
    ...([...was].some((one) => !is.has(one)) ? [opposite(added)] : []),
  ];
}

export function opposite(direction: 'looser' | 'tighter'): 'looser' | 'tighter' {
  return direction === 'looser' ? 'tighter' : 'looser';
}
