import type { Command } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import type { JsonObject } from '../../domain/json.ts';
import { knownTools } from '../known-tools.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { line, print, printJson } from '../terminal.ts';
import { changesAnything, comparePolicies } from './compare-policies.ts';
import { describeDiff } from './describe-diff.ts';
import type { PolicyFile } from './policy-file.ts';
import { readPolicyFile, readUntestedFile } from './policy-file.ts';
import type { ToolsByName } from './read-call.ts';
import { readCall, toolsByName } from './read-call.ts';
import { linesOf } from './read-lines.ts';

interface DiffOptions extends GlobalOptions {
  readonly profile?: string;
  readonly calls?: string;
}

export function addDiff(policy: Command, done: (code: number) => void): void {
  policy
    .command('diff')
    .argument('<old>', 'policy file')
    .argument('<new>', 'policy file')
    .option(
      '--profile <name>',
      'decide for this profile only (else for all that both files have, and new ones that can start)',
    )
    .option('--calls <file>', 'calls to decide besides the samples: {"tool","input"} a line; - for standard input')
    .description('what changes from one policy to the other: its parts, and for which calls decisions change')
    .addHelpText('after', HELP)
    .action(async (old: string, next: string, _own: unknown, command: Command) => {
      done(await diff(old, next, command.optsWithGlobals<DiffOptions>()));
    });
}

async function diff(oldFile: string, nextFile: string, options: DiffOptions): Promise<number> {
  const tools = knownTools(options);
  const [old, next] = [readPolicyFile(oldFile, tools), readUntestedFile(nextFile, tools)];
  const profiles = options.profile === undefined ? undefined : [profileOfOne(old, next, options.profile)];
  const { calls, refused } = await callsOf(options.calls, toolsByName(tools));
  const found = comparePolicies(old.policy, next.policy, tools, profiles, calls);
  if (options.json === true) printJson({ old: shaOf(old), new: shaOf(next), ...found, callsRefused: refused });
  else print([...hashes(old, next), describeDiff(found), ...refusedInWords(refused)].join('\n'));
  return changesAnything(found) ? 1 : 0;
}

function shaOf({ file, policySha }: PolicyFile): JsonObject {
  return { file, policySha };
}

function hashes(old: PolicyFile, next: PolicyFile): readonly string[] {
  return [`old  ${line(old.file)}  SHA-256 ${old.policySha}`, `new  ${line(next.file)}  SHA-256 ${next.policySha}`];
}

function refusedInWords(count: number): readonly string[] {
  const [calls, their] = count === 1 ? ['call', 'its'] : ['calls', 'their'];
  return count === 0
    ? []
    : [
        `${count} ${calls} of --calls ${count === 1 ? 'was' : 'were'} not tried: the tool refuses ${their} arguments, under any policy.`,
      ];
}

function profileOfOne(old: PolicyFile, next: PolicyFile, profile: string): string {
  if (old.policy.profiles.has(profile) || next.policy.profiles.has(profile)) return profile;
  const known = [...new Set([...old.policy.profiles.keys(), ...next.policy.profiles.keys()])].join(', ');
  throw new ClientError('notFound', `Neither file has a profile "${line(profile)}"; known: ${known}.`);
}

interface GivenCalls {
  /** Canonical arguments by tool. */
  readonly calls: ReadonlyMap<string, readonly JsonObject[]>;
  /** How many the tools refuse. */
  readonly refused: number;
}

/** A line that cannot be read is refused: it would be denied by both, and hide a slip. */
async function callsOf(file: string | undefined, tools: ToolsByName): Promise<GivenCalls> {
  const calls = new Map<string, JsonObject[]>();
  if (file === undefined) return { calls, refused: 0 };
  let number = 0;
  let refused = 0;
  for await (const lines of linesOf(file)) {
    for (const text of lines) {
      number += 1;
      const call = readCall(text, tools);
      if (call.kind === 'unreadable')
        throw new ClientError('usage', `${line(file)}, line ${number}: ${line(call.why)}`);
      const { tool, parsed } = call;
      if (parsed.kind === 'parsed') add(calls, tool.name, parsed.args);
      else refused += 1;
    }
  }
  return { calls, refused };
}

function add(calls: Map<string, JsonObject[]>, tool: string, args: JsonObject): void {
  const known = calls.get(tool);
  if (known === undefined) calls.set(tool, [args]);
  else known.push(args);
}

const HELP = `
Example:
  countersign policy diff policy.yaml policy-new.yaml

LOOSER: something is let through that was not, with less asking, by other people, or for longer; or less is proven when
the file is loaded. Exit code 0 if nothing that decides changes, 1 if something does. Decisions are compared for sample
calls made from what both files speak of (their matchers, examples and tests), and for all of --calls whose arguments the
tool takes, for each profile (whatever a line says), with and without what flows wait for, each as the first of its session: samples, not a proof; limits are
compared as parts. "countersign policy backtest" decides again what your sessions really did.`;
