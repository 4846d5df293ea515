/** The catcher’s messages on disk: `ID.eml`, exactly as received, and `ID.json`, its envelope, written last. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asStrings, own, ownString } from '../../domain/json.ts';

export interface CaughtMail {
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly receivedAt: string;
  /** Of the envelope; '' for a bounce. */
  readonly from: string;
  /** Of the envelope: everyone who gets it, bcc too. */
  readonly to: readonly string[];
  /** The message exactly as it came, decoded as Latin-1 so that no byte is lost. */
  readonly source: string;
}

export interface MailStore {
  keep(envelope: { readonly from: string; readonly to: readonly string[] }, source: Buffer): Promise<void>;
  /** Newest first; files that are none of ours are passed over. */
  all(): Promise<readonly CaughtMail[]>;
  one(id: string): Promise<CaughtMail | undefined>;
}

export async function openMailStore(directory: string): Promise<MailStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return {
    keep: (envelope, source) => keep(directory, envelope, source),
    all: async () => {
      const ids = (await readdir(directory)).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []));
      const mails = await Promise.all(ids.toSorted((a, b) => (a < b ? 1 : -1)).map((id) => readOne(directory, id)));
      return mails.filter((mail) => mail !== undefined);
    },
    one: (id) => readOne(directory, id),
  };
}

async function keep(
  directory: string,
  { from, to }: { readonly from: string; readonly to: readonly string[] },
  source: Buffer,
): Promise<void> {
  const now = new Date();
  const id = `${String(now.getTime()).padStart(14, '0')}-${randomUUID().slice(0, 8)}`;
  const file = join(directory, `${id}.json`);
  await writeFile(join(directory, `${id}.eml`), source, { mode: 0o600 });
  await writeFile(`${file}.part`, JSON.stringify({ receivedAt: now.toISOString(), from, to }), { mode: 0o600 });
  await rename(`${file}.part`, file);
}

async function readOne(directory: string, id: string): Promise<CaughtMail | undefined> {
  if (!/^\d{14}-[0-9a-f]{8}$/.test(id)) return undefined;
  try {
    const envelope: unknown = JSON.parse(await readFile(join(directory, `${id}.json`), 'utf8'));
    const source = await readFile(join(directory, `${id}.eml`), 'latin1');
    const [receivedAt, from] = [ownString(envelope, 'receivedAt'), ownString(envelope, 'from')];
    const to = asStrings(own(envelope, 'to'));
    if (receivedAt === undefined || from === undefined || to === undefined) return undefined;
    return { id, receivedAt, from, to, source };
  } catch {
    return undefined;
  }
}
