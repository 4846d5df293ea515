import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const NEEDED_BYTES = 3 * 1024 ** 3;

/** Builds the CLI from `source` (a module that pins it) to `target`; some minutes. Throws in words why it cannot. */
export async function buildWithGo(
  source: string,
  target: string,
  version: string,
  report: (line: string) => void,
): Promise<string> {
  await assertGo();
  const free = freeBytes(dirname(target));
  if (free < NEEDED_BYTES)
    throw new Error(`3 GB of free disk are needed, ${(free / 1024 ** 3).toFixed(1)} GB are there`);
  const scratch = process.env['HOME'] === undefined ? mkdtempSync(join(tmpdir(), 'countersign-go-')) : undefined;
  const began = Date.now();
  const ticking = setInterval(
    () => report(`  still building, ${Math.round((Date.now() - began) / 1000)} s (about 5 minutes on two cores) …`),
    20_000,
  );
  try {
    await build(source, target, version, scratch);
    report(`  built in ${Math.round((Date.now() - began) / 1000)} s`);
    return target;
  } finally {
    clearInterval(ticking);
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  }
}

async function assertGo(): Promise<void> {
  const { stdout } = await promisify(execFile)('go', ['version']).catch(() => {
    throw new Error('there is no "go" on PATH');
  });
  const [, minor = '0'] = /go1\.(\d+)/.exec(stdout) ?? [];
  if (Number(minor) < 21) throw new Error(`${stdout.trim()} is too old to fetch the toolchain it needs`);
}

function build(source: string, target: string, version: string, scratch: string | undefined): Promise<void> {
  const flags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${version}`;
  const args = ['build', '-trimpath', '-ldflags', flags, '-o', target, 'github.com/temporalio/cli/cmd/temporal'];
  const places =
    scratch === undefined
      ? {}
      : { GOPATH: join(scratch, 'path'), GOCACHE: join(scratch, 'cache'), GOFLAGS: '-modcacherw' };
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'auto', ...places };
    const child = spawn('go', args, { cwd: source, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2000)));
    child.on('error', () => reject(new Error('"go" could not be started')));
    child.on('close', (code) => {
      const last = said.trim().split('\n').slice(-3).join(' / ');
      if (code === 0) resolve();
      else reject(new Error(`"go build" failed: ${last}`));
    });
  });
}

/** Bytes free where `folder` lies. */
function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
