import { fileURLToPath } from 'node:url';
import { extname } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** Where a Temporal server is. Without an address the standard Temporal environment variables and profile decide. */
export interface ServerAddress {
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
}

/** How to connect: address given, else TEMPORAL_* variables and the profile file; TLS and API key from there too. */
export function connectionOptions({ address, namespace }: ServerAddress): {
  readonly connection: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
  readonly namespace: string;
} {
  if (address !== undefined) return { connection: { address }, namespace: namespace ?? 'default' };
  const config = loadClientConnectConfig();
  return { connection: config.connectionOptions, namespace: namespace ?? config.namespace ?? 'default' };
}

/** The module that makes decoding total (S13); clients and workers load it by path. */
export function payloadConverterPath(): string {
  const here = fileURLToPath(import.meta.url);
  return fileURLToPath(new URL(`../workflows/payload-converter${extname(here)}`, import.meta.url));
}

/** A client with our payload converter. The caller closes `client.connection`. Throws when nobody answers. */
export async function connect(server: ServerAddress): Promise<Client> {
  const { connection: options, namespace } = connectionOptions(server);
  const connection = await Connection.connect({ ...options, connectTimeout: '10s' });
  return new Client({
    connection,
    namespace,
    dataConverter: { payloadConverterPath: payloadConverterPath() },
  });
}
