import type { Command } from 'commander';
import type { Client } from '@temporalio/client';
import { missingSearchAttributes, retentionDays } from '../../client/namespace.ts';
import { ROLES, queueOf } from '../../domain/role.ts';
import type { Finding } from '../local-findings.ts';
import { localFindings } from '../local-findings.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { taskQueueOf, withClient } from '../surroundings.ts';
import { line, print, printJson, styled, table } from '../terminal.ts';

/** temporal.api.enums.v1.TaskQueueType. */
const QUEUE_TYPE = { workflow: 1, activity: 2 } as const;

export function addDoctor(program: Command, done: (code: number) => void): void {
  program
    .command('doctor')
    .description('what is set up, what is not, and how to mend it')
    .addHelpText('after', '\nExample:\n  countersign doctor --json')
    .action(async (_own: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const findings = [...localFindings(options), ...(await serverFindings(options))];
      if (options.json === true) printJson(findings);
      else print(table(findings.map(({ what, state, says }) => [mark(state), what, line(says)])));
      done(findings.some(({ state }) => state === 'wrong') ? 1 : 0);
    });
}

function mark(state: Finding['state']): string {
  return styled(state === 'ok' ? 'green' : state === 'warning' ? 'yellow' : 'red', state.padEnd(7));
}

async function serverFindings(options: GlobalOptions): Promise<readonly Finding[]> {
  try {
    return await withClient(options, async (client) => [
      { what: 'Temporal server', state: 'ok', says: 'answers' },
      await attributesFinding(client),
      await retentionFinding(client),
      ...(await pollersFindings(client, taskQueueOf(options))),
    ]);
  } catch (error) {
    return [
      { what: 'Temporal server', state: 'wrong', says: error instanceof Error ? error.message : 'does not answer' },
    ];
  }
}

async function attributesFinding(client: Client): Promise<Finding> {
  const missing = await missingSearchAttributes(client).catch(() => undefined);
  const what = 'search attributes';
  if (missing === undefined)
    return { what, state: 'warning', says: 'cannot be looked up here; without them nothing is upserted' };
  if (missing.length === 0) return { what, state: 'ok', says: 'registered' };
  const add =
    'temporal operator search-attribute create --name CountersignState --type Keyword --name CountersignWaiting --type Int';
  return {
    what,
    state: 'warning',
    says: `missing: ${missing.join(', ')}; add them with: ${add} --namespace ${client.options.namespace}, then restart the workers`,
  };
}

async function retentionFinding(client: Client): Promise<Finding> {
  const days = await retentionDays(client).catch(() => undefined);
  const what = 'retention';
  if (days === undefined) return { what, state: 'warning', says: 'is not told' };
  const says = `histories of closed sessions are kept ${days} days`;
  return days >= 30
    ? { what, state: 'ok', says }
    : {
        what,
        state: 'warning',
        says: `${says}, then the audit trail is gone: temporal operator namespace update --namespace ${client.options.namespace} --retention 8760h`,
      };
}

function pollersFindings(client: Client, taskQueue: string): Promise<readonly Finding[]> {
  return Promise.all(
    ROLES.map(async (role): Promise<Finding> => {
      const request = {
        namespace: client.options.namespace,
        taskQueue: { name: queueOf(taskQueue, role) },
        taskQueueType: QUEUE_TYPE[role === 'workflow' ? 'workflow' : 'activity'],
      };
      // eslint-disable-next-line typescript/no-unsafe-enum-assignment -- the enum is not exported by the client
      const found = await client.workflowService.describeTaskQueue(request).catch(() => undefined);
      const polls = (found?.pollers?.length ?? 0) > 0;
      return {
        what: `worker: ${role}`,
        state: polls ? 'ok' : 'warning',
        says: polls ? 'polls' : `nobody polls ${queueOf(taskQueue, role)}: countersign worker --roles ${role}`,
      };
    }),
  );
}
