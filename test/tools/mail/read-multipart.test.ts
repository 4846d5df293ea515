/** A message that is changed in one place is read as something else or not at all, never as what was asked for. */
import { describe, expect, test } from '@jest/globals';
import { readMessage } from '../../../src/tools/mail/read-message.ts';
import { differenceOf } from '../../../src/tools/mail/same-message.ts';
import { draft } from '../../adapters/smtp/delivering.ts';
import { mailerAt } from './mailing.ts';

const ASKED = draft({
  cc: ['carol@c.example'],
  replyTo: 'r@r.example',
  body: 'Grüße',
  html: '<p>Grüße</p>\n',
  attachments: [{ name: 'März.bin', contentType: 'application/octet-stream', bytes: Buffer.from('abcd') }],
});

describe('S11: one text has one reading', () => {
  test.each<[string, (text: string) => string]>([
    ['a Bcc field', (text) => text.replace('Cc:', 'Bcc: e@e.example\r\nCc:')],
    ['a second To', (text) => text.replace('Cc:', 'To: e@e.example\r\nCc:')],
    ['another recipient', (text) => text.replace('To: ', 'To: e@e.example, ')],
    ['another answer address', (text) => text.replace('r@r', 'e@e')],
    ['a Sender', (text) => text.replace('Cc:', 'Sender: e@e.example\r\nCc:')],
    ['a receipt', (text) => text.replace('Cc:', 'Disposition-Notification-To: e@e.example\r\nCc:')],
    ['a list', (text) => text.replace('Cc:', 'List-Unsubscribe: <http://e.example>\r\nCc:')],
    ['words before the parts', (text) => text.replace('\r\n\r\n--', '\r\n\r\npreamble\r\n--')],
    ['words after the parts', (text) => `${text}epilogue\r\n`],
    ['an end that is missing', (text) => text.replace(/--\r\n$/, '\r\n')],
    ['a line like a boundary', (text) => text.replace(/(--\S+Part_1)\r\n(?=Content-Type: app)/, '$1x\r\n')],
    ['an end in the middle', (text) => text.replace(/(--\S+Part_1)\r\n(?=Content-Type: app)/, '$1--\r\n$1\r\n')],
    ['parts that are related', (text) => text.replace('multipart/mixed', 'multipart/related')],
    [
      'alternatives the other way',
      (text) => text.replace('text/plain', 'text/x').replace('text/html', 'text/plain').replace('text/x', 'text/html'),
    ],
    ['an attachment shown inline', (text) => text.replace('attachment;', 'inline;')],
    ['a page as attachment', (text) => text.replace('application/octet-stream', 'text/html')],
    ['a second name', (text) => text.replace('application/octet-stream', 'application/octet-stream; name=evil.exe')],
    ['a name twice', (text) => text.replace('attachment;', 'attachment; filename=evil.exe;')],
    ['sections out of order', (text) => text.replace('filename*0*', 'filename*1*')],
    ['a name of another charset', (text) => text.replace("utf-8''", "iso-8859-1''")],
    ['a content id', (text) => text.replace('Content-Disposition', 'Content-ID: <x>\r\nContent-Disposition')],
    ['other content', (text) => text.replace('YWJjZA==', 'YWJjZQ==')],
    ['spare bits', (text) => text.replace('YWJjZA==', 'YWJjZB==')],
    ['no padding', (text) => text.replace('YWJjZA==', 'YWJjZA')],
    ['garbage in base64', (text) => text.replace('YWJjZA==', 'YWJj*ZA=')],
    ['white space at a line end', (text) => text.replace('=C3=9Fe', '=C3=9Fe ')],
    ['an escape in lower case', (text) => text.replace('=C3=9F', '=c3=9f')],
    ['another charset', (text) => text.replace('text/plain; charset=utf-8', 'text/plain; charset=utf-7')],
    ['another encoding', (text) => text.replace('quoted-printable', 'x-uuencode')],
    ['a bare line feed', (text) => text.replace('Cc:', 'X: y\nCc:')],
    [
      'an encoding of the whole',
      (text) => text.replace('MIME-Version', 'Content-Transfer-Encoding: base64\r\nMIME-Version'),
    ],
    ['another version', (text) => text.replace('MIME-Version: 1.0', 'MIME-Version: 2.0')],
    ['another date', (text) => text.replace('2026', '2025')],
  ])('%s', async (_what, change) => {
    const mail = await mailerAt(1).render(ASKED);
    const text = Buffer.from(mail.bytes).toString('latin1');
    const whole = readMessage(mail.bytes);
    expect(whole === undefined ? 'unread' : differenceOf(whole, ASKED, mail)).toBeUndefined();
    expect(change(text)).not.toBe(text);
    const read = readMessage(Buffer.from(change(text), 'latin1'));
    expect(read === undefined ? 'unread' : differenceOf(read, ASKED, mail)).toBeDefined();
  });
});
