/** The example of the repository: its policy, and all tools that it speaks of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTools } from '../../src/declared/load-tools.ts';
import { describeProblem } from '../../src/policy/problem.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import { tools } from '../../src/tools/index.ts';

const EXAMPLE = join(__dirname, '../../examples/personal-assistant');

export const EXAMPLE_TOOLS_FILE = join(EXAMPLE, 'tools.yaml');
export const examplePolicy = (): string => readFileSync(join(EXAMPLE, 'policy.yaml'), 'utf8');

/** The declared ones, of the demo shop at its own address or another. */
export function exampleTools(url = 'http://127.0.0.1:4010/'): readonly Tool[] {
  const text = readFileSync(EXAMPLE_TOOLS_FILE, 'utf8').replaceAll('http://127.0.0.1:4010/', url);
  const reading = loadTools(
    text,
    tools.map(({ name }) => name),
  );
  if (reading.kind === 'broken') throw new Error(reading.problems.map(describeProblem).join('\n'));
  return reading.tools;
}
