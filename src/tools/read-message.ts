/**
 * Reads a plain-text message (RFC 5322, 2045, 2047) as its receiver will: for a preview made from the very bytes that
 * are sent, not from what was asked for (S11). It knows what our renderer writes and nothing more; whatever else stands
 * in the bytes makes the message unreadable, so that the action is denied.
 */
export interface ReadMessage {
  /** Header lines exactly as sent, with "\n" as line end. */
  readonly headers: string;
  /** Headers, empty line and body exactly as sent, with "\n" as line end. */
  readonly source: string;
  /** As the receiver sees it. */
  readonly subject: string;
  /** As the receiver sees it, with "\n" as line end. */
  readonly text: string;
}

/** Undefined if the bytes are anything but one UTF-8 text in 7bit or quoted-printable. */
export function readMessage(bytes: Uint8Array): ReadMessage | undefined {
  const whole = asciiText(bytes);
  const end = whole?.indexOf('\r\n\r\n') ?? -1;
  if (whole === undefined || end === -1) return undefined;
  const fields = readFields(whole.slice(0, end));
  if (fields?.get('content-type')?.toLowerCase() !== 'text/plain; charset=utf-8') return undefined;
  const subject = decodeSubject(fields.get('subject') ?? '');
  const text = decodeBody(whole.slice(end + 4), fields.get('content-transfer-encoding') ?? '7bit');
  if (subject === undefined || text === undefined) return undefined;
  const lines = (part: string): string => part.replaceAll('\r\n', '\n');
  return { headers: lines(whole.slice(0, end)), source: lines(whole), subject, text: lines(text) };
}

/** Visible ASCII, tabs and whole CRLF line ends; lines of at most 998 characters (RFC 5322 section 2.1.1). */
function asciiText(bytes: Uint8Array): string | undefined {
  const text = utf8(bytes);
  if (text === undefined || /[^\t\x20-\x7e]/.test(text.replaceAll('\r\n', ''))) return undefined;
  return text.split('\r\n').every((line) => line.length <= 998) ? text : undefined;
}

/** Unfolded, names in lower case; a name that is there twice makes it unreadable. */
function readFields(head: string): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>();
  for (const line of head.replaceAll(/\r\n(?=[ \t])/g, '').split('\r\n')) {
    const [, name, value = ''] = /^([!-9;-~]+): ?(.*)$/.exec(line) ?? [];
    if (name === undefined || fields.has(name.toLowerCase())) return undefined;
    fields.set(name.toLowerCase(), value);
  }
  return fields;
}

const ENCODED_WORDS = /(=\?UTF-8\?Q\?[!->@-~]*\?=(?:[ \t]+=\?UTF-8\?Q\?[!->@-~]*\?=)*)/;

/** Encoded words as receivers decode them; what looks like one of another making is not guessed at. */
function decodeSubject(value: string): string | undefined {
  const parts = value.split(ENCODED_WORDS).map((part, n) => {
    if (n % 2 === 0) return part.includes('=?') ? undefined : part;
    const words = part.split(/[ \t]+/).map((word) => word.slice('=?UTF-8?Q?'.length, -'?='.length));
    return decodeEscapes(words.join('').replaceAll('_', ' '));
  });
  return parts.includes(undefined) ? undefined : parts.join('');
}

function decodeBody(body: string, encoding: string): string | undefined {
  switch (encoding.toLowerCase()) {
    case '7bit':
      return body;
    case 'quoted-printable':
      return decodeEscapes(body.replaceAll(/=\r\n/g, ''));
    default:
      return undefined;
  }
}

/** `=XX` to bytes to UTF-8; a "=" that begins no escape makes it unreadable. */
function decodeEscapes(text: string): string | undefined {
  if (/=(?![0-9A-F]{2})/.test(text)) return undefined;
  const bytes = Uint8Array.from(text.matchAll(/=([0-9A-F]{2})|[^=]/g), ([found, hex]) =>
    hex === undefined ? (found.codePointAt(0) ?? 0) : Number.parseInt(hex, 16),
  );
  return utf8(bytes);
}

/** Strict, and a byte order mark stays in it. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
