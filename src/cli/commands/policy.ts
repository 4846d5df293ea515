import type { Command } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import type { Json } from '../../domain/json.ts';
import { isRecord, own, ownString } from '../../domain/json.ts';
import { NOTHING_SPENT } from '../../domain/standing.ts';
import { decideAction } from '../../policy/decide-action.ts';
import { describeProblem, parsePolicy } from '../../policy/load-policy.ts';
import type { Policy } from '../../policy/policy.ts';
import { actionKey } from '../../proof/digest.ts';
import { tools } from '../../tools/index.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { readText } from '../surroundings.ts';
import { complain, line, print, safeJson } from '../terminal.ts';

export function addPolicy(program: Command, done: (code: number) => void): void {
  const policy = program.command('policy').description('look at policy files');
  policy
    .command('check')
    .argument('<file>', 'policy file')
    .description('is the file good? every problem with its line, column and a suggestion')
    .addHelpText('after', '\nExample:\n  countersign policy check policy.yaml')
    .action((file: string) => done(check(file)));
  policy
    .command('explain')
    .argument('<file>', 'policy file')
    .requiredOption('--calls <file>', 'one call a line: {"tool","profile"?,"input"}')
    .description('what the policy says of each call: one line of JSON out for each line in, in order')
    .addHelpText('after', '\nExample:\n  countersign policy explain policy.yaml --calls calls.jsonl --json')
    .action((file: string, own_: { readonly calls: string }, command: Command) => {
      done(explain(file, own_.calls, command.optsWithGlobals<GlobalOptions>()));
    });
}

function check(file: string): number {
  const reading = parsePolicy(readText(file, 'the policy file'), tools);
  if (reading.kind === 'policy') {
    print(`${file} is good: ${reading.policy.documents.size} rules, ${reading.policy.profiles.size} profiles.`);
    return 0;
  }
  for (const problem of reading.problems) complain(`${file}: ${line(describeProblem(problem))}`);
  return 1;
}

function explain(file: string, calls: string, options: GlobalOptions): number {
  const reading = parsePolicy(readText(file, 'the policy file'), tools);
  if (reading.kind === 'broken')
    throw new ClientError('refused', `${file} is broken; run "countersign policy check ${file}".`);
  const lines = readText(calls, 'the calls').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const answers = lines.map((text) => explainLine(reading.policy, text));
  const shown = answers.map((answer) =>
    options.json === true
      ? safeJson(answer)
      : `${answer.kind.padEnd(5)} ${line(answer.tool)} ${line(answer.rule ?? '–')}: ${line(answer.why)}`,
  );
  // Written at once, by the stream that waits for a slow reader: no line is lost or out of order.
  if (shown.length > 0) print(shown.join('\n'));
  return 0;
}

interface Explained {
  readonly tool: string;
  readonly kind: 'allow' | 'ask' | 'deny';
  readonly rule: string | null;
  readonly why: string;
}

/** One call; a line that cannot be read is a denial like any other. */
function explainLine(policy: Policy, text: string): Explained {
  let call: unknown;
  try {
    call = JSON.parse(text) as Json;
  } catch {
    return refuse('', 'The line is not JSON.');
  }
  const name = ownString(call, 'tool') ?? '';
  if (!isRecord(call)) return refuse(name, 'The line is not {"tool","profile"?,"input"}.');
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) return refuse(name, `There is no tool "${name.slice(0, 64)}".`);
  const named = own(call, 'profile');
  if (named !== undefined && typeof named !== 'string') return refuse(name, 'The profile is not a string.');
  const profile = named ?? policy.defaultProfile;
  if (profile === null) return refuse(name, 'No profile was named and the policy has no defaultProfile.');
  const parsed = tool.parse(own(call, 'input'));
  if (parsed.kind === 'invalid') return refuse(name, `The arguments are invalid: ${parsed.why}`);
  const facts = { tool, profile, args: parsed.args, actionKey: actionKey(name, parsed.args), standing: NOTHING_SPENT };
  const { kind, rule, why } = decideAction(policy, { ...facts, standing: { ...NOTHING_SPENT, same: {} } });
  return { tool: name, kind, rule, why };
}

function refuse(tool: string, why: string): Explained {
  return { tool, kind: 'deny', rule: null, why };
}
