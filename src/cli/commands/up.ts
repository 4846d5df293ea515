import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { ClientError } from '../../client/client-error.ts';
import type { Instance } from '../instance.ts';
import { startInstance } from '../instance.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { fitOf } from '../policy-fit.ts';
import { toolsFileOf, toolsWith } from '../known-tools.ts';
import { stateDirectory } from '../surroundings.ts';
import { complain, print, styled, line } from '../terminal.ts';

export function addUp(program: Command, done: (code: number) => void): void {
  program
    .command('up')
    .option('--model <name>', '"scripted": the scripted stand-in instead of Claude')
    .description('start the embedded instance here: server, mail catcher, worker; makes an owner’s key on first use')
    .addHelpText('after', '\nExample:\n  ANTHROPIC_API_KEY=… countersign up\n  countersign up --tools tools.yaml')
    .action(async (own: { readonly model?: string }, command: Command) => {
      if (own.model !== undefined && own.model !== 'scripted')
        throw new ClientError(
          'usage',
          '--model of "up" can only be "scripted"; name Claude’s model with COUNTERSIGN_MODEL.',
        );
      const options = command.optsWithGlobals<GlobalOptions>();
      checkTools(options);
      const state = stateDirectory(options);
      const instance = await startInstance({
        state,
        demo: false,
        scripted: own.model === 'scripted',
        report: complain,
        ...(options.tools === undefined ? {} : { tools: options.tools }),
      });
      describeInstance(instance);
      print('\nRunning until Ctrl-C. In another terminal:  npx countersign run "…"');
      await untilAsked();
      await instance.stop();
      done(0);
    });
}

/** Before anything is started: the worker would not start with a broken file of tools. */
function checkTools(options: GlobalOptions): void {
  const { tools } = options;
  if (tools !== undefined && !existsSync(tools))
    throw new ClientError('notFound', `--tools names ${line(tools)}, which is not there.`);
  const file = toolsFileOf(options);
  // What COUNTERSIGN_TOOLS names is looked for where the files are laid out.
  if (file === undefined || !existsSync(file)) return;
  try {
    toolsWith(file);
  } catch (error) {
    throw error instanceof ClientError ? new ClientError('usage', error.message) : error;
  }
}

const THINKS: Readonly<Record<string, string>> = {
  claude: 'Claude, by ANTHROPIC_API_KEY',
  scripted: 'SCRIPTED CLAUDE STAND-IN: no model is thinking; tools, approvals, mail and history are real',
  none: 'none: set ANTHROPIC_API_KEY, or start with --model scripted ("act" works without)',
};

export function describeInstance(instance: Instance): void {
  const { uiUrl, address, mailUrl, shop, model, policyFile, toolsFile, workspace, keyFile } = instance;
  print(styled('bold', 'countersign is up'));
  print(`  Temporal UI   ${uiUrl}`);
  print(`  Temporal      ${address}`);
  if (mailUrl !== '') print(`  mail          ${mailUrl}   (caught here; nothing leaves this machine)`);
  if (shop !== undefined) print(`  demo shop     ${shop.url}   (nothing is really sold, posted or changed)`);
  print(`  model         ${THINKS[model] ?? model}`);
  print(`  policy        ${line(policyFile)}`);
  tellMisfit(policyFile, toolsFile);
  if (toolsFile !== undefined) print(`  tools         ${line(toolsFile)}   (declared, besides those of countersign)`);
  print(`  workspace     ${workspace}`);
  print(`  owner's key   ${line(keyFile)}`);
}

/** The worker decides by that file and those tools: where they do not fit each other it denies, and would be alone to know. */
function tellMisfit(policyFile: string, toolsFile: string | undefined): void {
  const fit = fitOf(policyFile, toolsFile);
  if (fit.kind === 'fits' && fit.unopened.length === 0) return;
  const tools = toolsFile === undefined ? '' : ` --tools ${line(toolsFile)}`;
  const install = `countersign policy install FILE${tools}`;
  if (fit.kind === 'broken') {
    complain(`                it does not load with these tools: ${line(fit.why)}`);
    complain(`                everything is denied until one does: ${install}`);
  } else complain(`                no rule opens ${line(fit.unopened.join(', '))}: ${install}`);
}

/** Resolves on Ctrl-C, SIGTERM or a closed terminal. */
export function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    const keepAlive = setInterval(() => undefined, 1 << 30);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        clearInterval(keepAlive);
        complain('\nStopping …');
        resolve();
      });
    }
  });
}
