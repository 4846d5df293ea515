import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { SessionState, VerdictReceipt } from '../domain/session-state.ts';
import type { TranscriptPage } from '../domain/transcript.ts';

/** What a session can be told and asked. Signal and update bear one name and take the same verdict. */
export const DECIDE_APPROVAL = 'decideApproval';

export const decideApprovalSignal = defineSignal<[unknown]>(DECIDE_APPROVAL);
export const decideApprovalUpdate = defineUpdate<VerdictReceipt, [unknown]>(DECIDE_APPROVAL);
/** Failure type of the update where nobody looked at the verdict: it may be sent again. */
export const CROWDED_OUT = 'VerdictCrowdedOut';
export const stateQuery = defineQuery<SessionState>('state');
export const transcriptQuery = defineQuery<TranscriptPage, [number, number]>('transcript');

/** Set on transitions only, and only where the namespace knows them. */
export const STATE_ATTRIBUTE = 'CountersignState';
export const WAITING_ATTRIBUTE = 'CountersignWaiting';
