/** The content of a part: 7bit, quoted-printable and base64 (RFC 2045 section 6) in the one form that leaves no doubt. */
import { utf8 } from './message-text.ts';

/** Undefined if it is in another encoding, or written in a way that readers mend or ignore each in their own fashion. */
export function decodeBody(body: string, encoding: string): Uint8Array | undefined {
  switch (encoding) {
    case '7bit':
      return new TextEncoder().encode(body);
    case 'quoted-printable':
      // White space at the end of a line is dropped by readers.
      return /[ \t](?:\r\n|$)/.test(body) ? undefined : decodeEscapes(body.replaceAll('=\r\n', ''), '=');
    case 'base64':
      return decodeBase64(body);
    default:
      return undefined;
  }
}

/** Escapes of two upper-case hex digits to bytes; a mark that begins none makes it unreadable. */
export function decodeEscapes(text: string, mark: '=' | '%'): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1, length += 1) {
    if (text[at] !== mark) {
      bytes[length] = text.charCodeAt(at);
      continue;
    }
    const hex = text.slice(at + 1, at + 3);
    if (!/^[0-9A-F]{2}$/.test(hex)) return undefined;
    bytes[length] = Number.parseInt(hex, 16);
    at += 2;
  }
  return bytes.slice(0, length);
}

/** Encoded words of UTF-8 in "Q", as receivers decode them; what looks like one of another making is not guessed at. */
export function decodeWords(value: string): string | undefined {
  const parts = value.split(ENCODED_WORDS).map((part, n) => {
    if (n % 2 === 0) return part.includes('=?') ? undefined : part;
    const words = part.split(/[ \t]+/).map((word) => word.slice('=?UTF-8?Q?'.length, -'?='.length));
    const bytes = decodeEscapes(words.join('').replaceAll('_', ' '), '=');
    return bytes === undefined ? undefined : utf8(bytes);
  });
  return parts.includes(undefined) ? undefined : parts.join('');
}

const ENCODED_WORDS = /(=\?UTF-8\?Q\?[!->@-~]*\?=(?:[ \t]+=\?UTF-8\?Q\?[!->@-~]*\?=)*)/;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = Int8Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));

/** Lines of whole groups of four, padding only at the very end and its spare bits zero: one text for each content. */
function decodeBase64(body: string): Uint8Array | undefined {
  const lines = body.replace(/\r\n$/, '').split('\r\n');
  if (lines.some((line, n) => line.length % 4 !== 0 || (line === '' && n + lines.length > 1))) return undefined;
  const digits = lines.join('');
  const end = digits.endsWith('==') ? digits.length - 2 : digits.endsWith('=') ? digits.length - 1 : digits.length;
  const bytes = new Uint8Array(Math.floor((end * 3) / 4));
  let held = 0;
  let bits = 0;
  let length = 0;
  for (let at = 0; at < end; at += 1) {
    const value = VALUES[digits.charCodeAt(at)] ?? -1;
    if (value === -1) return undefined;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length] = (held >> bits) & 0xff;
    length += 1;
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}
