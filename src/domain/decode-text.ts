/** Strict UTF-8 without NUL (RFC 3629), or undefined: bytes that are not text are described, never guessed at. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
