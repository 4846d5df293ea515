/** S10: a secret stands in one header of one request and nowhere else; servers that echo it are not told on. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecretFiles } from '../../../src/adapters/http/secret-files.ts';
import { temporaryFolder } from '../../tools/act.ts';
import { call, exchange, serveBytes } from './servers.ts';
import { sink } from './sink.ts';

const VALUE = 'pl4nted"key\\with/odd+chars=&<x>';
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(join(folder.path, 'weather'), `${VALUE}\n`);
});
afterEach(() => folder.remove());

const named = (value = 'Bearer {{secret:weather}}') => ({ headers: { authorization: value } });
const reader = () => createSecretFiles(folder.path);

const percent = (text: string): string => [...Buffer.from(text)].map((b) => `%${b.toString(16)}`).join('');
const entities = (text: string): string => [...text].map((one) => `&#${one.charCodeAt(0)};`).join('');
const unicode = (text: string): string => [...text].map((one) => `\\u00${one.charCodeAt(0).toString(16)}`).join('');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const FORMS: readonly (readonly [form: string, echo: (value: string) => string])[] = [
  ['as it is', (value) => value],
  ['the whole header', (value) => `Bearer ${value}`],
  ['in upper case', (value) => value.toUpperCase()],
  ['as JSON', (value) => JSON.stringify(value)],
  ['as JSON in JSON', (value) => JSON.stringify(JSON.stringify(value))],
  ['as JSON with slashes escaped', (value) => JSON.stringify(value).replaceAll('/', '\\/')],
  ['as JSON, all escaped', unicode],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded wholly', percent],
  ['percent-encoded twice', (value) => encodeURIComponent(encodeURIComponent(value))],
  ['as HTML', (value) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
  ['as HTML, all escaped', entities],
  ['in base64', base64],
  ['in base64, one byte later', (value) => base64(`x${value}y`)],
  ['in base64, two bytes later', (value) => base64(`xx${value}yy`)],
  ['the header in base64', (value) => base64(`Bearer ${value}`)],
  ['JSON of it in base64', (value) => base64(JSON.stringify({ a: value }))],
  ['JSON of it in base64, one byte later', (value) => base64(JSON.stringify({ ab: value }))],
  ['JSON of it in base64, two bytes later', (value) => base64(JSON.stringify({ abc: value }))],
  ['JSON of it in base64, percent-encoded', (value) => percent(base64(JSON.stringify(value)))],
  ['JSON of it in hexadecimal', (value) => Buffer.from(JSON.stringify(value)).toString('hex')],
  ['a query with it in base64', (value) => base64(`token=${encodeURIComponent(value)}`)],
  ['a query with it in base64, one byte later', (value) => base64(`t=${encodeURIComponent(value)}`)],
  ['a query with it in hexadecimal', (value) => Buffer.from(encodeURIComponent(value)).toString('hex').toUpperCase()],
  ['in base64url', (value) => Buffer.from(value).toString('base64url')],
  ['in hexadecimal', (value) => Buffer.from(value).toString('hex')],
  ['in hexadecimal, upper case', (value) => Buffer.from(value).toString('hex').toUpperCase()],
];

describe('what a server echoes is taken out', () => {
  test.each(FORMS)('%s', async (_form, echo) => {
    for (const type of ['text/plain', 'application/json', 'text/html']) {
      // What the server has is what came to it; two bytes a write, so that no chunk holds a whole.
      const { origin } = await serveBytes((socket) => {
        const body = `before ${echo(VALUE)} after`;
        socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`);
        for (let at = 0; at < body.length; at += 2) socket.write(body.slice(at, at + 2));
        socket.end();
      });
      const told = JSON.stringify(await exchange(call(origin, named()), { readSecret: reader() }));
      expect(told).toContain('before ');
      expect(told).toContain('[secret weather]');
      expect(told).not.toContain(JSON.stringify(echo(VALUE)).slice(1, -1));
    }
  });

  test.each([8, 63, 64, 65, 128, 4096])('of %i characters, in each form', async (length) => {
    // Longer than one pattern can be: a naive one throws, and its error holds the secret.
    const value = Array.from({ length }, (_, index) => String.fromCharCode(33 + ((index * 7) % 90))).join('');
    writeFileSync(join(folder.path, 'weather'), value);
    const forms = FORMS.map(([, echo]) => echo(value)).join(' | ');
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n';
    const { origin } = await serveBytes((socket) => socket.end(head + forms + value + value));
    const found = await exchange(call(origin, named('{{secret:weather}}')), { readSecret: reader(), maxBytes: 1e6 });
    const body = found.kind === 'answered' ? found.answer.body : '';
    expect(body.split('[secret weather]')).toHaveLength(FORMS.length + 3);
  });

  test('in headers that are told, before they are cut short', async () => {
    const { origin } = await sink(
      () =>
        `HTTP/1.1 302 x\r\nlocation: /?${'x'.repeat(985)}${VALUE}\r\netag: "${VALUE}"\r\ncontent-type: a/${base64(VALUE)}\r\ncontent-length: 1\r\n\r\na`,
    );
    const told = JSON.stringify(await exchange(call(origin, named()), { readSecret: reader() }));
    for (const part of [VALUE.slice(0, 6), base64(VALUE).slice(2, 12)]) expect(told).not.toContain(part);
    expect(told).toContain('[secret weather]');
  });

  test('in a page whose tags cut it into pieces', async () => {
    const pieces = entities('pl4nted') + '<b></b>' + entities(VALUE.slice(7));
    const { origin } = await sink(() => `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<p>${pieces}</p>`);
    const told = JSON.stringify(await exchange(call(origin, named()), { readSecret: reader() }));
    expect(told).toContain('[secret weather]');
    expect(told).not.toContain('pl4nted');
  });

  test.each([
    ['user:hunter2hunter2', 'user:hunter2hunter2, hunter2hunter2, user', '[secret login], [secret login], user'],
    ['user:hunt', 'user:hunt, hunt', '[secret login], [secret login]'],
    ['user:hun', 'user:hun, hun', '[secret login], hun'],
  ])('of a Basic credential what it decodes to, and its password of 4 or more: %s', async (login, body, text) => {
    writeFileSync(join(folder.path, 'login'), base64(login));
    const { origin } = await sink(() => `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n${body}`);
    const found = await exchange(call(origin, named('Basic {{secret:login}}')), { readSecret: reader() });
    expect(found).toMatchObject({ answer: { body: text } });
  });
});

describe('where a secret goes', () => {
  test('into the header that names it, read anew each time; URL and body keep their text', async () => {
    const { origin, requests } = await sink();
    const body = '{{secret:weather}}';
    const readSecret = reader();
    await exchange(call(`${origin}/x`, { ...named(), method: 'POST', body }), { readSecret });
    writeFileSync(join(folder.path, 'weather'), 'rotated-key');
    await exchange(call(`${origin}/x`, { headers: { 'x-api-key': '{{secret:weather}}' } }), { readSecret });
    expect(requests[0]).toContain(`authorization: Bearer ${VALUE}\r\n`);
    expect(requests[0]?.split(VALUE)).toHaveLength(2);
    expect(requests[0]?.endsWith(body)).toBe(true);
    expect(requests[1]).toContain('x-api-key: rotated-key\r\n');
  });

  test.each<[string, Record<string, string>]>([
    ['a credential in plain words', { authorization: 'Bearer abcdefgh' }],
    ['a placeholder in another header', { accept: '{{secret:weather}}' }],
    ['two placeholders', { authorization: '{{secret:weather}}{{secret:weather}}' }],
    ['an unknown secret', { authorization: '{{secret:other}}' }],
  ])('%s is refused before any connection', async (_what, headers) => {
    const { origin, requests } = await sink();
    const found = await exchange(call(origin, { headers }), { readSecret: reader() });
    expect(found.kind).toBe('refused');
    expect(JSON.stringify(found)).not.toContain('abcdefgh');
    expect(requests).toEqual([]);
  });

  test('over plain http to the Internet it is refused: anybody on the way could read it', async () => {
    const resolve = async () => [{ address: '93.184.215.14', family: 4 }];
    const options = { privateOrigins: [], resolve, readSecret: reader(), timeoutMs: 500 };
    const found = await exchange(call('http://api.example/', named()), options);
    expect(found).toMatchObject({ kind: 'refused', why: expect.stringContaining('over https') });
  });
});

describe('a file that holds no secret', () => {
  test.each<[string, (path: string) => void, RegExp]>([
    ['is not there', () => undefined, /cannot be read/],
    ['is a folder', (path) => mkdirSync(path), /not a regular file|cannot be read/],
    ['is a pipe', (path) => execFileSync('mkfifo', [path]), /not a regular file/],
    ['is empty', (path) => writeFileSync(path, ''), /one line/],
    ['is short', (path) => writeFileSync(path, 'planted'), /at least 8/],
    ['has two lines', (path) => writeFileSync(path, 'planted-1\nplanted-2\n'), /one line/],
    ['ends in two line ends', (path) => writeFileSync(path, 'planted-1\n\n'), /one line/],
    ['has a blank', (path) => writeFileSync(path, 'planted key'), /visible ASCII/],
    ['has a carriage return within', (path) => writeFileSync(path, 'planted\rx: y'), /visible ASCII/],
    ['is not ASCII', (path) => writeFileSync(path, 'plantedä'), /visible ASCII/],
    ['is large', (path) => writeFileSync(path, `planted${'x'.repeat(4096)}`), /larger than/],
    ['is a link to nothing', (path) => symlinkSync('/nonexistent', path), /cannot be read/],
  ])('%s', async (_what, make, why) => {
    make(join(folder.path, 'odd'));
    const found = await reader()('odd');
    expect(found).toMatchObject({ kind: 'none', why: expect.stringMatching(why) });
    expect(JSON.stringify(found)).toContain('odd');
    expect(JSON.stringify(found)).not.toContain('planted');
  });

  test.each(['..', '../weather', 'Weather', '', 'a/b', `a${'b'.repeat(64)}`, 'weather\0'])(
    'no name: %j',
    async (name) => {
      expect((await reader()(name)).kind).toBe('none');
    },
  );

  test('without a directory there is none', async () => {
    expect(await createSecretFiles(undefined)('weather')).toMatchObject({
      why: expect.stringContaining('COUNTERSIGN_SECRETS_DIR'),
    });
  });

  test('a line end of Windows is dropped, and a link is followed (Kubernetes)', async () => {
    writeFileSync(join(folder.path, '..data'), 'planted-key\r\n');
    symlinkSync(join(folder.path, '..data'), join(folder.path, 'linked'));
    expect(await reader()('linked')).toEqual({ kind: 'secret', value: 'planted-key' });
  });
});
