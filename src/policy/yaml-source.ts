/**
 * YAML as a plain tree of JSON, with positions. Of YAML only what people write in such files is taken: directives,
 * aliases, anchors, tags, merge keys, several documents, duplicate keys, keys that are no strings, prototype names and
 * deep nesting are refused. Total.
 */
import { Alias, isMap, isNode, isScalar, visit } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import type { Json } from '../domain/json.ts';
import { visibleLine } from '../domain/visible-text.ts';
import type { PolicyProblem } from './problem.ts';
import { MAX_PROBLEMS } from './problem.ts';
import { composeYaml } from './yaml-document.ts';
import type { ProblemWords } from './yaml-words.ts';
import { ANCHOR_WORDS, UNQUOTED_STAR, aliasWords } from './yaml-words.ts';

export type Path = readonly (string | number)[];

export type YamlSource =
  | { readonly kind: 'tree'; readonly value: Json; readonly locate: (path: Path) => Place }
  | { readonly kind: 'broken'; readonly problems: readonly PolicyProblem[] };

interface Place {
  readonly line: number;
  readonly column: number;
}

type At = (offset: number) => Place;

/** In bytes, and so in characters as well. */
export const MAX_FILE_LENGTH = 256 * 1024;
const MAX_DEPTH = 32;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype', '<<']);

export function readYaml(text: string): YamlSource {
  if (text.length > MAX_FILE_LENGTH) return broken({ line: 1, column: 1, message: 'the file is larger than 256 KB' });
  const hidden = findHidden(text);
  if (hidden.length > 0) return broken(...hidden);
  // A directive changes what the rest means ("%YAML 1.1" makes "no" a boolean); none can begin elsewhere in a line.
  const directive = /^%/m.exec(text);
  if (directive !== null)
    return broken({ ...placeIn(text, directive.index), message: 'directives ("%…") are not allowed' });
  const { document, errors, lines } = composeYaml(text);
  const at: At = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const wrong = errors.map(({ offset, code, message }) => ({ ...at(offset), message: inPlainWords(code, message) }));
  if (wrong.length > 0 || document === undefined) return broken(...wrong);
  const strange = findStrange(document, at);
  if (strange.length > 0) return broken(...strange.slice(0, MAX_PROBLEMS));
  return { kind: 'tree', value: document.toJS() as Json, locate: (path) => locate(document, path, at) };
}

/**
 * What ends a line for some readers and not for others, moves the cursor, turns the direction or is not seen, in
 * comments too: what people read must be what is loaded. A byte order mark may stand at the very start.
 */
const HIDDEN = /(?!^\uFEFF|[\n\t]|\r\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

function findHidden(text: string): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  for (const { 0: character, index } of text.matchAll(HIDDEN)) {
    const message = `the hidden character ${visibleLine(character)} is not allowed; in double quotes write it as an escape`;
    problems.push({ ...placeIn(text, index), message });
    if (problems.length === MAX_PROBLEMS) break;
  }
  return problems;
}

function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function broken(...problems: readonly PolicyProblem[]): YamlSource {
  return { kind: 'broken', problems };
}

function inPlainWords(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'only one document may stand in the file';
  if (code === 'TOO_DEEP') return TOO_DEEP;
  if (message.startsWith('Alias cannot be an empty')) return UNQUOTED_STAR;
  return (message.split('\n')[0] ?? 'this is not YAML').replace(/ at line \d+, column \d+:$/, '');
}

const TOO_DEEP = `the file is nested more than ${MAX_DEPTH} levels deep`;

function findStrange(document: Document, at: At): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const tell = (node: Node | undefined | null, words: ProblemWords): void => {
    problems.push({ ...at(node?.range?.[0] ?? 0), ...words });
  };
  const add = (node: Node | undefined | null, message: string): void => tell(node, { message });
  const anchors = anchorsOf(document);
  visit(document, {
    Node: (_, node, path) => {
      // The path holds a pair and a map for each level of maps.
      if (path.length > 2 * MAX_DEPTH) {
        add(node, TOO_DEEP);
        return visit.BREAK;
      }
      if (node instanceof Alias) tell(node, aliasWords(node.source, anchors));
      else if (node.anchor !== undefined) tell(node, ANCHOR_WORDS);
      else if (node.tag !== undefined) add(node, `the tag "${node.tag}" is not allowed`);
      if (isMap(node)) complainOfKeys(node, add);
      return undefined;
    },
  });
  return problems;
}

function anchorsOf(document: Document): ReadonlySet<string> {
  const anchors = new Set<string>();
  visit(document, {
    Node: (_, node) => {
      if (!(node instanceof Alias) && node.anchor !== undefined) anchors.add(node.anchor);
    },
  });
  return anchors;
}

function complainOfKeys(map: YAMLMap, add: (node: Node | undefined, message: string) => void): void {
  const seen = new Set<string>();
  for (const { key } of map.items as readonly Pair[]) {
    const node = isNode(key) ? key : undefined;
    if (!isScalar(key) || typeof key.value !== 'string') add(node ?? map, 'keys must be plain words');
    else if (FORBIDDEN_KEYS.has(key.value)) add(node, `the key "${key.value}" is not allowed`);
    else if (seen.has(key.value)) add(node, `the key "${key.value}" is there twice`);
    else seen.add(key.value);
  }
}

/** Where the nearest existing node of `path` begins; for a key of a map, where the key stands. */
function locate(document: Document, path: Path, at: At): Place {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset !== undefined) return at(offset);
  }
  return { line: 1, column: 1 };
}

function offsetOf(document: Document, path: Path): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}
