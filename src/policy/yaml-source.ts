/**
 * YAML as a plain tree of JSON, with positions. Of YAML only what people write in such files is taken: aliases, anchors,
 * tags, merge keys, several documents, duplicate keys, keys that are no strings and prototype names are refused.
 */
import { Alias, LineCounter, isMap, isNode, isScalar, parseDocument, visit } from 'yaml';
import type { Document, Node } from 'yaml';
import type { Json } from '../domain/json.ts';
import type { PolicyProblem } from './problem.ts';

export type Path = readonly (string | number)[];

export type YamlSource =
  | { readonly kind: 'tree'; readonly value: Json; readonly locate: (path: Path) => Place }
  | { readonly kind: 'broken'; readonly problems: readonly PolicyProblem[] };

interface Place {
  readonly line: number;
  readonly column: number;
}

const MAX_LENGTH = 256 * 1024;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype', '<<']);

export function readYaml(text: string): YamlSource {
  if (text.length > MAX_LENGTH) return broken({ line: 1, column: 1, message: 'the file is larger than 256 KB' });
  const lines = new LineCounter();
  const document = parseDocument(text, { strict: true, uniqueKeys: true, lineCounter: lines, merge: false });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const wrong = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    ...at(pos[0]),
    message: message.split('\n')[0] ?? 'not YAML',
  }));
  if (wrong.length > 0) return broken(...wrong);
  const strange = findStrange(document, at);
  if (strange.length > 0) return broken(...strange);
  return { kind: 'tree', value: document.toJS() as Json, locate: (path) => locate(document, path, at) };
}

function broken(...problems: readonly PolicyProblem[]): YamlSource {
  return { kind: 'broken', problems };
}

function findStrange(document: Document, at: (offset: number) => Place): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const add = (node: Node | undefined | null, message: string): void => {
    problems.push({ ...at(node?.range?.[0] ?? 0), message });
  };
  visit(document, {
    Node: (_, node) => {
      if (node instanceof Alias) add(node, 'aliases ("*name") are not allowed');
      else if (node.anchor !== undefined) add(node, 'anchors ("&name") are not allowed');
      else if (node.tag !== undefined && !isPlainTag(node.tag)) add(node, `the tag "${node.tag}" is not allowed`);
    },
    Pair: (_, pair) => {
      const key = isNode(pair.key) ? pair.key : undefined;
      if (!isScalar(key) || typeof key.value !== 'string') add(key, 'keys must be plain words');
      else if (FORBIDDEN_KEYS.has(key.value)) add(key, `the key "${key.value}" is not allowed`);
    },
  });
  return problems;
}

function isPlainTag(tag: string): boolean {
  return ['map', 'seq', 'str', 'int', 'float', 'bool', 'null'].some((name) => tag === `tag:yaml.org,2002:${name}`);
}

/** Where the nearest existing node of `path` begins; for a key of a map, where the key stands. */
function locate(document: Document, path: Path, at: (offset: number) => Place): Place {
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
