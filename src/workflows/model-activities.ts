/** The two activities that are no tools: openSession and think. */
import { ActivityFailure, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { OpenSessionInput, ThinkInput } from '../contract/session-calls.ts';
import { readOpened, readThought } from '../domain/read-result.ts';
import { queueOf } from '../domain/role.ts';
import type { OpenedSession, Thought } from '../domain/session.ts';
import type { StartInput } from '../domain/start-input.ts';

export async function openSession({ goal, profile, model }: StartInput): Promise<OpenedSession> {
  type Activities = { openSession: (input: OpenSessionInput) => Promise<unknown> };
  const activities = proxyActivities<Activities>({
    activityId: 'openSession',
    startToCloseTimeout: '30s',
    retry: { maximumInterval: '30s' },
  });
  const opened = readOpened(
    await activities.openSession({
      goal,
      ...(profile === undefined ? {} : { profile }),
      ...(model === undefined ? {} : { model }),
    }),
  );
  if (opened === undefined)
    throw new Error('openSession gave an answer that cannot be read: are workers of two versions running?');
  return opened;
}

/** Claude’s next answer to the first `upto` messages; retried for as long as the session may live. */
export async function think(opened: OpenedSession, turn: number, upto: number): Promise<Thought> {
  type Activities = { think: (input: ThinkInput) => Promise<unknown> };
  const activities = proxyActivities<Activities>({
    activityId: `think-${turn}`,
    summary: `#${turn}`,
    taskQueue: queueOf(workflowInfo().taskQueue, 'model'),
    startToCloseTimeout: '15m',
    heartbeatTimeout: opened.heartbeatTimeoutMs * 2,
    cancellationType: 'TRY_CANCEL',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
  });
  const thought = readThought(await activities.think({ upto }));
  if (thought === undefined)
    throw new Error('think gave an answer that cannot be read: are workers of two versions running?');
  return thought;
}

/** The words of a failure, its innermost cause first. */
export function whyFailed(error: unknown): string {
  if (error instanceof ActivityFailure) return whyFailed(error.cause);
  return error instanceof Error ? error.message : 'The session failed.';
}
