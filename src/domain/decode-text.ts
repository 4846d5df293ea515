/** Strict UTF-8 without NUL (RFC 3629), or undefined: bytes that are not text are described, never guessed at. */
export function decodeText(bytes: Uint8Array): string | undefined {
  return decodeWith(bytes, { ignoreBOM: false });
}

/** As `decodeText`, with a byte order mark kept: encoding it again gives the very bytes. */
export function decodeExactly(bytes: Uint8Array): string | undefined {
  return decodeWith(bytes, { ignoreBOM: true });
}

function decodeWith(bytes: Uint8Array, options: { readonly ignoreBOM: boolean }): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ...options }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
