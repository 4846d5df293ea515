/** Workers of one process live and end as one. */
import { describe, expect, test } from '@jest/globals';
import type { StartableWorker } from '../../src/worker/run-together.ts';
import { runTogether } from '../../src/worker/run-together.ts';

interface Fake extends StartableWorker {
  end(error?: Error): void;
  shutdowns: number;
}

/** Runs until it is ended, or shut down. */
function fake(): Fake {
  let settle: (error?: Error) => void = () => undefined;
  let state = 'INITIALIZED';
  const worker: Fake = {
    shutdowns: 0,
    run: () => {
      state = 'RUNNING';
      return new Promise((resolve, reject) => {
        settle = (error) => {
          state = 'STOPPED';
          if (error === undefined) resolve();
          else reject(error);
        };
      });
    },
    end: (error) => settle(error),
    shutdown: () => {
      worker.shutdowns += 1;
      settle();
    },
    getState: () => state,
  };
  return worker;
}

describe('workers of one process', () => {
  test('one that fails stops the others, and what it threw is told once all have ended', async () => {
    const [good, bad] = [fake(), fake()];
    let closed = 0;
    const { done } = runTogether([good, bad], async () => {
      closed = good.shutdowns + 1;
    });
    bad.end(new Error('lost its server'));
    await expect(done).rejects.toThrow('lost its server');
    expect({ closed, shutdowns: good.shutdowns }).toEqual({ closed: 2, shutdowns: 1 });
  });

  test('one that ends stops the others too', async () => {
    const [one, other] = [fake(), fake()];
    const { done } = runTogether([one, other], async () => undefined);
    one.end();
    await done;
    expect(other.shutdowns).toBe(1);
  });

  test('may be stopped twice', async () => {
    const worker = fake();
    const { done, stop } = runTogether([worker], async () => undefined);
    await Promise.all([stop(), stop(), done]);
    expect(worker.shutdowns).toBe(1);
  });
});
