/**
 * The embedded mail catcher: an SMTP server on loopback that keeps what it gets and sends nothing on. A client that
 * breaks off, talks nonsense or sends too much is its own affair: nothing of it is kept, and the catcher goes on.
 */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { CaughtMail, MailStore } from './mail-store.ts';
import { openMailStore } from './mail-store.ts';

export type { CaughtMail } from './mail-store.ts';

export interface MailCatcher {
  readonly port: number;
  /** Newest first. */
  messages(): Promise<readonly CaughtMail[]>;
  message(id: string): Promise<CaughtMail | undefined>;
  /** Ends open connections within half a second. */
  close(): Promise<void>;
}

const MAX_BYTES = 10 * 1024 * 1024;

/** `port` 0 takes a free one. Rejects when the port is taken. */
export async function startMailCatcher(directory: string, port: number): Promise<MailCatcher> {
  const store = await openMailStore(directory);
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: MAX_BYTES,
    logger: false,
    disableReverseLookup: true,
    maxClients: 50,
    socketTimeout: 60_000,
    closeTimeout: 500,
    onData: (stream, session, done) => {
      receive(store, stream, session).then(
        (answer) => done(answer),
        () => done(refusal(451, 'The message could not be kept')),
      );
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return {
    port: portOf(server.server.address()),
    messages: () => store.all(),
    message: (id) => store.one(id),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Null once the message is on disk, else why it is refused. */
async function receive(
  store: MailStore,
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<Error | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    // Read on to the final dot, as the protocol wants it, but keep nothing that is too much.
    if (stream.sizeExceeded) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (stream.sizeExceeded) return refusal(552, `The message is larger than ${MAX_BYTES} bytes`);
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  await store.keep({ from, to: envelope.rcptTo.map(({ address }) => address) }, Buffer.concat(chunks));
  return null;
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
