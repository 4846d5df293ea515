import { fileURLToPath } from 'node:url';
import { extname } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ClientError } from './client-error.ts';

/**
 * Which Temporal server. `embedded`: exactly this address, plain, whatever the environment says. `environment`: the
 * standard Temporal variables and profile file (address, namespace, TLS, API key); what is given here goes before them.
 */
export type ServerAddress =
  | { readonly kind: 'embedded'; readonly address: string }
  | {
      readonly kind: 'environment';
      readonly address?: string | undefined;
      readonly namespace?: string | undefined;
    };

/** How to connect there. Throws on a profile file that cannot be read. */
export function connectionOptions(server: ServerAddress): {
  readonly connection: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
  readonly namespace: string;
} {
  if (server.kind === 'embedded') return { connection: { address: server.address }, namespace: 'default' };
  const { connectionOptions: options, namespace } = loadClientConnectConfig();
  return {
    connection: { ...options, ...(server.address === undefined ? {} : { address: server.address }) },
    namespace: server.namespace ?? namespace ?? 'default',
  };
}

/** The module that makes decoding total (S13); clients and workers load it by path. */
export function payloadConverterPath(): string {
  const here = fileURLToPath(import.meta.url);
  return fileURLToPath(new URL(`../workflows/payload-converter${extname(here)}`, import.meta.url));
}

/** A history may have 50 MB, and a server may send it in one piece; gRPC’s own limit of 4 MB would hide the log (S9). */
const MOST_BYTES = 128 * 1024 * 1024;

/** A client with our payload converter. The caller closes `client.connection`. Throws when nobody answers. */
export async function connect(server: ServerAddress, withinMs = 10_000): Promise<Client> {
  const { connection: options, namespace } = connectionOptions(server);
  const connection = await Connection.connect({
    ...options,
    connectTimeout: withinMs,
    channelArgs: { 'grpc.max_receive_message_length': MOST_BYTES },
  });
  return new Client({
    connection,
    namespace,
    dataConverter: { payloadConverterPath: payloadConverterPath() },
  });
}

/** As `connect`; where nobody answers, says so in words. */
export async function reach(server: ServerAddress, withinMs?: number): Promise<Client> {
  const { connection } = connectionOptions(server);
  try {
    return await connect(server, withinMs);
  } catch {
    const where = connection.address ?? 'localhost:7233';
    throw new ClientError(
      'unreachable',
      `Nobody answers at ${where}: is it up? ("countersign up" starts an embedded one.)`,
    );
  }
}
