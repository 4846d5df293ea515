/**
 * Reads a message (RFC 5322, 2045, 2046, 2047, 2231) as its receiver will: for a preview made from the very bytes that
 * are sent, not from what was asked for (S11). It shares no code with what writes the message.
 *
 * 1. It knows what our renderer writes and nothing more: one text; or text and HTML; either alone or followed by
 * attachments. Whatever else stands in the bytes makes the message unreadable, so that the action is denied.
 * 2. No header field besides those listed here, none twice, and in parts none but those of MIME.
 * 3. Total and linear in the size of the message.
 */
import { decodeBody, decodeWords } from './decode-body.ts';
import { fileNameOf } from './file-name.ts';
import { messageText, utf8, withPlainLineEnds } from './message-text.ts';
import type { Entity } from './read-entity.ts';
import { boundaryOf, partsOf, readEntity } from './read-entity.ts';

export interface ReadMessage {
  /** Header lines exactly as sent, with "\n" as line end. */
  readonly headers: string;
  /** Header fields unfolded, names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** As the receiver sees it. */
  readonly subject: string;
  /** As the receiver sees it, with "\n" as line end. */
  readonly text: string;
  /** As the receiver's program gets it, with "\n" as line end. */
  readonly html: string | undefined;
  readonly attachments: readonly ReadAttachment[];
}

export interface ReadAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

const MIME_FIELDS = ['content-type', 'content-transfer-encoding'];
const ROOT = new Set(['from', 'to', 'cc', 'reply-to', 'subject', 'message-id', 'date', 'mime-version', ...MIME_FIELDS]);
const PART = new Set(MIME_FIELDS);
const ATTACHMENT = new Set([...MIME_FIELDS, 'content-disposition']);

/** Undefined if the bytes are anything but what is described above. */
export function readMessage(bytes: Uint8Array): ReadMessage | undefined {
  const whole = messageText(bytes);
  const root = whole === undefined ? undefined : readEntity(whole, ROOT);
  const subject = decodeWords(root?.fields.get('subject') ?? '');
  const content = root === undefined ? undefined : readMixed(root);
  if (root === undefined || subject === undefined || content === undefined) return undefined;
  return { headers: withPlainLineEnds(root.head), fields: root.fields, subject, ...content };
}

/** The whole message exactly as sent, with "\n" as line end. */
export function sourceOf(bytes: Uint8Array): string {
  return withPlainLineEnds(utf8(bytes) ?? '');
}

type Texts = Pick<ReadMessage, 'text' | 'html'>;

function readMixed(root: Entity): (Texts & Pick<ReadMessage, 'attachments'>) | undefined {
  const boundary = boundaryOf('mixed', contentTypeOf(root));
  if (boundary === undefined) {
    const texts = readTexts(root);
    return texts === undefined ? undefined : { ...texts, attachments: [] };
  }
  const [first, ...rest] = multipart(root, boundary);
  const body = first === undefined ? undefined : readEntity(first, PART);
  const texts = body === undefined ? undefined : readTexts(body);
  const attachments = rest.map(readAttachment).filter((one) => one !== undefined);
  if (texts === undefined || rest.length === 0 || attachments.length !== rest.length) return undefined;
  return { ...texts, attachments };
}

function readTexts(entity: Entity): Texts | undefined {
  const boundary = boundaryOf('alternative', contentTypeOf(entity));
  if (boundary === undefined) {
    const text = readText(entity, 'plain');
    return text === undefined ? undefined : { text, html: undefined };
  }
  const parts = multipart(entity, boundary).map((part) => readEntity(part, PART));
  const [plain, rich] = parts;
  if (parts.length !== 2 || plain === undefined || rich === undefined) return undefined;
  const text = readText(plain, 'plain');
  const html = readText(rich, 'html');
  return text === undefined || html === undefined ? undefined : { text, html };
}

/** None if there is anything wrong with them: a multipart has no encoding of its own here. */
function multipart({ fields, body }: Entity, boundary: string): readonly string[] {
  return fields.has('content-transfer-encoding') ? [] : (partsOf(body, boundary) ?? []);
}

function readText(entity: Entity, subtype: 'plain' | 'html'): string | undefined {
  if (contentTypeOf(entity).toLowerCase() !== `text/${subtype}; charset=utf-8`) return undefined;
  const encoding = entity.fields.get('content-transfer-encoding') ?? '7bit';
  const bytes = encoding === 'base64' ? undefined : decodeBody(entity.body, encoding);
  const text = bytes === undefined ? undefined : utf8(bytes);
  return text === undefined ? undefined : withPlainLineEnds(text);
}

function readAttachment(part: string): ReadAttachment | undefined {
  const entity = readEntity(part, ATTACHMENT);
  if (entity?.fields.get('content-transfer-encoding') !== 'base64') return undefined;
  const name = fileNameOf(entity.fields.get('content-disposition') ?? '');
  const bytes = decodeBody(entity.body, 'base64');
  const contentType = contentTypeOf(entity);
  if (name === undefined || bytes === undefined || !/^[a-z]+\/[-\w.+]+(; charset=utf-8)?$/.test(contentType))
    return undefined;
  return { name, contentType, bytes };
}

function contentTypeOf({ fields }: Entity): string {
  return fields.get('content-type') ?? '';
}
