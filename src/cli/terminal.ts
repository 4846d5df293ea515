/** What the command line prints. Text of the model or the world is made visible (S11); colour only on a terminal. */
import { styleText } from 'node:util';
import { GOES_ON, foldLine } from './fold-line.ts';
import { replaceHidden, visibleLine, visibleText } from '../domain/visible-text.ts';

export function print(text: string): void {
  process.stdout.write(`${folded(text, process.stdout)}\n`);
}

/** Never folded: whoever asked for JSON reads it as JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${safeJson(value, 2)}\n`);
}

/** One JSON object on one line. */
export function printJsonLine(value: unknown): void {
  process.stdout.write(`${safeJson(value)}\n`);
}

/** Only on a terminal: what reads a pipe takes lines as they are. */
function folded(text: string, { isTTY }: NodeJS.WriteStream): string {
  if (isTTY !== true) return text;
  const room = terminalColumns();
  return text
    .split('\n')
    .map((each) => foldLine(each, room, room - GOES_ON.length).join(`\n${GOES_ON}`))
    .join('\n');
}

/** Of the terminal at either end; 80 where none is known. */
export function terminalColumns(): number {
  const known = process.stdout.columns ?? process.stderr.columns;
  return Number.isInteger(known) && known > 0 ? known : 80;
}

/** The same JSON value, with whatever a terminal could obey or a reader not see written as an escape (S11). */
export function safeJson(value: unknown, indent?: number): string {
  // Within a text JSON itself writes a newline as an escape; the plain ones are its own.
  return replaceHidden(JSON.stringify(value, null, indent), (hidden) => (hidden === '\n' ? hidden : escaped(hidden)));
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** True where a person sits at both ends; a pipe at either cannot have shown anything or answer for anyone. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** As `isInteractive`, where standard output may be redirected and questions go beside it. */
export function isInteractiveAside(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Never with colours of its own; of what it names, like a file, no character is obeyed (S11). */
export function complain(text: string): void {
  process.stderr.write(`${folded(visibleText(text), process.stderr)}\n`);
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

const QUOTED = '  │ ';

/** Foreign text, each line indented, and broken before it wraps, so that no part of it can pass for a line of ours. */
export function quoted(text: string, columns = terminalColumns()): string {
  // Some terminals wrap after their last column, others in it.
  const room = columns - QUOTED.length - 1;
  return visibleText(text)
    .split('\n')
    .map((each) => QUOTED + foldLine(each, room, room).join(`\n${GOES_ON}`))
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
