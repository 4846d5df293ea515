/** Sends what was prepared, and tells what the answer means by the declaration; of every other nothing is claimed (S7). */
import type { Json } from '../domain/json.ts';
import type { Performance } from '../tools/define-tool.ts';
import { performanceOf } from '../tools/web-exchange.ts';
import type { HttpAnswer, HttpCall, HttpClient } from '../tools/ports/http-client.ts';
import type { DeclaredTool } from './declared-tool.ts';
import { jsonOf } from './json-answer.ts';
import { valueAt } from './json-pointer.ts';
import { judgeAnswer } from './outcome.ts';
import type { Values } from './scope.ts';
import type { Template } from './template.ts';
import { joined, plainText, textOf } from './template.ts';
import { NOT_GIVEN } from './words.ts';

export interface Performing {
  readonly call: HttpCall;
  readonly values: Values;
  readonly http: HttpClient;
  readonly signal: AbortSignal;
}

export async function performCall(tool: DeclaredTool, performing: Performing): Promise<Performance> {
  const { call, http, signal } = performing;
  return performanceOf(await http.exchange(call, signal), tool.effect, (answer) => answered(tool, performing, answer));
}

function answered(tool: DeclaredTool, { values }: Performing, answer: HttpAnswer): Performance {
  const { status } = answer;
  switch (judgeAnswer(tool.outcome, answer)) {
    case 'done':
      return done(tool, values, answer);
    case 'failed':
      return { kind: 'failed', text: `It was not done; the server answered:\n${told(answer)}` };
    case 'unknown':
      return tool.effect === 'read'
        ? { kind: 'failed', text: `The server answered:\n${told(answer)}` }
        : {
            kind: 'unknown',
            why: `the server answered ${status}, which the tool takes neither for done nor for not done`,
          };
  }
}

/** What the file has told of the answer is evidence too, as far as a log can hold it. */
function done({ result }: DeclaredTool, values: Values, answer: HttpAnswer): Performance {
  const { status, bytes } = answer;
  if (result === undefined) return { kind: 'done', text: told(answer), evidence: { status, bytes } };
  const text = resultText(result, values, answer);
  return { kind: 'done', text, evidence: { status, bytes, result: text.slice(0, MAX_EVIDENCE).toWellFormed() } };
}

const MAX_EVIDENCE = 1000;

function told({ status, body }: HttpAnswer): string {
  return `HTTP ${status}\n\n${body}`;
}

/** What the answer says is untrusted, as the label of the tool's results says. */
function resultText(result: Template, values: Values, answer: HttpAnswer): string {
  const json = jsonOf(answer);
  return joined(result, (piece) => {
    if (piece.kind === 'value') return plainText(piece, values) ?? NOT_GIVEN;
    return answerText(json === undefined || piece.kind !== 'answer' ? undefined : valueAt(json, piece.pointer));
  });
}

function answerText(value: Json | undefined): string {
  return value === undefined ? '(not in the answer)' : textOf(value);
}
