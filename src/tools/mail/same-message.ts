/** Whether a message as its receiver reads it is the one that was asked for, in every field and part. */
import type { MailDraft, RenderedMail } from '../ports/mailer.ts';
import type { ReadMessage } from './read-message.ts';

/** In words what is not as asked for, or undefined. */
export function differenceOf(read: ReadMessage, draft: MailDraft, mail: RenderedMail): string | undefined {
  const { fields } = read;
  const asked: readonly (readonly [what: string, isSame: boolean])[] = [
    ['the subject', read.subject === draft.subject],
    ['the text', isSameText(read.text, draft.body)],
    ['the HTML part', read.html === draft.html],
    ['the attachments', areSameFiles(read.attachments, draft.attachments)],
    ['the sender', fields.get('from') === mail.envelope.from],
    ['"To"', fields.get('to') === draft.to.join(', ')],
    ['"Cc"', (fields.get('cc') ?? '') === draft.cc.join(', ')],
    ['"Reply-To"', fields.get('reply-to') === draft.replyTo],
    ['"Message-ID"', fields.get('message-id') === mail.messageId],
    ['"Date"', fields.get('date') === draft.date.toUTCString().replace('GMT', '+0000')],
    ['"MIME-Version"', fields.get('mime-version') === '1.0'],
    ['the recipients', mail.envelope.to.join(' ') === [...draft.to, ...draft.cc, ...draft.bcc].join(' ')],
  ];
  return asked.find(([, isSame]) => !isSame)?.[0];
}

/** A message ends its last line, whether the body did or not. */
function isSameText(sent: string, asked: string): boolean {
  return sent === asked || sent === `${asked}\n`;
}

function areSameFiles(sent: ReadMessage['attachments'], asked: MailDraft['attachments']): boolean {
  return (
    sent.length === asked.length &&
    sent.every((one, n) => {
      const other = asked[n];
      return one.name === other?.name && one.contentType === other.contentType && isSame(one.bytes, other.bytes);
    })
  );
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
