import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { askCommand } from './ask-command.ts';
import { messageOf } from './error-words.ts';

const NEEDED_BYTES = 3 * 1024 ** 3;
const ASK_LIMIT_MS = 20_000;
const BUILD_LIMIT_MS = 45 * 60_000;

export interface BuildOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Bytes free where a folder lies. */
  readonly freeBytes?: (folder: string) => number;
}

/** Builds the CLI from `source` (a module that pins it) to `target`; some minutes. Throws in words why it cannot. */
export async function buildWithGo(
  source: string,
  target: string,
  version: string,
  report: (line: string) => void,
  options: BuildOptions = { env: process.env },
): Promise<string> {
  const { env: given, signal, freeBytes = bytesFree } = options;
  const scratch = (given['HOME'] ?? '') === '' ? mkdtempSync(join(tmpdir(), 'countersign-go-')) : undefined;
  const env = { ...given, ...settings(scratch) };
  const began = Date.now();
  const seconds = (): number => Math.round((Date.now() - began) / 1000);
  let ticking: NodeJS.Timeout | undefined;
  try {
    await assertGo(env, signal);
    assertDisk([dirname(target), ...(await goFolders(env, signal))], freeBytes);
    ticking = setInterval(() => report(`  still building, ${seconds()} s (about 5 minutes on two cores) …`), 20_000);
    const flags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${version}`;
    const args = ['build', '-trimpath', '-ldflags', flags, '-o', target, 'github.com/temporalio/cli/cmd/temporal'];
    await askCommand('go', args, { limitMs: BUILD_LIMIT_MS, env, cwd: source, signal }).catch((error: unknown) => {
      throw new Error(`"go build" did not succeed: ${messageOf(error)}`);
    });
    report(`  built in ${seconds()} s`);
    return target;
  } finally {
    clearInterval(ticking);
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  }
}

/** A person’s own Go settings (another target, a workspace around us, flags) must not change what is built. */
function settings(scratch: string | undefined): Readonly<Record<string, string>> {
  return {
    CGO_ENABLED: '0',
    GOTOOLCHAIN: 'auto',
    GO111MODULE: 'on',
    GOWORK: 'off',
    GOOS: '',
    GOARCH: '',
    GOFLAGS: scratch === undefined ? '-mod=readonly' : '-mod=readonly -modcacherw',
    ...(scratch === undefined ? {} : { GOPATH: join(scratch, 'path'), GOCACHE: join(scratch, 'cache') }),
  };
}

async function assertGo(env: BuildOptions['env'], signal: AbortSignal | undefined): Promise<void> {
  // As installed, before it fetches another toolchain.
  const local = { ...env, GOTOOLCHAIN: 'local' };
  const said = await askCommand('go', ['version'], { limitMs: ASK_LIMIT_MS, env: local, signal }).catch(
    (error: unknown) => {
      throw new Error(`"go" on PATH: ${messageOf(error)}`);
    },
  );
  const version = /\bgo(\d+)\.(\d+)/.exec(said);
  if (version === null) throw new Error('"go version" does not tell a version');
  const [text, major, minor] = version;
  if (Number(major) < 1 || (Number(major) === 1 && Number(minor) < 21))
    throw new Error(`${text} is too old to fetch the toolchain it needs`);
}

/** Where the 3 GB go: the caches of Go and its temporary folder, which may lie on other disks than the target. */
async function goFolders(env: BuildOptions['env'], signal: AbortSignal | undefined): Promise<readonly string[]> {
  const said = await askCommand('go', ['env', 'GOCACHE', 'GOMODCACHE'], {
    limitMs: ASK_LIMIT_MS,
    env: { ...env, GOTOOLCHAIN: 'local' },
    signal,
  }).catch(() => '');
  return said.split('\n').filter((line) => line.startsWith('/'));
}

function assertDisk(folders: readonly string[], freeBytes: (folder: string) => number): void {
  for (const folder of folders.map(existing)) {
    const free = freeBytes(folder);
    if (free < NEEDED_BYTES) {
      const there = (free / 1024 ** 3).toFixed(1);
      throw new Error(`3 GB of free disk are needed, ${there} GB are there (${folder})`);
    }
  }
}

function existing(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder));
}

function bytesFree(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
