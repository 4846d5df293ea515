/** Every tool of a deployment: built in, declared in a file, and of packages that depend on this one. */
import { brokenInWords, loadTools } from '../declared/load-tools.ts';
import { MAX_FILE_LENGTH } from '../policy/yaml-source.ts';
import { readSmallFileSync } from '../server/read-small-file.ts';
import type { Tool } from '../tools/define-tool.ts';
import { tools as builtIn } from '../tools/index.ts';

/** Throws in words: two tools of one name, a file that cannot be read or is broken. `file`: none where empty. */
export function deploymentTools(file: string | undefined, own: readonly Tool[]): readonly Tool[] {
  const coded = [...builtIn, ...own];
  const names = coded.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Error(`Two tools are named "${twice}": give yours a name that no other tool has, built-in or own.`);
  return file === undefined || file === '' ? coded : [...coded, ...declaredTools(file, names)];
}

function declaredTools(file: string, taken: readonly string[]): readonly Tool[] {
  const read = readSmallFileSync(file, MAX_FILE_LENGTH);
  if (read.kind !== 'text') throw new Error(`The file of declared tools ${file} ${read.why}.`);
  const reading = loadTools(read.text, taken);
  if (reading.kind === 'loaded') return reading.tools;
  throw new Error(brokenInWords(file, reading.problems));
}
