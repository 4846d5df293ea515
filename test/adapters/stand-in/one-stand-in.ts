/** A stand-in that tests of one file share, and what they make it say. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Scenario } from '../../../src/adapters/stand-in/scenario.ts';
import { scriptedScenario } from '../../../src/adapters/stand-in/scripted-scenario.ts';
import type { StandIn } from '../../../src/adapters/stand-in/stand-in.ts';
import { startStandIn } from '../../../src/adapters/stand-in/stand-in.ts';

export let standIn: StandIn;
let scenario: Scenario = () => ({});

/** What the stand-in plays from now on. */
export function play(next: Scenario): void {
  scenario = next;
}
export const replies = (...steps: Parameters<typeof scriptedScenario>[0]): void => play(scriptedScenario(steps));

async function start(): Promise<void> {
  standIn = await startStandIn({ port: 0, scenario: (conversation) => scenario(conversation) });
}
export async function restart(): Promise<void> {
  await standIn.close();
  await start();
}

/** One stand-in for the tests of a file; before each it has nothing to say. */
export function useStandIn(): void {
  beforeAll(start);
  afterAll(() => standIn.close());
  beforeEach(() => replies());
}

export const read = (path: string, id?: string): { name: string; input: object; id?: string } => ({
  name: 'read_file',
  input: { path },
  ...(id === undefined ? {} : { id }),
});
