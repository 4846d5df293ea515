import { decodeText } from '../domain/decode-text.ts';
import { free, listOf, one, optional } from '../policy/kinds/argument.ts';
import { mailAddress } from '../policy/kinds/mail-address.ts';
import { text } from '../policy/kinds/text.ts';
import type { Performance } from './define-tool.ts';
import { defineTool } from './define-tool.ts';
import type { MailDelivery, RenderedMail } from './ports/mailer.ts';

const MAX_RECIPIENTS = 20;

export const sendEmail = defineTool({
  name: 'send_email',
  description: 'Sends one plain-text e-mail under the name of the person you act for.',
  permission: 'send_email',
  role: 'mail',
  arguments: {
    to: listOf(mailAddress, MAX_RECIPIENTS, 'plain addresses, no names'),
    cc: optional(listOf(mailAddress, MAX_RECIPIENTS, 'plain addresses')),
    bcc: optional(listOf(mailAddress, MAX_RECIPIENTS, 'plain addresses')),
    subject: free(one(text({ maxLength: 500, multiline: false }), 'one line')),
    body: free(one(text({ maxLength: 50_000, multiline: true }), 'plain text')),
  },
  needs: ['mailer'],
  timeoutMs: 90_000,
  effect: 'once',
  summary: ({ to, cc = [], bcc = [] }) => [...to, ...cc, ...bcc].join(', '),
  prepare: async ({ to, cc = [], bcc = [], subject, body }, place, { mailer }) => {
    const all = [...to, ...cc, ...bcc];
    if (new Set(all).size !== all.length) return { kind: 'failed', why: 'A recipient is named twice.' };
    const seed = `${place.workflowId}/${place.chainId}/${place.callId}/${place.at.toISOString()}`;
    const mail = await mailer.render({ to, cc, bcc, subject, body, seed, date: place.at });
    const { envelope, messageId, sha256 } = mail;
    return {
      kind: 'ready',
      facts: { sha256, messageId, envelope: { from: envelope.from, to: [...envelope.to] } },
      preview: [
        { label: 'Envelope', text: envelopeText(mail, bcc) },
        { label: 'Subject', text: subject },
        { label: 'Text', text: body },
        {
          label: `Message exactly as sent (${mail.bytes.length} bytes, SHA-256 ${sha256.slice(0, 12)})`,
          text: asSent(mail),
        },
      ],
      material: mail,
    };
  },
  perform: async (mail, { mailer }, signal) => performanceOf(await mailer.send(mail, signal), mail),
});

function envelopeText({ envelope }: RenderedMail, bcc: readonly string[]): string {
  return [
    `from ${envelope.from}`,
    ...envelope.to.map((to) => `to   ${to}${bcc.includes(to) ? '  (bcc: the others do not see it)' : ''}`),
  ].join('\n');
}

/** The bytes as text; line ends are shown as line ends. */
function asSent({ bytes, sha256 }: RenderedMail): string {
  return decodeText(bytes)?.replaceAll('\r\n', '\n') ?? `(not text; SHA-256 ${sha256})`;
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
