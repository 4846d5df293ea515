/** The tools that a rule, a limit or a test of the file names. */
import type { Complain } from './matchers/matcher.ts';
import { didYouMean } from './problem.ts';
import type { ToolShape } from './tool-shape.ts';
import type { Path } from './yaml-source.ts';

const NO_TOOL = 'there is no tool ';

/** Whether it may be one that whoever read the policy did not know of. */
export function isOfUnknownTool({ message }: { readonly message: string }): boolean {
  return message.startsWith(NO_TOOL);
}

/** The tool of this name; complains where there is none. */
export function toolNamed(
  name: string,
  path: Path,
  tools: readonly ToolShape[],
  complain: Complain,
): ToolShape | undefined {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool !== undefined) return tool;
  const known = tools.map((candidate) => candidate.name);
  complain(path, `${NO_TOOL}"${name}"`, didYouMean(name, known) ?? `known: ${known.join(', ')}`);
  return undefined;
}

/** Those of `names`, one or a list, that there are. */
export function toolsNamed(
  names: string | readonly string[],
  path: Path,
  tools: readonly ToolShape[],
  complain: Complain,
): readonly ToolShape[] {
  return (typeof names === 'string' ? [names] : names).flatMap((name) => toolNamed(name, path, tools, complain) ?? []);
}
