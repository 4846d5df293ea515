/**
 * A change of a text as a person is shown it (S11): a unified difference, and the proof that what is shown is what will
 * be written: `applyDifference` takes the shown lines alone, knows nothing of how they were made, and forgives nothing.
 */
import { OMIT_HEADERS, formatPatch, structuredPatch } from 'diff';

const CONTEXT = 3;
/** Lines that may differ before the difference is not looked for any more; then all lines go and all come. */
const MAX_EDIT_LENGTH = 1000;
const NO_NEWLINE = '\\ No newline at end of file';

/** The lines to show, or undefined where applying them would not give `after`. */
export function showDifference(before: string, after: string): string | undefined {
  const shown = shortDifference(before, after) ?? replacement(before, after);
  return applyDifference(before, shown) === after ? shown : undefined;
}

function shortDifference(before: string, after: string): string | undefined {
  const patch = structuredPatch('', '', before, after, undefined, undefined, {
    context: CONTEXT,
    maxEditLength: MAX_EDIT_LENGTH,
  });
  return patch === undefined ? undefined : formatPatch(patch, OMIT_HEADERS);
}

/** All lines as taken away and all as added. */
function replacement(before: string, after: string): string {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const range = (lines: readonly string[]): string => `${lines.length === 0 ? 0 : 1},${lines.length}`;
  const marked = (sign: string, lines: readonly string[]): string =>
    lines.map((line) => (line.endsWith('\n') ? `${sign}${line}` : `${sign}${line}\n${NO_NEWLINE}\n`)).join('');
  return `@@ -${range(old)} +${range(fresh)} @@\n${marked('-', old)}${marked('+', fresh)}`;
}

/** Lines with their ends; a text that ends with a line break has no empty line after it. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@$/;

/** What the shown lines make of `before`, each hunk at the very place it names, or undefined if they do not fit. */
export function applyDifference(before: string, shown: string): string | undefined {
  const old = linesOf(before);
  const made: string[] = [];
  let at = 0;
  const lines = shown.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (let next = 0; next < lines.length;) {
    const header = HEADER.exec(lines[next] ?? '');
    if (header === null) return undefined;
    const [oldCount, newCount] = [Number(header[2] ?? 1), Number(header[4] ?? 1)];
    // Of an empty range the number is that of the line before.
    const start = Number(header[1]) - (oldCount === 0 ? 0 : 1);
    if (start < at || start > old.length) return undefined;
    for (const line of old.slice(at, start)) made.push(line);
    const hunk = readHunk(lines, next + 1);
    if (hunk.old.length !== oldCount || hunk.fresh.length !== newCount) return undefined;
    if (hunk.old.some((line, n) => line !== old[start + n])) return undefined;
    for (const line of hunk.fresh) made.push(line);
    [at, next] = [start + oldCount, hunk.end];
  }
  return [...made, ...old.slice(at)].join('');
}

interface Hunk {
  readonly old: readonly string[];
  readonly fresh: readonly string[];
  /** Where the next one begins. */
  readonly end: number;
}

function readHunk(lines: readonly string[], begin: number): Hunk {
  const old: string[] = [];
  const fresh: string[] = [];
  let end = begin;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    const sign = line.charAt(0);
    if (line === NO_NEWLINE) continue;
    if (sign !== ' ' && sign !== '-' && sign !== '+') break;
    const content = `${line.slice(1)}${lines[end + 1] === NO_NEWLINE ? '' : '\n'}`;
    if (sign !== '+') old.push(content);
    if (sign !== '-') fresh.push(content);
  }
  return { old, fresh, end };
}
