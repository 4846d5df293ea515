/**
 * Mail by nodemailer: rendered once, sent as those very bytes to an explicit envelope over a fresh connection.
 *
 * 1. What is sent is what was rendered: bytes by hash, envelope as the library is about to use it (S4). 2. What became
 * of a failed sending is read from how far the message got, never from the library’s codes alone (S7). 3. A login
 * leaves this machine only under TLS; neither it nor a server’s words stand in an error (S10).
 */
import type { Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import type { MailDelivery, Mailer, RenderedMail } from '../../tools/ports/mailer.ts';
import { NOT_AS_RENDERED, readAcceptance, readDeliveryError } from './delivery-outcome.ts';
import { openSocket } from './open-socket.ts';
import { renderMail, sha256 } from './render-mail.ts';
import type { StageTracker } from './stage-tracker.ts';
import { createStageTracker } from './stage-tracker.ts';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else STARTTLS where the server offers it, and always before a login. */
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  /** The one sender, an address. */
  readonly from: string;
  /** Domains that count as of the house; the sender's unless told. */
  readonly inside?: readonly string[];
  /** Certificates in PEM that are trusted as authorities instead of the system's. */
  readonly ca?: string;
  /** For each of connecting, greeting and idling, in ms; 20, 15 and 45 s unless told. */
  readonly timeoutMs?: number;
}

export function createMailer(server: SmtpServer): Mailer {
  return {
    inside: server.inside ?? [domainOf(server.from)],
    render: (draft) => renderMail(server.from, draft),
    send: (mail, signal) => send(server, mail, signal),
  };
}

async function send(server: SmtpServer, mail: RenderedMail, signal: AbortSignal): Promise<MailDelivery> {
  if (signal.aborted) return { kind: 'notSent', why: 'it was cancelled before the mail server was called' };
  const tracker = createStageTracker();
  const transport = createTransport(transportOptions(server, tracker, signal));
  transport.use('stream', (outgoing, next) => next(notAsRendered(mail, outgoing.message.getEnvelope())));
  try {
    const envelope = { from: mail.envelope.from, to: [...mail.envelope.to] };
    const sent = await transport.sendMail({ raw: Buffer.from(mail.bytes), envelope, signal });
    const { accepted, rejected: refused, response } = sent;
    return readAcceptance({ accepted, refused, response: response.slice(0, 500) }, tracker.stage());
  } catch (error) {
    return readDeliveryError(error, tracker.stage());
  } finally {
    transport.close();
  }
}

type GotSocket = (error: Error | null, socket?: { readonly connection: Socket }) => void;

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function transportOptions(
  { host, port, secure, auth, ca, timeoutMs }: SmtpServer,
  { logger, watch }: StageTracker,
  signal: AbortSignal,
) {
  const getSocket = (_options: unknown, callback: GotSocket): void => {
    const opening = openSocket({ host, port, timeoutMs: timeoutMs ?? 20_000 }, signal);
    opening.then(
      (connection) => {
        watch(connection);
        callback(null, { connection });
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error('no connection')),
    );
  };
  return {
    host,
    port,
    secure,
    ...(auth === undefined ? {} : { auth: { ...auth }, requireTLS: !secure && !isLoopback(host) }),
    ...(ca === undefined ? {} : { tls: { ca } }),
    getSocket,
    greetingTimeout: timeoutMs ?? 15_000,
    socketTimeout: timeoutMs ?? 45_000,
    logger,
    maxResponseSize: 64 * 1024,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The last look before a byte is sent; the library takes an envelope apart again, so it is its own that is compared. */
function notAsRendered(mail: RenderedMail, actual: unknown): Error | null {
  const { from, to } = mail.envelope;
  const isSame = JSON.stringify(actual) === JSON.stringify({ from, to }) && sha256(mail.bytes) === mail.sha256;
  return isSame && hasWholeLines(mail.bytes)
    ? null
    : Object.assign(new Error('not as rendered'), { code: NOT_AS_RENDERED });
}

/** A CR or LF alone would be made a line end on the way, and then other bytes were sent than rendered. */
function hasWholeLines(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  return text.endsWith('\r\n') && !/[\r\n]/.test(text.replaceAll('\r\n', ''));
}
