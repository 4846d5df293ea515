import type { Command } from 'commander';
import { Option } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import type { Role } from '../../domain/role.ts';
import { ROLES } from '../../domain/role.ts';
import { deploymentTools } from '../../worker/deployment-tools.ts';
import type { RunWorkerOptions } from '../../worker/main.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { serverOf } from '../surroundings.ts';
import { complain } from '../terminal.ts';

export function addWorker(program: Command, done: (code: number) => void): void {
  program
    .command('worker')
    .option('--roles <list>', `some of ${ROLES.join(',')}`, ROLES.join(','))
    .addOption(new Option('--embedded <address>', 'of an instance that starts its own worker').hideHelp())
    .description(
      'run a worker with these roles; each role reads only its own settings from the environment (see README)',
    )
    .addHelpText('after', '\nExample:\n  countersign worker --roles files,mail')
    .action(async (own_: { readonly roles: string; readonly embedded?: string }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const roles = rolesOf(own_.roles);
      const { tools, taskQueue } = options;
      const env = {
        ...process.env,
        ...(tools === undefined ? {} : { COUNTERSIGN_TOOLS: tools }),
        ...(taskQueue === undefined ? {} : { COUNTERSIGN_TASK_QUEUE: taskQueue }),
      };
      const server =
        own_.embedded === undefined ? serverOf(options) : ({ kind: 'embedded', address: own_.embedded } as const);
      await runAs(roles, { env, server, onReady: (problems) => tellReady(own_.roles, problems) }).catch(
        (error: unknown) => {
          throw new ClientError('refused', error instanceof Error ? error.message : 'The worker could not start.');
        },
      );
      done(0);
    });
}

function tellReady(roles: string, problems: readonly string[]): void {
  for (const problem of problems) complain(`warning: ${problem}`);
  if (problems.length > 0) complain('Everything is denied until this is mended; no restart is needed then.');
  complain(`worker ready: ${roles}`);
}

async function runAs(roles: readonly Role[], options: Omit<RunWorkerOptions, 'roles' | 'tools'>): Promise<void> {
  const { runWorker } = await import('../../worker/main.ts');
  // Who only thinks decides nothing, and has no use for declared tools.
  const file = roles.every((role) => role === 'model') ? undefined : options.env['COUNTERSIGN_TOOLS'];
  await runWorker({ roles, tools: deploymentTools(file, []), ...options });
}

function rolesOf(list: string): readonly Role[] {
  const names = list.split(',').map((name) => name.trim());
  const stranger = names.find((name) => !ROLES.some((role) => role === name));
  if (stranger !== undefined)
    throw new ClientError('usage', `There is no role "${stranger}"; roles are ${ROLES.join(', ')}.`);
  return ROLES.filter((role) => names.includes(role));
}
