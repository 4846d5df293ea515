/**
 * A response as the answer a model can read: text of known types, unpacked and capped; the rest is described, not dumped.
 * Secrets are taken out before anything is cut short, for a cut could leave half of one (S10).
 */
import type { IncomingMessage } from 'node:http';
import type { HttpAnswer } from '../../tools/ports/http-client.ts';
import { unpack } from './decompress.ts';
import { readableHtml } from './readable-html.ts';
import type { Redact } from './redact-secrets.ts';

export interface AnswerReading {
  /** Where the answer comes from. */
  readonly url: string;
  readonly maxBytes: number;
  readonly redact: Redact;
  /** Aborts at the time limit. A body that ends where its connection ends would look whole then. */
  readonly signal: AbortSignal;
}

const TEXT_TYPE = /^(text\/[\w.+-]+|application\/(json|xml|xhtml\+xml|[\w.+-]+\+(json|xml)))$/i;
const HTML_TYPE = /^(text\/html|application\/xhtml\+xml)$/i;
const TOLD_HEADERS = ['content-type', 'location', 'etag', 'last-modified', 'retry-after'] as const;

/** An answer that cannot be read is an answer all the same: the server has acted. Never throws. */
export async function readAnswer(response: IncomingMessage, reading: AnswerReading): Promise<HttpAnswer> {
  try {
    return await answerOf(response, reading);
  } catch {
    // A fault of ours. What was read may hold a secret, and so may the error: neither is told.
    response.destroy();
    return { status: response.statusCode ?? 0, headers: {}, body: '(the answer could not be read)', bytes: 0 };
  }
}

/** One that is too large or breaks off is told as such. */
async function answerOf(response: IncomingMessage, reading: AnswerReading): Promise<HttpAnswer> {
  const { maxBytes } = reading;
  const chunks: Buffer[] = [];
  let bytes = 0;
  let note: string | undefined;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        note = `(the answer is larger than ${maxBytes} bytes and was not read)`;
        break;
      }
      chunks.push(chunk);
    }
    if (reading.signal.aborted) note ??= brokeOff(bytes);
  } catch {
    note = brokeOff(bytes);
  }
  response.destroy();
  const body = note ?? (await bodyText(response, Buffer.concat(chunks), reading));
  return { status: response.statusCode ?? 0, headers: toldHeaders(response, reading.redact), body, bytes };
}

function brokeOff(bytes: number): string {
  return `(the answer broke off after ${bytes} bytes)`;
}

async function bodyText({ headers }: IncomingMessage, packed: Buffer, reading: AnswerReading): Promise<string> {
  const { maxBytes, redact } = reading;
  if (packed.length === 0) return '';
  const described = (what: string): string => `(${packed.length} bytes ${what})`;
  const coding = headers['content-encoding'] ?? '';
  const unpacked = await unpack(packed, coding, maxBytes);
  switch (unpacked.kind) {
    case 'unknown':
      return described(`encoded as ${redact(coding).slice(0, 40)}, which is not read`);
    case 'tooLarge':
      return described(`that unpack to more than ${maxBytes}, and were not read`);
    case 'broken':
      return described(`that are not ${coding.slice(0, 40)}, as they say`);
    case 'body':
      return typedText(headers['content-type'] ?? '', unpacked.body, reading, described);
  }
}

function typedText(
  contentType: string,
  body: Buffer,
  { url, maxBytes, redact }: AnswerReading,
  described: (what: string) => string,
): string {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (type === '') return described('of no stated type');
  // The whole first: a secret may hold what the parts are cut at.
  const told = (redact(contentType).split(';')[0] ?? '').trim().slice(0, 100);
  if (!TEXT_TYPE.test(type)) return described(`of type ${told}`);
  const charset = parameters.find((part) => /^charset=/i.test(part))?.slice('charset='.length) ?? 'utf-8';
  const text = decoded(body, charset.replaceAll('"', ''));
  if (text === undefined) return described(`of type ${told} that are not text`);
  const source = redact(text);
  // Once more: tags may have cut a secret into pieces that stand together now.
  return firstBytes(HTML_TYPE.test(type) ? redact(readableHtml(source, url)) : source, maxBytes);
}

/** A body can grow when it is decoded, made readable or rid of secrets. Cut between two characters. */
function firstBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString('utf8', 0, end)}\n(the text is ${bytes.length} bytes; what follows the first ${end} was left out)`;
}

function decoded(body: Buffer, charset: string): string | undefined {
  try {
    const text = new TextDecoder(charset, { fatal: true }).decode(body);
    return text.includes('\0') ? undefined : text;
  } catch {
    // An unknown charset, or bytes that are not of it.
    return undefined;
  }
}

function toldHeaders({ headers }: IncomingMessage, redact: Redact): HttpAnswer['headers'] {
  return Object.fromEntries(
    TOLD_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, redact(headers[name]).slice(0, 1000)]])),
  );
}
