import type { Command } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import type { JsonObject } from '../../domain/json.ts';
import { isRecord } from '../../domain/json.ts';
import { MAX_CALLS } from '../../domain/model-answer.ts';
import type { ScriptedCall, StartInput } from '../../domain/start-input.ts';
import { readStartInput } from '../../domain/start-input.ts';
import type { SessionOptions } from '../start-and-follow.ts';
import { profileOf, startAndFollow } from '../start-and-follow.ts';
import { instanceInUse, readInput, withClient } from '../surroundings.ts';
import { line } from '../terminal.ts';

interface RunOptions extends SessionOptions {
  readonly model?: string;
  readonly actions?: string;
}

export function addRun(program: Command, done: (code: number) => void): void {
  program
    .command('run')
    .argument('<goal>', 'what the agent should do')
    .option('--profile <name>', 'profile of the policy (else its defaultProfile)')
    .option('--model <name>', 'model; "scripted" for the scripted stand-in')
    .option('--actions <file>', 'run these tool calls instead of thinking: a JSON list of {"tool","input"}')
    .option('--detach', 'do not follow: print the session and end')
    .option('--key <file>', 'private key to answer requests with')
    .option('--as <approver>', 'whose key it is')
    .description('start a session and follow it; asks here when a person is needed')
    .addHelpText('after', '\nExample:\n  countersign run "Mail the meeting notes to Alice"')
    .action(async (goal: string, _own: unknown, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      done(await run(goal, options));
    });
  program
    .command('act')
    .argument('<tool>', 'the tool to run')
    .requiredOption('--input <json>', 'its arguments')
    .option('--profile <name>', 'profile of the policy (else its defaultProfile)')
    .option('--detach', 'do not follow: print the session and end')
    .option('--key <file>', 'private key to answer requests with')
    .option('--as <approver>', 'whose key it is')
    .description('one action without a model: the same guard, approval and log')
    .addHelpText(
      'after',
      '\nExample:\n  countersign act read_file --input \'{"path":"notes/meeting.md"}\'\n\nExit code 1: the action did not end done by itself: it was denied, failed or is unknown, also where a person then\nsaid that it happened.',
    )
    .action(async (tool: string, own: { readonly input: string }, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      const input = { goal: `act: ${tool}`, actions: [{ tool, input: parseInput(own.input) }] };
      done(await start({ ...input, ...profileOf(options) }, options));
    });
}

/**
 * The worker holds the key, not this process, so what is checked is the embedded instance that will serve the session;
 * of a deployment elsewhere nothing is known here, and a model that is missing there shows in `show`.
 */
async function run(goal: string, options: RunOptions): Promise<number> {
  if (options.actions !== undefined)
    return start({ goal, ...profileOf(options), actions: readActions(options.actions) }, options);
  const thinks = instanceInUse(options)?.model;
  const scripted = options.model === 'scripted';
  if (thinks === 'none' && !scripted) {
    throw new ClientError(
      'refused',
      'No model is configured: start the worker with ANTHROPIC_API_KEY set, or say --model scripted for the scripted stand-in (start it with "countersign up --model scripted").',
    );
  }
  if (thinks === 'scripted' && !scripted) {
    throw new ClientError(
      'refused',
      'This instance runs the scripted stand-in, not Claude: say --model scripted if that is what you want, or restart it with ANTHROPIC_API_KEY set.',
    );
  }
  if (thinks !== undefined && thinks !== 'scripted' && scripted) {
    throw new ClientError(
      'refused',
      'The scripted stand-in is not running here: start it with "countersign up --model scripted".',
    );
  }
  const model = options.model === undefined ? {} : { model: scripted ? 'scripted-stand-in' : options.model };
  return start({ goal, ...profileOf(options), ...model }, options);
}

function start(input: StartInput, options: RunOptions): Promise<number> {
  return withClient(options, (client) => startAndFollow(client, input, options));
}

function readActions(file: string): readonly ScriptedCall[] {
  const read = readStartInput({ goal: 'actions', actions: parseJson(readInput(file, 'the actions')) });
  if (read.kind === 'start' && read.input.actions !== undefined) return read.input.actions;
  throw new ClientError(
    'usage',
    `${line(file)} must be a JSON list of 1 to ${MAX_CALLS} calls: [{"tool":"…","input":{…}}].`,
  );
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseInput(json: string): JsonObject {
  const parsed = parseJson(json);
  if (isRecord(parsed)) return parsed as JsonObject;
  throw new ClientError('usage', '--input must be a JSON object, like \'{"path":"notes/meeting.md"}\'.');
}
