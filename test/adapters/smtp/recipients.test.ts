import { describe, expect, test } from '@jest/globals';
import type { MailDelivery } from '../../../src/tools/ports/mailer.ts';
import { FROM, deliver } from './delivering.ts';
import type { Script } from './scripted-server.ts';

const ALICE = 'alice@partner.example';
const BOB = 'bob@partner.example';
const HIDDEN = 'hidden@h.example';

type Row = readonly [what: string, script: Script, kind: MailDelivery['kind'], got: readonly string[]];

const ROWS: readonly Row[] = [
  ['all are taken', {}, 'sent', [ALICE, BOB, HIDDEN]],
  ['one is refused for good', { refuse: [BOB] }, 'sent', [ALICE, HIDDEN]],
  ['one is put off', { refuse: [BOB], refusal: '450 later' }, 'sent', [ALICE, HIDDEN]],
  ['all but the hidden one are refused', { refuse: [ALICE, BOB] }, 'sent', [HIDDEN]],
  ['all are refused for good', { refuse: [ALICE, BOB, HIDDEN] }, 'refused', []],
  ['all are put off', { refuse: [ALICE, BOB, HIDDEN], refusal: '450 later' }, 'notSent', []],
  [
    'some are put off, and the message is refused',
    { refuse: [BOB], refusal: '450 x', stage: 'message', deed: '554 no' },
    'refused',
    [],
  ],
  [
    'some are put off, and the message too',
    { refuse: [BOB], refusal: '450 x', stage: 'message', deed: '451 later' },
    'notSent',
    [],
  ],
  [
    'some are put off, and DATA too',
    { refuse: [BOB], refusal: '450 x', stage: 'DATA', deed: '451 later' },
    'notSent',
    [],
  ],
  [
    'one is refused, and the rest taken without a word',
    { refuse: [BOB], stage: 'stored', deed: 'close' },
    'unknown',
    [ALICE, HIDDEN],
  ],
];

describe('S4, S7: who gets it', () => {
  test.each(ROWS.flatMap((row) => [false, true].map((pipelining) => [...row, pipelining] as const)))(
    '%s: %j → %s to %j (pipelining: %j)',
    async (_what, script, kind, got, pipelining) => {
      const draft = { to: [ALICE], cc: [BOB], bcc: [HIDDEN] };
      const { delivery, server } = await deliver({ ...script, pipelining }, { draft });
      expect(delivery.kind).toBe(kind);
      expect(server.stored.map(({ to }) => to)).toEqual(got.length === 0 ? [] : [got]);
      const told = 'accepted' in delivery ? [delivery.accepted, delivery.refused] : [[], [ALICE, BOB, HIDDEN]];
      const wanted = kind === 'sent' ? got : [];
      expect(told).toEqual([wanted, [ALICE, BOB, HIDDEN].filter((one) => !wanted.includes(one))]);
    },
  );

  test('the server is told of the sender and of exactly the recipients of the envelope, in one transaction', async () => {
    const to = Array.from({ length: 20 }, (_, n) => `person-${n}@d${n}.example`);
    const { mail, server } = await deliver(
      {},
      { draft: { to: to.slice(0, 8), cc: to.slice(8, 15), bcc: to.slice(15) } },
    );
    const said = server.lines.filter((line) => /^(MAIL|RCPT)/.test(line));
    expect(said).toEqual([`MAIL FROM:<${FROM}>`, ...to.map((one) => `RCPT TO:<${one}>`)]);
    expect(server.stored.map((one) => one.to)).toEqual([mail.envelope.to]);
    expect(server.connections()).toBe(1);
  });
});

describe('SMTP smuggling: no content ends a message or begins another', () => {
  const EVIL = 'MAIL FROM:<evil@evil.example>\r\nRCPT TO:<victim@v.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx';

  test.each([
    ['CR LF dot CR LF', `a\r\n.\r\n${EVIL}`],
    ['LF dot LF', `a\n.\n${EVIL}`],
    ['LF dot CR LF', `a\n.\r\n${EVIL}`],
    ['CR LF NUL dot CR LF', `a\r\n\0.\r\n${EVIL}`],
    ['dots at the beginning', `.\r\n..\r\n...\r\n${EVIL}`],
    ['a dot at the very end', `${EVIL}\r\n.`],
    ['a line of a million dots', '.'.repeat(1_000_000)],
  ])(
    '%s arrives as text of the one message',
    async (_what, body) => {
      for (const html of [undefined, body]) {
        const attachments = [{ name: 'a.bin', contentType: 'application/octet-stream', bytes: Buffer.from(body) }];
        const draft = { subject: 'one', body, html, attachments };
        const { delivery, mail, server } = await deliver({}, { draft, timeoutMs: 15_000 });
        expect(delivery.kind).toBe('sent');
        expect(server.stored).toHaveLength(1);
        const [stored] = server.stored;
        expect(stored?.to).toEqual([ALICE]);
        expect(stored?.bytes.equals(Buffer.from(mail.bytes))).toBe(true);
        // Nowhere a bare CR or LF, which some servers take for a line end, and no dot alone on a line.
        expect(stored?.raw.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
        expect(stored?.raw.toString('latin1')).not.toMatch(/(^|\r\n)\.\r\n/);
        expect(server.lines.filter((line) => /^(MAIL|RCPT|DATA)/.test(line))).toHaveLength(3);
      }
    },
    30_000,
  );

  test.each([
    ['CR dot CR', `a\r.\r${EVIL}`],
    ['CR LF dot CR', `a\r\n.\r${EVIL}`],
    ['CR CR LF dot CR LF', `a\r\r\n.\r\r\n${EVIL}`],
  ])('%s, which the library would change on the way, is not sent at all', async (_what, body) => {
    const { delivery, server } = await deliver({}, { draft: { subject: 'one', body } });
    expect(delivery).toEqual({ kind: 'refused', why: 'the message is not the one that was rendered' });
    expect(server.lines).toEqual([]);
  });
});
