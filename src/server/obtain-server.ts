/**
 * Obtains the Temporal CLI, which contains the server, once a user: one on PATH, the cache, the pinned archive, or built
 * with Go from the committed temporal-server/go.mod.
 * 1. Each way that fails says why; if none works, one message names all and how to mend them.
 * 2. Nothing stands under the name in the cache that has not run there: made aside, asked for its version, renamed.
 * 3. However it ends, nothing half-made stays, and what a killed start left is cleared by the next.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWithGo } from './build-with-go.ts';
import { downloadArchive } from './download-archive.ts';
import { interruptible } from './interruptible.ts';
import { withLock } from './process-lock.ts';
import { whyUnusable } from './temporal-binary.ts';
import { messageOf } from './error-words.ts';

/** The pinned version of temporalio/cli: server 1.31.2, UI 2.50.1. */
export const CLI_VERSION = '1.8.2';

export type Report = (line: string) => void;

/** One way to a binary: its path, or in words why not. */
export interface Way {
  readonly name: string;
  readonly attempt: (target: string, report: Report, signal: AbortSignal) => Promise<string>;
  readonly remedy: string;
}

export interface ObtainOptions {
  readonly report: Report;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of the real ways, in tests. */
  readonly ways?: readonly Way[];
}

/** A stranger on PATH may hang and must not hold up every start; what we put there ourselves may be slow to load. */
const PATH_LIMIT_MS = 5000;
const OURS_LIMIT_MS = 30_000;

function realWays(env: ObtainOptions['env']): readonly Way[] {
  return [
    {
      name: 'the pinned archive over HTTPS',
      attempt: (target, report, signal) => downloadArchive(target, CLI_VERSION, report, { env, signal }),
      remedy: 'allow HTTPS to temporal.download (directly: proxy settings are not used)',
    },
    {
      name: 'building it with Go',
      attempt: (target, report, signal) => buildWithGo(sourceFolder(), target, CLI_VERSION, report, { env, signal }),
      remedy: 'install Go 1.21 or newer (https://go.dev/dl), allow its module proxy, and have 3 GB of disk free',
    },
  ];
}

/** The path of a working binary. Throws one message that names each way tried. */
export async function obtainServer({ report, env, ways = realWays(env) }: ObtainOptions): Promise<string> {
  const onPath = await whyUnusable('temporal', env, PATH_LIMIT_MS);
  if (onPath === undefined) return 'temporal';
  const failures = [describe('a "temporal" on PATH', onPath, `install the Temporal CLI, ${CLI_VERSION} or newer`)];
  const cached = join(cacheFolder(env), `temporal-${CLI_VERSION}-${process.platform}-${process.arch}`);
  const inCache = async (): Promise<string | undefined> => {
    if (!existsSync(cached)) return 'nothing is there yet';
    return whyUnusable(cached, env, OURS_LIMIT_MS);
  };
  if ((await inCache()) === undefined) return cached;
  const onWait = (): void => report('Another start is obtaining the Temporal server; waiting for it …');
  return interruptible(async (signal) => {
    const work = async (): Promise<string> => {
      const damage = await inCache();
      if (damage === undefined) return cached;
      if (existsSync(cached)) report(`The Temporal server in the cache is not usable (${damage}); replacing it.`);
      clearLeftovers(cached);
      return tryWays(ways, { cached, report, env, signal, failures });
    };
    return lockedInCache(cached, onWait, work, signal, failures);
  });
}

async function lockedInCache(
  cached: string,
  onWait: () => void,
  work: () => Promise<string>,
  signal: AbortSignal,
  failures: readonly string[],
): Promise<string> {
  try {
    mkdirSync(dirname(cached), { recursive: true });
  } catch (error) {
    throw new Error(noWay([...failures, unwritable(cached, error)]), { cause: error });
  }
  let isOurs = false;
  try {
    return await withLock(
      `${cached}.lock`,
      onWait,
      () => {
        isOurs = true;
        return work();
      },
      signal,
    );
  } catch (error) {
    throw isOurs ? error : new Error(noWay([...failures, unwritable(cached, error)]), { cause: error });
  }
}

interface Attempt {
  readonly cached: string;
  readonly report: Report;
  readonly env: ObtainOptions['env'];
  readonly signal: AbortSignal;
  readonly failures: string[];
}

async function tryWays(ways: readonly Way[], { cached, report, env, signal, failures }: Attempt): Promise<string> {
  for (const { name, attempt, remedy } of ways) {
    const target = `${cached}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
    try {
      signal.throwIfAborted();
      report(`Obtaining the Temporal server (once): ${name} …`);
      await attempt(target, report, signal);
      const damage = await whyUnusable(target, env, OURS_LIMIT_MS);
      if (damage !== undefined) throw new Error(`what was obtained does not run: ${damage}`);
      putInPlace(target, cached);
      return cached;
    } catch (error) {
      signal.throwIfAborted();
      const why = messageOf(error);
      report(`  not this way: ${why}`);
      failures.push(describe(name, why, remedy));
    } finally {
      rmSync(target, { force: true });
    }
  }
  throw new Error(noWay(failures));
}

/** On the disk before it has its name: no power failure leaves half a binary there. */
function putInPlace(target: string, cached: string): void {
  const descriptor = openSync(target, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(target, cached);
}

/** Under the lock: everything but the lock that bears our name and an ending is of a start that was killed. */
function clearLeftovers(cached: string): void {
  const [folder, name] = [dirname(cached), basename(cached)];
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith(`${name}.`) && entry.endsWith('.part')) {
      rmSync(join(folder, entry), { recursive: true, force: true });
    }
  }
}

function describe(way: string, why: string, remedy: string): string {
  return `  - ${way}: ${why}\n      to mend: ${remedy}`;
}

function unwritable(cached: string, error: unknown): string {
  const why = messageOf(error);
  return describe(
    `the cache folder ${dirname(cached)}`,
    why,
    'make it writable, or set XDG_CACHE_HOME to a folder that is',
  );
}

function noWay(failures: readonly string[]): string {
  return `No Temporal server could be obtained. Tried:\n${failures.join('\n')}\nOr use a server that runs already: the commands but "up" and "demo" take --address or TEMPORAL_ADDRESS.`;
}

/** XDG Base Directory: an empty or relative XDG_CACHE_HOME counts as none. */
function cacheFolder(env: ObtainOptions['env']): string {
  const [named = '', home = ''] = [env['XDG_CACHE_HOME'], env['HOME']];
  return join(isAbsolute(named) ? named : join(isAbsolute(home) ? home : homedir(), '.cache'), 'countersign');
}

function sourceFolder(): string {
  return fileURLToPath(new URL('../../temporal-server', import.meta.url));
}
