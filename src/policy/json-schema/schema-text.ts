import type { Json, JsonObject } from '../../domain/json.ts';
import { isRecord } from '../../domain/json.ts';

const WIDTH = 120;

/** A schema as text, without a line end, laid out as prettier does: what fits stands on one line. */
export function schemaText(schema: JsonObject): string {
  return laidOut(schema, '', 0);
}

/** `before` is what stands on the line already, `after` how much will. */
function laidOut(node: Json, before: string, after: number): string {
  const line = before === '' ? undefined : onOneLine(node);
  if (line !== undefined && before.length + line.length + after <= WIDTH) return line;
  const indent = /^ */.exec(before)?.[0] ?? '';
  const inner = `${indent}  `;
  if (Array.isArray(node)) {
    const items = node.map((item: Json, index) => `${inner}${laidOut(item, inner, commaAfter(index, node))}`);
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  if (!isRecord(node)) return JSON.stringify(node);
  const entries = Object.entries(node as JsonObject);
  const items = entries.map(([key, value], index) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    return `${start}${laidOut(value, start, commaAfter(index, entries))}`;
  });
  return `{\n${items.join(',\n')}\n${indent}}`;
}

function commaAfter(index: number, { length }: readonly unknown[]): number {
  return index < length - 1 ? 1 : 0;
}

/** Undefined for what always has lines of its own: several maps of several keys, in a list. */
function onOneLine(node: Json): string | undefined {
  if (Array.isArray(node)) {
    const items = node as readonly Json[];
    if (items.length > 1 && items.every((item) => isRecord(item) && Object.keys(item).length > 1)) return undefined;
    const parts = items.map(onOneLine);
    return parts.includes(undefined) ? undefined : `[${parts.join(', ')}]`;
  }
  if (!isRecord(node)) return JSON.stringify(node);
  const parts = Object.entries(node as JsonObject).map(([key, value]) => {
    const text = onOneLine(value);
    return text === undefined ? undefined : `${JSON.stringify(key)}: ${text}`;
  });
  if (parts.length === 0) return '{}';
  return parts.includes(undefined) ? undefined : `{ ${parts.join(', ')} }`;
}
