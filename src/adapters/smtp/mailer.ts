/**
 * Mail by nodemailer. Rendered once, deterministically; sent as those very bytes to an explicit envelope, so that the
 * library parses nothing that came from the model (facts: e-mail). Bcc stands in the envelope and never in the bytes.
 */
import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { MailDelivery, MailDraft, Mailer, RenderedMail } from '../../tools/ports/mailer.ts';
import { readDeliveryError } from './delivery-outcome.ts';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else STARTTLS where the server offers it. */
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  /** The one sender, an address. */
  readonly from: string;
  /** For each of connecting, greeting and idling, in ms. */
  readonly timeoutMs?: number;
}

export function createMailer(server: SmtpServer): Mailer {
  return {
    render: (draft) => render(server.from, draft),
    send: (mail, signal) => send(server, mail, signal),
  };
}

async function render(from: string, draft: MailDraft): Promise<RenderedMail> {
  const seed = sha256(draft.seed);
  const messageId = `<${seed.slice(0, 32)}@${from.slice(from.lastIndexOf('@') + 1)}>`;
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const info = await transport.sendMail({
    from: plain(from),
    to: draft.to.map(plain),
    ...(draft.cc.length === 0 ? {} : { cc: draft.cc.map(plain) }),
    subject: draft.subject,
    text: draft.body,
    messageId,
    date: draft.date,
    baseBoundary: seed.slice(0, 24),
    textEncoding: 'quoted-printable',
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const bytes = info.message as Buffer;
  const recipients = [...new Set([...draft.to, ...draft.cc, ...draft.bcc])];
  return { bytes, sha256: sha256(bytes), messageId, envelope: { from, to: recipients } };
}

function plain(address: string): { readonly name: string; readonly address: string } {
  return { name: '', address };
}

async function send(server: SmtpServer, mail: RenderedMail, signal: AbortSignal): Promise<MailDelivery> {
  if (signal.aborted) return { kind: 'notSent', why: 'it was cancelled before the mail server was called' };
  const { tracker, handedOver } = stageTracker();
  const timeout = server.timeoutMs ?? 15_000;
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.secure,
    ...(server.auth === undefined ? {} : { auth: { ...server.auth } }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    logger: tracker,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const envelope = { from: mail.envelope.from, to: [...mail.envelope.to] };
    const info = await transport.sendMail({ raw: Buffer.from(mail.bytes), envelope, signal });
    const refused = info.rejected.map(String);
    return { kind: 'sent', accepted: info.accepted.map(String), refused, response: info.response.slice(0, 500) };
  } catch (error) {
    return readDeliveryError(error, handedOver());
  } finally {
    transport.close();
  }
}

/**
 * Tells whether the body with its final dot was handed to the socket: only then can the server have the message. The
 * library’s error codes do not say it (facts: measured stage by stage).
 */
function stageTracker(): { readonly tracker: Tracker; readonly handedOver: () => boolean } {
  let seen = false;
  const note = (entry: unknown): void => {
    if (typeof entry === 'object' && entry !== null && 'inByteCount' in entry) seen = true;
  };
  const silent = (): void => undefined;
  const tracker = { level: silent, trace: silent, debug: note, info: note, warn: silent, error: silent, fatal: silent };
  return { tracker, handedOver: () => seen };
}

interface Tracker {
  level: (level: string) => void;
  trace: (entry: unknown) => void;
  debug: (entry: unknown) => void;
  info: (entry: unknown) => void;
  warn: (entry: unknown) => void;
  error: (entry: unknown) => void;
  fatal: (entry: unknown) => void;
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
