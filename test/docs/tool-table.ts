/** The tables of docs/policy/tools.md, made of the tools themselves. */
import { own, ownString } from '../../src/domain/json.ts';
import type { Tool } from '../../src/tools/define-tool.ts';

export function toolTables(tools: readonly Tool[]): string {
  const named = tools.map(({ name, permission, labels, description }) => [
    code(name),
    code(permission),
    labels.length === 0 ? '–' : labels.map(code).join(', '),
    description,
  ]);
  const given = tools.flatMap((tool) =>
    Object.entries(tool.arguments).map(([name, { kind, list, optional, free, default: unsaid }]) => [
      code(tool.name),
      code(name),
      `${code(kind)}${list ? ', a list' : ''}`,
      optional ? 'may be left out' : unsaid === null ? 'always given' : `left out means ${JSON.stringify(unsaid)}`,
      free ? 'free' : optional ? 'named, where given' : 'must be named',
      ownString(own(own(tool.inputSchema, 'properties'), name), 'description') ?? '',
    ]),
  );
  return [
    table(['tool', 'permission', 'results are marked', 'what the agent is told of it'], named),
    table(['tool', 'argument', 'kind', 'in a call', 'in a rule that opens', 'what the agent is told of it'], given),
  ].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** Padded as prettier pads it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('');
}
