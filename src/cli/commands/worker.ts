import type { Command } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import type { Role } from '../../domain/role.ts';
import { ROLES } from '../../domain/role.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { complain } from '../terminal.ts';

export function addWorker(program: Command, done: (code: number) => void): void {
  program
    .command('worker')
    .option('--roles <list>', `some of ${ROLES.join(',')}`, ROLES.join(','))
    .description(
      'run a worker with these roles; each role reads only its own settings from the environment (see README)',
    )
    .addHelpText('after', '\nExample:\n  countersign worker --roles files,mail')
    .action(async (own_: { readonly roles: string }, command: Command) => {
      const { address } = command.optsWithGlobals<GlobalOptions>();
      const { runWorker } = await import('../../worker/main.ts');
      await runWorker({
        roles: rolesOf(own_.roles),
        env: process.env,
        ...(address === undefined ? {} : { address }),
        onReady: () => complain(`worker ready: ${own_.roles}`),
      }).catch((error: unknown) => {
        throw new ClientError('refused', error instanceof Error ? error.message : 'The worker could not start.');
      });
      done(0);
    });
}

function rolesOf(list: string): readonly Role[] {
  const names = list.split(',').map((name) => name.trim());
  const stranger = names.find((name) => !ROLES.some((role) => role === name));
  if (stranger !== undefined)
    throw new ClientError('usage', `There is no role "${stranger}"; roles are ${ROLES.join(', ')}.`);
  return ROLES.filter((role) => names.includes(role));
}
