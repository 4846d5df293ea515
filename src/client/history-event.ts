/** History events as plain facts: whatever the audit needs of them, decoded. */
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { own, ownList, ownString, isTooDeep } from '../domain/json.ts';

/** One event of a run’s history, as the log reads it. */
export type HistoryEvent =
  | {
      readonly kind: 'started';
      readonly at: string;
      /** The run that began then: of a copied history not the run that it is of now. */
      readonly runId: string;
      readonly input: unknown;
      readonly identity: string;
    }
  | {
      readonly kind: 'scheduled';
      readonly at: string;
      readonly eventId: number;
      readonly activityId: string;
      readonly type: string;
      readonly input: unknown;
    }
  | {
      readonly kind: 'begun';
      readonly at: string;
      readonly scheduledId: number;
      readonly attempt: number;
      readonly identity: string;
    }
  | { readonly kind: 'completed'; readonly at: string; readonly scheduledId: number; readonly result: unknown }
  | {
      readonly kind: 'failed';
      readonly at: string;
      readonly scheduledId: number;
      readonly why: string;
      readonly how: 'failed' | 'timedOut' | 'cancelled';
      /** The failure’s type as its activity named it; empty where it has none. */
      readonly type: string;
      /** Whether the last heartbeat of a timed-out activity shows its mark. */
      readonly marked: boolean;
    }
  | { readonly kind: 'timerFired'; readonly at: string }
  /** What follows was done in the run `runId`. */
  | { readonly kind: 'reset'; readonly at: string; readonly ofRun: string; readonly runId: string }
  | {
      readonly kind: 'signal';
      readonly at: string;
      readonly name: string;
      readonly payload: unknown;
      readonly identity: string;
    }
  | {
      readonly kind: 'update';
      readonly at: string;
      readonly updateId: string;
      readonly name: string;
      readonly payload: unknown;
      readonly identity: string;
    }
  | { readonly kind: 'updateAnswered'; readonly at: string; readonly updateId: string; readonly refusal: string | null }
  | { readonly kind: 'cancelAsked'; readonly at: string; readonly identity: string }
  | {
      readonly kind: 'ended';
      readonly at: string;
      readonly how: 'completed' | 'failed' | 'terminated' | 'timedOut' | 'cancelled' | 'continued';
      readonly result: unknown;
      readonly why: string;
    };

/** Reads decoded protobuf (or its JSON) events; kinds that tell nothing of the session are left out. Total. */
export function readEvents(events: readonly unknown[]): readonly HistoryEvent[] {
  const updates = new Set<string>();
  return events.flatMap((event) => {
    const read = readEvent(event);
    if (read?.kind !== 'update') return read ?? [];
    // Admitted and then accepted is still one update.
    if (updates.has(read.updateId)) return [];
    updates.add(read.updateId);
    return read;
  });
}

const READERS: Readonly<Record<string, (attributes: unknown, event: unknown, at: string) => HistoryEvent | undefined>> =
  {
    workflowExecutionStartedEventAttributes: (a, _, at) => ({
      kind: 'started',
      at,
      runId: text(a, 'originalExecutionRunId'),
      input: firstOf(own(a, 'input')),
      identity: text(a, 'identity'),
    }),
    activityTaskScheduledEventAttributes: (a, event, at) => ({
      kind: 'scheduled',
      at,
      eventId: Number(own(event, 'eventId')),
      activityId: text(a, 'activityId'),
      type: ownString(own(a, 'activityType'), 'name') ?? '',
      input: firstOf(own(a, 'input')),
    }),
    activityTaskStartedEventAttributes: (a, _, at) => ({
      kind: 'begun',
      at,
      scheduledId: scheduledId(a),
      attempt: Number(own(a, 'attempt') ?? 1),
      identity: text(a, 'identity'),
    }),
    activityTaskCompletedEventAttributes: (a, _, at) => ({
      kind: 'completed',
      at,
      scheduledId: scheduledId(a),
      result: firstOf(own(a, 'result')),
    }),
    activityTaskFailedEventAttributes: (a, _, at) => ({ ...failed(a, at), how: 'failed' }),
    activityTaskTimedOutEventAttributes: (a, _, at) => {
      const { why, ...rest } = failed(a, at);
      return { ...rest, how: 'timedOut', why: `timed out: ${why}` };
    },
    activityTaskCanceledEventAttributes: (a, _, at) => ({ ...failed(a, at), how: 'cancelled', why: 'cancelled' }),
    timerFiredEventAttributes: (_a, _, at) => ({ kind: 'timerFired', at }),
    // Of all failed workflow tasks only a reset names a new run: it stands where the copied history ends.
    workflowTaskFailedEventAttributes: (a, _, at) =>
      text(a, 'newRunId') === ''
        ? undefined
        : { kind: 'reset', at, ofRun: text(a, 'baseRunId'), runId: text(a, 'newRunId') },
    workflowExecutionSignaledEventAttributes: (a, _, at) => ({
      kind: 'signal',
      at,
      name: text(a, 'signalName'),
      payload: firstOf(own(a, 'input')),
      identity: text(a, 'identity'),
    }),
    // A reset hands the updates of the old run on as admitted; their acceptance then repeats no request.
    workflowExecutionUpdateAdmittedEventAttributes: (a, _, at) => updateOf(own(a, 'request'), at),
    workflowExecutionUpdateAcceptedEventAttributes: (a, _, at) => updateOf(own(a, 'acceptedRequest'), at),
    workflowExecutionUpdateCompletedEventAttributes: (a, _, at) => {
      const failure = own(own(a, 'outcome'), 'failure');
      const refused = failure !== undefined && failure !== null;
      return {
        kind: 'updateAnswered',
        at,
        updateId: text(own(a, 'meta'), 'updateId'),
        refusal: refused ? failureWords(failure) : null,
      };
    },
    workflowExecutionCancelRequestedEventAttributes: (a, _, at) => ({
      kind: 'cancelAsked',
      at,
      identity: text(a, 'identity'),
    }),
    workflowExecutionCompletedEventAttributes: (a, _, at) => ({
      kind: 'ended',
      at,
      how: 'completed',
      result: firstOf(own(a, 'result')),
      why: '',
    }),
    workflowExecutionFailedEventAttributes: (a, _, at) => ({
      kind: 'ended',
      at,
      how: 'failed',
      result: undefined,
      why: failureWords(own(a, 'failure')),
    }),
    workflowExecutionTerminatedEventAttributes: (a, _, at) => ({
      kind: 'ended',
      at,
      how: 'terminated',
      result: undefined,
      why: `${text(a, 'reason')} (by ${text(a, 'identity')})`,
    }),
    workflowExecutionTimedOutEventAttributes: (_a, _, at) => ({
      kind: 'ended',
      at,
      how: 'timedOut',
      result: undefined,
      why: '',
    }),
    workflowExecutionCanceledEventAttributes: (_a, _, at) => ({
      kind: 'ended',
      at,
      how: 'cancelled',
      result: undefined,
      why: '',
    }),
    workflowExecutionContinuedAsNewEventAttributes: (_a, _, at) => ({
      kind: 'ended',
      at,
      how: 'continued',
      result: undefined,
      why: '',
    }),
  };

function readEvent(event: unknown): HistoryEvent | undefined {
  for (const [name, read] of Object.entries(READERS)) {
    const attributes = field(event, name);
    if (attributes !== undefined && attributes !== null)
      return read(attributes, event, timeOf(field(event, 'eventTime')));
  }
  return undefined;
}

/** Protobuf objects keep unset fields on their prototype; those are null or undefined and mean nothing. */
function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? own({ ...value }, key) : undefined;
}

function text(value: unknown, key: string): string {
  return ownString(value, key) ?? '';
}

function scheduledId(attributes: unknown): number {
  return Number(own(attributes, 'scheduledEventId'));
}

type Failed = HistoryEvent & { kind: 'failed' };

function failed(attributes: unknown, at: string): Omit<Failed, 'how'> {
  const failure = own(attributes, 'failure');
  const details = firstOf(own(own(failure, 'timeoutFailureInfo'), 'lastHeartbeatDetails'));
  return {
    kind: 'failed',
    at,
    scheduledId: scheduledId(attributes),
    why: failureWords(failure),
    type: text(own(failure, 'applicationFailureInfo'), 'type'),
    marked: details !== undefined && details !== null && own(details, 'stage') !== 'withdrawn',
  };
}

function updateOf(request: unknown, at: string): HistoryEvent | undefined {
  const [meta, input] = [own(request, 'meta'), own(request, 'input')];
  if (text(meta, 'updateId') === '') return undefined;
  return {
    kind: 'update',
    at,
    updateId: text(meta, 'updateId'),
    name: text(input, 'name'),
    payload: firstOf(own(input, 'args')),
    identity: text(meta, 'identity'),
  };
}

function failureWords(failure: unknown): string {
  const cause = own(failure, 'cause');
  const inner = cause === undefined || cause === null ? '' : failureWords(cause);
  return [text(failure, 'message'), inner].filter((words) => words !== '').join(': ');
}

function timeOf(time: unknown): string {
  const milliseconds = Number(own(time, 'seconds') ?? 0) * 1000 + Number(own(time, 'nanos') ?? 0) / 1_000_000;
  const date = new Date(milliseconds);
  return (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString();
}

function firstOf(payloads: unknown): unknown {
  const first = ownList(payloads, 'payloads')[0];
  if (first === undefined) return undefined;
  try {
    const value = defaultPayloadConverter.fromPayload<unknown>(first as Payload);
    return isTooDeep(value) ? { undecodable: true } : value;
  } catch {
    return { undecodable: true };
  }
}
