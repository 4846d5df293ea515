import type { JsonObject } from '../domain/json.ts';
import { defaulting, free, listOf, needing, one, optional, optionalListOf } from '../policy/kinds/argument.ts';
import { flag } from '../policy/kinds/flag.ts';
import { mailAddress } from '../policy/kinds/mail-address.ts';
import { path } from '../policy/kinds/path.ts';
import { text } from '../policy/kinds/text.ts';
import type { Performance, Preparation } from './define-tool.ts';
import { defineTool } from './define-tool.ts';
import { namesOf } from './file-names.ts';
import type { AttachedFile } from './mail/attach-files.ts';
import { attachFiles } from './mail/attach-files.ts';
import { htmlOfText } from './mail/html-of-text.ts';
import { previewOf } from './mail/mail-preview.ts';
import { readMessage } from './mail/read-message.ts';
import { differenceOf } from './mail/same-message.ts';
import type { WorldPorts } from './ports.ts';
import type { MailDelivery, MailDraft, RenderedMail } from './ports/mailer.ts';

const MAX_RECIPIENTS = 20;
const MAX_ATTACHMENTS = 10;

export const sendEmail = defineTool({
  name: 'send_email',
  description:
    'Sends one e-mail under the name of the person you act for: plain text, and on request the same as simple HTML, with files of the workspace attached.',
  permission: 'send_email',
  role: 'mail',
  arguments: {
    to: listOf(mailAddress, MAX_RECIPIENTS, 'plain addresses, no names'),
    cc: optionalListOf(mailAddress, MAX_RECIPIENTS, 'plain addresses'),
    bcc: optionalListOf(mailAddress, MAX_RECIPIENTS, 'plain addresses'),
    reply_to: optional(one(mailAddress, 'plain address that answers go to, if not to the sender')),
    subject: free(one(text({ maxLength: 500, multiline: false }), 'one line')),
    body: free(one(text({ maxLength: 50_000, multiline: true }), 'plain text')),
    html: free(
      defaulting(
        false,
        one(flag, 'true: also as simple HTML made of the body (paragraphs, "- " lists, "# " headings)'),
      ),
    ),
    attachments: needing(
      'read_files',
      optionalListOf(path, MAX_ATTACHMENTS, 'files, relative to the workspace; together at most 10 MB'),
    ),
  },
  needs: ['mailer', 'attachable', 'knownRecipients'],
  labels: [],
  timeoutMs: 90_000,
  effect: 'once',
  summary: ({ to, cc = [], bcc = [], attachments = [] }) =>
    `${[...to, ...cc, ...bcc].join(', ')}${attachments.length === 0 ? '' : `, with ${namesOf(attachments)}`}`,
  prepare: async (args, place, ports) => {
    const { to, cc = [], bcc = [], reply_to: replyTo, subject, body, attachments = [] } = args;
    const all = [...to, ...cc, ...bcc];
    if (new Set(all).size !== all.length) return { kind: 'failed', why: 'A recipient is named twice.' };
    const attached = await attachFiles(attachments, ports.attachable);
    if (attached.kind !== 'attached') return attached;
    const { files } = attached;
    const seed = `${place.workflowId}/${place.chainId}/${place.callId}/${place.at.toISOString()}`;
    const html = args.html === true ? htmlOfText(body) : undefined;
    const draft = { to, cc, bcc, replyTo, subject, body, html, attachments: files, seed, date: place.at };
    return prepareMail(draft, files, ports);
  },
  perform: async (mail, { mailer, knownRecipients }, signal) => {
    const delivery = await mailer.send(mail, signal);
    // Of what was accepted alone, and after it: a record that cannot be kept makes no sent mail a failure.
    if (delivery.kind === 'sent') await knownRecipients.remember(delivery.accepted).catch(() => undefined);
    return performanceOf(delivery, mail);
  },
});

async function prepareMail(
  draft: MailDraft,
  files: readonly AttachedFile[],
  { mailer, knownRecipients }: Pick<WorldPorts, 'mailer' | 'knownRecipients'>,
): Promise<Preparation<RenderedMail>> {
  const mail = await mailer.render(draft);
  const message = readMessage(mail.bytes);
  if (message === undefined) {
    return { kind: 'denied', why: 'The message cannot be shown as its receiver would read it, so it is not sent.' };
  }
  // Denied when the receiver would read anything but what was asked for, such as a subject that is an encoded word.
  const difference = differenceOf(message, draft, mail);
  if (difference !== undefined) {
    return { kind: 'denied', why: `The receiver would read something else than was asked for: ${difference}.` };
  }
  const acquaintance = await knownRecipients.look(mail.envelope.to);
  const surroundings = { inside: mailer.inside, acquaintance };
  return {
    kind: 'ready',
    facts: factsOf(mail, files),
    preview: previewOf({ mail, message, files, bcc: draft.bcc, surroundings }),
    material: mail,
  };
}

function factsOf({ sha256, messageId, envelope }: RenderedMail, files: readonly AttachedFile[]): JsonObject {
  const attachments = files.map(({ path, name, size, sha256 }) => ({ path, name, size, sha256 }));
  return {
    sha256,
    messageId,
    envelope: { from: envelope.from, to: [...envelope.to] },
    ...(attachments.length === 0 ? {} : { attachments }),
  };
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
