// Of a worker's container: healthy while Temporal has seen this very container poll for each of the roles given.
// A process that runs but no longer polls is not healthy; neither is one that cannot reach Temporal.
import { hostname } from 'node:os';
import { connect } from '../dist/client/connect.js';
import { ROLES, DEFAULT_TASK_QUEUE, queueOf } from '../dist/domain/role.js';

/** A poll lasts up to a minute, and Temporal notes when it began. */
const STALE_AFTER_MS = 150_000;
/** temporal.api.enums.v1.TaskQueueType */
const WORKFLOW = 1;
const ACTIVITY = 2;

async function polls(client, role) {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: queueOf(process.env.COUNTERSIGN_TASK_QUEUE ?? DEFAULT_TASK_QUEUE, role) },
    taskQueueType: role === 'workflow' ? WORKFLOW : ACTIVITY,
  });
  return (pollers ?? []).some(
    ({ identity, lastAccessTime }) =>
      identity?.endsWith(`@${hostname()}`) && Date.now() - Number(lastAccessTime?.seconds) * 1000 < STALE_AFTER_MS,
  );
}

const roles = (process.argv[2] ?? '').split(',');
if (roles.some((role) => !ROLES.includes(role))) throw new Error(`roles are some of ${ROLES.join(',')}`);
const client = await connect({ kind: 'environment' });
const found = await Promise.all(roles.map((role) => polls(client, role)));
await client.connection.close();
process.exitCode = found.every(Boolean) ? 0 : 1;
