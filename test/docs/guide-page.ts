/** A page of the policy guide, cut into what can be tested. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const GUIDE = join(__dirname, '..', '..', 'docs', 'policy');

/** A fenced block, and where its lines stand in the page. */
export interface Block {
  /** Of its first line, from 1. */
  readonly line: number;
  readonly kind:
    'policy' | 'refused' | 'problems' | 'approvers' | 'calls' | 'console' | 'code' | 'compiling' | 'unknown';
  /** With the tools that spend, which no deployment has yet. */
  readonly buy: boolean;
  readonly file: string | null;
  readonly info: string;
  readonly text: string;
}

export interface Page {
  readonly name: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

export function readPages(): readonly Page[] {
  return readdirSync(GUIDE)
    .filter((name) => name.endsWith('.md'))
    .map((name) => {
      const text = readFileSync(join(GUIDE, name), 'utf8');
      return { name, text, blocks: blocksOf(text) };
    });
}

const FENCE = /^\s*(?:```|~~~)/;

/** A fence that is indented or of "~" is `unknown`, and fails. */
function blocksOf(text: string): readonly Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const opening = lines[at] ?? '';
    if (!FENCE.test(opening)) continue;
    const end = lines.findIndex((line, index) => index > at && FENCE.test(line));
    const body = lines.slice(at + 1, end === -1 ? undefined : end);
    blocks.push(blockOf(opening, body.map((line) => `${line}\n`).join(''), at + 2));
    at = end === -1 ? lines.length : end;
  }
  return blocks;
}

const KINDS: readonly (readonly [RegExp, Block['kind']])[] = [
  [/^yaml( buy)?( file=[\w.-]+)?$/, 'policy'],
  [/^yaml( buy)? refused( file=[\w.-]+)?$/, 'refused'],
  [/^text$/, 'problems'],
  [/^yaml approvers file=[\w.-]+$/, 'approvers'],
  [/^jsonl file=[\w.-]+$/, 'calls'],
  [/^console$/, 'console'],
  [/^ts file=[\w.-]+$/, 'code'],
  [/^json file=tsconfig[\w.-]+$/, 'compiling'],
  [/^sh$/, 'compiling'],
];

function blockOf(opening: string, text: string, line: number): Block {
  const info = /^```(?<info>[^`]+)$/.exec(opening)?.groups?.['info'] ?? '';
  return {
    line,
    kind: KINDS.find(([form]) => form.test(info))?.[1] ?? 'unknown',
    buy: / buy\b/.test(info),
    file: / file=(?<name>\S+)/.exec(info)?.groups?.['name'] ?? null,
    info,
    text,
  };
}

export interface ShownCommand {
  /** Of the words after `$ countersign`; null for `$ echo $?`. */
  readonly argv: readonly string[] | null;
  readonly shown: string;
  readonly output: string;
}

/** The commands of a console block, each with the output shown. A line that ends in "\" goes on in the next. */
export function commandsOf({ text }: Block): readonly ShownCommand[] {
  return text.split(/^(?=\$ )/m).map((part) => {
    const command = /^\$ (?:.*\\\n)*.*\n/.exec(part)?.[0] ?? '';
    return { argv: argvOf(command), shown: command, output: part.slice(command.length) };
  });
}

/** As a shell would cut it: words, single quotes, double quotes. */
function argvOf(command: string): readonly string[] | null {
  if (command === '$ echo $?\n') return null;
  const words = [
    ...command
      .slice(2)
      .replaceAll('\\\n', ' ')
      .matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g),
  ].map(([word]) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single: string, double: string) => single ?? double));
  if (words[0] !== 'countersign') throw new Error(`not a command of ours: ${command}`);
  return words.slice(1);
}

/** Targets of the links of a page, without those that lead to the web. */
export function linksOf({ text }: Page): readonly string[] {
  return [...text.matchAll(/\]\((?!https?:)(?<target>[^)\s]+)\)/g)].map(({ groups }) => groups?.['target'] ?? '');
}

/** The anchors that GitHub makes of the headings of a page. */
export function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (?<title>.+)$/gm)].map(({ groups }) =>
    (groups?.['title'] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
