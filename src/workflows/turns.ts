/** Turns: one `think` and the actions it proposed, side by side; a script is one turn without thinking. */
import { CancellationScope, CancelledFailure, isCancellation } from '@temporalio/workflow';
import { assertNever } from '../domain/assert-never.ts';
import type { JsonObject } from '../domain/json.ts';
import { own, ownString } from '../domain/json.ts';
import type { ProposedCall } from '../domain/model-answer.ts';
import { MAX_CALLS, readAnswer, wordsOf } from '../domain/model-answer.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Ending, OpenedSession } from '../domain/session.ts';
import type { ScriptedCall } from '../domain/start-input.ts';
import { utf8Length, withinBytes } from '../domain/text-size.ts';
import { toolResult } from '../domain/transcript.ts';
import { think, whyFailed } from './model-activities.ts';
import { summaryLine } from './narration.ts';
import { deniedHere } from './perform-action.ts';
import type { ActionRecord, Ledger } from './session-ledger.ts';
import { performAndAsk } from './ask-what-became.ts';
import { addAction, addThought, labelsSeen, particularsOf, standingOf } from './session-ledger.ts';

/** Of all results of one turn; a query carries 2 MB. */
const MAX_MESSAGE_BYTES = 1_200_000;
/** Of what a session without a model says at its end; the history has all of it. */
const MAX_WORDS_BYTES = 200_000;

/** Thinks and acts until Claude ends its turn or a limit is met. */
export async function converse(ledger: Ledger, opened: OpenedSession): Promise<Ending> {
  for (;;) {
    const met = limitMet(ledger, opened);
    if (met !== undefined) return { end: 'limit', why: met };
    ledger.phase = 'thinking';
    ledger.turns += 1;
    const thought = await thinkOrFail(ledger, opened);
    if ('end' in thought) return thought;
    addThought(ledger, thought);
    ledger.lastWords = wordsOf(thought.content) || ledger.lastWords;
    const next = readAnswer(thought);
    switch (next.kind) {
      case 'end':
        return next;
      case 'thinkOn':
        break;
      case 'act': {
        const spent = spentMet(ledger, opened);
        if (spent !== undefined) return { end: 'limit', why: `${spent} The last tool calls were not run.` };
        await actOn(ledger, opened, next.calls);
        break;
      }
      default:
        return assertNever(next);
    }
  }
}

async function thinkOrFail(ledger: Ledger, opened: OpenedSession): Promise<Awaited<ReturnType<typeof think>> | Ending> {
  try {
    return await think(opened, ledger.turns, ledger.messages.length);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { end: 'model-failed', why: whyFailed(error) };
  }
}

async function actOn(ledger: Ledger, opened: OpenedSession, calls: readonly ProposedCall[]): Promise<void> {
  const run = calls.slice(0, MAX_CALLS);
  const outcomes = await actSideBySide(ledger, opened, run);
  const results = calls.map(({ toolUseId }, position) => {
    const outcome =
      outcomes[position] ?? deniedHere(`At most ${MAX_CALLS} tool calls of one answer are run; this one was not.`);
    return toolResult(toolUseId, outcome.text, outcome.kind !== 'done');
  });
  ledger.messages.push({ role: 'user', content: withinOneMessage(results) });
}

/** What does not fit is replaced whole: a message that no query can carry would keep the session from thinking. */
function withinOneMessage(results: readonly JsonObject[]): readonly JsonObject[] {
  let bytes = 0;
  return results.map((result) => {
    const size = utf8Length(JSON.stringify(result));
    if (bytes + size <= MAX_MESSAGE_BYTES) {
      bytes += size;
      return result;
    }
    const id = ownString(result, 'tool_use_id') ?? '';
    const isError = own(result, 'is_error') !== false;
    const words = `${isError ? '' : 'It was done. '}Its result (${size} bytes) is too much for one turn: ask for less.`;
    return toolResult(id, words, isError);
  });
}

/** Runs a given list of tool calls; without a model nobody reads the results but people. */
export async function runScript(
  ledger: Ledger,
  opened: OpenedSession,
  calls: readonly ScriptedCall[],
): Promise<Ending> {
  ledger.turns = 1;
  const outcomes = await actSideBySide(
    ledger,
    opened,
    calls.map(({ tool, input }) => ({ name: tool, input })),
  );
  ledger.lastWords = withinBytes(outcomes.map(({ text }) => text).join('\n\n'), MAX_WORDS_BYTES);
  return { end: 'completed' };
}

/** Every call to its outcome, in call order; a cancel ends them all before it is passed on. */
async function actSideBySide(
  ledger: Ledger,
  opened: OpenedSession,
  calls: readonly { readonly name: string; readonly input: JsonObject }[],
): Promise<readonly Outcome[]> {
  ledger.phase = 'acting';
  const tools = new Map(opened.tools.map((tool) => [tool.name, tool]));
  const seen = labelsSeen(ledger);
  const records = calls.map(({ name, input }) => addAction(ledger, name, summaryLine(particularsOf(input)), seen));
  let judged: Promise<void> = Promise.resolve();
  const running = calls.map(async ({ name, input }, position) => {
    const record = records[position];
    if (record === undefined) return deniedHere('The call was not recorded.');
    const tool = tools.get(name);
    if (tool === undefined) return end(record, deniedHere(notOffered(name, opened)));
    const start = async (onJudged: () => void): Promise<Outcome> => {
      const why = countMet(ledger, opened, record);
      if (why !== undefined) return end(record, deniedHere(why));
      return performAndAsk({ ledger, opened, record, tool, input, onJudged });
    };
    if (tool.inOrder !== true) return start(() => undefined);
    const before = judged;
    let release = (): void => undefined;
    judged = new Promise((resolve) => (release = resolve));
    await before;
    try {
      return await start(release);
    } finally {
      release();
    }
  });
  const outcomes = await Promise.all(running);
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('The session was cancelled.');
  return outcomes;
}

function end(record: ActionRecord, outcome: Outcome): Outcome {
  record.progress = 'ended';
  record.outcome = outcome;
  return outcome;
}

function notOffered(name: string, opened: OpenedSession): string {
  const names = opened.tools.map((tool) => tool.name).join(', ');
  return `There is no tool "${name.slice(0, 64)}" in this session. Offered: ${names === '' ? 'none' : names}.`;
}

function countMet(ledger: Ledger, opened: OpenedSession, record: ActionRecord): string | undefined {
  const limit = new Map(Object.entries(opened.limits.actions)).get(record.tool);
  const spent = new Map(Object.entries(standingOf(ledger, record).actions)).get(record.tool) ?? 0;
  return limit !== undefined && spent >= limit
    ? `This session may use ${record.tool} at most ${limit} times.`
    : undefined;
}

function limitMet(ledger: Ledger, opened: OpenedSession): string | undefined {
  if (ledger.turns >= opened.limits.turns) return `The session’s limit of ${opened.limits.turns} turns is met.`;
  return spentMet(ledger, opened);
}

function spentMet(ledger: Ledger, opened: OpenedSession): string | undefined {
  return tokensMet(ledger, opened) ?? costMet(ledger, opened);
}

/** Met, too, where the cost cannot be known. */
function costMet({ costUsd }: Ledger, { limits, price, model }: OpenedSession): string | undefined {
  const limit = limits.costUsd;
  if (limit === undefined) return undefined;
  if (price === undefined || costUsd === null)
    return `The session’s cost is limited, and what ${model} costs is not known: write its prices into the policy (prices).`;
  return costUsd >= limit ? `The session’s limit of ${limit} USD is met.` : undefined;
}

function tokensMet(ledger: Ledger, opened: OpenedSession): string | undefined {
  return ledger.tokens >= opened.limits.tokens
    ? `The session’s limit of ${opened.limits.tokens} tokens is met.`
    : undefined;
}
