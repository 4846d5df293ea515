import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Client } from '@temporalio/client';
import { missingSearchAttributes, retentionDays } from '../../client/namespace.ts';
import { ROLES, queueOf } from '../../domain/role.ts';
import { parseApprovers } from '../../policy/approvers.ts';
import { describeProblem, parsePolicy } from '../../policy/load-policy.ts';
import { tools } from '../../tools/index.ts';
import type { GlobalOptions } from '../surroundings.ts';
import { readText, runFileOf, stateDirectory, taskQueueOf, withClient } from '../surroundings.ts';
import { line, print, printJson, styled, table } from '../terminal.ts';

// temporal.api.enums.v1.TaskQueueType; the generated enum is not exported by name.
const QUEUE_TYPE = { workflow: 1, activity: 2 } as const;

interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly says: string;
}

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

function localFindings(options: GlobalOptions): readonly Finding[] {
  const directory = stateDirectory(options);
  const run = runFileOf(options);
  const linux = process.platform === 'linux';
  return [
    { what: 'Node.js', state: 'ok', says: process.versions.node },
    {
      what: 'file tools',
      state: linux ? 'ok' : 'warning',
      says: linux ? 'Linux: offered' : 'not offered: they need Linux (descriptor walks through /proc)',
    },
    { what: 'sandbox', state: 'ok', says: 'run_code is not part of this version' },
    fileFinding('policy', process.env['COUNTERSIGN_POLICY'] ?? join(directory, 'policy.yaml'), (text) =>
      problems(parsePolicy(text, tools)),
    ),
    fileFinding('approvers', process.env['COUNTERSIGN_APPROVERS'] ?? join(directory, 'approvers.yaml'), (text) =>
      problems(parseApprovers(text)),
    ),
    keyFinding(process.env['COUNTERSIGN_KEY'] ?? join(directory, 'keys', 'owner.pem')),
    {
      what: 'instance',
      state: run === undefined ? 'warning' : 'ok',
      says:
        run === undefined
          ? `none recorded in ${directory}: countersign up starts one`
          : `${run.address}, model: ${run.model}`,
    },
  ];
}

function problems(
  reading:
    | { readonly kind: string }
    | { readonly kind: 'broken'; readonly problems: readonly Parameters<typeof describeProblem>[0][] },
): readonly string[] {
  return 'problems' in reading ? reading.problems.map(describeProblem) : [];
}

function fileFinding(what: string, file: string, check: (text: string) => readonly string[]): Finding {
  if (!existsSync(file)) return { what, state: 'warning', says: `${file} is not there` };
  const wrong = check(readText(file, what));
  return wrong.length === 0
    ? { what, state: 'ok', says: file }
    : { what, state: 'wrong', says: `${file}: ${wrong.join('; ')}` };
}

function keyFinding(file: string): Finding {
  if (!existsSync(file))
    return {
      what: 'signing key',
      state: 'warning',
      says: `${file} is not there: countersign keys new, or countersign up`,
    };
  const open = (statSync(file).mode & 0o077) !== 0;
  return {
    what: 'signing key',
    state: open ? 'wrong' : 'ok',
    says: open ? `${file} can be read by others: chmod 600` : file,
  };
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
    says: `missing: ${missing.join(', ')}; add them with: ${add}, then restart the workers`,
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
        says: `${says}, then the audit trail is gone: temporal operator namespace update --retention 8760h`,
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
