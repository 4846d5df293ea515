/**
 * A policy document as YAML: the same document, the same text. Every text is written on one line and quoted unless no
 * reader of any YAML version could take it for something else, and what nobody sees (controls, format characters, blanks
 * but the plain one) is escaped: the person who reviews the file reads what will be loaded.
 */
import { Document, isCollection, isMap, isNode, isPair, isScalar, isSeq, visit } from 'yaml';
import type { Node, ScalarTag } from 'yaml';
import type { Json, JsonObject } from '../domain/json.ts';
import { isRecord } from '../domain/json.ts';
import { replaceHidden } from '../domain/visible-text.ts';
import type { PolicyDocument } from './policy-schema.ts';

export function policyYaml(document: PolicyDocument): string {
  // Anchors would be refused when the file is read: what stands twice is written twice.
  const yaml = new Document(document, {
    aliasDuplicateObjects: false,
    customTags: (tags) => [TEXT, ...tags.filter((tag) => typeof tag === 'string' || tag.tag !== TEXT.tag)],
  });
  visit(yaml, {
    Collection: (_, node, { length }) => {
      node.flow = length > 1 && !(length === 3 && hasMap(node)) && !isEntry(node) && !hasEntry(node) && isShort(node);
      if (length <= 3) setApart(node, length);
    },
  });
  return yaml.toString({ lineWidth: 0 });
}

const TEXT: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: (value) => typeof value === 'string',
  resolve: (text) => text,
  stringify: ({ value }) => quoted(String(value)),
};

/** Begins with a letter or "/" and has no character that means something in YAML. */
const PLAIN = /^[a-z/](?:[\w./@+ ()-]*[\w./@+()-])?$/i;
/** Read as something else by YAML 1.2 or 1.1. */
const WORDS = /^(?:y|yes|n|no|on|off|true|false|null|e[-+]?[\d_]+)$/i;
const DURATION_OR_AMOUNT = /^\d+(?:[smhd]|(?:\.\d+)? [A-Z]{3})$/;

function quoted(text: string): string {
  if (DURATION_OR_AMOUNT.test(text) || (PLAIN.test(text) && !WORDS.test(text))) return text;
  const unseen = replaceHidden(text, () => '') !== text;
  return unseen ? escaped(text) : `'${text.replaceAll("'", "''")}'`;
}

/** Any value on one line, as a person would write it in the file. */
export function inlineYaml(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(inlineYaml).join(', ')}]`;
  if (isRecord(value)) {
    const entries = Object.entries(value as JsonObject).map(([key, inner]) => `${quoted(key)}: ${inlineYaml(inner)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}

/** In double quotes, where the escapes of JSON are those of YAML too. */
function escaped(text: string): string {
  return replaceHidden(JSON.stringify(text), (found) => {
    const code = (found.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}

/** What is short stands in braces or brackets on one line. */
function isShort(node: Node): boolean {
  return JSON.stringify(node).length <= 90;
}

/** A rule, a sum, a test: each has its own lines, however short. */
function isEntry(node: unknown): boolean {
  return isMap(node) && (node.has('id') || node.has('name'));
}

function hasEntry(node: unknown): boolean {
  return isSeq(node) && node.items.some(isEntry);
}

function hasMap(node: unknown): boolean {
  if (isSeq(node)) return node.items.some(isMap);
  return isMap(node) && node.items.some(({ value }) => isMap(value) || hasMap(value));
}

/** An empty line before each section, and between the entries of one. */
function setApart(node: Node, length: number): void {
  if (!isCollection(node) || (length > 1 && !hasEntry(node))) return;
  for (const item of node.items.slice(1)) {
    const first = isPair(item) ? item.key : item;
    if (isNode(first) && !(isScalar(first) && PLAIN_SECTIONS.has(String(first.value)))) first.spaceBefore = true;
  }
}

/** Single lines that stand together. */
const PLAIN_SECTIONS: ReadonlySet<string> = new Set(['version', 'defaultProfile']);
