import type { Command } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { DecisionDiff } from '../../policy/diff/decisions.ts';
import { decisionChanges } from '../../policy/diff/decisions.ts';
import type { StructuralChange } from '../../policy/diff/structure.ts';
import { structuralChanges } from '../../policy/diff/structure.ts';
import type { Policy } from '../../policy/policy.ts';
import { tools } from '../../tools/index.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { line, print, printJson } from '../terminal.ts';
import { describeDecisions, describeStructure } from './describe-diff.ts';
import type { PolicyFile } from './policy-file.ts';
import { readPolicyFile, readUntestedFile } from './policy-file.ts';
import { readCall } from './read-call.ts';
import { linesOf } from './read-lines.ts';

interface DiffOptions extends GlobalOptions {
  readonly profile?: string;
  readonly calls?: string;
}

export interface PolicyDiff {
  readonly structure: readonly StructuralChange[];
  readonly decisions: DecisionDiff;
}

export function addDiff(policy: Command, done: (code: number) => void): void {
  policy
    .command('diff')
    .argument('<old>', 'policy file')
    .argument('<new>', 'policy file')
    .option('--profile <name>', 'decide for this profile only (else for all that both files have)')
    .option('--calls <file>', 'calls to decide besides the samples: {"tool","input"} a line; - for standard input')
    .description('what changes from one policy to the other: its parts, and for which calls decisions change')
    .addHelpText('after', HELP)
    .action(async (old: string, next: string, _own: unknown, command: Command) => {
      done(await diff(old, next, command.optsWithGlobals<DiffOptions>()));
    });
}

async function diff(oldFile: string, nextFile: string, options: DiffOptions): Promise<number> {
  const [old, next] = [readPolicyFile(oldFile), readUntestedFile(nextFile)];
  const profiles = options.profile === undefined ? undefined : [profileOfOne(old, next, options.profile)];
  const found = comparePolicies(old.policy, next.policy, profiles, await callsOf(options.calls));
  if (options.json === true) printJson({ old: shaOf(old), new: shaOf(next), ...found });
  else print(describeDiff(found));
  return changesAnything(found) ? 1 : 0;
}

function shaOf({ file, policySha }: PolicyFile): JsonObject {
  return { file, policySha };
}

/** Without `profiles` for all that both policies have: what one of them lacks stands among the parts. */
export function comparePolicies(
  old: Policy,
  next: Policy,
  profiles: readonly string[] = [...old.profiles.keys()].filter((name) => next.profiles.has(name)),
  calls: ReadonlyMap<string, readonly JsonObject[]> = new Map(),
): PolicyDiff {
  return {
    structure: structuralChanges(old, next),
    decisions: decisionChanges({ old, next, tools, profiles, calls }),
  };
}

/** True also where no sample is decided differently but a part that decides is not the same. */
export function changesAnything({ structure, decisions }: PolicyDiff): boolean {
  return decisions.changes.length > 0 || structure.some(({ decides }) => decides);
}

export function describeDiff(found: PolicyDiff): string {
  return [...describeStructure(found.structure), ...describeDecisions(found.decisions)].join('\n');
}

function profileOfOne(old: PolicyFile, next: PolicyFile, profile: string): string {
  if (old.policy.profiles.has(profile) || next.policy.profiles.has(profile)) return profile;
  const known = [...new Set([...old.policy.profiles.keys(), ...next.policy.profiles.keys()])].join(', ');
  throw new ClientError('notFound', `Neither file has a profile "${line(profile)}"; known: ${known}.`);
}

/** Canonical arguments by tool. A line that cannot be read is refused: it would be denied by both, and hide a slip. */
async function callsOf(file: string | undefined): Promise<ReadonlyMap<string, readonly JsonObject[]>> {
  const calls = new Map<string, JsonObject[]>();
  if (file === undefined) return calls;
  let number = 0;
  for await (const lines of linesOf(file)) {
    for (const text of lines) {
      number += 1;
      const call = readCall(text);
      if (call.kind === 'unreadable') throw new ClientError('usage', `${file}, line ${number}: ${line(call.why)}`);
      const { tool, parsed } = call;
      if (parsed.kind === 'parsed') calls.set(tool.name, [...(calls.get(tool.name) ?? []), parsed.args]);
    }
  }
  return calls;
}

const HELP = `
Example:
  countersign policy diff policy.yaml policy-new.yaml

Exit code 0 if nothing that decides changes, 1 if something does. Decisions are compared for sample calls made from
what both files speak of (their matchers, examples and tests), in a session that has done nothing yet: samples, not a
proof. "countersign policy backtest" decides again what your sessions really did.`;
