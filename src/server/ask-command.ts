import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { codeOf } from './error-words.ts';

export interface CommandOptions {
  readonly limitMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
}

const KEPT = 64_000;

/**
 * Runs a command in a group of its own and tells what it printed to its standard output. Throws in words (what the
 * command is not, or the last lines it said), at the latest after `limitMs`; nothing of its group is left then.
 */
export function askCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { limitMs, env, cwd, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(new Error('interrupted'));
    const child = spawn(command, args, {
      cwd,
      env: { ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, err] = [tailOf(child.stdout), tailOf(child.stderr)];
    const settle = (finish: () => void): void => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', interrupt);
      process.removeListener('exit', endGroup);
      child.stdout.destroy();
      child.stderr.destroy();
      finish();
    };
    const endGroup = (): void => killGroup(child);
    const stop = (why: string): void => {
      endGroup();
      settle(() => reject(new Error(why)));
    };
    const interrupt = (): void => stop('interrupted');
    const limit = setTimeout(() => stop(`it did not end within ${Math.round(limitMs / 1000)} s`), limitMs);
    signal?.addEventListener('abort', interrupt);
    process.once('exit', endGroup);
    child.once('error', (error) => settle(() => reject(new Error(notStarted(error)))));
    const ended = (code: number | null, by: NodeJS.Signals | null): void =>
      settle(() => (code === 0 ? resolve(out()) : reject(new Error(failed(code, by, err() || out())))));
    child.once('close', ended);
    // A grandchild may hold the pipes open for ever.
    child.once('exit', (code, by) => setTimeout(() => ended(code, by), 500).unref());
  });
}

function tailOf(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer) => (text = (text + chunk.toString('utf8')).slice(-KEPT)));
  return () => text;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined || pid <= 1) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Ended already.
  }
}

function notStarted(error: Error): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'there is none';
  return code === 'EACCES' ? 'it may not be executed' : `it could not be started (${error.message})`;
}

function failed(code: number | null, by: NodeJS.Signals | null, said: string): string {
  const last = said.trim().split('\n').slice(-3).join(' / ').slice(-600);
  return `it ended with ${code === null ? String(by) : `code ${code}`}${last === '' ? '' : `: ${last}`}`;
}
