/**
 * Obtains the Temporal CLI, which contains the server, once a user: one on PATH, the cache, the pinned archive, or built
 * with Go from the committed temporal-server/go.mod. Each way that fails says why; if none works, one message names all.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildWithGo } from './build-with-go.ts';
import { downloadArchive } from './download-archive.ts';
import { withLock } from './process-lock.ts';

/** The pinned version of temporalio/cli: server 1.31.2, UI 2.50.1. */
export const CLI_VERSION = '1.8.2';

export type Report = (line: string) => void;

/** One way to a binary: its path, or in words why not. */
export interface Way {
  readonly name: string;
  readonly attempt: (target: string, report: Report) => Promise<string>;
  readonly remedy: string;
}

export interface ObtainOptions {
  readonly report: Report;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of the real ways, in tests. */
  readonly ways?: readonly Way[];
}

const WAYS: readonly Way[] = [
  {
    name: 'the pinned archive over HTTPS',
    attempt: (target, report) => downloadArchive(target, CLI_VERSION, report),
    remedy: 'allow HTTPS to temporal.download',
  },
  {
    name: 'building it with Go',
    attempt: (target, report) => buildWithGo(sourceFolder(), target, CLI_VERSION, report),
    remedy: 'install Go 1.21 or newer (https://go.dev/dl) and allow its module proxy',
  },
];

/** The path of a working binary. Throws one message that names each way tried. */
export async function obtainServer({ report, env, ways = WAYS }: ObtainOptions): Promise<string> {
  const onPath = await usable('temporal');
  if (onPath !== undefined) return onPath;
  const folder = cacheFolder(env);
  const cached = join(folder, `temporal-${CLI_VERSION}-${process.platform}-${process.arch}`);
  if (existsSync(cached) && (await usable(cached)) !== undefined) return cached;
  mkdirSync(folder, { recursive: true });
  const onWait = (): void => report('Another start is obtaining the Temporal server; waiting for it …');
  return withLock(`${cached}.lock`, onWait, async () => {
    if (existsSync(cached) && (await usable(cached)) !== undefined) return cached;
    return tryWays(ways, cached, report);
  });
}

async function tryWays(ways: readonly Way[], cached: string, report: Report): Promise<string> {
  const failures: string[] = [];
  for (const { name, attempt, remedy } of ways) {
    const target = `${cached}.${process.pid}.part`;
    try {
      report(`Obtaining the Temporal server (once): ${name} …`);
      await attempt(target, report);
      if ((await usable(target)) === undefined) throw new Error('what was obtained does not run');
      renameSync(target, cached);
      return cached;
    } catch (error) {
      rmSync(target, { force: true });
      const why = error instanceof Error ? error.message : String(error);
      report(`  not this way: ${why}`);
      failures.push(`  - ${name}: ${why}\n      to mend: ${remedy}`);
    }
  }
  throw new Error(
    `No Temporal server could be obtained. Tried:\n  - a "temporal" of version 1.8 or newer on PATH: none\n      to mend: install the Temporal CLI\n${failures.join('\n')}\nOr give the address of a running server: TEMPORAL_ADDRESS=host:port countersign up`,
  );
}

/** `binary` if it runs and is of version 1.8 or newer. */
async function usable(binary: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['--version'], { timeout: 20_000 });
    const [, major = '0', minor = '0'] = /temporal version (\d+)\.(\d+)/.exec(stdout) ?? [];
    return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 8) ? binary : undefined;
  } catch {
    return undefined;
  }
}

function cacheFolder(env: ObtainOptions['env']): string {
  const base = env['XDG_CACHE_HOME'] ?? join(env['HOME'] ?? homedir(), '.cache');
  return join(base, 'countersign');
}

function sourceFolder(): string {
  return fileURLToPath(new URL('../../temporal-server', import.meta.url));
}
