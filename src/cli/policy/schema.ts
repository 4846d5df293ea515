import type { Command } from 'commander';
import { policyJsonSchema } from '../../policy/json-schema/policy-json-schema.ts';
import { schemaText } from '../../policy/json-schema/schema-text.ts';
import { tools } from '../../tools/index.ts';
import { print } from '../terminal.ts';

export function addSchema(policy: Command, done: (code: number) => void): void {
  policy
    .command('schema')
    .description('print the JSON Schema of policy files, for editors')
    .addHelpText('after', HELP)
    .action(() => {
      print(schemaText(policyJsonSchema(tools)));
      done(0);
    });
}

const HELP = `
Example:
  countersign policy schema > policy.schema.json
Then an editor that knows YAML schemas helps in a file that begins with:
  # yaml-language-server: $schema=./policy.schema.json`;
