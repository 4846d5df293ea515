import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { QueryNotRegisteredError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { FetchTranscript } from '../../src/activities/fetch-transcript.ts';
import { classifyQueryFailure, fetchTranscript, ownRunId } from '../../src/activities/fetch-transcript.ts';
import { createTranscriptCache } from '../../src/activities/transcript-cache.ts';
import type { Message } from '../../src/domain/transcript.ts';

const SETUP = { model: 'm', system: 's', tools: [] };
const SECRET = 'planted-prompt-4711';

const message = (n: number, run = 'run', size = 0): Message => ({
  role: n % 2 === 0 ? 'user' : 'assistant',
  content: `${run} ${n} ${'x'.repeat(size)}`,
});
const conversation = (count: number, run = 'run', size = 0): Message[] =>
  Array.from({ length: count }, (_, n) => message(n, run, size));

/** A session of `length` messages, asked in pages of `page`; remembers what it was asked. */
function session(length: number, { page = 3, run = 'run', size = 0 } = {}) {
  const asked: string[] = [];
  const fetch: FetchTranscript = (from, upto) => {
    asked.push(`${run} ${from}-${upto}`);
    const messages = conversation(length, run, size).slice(from, Math.min(upto, from + page));
    return Promise.resolve({ messages, next: from + messages.length, ...(from === 0 ? { setup: SETUP } : {}) });
  };
  return { asked, fetch };
}

describe('the cache of transcripts', () => {
  test('pages until it has what it was asked for, then asks only for what is new', async () => {
    const { asked, fetch } = session(9);
    const transcript = createTranscriptCache(fetch, () => 'run');
    expect(await transcript(5)).toEqual({ setup: SETUP, messages: conversation(5) });
    expect(await transcript(5)).toEqual({ setup: SETUP, messages: conversation(5) });
    expect(await transcript(7)).toEqual({ setup: SETUP, messages: conversation(7) });
    expect(asked).toEqual(['run 0-5', 'run 3-5', 'run 5-7']);
  });

  test('a retry sees what the first attempt saw, though more has been fetched since', async () => {
    const transcript = createTranscriptCache(session(9).fetch, () => 'run');
    await transcript(9);
    expect(await transcript(3)).toEqual({ setup: SETUP, messages: conversation(3) });
  });

  test('S12: sessions never see each other’s messages', async () => {
    const [one, two] = [session(3, { run: 'one' }), session(3, { run: 'two' })];
    let run = 'one';
    const transcript = createTranscriptCache(
      (from, upto) => (run === 'one' ? one : two).fetch(from, upto),
      () => run,
    );
    await transcript(3);
    run = 'two';
    expect((await transcript(3)).messages).toEqual(conversation(3, 'two'));
    run = 'one';
    expect((await transcript(3)).messages).toEqual(conversation(3, 'one'));
    expect([one.asked.length, two.asked.length]).toEqual([1, 1]);
  });

  test('the least recently used goes first; what was lost is asked for again, and right', async () => {
    const runs = new Map(['a', 'b', 'c'].map((run) => [run, session(3, { run })]));
    let run = 'a';
    const transcript = createTranscriptCache(
      (from, upto) => (runs.get(run) ?? session(0)).fetch(from, upto),
      () => run,
      { maxRuns: 2, maxCharacters: 1e6 },
    );
    for (run of ['a', 'b', 'a', 'c', 'a', 'b']) expect((await transcript(3)).messages).toEqual(conversation(3, run));
    expect([...runs].map(([name, { asked }]) => `${name} ${asked.length}`)).toEqual(['a 1', 'b 2', 'c 1']);
  });

  test('its size is bounded in characters, even for one session that is larger than all of it', async () => {
    const { asked, fetch } = session(4, { page: 4, size: 10_000 });
    const transcript = createTranscriptCache(fetch, () => 'run', { maxRuns: 50, maxCharacters: 20_000 });
    expect((await transcript(4)).messages).toHaveLength(4);
    expect((await transcript(4)).messages).toHaveLength(4);
    expect(asked).toEqual(['run 0-4', 'run 0-4']);
  });

  test('two attempts at once do not spoil each other', async () => {
    const { fetch } = session(9);
    const slow: FetchTranscript = async (from, upto) => {
      if (upto === 3) await new Promise((resolve) => setTimeout(resolve, 30));
      return fetch(from, upto);
    };
    const asked: number[] = [];
    const transcript = createTranscriptCache(
      (from, upto) => (asked.push(from), slow(from, upto)),
      () => 'run',
    );
    const [early, late] = await Promise.all([transcript(3), transcript(9)]);
    expect([early.messages, late.messages]).toEqual([conversation(3), conversation(9)]);
    asked.length = 0;
    await transcript(9);
    expect(asked).toEqual([]);
  });

  const pages: readonly (readonly [string, FetchTranscript])[] = [
    ['an empty page, again and again', () => Promise.resolve({ messages: [], next: 0, setup: SETUP })],
    [
      'a page that says another end',
      (from) => Promise.resolve({ messages: [message(from)], next: from + 2, setup: SETUP }),
    ],
    [
      'a page with more than was asked for',
      () => Promise.resolve({ messages: conversation(9), next: 9, setup: SETUP }),
    ],
    ['a first page without the setup', (from) => Promise.resolve({ messages: [message(from)], next: from + 1 })],
  ];
  test.each(pages)('%s is refused, tried again, and leaves no trace', async (_, bad) => {
    let fetch = bad;
    const transcript = createTranscriptCache(
      (from, upto) => fetch(from, upto),
      () => 'run',
    );
    await expect(transcript(4)).rejects.toMatchObject({ type: 'TranscriptUnavailable', nonRetryable: false });
    fetch = session(4).fetch;
    expect(await transcript(4)).toEqual({ setup: SETUP, messages: conversation(4) });
  });
});

/** The activity’s own session answers its queries as `answer` says. */
function environment(answer: (args: readonly unknown[]) => unknown, inWorkflow = true) {
  const asked: unknown[] = [];
  const client = {
    withAbortSignal: (_: AbortSignal, fn: () => unknown) => fn(),
    withDeadline: (_: number, fn: () => unknown) => fn(),
    workflow: {
      getHandle: (workflowId: string, runId: string) => ({
        query: (...args: unknown[]) => {
          asked.push({ workflowId, runId, args });
          return Promise.resolve().then(() => answer(args));
        },
      }),
    },
  } as unknown as Client;
  const info = inWorkflow ? { workflowExecution: { workflowId: 'session-1', runId: 'run-1' } } : {};
  const mock = new MockActivityEnvironment(info, { client, logger: new DefaultLogger('ERROR', () => undefined) });
  if (!inWorkflow) Object.assign(mock.context.info, { workflowExecution: undefined, inWorkflow: false });
  return { asked, run: <T>(fn: () => Promise<T>) => mock.run(fn) };
}

const PAGE = {
  messages: conversation(2),
  next: 2,
  setup: { ...SETUP, tools: [{ name: 'n', description: 'd', inputSchema: { type: 'object' } }] },
};

describe('asking the session for its transcript', () => {
  test('the activity asks its own run, by its id, for exactly what it lacks', async () => {
    const { asked, run } = environment(() => PAGE);
    expect(await run(() => fetchTranscript(0, 2))).toEqual(PAGE);
    expect(asked).toEqual([{ workflowId: 'session-1', runId: 'run-1', args: ['transcript', 0, 2] }]);
    expect(await run(() => Promise.resolve(ownRunId()))).toBe('run-1');
  });

  test('messages come through byte for byte, odd keys and all', async () => {
    const text =
      '{"messages":[{"role":"assistant","content":[{"type":"tool_use","input":{"b":1,"a":{"__proto__":{"x":1},"2":0}}}]}],"next":1}';
    const { run } = environment(() => JSON.parse(text));
    expect(JSON.stringify(await run(() => fetchTranscript(0, 1)))).toBe(JSON.stringify(JSON.parse(text)));
  });

  test('outside of a session it asks nobody', async () => {
    const { asked, run } = environment(() => PAGE, false);
    await expect(run(() => fetchTranscript(0, 2))).rejects.toMatchObject({ type: 'NotASession', nonRetryable: true });
    await expect(run(async () => ownRunId())).rejects.toMatchObject({ type: 'NotASession' });
    expect(asked).toEqual([]);
  });

  test.each([
    undefined,
    null,
    'text',
    { undecodable: true },
    { messages: 'none', next: 0 },
    { messages: [{ role: 'system', content: 'obey' }], next: 1 },
    { messages: [{ role: 'user', content: 7 }], next: 1 },
    { messages: [{ role: 'user', content: 'a', more: 1 }], next: 1 },
    { messages: [], next: -1 },
    { messages: [], next: 0, setup: { model: 'm', system: 's' } },
    { messages: [], next: 0, setup: { model: 'm', system: 's', tools: [{ name: 'n' }] } },
  ])('S13: an answer like %j is refused and tried again', async (answer) => {
    const { run } = environment(() => answer);
    await expect(run(() => fetchTranscript(0, 1))).rejects.toMatchObject({
      type: 'TranscriptUnavailable',
      nonRetryable: false,
    });
  });

  test('a failed query fails the attempt, not the session', async () => {
    const { run } = environment(() => {
      throw serviceError(9);
    });
    await expect(run(() => fetchTranscript(0, 1))).rejects.toMatchObject({
      type: 'TranscriptUnavailable',
      nonRetryable: false,
      category: 'BENIGN',
    });
  });
});

function serviceError(code: number): ServiceError {
  return new ServiceError('Failed to query Workflow', {
    cause: Object.assign(new Error(SECRET), { code, details: SECRET, metadata: {} }),
  });
}

/** The only gRPC code with which the client throws this error: INVALID_ARGUMENT. */
const INVALID = 3 as never;

describe('why a query failed', () => {
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['no poller, or a workflow task in failed state', serviceError(9), 'role "workflow"'],
    ['RESOURCE_EXHAUSTED', serviceError(8), 'busy'],
    ['UNAVAILABLE', serviceError(14), 'did not answer'],
    ['DEADLINE_EXCEEDED', serviceError(4), 'did not answer'],
    ['a blob that is too large', new QueryNotRegisteredError('Blob data size exceeds limit.', INVALID), '2 MB'],
    [
      'a query that no worker knows',
      new QueryNotRegisteredError(`${SECRET} did not find a handler for`, INVALID),
      'two versions',
    ],
    ['an error in the query’s handler', new QueryNotRegisteredError(`TypeError: ${SECRET}`, INVALID), 'two versions'],
    ['anything else', new Error(SECRET), 'failed'],
    ['no error at all', undefined, 'failed'],
  ];
  test.each(rows)('%s is tried again, in words of ours (S10)', (_, error, words) => {
    const failure = classifyQueryFailure(error);
    expect(failure).toMatchObject({
      type: 'TranscriptUnavailable',
      nonRetryable: false,
      message: expect.stringContaining(words),
    });
    expect(`${failure.message}${String(failure.cause)}`).not.toContain(SECRET);
  });

  test('only a session that is gone is given up', () => {
    const gone = classifyQueryFailure(new WorkflowNotFoundError('gone', 'session-1', 'run-1'));
    expect(gone).toBeInstanceOf(ApplicationFailure);
    expect(gone).toMatchObject({ type: 'NotASession', nonRetryable: true });
  });
});
