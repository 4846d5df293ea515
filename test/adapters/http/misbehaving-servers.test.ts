/**
 * What becomes of a POST (which must not happen twice) with each way a server can misbehave. `unknown` once the request
 * may have arrived, `answered` once a whole head came: the server has acted (S7). Nothing hangs, nothing throws.
 */
import { describe, expect, test } from '@jest/globals';
import type { Socket } from 'node:net';
import type { HttpExchange } from '../../../src/tools/ports/http-client.ts';
import { call, exchange, serveBytes } from './servers.ts';

type Talk = (socket: Socket) => void;
type Row = readonly [how: string, must: HttpExchange['kind'], talk: Talk, told?: string];

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n';
const says =
  (...parts: readonly (string | Buffer)[]): Talk =>
  (socket) => {
    for (const part of parts) socket.write(part);
    socket.end();
  };
const dripping =
  (first: string, piece: string, everyMs = 5): Talk =>
  (socket) => {
    socket.write(first);
    const drip = setInterval(() => socket.write(piece), everyMs);
    socket.on('close', () => clearInterval(drip));
  };
/** Faster than anybody reads, and without end. */
const pouring =
  (first: string, piece: string): Talk =>
  (socket) => {
    socket.write(first);
    const pour = setInterval(() => {
      for (let n = 0; n < 20 && !socket.writableNeedDrain; n += 1) socket.write(piece);
    }, 1);
    socket.on('close', () => clearInterval(pour));
  };

const HEADS: readonly Row[] = [
  ['says nothing', 'unknown', () => undefined],
  ['closes at once', 'unknown', (socket) => socket.end()],
  ['resets', 'unknown', (socket) => socket.resetAndDestroy()],
  ['drips its status line', 'unknown', dripping('HTTP/1.1 2', '0')],
  ['drips headers for ever', 'unknown', dripping(OK, 'x: y\r\n')],
  ['drips one header for ever', 'unknown', dripping(`${OK}x: `, 'y')],
  ['floods one header', 'unknown', pouring(`${OK}x: `, 'y'.repeat(10_000))],
  ['floods many headers', 'unknown', pouring(OK, 'x: y\r\n'.repeat(1000))],
  ['sends 17 KB of headers', 'unknown', says(`${OK}x: ${'y'.repeat(17_000)}\r\n\r\n`)],
  ['sends interim answers for ever', 'unknown', dripping('', 'HTTP/1.1 103 Early Hints\r\n\r\n', 1)],
  ['floods interim answers', 'unknown', pouring('', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100))],
  ['sends an interim answer and closes', 'unknown', says('HTTP/1.1 100 Continue\r\n\r\n')],
  ['sends an interim answer first', 'answered', says('HTTP/1.1 103 x\r\n\r\n', OK, 'content-length: 1\r\n\r\na'), 'a'],
  ['switches protocols', 'unknown', says('HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n')],
  ['speaks HTTP/0.9', 'unknown', says('<p>hello</p>')],
  ['speaks HTTP/2', 'unknown', says(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]))],
  ['speaks SMTP', 'unknown', says('220 mail.example ESMTP\r\n')],
  ['speaks another version', 'unknown', says('HTTP/3.0 200 OK\r\n\r\n')],
  ['sends bytes', 'unknown', says(Buffer.alloc(1000, 0xff))],
  ['sends a status that is no number', 'unknown', says('HTTP/1.1 abc OK\r\n\r\n')],
  ['breaks off in its headers', 'unknown', says(`${OK}content-le`)],
  ['ends lines with a bare carriage return', 'unknown', says('HTTP/1.1 200 OK\rcontent-length: 1\r\r\na')],
  ['folds a header', 'unknown', says(`${OK}x: a\r\n b\r\ncontent-length: 0\r\n\r\n`)],
  ['has a blank before a colon', 'unknown', says(`${OK}content-length : 1\r\n\r\na`)],
  ['has a line feed in a header', 'unknown', says(`${OK}x: a\0b\r\n\r\n`)],
  ['gives two lengths', 'unknown', says(`${OK}content-length: 1\r\ncontent-length: 2\r\n\r\naa`)],
  [
    'gives a length and chunks',
    'unknown',
    says(`${OK}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
  ],
  ['gives a negative length', 'unknown', says(`${OK}content-length: -1\r\n\r\na`)],
  ['gives an endless length', 'unknown', says(`${OK}content-length: ${'9'.repeat(30)}\r\n\r\na`)],
];

const BODIES: readonly Row[] = [
  ['promises more than it sends', 'answered', says(`${OK}content-length: 10\r\n\r\nabc`), 'broke off after 3 bytes'],
  ['sends more than it promised', 'answered', says(`${OK}content-length: 1\r\n\r\nabc`), 'a'],
  [
    'sends a second answer (response splitting)',
    'answered',
    says(`${OK}content-length: 1\r\n\r\na${OK}content-length: 5\r\n\r\nother`),
    'a',
  ],
  ['sends until it closes', 'answered', says(`${OK}\r\nabc`), 'abc'],
  ['sends no body where one was promised', 'answered', says(`${OK}content-length: 3\r\n\r\n`), 'broke off'],
  ['drips its body for ever', 'answered', dripping(`${OK}\r\n`, 'x'), 'broke off'],
  ['pours its body for ever', 'answered', pouring(`${OK}\r\n`, 'x'.repeat(10_000)), 'larger than 1000 bytes'],
  ['drips chunks for ever', 'answered', dripping(`${OK}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n'), 'broke off'],
  [
    'pours chunks for ever',
    'answered',
    pouring(`${OK}transfer-encoding: chunked\r\n\r\n`, '10\r\n0123456789abcdef\r\n'),
    'larger than 1000 bytes',
  ],
  [
    'names a chunk that is endless',
    'answered',
    says(`${OK}transfer-encoding: chunked\r\n\r\nffffffffffffffff1\r\n`, 'x'),
    'broke off',
  ],
  ['sends a broken chunk', 'answered', says(`${OK}transfer-encoding: chunked\r\n\r\nzz\r\nx\r\n`), 'broke off'],
  [
    'floods the extension of a chunk',
    'answered',
    pouring(`${OK}transfer-encoding: chunked\r\n\r\n1;`, 'x'.repeat(10_000)),
    'broke off',
  ],
  [
    'floods trailers',
    'answered',
    pouring(`${OK}transfer-encoding: chunked\r\n\r\n0\r\n`, 'x: y\r\n'.repeat(1000)),
    'broke off',
  ],
  ['has a body where there is none', 'answered', says('HTTP/1.1 204 No\r\n\r\nabc'), ''],
  ['gives a length that is 0 with a plus', 'unknown', says(`${OK}content-length: +3\r\n\r\nabc`)],
];

describe('S7: what is said of a server that got the request and misbehaves', () => {
  test.each([...HEADS, ...BODIES])('%s: %s', async (...[, must, talk, told]) => {
    const { origin, seen } = await serveBytes(talk);
    const wanted = call(`${origin}/act`, { method: 'POST', body: 'x' });
    const found = await exchange(wanted, { timeoutMs: 400, maxBytes: 1000 });
    const body = found.kind === 'answered' ? found.answer.body : '';
    expect(found.kind).toBe(must);
    // Short texts are whole bodies, longer ones part of what is said of one.
    expect(told === undefined || (told.length > 3 ? body.includes(told) : body === told)).toBe(true);
    expect(seen).toEqual(['POST /act']);
  });
});
