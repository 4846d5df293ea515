const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** A duration in ms as a policy file writes it (`4h`), in the largest unit that leaves no rest. */
export function durationInWords(ms: number): string {
  const unit = UNITS.find(([, length]) => ms >= length && ms % length === 0);
  return unit === undefined ? `${ms} ms` : `${ms / unit[1]}${unit[0]}`;
}

const NAMES = { d: 'day', h: 'hour', m: 'minute', s: 'second' } as const;

/** The same in plain words: `4 hours`, `1 day`. */
export function durationInPlainWords(ms: number): string {
  const unit = UNITS.find(([, length]) => ms >= length && ms % length === 0);
  if (unit === undefined) return `${ms} ms`;
  const count = ms / unit[1];
  return `${count} ${NAMES[unit[0]]}${count === 1 ? '' : 's'}`;
}
