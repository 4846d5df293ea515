/** A small seeded generator (mulberry32): a failing case is repeated by its seed. */
export interface Seeded {
  number(below: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  shuffled<T>(items: readonly T[]): T[];
}

export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const number = (below: number): number => Math.floor(next() * below);
  return {
    number,
    pick: (items) => items[number(items.length)] ?? items[0],
    shuffled: (items) => {
      const rest = [...items];
      return items.map(() => rest.splice(number(rest.length), 1)).flat();
    },
  };
}
