/**
 * The scripted stand-in for Claude, for running without a key: a Messages API over HTTP.
 *
 * 1. It is no model: everything it says carries its name as model, and its plays label their texts.
 * 2. What the real API would reject is rejected (`problemOfRequest`, `BoundHistory`) before anything is answered.
 * 3. What it says follows from the conversation it is sent and from nothing else, so a retry gets the same answer.
 * 4. Nothing about safety depends on it. aimock turns a reply into the API’s messages and streams; the conversation
 *    itself is not handed to it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LLMock } from '@copilotkit/aimock';
import { own, ownList } from '../../domain/json.ts';
import type { Answer } from './answer.ts';
import { answerOf, blocksOf, stopReasonOf } from './answer.ts';
import type { BoundHistory } from './bound-history.ts';
import { createBoundHistory } from './bound-history.ts';
import { listen, parseJson, readBody, refuse } from './http-front.ts';
import type { Problem } from './problem.ts';
import { invalid } from './problem.ts';
import { readConversation } from './read-conversation.ts';
import type { Scenario } from './scenario.ts';
import { problemOfRequest } from './validate-request.ts';

export interface StandIn {
  readonly baseURL: string;
  /** Requests that the real API would have rejected; the last thousand. */
  readonly rejected: readonly string[];
  close(): Promise<void>;
}

export interface StandInOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly scenario: Scenario;
}

const MOST_REJECTED = 1000;

export async function startStandIn({ port, scenario }: StandInOptions): Promise<StandIn> {
  const answers = new Map<string, Answer>();
  const mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent', journalMaxEntries: 10 });
  mock.on({}, ({ model }) => answers.get(model) ?? { error: { message: 'no answer was prepared' }, status: 400 });
  await mock.start();
  const history = createBoundHistory();
  const rejected: string[] = [];
  let count = 0;

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const raw = await readBody(incoming);
    const body = raw === undefined ? undefined : parseJson(raw);
    const judged = raw === undefined ? tooLarge() : judge({ incoming, body, history, scenario });
    if ('problem' in judged) {
      if (rejected.push(judged.problem.message) > MOST_REJECTED) rejected.shift();
      return refuse(outgoing, judged.problem);
    }
    count += 1;
    const ticket = `answer-${count}`;
    answers.set(ticket, judged.answer);
    outgoing.on('close', () => answers.delete(ticket));
    outgoing.setHeader('request-id', `req_standin_${count}`);
    return render({ url: mock.url, ticket, stream: own(body, 'stream') === true }, outgoing);
  };

  const server = createServer((incoming, outgoing) => {
    // Only a connection that broke comes to here.
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await listen(server, port);
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rejected,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await mock.stop();
    },
  };
}

interface Case {
  readonly incoming: IncomingMessage;
  readonly body: unknown;
  readonly history: BoundHistory;
  readonly scenario: Scenario;
}

type Judged = { readonly problem: Problem } | { readonly answer: Answer };

function judge({ incoming, body, history, scenario }: Case): Judged {
  const { method = '', url = '', headers } = incoming;
  const problem = problemOfRequest({ method, url, headers, body });
  if (problem !== undefined) return { problem };
  const changed = history.problemOf(body);
  if (changed !== undefined) return { problem: invalid(changed) };
  try {
    const reply = scenario(readConversation(body));
    const idOf = history.bind(body, blocksOf(reply), stopReasonOf(reply));
    return { answer: answerOf(reply, idOf, newCharacters(body)) };
  } catch (error) {
    // A mistake in a play ends the session; as a 500 it would be tried for ever.
    return { problem: invalid(`the play failed: ${error instanceof Error ? error.message : 'unknown'}`) };
  }
}

/** What the conversation has grown by: at its start all of it, later its last message. */
function newCharacters(body: unknown): number {
  const messages = ownList(body, 'messages');
  return JSON.stringify(messages.length === 1 ? body : messages.at(-1)).length;
}

function tooLarge(): Judged {
  return { problem: { status: 413, type: 'request_too_large', message: 'the request is larger than 32 MB' } };
}

interface Order {
  readonly url: string;
  /** Names the prepared answer, in the place of a model. */
  readonly ticket: string;
  readonly stream: boolean;
}

function render({ url, ticket, stream }: Order, outgoing: ServerResponse): void {
  const onward = request(new URL('/v1/messages', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    agent: false,
  });
  onward.on('response', (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  onward.end(JSON.stringify({ model: ticket, max_tokens: 1, stream, messages: [{ role: 'user', content: ticket }] }));
}
