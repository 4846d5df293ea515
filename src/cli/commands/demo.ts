import type { Command } from 'commander';
import { connect } from '../../client/connect.ts';
import { sessionEvents } from '../../client/sessions.ts';
import { tellStory } from '../../client/session-log.ts';
import { createStage } from '../demo/demo-stage.ts';
import type { Stage } from '../demo/demo-stage.ts';
import { playDemo } from '../demo/play.ts';
import { startInstance } from '../instance.ts';
import { describeStory } from '../show-log.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { signingKey, stateDirectory } from '../surroundings.ts';
import { complain, print, styled } from '../terminal.ts';
import { describeInstance, untilAsked } from './up.ts';

export function addDemo(program: Command, done: (code: number) => void): void {
  program
    .command('demo')
    .description('watch real sessions: what is allowed, denied, asked, and what survives a killed worker')
    .addHelpText('after', '\nExample:\n  countersign demo          (the same as "npm start")')
    .action(async (_own: unknown, command: Command) => done(await demo(command.optsWithGlobals<GlobalOptions>())));
}

async function demo(options: GlobalOptions): Promise<number> {
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const scripted = (process.env['ANTHROPIC_API_KEY'] ?? '') === '';
  const state = stateDirectory(options);
  const instance = await startInstance({ state, demo: true, scripted, report: complain });
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await instance.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void stop().then(() => process.exit(130)));
  }
  try {
    describeInstance(instance);
    const client = await connect({ kind: 'embedded', address: instance.address });
    const key = signingKey({ ...options, key: instance.keyFile });
    const stage = createStage(instance, client, key, interactive);
    await playDemo(stage);
    await tellEpilogue(stage, interactive);
    await client.connection.close();
    const code = stage.failures.length === 0 ? 0 : 1;
    if (interactive) {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeAllListeners(signal);
      print('\nEverything keeps running until Ctrl-C. In another terminal:  npx countersign sessions');
      await untilAsked();
    }
    return code;
  } finally {
    await stop();
  }
}

async function tellEpilogue({ client, instance, sessions, failures }: Stage, staysUp: boolean): Promise<void> {
  const told = sessions.at(2) ?? '';
  print(`\n${styled('bold', 'The log of one session, from its history alone')} (countersign log ${told})`);
  print(describeStory(tellStory(await sessionEvents(client, client.workflow.getHandle(told)))));
  print(`\n${styled('bold', 'Look for yourself')}${staysUp ? '' : ' (“npx countersign up” brings it all up again)'}`);
  for (const session of sessions) print(`  ${instance.uiUrl}/namespaces/default/workflows/${session}`);
  print(`  ${instance.mailUrl}   the mail that was sent`);
  if (instance.shop !== undefined) print(`  ${instance.shop.url}   the demo shop: orders, posts, contacts`);
  if (instance.model === 'scripted')
    print('\nSCRIPTED CLAUDE STAND-IN: no model was thinking. Guard, approvals, mail, files and history were real.');
  print(
    failures.length === 0
      ? styled('green', 'All checks of the demo hold.')
      : styled('red', `Not as promised:\n  ${failures.join('\n  ')}`),
  );
}
