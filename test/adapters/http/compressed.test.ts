import { describe, expect, test } from '@jest/globals';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { unpack } from '../../../src/adapters/http/decompress.ts';
import { answerOf, call, exchange, serve } from './servers.ts';

const TEXT = 'Grüße '.repeat(50);

async function bodyFor(coding: string | readonly string[], body: Buffer, maxBytes = 1000): Promise<string> {
  const { origin } = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': coding as string }).end(body);
  });
  return answerOf(await exchange(call(origin), { maxBytes })).body;
}

describe('compressed answers, which nobody asked for', () => {
  test.each([
    ['gzip', gzipSync(TEXT)],
    ['GZIP', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateRawSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['identity', Buffer.from(TEXT)],
  ])('%s is read', async (coding, body) => {
    expect(await bodyFor(coding, body)).toBe(TEXT);
  });

  test('a text of several gzip members is read whole', async () => {
    expect(await bodyFor('gzip', Buffer.concat([gzipSync('a'), gzipSync('b')]))).toBe('ab');
  });

  const twice = gzipSync(gzipSync(TEXT));
  test.each<[string, string | readonly string[], Buffer, RegExp]>([
    ['a coding in a coding', 'gzip, gzip', twice, /encoded as gzip, gzip, which is not read/],
    ['the same in two headers', ['gzip', 'gzip'], twice, /encoded as gzip, gzip/],
    ['a coding that nobody knows', 'zstd', twice, /encoded as zstd/],
    ['a prototype name', 'constructor', twice, /encoded as constructor/],
    ['a long name', 'x'.repeat(500), twice, /encoded as x{40},/],
    ['no gzip at all', 'gzip', Buffer.from('hello'), /that are not gzip/],
    ['gzip that is cut off', 'gzip', gzipSync(TEXT).subarray(0, 20), /that are not gzip/],
    ['gzip with a wrong checksum', 'gzip', withWrongSum(gzipSync(TEXT)), /that are not gzip/],
    ['no brotli at all', 'br', Buffer.from('hello'), /that are not br/],
    ['packed to more than the cap', 'gzip', gzipSync('x'.repeat(1001)), /unpack to more than 1000/],
  ])('%s is described', async (_what, coding, body, told) => {
    expect(await bodyFor(coding, body)).toMatch(told);
  });

  test('exactly the cap is read', async () => {
    expect(await bodyFor('gzip', gzipSync('x'.repeat(1000)))).toHaveLength(1000);
  });

  const BOMB = 50_000_000;
  const FAST = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
  test.each([
    ['gzip', gzipSync(Buffer.alloc(BOMB))],
    ['deflate', deflateSync(Buffer.alloc(BOMB))],
    ['br', brotliCompressSync(Buffer.alloc(BOMB), FAST)],
  ])('a bomb of %s costs no more memory than the cap', async (coding, bomb) => {
    expect(bomb.length).toBeLessThan(256 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 1);
    const unpacked = await unpack(bomb, coding, 256 * 1024);
    clearInterval(watch);
    most = Math.max(most, process.memoryUsage().arrayBuffers);
    expect(unpacked).toEqual({ kind: 'tooLarge' });
    expect(most - before).toBeLessThan(20_000_000);
  });

  test('a naive client shows that the bomb is one', () => {
    expect(gunzipSync(gzipSync(Buffer.alloc(BOMB))).length).toBe(BOMB);
  });
});

function withWrongSum(packed: Buffer): Buffer {
  const wrong = Buffer.from(packed);
  wrong[wrong.length - 8] = (wrong[wrong.length - 8] ?? 0) ^ 0xff;
  return wrong;
}
