/** The command line as a user has it, in this process: arguments in; exit code and both streams out. One at a time. */
import { jest } from '@jest/globals';
import { main } from '../../src/cli/main.ts';
import type { Harness } from '../support/harness.ts';
import { testAddress } from '../support/harness.ts';

export interface Said {
  out: string;
  err: string;
}

export interface Ran extends Readonly<Said> {
  readonly code: number;
}

export function runCli(argv: readonly string[]): Promise<Ran> {
  return startCli(argv).done;
}

/** `said` grows while the command runs. */
export function startCli(argv: readonly string[]): { readonly said: Readonly<Said>; readonly done: Promise<Ran> } {
  const said = { out: '', err: '' };
  return { said, done: run(argv, said) };
}

async function run(argv: readonly string[], said: Said): Promise<Ran> {
  const catchInto = (stream: NodeJS.WriteStream, key: 'out' | 'err'): jest.Spied<typeof stream.write> =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      said[key] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    });
  const spies = [catchInto(process.stdout, 'out'), catchInto(process.stderr, 'err')];
  const listeners = process.stdout.listeners('error');
  try {
    const code = await main(argv);
    return { code, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
    for (const added of process.stdout.listeners('error')) {
      if (!listeners.includes(added)) process.stdout.removeListener('error', added as () => void);
    }
  }
}

/** A command line about the sessions of a harness. */
export const argvAt = (
  { taskQueue, directory }: Pick<Harness, 'taskQueue' | 'directory'>,
  ...argv: readonly string[]
): readonly string[] => ['--address', testAddress(), '--task-queue', taskQueue, '--state', directory, ...argv];
