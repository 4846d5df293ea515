import type { Command } from 'commander';
import { policyJsonSchema } from '../../policy/json-schema/policy-json-schema.ts';
import { schemaText } from '../../policy/json-schema/schema-text.ts';
import { knownTools } from '../known-tools.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { print } from '../terminal.ts';

export function addSchema(policy: Command, done: (code: number) => void): void {
  policy
    .command('schema')
    .description('print the JSON Schema of policy files, for editors')
    .addHelpText('after', HELP)
    .action((_own: unknown, command: Command) => {
      print(schemaText(policyJsonSchema(knownTools(command.optsWithGlobals<GlobalOptions>()))));
      done(0);
    });
}

const HELP = `
Example:
  countersign policy schema > policy.schema.json
Then an editor that knows YAML schemas helps in a file that begins with:
  # yaml-language-server: $schema=./policy.schema.json`;
