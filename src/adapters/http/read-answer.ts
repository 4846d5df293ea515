/** A response as the answer a model can read: text of known types, capped; the rest is described, not dumped. */
import type { IncomingMessage } from 'node:http';
import type { HttpAnswer } from '../../tools/ports/http-client.ts';

const TEXT_TYPE = /^(text\/[\w.+-]+|application\/(json|xml|xhtml\+xml|[\w.+-]+\+(json|xml)))$/i;
const TOLD_HEADERS = ['content-type', 'location', 'etag', 'last-modified', 'retry-after'] as const;

/** An answer that is too large or breaks off is an answer all the same: the server has acted. Never throws. */
export async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<HttpAnswer> {
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
  } catch {
    note = `(the answer broke off after ${bytes} bytes)`;
  }
  response.destroy();
  const body = note ?? bodyText(response, Buffer.concat(chunks));
  return { status: response.statusCode ?? 0, headers: toldHeaders(response), body, bytes };
}

function bodyText({ headers }: IncomingMessage, body: Buffer): string {
  if (body.length === 0) return '';
  const described = (what: string): string => `(${body.length} bytes ${what})`;
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim());
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return described(`encoded as ${encoding.slice(0, 40)}, which was not asked for`);
  if (type === '') return described('of no stated type');
  if (!TEXT_TYPE.test(type)) return described(`of type ${type.slice(0, 100)}`);
  const charset = parameters.find((part) => /^charset=/i.test(part))?.slice('charset='.length) ?? 'utf-8';
  return decoded(body, charset.replaceAll('"', '')) ?? described(`of type ${type} that are not text`);
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

function toldHeaders({ headers }: IncomingMessage): HttpAnswer['headers'] {
  return Object.fromEntries(
    TOLD_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name].slice(0, 1000)]])),
  );
}
