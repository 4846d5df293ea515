/** The tool of CONTRIBUTING.md, so that what is shown there compiles, is linted and works. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { HttpCall, HttpClient, HttpExchange } from '../../src/tools/ports/http-client.ts';
import { postStatus } from '../support/post-status.ts';
import { act, open } from './act.ts';

const answering = (exchange: HttpExchange, calls: HttpCall[] = []): HttpClient => ({
  exchange: (call) => {
    calls.push(call);
    return Promise.resolve(exchange);
  },
});

describe('post_status', () => {
  test('S4: posts what was shown', async () => {
    const calls: HttpCall[] = [];
    const http = answering({ kind: 'answered', answer: { status: 201, headers: {}, body: '', bytes: 0 } }, calls);
    expect(await act(postStatus, { line: 'all is well' }, { http })).toMatchObject({ kind: 'done' });
    expect(calls).toMatchObject([{ method: 'POST', body: 'all is well' }]);
  });

  test('S7: what is not certain is unknown, what surely did not happen may be tried again', async () => {
    const told = async (exchange: HttpExchange): Promise<string> =>
      (await act(postStatus, { line: 'x' }, { http: answering(exchange) })).kind;
    expect(await told({ kind: 'unknown', why: 'no answer came' })).toBe('unknown');
    expect(await told({ kind: 'notSent', why: 'no connection' })).toBe('notPerformed');
    expect(await told({ kind: 'refused', why: 'a private address' })).toBe('failed');
  });

  test('acts once, and a line break does not get in', () => {
    expect(open(postStatus, { line: 'x' }, {}).effect).toBe('once');
    expect(() => open(postStatus, { line: 'x\nfake: line' }, {})).toThrow();
  });
});

test('CONTRIBUTING.md shows this very file', () => {
  const root = join(__dirname, '..', '..');
  const shown = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'))?.[1];
  const file = readFileSync(join(root, 'test', 'support', 'post-status.ts'), 'utf8');
  const inTools = file.replaceAll('../../src/tools/', './').replaceAll('../../src/', '../');
  expect(shown).toBe(inTools);
});
