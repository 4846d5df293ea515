/**
 * A web page as text that a model can read: no scripts and styles, links with where they lead, tables as lines.
 *
 * 1. Total: what cannot be read is said in words. 2. The work is bounded: the library's parser is quadratic in what is
 * left open, its layout of tables can end the process (one cell that spans thousands), it indents each line of quotes and
 * lists once for each that it stands in, and it looks at each word once for each link around it. So tags are counted
 * first, and tables, quotes, lists and links are laid out here, without columns and indentation. 3. Text that a browser
 * would hide (by style, size or colour) is told like any other.
 */
import { compile } from 'html-to-text';
import type { FormatCallback } from 'html-to-text';

/** What follows so many tags is left out. */
const MAX_TAGS = 20_000;
const MAX_DEPTH = 200;
/** All that links may add to a page by being written out, in UTF-16 code units. */
const MAX_LINKS = 256 * 1024;
const ONE_BREAK = { leadingLineBreaks: 1, trailingLineBreaks: 1 };

/** `base`: the URL that the page came from, for relative links. */
export function readableHtml(html: string, base: string): string {
  const { page, isCut } = firstTags(html);
  try {
    const text = converter(base)(page).trim();
    return isCut ? `${text}\n\n(the page has more than ${MAX_TAGS} tags; what follows them was left out)` : text;
  } catch {
    return `(an HTML page of ${html.length} characters that could not be read)`;
  }
}

function firstTags(html: string): { readonly page: string; readonly isCut: boolean } {
  let at = -1;
  for (let tags = 0; tags <= MAX_TAGS; tags += 1) {
    at = html.indexOf('<', at + 1);
    if (at === -1) return { page: html, isCut: false };
  }
  return { page: html.slice(0, at), isCut: true };
}

function converter(base: string): (html: string) => string {
  const skipped = ['script', 'style', 'template', 'svg', 'iframe', 'object'];
  const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];
  const lists = ['ul', 'ol'];
  const blocks = ['table', 'tr', 'dl', 'dt', 'dd'];
  return compile({
    wordwrap: false,
    limits: { maxInputLength: Infinity, maxDepth: MAX_DEPTH, maxChildNodes: MAX_TAGS, ellipsis: '…' },
    formatters: { alternative, cell, list, link: linksFrom(base) },
    selectors: [
      ...skipped.map((selector) => ({ selector, format: 'skip' })),
      ...headings.map((selector) => ({ selector, options: { uppercase: false } })),
      ...lists.map((selector) => ({ selector, format: 'list' })),
      ...blocks.map((selector) => ({ selector, format: 'block', options: ONE_BREAK })),
      { selector: 'blockquote', format: 'block', options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
      { selector: 'a', format: 'link' },
      { selector: 'img', format: 'alternative' },
      { selector: 'td', format: 'cell' },
      { selector: 'th', format: 'cell' },
    ],
  });
}

/** Relative links become whole; what is no URL stays as it is, so that it is seen. */
function linksFrom(base: string): FormatCallback {
  let left = MAX_LINKS;
  return (element, walk, builder) => {
    walk(element.children, builder);
    const { href } = (element.attribs ?? {}) as { readonly href?: string };
    if (href === undefined || href === '') return;
    const whole = URL.canParse(href, base) ? new URL(href, base).href : href;
    left -= whole.length;
    builder.addInline(` [${left < 0 ? '…' : whole}]`, { noWordTransform: true });
  };
}

/** A mark before each item, and nothing before its other lines. */
const list: FormatCallback = (element, walk, builder) => {
  const { start } = (element.attribs ?? {}) as { readonly start?: string };
  let number = /^\d{1,9}$/.test(start ?? '') ? Number(start) : 1;
  builder.openBlock(ONE_BREAK);
  for (const child of element.children) {
    if (child.name !== 'li') {
      walk([child], builder);
      continue;
    }
    builder.openBlock(ONE_BREAK);
    builder.addLiteral(element.name === 'ol' ? `${number}. ` : '* ');
    walk(child.children, builder);
    builder.closeBlock(ONE_BREAK);
    number += 1;
  }
  builder.closeBlock(ONE_BREAK);
};

/** Of a picture what its page says of it; where it lies is of no use here. */
const alternative: FormatCallback = (element, _walk, builder) => {
  const { alt } = (element.attribs ?? {}) as { readonly alt?: string };
  if (alt !== undefined && alt !== '') builder.addInline(alt, {});
};

const cell: FormatCallback = (element, walk, builder) => {
  walk(element.children, builder);
  builder.addInline(' | ', {});
};
