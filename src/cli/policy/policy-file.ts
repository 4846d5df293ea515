/** What the subcommands of `policy` begin with: a file that is good, a tool and a profile that there are. */
import { ClientError } from '../../client/client-error.ts';
import type { JsonObject } from '../../domain/json.ts';
import { parsePolicy, parseUntested } from '../../policy/load-policy.ts';
import type { PolicyReading } from '../../policy/load-policy.ts';
import type { Policy } from '../../policy/policy.ts';
import { didYouMean } from '../../policy/problem.ts';
import { runTrials } from '../../policy/run-examples.ts';
import type { ToolShape } from '../../policy/tool-shape.ts';
import { sha256 } from '../../proof/digest.ts';
import type { Tool } from '../../tools/define-tool.ts';
import { readText } from '../surroundings.ts';
import { complain, line } from '../terminal.ts';

export interface PolicyFile {
  readonly file: string;
  readonly policy: Policy;
  /** SHA-256 of the text, hex: what stands in decisions. */
  readonly policySha: string;
  /** That the policy was read against. */
  readonly tools: readonly Tool[];
}

/** Refused when the file is broken, or its examples or tests fail (unless `parse` lets them). */
export function readPolicyFile(
  file: string,
  tools: readonly Tool[],
  parse: (text: string, tools: readonly ToolShape[]) => PolicyReading = parsePolicy,
): PolicyFile {
  const text = readText(file, 'the policy file');
  const reading = parse(text, tools);
  if (reading.kind === 'broken')
    throw new ClientError('refused', `${line(file)} is broken; run "countersign policy check ${line(file)}".`);
  return { file, policy: reading.policy, policySha: sha256(text), tools };
}

/** As readPolicyFile, but examples and tests may fail, so that one can find out why: then one line on stderr says so. */
export function readUntestedFile(file: string, tools: readonly Tool[]): PolicyFile {
  const read = readPolicyFile(file, tools, parseUntested);
  const failing = runTrials(read.policy, tools).filter(({ passed }) => !passed).length;
  if (failing > 0)
    complain(
      `${line(file)} does not load as it is: of its examples and tests ${failing} ${failing === 1 ? 'fails' : 'fail'}. See "countersign policy test ${line(file)}".`,
    );
  return read;
}

export function knownTool(name: string, tools: readonly Tool[]): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool !== undefined) return tool;
  const names = tools.map((candidate) => candidate.name);
  throw new ClientError('notFound', `There is no tool "${line(name)}"; ${suggest(name, names)}`);
}

/** The profile that is named, else the policy’s default. */
export function knownProfile({ policy, file }: PolicyFile, named: string | undefined): string {
  const profile = named ?? policy.defaultProfile;
  if (profile === null)
    throw new ClientError('usage', `${line(file)} has no defaultProfile: name a profile with --profile.`);
  if (policy.profiles.has(profile)) return profile;
  const names = [...policy.profiles.keys()];
  throw new ClientError('notFound', `${line(file)} has no profile "${line(profile)}"; ${suggest(profile, names)}`);
}

function suggest(name: string, names: readonly string[]): string {
  return didYouMean(name, names) ?? `known: ${names.join(', ')}.`;
}

/** The arguments that a person gave as JSON. */
export function inputOf(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ClientError('usage', '--input is not JSON; put it in single quotes: \'{"path":"notes/a.md"}\'');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ClientError('usage', '--input is a JSON object: {"argument": value}.');
  return value as JsonObject;
}
