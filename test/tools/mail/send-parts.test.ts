import { afterEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { createKnownRecipients } from '../../../src/adapters/smtp/known-recipients.ts';
import type { Mailer } from '../../../src/tools/ports/mailer.ts';
import { htmlOfText } from '../../../src/tools/mail/html-of-text.ts';
import { sendEmail } from '../../../src/tools/send-email.ts';
import { prepare, ready } from '../act.ts';
import type { House } from './mailing.ts';
import { around, house, partOf } from './mailing.ts';

const MAIL = { to: ['alice@partner.example'], subject: 'Hello', body: 'Dear Alice,\n\n- one\n- two' };
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const now = (): AbortSignal => new AbortController().signal;

const houses: House[] = [];
afterEach(() => {
  for (const one of houses.splice(0)) one.close();
});
async function open(): Promise<House> {
  const one = await house();
  houses.push(one);
  return one;
}

describe('S4, S11: HTML and attachments', () => {
  test('what is shown, what is sent and what an independent mail program reads are the same', async () => {
    const home = await open();
    home.write('notes/Rechnung März.txt', 'Zeile eins\nZeile zwei\n');
    home.write('data.bin', Buffer.from([0, 255, 1, 254]));
    const input = {
      ...MAIL,
      html: true,
      reply_to: 'r@r.example',
      attachments: ['notes/Rechnung März.txt', 'data.bin'],
    };
    const prepared = await ready(sendEmail, input, home);
    expect(partOf(prepared, 'Reply-To')).toBe('Answers go to r@r.example  (outside)');
    expect(partOf(prepared, 'The same as HTML')).toBe(htmlOfText(MAIL.body));
    expect(partOf(prepared, 'Attachment 1')).toContain(sha256('Zeile eins\nZeile zwei\n'));
    expect(partOf(prepared, 'Attachment 1')).toContain('Zeile zwei');
    expect(partOf(prepared, 'Attachment 2')).toContain(sha256(Buffer.from([0, 255, 1, 254])));
    expect(await prepared.perform(now())).toMatchObject({ kind: 'done' });
    const bytes = home.server.stored[0]?.bytes ?? Buffer.alloc(0);
    expect(sha256(bytes)).toBe(prepared.facts['sha256']);
    expect(partOf(prepared, 'Message exactly')?.replaceAll('\n', '\r\n')).toBe(bytes.toString());
    const read = await simpleParser(bytes);
    expect(read.attachments.map(({ filename, checksum, size }) => [filename, size, checksum.length > 0])).toEqual([
      ['Rechnung März.txt', 22, true],
      ['data.bin', 4, true],
    ]);
    expect(read.attachments.map(({ content }) => sha256(content))).toEqual(
      [Buffer.from('Zeile eins\nZeile zwei\n'), Buffer.from([0, 255, 1, 254])].map(sha256),
    );
    expect(read.replyTo?.text).toBe('r@r.example');
    expect(String(read.html).replaceAll('\r\n', '\n').trim()).toBe(htmlOfText(MAIL.body).trim());
  });

  test('a file that changes between question and approval gives other facts and another preview', async () => {
    const home = await open();
    home.write('a.txt', 'one');
    const first = await ready(sendEmail, { ...MAIL, attachments: ['a.txt'] }, home);
    const again = await ready(sendEmail, { ...MAIL, attachments: ['a.txt'] }, home);
    expect([again.facts, again.preview]).toEqual([first.facts, first.preview]);
    home.write('a.txt', 'two');
    const other = await ready(sendEmail, { ...MAIL, attachments: ['a.txt'] }, home);
    expect(other.facts['sha256']).not.toBe(first.facts['sha256']);
    expect(other.preview).not.toEqual(first.preview);
    // Once prepared, the file does not matter: what was read is what is sent.
    home.write('a.txt', 'three');
    await other.perform(now());
    expect(sha256(home.server.stored[0]?.bytes ?? '')).toBe(other.facts['sha256']);
  });

  test.each(
    ['x.html', 'x.svg', 'x.xml', 'x.js', 'x.eml', 'x.ics', 'x.htm', 'X.HTML', 'x.txt.html', 'html', 'x.'].filter(
      (name) => name !== 'x.',
    ),
  )('%s is attached as bytes to be saved, never as a page', async (name) => {
    const home = await open();
    home.write(name, '<script>alert(1)</script>');
    await (await ready(sendEmail, { ...MAIL, attachments: [name] }, home)).perform(now());
    const sent = home.server.stored[0]?.bytes.toString() ?? '';
    expect(sent).toMatch(/Content-Type: application\/octet-stream\r\n/);
    expect(sent).not.toMatch(/Content-Type: (text\/html|image\/svg|application\/xml|message|text\/calendar)/i);
    expect(sent).not.toMatch(/disposition: inline/i);
  });

  test.each([
    'a";x.txt',
    'a<b.txt',
    'a:b.txt',
    'a|b',
    'a?b',
    'a*b',
    'a;b.txt',
    '=?UTF-8?Q?b.exe?=',
    'a%2eexe',
    "utf-8''b",
    ' a',
    'a ',
    'a.txt.',
    '.env',
    'a  b',
    'a\u00A0b',
    'a\u3000b',
  ])('a name that a receiver would see as another one is refused with the reason: %j', async (name) => {
    const home = await open();
    home.write(`folder/${name}`, 'x');
    const found = await prepare(sendEmail, { ...MAIL, attachments: [`folder/${name}`] }, home);
    expect(found).toMatchObject({ kind: 'denied', why: expect.stringContaining('cannot be attached') });
  });

  test.each([
    'plain.txt',
    'two words.pdf',
    "it's (1) [2], a=b & c@d~e'.md",
    '日本語.txt',
    '🌿.png',
    '-x',
    '100%.csv',
    `${'x'.repeat(250)}.txt`,
    'ü'.repeat(100),
    "'q'",
    'a#b$c^d{e}.txt',
  ])('a name reaches the receiver as it is: %j', async (name) => {
    const home = await open();
    home.write(name, 'x');
    await (await ready(sendEmail, { ...MAIL, attachments: [name] }, home)).perform(now());
    const read = await simpleParser(home.server.stored[0]?.bytes ?? '');
    expect(read.attachments.map(({ filename }) => filename)).toEqual([name]);
  });

  test('links, folders, what is too large, and two of one name are not attached; without a workspace nothing is', async () => {
    const home = await open();
    symlinkSync('/etc/hostname', join(home.workspace, 'link'));
    home.write('f/a.txt', 'x');
    home.write('g/A.TXT', 'x');
    home.write('big-1', Buffer.alloc(6 * 1024 * 1024));
    home.write('big-2', Buffer.alloc(5 * 1024 * 1024));
    for (const attachments of [['link'], ['f'], ['none'], ['f/a.txt', 'g/A.TXT'], ['big-1', 'big-2']])
      expect((await prepare(sendEmail, { ...MAIL, attachments }, home)).kind).not.toBe('ready');
    expect(await prepare(sendEmail, { ...MAIL, attachments: ['big-1'] }, home)).toMatchObject({ kind: 'ready' });
    expect(await prepare(sendEmail, { ...MAIL, attachments: ['f/a.txt'] }, around(home.mailer))).toMatchObject({
      kind: 'denied',
      why: expect.stringContaining('set COUNTERSIGN_WORKSPACE for the mail worker'),
    });
    expect(home.server.connections()).toBe(0);
  });

  test('a renderer that changes anything of it is not believed', async () => {
    const home = await open();
    home.write('a.txt', 'x');
    const input = { ...MAIL, html: true, reply_to: 'r@r.example', cc: ['c@c.example'], attachments: ['a.txt'] };
    type Draft = Parameters<Mailer['render']>[0];
    const changes: ((draft: Draft) => Draft)[] = [
      (draft) => ({ ...draft, html: `${draft.html ?? ''}<img src=x>` }),
      (draft) => ({ ...draft, html: undefined }),
      (draft) => ({ ...draft, replyTo: 'evil@evil.example' }),
      (draft) => ({ ...draft, replyTo: undefined }),
      (draft) => ({ ...draft, to: [...draft.to, 'evil@evil.example'] }),
      (draft) => ({ ...draft, cc: [] }),
      (draft) => ({ ...draft, bcc: ['evil@evil.example'] }),
      (draft) => ({ ...draft, date: new Date(0) }),
      (draft) => ({ ...draft, attachments: [] }),
      (draft) => ({ ...draft, attachments: draft.attachments.map((one) => ({ ...one, name: 'b.txt' })) }),
      (draft) => ({ ...draft, attachments: draft.attachments.map((one) => ({ ...one, bytes: Buffer.from('y') })) }),
      (draft) => ({ ...draft, attachments: draft.attachments.map((one) => ({ ...one, contentType: 'text/html' })) }),
    ];
    for (const change of changes) {
      const mailer: Mailer = { ...home.mailer, render: (draft) => home.mailer.render(change(draft)) };
      expect((await prepare(sendEmail, input, { ...home, mailer })).kind).toBe('denied');
    }
    expect((await prepare(sendEmail, input, home)).kind).toBe('ready');
  });
});

describe('who is outside, who is new', () => {
  test('an address is new until a server took a mail for it, and that changes the preview', async () => {
    const home = await open();
    const knownRecipients = createKnownRecipients(join(home.workspace, 'known'));
    const ports = { ...home, knownRecipients };
    const input = { ...MAIL, to: ['bob@house.example', 'x@sub.house.example', 'alice@partner.example'] };
    const first = await ready(sendEmail, input, ports);
    expect(partOf(first, 'Envelope')?.split('\n').slice(1)).toEqual([
      'to   bob@house.example  (first mail)',
      'to   x@sub.house.example  (outside; first mail)',
      'to   alice@partner.example  (outside; first mail)',
    ]);
    await first.perform(now());
    const second = await ready(sendEmail, input, ports);
    expect(partOf(second, 'Envelope')?.split('\n').slice(1)).toEqual([
      'to   bob@house.example',
      'to   x@sub.house.example  (outside)',
      'to   alice@partner.example  (outside)',
    ]);
  });

  test('a record that fails does not make a sent mail a failure', async () => {
    const home = await open();
    const knownRecipients = {
      look: async () => ({ kind: 'unreadable' as const }),
      remember: async () => Promise.reject(new Error('disk')),
    };
    const prepared = await ready(sendEmail, MAIL, { ...home, knownRecipients });
    expect(partOf(prepared, 'Envelope')).toContain('first mail, for the record of earlier mail cannot be read');
    expect(await prepared.perform(now())).toMatchObject({ kind: 'done' });
  });
});

describe('HTML made of text', () => {
  test.each([
    ['<script>alert(1)</script>', '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>'],
    ['<img src=x onerror="a">', '<p>&lt;img src=x onerror=&quot;a&quot;&gt;</p>'],
    ["' & &amp;", '<p>&#39; &amp; &amp;amp;</p>'],
    ['# </h1><a href=x>', '<h1>&lt;/h1&gt;&lt;a href=x&gt;</h1>'],
    ['- <b>\n- b', '<ul>\n<li>&lt;b&gt;</li>\n<li>b</li>\n</ul>'],
    ['a\nb\n\nc', '<p>a<br>\nb</p>\n<p>c</p>'],
    ['[x](javascript:y) https://a.example', '<p>[x](javascript:y) https://a.example</p>'],
    ['', ''],
  ])('%j', (text, html) => {
    const [, inner = ''] = /<body>\n([\s\S]*)<\/body>/.exec(htmlOfText(text)) ?? [];
    expect(inner.trim()).toBe(html);
    expect(
      new Set(
        htmlOfText(text)
          .match(/<[^>]*>/g)
          ?.filter((tag) => !/^<\/?(!DOCTYPE html|html|head|meta charset="utf-8"|body|p|br|h1|ul|li)>$/.test(tag)),
      ),
    ).toEqual(new Set());
  });
});
