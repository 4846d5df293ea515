/** Several files in one action: each looked at before, and what became of each, for one that goes wrong must not hide the others. */
import { nameOf, namesOf } from './file-names.ts';
import type { Change, InspectedFile, KnownFile } from './ports/workspace-changes.ts';
import type { FileRefusal } from './ports/workspace-files.ts';
import { refusedFile } from './refused-file.ts';

type Looked = { readonly kind: 'ok'; readonly file: InspectedFile } | FileRefusal;

const SKIP = { kind: 'skip' } as const;

/** All of them, or why not: the first that is no file, one named twice, or no time left. */
export async function inspectEach(
  paths: readonly string[],
  signal: AbortSignal,
  inspect: (path: string) => Promise<Looked | typeof SKIP>,
): Promise<{ readonly kind: 'ok'; readonly files: readonly InspectedFile[] } | ReturnType<typeof refusedFile>> {
  if (new Set(paths).size !== paths.length) return { kind: 'failed', why: 'A file is named twice.' };
  const files: InspectedFile[] = [];
  for (const path of paths) {
    if (signal.aborted) return { kind: 'failed', why: 'Looking at the files took too long.' };
    const looked = await inspect(path);
    if (looked.kind === 'skip') continue;
    if (looked.kind !== 'ok') return refusedFile(path, looked);
    files.push(looked.file);
  }
  return { kind: 'ok', files };
}

export interface Skipped {
  readonly path: string;
  readonly why: string;
}

/** Those that can be changed, and why the others cannot; fails where there is nothing else to say. */
export async function inspectSome(
  paths: readonly string[],
  signal: AbortSignal,
  inspect: (path: string) => Promise<Looked>,
): Promise<
  | { readonly kind: 'ok'; readonly files: readonly InspectedFile[]; readonly skipped: readonly Skipped[] }
  | ReturnType<typeof refusedFile>
> {
  const refusals: ({ readonly path: string } & FileRefusal)[] = [];
  const found = await inspectEach(paths, signal, async (path) => {
    const looked = await inspect(path);
    if (looked.kind === 'ok') return looked;
    refusals.push({ path, ...looked });
    return SKIP;
  });
  if (found.kind !== 'ok') return found;
  const skipped = refusals.map(({ path, why }) => ({ path, why }));
  if (found.files.length > 0) return { ...found, skipped };
  const kind = refusals.some((refusal) => refusal.kind === 'refused') ? 'denied' : 'failed';
  return { kind, why: skipped.map(({ path, why }) => `${path}: ${why}.`).join(' ') };
}

/** What must still be so when they are changed. */
export function knownOf({ path, size, sha256 }: InspectedFile): Pick<KnownFile, keyof KnownFile> {
  return { path, size, sha256 };
}

export type End = Change | { readonly kind: 'cancelled'; readonly why: string };

export interface Ending {
  readonly path: string;
  readonly end: End;
}

/** One after another, up to the first of which it is not clear what happened. */
export async function changeEach<File extends { readonly path: string }>(
  files: readonly File[],
  signal: AbortSignal,
  change: (file: File, index: number) => Promise<Change>,
): Promise<readonly Ending[]> {
  const endings: Ending[] = [];
  for (const [index, file] of files.entries()) {
    const end = signal.aborted ? CANCELLED : await endOf(() => change(file, index));
    endings.push({ path: file.path, end });
    if (end.kind === 'unknown') break;
  }
  return endings;
}

const CANCELLED: End = { kind: 'cancelled', why: 'it was cancelled before' };

async function endOf(change: () => Promise<Change>): Promise<End> {
  try {
    return await change();
  } catch {
    return { kind: 'unknown', why: 'the disk gave no clear answer' };
  }
}

export interface Tally {
  readonly done: readonly string[];
  readonly kept: readonly string[];
  /** Kept ones with the reason, for a sentence. */
  readonly keptWhy: string;
  /** What is not clear and what was not touched, for a sentence; null if all is clear. */
  readonly lost: string | null;
}

export function tallyOf(endings: readonly Ending[], files: readonly { readonly path: string }[]): Tally {
  const pathsWhere = (isDone: boolean): string[] =>
    endings.filter(({ end }) => (end.kind === 'done') === isDone).map(({ path }) => path);
  const keptWhy = endings
    .flatMap(({ path, end }) => (end.kind === 'done' ? [] : [`${nameOf(path)} (${end.why})`]))
    .join(', ');
  const unclear = endings.flatMap(({ path, end }) =>
    end.kind === 'unknown' ? [`${nameOf(path)} (${end.why})`] : [],
  )[0];
  const untouched = files.slice(endings.length).map(({ path }) => path);
  const rest = untouched.length === 0 ? '' : `; not touched: ${namesOf(untouched)}`;
  return {
    done: pathsWhere(true),
    kept: pathsWhere(false),
    keptWhy,
    lost: unclear === undefined ? null : `It is not clear of ${unclear}${rest}`,
  };
}
