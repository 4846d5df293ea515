import { describe, expect, test } from '@jest/globals';
import { readMessage, sourceOf } from '../../../src/tools/mail/read-message.ts';

function message(head: string, body = 'text\r\n'): Uint8Array {
  return Buffer.from(`${head}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}`, 'latin1');
}

describe('S11: a message is read as its receiver reads it', () => {
  test('headers and source as sent, subject and text decoded', () => {
    const bytes = message(
      'Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_aus?=\r\n =?UTF-8?Q?_K=C3=B6ln?=\r\nContent-Transfer-Encoding: quoted-printable',
      'Sch=C3=B6n=\r\ne=20\r\n',
    );
    expect(readMessage(bytes)).toMatchObject({ subject: 'Grüße aus Köln', text: 'Schöne \n' });
    expect(sourceOf(bytes)).toBe(Buffer.from(bytes).toString().replaceAll('\r\n', '\n'));
    expect(readMessage(bytes)?.headers).not.toContain('Sch');
  });

  test('an encoded word hides nothing: what it decodes to is what is read', () => {
    expect(readMessage(message('Subject: =?UTF-8?Q?Hello_Alice?='))?.subject).toBe('Hello Alice');
  });

  test.each([
    ['base64 word', message('Subject: =?UTF-8?B?aGVsbG8=?=')],
    ['word in lower case', message('Subject: =?utf-8?q?x?=')],
    ['word of another charset', message('Subject: =?ISO-8859-1?Q?x?=')],
    ['word with a space', message('Subject: =?UTF-8?Q?a b?=')],
    ['half a word', message('Subject: what =?')],
    ['word that is no UTF-8', message('Subject: =?UTF-8?Q?=FF?=')],
    ['two subjects', message('Subject: a\r\nSubject: b')],
    ['header that is none', message('Subject: a\r\nno colon')],
    ['base64 body', message('Content-Transfer-Encoding: base64')],
    ['wrong escape', message('Content-Transfer-Encoding: quoted-printable', 'a=zz')],
    ['bytes beyond ASCII', message('Subject: a', 'ü')],
    ['control characters', message('Subject: a\u0007')],
    ['bare line feed', message('Subject: a\nBcc: b@evil.example')],
    ['bare carriage return', message('Subject: a', 'x\rBcc: y')],
    ['line that is too long', message('Subject: a', 'x'.repeat(999))],
    ['another content type', Buffer.from('Content-Type: text/html; charset=utf-8\r\n\r\nx')],
    ['several parts', Buffer.from('Content-Type: multipart/mixed; boundary=x\r\n\r\nx')],
    ['no body', Buffer.from('Subject: a')],
    ['nothing', new Uint8Array()],
  ])('a message that could be read in two ways is not read: %s', (_what, bytes) => {
    expect(readMessage(bytes)).toBeUndefined();
  });
});
