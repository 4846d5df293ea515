/**
 * The verdicts on one request that wait for the guard's next pass, fair among the names they claim.
 *
 * 1. A name is a claim that anyone who may send messages can make (S5): what is sent in one name takes no place of
 *    another. Key ids are claims too, and as easily made up, so they divide nothing.
 * 2. In one name a limited number waits. Of more, each has the same chance of a place, whenever it came: no timing
 *    keeps an honest verdict out.
 * 3. A pass takes from each name in turn.
 */
import type { ReceivedVerdict } from '../domain/verdict.ts';

export interface Queued {
  readonly received: ReceivedVerdict;
}

export interface VerdictQueue<Entry extends Queued> {
  /** Takes a place in the name `claimed`; answers the entry that has none now: this one, or one that it displaced. */
  add(entry: Entry, claimed: string): Entry | undefined;
  /** At most `most`, in order of arrival. */
  take(most: number): readonly Entry[];
  /** True once there is enough for a pass: waiting for more would only keep someone waiting. */
  isPressing(): boolean;
  size(): number;
}

/** In one name: ten passes. */
export const PLACES_OF_A_NAME = 1000;
/** As many are worth a pass at once: the server lets a run have 10,000 signals, which makes 200 passes at most. */
export const ENOUGH_FOR_A_PASS = 50;

interface Lane<Entry> {
  readonly entries: Entry[];
  /** How many of its entries, and of those that found no place, came since a pass last took from it. */
  came: number;
}

/** `random`: at least 0, less than 1; deterministic in a workflow. */
export function createFairQueue<Entry extends Queued>(
  random: () => number,
  places = PLACES_OF_A_NAME,
): VerdictQueue<Entry> {
  const size = (): number => [...lanes.values()].reduce((sum, { entries }) => sum + entries.length, 0);
  const lanes = new Map<string, Lane<Entry>>();
  return {
    add: (entry, claimed) => {
      const lane = lanes.get(claimed) ?? { entries: [], came: 0 };
      lanes.set(claimed, lane);
      lane.came += 1;
      if (lane.entries.length < places) {
        lane.entries.push(entry);
        return undefined;
      }
      const place = Math.floor(random() * lane.came);
      return place < places ? lane.entries.splice(place, 1, entry)[0] : entry;
    },
    take: (most) => {
      const taken: Entry[] = [];
      while (taken.length < most) {
        const [next] = lanes;
        if (next === undefined) break;
        const [claimed, lane] = next;
        taken.push(...lane.entries.splice(0, 1));
        lane.came = lane.entries.length;
        // Its turn comes again after all others.
        lanes.delete(claimed);
        if (lane.entries.length > 0) lanes.set(claimed, lane);
      }
      return taken.toSorted((a, b) => a.received.n - b.received.n);
    },
    isPressing: () => size() >= ENOUGH_FOR_A_PASS,
    size,
  };
}

const PLACES_OF_ALL = 1000;

/** One row for all, as it was before: sessions that recorded requests then are replayed with it. */
export function createPlainQueue<Entry extends Queued>(): VerdictQueue<Entry> {
  const entries: Entry[] = [];
  return {
    add: (entry) => {
      if (entries.length >= PLACES_OF_ALL) return entry;
      entries.push(entry);
      return undefined;
    },
    take: (most) => entries.splice(0, most),
    isPressing: () => false,
    size: () => entries.length,
  };
}
