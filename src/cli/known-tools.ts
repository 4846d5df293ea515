/** The tools of a deployment: those of countersign, and those that a file declares. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError } from '../client/client-error.ts';
import { brokenInWords, loadTools } from '../declared/load-tools.ts';
import type { ToolsReading } from '../declared/load-tools.ts';
import type { Tool } from '../tools/define-tool.ts';
import { tools as builtIn } from '../tools/index.ts';
import type { GlobalOptions } from './surroundings.ts';
import { readText, stateDirectory } from './surroundings.ts';

/** `--tools`, else COUNTERSIGN_TOOLS, else `tools.yaml` of the state folder where there is one. */
export function toolsFileOf(options: GlobalOptions): string | undefined {
  const named = options.tools ?? process.env['COUNTERSIGN_TOOLS'] ?? '';
  if (named !== '') return named;
  const own = join(stateDirectory(options), 'tools.yaml');
  return existsSync(own) ? own : undefined;
}

/** Refused, with every problem, when the file is broken: what it says of no tool would be taken for all there are. */
export function knownTools(options: GlobalOptions): readonly Tool[] {
  return toolsWith(toolsFileOf(options));
}

export function toolsWith(file: string | undefined): readonly Tool[] {
  if (file === undefined) return builtIn;
  const reading = readToolsFile(file);
  if (reading.kind === 'loaded') return [...builtIn, ...reading.tools];
  throw new ClientError('refused', brokenInWords(file, reading.problems));
}

export function readToolsFile(file: string): ToolsReading {
  return readTools(readText(file, 'the file of declared tools'));
}

export function readTools(text: string): ToolsReading {
  return loadTools(
    text,
    builtIn.map(({ name }) => name),
  );
}
