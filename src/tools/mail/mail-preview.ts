/**
 * What a person is shown of a mail (S11): made of its bytes as they were read back, of the envelope, and of the very
 * files that were attached. Texts are whole; a file is shown by name, size, hash and beginning, and its label says so.
 */
import type { PreviewPart } from '../../domain/request.ts';
import { utf8Length } from '../../domain/text-size.ts';
import { visibleText } from '../../domain/visible-text.ts';
import type { RenderedMail } from '../ports/mailer.ts';
import type { AttachedFile } from './attach-files.ts';
import { headOf } from './head-of.ts';
import type { ReadMessage } from './read-message.ts';
import { sourceOf } from './read-message.ts';
import type { Surroundings } from './recipient-marks.ts';
import { isOutside, marksOf } from './recipient-marks.ts';

/** A preview of at most so many bytes shows the texts twice: decoded, and exactly as sent. A larger one decoded only. */
const MAX_SHOWN_TWICE = 56 * 1024;

export interface ShownMail {
  readonly mail: RenderedMail;
  readonly message: ReadMessage;
  readonly files: readonly AttachedFile[];
  readonly bcc: readonly string[];
  readonly surroundings: Surroundings;
}

export function previewOf(shown: ShownMail): readonly PreviewPart[] {
  const { mail, message, files, surroundings } = shown;
  const size = `${mail.bytes.length} bytes, SHA-256 ${mail.sha256.slice(0, 12)}`;
  const replyTo = message.fields.get('reply-to');
  const decoded = [
    { label: 'Envelope', text: envelopeText(shown) },
    ...(replyTo === undefined ? [] : [{ label: 'Reply-To', text: replyText(replyTo, surroundings) }]),
    { label: 'Subject', text: message.subject },
    { label: 'Text', text: message.text },
    ...(message.html === undefined ? [] : [{ label: 'The same as HTML (source)', text: message.html }]),
    ...files.map((file, n) => attachmentPart(file, n + 1, files.length)),
  ];
  if (mail.bytes.length <= MAX_SHOWN_TWICE) {
    const label = `Message exactly as it will be sent (${size})`;
    const twice = [...decoded, { label, text: sourceOf(mail.bytes) }];
    if (shownBytes(twice) <= MAX_SHOWN_TWICE) return twice;
  }
  return [
    ...decoded,
    { label: `Headers exactly as they will be sent (whole message: ${size})`, text: message.headers },
  ];
}

/** As large as it will be once deceiving characters are made visible. */
function shownBytes(parts: readonly PreviewPart[]): number {
  return parts.reduce((sum, { label, text }) => sum + utf8Length(label) + utf8Length(visibleText(text)), 0);
}

function envelopeText({ mail: { envelope }, bcc, surroundings }: ShownMail): string {
  const lines = envelope.to.map((to) => {
    const hidden = bcc.includes(to) ? ['bcc: the others do not see it'] : [];
    const marks = [...hidden, ...marksOf(to, surroundings)];
    return `to   ${to}${marks.length === 0 ? '' : `  (${marks.join('; ')})`}`;
  });
  return [`from ${envelope.from}`, ...lines].join('\n');
}

function replyText(address: string, { inside }: Surroundings): string {
  return `Answers go to ${address}${isOutside(address, inside) ? '  (outside)' : ''}`;
}

function attachmentPart({ name, path, contentType, size, sha256, text }: AttachedFile, n: number, of: number) {
  const about = [`${name}  (the file ${path})`, `${contentType}, ${size} bytes`, `SHA-256 ${sha256}`];
  const head = text === undefined ? undefined : headOf(text);
  const shown = head === undefined ? ['', 'It is not text; nothing of it is shown.'] : ['', `${head.what}:`, head.text];
  const how = head?.whole === true ? 'shown whole' : 'by name, size, hash and beginning; not shown whole';
  return { label: `Attachment ${n} of ${of} (${how})`, text: [...about, ...shown].join('\n') };
}
