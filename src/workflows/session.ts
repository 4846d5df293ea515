/**
 * agentSession: one session, told top to bottom.
 *
 * It knows no policy, no keys and no tools: it proposes, waits and relays. Every decision is the recorded result of an
 * activity, so a changed rule never breaks the replay of a session that has been waiting for weeks.
 */
import {
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  isCancellation,
  patched,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import { narrowLimits } from '../domain/limits.ts';
import type { Ending, SessionResult } from '../domain/session.ts';
import type { StartInput } from '../domain/start-input.ts';
import { readStartInput } from '../domain/start-input.ts';
import { createApprovalBoard } from './approval-board.ts';
import { CROWDED_OUT, decideApprovalSignal, decideApprovalUpdate, stateQuery, transcriptQuery } from './messages.ts';
import { openSession, whyFailed } from './model-activities.ts';
import { tellPeople } from './narration.ts';
import type { Ledger } from './session-ledger.ts';
import { costOfSession, createLedger, stateOf, tellVisibility, transcriptPage } from './session-ledger.ts';
import { converse, runScript } from './turns.ts';

export async function agentSession(start: unknown): Promise<SessionResult> {
  const ledger = createLedger(
    createApprovalBoard({ now: () => new Date(), random: Math.random, isFair: () => patched('fair-verdict-queue') }),
  );
  listen(ledger);
  const read = readStartInput(start);
  if (read.kind === 'unreadable') throw ApplicationFailure.nonRetryable(read.why, 'InvalidSessionInput');
  const ending = await withinWallTime(ledger, () => story(ledger, read.input));
  return CancellationScope.nonCancellable(() => finish(ledger, ending));
}

async function story(ledger: Ledger, input: StartInput): Promise<Ending> {
  ledger.goal = input.goal;
  ledger.messages.push({ role: 'user', content: input.goal });
  const opened = await openSession(input);
  ledger.opened = { ...opened, limits: narrowLimits(opened.limits, input.limits) };
  tellVisibility(ledger);
  return input.actions === undefined
    ? converse(ledger, ledger.opened)
    : runScript(ledger, ledger.opened, input.actions);
}

/** Handlers come first: a verdict that arrives early is answered, not lost, and none can fail a task (S13). */
function listen(ledger: Ledger): void {
  const description = 'A signed verdict: paste the output of "countersign sign <request> approve|deny".';
  setHandler(
    decideApprovalSignal,
    (payload: unknown) => {
      ledger.board.receive(payload);
    },
    { description },
  );
  setHandler(
    decideApprovalUpdate,
    async (payload: unknown) => {
      const entry = ledger.board.receive(payload);
      await CancellationScope.nonCancellable(() => condition(() => entry.answer !== undefined));
      if (entry.answer?.kind === 'counted') return entry.answer.receipt;
      const type = entry.answer?.kind === 'crowdedOut' ? CROWDED_OUT : 'VerdictRefused';
      throw ApplicationFailure.nonRetryable(entry.answer?.why ?? 'The verdict was not answered.', type);
    },
    { description },
  );
  setHandler(stateQuery, () => stateOf(ledger), { description: 'What the session is doing and waits for.' });
  setHandler(transcriptQuery, (from: number, upto: number) => transcriptPage(ledger, from, upto), {
    description: 'Messages from one position up to another, a page at a time.',
  });
}

/** Runs the story until its end, a cancel, or the wall-time limit, which cancels it from within. */
async function withinWallTime(ledger: Ledger, tell: () => Promise<Ending>): Promise<Ending> {
  const scope = new CancellationScope();
  const timer = new CancellationScope();
  let over = false;
  const watch = async (): Promise<void> => {
    await condition(() => ledger.opened !== undefined);
    const limitMs = ledger.opened?.limits.wallTimeMs ?? 0;
    await sleep(limitMs, { summary: 'wall time of the session' });
    over = true;
    scope.cancel();
  };
  // Cancelled when the story ends first; nothing else can go wrong in it.
  timer.run(watch).catch(() => undefined);
  try {
    return await scope.run(tell);
  } catch (error) {
    if (isCancellation(error)) return over ? { end: 'limit', why: 'The session’s wall time is over.' } : cancelled();
    throw ApplicationFailure.nonRetryable(whyFailed(error), 'SessionFailed');
  } finally {
    timer.cancel();
  }
}

function cancelled(): Ending {
  return { end: 'cancelled', why: 'The session was cancelled; what was waiting is denied.' };
}

async function finish(ledger: Ledger, { end, why }: Ending): Promise<SessionResult> {
  ledger.end = end;
  ledger.phase = 'ended';
  tellPeople(ledger);
  tellVisibility(ledger);
  await condition(allHandlersFinished);
  return {
    end,
    text: ledger.lastWords,
    ...(why === undefined ? {} : { why }),
    turns: ledger.turns,
    tokens: ledger.tokens,
    cost: costOfSession(ledger),
    actions: ledger.actions.map(({ callId, tool, outcome }) => ({ callId, tool, outcome: outcome?.kind ?? 'unknown' })),
  };
}
