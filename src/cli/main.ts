/** The command line. Exit codes: 0 ok, 1 not done or denied, 2 wrong usage, 3 not found, 4 no server, 5 refused. */
import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { ClientError } from '../client/client-error.ts';
import { ownString } from '../domain/json.ts';
import { addApprovals } from './commands/approvals.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addKeys } from './commands/keys.ts';
import { addPolicy } from './commands/policy.ts';
import { addPrepare } from './commands/prepare.ts';
import { addRun } from './commands/run.ts';
import { addSessions } from './commands/sessions.ts';
import { addTools } from './commands/tools.ts';
import { addUndo } from './commands/undo.ts';
import { addUp } from './commands/up.ts';
import { addWorker } from './commands/worker.ts';
import { complain, line } from './terminal.ts';

const COMMANDS = [
  addUp,
  addDemo,
  addRun,
  addSessions,
  addUndo,
  addApprovals,
  addPolicy,
  addTools,
  addKeys,
  addWorker,
  addDoctor,
  addPrepare,
];

const CODES: Readonly<Record<ClientError['kind'], number>> = { usage: 2, notFound: 3, unreachable: 4, refused: 5 };

export async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const program = new Command('countersign')
    .description('An AI agent that may act in the world without anyone having to trust the model.')
    .option('--address <host:port>', 'Temporal server (else TEMPORAL_ADDRESS, else the instance of this folder)')
    .option('--namespace <name>', 'Temporal namespace')
    .option('--task-queue <name>', 'task queue of the deployment')
    .option('--state <folder>', 'state of the embedded instance (else .countersign)')
    .option('--tools <file>', 'declared tools (else COUNTERSIGN_TOOLS, else tools.yaml of the state folder)')
    .option('--json', 'machine-readable output')
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 not done or denied, 2 wrong usage, 3 not found, 4 no server, 5 refused.',
    )
    .version(versionOfPackage())
    .exitOverride()
    // Before the commands are added: they take it over. What was typed stands in its errors.
    .configureOutput({ writeErr: (text) => complain(text.replace(/\n$/, '')) })
    .showHelpAfterError('(see --help)');
  for (const add of COMMANDS) add(program, (result: number) => (code = result));
  inherit(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return tell(error);
  }
}

function versionOfPackage(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return ownString(JSON.parse(text), 'version') ?? 'unknown';
}

/** Every command ends by throwing, not by leaving the process. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride().showHelpAfterError('(see --help)');
    inherit(child);
  }
}

function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ClientError) {
    complain(error.message);
    return CODES[error.kind];
  }
  const debug = (process.env['COUNTERSIGN_DEBUG'] ?? '') !== '';
  complain(
    debug && error instanceof Error
      ? (error.stack ?? error.message)
      : line(error instanceof Error ? error.message : String(error)),
  );
  return 1;
}
