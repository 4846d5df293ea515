import { describe, expect, test } from '@jest/globals';
import type { Behaviour } from './loopback-api.ts';
import { GOOD, ask, failureOf, useLoopbackApi } from './claude-at-loopback.ts';
import { asSse, messageStart, stream } from './loopback-api.ts';

useLoopbackApi();

describe('a slow model and a dead line', () => {
  test('a server that never answers is given up after the idle time, and tried again', async () => {
    const began = Date.now();
    expect(await failureOf(ask(() => undefined, {}, 300))).toMatchObject({ kind: 'retry', type: 'ModelStalled' });
    expect(Date.now() - began).toBeLessThan(3000);
  });

  test('a stall in the middle of an answer, and one in the middle of an error, are noticed too', async () => {
    const half: Behaviour = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(asSse([messageStart()]));
    };
    expect(await failureOf(ask(half, {}, 300))).toMatchObject({ type: 'ModelStalled' });
    const halfError: Behaviour = (_, response) => {
      response.writeHead(500, { 'content-type': 'application/json', 'content-length': '9999' });
      response.write('{"type":');
    };
    expect(await failureOf(ask(halfError, {}, 300))).toMatchObject({ type: 'ModelStalled' });
  });

  test('pings keep a silent, thinking model alive for longer than the idle time', async () => {
    const slow: Behaviour = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let pings = 0;
      const timer = setInterval(() => {
        pings += 1;
        if (pings < 8) return void response.write(asSse([{ type: 'ping' }]));
        clearInterval(timer);
        response.end(asSse(GOOD));
      }, 100);
    };
    expect(await ask(slow, {}, 400)).toMatchObject({ stopReason: 'end_turn' });
  });

  test('a flood is given up before it fills the memory', async () => {
    const flood: Behaviour = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const chunk = `: ${'x'.repeat(1_000_000)}\n`;
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    };
    expect(await failureOf(ask(flood))).toMatchObject({ kind: 'retryFew', type: 'ModelAnswerBroken' });
  }, 20_000);

  test('cancelling ends the call at once, as cancelled and not as a failure of Claude', async () => {
    const controller = new AbortController();
    let closed = false;
    const silent: Behaviour = (_, response) => {
      response.on('close', () => {
        closed = true;
      });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(asSse([messageStart()]));
      setTimeout(() => controller.abort(), 50);
    };
    expect(await failureOf(ask(silent, { signal: controller.signal }))).toMatchObject({ kind: 'cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closed).toBe(true);
    expect(await failureOf(ask(stream(GOOD), { signal: AbortSignal.abort() }))).toMatchObject({ kind: 'cancelled' });
  });
});
