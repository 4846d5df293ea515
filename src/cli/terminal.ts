/** What the command line prints. Text of the model or the world is made visible (S11); colour only on a terminal. */
import { styleText } from 'node:util';
import { visibleLine, visibleText } from '../domain/visible-text.ts';

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  print(safeJson(value, 2));
}

/** One JSON object on one line. */
export function printJsonLine(value: unknown): void {
  print(safeJson(value));
}

/** The same JSON value, with whatever a terminal could obey or a reader not see written as an escape (S11). */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    /[\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E0FFF}]/gu,
    (found) =>
      Array.from(
        { length: found.length },
        (_, unit) => `\\u${found.charCodeAt(unit).toString(16).padStart(4, '0')}`,
      ).join(''),
  );
}

/** True where a person sits at both ends; a pipe at either cannot have shown anything or answer for anyone. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** As `isInteractive`, where standard output may be redirected and questions go beside it. */
export function isInteractiveAside(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

type Style = Parameters<typeof styleText>[0];

export function styled(style: Style, text: string): string {
  const plain = process.stdout.isTTY !== true || (process.env['NO_COLOR'] ?? '') !== '';
  return plain ? text : styleText(style, text);
}

/** Foreign text on one line. */
export function line(text: string): string {
  return visibleLine(text);
}

/** Foreign text, each line indented so that it cannot pass for one of ours. */
export function quoted(text: string): string {
  return visibleText(text)
    .split('\n')
    .map((each) => `  │ ${each}`)
    .join('\n');
}

/** Rows in columns; the last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
    )
    .join('\n');
}

/** As much of a foreign text as fits a column, on one line; cut only in tables, never before an answer (S11). */
export function cell(text: string, width: number): string {
  const shown = [...line(text)];
  return shown.length <= width ? shown.join('') : `${shown.slice(0, width - 1).join('')}…`;
}

/** `in 8 s`, from now; a moment that is over is `now`. */
export function fromNow(iso: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  if (!(seconds > 0)) return 'now';
  if (seconds < 120) return `in ${seconds} s`;
  return seconds < 7200 ? `in ${Math.round(seconds / 60)} min` : `in ${Math.round(seconds / 3600)} h`;
}

/** `18:04:05` in local time. */
export function clock(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toTimeString().slice(0, 8);
}
