import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailCatcher } from '../../../src/adapters/mail-catcher/mail-catcher.ts';
import { startMailCatcher } from '../../../src/adapters/mail-catcher/mail-catcher.ts';
import { startMailPage } from '../../../src/adapters/mail-catcher/mail-page.ts';
import { createMailer } from '../../../src/adapters/smtp/mailer.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function catching(): Promise<{ catcher: MailCatcher; directory: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-mail-'));
  closers.push(() => rmSync(directory, { recursive: true }));
  const catcher = await startMailCatcher(directory, 0);
  closers.push(() => catcher.close());
  return { catcher, directory };
}

async function sendTo(catcher: MailCatcher, more: { subject?: string; body?: string; bcc?: string[] } = {}) {
  const mailer = createMailer({ host: '127.0.0.1', port: catcher.port, secure: false, from: 'me@house.example' });
  const mail = await mailer.render({
    to: ['alice@partner.example'],
    cc: [],
    bcc: more.bcc ?? [],
    subject: more.subject ?? 'Hello',
    body: more.body ?? 'text',
    replyTo: undefined,
    html: undefined,
    attachments: [],
    seed: 'seed',
    date: new Date(0),
  });
  expect((await mailer.send(mail, new AbortController().signal)).kind).toBe('sent');
  return mail;
}

async function dial(port: number): Promise<{ socket: Socket; said: () => string }> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('error', () => undefined);
  socket.on('data', (data: Buffer) => (said += data.toString()));
  await until(() => said.startsWith('220'));
  return { socket, said: () => said };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not come about');
}

async function toData(port: number) {
  const line = await dial(port);
  const commands = ['EHLO x', 'MAIL FROM:<a@b.example>', 'RCPT TO:<c@d.example>', 'DATA'];
  for (const command of commands) {
    const before = line.said().length;
    line.socket.write(`${command}\r\n`);
    await until(() => /^\d{3} .*\r\n/m.test(line.said().slice(before)));
  }
  return line;
}

describe('the catcher keeps what it gets', () => {
  test('each message byte for byte, with the envelope that shows bcc, still there after a restart', async () => {
    const { catcher, directory } = await catching();
    const mail = await sendTo(catcher, { subject: 'Grüße', body: '.\n..\nÜ\n', bcc: ['hidden@h.example'] });
    const [caught] = await catcher.messages();
    expect(caught).toMatchObject({ from: 'me@house.example', to: ['alice@partner.example', 'hidden@h.example'] });
    expect(Buffer.from(caught?.source ?? '', 'latin1').equals(Buffer.from(mail.bytes))).toBe(true);
    const file = join(directory, `${caught?.id ?? ''}.eml`);
    expect(readFileSync(file).equals(Buffer.from(mail.bytes))).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await startMailCatcher(directory, 0);
    expect(await again.messages()).toEqual([caught]);
    expect(await again.message(caught?.id ?? '')).toEqual(caught);
    await again.close();
  });

  test('newest first; files that are none of its own are passed over', async () => {
    const { catcher, directory } = await catching();
    await sendTo(catcher, { subject: 'one' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await sendTo(catcher, { subject: 'two' });
    writeFileSync(join(directory, 'junk.json'), 'junk');
    writeFileSync(join(directory, '00000000000001-00000000.json'), '{"from":7}');
    writeFileSync(join(directory, '00000000000002-00000000.json'), '{');
    const subjects = (await catcher.messages()).map(({ source }) => /^Subject: (.*)\r$/m.exec(source)?.[1]);
    expect(subjects).toEqual(['two', 'one']);
  });

  test('a message id is no path', async () => {
    const { catcher, directory } = await catching();
    writeFileSync(join(directory, '..', 'outside.json'), '{}');
    closers.push(() => rmSync(join(directory, '..', 'outside.json')));
    for (const id of ['../outside', '', '.', '00000000000001-00000000/../x']) {
      expect(await catcher.message(id)).toBeUndefined();
    }
  });
});

describe('the catcher survives its clients', () => {
  test.each<[string, (line: Awaited<ReturnType<typeof toData>>) => void]>([
    ['ends in the middle of DATA', ({ socket }) => socket.end('Subject: half\r\n\r\nnot fin')],
    ['resets in the middle of DATA', ({ socket }) => socket.resetAndDestroy()],
    ['ends right after the body without its dot', ({ socket }) => socket.end('Subject: x\r\n\r\ntext\r\n')],
  ])('a client that %s leaves nothing behind', async (_what, breakOff) => {
    const { catcher, directory } = await catching();
    breakOff(await toData(catcher.port));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await catcher.messages()).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
    await sendTo(catcher);
    expect(await catcher.messages()).toHaveLength(1);
  });

  test('garbage, unknown commands and binary noise', async () => {
    const { catcher } = await catching();
    const { socket } = await dial(catcher.port);
    socket.write(Buffer.from([0, 255, 13, 10, 13, 10]));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\nRCPT TO:<a@b>\r\nDATA\r\n');
    socket.write(`${'x'.repeat(100_000)}\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    await sendTo(catcher);
    expect(await catcher.messages()).toHaveLength(1);
  });

  test('a message over the cap is refused with 552, and its bytes are not piled up in memory', async () => {
    const { catcher, directory } = await catching();
    const { socket, said } = await toData(catcher.port);
    const before = process.memoryUsage().arrayBuffers;
    const line = `${'x'.repeat(1022)}\r\n`.repeat(64);
    for (let sent = 0; sent < 60 * 1024 * 1024; sent += line.length) {
      if (!socket.write(line)) await new Promise((resolve) => socket.once('drain', resolve));
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 1024 * 1024);
    socket.write('\r\n.\r\n');
    await until(() => said().includes('\r\n552 '));
    socket.destroy();
    expect(readdirSync(directory)).toEqual([]);
    await sendTo(catcher);
  });

  test('it closes in time though a client is still there', async () => {
    const { catcher } = await catching();
    await dial(catcher.port);
    const started = Date.now();
    await catcher.close();
    expect(Date.now() - started).toBeLessThan(3000);
  });

  test('a port that is taken is said at once', async () => {
    const { catcher, directory } = await catching();
    await expect(startMailCatcher(directory, catcher.port)).rejects.toThrow('EADDRINUSE');
    await expect(startMailPage(catcher, catcher.port)).rejects.toThrow('EADDRINUSE');
  });
});

describe('the page', () => {
  async function paging() {
    const { catcher } = await catching();
    const page = await startMailPage(catcher, 0);
    closers.push(() => page.close());
    return { catcher, page };
  }

  test('says what it is, lists the mail and shows each with envelope, text and source', async () => {
    const { catcher, page } = await paging();
    expect(await (await fetch(page.url)).text()).toContain('No mail yet');
    await sendTo(catcher, { subject: 'Grüße aus Köln', body: 'Schöne Zeit', bcc: ['hidden@h.example'] });
    const list = await (await fetch(page.url)).text();
    expect(list).toMatch(/<title>.*embedded mail catcher<\/title>/);
    expect(list).toContain('nothing leaves this machine');
    expect(list).toContain('Grüße aus Köln');
    expect(list).toContain('name="viewport"');
    const link = /href="(\/message\/[^"]+)"/.exec(list)?.[1] ?? '';
    const mail = await (await fetch(new URL(link, page.url))).text();
    for (const part of ['Schöne Zeit', 'alice@partner.example, hidden@h.example', 'me@house.example', 'Sch=C3=B6ne']) {
      expect(mail).toContain(part);
    }
    const told: unknown = await (await fetch(new URL('api/messages', page.url))).json();
    expect(told).toEqual(await catcher.messages());
  });

  test('S11: what a mail says is shown as text, with deceiving characters visible, and can run nothing', async () => {
    const { catcher, page } = await paging();
    const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'&amp; \u202Etxt.exe';
    await sendTo(catcher, { subject: evil, body: evil });
    const list = await fetch(page.url);
    const text = await list.text();
    const link = /href="(\/message\/[^"]+)"/.exec(text)?.[1] ?? '';
    const mail = await fetch(new URL(link, page.url));
    for (const [response, shown] of [
      [list, text],
      [mail, await mail.text()],
    ] as const) {
      expect(shown).not.toMatch(/<script|<img|\u202E/);
      expect(shown).toContain('&lt;script&gt;');
      expect(shown).toContain('⟨U+202E⟩');
      expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'/);
      expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });

  test('an HTML message is shown as text', async () => {
    const { catcher, page } = await paging();
    const { socket, said } = await toData(catcher.port);
    socket.write('Subject: h\r\nContent-Type: text/html\r\n\r\n<b>bold</b><script>x()</script>\r\n.\r\n');
    await until(async () => (await catcher.messages()).length === 1);
    expect(said()).toContain('250 ');
    socket.destroy();
    const [caught] = await catcher.messages();
    const shown = await (await fetch(new URL(`message/${caught?.id ?? ''}`, page.url))).text();
    expect(shown).toContain('bold');
    expect(shown).not.toMatch(/<b>|<script/);
  });

  test('answers to no other host name, so that no web site can read it through DNS', async () => {
    const { catcher, page } = await paging();
    await sendTo(catcher, { subject: 'secret' });
    for (const host of [
      'evil.example',
      `evil.example:${new URL(page.url).port}`,
      '127.0.0.1.evil.example',
      'x y',
      '[',
    ]) {
      const answer = await withHost(new URL('api/messages', page.url), host);
      expect(answer.status).not.toBe(200);
      expect(answer.body).not.toContain('secret');
    }
    expect((await withHost(new URL('api/messages', page.url), 'localhost')).status).toBe(200);
  });

  test('an address that is none answers 404', async () => {
    const { page } = await paging();
    for (const path of ['message/nothing', 'message/..%2f..%2fetc%2fpasswd', 'message/', 'other']) {
      expect((await fetch(new URL(path, page.url))).status).toBe(404);
    }
  });

  test('page and SMTP are on loopback only', async () => {
    const { catcher, page } = await paging();
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address !== undefined && !address.internal && address.family === 'IPv4');
    for (const port of [catcher.port, Number(new URL(page.url).port)]) {
      for (const host of ['127.0.0.2', ...(outside === undefined ? [] : [outside.address])]) {
        const reached = await new Promise((resolve) => {
          const socket = connect({ port, host, timeout: 1000 }, () => resolve(true));
          for (const event of ['error', 'timeout'] as const) socket.on(event, () => resolve(false));
          closers.push(() => void socket.destroy());
        });
        expect({ host, reached }).toEqual({ host, reached: false });
      }
    }
  });
});

function withHost(url: URL, host: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers: { host } }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.on('error', reject);
    call.end();
  });
}
