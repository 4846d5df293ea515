/**
 * A session's web calls with real parts: policy, tool, client, and servers that record each connection and byte. Every
 * name of the tables is looked up here, at addresses of the loopback network that stand for the world's.
 */
import { afterAll, beforeAll } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { HttpClientOptions } from '../../src/adapters/http/http-client.ts';
import { createHttpClient } from '../../src/adapters/http/http-client.ts';
import { createSecretFiles, secretCheckOf } from '../../src/adapters/http/secret-files.ts';
import type { HttpClient } from '../../src/tools/ports/http-client.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { httpRequest } from '../../src/tools/http-request.ts';
import { open, prepare, temporaryFolder } from '../tools/act.ts';
import { attempt } from './attempt.ts';

export const VALUE = 'planted-secret-value';

export interface World {
  /** Of the server that the policy speaks of: http://api.example:<port>. */
  readonly api: string;
  readonly port: number;
  /** Bytes that came, by server: one text a connection. */
  readonly got: { readonly api: string[]; readonly other: string[] };
  /** What servers answer. */
  reply: string;
  /** Names that were looked up. */
  readonly asked: string[];
  /** Addresses of names, in the order of look-ups; the last one stays. Others are at the other server. */
  addresses: Record<string, readonly (readonly string[])[]>;
  /** Address of all other names. */
  elsewhere: string;
}

const OTHER = '127.0.0.2';
const OK = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok';

/** Two servers on one port: the one the policy speaks of at 127.0.0.1, everybody else at 127.0.0.2. */
export function useWorld(): World {
  const world: World = {
    api: '',
    port: 0,
    got: { api: [], other: [] },
    reply: OK,
    asked: [],
    addresses: {},
    elsewhere: OTHER,
  };
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const start = async (got: string[], host: string, port: number): Promise<number> => {
    const server = createServer((socket) => {
      sockets.add(socket.on('close', () => sockets.delete(socket)));
      const at = got.push('') - 1;
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        got[at] += data.toString('latin1');
        if (got[at]?.includes('\r\n\r\n') === true) socket.end(world.reply);
      });
    });
    servers.push(server);
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    return (server.address() as AddressInfo).port;
  };
  beforeAll(async () => {
    const port = await start(world.got.api, '127.0.0.1', 0);
    await start(world.got.other, OTHER, port);
    Object.assign(world, { port, api: `http://api.example:${port}` });
    secrets = temporaryFolder();
    writeFileSync(join(secrets.path, 'weather'), VALUE);
    writeFileSync(join(secrets.path, 'bank'), `${VALUE}-of-the-bank`);
  });
  afterAll(() => {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
    secrets?.remove();
  });
  return world;
}

let secrets: ReturnType<typeof temporaryFolder> | undefined;

/** Forgets what came. */
export function clear(world: World): void {
  world.got.api.length = 0;
  world.got.other.length = 0;
  world.asked.length = 0;
  world.reply = OK;
  world.elsewhere = OTHER;
  world.addresses = { 'api.example': [['127.0.0.1']] };
}

/** Decides and, if that allows, prepares and performs. What became of it, and all that was told to model or person. */
export async function call(
  world: World,
  policy: Policy,
  input: unknown,
  way: Way = {},
): Promise<{ readonly outcome: string; readonly told: string }> {
  const decided = attempt(policy, httpRequest, input);
  if (decided !== 'allow') return { outcome: decided, told: '' };
  const readSecret = createSecretFiles(secrets?.path);
  const http = clientOf(world, way);
  const ports = { http, secrets: secretCheckOf(readSecret) };
  const prepared = await prepare(httpRequest, input, ports);
  if (prepared.kind !== 'ready') return { outcome: prepared.kind, told: JSON.stringify(prepared) };
  const performed = await prepared.perform(new AbortController().signal);
  const { summary } = open(httpRequest, input, ports);
  return { outcome: performed.kind, told: JSON.stringify({ summary, prepared, performed }) };
}

type Way = Pick<HttpClientOptions, 'proxy'>;

/** The client as a session has it. By itself it knows no policy. */
export function clientOf(world: World, way: Way): HttpClient {
  const resolve = async (host: string) => {
    world.asked.push(host);
    const rounds = world.addresses[host] ?? [[world.elsewhere]];
    const now = rounds[Math.min(world.asked.filter((one) => one === host).length, rounds.length) - 1] ?? [];
    return now.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const readSecret = createSecretFiles(secrets?.path);
  return createHttpClient({ privateOrigins: [world.api], resolve, readSecret, timeoutMs: 2000, ...way });
}
