/** What the command line prints. Text of the model or the world is made visible (S11); colour only on a terminal. */
import { styleText } from 'node:util';
import { visibleLine, visibleText } from '../domain/visible-text.ts';

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
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

/** `18:04:05` in local time. */
export function clock(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toTimeString().slice(0, 8);
}
