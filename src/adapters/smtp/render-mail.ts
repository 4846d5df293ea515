/**
 * A draft as the exact bytes of a message (RFC 5322), the same bytes each time. Addresses are canonical and handed over
 * as address objects without a name, so the library's address parser never sees model text (facts: e-mail). Bcc stands
 * in the envelope and never in the bytes.
 */
import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { MailDraft, RenderedMail } from '../../tools/ports/mailer.ts';

export async function renderMail(from: string, draft: MailDraft): Promise<RenderedMail> {
  const seed = sha256(draft.seed);
  const messageId = `<${seed.slice(0, 32)}@${from.slice(from.lastIndexOf('@') + 1)}>`;
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message } = await transport.sendMail({
    from: plain(from),
    to: draft.to.map(plain),
    ...(draft.cc.length === 0 ? {} : { cc: draft.cc.map(plain) }),
    subject: draft.subject,
    text: draft.body,
    messageId,
    date: draft.date,
    baseBoundary: seed.slice(0, 24),
    textEncoding: 'quoted-printable',
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  if (!Buffer.isBuffer(message)) throw new Error('the mail library did not render the message to bytes');
  const recipients = [...new Set([...draft.to, ...draft.cc, ...draft.bcc])];
  return { bytes: message, sha256: sha256(message), messageId, envelope: { from, to: recipients } };
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function plain(address: string): { readonly name: string; readonly address: string } {
  return { name: '', address };
}
