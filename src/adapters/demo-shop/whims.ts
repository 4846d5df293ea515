/** What a real shop does at the worst moment, on demand: told by code of this process or by `shop-controls.ts` only. */
export interface Whims {
  /** The next change is made and kept, and its answer never arrives. */
  loseNextAnswer(): void;
  /** True once for each answer that is to be lost. */
  losesAnswer(): boolean;
}

export function createWhims(): Whims {
  let lost = false;
  return {
    loseNextAnswer: () => {
      lost = true;
    },
    losesAnswer: () => {
      const loses = lost;
      lost = false;
      return loses;
    },
  };
}
