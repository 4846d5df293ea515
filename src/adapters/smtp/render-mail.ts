/**
 * A draft as the exact bytes of a message (RFC 5322), the same bytes each time.
 *
 * 1. Addresses are canonical and handed over as address objects without a name, so the library's address parser never
 * sees model text. 2. Bcc stands in the envelope and never in the bytes. 3. Parts come as text and bytes, never as paths
 * or URLs, and their boundary is made from their content too, so no content can hold it. 4. A file has one name, in
 * Content-Disposition: a second one in Content-Type could be read instead.
 */
import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { MailAttachment, MailDraft, RenderedMail } from '../../tools/ports/mailer.ts';

export async function renderMail(from: string, draft: MailDraft): Promise<RenderedMail> {
  const messageId = `<${sha256(draft.seed).slice(0, 32)}@${from.slice(from.lastIndexOf('@') + 1)}>`;
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message } = await transport.sendMail({
    from: plain(from),
    to: draft.to.map(plain),
    ...(draft.cc.length === 0 ? {} : { cc: draft.cc.map(plain) }),
    ...(draft.replyTo === undefined ? {} : { replyTo: plain(draft.replyTo) }),
    subject: draft.subject,
    // The library leaves an empty text out, and with it the part that must come first.
    text: draft.body === '' ? '\n' : draft.body,
    ...(draft.html === undefined ? {} : { html: draft.html }),
    attachments: draft.attachments.map(attachment),
    messageId,
    date: draft.date,
    baseBoundary: contentHash(draft).slice(0, 24),
    textEncoding: 'quoted-printable',
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  if (!Buffer.isBuffer(message)) throw new Error('the mail library did not render the message to bytes');
  const recipients = [...new Set([...draft.to, ...draft.cc, ...draft.bcc])];
  return { bytes: message, sha256: sha256(message), messageId, envelope: { from, to: recipients } };
}

function attachment({ name, contentType, bytes }: MailAttachment) {
  return {
    // No name of the library's own making; ours has no quote and no backslash.
    filename: false as const,
    contentDisposition: `attachment; filename="${name}"`,
    contentType,
    contentTransferEncoding: 'base64' as const,
    content: Buffer.from(bytes),
  };
}

function contentHash({ seed, subject, body, html, attachments }: MailDraft): string {
  const hash = createHash('sha256').update(JSON.stringify([seed, subject, body, html ?? null]));
  for (const { name, bytes } of attachments) hash.update(JSON.stringify([name, bytes.length])).update(bytes);
  return hash.digest('hex');
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function plain(address: string): { readonly name: string; readonly address: string } {
  return { name: '', address };
}
