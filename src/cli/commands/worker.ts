import type { Command } from 'commander';
import { Option } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import type { Role } from '../../domain/role.ts';
import { ROLES } from '../../domain/role.ts';
import type { Tool } from '../../tools/define-tool.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { serverOf } from '../surroundings.ts';
import { toolsWith } from '../known-tools.ts';
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
      const { runWorker } = await import('../../worker/main.ts');
      const roles = rolesOf(own_.roles);
      const env = { ...process.env, ...(options.tools === undefined ? {} : { COUNTERSIGN_TOOLS: options.tools }) };
      await runWorker({
        tools: toolsOf(roles, env['COUNTERSIGN_TOOLS'] ?? ''),
        roles,
        env,
        server: own_.embedded === undefined ? serverOf(options) : { kind: 'embedded', address: own_.embedded },
        onReady: () => complain(`worker ready: ${own_.roles}`),
      }).catch((error: unknown) => {
        throw new ClientError('refused', error instanceof Error ? error.message : 'The worker could not start.');
      });
      done(0);
    });
}

/** Who only thinks decides nothing, and has no use for them. */
function toolsOf(roles: readonly Role[], file: string): readonly Tool[] {
  return toolsWith(file === '' || roles.every((role) => role === 'model') ? undefined : file);
}

function rolesOf(list: string): readonly Role[] {
  const names = list.split(',').map((name) => name.trim());
  const stranger = names.find((name) => !ROLES.some((role) => role === name));
  if (stranger !== undefined)
    throw new ClientError('usage', `There is no role "${stranger}"; roles are ${ROLES.join(', ')}.`);
  return ROLES.filter((role) => names.includes(role));
}
