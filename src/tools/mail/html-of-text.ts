/**
 * Plain text as simple HTML: paragraphs, line breaks, lists of lines that begin with "- ", headings of lines that begin
 * with "# ". Every character of the text is written so that HTML reads it as itself: no link, image, style or script
 * comes of it, whoever wrote it. Pure, total, linear; the same text gives the same HTML.
 */
export function htmlOfText(text: string): string {
  const blocks: string[] = [];
  for (const { kind, lines } of blocksOf(text)) {
    const inner = lines.map(escaped);
    switch (kind) {
      case 'heading':
        blocks.push(...inner.map((line) => `<h1>${line}</h1>`));
        break;
      case 'list':
        blocks.push('<ul>', ...inner.map((line) => `<li>${line}</li>`), '</ul>');
        break;
      case 'paragraph':
        blocks.push(`<p>${inner.join('<br>\n')}</p>`);
        break;
    }
  }
  const head = '<head>\n<meta charset="utf-8">\n</head>';
  return ['<!DOCTYPE html>', '<html>', head, '<body>', ...blocks, '</body>', '</html>', ''].join('\n');
}

interface Block {
  readonly kind: 'heading' | 'list' | 'paragraph';
  readonly lines: string[];
}

/** Neighbouring lines of one kind are one block; an empty line ends a block. */
function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let last: Block | undefined;
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      last = undefined;
      continue;
    }
    const { kind, rest } = kindOf(line);
    if (last?.kind !== kind) {
      last = { kind, lines: [] };
      blocks.push(last);
    }
    last.lines.push(rest);
  }
  return blocks;
}

function kindOf(line: string): { readonly kind: Block['kind']; readonly rest: string } {
  if (line.startsWith('# ')) return { kind: 'heading', rest: line.slice(2) };
  if (line.startsWith('- ')) return { kind: 'list', rest: line.slice(2) };
  return { kind: 'paragraph', rest: line };
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(line: string): string {
  return line.replaceAll(/[&<>"']/g, (character) => REFERENCES[character] ?? '');
}
