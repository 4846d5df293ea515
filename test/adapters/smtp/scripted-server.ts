/** An SMTP server that does what a script says at one stage, and keeps the bytes of each message it took. */
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Certificate } from '../http/certificate.ts';

/** `message`: after the final dot, nothing kept; `stored`: after the final dot, the message kept. */
export const STAGES = [
  'greeting',
  'EHLO',
  'STARTTLS',
  'AUTH',
  'MAIL',
  'RCPT',
  'DATA',
  'message',
  'stored',
  'QUIT',
] as const;
export type Stage = (typeof STAGES)[number];

/** What it does there: breaks off; says a line, which is followed by what a server does after it; or whatever it likes. */
export type Deed = 'close' | 'reset' | 'silence' | `${number} ${string}` | ((socket: Socket) => void);

export interface Script {
  readonly stage?: Stage;
  readonly deed?: Deed;
  readonly pipelining?: boolean;
  readonly auth?: boolean;
  /** Recipients that are refused, and with what: 550 unless told. */
  readonly refuse?: readonly string[];
  readonly refusal?: string;
  /** Offered in answer to EHLO; `implicit` speaks TLS from the first byte. */
  readonly tls?: { readonly certificate: Certificate; readonly implicit?: boolean };
  /** Said in clear together with the answer to STARTTLS. */
  readonly injected?: string;
  /** Called with the socket once the message is stored, before an answer. */
  readonly afterStored?: () => void;
}

export interface StoredMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Without the final dot, dots unstuffed: what the sender meant. */
  readonly bytes: Buffer;
  /** As it came, dots stuffed. */
  readonly raw: Buffer;
}

export interface ScriptedServer {
  readonly port: number;
  readonly stored: readonly StoredMail[];
  /** Every line that a client sent outside of messages. */
  readonly lines: readonly string[];
  /** Every byte that came in clear. */
  clear(): string;
  connections(): number;
  close(): void;
}

interface Kept {
  readonly stored: StoredMail[];
  readonly lines: string[];
  clear: string;
}

export async function startScriptedServer(script: Script = {}): Promise<ScriptedServer> {
  const kept: Kept = { stored: [], lines: [], clear: '' };
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(script.tls?.implicit === true ? secured(socket, script.tls.certificate) : socket, script, kept);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stored: kept.stored,
    lines: kept.lines,
    clear: () => kept.clear,
    connections: () => connections,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function secured(socket: Socket, { key, cert }: Certificate): Socket {
  const inner = new TLSSocket(socket, { isServer: true, key, cert });
  inner.on('error', () => undefined);
  return inner;
}

function breakOff(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Does a deed; true if the talk can go on after it. */
function carryOut(deed: Deed, socket: Socket): boolean {
  if (typeof deed === 'function') {
    deed(socket);
    return false;
  }
  if (deed === 'close') socket.end();
  else if (deed === 'reset') breakOff(socket);
  else if (deed !== 'silence') {
    socket.write(`${deed}\r\n`);
    if (!deed.startsWith('421')) return true;
    socket.end();
  }
  return false;
}

function talk(first: Socket, script: Script, kept: Kept): void {
  let socket = first;
  let input = '';
  let body = false;
  let dead = false;
  let from = '';
  let to: string[] = [];
  /** Does the deed of this stage, if it is the one, else says `usual`. True if the talk goes on as usual. */
  const at = (stage: Stage, usual: string): boolean => {
    if (dead) return false;
    if (script.stage !== stage || script.deed === undefined) {
      socket.write(`${usual}\r\n`);
      return true;
    }
    dead = !carryOut(script.deed, socket);
    return false;
  };
  const isSecure = (): boolean => socket instanceof TLSSocket;
  const offers = (): string => {
    const list = [
      '250-scripted',
      ...(script.auth === true ? ['250-AUTH PLAIN'] : []),
      ...(script.tls === undefined || isSecure() ? [] : ['250-STARTTLS']),
    ];
    return [...list, script.pipelining === true ? '250 PIPELINING' : '250 SIZE 10000000'].join('\r\n');
  };
  const upgrade = (): void => {
    if (script.tls === undefined || !at('STARTTLS', `220 go on${script.injected ?? ''}`)) return;
    socket.removeAllListeners('data');
    socket = secured(socket, script.tls.certificate);
    listen();
  };
  const command = (line: string): void => {
    kept.lines.push(line);
    const verb = line.slice(0, 4).toUpperCase();
    const address = /<(.*?)>/.exec(line)?.[1] ?? '';
    if (verb === 'EHLO' || verb === 'HELO') at('EHLO', offers());
    else if (verb === 'STAR') upgrade();
    else if (verb === 'AUTH') at('AUTH', '235 ok');
    else if (verb === 'MAIL') {
      if (at('MAIL', '250 ok')) from = address;
    } else if (verb === 'RCPT') {
      if (script.refuse?.includes(address) === true) socket.write(`${script.refusal ?? '550 no such person'}\r\n`);
      else if (at('RCPT', '250 ok')) to = [...to, address];
    } else if (verb === 'DATA') {
      if (to.length === 0 && script.stage !== 'DATA') socket.write('503 no recipients\r\n');
      else if (at('DATA', '354 go on')) body = true;
    } else if (verb === 'QUIT') {
      at('QUIT', '221 bye');
      if (typeof script.deed !== 'function') socket.end();
    } else socket.write('250 ok\r\n');
  };
  const message = (text: string): void => {
    // Only what follows a whole line end is a line here: a server that reads more into it is not this one.
    const bytes = Buffer.from(text.replaceAll(/(^|\r\n)\./g, '$1'), 'latin1');
    if (script.stage !== 'message') {
      kept.stored.push({ from, to, bytes, raw: Buffer.from(text, 'latin1') });
      script.afterStored?.();
    }
    at(script.stage === 'message' ? 'message' : 'stored', '250 stored as 42');
  };
  const listen = (): void => {
    socket.on('data', (chunk: Buffer) => {
      if (!isSecure()) kept.clear += chunk.toString('latin1');
      input += chunk.toString('latin1');
      for (;;) {
        const separator = body ? '\r\n.\r\n' : '\r\n';
        const end = input.indexOf(separator);
        if (end === -1 || dead) return;
        const part = input.slice(0, end + (body ? 2 : 0));
        input = input.slice(end + separator.length);
        if (body) {
          body = false;
          message(part);
        } else command(part);
      }
    });
  };
  at('greeting', '220 scripted');
  listen();
}
