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
