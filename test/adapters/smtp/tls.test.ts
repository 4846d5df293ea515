import { describe, expect, test } from '@jest/globals';
import type { SmtpServer } from '../../../src/adapters/smtp/mailer.ts';
import type { MailDelivery } from '../../../src/tools/ports/mailer.ts';
import { selfSigned } from '../http/certificate.ts';
import { deliver } from './delivering.ts';
import type { Deed, Script } from './scripted-server.ts';

const certificate = selfSigned('127.0.0.1');
/** 0.0.0.0 reaches the same server, under a name that is not loopback. */
const remote = selfSigned('0.0.0.0');
const other = selfSigned('other.example');
const auth = { user: 'agent', pass: 'hunter2-secret' };
const ca = certificate.cert;

type Row = readonly [
  what: string,
  script: Script,
  more: Partial<SmtpServer>,
  kind: MailDelivery['kind'],
  stored: number,
];

const GOOD: readonly Row[] = [
  ['STARTTLS', { tls: { certificate } }, { ca }, 'sent', 1],
  ['STARTTLS and a login', { auth: true, tls: { certificate } }, { ca, auth }, 'sent', 1],
  [
    'STARTTLS and a login, not on loopback',
    { auth: true, tls: { certificate: remote } },
    { ca: remote.cert, auth, host: '0.0.0.0' },
    'sent',
    1,
  ],
  [
    'TLS from the first byte',
    { auth: true, tls: { certificate, implicit: true } },
    { ca, auth, secure: true },
    'sent',
    1,
  ],
  [
    'answers that were injected in clear after STARTTLS are dropped',
    {
      auth: true,
      tls: { certificate },
      injected: '\r\n250-evil\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 ok\r\n250 stored as evil',
    },
    { ca, auth },
    'sent',
    1,
  ],
];

const refusals: readonly [Deed, MailDelivery['kind']][] = [
  ['454 TLS not available', 'notSent'],
  ['502 not implemented', 'refused'],
  ['220 go on', 'notSent'],
  ['421 shutting down', 'notSent'],
  ['close', 'notSent'],
  ['reset', 'notSent'],
  ['silence', 'notSent'],
];

const BAD: readonly Row[] = [
  ['no STARTTLS, a login, not on loopback', { auth: true }, { auth, host: '0.0.0.0' }, 'notSent', 0],
  ...refusals.flatMap(([deed, kind]): Row[] => [
    [`STARTTLS answered by ${String(deed)}`, { stage: 'STARTTLS', deed, tls: { certificate } }, { ca }, kind, 0],
    [
      `STARTTLS answered by ${String(deed)}, with a login`,
      { auth: true, stage: 'STARTTLS', deed, tls: { certificate } },
      { ca, auth },
      kind,
      0,
    ],
  ]),
  [
    'a handshake of garbage',
    {
      tls: { certificate },
      stage: 'STARTTLS',
      deed: (socket) => {
        socket.write('220 go on\r\n');
        socket.once('data', () => socket.write('garbage\r\n'.repeat(100)));
      },
    },
    { ca },
    'notSent',
    0,
  ],
  ['a certificate nobody vouches for', { auth: true, tls: { certificate } }, { auth }, 'notSent', 0],
  ['a certificate nobody vouches for, and no login', { tls: { certificate } }, {}, 'notSent', 0],
  [
    'a certificate of another name',
    { auth: true, tls: { certificate: other } },
    { ca: other.cert, auth },
    'notSent',
    0,
  ],
  [
    'TLS from the first byte, a certificate nobody vouches for',
    { auth: true, tls: { certificate, implicit: true } },
    { auth, secure: true },
    'notSent',
    0,
  ],
  [
    'TLS from the first byte, a certificate of another name',
    { auth: true, tls: { certificate: other, implicit: true } },
    { ca: other.cert, auth, secure: true },
    'notSent',
    0,
  ],
  ['TLS to a server that speaks none', { auth: true }, { auth, secure: true }, 'notSent', 0],
  ['no TLS to a server that speaks nothing else', { tls: { certificate, implicit: true } }, { auth }, 'notSent', 0],
];

describe('S10: TLS, and nothing of a login or a message in clear where it was asked for', () => {
  test.each([...GOOD, ...BAD])('%s', async (_what, script, more, kind, stored) => {
    const { delivery, mail, server } = await deliver(script, more);
    expect({ kind: delivery.kind, stored: server.stored.length }).toEqual({ kind, stored });
    expect(server.clear()).not.toMatch(/AUTH|MAIL|RCPT|DATA|Dear Alice/);
    expect(JSON.stringify(delivery)).not.toMatch(/hunter2|evil/);
    for (const { bytes } of server.stored) expect(bytes.equals(Buffer.from(mail.bytes))).toBe(true);
  });

  test('after STARTTLS what the server can do is asked anew: what it said in clear does not count', async () => {
    const { server } = await deliver({ auth: true, tls: { certificate } }, { ca, auth });
    expect(server.lines.map((line) => line.split(' ')[0])).toEqual([
      ...['EHLO', 'STARTTLS', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA'],
    ]);
  });

  test.each<[Deed, MailDelivery['kind'], number]>([
    ['close', 'unknown', 1],
    ['reset', 'unknown', 1],
    ['silence', 'unknown', 1],
    ['421 shutting down', 'unknown', 1],
    ['451 later', 'notSent', 1],
    ['554 no', 'refused', 1],
    ['250 fine', 'sent', 1],
  ])(
    'under TLS and with a login, a server that stored the message and then does %s: %s',
    async (deed, kind, stored) => {
      const script: Script = { auth: true, tls: { certificate }, stage: 'stored', deed };
      const { delivery, server } = await deliver(script, { ca, auth });
      expect({ kind: delivery.kind, stored: server.stored.length }).toEqual({ kind, stored });
      expect(server.connections()).toBe(1);
    },
  );

  test.each<[Deed, MailDelivery['kind']]>([
    ['535 wrong password hunter2-secret', 'refused'],
    ['454 later hunter2-secret', 'refused'],
    ['421 shutting down', 'refused'],
    ['close', 'notSent'],
    ['reset', 'notSent'],
    ['silence', 'notSent'],
  ])('under TLS, a login that is answered by %s: %s', async (deed, kind) => {
    const { delivery, server } = await deliver({ auth: true, tls: { certificate }, stage: 'AUTH', deed }, { ca, auth });
    expect({ kind: delivery.kind, stored: server.stored.length }).toEqual({ kind, stored: 0 });
    expect(JSON.stringify(delivery)).not.toMatch(/hunter2/);
    expect(server.lines.join('\n')).not.toMatch(/^MAIL/m);
  });
});
