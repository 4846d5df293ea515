/** Header fields, body and parts of one MIME entity (RFC 5322 section 2.2, RFC 2046 section 5.1), strictly. */

export interface Entity {
  /** Lines exactly as sent. */
  readonly head: string;
  /** Unfolded, names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Undefined if a line is no field, a name is there twice, or a field is not one of `known`. */
export function readEntity(text: string, known: ReadonlySet<string>): Entity | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const fields = new Map<string, string>();
  for (const line of head.replaceAll(/\r\n(?=[ \t])/g, '').split('\r\n')) {
    const [, name = '', value = ''] = /^([!-9;-~]+): ?(.*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    if (!known.has(key) || fields.has(key)) return undefined;
    fields.set(key, value);
  }
  return { head, fields, body: text.slice(end + 4) };
}

/** The boundary that a multipart of this subtype declares in this content type. */
export function boundaryOf(subtype: 'mixed' | 'alternative', contentType: string): string | undefined {
  return /^multipart\/(\w+); boundary="([-\w]{1,70})"$/.exec(contentType)?.[1] === subtype
    ? /"(.*)"/.exec(contentType)?.[1]
    : undefined;
}

/**
 * The parts between the boundary lines. Undefined if anything stands before the first or after the last, or if a line
 * only begins like a boundary: readers disagree whether it is one.
 */
export function partsOf(body: string, boundary: string): readonly string[] | undefined {
  const line = `--${boundary}`;
  if (!body.startsWith(`${line}\r\n`)) return undefined;
  const parts: string[] = [];
  for (let from = line.length + 2; ;) {
    const end = body.indexOf(`\r\n${line}`, from);
    if (end === -1) return undefined;
    parts.push(body.slice(from, end));
    const after = end + 2 + line.length;
    if (body.startsWith('--\r\n', after)) return after + 4 === body.length ? parts : undefined;
    if (!body.startsWith('\r\n', after)) return undefined;
    from = after + 2;
  }
}
