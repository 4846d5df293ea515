import type { Command } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import { knownTools } from '../known-tools.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { print, printJson } from '../terminal.ts';
import { describeExplanation, explainCall } from './explain-call.ts';
import { explainCalls } from './explain-calls.ts';
import { explainRecorded } from './explain-recorded.ts';
import type { PolicyFile } from './policy-file.ts';
import { inputOf, knownProfile, knownTool, readUntestedFile } from './policy-file.ts';
import { seenLabels } from './seen-labels.ts';

interface ExplainOptions extends GlobalOptions {
  readonly calls?: string;
  readonly tool?: string;
  readonly input?: string;
  readonly profile?: string;
  readonly seen?: string;
  readonly session?: string;
  readonly call?: string;
}

export function addExplain(policy: Command, done: (code: number) => void): void {
  policy
    .command('explain')
    .argument('[file]', 'policy file; with --session it may be left out')
    .option('--tool <name>', 'explain one call of this tool')
    .option('--input <json>', 'its arguments')
    .option('--profile <name>', 'profile of the policy (else its defaultProfile); of --calls for lines that name none')
    .option('--seen <labels>', 'labels of what the session has seen before, like untrusted,private; as --profile')
    .option(
      '--calls <file>',
      'many calls, one a line: {"tool","input"} and maybe "profile", "seen"; - for standard input',
    )
    .option('--session <session>', 'explain a recorded action of this session')
    .option('--call <call>', 'which one, like c2')
    .description('what the policy says of a call: the decision, the rule, and where the other rules fail')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, _own: unknown, command: Command) => {
      done(await explain(file, command.optsWithGlobals<ExplainOptions>()));
    });
}

function explain(file: string | undefined, options: ExplainOptions): Promise<number> | number {
  const { calls, tool, session, call, input } = options;
  if ([calls, tool, session].filter((each) => each !== undefined).length !== 1)
    throw new ClientError('usage', 'Say one of: --tool with --input, --calls FILE, --session with --call.');
  if ((session === undefined) !== (call === undefined))
    throw new ClientError('usage', '--session and --call go together; see "countersign log SESSION".');
  if (input !== undefined && tool === undefined) throw new ClientError('usage', '--input goes with --tool.');
  if (session !== undefined && (options.profile ?? options.seen) !== undefined)
    throw new ClientError('usage', 'A recorded action has its own profile and labels: leave out --profile and --seen.');
  const policyFile = file === undefined ? undefined : readUntestedFile(file, knownTools(options));
  if (session !== undefined && call !== undefined) return explainRecorded(session, call, policyFile, options);
  if (policyFile === undefined) throw new ClientError('usage', 'Name the policy file.');
  if (calls !== undefined) return explainMany(policyFile, calls, options);
  return explainOne(policyFile, tool ?? '', options);
}

function explainMany(file: PolicyFile, calls: string, options: ExplainOptions): Promise<number> {
  const { policy } = file;
  const profile = options.profile === undefined ? policy.defaultProfile : knownProfile(file, options.profile);
  return explainCalls(file, calls, { profile, seen: seenLabels(policy, options.seen) }, options.json === true);
}

function explainOne(file: PolicyFile, name: string, options: ExplainOptions): number {
  const tool = knownTool(name, file.tools);
  const profile = knownProfile(file, options.profile);
  const call = { tool, profile, input: inputOf(options.input ?? '{}'), seen: seenLabels(file.policy, options.seen) };
  const explanation = explainCall(file.policy, call);
  if (options.json === true) printJson(explanation);
  else print(describeExplanation(tool.name, profile, explanation));
  return 0;
}

const HELP = `
Example:
  countersign policy explain policy.yaml --tool send_email --input '{"to":["bob@evil.example"],"subject":"Hi","body":"x"}'
  countersign policy explain policy.yaml --calls calls.jsonl --json
  countersign policy explain --session mail-the-notes --call c2

A line of --calls may have "profile" and "seen": ["private"]; --profile and --seen hold for lines that say nothing of
it. With --json: one line {"tool","kind","rule","why"} out for each line in, in order; a line that cannot be read is a
denial like any other. A single call and each of --calls is judged as the first of a session.`;
