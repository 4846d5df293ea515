/** How often a server is thought to undo escapes, at the very most; real chains of proxies do it twice. */
const MAX_LEVELS = 4;

/**
 * `text` as it stands, with its %XX escapes undone once, twice and so on until none are left. Bytes that are no UTF-8
 * become U+FFFD, a "%" that is no escape stays. Undefined where more than MAX_LEVELS are needed. Total.
 */
export function decodings(text: string): readonly string[] | undefined {
  const levels = [text];
  for (let last = text; levels.length <= MAX_LEVELS + 1; levels.push(last)) {
    const next = decodeOnce(last);
    if (next === last) return levels;
    last = next;
  }
  return undefined;
}

function decodeOnce(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

/** One form of what looks alike: compatibility characters mapped, composed, what nobody sees left out. Idempotent. */
export function foldCharacters(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  return text
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .normalize('NFKC');
}
