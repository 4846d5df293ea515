/** The files of an instance: the example’s policy, tools and workspace on first use, the demo’s laid out anew each time. */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClientError } from '../client/client-error.ts';
import { parsePolicy } from '../policy/load-policy.ts';
import { policyOfTools } from '../policy/policy-of-tools.ts';
import { tools as builtIn } from '../tools/index.ts';
import { toolsWith } from './known-tools.ts';
import { line } from './terminal.ts';

export interface InstanceFiles {
  readonly policyFile: string;
  readonly workspace: string;
  /** Undefined: no tools are declared. */
  readonly toolsFile: string | undefined;
}

/** Refused when a file or folder that the environment names is not there: a slip must not put an example’s law in force. */
export function layOutFiles(
  home: string,
  demo: boolean,
  env: Readonly<Record<string, string | undefined>>,
): InstanceFiles {
  const example = fileURLToPath(new URL('../../examples/personal-assistant', import.meta.url));
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const own = { policyFile: join(home, 'policy.yaml'), workspace: join(home, 'workspace') };
  if (demo) {
    cpSync(join(example, 'policy.yaml'), own.policyFile);
    cpSync(join(example, 'workspace'), own.workspace, { recursive: true });
    cpSync(join(example, 'tools.yaml'), join(home, 'tools.yaml'));
    // The demo's checks look at what it bought and changed: it begins with a new shop.
    rmSync(join(home, 'shop'), { recursive: true, force: true });
    return { ...own, toolsFile: join(home, 'tools.yaml') };
  }
  // First, so that an interrupted start does it again: the example's rules may speak of the example's tools.
  const toolsFile = named(env, 'COUNTERSIGN_TOOLS') ?? ownTools(home, env, join(example, 'tools.yaml'));
  return {
    toolsFile,
    policyFile:
      named(env, 'COUNTERSIGN_POLICY') ?? fittingPolicy(join(example, 'policy.yaml'), own.policyFile, toolsFile),
    workspace: named(env, 'COUNTERSIGN_WORKSPACE') ?? copied(join(example, 'workspace'), own.workspace),
  };
}

/** The example's are laid out with the example's policy, never beside a person's own. */
function ownTools(
  home: string,
  env: Readonly<Record<string, string | undefined>>,
  example: string,
): string | undefined {
  const tools = join(home, 'tools.yaml');
  if (existsSync(tools)) return tools;
  const isFirst = (env['COUNTERSIGN_POLICY'] ?? '') === '' && !existsSync(join(home, 'policy.yaml'));
  return isFirst ? copied(example, tools) : undefined;
}

/** The example's rules about tools that are not there would deny everything. */
function fittingPolicy(example: string, to: string, toolsFile: string | undefined): string {
  if (existsSync(to)) return to;
  const text = readFileSync(example, 'utf8');
  const fits = parsePolicy(text, toolsWith(toolsFile)).kind === 'policy';
  const names = builtIn.map(({ name }) => name);
  const aside = `${to}.part`;
  writeFileSync(aside, fits ? text : policyOfTools(text, names));
  renameSync(aside, to);
  return to;
}

function named(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const path = env[name] ?? '';
  if (path === '') return undefined;
  if (!existsSync(path)) throw new ClientError('notFound', `${name} names ${line(path)}, which is not there.`);
  return path;
}

/** Whole or not at all: an interrupted start must not leave half a workspace that the next one takes for the person’s. */
function copied(from: string, to: string): string {
  if (existsSync(to)) return to;
  const aside = `${to}.part`;
  rmSync(aside, { recursive: true, force: true });
  cpSync(from, aside, { recursive: true });
  renameSync(aside, to);
  return to;
}
