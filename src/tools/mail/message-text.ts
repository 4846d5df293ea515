/** The bytes of a message as text: all that a sender may write in one, and nothing that two readers read differently. */

/**
 * Visible ASCII, tabs, and whole CRLF line ends; lines of at most 998 characters (RFC 5322 section 2.1.1). Undefined if
 * there is anything else in it: a bare CR or LF ends a line for some readers and for others does not.
 */
export function messageText(bytes: Uint8Array): string | undefined {
  let line = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x0d && bytes[at + 1] === 0x0a) {
      line = 0;
      at += 1;
    } else {
      line += 1;
      if ((byte !== 0x09 && (byte < 0x20 || byte > 0x7e)) || line > 998) return undefined;
    }
  }
  return utf8(bytes);
}

/** With "\n" as line end. */
export function withPlainLineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** Strict, and a byte order mark stays in it. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
