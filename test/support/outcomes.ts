import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

/** Results of the guard's passes, in the order of their completion, as the history holds them. */
export async function outcomesOf(handle: WorkflowHandle): Promise<readonly unknown[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ activityTaskCompletedEventAttributes: completed }) => {
    const [payload] = completed?.result?.payloads ?? [];
    if (payload === undefined) return [];
    const result: unknown = defaultPayloadConverter.fromPayload(payload);
    return typeof result === 'object' && result !== null && 'kind' in result ? [result] : [];
  });
}
