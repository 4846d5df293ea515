/**
 * A YAML text as a document of the `yaml` package, in time linear in its length and without deep recursion, whatever is
 * wrong with it. Errors are counted, and none is made pretty: for each the package would walk through its whole line.
 * Nesting is bounded while the text is cut into tokens: what comes after would recurse until the stack, or the process
 * (a regular expression compiled at the stack's very end), is gone.
 */
import { Composer, Lexer, LineCounter, Parser } from 'yaml';
import type { CST, Document } from 'yaml';
import { MAX_PROBLEMS } from './problem.ts';

export interface YamlError {
  readonly offset: number;
  /** Those of the package, and `TOO_DEEP`. */
  readonly code: string;
  readonly message: string;
}

export interface YamlDocument {
  /** Undefined: no document could be made of it; then there are errors. */
  readonly document: Document.Parsed | undefined;
  readonly errors: readonly YamlError[];
  readonly lines: LineCounter;
}

/** Maps and lists within each other, with the document and the value itself. */
const MAX_STACK = 66;

/** Of several documents the first. Total. */
export function composeYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const tokens = tokensOf(text, lines);
  if ('code' in tokens) return { document: undefined, errors: [tokens], lines };
  // Duplicate keys are the caller’s to look for: the package’s own search takes time quadratic in the size of a map.
  const composer = new Composer({ strict: true, uniqueKeys: false, merge: false, logLevel: 'silent' });
  const errors = keptErrors(composer);
  let document: Document.Parsed | undefined;
  for (const found of composer.compose(tokens, true, text.length)) {
    if (document !== undefined) {
      errors.push({ offset: found.range[0], code: 'MULTIPLE_DOCS', message: 'the text has several documents' });
      break;
    }
    document = found;
  }
  const own = [...(document?.errors ?? []), ...(document?.warnings ?? [])];
  errors.push(...own.map(({ pos, code, message }) => ({ offset: pos[0], code, message })));
  return { document, errors: errors.slice(0, MAX_PROBLEMS), lines };
}

/** Up to the first so many that are errors; all that is wrong if it is nested too deep. */
function tokensOf(text: string, lines: LineCounter): readonly CST.Token[] | YamlError {
  const tokens: CST.Token[] = [];
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let wrong = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'error') wrong += 1;
    }
    if (parser.stack.length > MAX_STACK) return { offset: parser.offset, code: 'TOO_DEEP', message: 'nested too deep' };
    if (wrong >= MAX_PROBLEMS) break;
  }
  tokens.push(...parser.end());
  return tokens;
}

type Source = number | readonly number[] | { readonly offset: number };

/** Of each the composer would make an Error, hundreds of thousands; in place of its private method, the first are noted. */
function keptErrors(composer: Composer): YamlError[] {
  const kept: YamlError[] = [];
  const onError = (source: Source, code: string, message: string): void => {
    if (kept.length < MAX_PROBLEMS) kept.push({ offset: offsetOf(source), code, message });
  };
  Object.assign(composer, { onError });
  return kept;
}

function offsetOf(source: Source): number {
  if (typeof source === 'number') return source;
  return 'offset' in source ? source.offset : (source[0] ?? 0);
}
