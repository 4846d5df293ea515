/** Which answers mean that it was done, and which that surely nothing happened; of every other nothing is claimed (S7). */
import type { Json } from '../domain/json.ts';
import type { Path } from '../policy/yaml-source.ts';
import type { HttpAnswer } from '../tools/ports/http-client.ts';
import type { Compiling } from './compile-template.ts';
import { jsonOf } from './json-answer.ts';
import type { Pointer } from './json-pointer.ts';
import { readPointer, valueAt } from './json-pointer.ts';
import type { AnswerTest, Outcome as Declared } from './tools-schema.ts';

interface StatusTest {
  readonly from: number;
  readonly to: number;
  /** What must stand in the JSON of the answer besides. */
  readonly body: { readonly at: Pointer; readonly equals: Json } | undefined;
}

export interface Outcome {
  readonly done: readonly StatusTest[];
  readonly failed: readonly StatusTest[];
}

/** What a call that reads is judged by where the file does not say. */
const SUCCESS: Outcome = { done: [{ from: 200, to: 299, body: undefined }], failed: [] };

export function compileOutcome(declared: Declared | undefined, at: Path, compiling: Compiling): Outcome {
  if (declared === undefined) return SUCCESS;
  const tests = (list: readonly AnswerTest[], key: string): readonly StatusTest[] =>
    list.map((test, index) => compileTest(test, [...at, key, index], compiling));
  complainOfBoth(declared, at, compiling);
  return { done: tests(declared.done, 'done'), failed: tests(declared.failed ?? [], 'failed') };
}

/** An answer that is both means nothing: a status alone that stands in both is a slip. With a body it may be one of many. */
function complainOfBoth({ done, failed = [] }: Declared, at: Path, { complain }: Compiling): void {
  const statuses = done.flatMap((test) => (typeof test === 'object' ? [] : [rangeOf(test)]));
  failed.forEach((test, index) => {
    if (typeof test === 'object') return;
    const { from, to } = rangeOf(test);
    if (statuses.some((status) => status.from <= to && from <= status.to))
      complain([...at, 'failed', index], `"${test}" stands in both "done" and "failed"`, 'it can mean one of the two');
  });
}

function compileTest(test: AnswerTest, at: Path, { complain }: Compiling): StatusTest {
  if (typeof test !== 'object') return { ...rangeOf(test), body: undefined };
  const pointer = readPointer(test.at);
  if (pointer === undefined) complain([...at, 'at'], 'this is no place in an answer', 'write it like /state');
  return { ...rangeOf(test.status), body: { at: pointer ?? [], equals: test.equals } };
}

function rangeOf(status: number | string): { readonly from: number; readonly to: number } {
  if (typeof status === 'number') return { from: status, to: status };
  const from = Number(status.slice(0, 1)) * 100;
  return { from, to: from + 99 };
}

/** An answer that is both is neither. */
export function judgeAnswer({ done, failed }: Outcome, answer: HttpAnswer): 'done' | 'failed' | 'unknown' {
  const json = jsonOf(answer);
  const meets = ({ from, to, body }: StatusTest): boolean =>
    answer.status >= from &&
    answer.status <= to &&
    (body === undefined || (json !== undefined && valueAt(json, body.at) === body.equals));
  const [isDone, isFailed] = [done.some(meets), failed.some(meets)];
  if (isDone === isFailed) return 'unknown';
  return isDone ? 'done' : 'failed';
}
