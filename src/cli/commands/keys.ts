import { join } from 'node:path';
import type { Command } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import { approverLine, writeNewKey } from '../owner-key.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { stateDirectory } from '../surroundings.ts';
import { complain, print, line } from '../terminal.ts';

export function addKeys(program: Command, done: (code: number) => void): void {
  program
    .command('keys')
    .description('keys of approvers')
    .command('new')
    .requiredOption('--name <id>', 'id of the person, like alice')
    .option('--out <file>', 'where the private key goes')
    .description('make a key pair: the private key goes to a file (mode 600), the line for approvers.yaml is printed')
    .addHelpText('after', '\nExample:\n  countersign keys new --name alice --out alice.pem')
    .action((own_: { readonly name: string; readonly out?: string }, command: Command) => {
      if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(own_.name))
        throw new ClientError('usage', '--name: lower-case letters, digits, dots, hyphens.');
      const directory = stateDirectory(command.optsWithGlobals<GlobalOptions>());
      const file = own_.out ?? join(directory, 'keys', `${own_.name}.pem`);
      const key = writeNewKey(file);
      complain(`The private key is in ${line(file)}. Keep it; put this line under "people:" in approvers.yaml:`);
      print(approverLine(own_.name, key));
      done(0);
    });
}
