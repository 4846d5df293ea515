import { afterEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { SmtpServer } from '../../../src/adapters/smtp/mailer.ts';
import { createMailer } from '../../../src/adapters/smtp/mailer.ts';
import type { MailDelivery, RenderedMail } from '../../../src/tools/ports/mailer.ts';
import { FROM, draft } from './delivering.ts';
import type { Deed, Script, ScriptedServer, Stage } from './scripted-server.ts';
import { startScriptedServer } from './scripted-server.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function scripted(script: Script = {}): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  closers.push(() => server.close());
  return server;
}

function mailerFor(port: number, more: Partial<SmtpServer> = {}) {
  return createMailer({ host: '127.0.0.1', port, secure: false, from: FROM, timeoutMs: 500, ...more });
}

function send(mailer: ReturnType<typeof createMailer>, mail: RenderedMail, signal = new AbortController().signal) {
  return mailer.send(mail, signal);
}

async function sendTo(script: Script, more: Partial<SmtpServer> = {}): Promise<MailDelivery & { stored: number }> {
  const server = await scripted(script);
  const mailer = mailerFor(server.port, more);
  const delivery = await send(mailer, await mailer.render(draft()));
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { ...delivery, stored: server.stored.length };
}

describe('S4: what is sent is what was rendered', () => {
  test.each([
    ['plain text with dots', {}],
    ['text beyond ASCII', { subject: 'Grüße 🌿 ＡＢＣ', body: 'Schöne Grüße\n\u2028\u200b end  \n\n' }],
    ['lines without end', { body: 'x'.repeat(20_000) }],
    ['a large text', { body: 'Zeile mit Ümlaut\n'.repeat(2500) }],
    ['an empty text', { body: '' }],
    ['blank lines at both ends', { body: '\n\n\ntext\n\n\n' }],
    ['lines that begin like headers or mbox', { body: 'Bcc: evil@evil.example\nFrom x\n\nSubject: y' }],
  ])('the server receives byte for byte what was rendered: %s', async (_what, more) => {
    const server = await scripted();
    const mailer = mailerFor(server.port);
    const mail = await mailer.render(draft(more));
    expect(await send(mailer, mail)).toMatchObject({ kind: 'sent', accepted: ['alice@partner.example'], refused: [] });
    const [stored] = server.stored;
    expect(stored?.bytes.equals(Buffer.from(mail.bytes))).toBe(true);
    expect(
      createHash('sha256')
        .update(stored?.bytes ?? '')
        .digest('hex'),
    ).toBe(mail.sha256);
  });

  test('the same draft renders to the same bytes, another moment or call to others', async () => {
    const mailer = mailerFor(1);
    const [one, again] = [await mailer.render(draft()), await mailer.render(draft())];
    expect(Buffer.from(again.bytes).equals(Buffer.from(one.bytes))).toBe(true);
    expect(again).toMatchObject({ sha256: one.sha256, messageId: one.messageId });
    expect((await mailer.render(draft({ seed: 'other' }))).messageId).not.toBe(one.messageId);
    expect(Buffer.from(one.bytes).toString()).toContain(`Message-ID: ${one.messageId}\r\n`);
  });

  test('bcc recipients are in the envelope and nowhere in the bytes', async () => {
    const server = await scripted();
    const mailer = mailerFor(server.port);
    const mail = await mailer.render(draft({ cc: ['carol@c.example'], bcc: ['hidden@h.example'] }));
    await send(mailer, mail);
    expect(server.stored[0]?.to).toEqual(['alice@partner.example', 'carol@c.example', 'hidden@h.example']);
    expect(server.stored[0]?.bytes.toString()).not.toMatch(/hidden|bcc/i);
    expect(server.stored[0]?.bytes.toString()).toContain('Cc: carol@c.example\r\n');
  });

  test('an envelope that the library would read as other recipients is refused before anything is sent', async () => {
    const server = await scripted();
    const mailer = mailerFor(server.port);
    const mail = await mailer.render(draft());
    const tricky = [
      'alice@partner.example, evil@evil.example',
      'alice@partner.example(evil@evil.example)',
      'Friends:evil@evil.example;',
      '"alice@partner.example" <evil@evil.example>',
      'alice@partner.example\r\nRCPT TO:<evil@evil.example>',
      'alice@ｐartner.example',
    ];
    for (const to of tricky) {
      const found = await send(mailer, { ...mail, envelope: { from: FROM, to: [to] } });
      expect({ to, kind: found.kind }).toEqual({ to, kind: 'refused' });
    }
    expect(server.connections()).toBe(0);

    // The control: the library alone takes the first of them apart and sends to both.
    const naive = createTransport({ host: '127.0.0.1', port: server.port });
    await naive.sendMail({ raw: Buffer.from(mail.bytes), envelope: { from: FROM, to: tricky[0] ?? '' } });
    expect(server.stored[0]?.to).toEqual(['alice@partner.example', 'evil@evil.example']);
  });

  test('bytes that are not those of their hash are refused', async () => {
    const server = await scripted();
    const mailer = mailerFor(server.port);
    const mail = await mailer.render(draft());
    const found = await send(mailer, { ...mail, bytes: Buffer.from('Subject: other\r\n\r\nother\r\n') });
    expect(found).toEqual({ kind: 'refused', why: 'the message is not the one that was rendered' });
    expect(server.connections()).toBe(0);
  });

  test('model text in subject and body adds no header and no recipient', async () => {
    const mailer = mailerFor(1);
    const evil = 'x\r\nBcc: evil@evil.example\r\n\r\nbody';
    const { bytes, envelope } = await mailer.render(draft({ subject: evil, body: evil }));
    const head = Buffer.from(bytes).toString().split('\r\n\r\n')[0] ?? '';
    expect(head.split(/\r\n(?![ \t])/).map((line) => line.split(':')[0])).toEqual([
      'From',
      'To',
      'Subject',
      'Message-ID',
      'Date',
      'Content-Transfer-Encoding',
      'MIME-Version',
      'Content-Type',
    ]);
    expect(envelope.to).toEqual(['alice@partner.example']);
  });
});

describe('S7: what became of a message at a server that fails at each stage', () => {
  const early: Stage[] = ['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA'];
  const rows: [Stage, Deed, MailDelivery['kind'], number][] = [
    ...early.flatMap((stage): [Stage, Deed, MailDelivery['kind'], number][] => [
      [stage, 'close', 'notSent', 0],
      [stage, 'reset', 'notSent', 0],
      [stage, 'silence', 'notSent', 0],
      [stage, '421 shutting down', 'notSent', 0],
      [stage, '451 later', 'notSent', 0],
    ]),
    ['greeting', '554 no', 'refused', 0],
    ['EHLO', '554 no', 'refused', 0],
    ['MAIL', '550 no', 'refused', 0],
    ['RCPT', '550 no', 'refused', 0],
    ['DATA', '554 no', 'refused', 0],
    ['DATA', '503 bad sequence', 'notSent', 0],
    ['message', 'close', 'unknown', 0],
    ['message', 'reset', 'unknown', 0],
    ['message', 'silence', 'unknown', 0],
    ['message', '421 shutting down', 'unknown', 0],
    ['message', '451 later', 'notSent', 0],
    ['message', '554 no', 'refused', 0],
    ['message', '999 what', 'unknown', 0],
    ['stored', 'close', 'unknown', 1],
    ['stored', 'reset', 'unknown', 1],
    ['stored', 'silence', 'unknown', 1],
    ['stored', '421 shutting down', 'unknown', 1],
    ['QUIT', 'close', 'sent', 1],
    ['QUIT', 'reset', 'sent', 1],
    ['QUIT', 'silence', 'sent', 1],
    ['QUIT', '500 what', 'sent', 1],
  ];

  test.each(rows)('%s, %s: %s', async (stage, deed, kind, stored) => {
    const tries = [false, true].map(async (pipelining) => {
      const found = await sendTo({ stage, deed, pipelining });
      expect({ pipelining, kind: found.kind, stored: found.stored }).toEqual({ pipelining, kind, stored });
    });
    await Promise.all(tries);
  });

  test('a large message whose body is read but never answered is unknown, too', async () => {
    const server = await scripted({ stage: 'stored', deed: 'reset' });
    const mailer = mailerFor(server.port);
    const mail = await mailer.render(draft({ body: 'Eine Zeile mit Ümlauten\n'.repeat(40_000) }));
    expect((await send(mailer, mail)).kind).toBe('unknown');
    expect(server.stored).toHaveLength(1);
  });

  test('nobody listens, or the name does not exist: not sent', async () => {
    const server = await startScriptedServer();
    server.close();
    const [mail] = [await mailerFor(server.port).render(draft())];
    expect((await send(mailerFor(server.port), mail)).kind).toBe('notSent');
    expect((await send(mailerFor(25, { host: 'no-such-host.invalid' }), mail)).kind).toBe('notSent');
  });

  test('cancelled before: not sent; cancelled once the message was stored: unknown', async () => {
    const controller = new AbortController();
    const server = await scripted({ stage: 'stored', deed: 'silence', afterStored: () => controller.abort() });
    const mailer = mailerFor(server.port, { timeoutMs: 5000 });
    const mail = await mailer.render(draft());
    expect((await send(mailer, mail, AbortSignal.abort())).kind).toBe('notSent');
    expect(server.connections()).toBe(0);
    expect((await send(mailer, mail, controller.signal)).kind).toBe('unknown');
    expect(server.stored).toHaveLength(1);
  });

  test('cancelled while the server is silent before the message: not sent', async () => {
    const server = await scripted({ stage: 'DATA', deed: 'silence' });
    const mailer = mailerFor(server.port, { timeoutMs: 5000 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    expect((await send(mailer, await mailer.render(draft()), controller.signal)).kind).toBe('notSent');
  });

  test('one connection per message, whatever happens: the library does not try again by itself', async () => {
    for (const stage of ['greeting', 'EHLO', 'stored'] as const) {
      const server = await scripted({ stage, deed: 'close' });
      const mailer = mailerFor(server.port);
      await send(mailer, await mailer.render(draft()));
      expect(server.connections()).toBe(1);
    }
  });

  test('recipients that the server refuses are told apart from those that it accepted', async () => {
    const server = await scripted({ refuse: ['bob@partner.example'] });
    const mailer = mailerFor(server.port);
    const mail = await mailer.render(draft({ to: ['alice@partner.example', 'bob@partner.example'] }));
    expect(await send(mailer, mail)).toEqual({
      kind: 'sent',
      accepted: ['alice@partner.example'],
      refused: ['bob@partner.example'],
      response: '250 stored as 42',
    });
    expect(server.stored[0]?.to).toEqual(['alice@partner.example']);
  });

  test('when all recipients are refused, nothing was sent', async () => {
    const found = await sendTo({ refuse: ['alice@partner.example'] });
    expect(found).toMatchObject({ kind: 'refused', stored: 0 });
  });
});

describe('S10: the login', () => {
  const auth = { user: 'agent', pass: 'hunter2-secret' };

  test('never leaves this machine without TLS; on loopback it may', async () => {
    const server = await scripted({ auth: true });
    const mail = await mailerFor(server.port).render(draft());
    // 0.0.0.0 reaches the same server, under a name that is not loopback.
    const remote = await send(mailerFor(server.port, { auth, host: '0.0.0.0' }), mail);
    expect(remote.kind).toBe('notSent');
    expect(server.lines.join('\n')).not.toMatch(/^AUTH/m);
    expect((await send(mailerFor(server.port, { auth }), mail)).kind).toBe('sent');
    expect(server.lines.join('\n')).toMatch(/^AUTH PLAIN/m);
  });

  test.each<[Deed, MailDelivery['kind']]>([
    ['535 wrong password hunter2-secret', 'refused'],
    ['454 later', 'refused'],
    ['close', 'notSent'],
    ['silence', 'notSent'],
  ])('is told to nobody when the server answers %s', async (deed, kind) => {
    const found = await sendTo({ auth: true, stage: 'AUTH', deed }, { auth });
    expect(found).toMatchObject({ kind, stored: 0 });
    const said = JSON.stringify(found);
    for (const secret of [auth.pass, auth.user, Buffer.from(`\0${auth.user}\0${auth.pass}`).toString('base64')]) {
      expect(said).not.toContain(secret);
    }
  });

  test('is not offered to a server that asks for none', async () => {
    const server = await scripted({ auth: false });
    const mailer = mailerFor(server.port, { auth });
    await send(mailer, await mailer.render(draft()));
    expect(server.lines.join('\n')).not.toMatch(/^AUTH/m);
  });
});
