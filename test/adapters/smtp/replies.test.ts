import { describe, expect, test } from '@jest/globals';
import type { Socket } from 'node:net';
import type { MailDelivery } from '../../../src/tools/ports/mailer.ts';
import { deliver } from './delivering.ts';
import type { Stage } from './scripted-server.ts';

type Kind = MailDelivery['kind'];
type Row = readonly [stage: Stage, what: string, said: string, kind: Kind];

const LONG = `250 ${'x'.repeat(200_000)}`;
const ENDLESS = '250-x\r\n'.repeat(50_000);

/** What is said there in the place of an answer, and nothing after it. */
const ROWS: readonly Row[] = [
  ['greeting', 'another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'notSent'],
  ['greeting', 'a line without end', 'x'.repeat(200_000), 'notSent'],
  ['greeting', 'lines without end', '220-x\r\n'.repeat(50_000), 'notSent'],
  ['greeting', 'NUL', '\u0000220 hello', 'notSent'],
  ...(['EHLO', 'MAIL', 'RCPT', 'DATA'] as const).flatMap((stage): Row[] => [
    [stage, 'a line without end', 'x'.repeat(200_000), 'notSent'],
    [stage, 'a line that is too long', LONG, 'notSent'],
    [stage, 'lines without end', ENDLESS, 'notSent'],
    [stage, 'the beginning of an answer', '250-first', 'notSent'],
    [stage, 'garbage', '\u0001\u0002 garbage', 'notSent'],
    [stage, 'an informal code', '199 hm', 'notSent'],
    [stage, 'a blank before the code', ' 250 ok', 'notSent'],
  ]),
  ['MAIL', 'a refusal in several lines', '550-no\r\n550 really', 'refused'],
  ['MAIL', 'a delay in several lines', '451-no\r\n451 later', 'notSent'],
  ['MAIL', 'a refusal that becomes an acceptance', '550-no\r\n250 ok', 'notSent'],
  ['RCPT', 'an acceptance and then a refusal', '250 ok\r\n550 no', 'refused'],
  ['DATA', 'an acceptance of what it has not got yet', '354 go on\r\n250 stored', 'unknown'],
  ['DATA', 'a delay of what it has not got yet', '354 go on\r\n451 later', 'unknown'],
  ['DATA', 'a refusal of what it has not got yet', '354 go on\r\n550 no', 'unknown'],
  ['DATA', 'blank lines among answers', '354-go\r\n\r\n250 stored', 'unknown'],
  ['MAIL', 'all its answers at once', '250 ok\r\n250 ok\r\n354 go on\r\n250 stored', 'unknown'],
  ['EHLO', 'all its answers at once', '250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 stored', 'unknown'],
  ['stored', 'an acceptance in several lines', '250-stored\r\n250-as\r\n250 42', 'sent'],
  ['stored', 'an acceptance without words', '250', 'sent'],
  ['stored', 'an acceptance that becomes a refusal', '250-ok\r\n550 no', 'unknown'],
  ['stored', 'a refusal that becomes an acceptance', '550-no\r\n250 ok', 'unknown'],
  ['stored', 'a delay that becomes an acceptance', '451-later\r\n250 ok', 'unknown'],
  ['stored', 'a code of four digits', '2500 ok', 'unknown'],
  ['stored', 'a code of two digits', '25 ok', 'unknown'],
  ['stored', 'a code with other digits', '2\uFF150 ok', 'unknown'],
  ['stored', 'a code and a tab', '250\tok', 'unknown'],
  ['stored', 'a blank before the code', ' 250 ok', 'unknown'],
  ['stored', 'a request for more', '354 go on', 'unknown'],
  ['stored', 'an informal code', '199 hm', 'unknown'],
  ['stored', 'NUL', '\u0000250 ok', 'unknown'],
  ['stored', 'garbage', '\u0001\u0002 garbage', 'unknown'],
  ['stored', 'the beginning of an answer', '250-first', 'unknown'],
  ['stored', 'a line without end', 'x'.repeat(200_000), 'unknown'],
  ['stored', 'a line that is too long', LONG, 'unknown'],
  ['stored', 'lines without end', ENDLESS, 'unknown'],
];

describe('S7: a server that does not answer as servers do', () => {
  test.each(ROWS)('%s: %s', async (stage, _what, said, kind) => {
    const deed = (socket: Socket): void => {
      socket.write(`${said}\r\n`, 'latin1');
    };
    const { delivery, server } = await deliver({ stage, deed }, { timeoutMs: 300 });
    expect({ kind: delivery.kind, stored: server.stored.length }).toEqual({ kind, stored: stage === 'stored' ? 1 : 0 });
    expect(server.connections()).toBe(1);
    expect(JSON.stringify(delivery).length).toBeLessThan(1000);
  });

  test.each<[Stage, Kind]>([
    ['greeting', 'notSent'],
    ['EHLO', 'notSent'],
    ['MAIL', 'notSent'],
    ['DATA', 'notSent'],
    ['stored', 'unknown'],
  ])(
    'one that drips a byte at a time at %s, so that it is never idle, is given up when the time is over: %s',
    async (stage, kind) => {
      let dripping: NodeJS.Timeout | undefined;
      const deed = (socket: Socket): void => {
        dripping = setInterval(() => socket.write('2'), 20);
        socket.on('close', () => clearInterval(dripping));
      };
      try {
        // As the guard does at the end of the tool's time; without it the conversation would go on for ever.
        const { delivery, server } = await deliver(
          { stage, deed },
          { timeoutMs: 5000, signal: AbortSignal.timeout(400) },
        );
        expect({ kind: delivery.kind, stored: server.stored.length }).toEqual({
          kind,
          stored: stage === 'stored' ? 1 : 0,
        });
      } finally {
        clearInterval(dripping);
      }
    },
  );

  test('what it says when it takes a message is kept on one line, short, with nothing that deceives a reader', async () => {
    const said = `250-a\u001b[31m\r\n250 ${'b'.repeat(5000)}`;
    const { delivery } = await deliver({ stage: 'stored', deed: (socket) => void socket.write(`${said}\r\n`) });
    expect(delivery).toMatchObject({
      kind: 'sent',
      response: expect.stringMatching(/^250-a⟨U\+001B⟩\[31m⟨U\+000A⟩250 b+$/),
    });
    expect(JSON.stringify(delivery).length).toBeLessThan(1000);
  });
});
