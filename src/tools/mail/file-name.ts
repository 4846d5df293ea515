/** The name under which a part is attached, as a receiver reads it from Content-Disposition (RFC 2183, RFC 2231). */
import { decodeEscapes } from './decode-body.ts';
import { utf8 } from './message-text.ts';

const CHARSET = "utf-8''";

/** Undefined unless the field is "attachment" with one file name, whole or in numbered sections, and nothing else. */
export function fileNameOf(disposition: string): string | undefined {
  if (!disposition.startsWith('attachment;')) return undefined;
  const sections: Section[] = [];
  const parameter = /; filename(?:\*(\d{1,2}))?(\*)?=(?:"([^"\\]*)"|([^\s"\\;]+))/y;
  parameter.lastIndex = 'attachment'.length;
  while (parameter.lastIndex < disposition.length) {
    const [whole, number, star, quoted, token = ''] = parameter.exec(disposition) ?? [];
    if (whole === undefined) return undefined;
    sections.push({ number, encoded: star === '*', value: quoted ?? token });
  }
  const numbered = sections.length > 1 || sections[0]?.number !== undefined;
  if (sections.some(({ number }, n) => number !== (numbered ? String(n) : undefined))) return undefined;
  const [first] = sections;
  if (first?.encoded === false && first.value.includes('=?')) return undefined;
  return joined(sections);
}

interface Section {
  readonly number: string | undefined;
  readonly encoded: boolean;
  readonly value: string;
}

/** The first section names the charset for all; a later one may be encoded only if the first is. */
function joined([first, ...rest]: readonly Section[]): string | undefined {
  if (first === undefined || (first.encoded && !first.value.startsWith(CHARSET))) return undefined;
  if (!first.encoded && rest.some(({ encoded }) => encoded)) return undefined;
  const values = [{ ...first, value: first.encoded ? first.value.slice(CHARSET.length) : first.value }, ...rest];
  const bytes: number[] = [];
  for (const { encoded, value } of values) {
    const decoded = encoded ? decodeEscapes(value, '%') : new TextEncoder().encode(value);
    if (decoded === undefined) return undefined;
    bytes.push(...decoded);
  }
  return utf8(Uint8Array.from(bytes));
}
