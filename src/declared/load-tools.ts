/**
 * From the text of a file of declared tools to tools, or to everything that is wrong with it. A file that has one
 * problem gives no tool at all.
 */
import type { Tool } from '../tools/define-tool.ts';
import { visibleLine } from '../domain/visible-text.ts';
import type { PolicyProblem } from '../policy/problem.ts';
import { describeProblem } from '../policy/problem.ts';
import { collectProblems, complainOfIssues } from '../policy/schema-issues.ts';
import { readYaml } from '../policy/yaml-source.ts';
import { compileTool } from './compile-tool.ts';
import type { DeclaredTool } from './declared-tool.ts';
import { readDeclaration } from './declared-tool.ts';
import { FILE_WORDS } from './file-words.ts';
import { ToolsFile } from './tools-schema.ts';

export type ToolsReading =
  | {
      readonly kind: 'loaded';
      readonly tools: readonly Tool[];
      /** That they call, `https://shop.example`. */
      readonly origins: readonly string[];
    }
  | {
      readonly kind: 'broken';
      readonly problems: readonly PolicyProblem[];
      /** What is only looked at once these problems are mended. */
      readonly unchecked: readonly string[];
    };

const KEYS = 'the keys of the file';
const TEMPLATES = 'what the tools say';

/** `taken`: names that other tools have. Total. */
export function loadTools(text: string, taken: readonly string[] = []): ToolsReading {
  const source = readYaml(text);
  if (source.kind === 'broken') return broken(source.problems, [KEYS, TEMPLATES]);
  const { problems, complain } = collectProblems(source);
  const parsed = ToolsFile.safeParse(source.value, { reportInput: true });
  if (!parsed.success) {
    complainOfIssues(parsed.error.issues, FILE_WORDS, complain);
    return broken(problems, [TEMPLATES]);
  }
  const names = new Set(taken);
  const declared = parsed.data.tools.map((declaration, index) => {
    const tool = readDeclaration(declaration, ['tools', index], names, complain);
    names.add(declaration.name);
    return tool;
  });
  if (problems.length > 0) return broken(problems, []);
  return { kind: 'loaded', tools: declared.map(compileTool), origins: originsOf(declared) };
}

function originsOf(declared: readonly DeclaredTool[]): readonly string[] {
  const urls = declared.flatMap(({ lookUp, request }) => [...(lookUp === undefined ? [] : [lookUp.url]), request.url]);
  return [...new Set(urls.map(({ origin }) => new URL(origin).origin))];
}

/** For whoever named `file`: every problem on a line; of foreign text nothing deceives. */
export function brokenInWords(file: string, problems: readonly PolicyProblem[]): string {
  const lines = problems.map((problem) => `  ${visibleLine(describeProblem(problem))}`);
  return [`The file of declared tools ${visibleLine(file)} is broken:`, ...lines].join('\n');
}

/** In the order of the file. */
function broken(problems: readonly PolicyProblem[], unchecked: readonly string[]): ToolsReading {
  return { kind: 'broken', unchecked, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}
