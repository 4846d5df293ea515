import type { Command } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import type { ToolsReading } from '../../declared/load-tools.ts';
import type { JsonObject } from '../../domain/json.ts';
import { describeProblem } from '../../policy/problem.ts';
import type { Tool } from '../../tools/define-tool.ts';
import { tools as builtIn } from '../../tools/index.ts';
import { knownTools, readToolsFile, toolsFileOf } from '../known-tools.ts';
import { knownTool } from '../policy/policy-file.ts';
import { isPrivateOrigin } from '../private-origin.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { cell, complain, line, print, printJson, table } from '../terminal.ts';

export function addTools(program: Command, done: (code: number) => void): void {
  const tools = program
    .command('tools')
    .description('the tools of this deployment, and whether a file of them is good')
    .addHelpText('after', '\nExamples:\n  countersign tools check tools.yaml\n  countersign tools list');
  tools
    .command('check')
    .argument('[file]', 'file of declared tools (else that of this deployment)')
    .description('is the file good? every problem with its line, column and a suggestion')
    .addHelpText('after', '\nExample:\n  countersign tools check tools.yaml')
    .action((file: string | undefined, _own: unknown, command: Command) =>
      done(check(file, command.optsWithGlobals<GlobalOptions>())),
    );
  tools
    .command('list')
    .description('every tool, with the permission it needs')
    .addHelpText('after', '\nExample:\n  countersign tools list --tools tools.yaml')
    .action((_own: unknown, command: Command) => done(list(command.optsWithGlobals<GlobalOptions>())));
  tools
    .command('show')
    .argument('<name>', 'name of a tool')
    .description('its arguments, as rules and the model know them')
    .addHelpText('after', '\nExample:\n  countersign tools show http_request')
    .action((name: string, _own: unknown, command: Command) =>
      done(show(name, command.optsWithGlobals<GlobalOptions>())),
    );
}

function check(named: string | undefined, options: GlobalOptions): number {
  const file = named ?? toolsFileOf(options);
  if (file === undefined)
    throw new ClientError('usage', 'No tools are declared here: name the file, or set COUNTERSIGN_TOOLS.');
  const reading = readToolsFile(file);
  const isGood = reading.kind === 'loaded';
  if (options.json === true)
    printJson({
      good: isGood,
      problems: isGood ? [] : reading.problems,
      tools: isGood ? reading.tools.map(brief) : [],
    });
  else tellReading(file, reading);
  return isGood ? 0 : 1;
}

function tellReading(file: string, reading: ToolsReading): void {
  if (reading.kind === 'broken') {
    for (const problem of reading.problems) complain(`${line(file)}: ${line(describeProblem(problem))}`);
    if (reading.unchecked.length > 0)
      complain(`Once this is mended there are further checks: ${reading.unchecked.join(', ')}.`);
    return;
  }
  const { tools, origins } = reading;
  const names = tools.length === 0 ? '' : `: ${tools.map(({ name }) => name).join(', ')}`;
  print(`${line(file)} is good: ${tools.length} ${tools.length === 1 ? 'tool' : 'tools'}${names}.`);
  advisePrivate(origins);
}

/** A name may lie there too; what is written as such surely does. */
function advisePrivate(origins: readonly string[]): void {
  const opened = process.env['COUNTERSIGN_PRIVATE_ORIGINS'] ?? '';
  const closed = origins.filter(
    (origin) => isPrivateOrigin(origin) && !opened.split(',').some((one) => one.trim() === origin),
  );
  if (closed.length === 0) return;
  print(`advice: ${line(closed.join(', '))}: a private address is called only where the worker has`);
  print(`  COUNTERSIGN_PRIVATE_ORIGINS=${line(closed.join(','))}`);
}

function list(options: GlobalOptions): number {
  const tools = knownTools(options);
  if (options.json === true) {
    printJson(tools.map(brief));
    return 0;
  }
  const rows = tools.map((tool) => [tool.name, tool.permission, originOf(tool), cell(tool.description, 70)]);
  print(table([['TOOL', 'PERMISSION', 'FROM', 'DOES'], ...rows]));
  return 0;
}

function show(name: string, options: GlobalOptions): number {
  const tool = knownTool(name, knownTools(options));
  if (options.json === true) {
    printJson({ ...brief(tool), timeoutMs: tool.timeoutMs, onlyReads: tool.onlyReads, inputSchema: tool.inputSchema });
    return 0;
  }
  const labels = tool.labels.length === 0 ? 'none' : tool.labels.join(', ');
  const args = Object.entries(tool.arguments).map(([argument, { kind, list: many, optional, free, schema }]) => [
    argument,
    `${kind}${many ? ' list' : ''}`,
    [optional ? 'optional' : '', free ? 'free' : ''].filter((word) => word !== '').join(', '),
    cell(schema.description ?? '', 70),
  ]);
  print(
    [
      `${tool.name} (${originOf(tool)}): ${line(tool.description)}`,
      `permission: ${tool.permission}; results are marked: ${labels}; ${tool.onlyReads ? 'only reads' : 'acts'}`,
      args.length === 0 ? 'no arguments' : table([['ARGUMENT', 'KIND', '', 'IS'], ...args]),
    ].join('\n'),
  );
  return 0;
}

function brief({ name, description, permission, role, labels, ...rest }: Tool): JsonObject {
  return { name, description, permission, role, labels: [...labels], from: originOf({ name, ...rest }) };
}

function originOf({ name }: Pick<Tool, 'name'>): string {
  return builtIn.some((tool) => tool.name === name) ? 'countersign' : 'declared';
}
