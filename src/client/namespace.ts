/** What a namespace must have: search attributes, and a retention that keeps the audit trail (facts: 24 h by default). */
import type { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

/** Temporal’s numbers of the two value types we use (temporal.api.enums.v1.IndexedValueType). */
const TYPES = { Keyword: 2, Int: 3 } as const;

export const SEARCH_ATTRIBUTES: Readonly<Record<string, keyof typeof TYPES>> = {
  CountersignState: 'Keyword',
  CountersignWaiting: 'Int',
};

/** Which of our attributes are missing or registered with another type. */
export async function missingSearchAttributes(client: Client): Promise<readonly string[]> {
  const found = await operator(client).listSearchAttributes({ namespace: client.options.namespace });
  const registered = new Map(Object.entries({ ...found.customAttributes, ...found.systemAttributes }));
  return Object.entries(SEARCH_ATTRIBUTES)
    .filter(([name, type]) => Number(registered.get(name)) !== TYPES[type])
    .map(([name]) => name);
}

/** False too when the server does not let us look: then nothing is upserted, which blocks no session. */
export async function hasSearchAttributes(client: Client): Promise<boolean> {
  try {
    return (await missingSearchAttributes(client)).length === 0;
  } catch {
    return false;
  }
}

/** Adds our search attributes and raises the retention. Only for the embedded server, which is ours to change. */
export async function prepareNamespace(client: Client, retentionDays: number): Promise<void> {
  const namespace = client.options.namespace;
  const missing = await missingSearchAttributes(client);
  if (missing.length > 0) {
    const entries = missing.flatMap((name) => {
      const type = SEARCH_ATTRIBUTES[name];
      return type === undefined ? [] : [[name, TYPES[type]] as const];
    });
    await operator(client).addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(entries) });
  }
  await client.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(retentionDays * 86_400_000) },
  });
}

/** Retention of closed sessions in days, or undefined where the server does not say. */
export async function retentionDays(client: Client): Promise<number | undefined> {
  const found = await client.workflowService.describeNamespace({ namespace: client.options.namespace });
  const seconds = found.config?.workflowExecutionRetentionTtl?.seconds;
  return seconds === undefined || seconds === null ? undefined : Number(seconds) / 86_400;
}

function operator(client: Client): Connection['operatorService'] {
  const { connection } = client;
  if (!('operatorService' in connection)) throw new Error('this connection has no operator service');
  return (connection as Connection).operatorService;
}
