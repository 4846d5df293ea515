import type { PreviewPart } from '../domain/request.ts';
import { utf8Length } from '../domain/text-size.ts';
import { free, listOf, one, optionalListOf } from '../policy/kinds/argument.ts';
import { mailAddress } from '../policy/kinds/mail-address.ts';
import { text } from '../policy/kinds/text.ts';
import type { Performance } from './define-tool.ts';
import { defineTool } from './define-tool.ts';
import type { MailDelivery, RenderedMail } from './ports/mailer.ts';
import type { ReadMessage } from './read-message.ts';
import { readMessage } from './read-message.ts';

const MAX_RECIPIENTS = 20;
/** A preview of at most so many bytes shows the body twice: decoded, and exactly as sent. A larger one decoded only. */
const MAX_SHOWN_TWICE = 56 * 1024;

export const sendEmail = defineTool({
  name: 'send_email',
  description: 'Sends one plain-text e-mail under the name of the person you act for.',
  permission: 'send_email',
  role: 'mail',
  arguments: {
    to: listOf(mailAddress, MAX_RECIPIENTS, 'plain addresses, no names'),
    cc: optionalListOf(mailAddress, MAX_RECIPIENTS, 'plain addresses'),
    bcc: optionalListOf(mailAddress, MAX_RECIPIENTS, 'plain addresses'),
    subject: free(one(text({ maxLength: 500, multiline: false }), 'one line')),
    body: free(one(text({ maxLength: 50_000, multiline: true }), 'plain text')),
  },
  needs: ['mailer'],
  labels: [],
  timeoutMs: 90_000,
  effect: 'once',
  summary: ({ to, cc = [], bcc = [] }) => [...to, ...cc, ...bcc].join(', '),
  prepare: async ({ to, cc = [], bcc = [], subject, body }, place, { mailer }) => {
    const all = [...to, ...cc, ...bcc];
    if (new Set(all).size !== all.length) return { kind: 'failed', why: 'A recipient is named twice.' };
    const seed = `${place.workflowId}/${place.chainId}/${place.callId}/${place.at.toISOString()}`;
    const mail = await mailer.render({ to, cc, bcc, subject, body, seed, date: place.at });
    const message = readMessage(mail.bytes);
    // Denied when the receiver would read anything but what was asked for, such as a subject that is an encoded word.
    if (message?.subject !== subject || !isSameText(message.text, body)) {
      return { kind: 'denied', why: 'The receiver would read something else than this subject and body.' };
    }
    const { envelope, messageId, sha256 } = mail;
    return {
      kind: 'ready',
      facts: { sha256, messageId, envelope: { from: envelope.from, to: [...envelope.to] } },
      preview: previewOf(mail, message, bcc),
      material: mail,
    };
  },
  perform: async (mail, { mailer }, signal) => performanceOf(await mailer.send(mail, signal), mail),
});

/** A message ends its last line, whether the body did or not. */
function isSameText(sent: string, asked: string): boolean {
  return sent === asked || sent === `${asked}\n`;
}

function previewOf(mail: RenderedMail, message: ReadMessage, bcc: readonly string[]): readonly PreviewPart[] {
  const size = `${mail.bytes.length} bytes, SHA-256 ${mail.sha256.slice(0, 12)}`;
  const decoded = [
    { label: 'Envelope', text: envelopeText(mail, bcc) },
    { label: 'Subject', text: message.subject },
    { label: 'Text', text: message.text },
  ];
  const twice = [...decoded, { label: `Message exactly as it will be sent (${size})`, text: message.source }];
  if (twice.reduce((sum, part) => sum + utf8Length(part.text), 0) <= MAX_SHOWN_TWICE) return twice;
  return [
    ...decoded,
    { label: `Headers exactly as they will be sent (whole message: ${size})`, text: message.headers },
  ];
}

function envelopeText({ envelope }: RenderedMail, bcc: readonly string[]): string {
  return [
    `from ${envelope.from}`,
    ...envelope.to.map((to) => `to   ${to}${bcc.includes(to) ? '  (bcc: the others do not see it)' : ''}`),
  ].join('\n');
}

function performanceOf(delivery: MailDelivery, { messageId, sha256 }: RenderedMail): Performance {
  switch (delivery.kind) {
    case 'sent': {
      const { accepted, refused, response } = delivery;
      const part = refused.length === 0 ? '' : ` The server refused: ${refused.join(', ')}; they did not get it.`;
      return {
        kind: 'done',
        text: `Sent to ${accepted.join(', ')}.${part}`,
        evidence: { accepted: [...accepted], refused: [...refused], response, messageId, sha256 },
      };
    }
    case 'refused':
      return { kind: 'failed', text: `Not sent: ${delivery.why}.` };
    case 'notSent':
      return { kind: 'notPerformed', why: delivery.why };
    case 'unknown':
      return { kind: 'unknown', why: delivery.why };
  }
}
