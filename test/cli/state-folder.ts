/** The command line with a state folder of its own: for the tests of one file. */
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './run-cli.ts';

export const EXAMPLE = join(process.cwd(), 'examples/personal-assistant/policy.yaml');
const EXAMPLE_TOOLS = join(process.cwd(), 'examples/personal-assistant/tools.yaml');
export const UNREACHABLE = '127.0.0.1:1';
/** The state folder of the test that runs. */
export let state: string;

/** A state folder of its own for each test, and no setting from outside. */
export function useStateFolder(): void {
  const folders: string[] = [];
  let earlier: NodeJS.ProcessEnv;
  beforeAll(() => {
    earlier = { ...process.env };
  });
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
    folders.push(state);
    for (const name of Object.keys(process.env))
      if (/^(TEMPORAL|COUNTERSIGN|ANTHROPIC)_/.test(name)) delete process.env[name];
  });
  afterEach(() => {
    process.env = { ...earlier };
  });
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
}

/** After `useStateFolder`: the tools of which the example's rules speak are those of the deployment. */
export function useExampleTools(): void {
  beforeEach(() => {
    process.env['COUNTERSIGN_TOOLS'] = EXAMPLE_TOOLS;
  });
}

export const cli = (...argv: readonly string[]): ReturnType<typeof runCli> => runCli(['--state', state, ...argv]);
