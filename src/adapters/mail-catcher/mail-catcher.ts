/**
 * The embedded mail catcher: an SMTP server on loopback that keeps what it gets and sends nothing on. Each message is an
 * .eml file with its envelope beside it, so that it is still there after a restart.
 */
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';

export interface CaughtMail {
  readonly id: string;
  readonly receivedAt: string;
  readonly from: string;
  readonly to: readonly string[];
  /** The message exactly as it came, decoded as Latin-1 so that no byte is lost. */
  readonly source: string;
}

export interface MailCatcher {
  readonly port: number;
  /** Newest first. */
  messages(): Promise<readonly CaughtMail[]>;
  close(): Promise<void>;
}

const MAX_BYTES = 10 * 1024 * 1024;

export async function startMailCatcher(directory: string, port: number): Promise<MailCatcher> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: MAX_BYTES,
    logger: false,
    disableReverseLookup: true,
    onData: (stream, session, done) => {
      keep(directory, stream, session).then(
        () => done(),
        () => done(new Error('the message could not be kept')),
      );
    },
  });
  // A client that breaks off in the middle is its own affair.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    messages: () => readAll(directory),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function keep(directory: string, stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  if (stream.sizeExceeded) throw new Error('too large');
  const id = `${String(Date.now()).padStart(14, '0')}-${randomUUID().slice(0, 8)}`;
  const mail: CaughtMail = {
    id,
    receivedAt: new Date().toISOString(),
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address),
    source: Buffer.concat(chunks).toString('latin1'),
  };
  const file = join(directory, `${id}.json`);
  await writeFile(join(directory, `${id}.eml`), Buffer.concat(chunks), { mode: 0o600 });
  await writeFile(`${file}.part`, JSON.stringify(mail), { mode: 0o600 });
  await rename(`${file}.part`, file);
}

async function readAll(directory: string): Promise<readonly CaughtMail[]> {
  const names = (await readdir(directory))
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .toReversed();
  return Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(directory, name), 'utf8')) as CaughtMail),
  );
}
