import type { Command } from 'commander';
import { ClientError } from '../../client/client-error.ts';
import { restrictionNotice } from '../../policy/notice.ts';
import { policyPage } from '../../policy/policy-page.ts';
import { knownTools } from '../known-tools.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { print, printJson } from '../terminal.ts';
import { visibleText } from '../../domain/visible-text.ts';
import type { PolicyFile } from './policy-file.ts';
import { knownProfile, readUntestedFile } from './policy-file.ts';

interface ShowOptions extends GlobalOptions {
  readonly for: string;
  readonly profile?: string;
}

export function addShow(policy: Command, done: (code: number) => void): void {
  policy
    .command('show')
    .argument('<file>', 'policy file')
    .option('--for <reader>', '"people": a page in Markdown; "agent": the words the agent gets', 'people')
    .option('--profile <name>', 'for this profile (agent: else the defaultProfile; people: else all)')
    .description('the policy in plain words')
    .addHelpText(
      'after',
      '\nExample:\n  countersign policy show policy.yaml > policy.md\n  countersign policy show policy.yaml --for agent --profile assistant',
    )
    .action((file: string, _own: unknown, command: Command) => {
      done(show(file, command.optsWithGlobals<ShowOptions>()));
    });
}

function show(file: string, options: ShowOptions): number {
  if (options.for !== 'people' && options.for !== 'agent')
    throw new ClientError('usage', '--for is "agent" or "people".');
  const loaded = readUntestedFile(file, knownTools(options));
  const text =
    options.for === 'agent'
      ? restrictionNotice(loaded.policy, knownProfile(loaded, options.profile), loaded.tools)
      : pageOf(loaded, options.profile);
  if (options.json === true) printJson({ policySha: loaded.policySha, for: options.for, text });
  else print(visibleText(text));
  return 0;
}

function pageOf(loaded: PolicyFile, profile: string | undefined): string {
  const profiles = profile === undefined ? [...loaded.policy.profiles.keys()] : [knownProfile(loaded, profile)];
  return policyPage(loaded.policy, { profiles, tools: loaded.tools, policySha: loaded.policySha });
}
