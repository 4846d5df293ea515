import { chmodSync, createWriteStream, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { own } from '../domain/json.ts';
import { askCommand } from './ask-command.ts';
import { codeOf, messageOf } from './error-words.ts';

/** For an answer to begin, and between any two pieces of it. */
const STALL_MS = 20_000;
const MAX_BYTES = 1024 ** 3;

export interface DownloadOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Instead of Temporal’s own host, in tests. */
  readonly host?: string;
  readonly stallMs?: number;
}

/**
 * Downloads the pinned CLI archive and unpacks its binary to `target`. Trust rests on HTTPS to Temporal’s own host, on
 * every hop: no checksum of the archive is published in a form we could pin. Throws in words why it cannot.
 */
export async function downloadArchive(
  target: string,
  version: string,
  report: (line: string) => void,
  options: DownloadOptions = { env: process.env },
): Promise<string> {
  const { env, signal, host = 'https://temporal.download' } = options;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `${host}/cli/archive/v${version}?platform=${process.platform}&arch=${arch}`;
  const folder = `${target}.archive.part`;
  try {
    mkdirSync(folder);
    const archive = join(folder, 'temporal.tar.gz');
    await download(url, archive, report, options);
    await unpack(archive, folder, env, signal);
    renameSync(join(folder, 'temporal'), target);
    return target;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unpack(
  archive: string,
  folder: string,
  env: DownloadOptions['env'],
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = { limitMs: 120_000, env, signal };
  await askCommand('tar', ['-xzf', archive, '-C', folder, 'temporal'], options).catch((error: unknown) => {
    throw new Error(`the archive cannot be unpacked with "tar": ${messageOf(error)}`);
  });
  const binary = join(folder, 'temporal');
  if (!lstatSync(binary).isFile()) throw new Error('the archive holds no plain file "temporal"');
  chmodSync(binary, 0o755);
}

async function download(
  url: string,
  file: string,
  report: (line: string) => void,
  { signal, stallMs = STALL_MS }: DownloadOptions,
): Promise<void> {
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), stallMs);
  const moved = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(), stallMs);
  };
  const either = AbortSignal.any([stalled.signal, ...(signal === undefined ? [] : [signal])]);
  try {
    const response = await request(url, either);
    await pipeline(Readable.fromWeb(response), counted(report, moved), createWriteStream(file), { signal: either });
  } catch (error) {
    if (stalled.signal.aborted)
      throw new Error(`${hostOf(url)} did not answer within ${stallMs / 1000} s`, { cause: error });
    throw new Error(inWords(error, url), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

type Body = Parameters<typeof Readable.fromWeb>[0];

/** Follows redirects itself: one to less than the first protocol, HTTPS, would leave nothing to trust. */
async function request(first: string, signal: AbortSignal): Promise<Body> {
  let url = new URL(first);
  for (let hops = 0; hops < 8; hops += 1) {
    const response = await fetch(url, { signal, redirect: 'manual' });
    const next = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && next !== null) {
      const { protocol } = url;
      url = new URL(next, url);
      if (url.protocol !== protocol) throw new Refused(`${hostOf(first)} leads to ${url.protocol}//, which is refused`);
      continue;
    }
    if (!response.ok || response.body === null) throw new Refused(`${hostOf(first)} answered HTTP ${response.status}`);
    return response.body as Body;
  }
  throw new Refused(`${hostOf(first)} redirects without end`);
}

class Refused extends Error {}

function counted(
  report: (line: string) => void,
  moved: () => void,
): (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
  return async function* count(source) {
    let [bytes, told] = [0, Date.now()];
    for await (const chunk of source) {
      moved();
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Refused('the archive is larger than 1 GB');
      if (Date.now() - told > 5000) {
        told = Date.now();
        report(`  ${megabytes(bytes)} so far …`);
      }
      yield chunk;
    }
    report(`  downloaded ${megabytes(bytes)}`);
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function inWords(error: unknown, url: string): string {
  if (error instanceof Refused) return error.message;
  const cause = own(error, 'cause') ?? error;
  const code = codeOf(cause) ?? messageOf(cause);
  return `the download from ${hostOf(url)} failed (${code})`;
}
