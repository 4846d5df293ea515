/** Words of the file in Markdown, so that they are read as words. */

/** No text of the file is read as Markdown or HTML; within a line, for what only means something where one begins is let be. */
export function escaped(text: string): string {
  return text.replaceAll(MEANS_SOMETHING, (character) => `\\${character}`);
}

/** An underscore between letters means nothing, nor does an ampersand that begins no entity. */
const MEANS_SOMETHING = /[\\`*[<~]|&(?=[#\w]+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/** A value of the file exactly, in a code span that it cannot end. */
export function code(value: string): string {
  const longest = Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${value}${space}${fence}`;
}

/** Words of the file as one plain sentence. */
export function sentence(text: string): string {
  const words = escaped(text.replaceAll(/\s+/g, ' ').trim());
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
