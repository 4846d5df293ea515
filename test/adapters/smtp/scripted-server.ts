/** An SMTP server that does what a script says at one stage, and keeps the bytes of each message it took. */
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';

export const STAGES = ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'message', 'stored', 'QUIT'] as const;
/** `message`: after the final dot, nothing kept; `stored`: after the final dot, the message kept. */
export type Stage = (typeof STAGES)[number];

/** What it does there: breaks off, or says a line, which is followed by what a server does after it. */
export type Deed = 'close' | 'reset' | 'silence' | `${number} ${string}`;

export interface Script {
  readonly stage?: Stage;
  readonly deed?: Deed;
  readonly pipelining?: boolean;
  readonly auth?: boolean;
  /** Recipients that are refused with 550. */
  readonly refuse?: readonly string[];
  /** Called with the socket once the message is stored, before an answer. */
  readonly afterStored?: () => void;
}

export interface StoredMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Without the final dot, dots unstuffed: what the sender meant. */
  readonly bytes: Buffer;
}

export interface ScriptedServer {
  readonly port: number;
  readonly stored: readonly StoredMail[];
  /** Every line that a client sent outside of messages. */
  readonly lines: readonly string[];
  connections(): number;
  close(): void;
}

export async function startScriptedServer(script: Script = {}): Promise<ScriptedServer> {
  const stored: StoredMail[] = [];
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket, script, stored, lines);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stored,
    lines,
    connections: () => connections,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function talk(socket: Socket, script: Script, stored: StoredMail[], lines: string[]): void {
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
    switch (script.deed) {
      case 'close':
        dead = true;
        socket.end();
        return false;
      case 'reset':
        dead = true;
        socket.resetAndDestroy();
        return false;
      case 'silence':
        dead = true;
        return false;
      default:
        socket.write(`${script.deed}\r\n`);
        if (script.deed.startsWith('421')) {
          dead = true;
          socket.end();
        }
        return false;
    }
  };
  const command = (line: string): void => {
    lines.push(line);
    const verb = line.slice(0, 4).toUpperCase();
    const address = /<(.*?)>/.exec(line)?.[1] ?? '';
    if (verb === 'EHLO' || verb === 'HELO') {
      const offers = ['250-scripted', ...(script.auth === true ? ['250-AUTH PLAIN'] : [])];
      at('EHLO', [...offers, script.pipelining === true ? '250 PIPELINING' : '250 SIZE 10000000'].join('\r\n'));
    } else if (verb === 'AUTH') at('AUTH', '235 ok');
    else if (verb === 'MAIL') {
      if (at('MAIL', '250 ok')) from = address;
    } else if (verb === 'RCPT') {
      if (script.refuse?.includes(address) === true) socket.write('550 no such person\r\n');
      else if (at('RCPT', '250 ok')) to = [...to, address];
    } else if (verb === 'DATA') {
      if (to.length === 0 && script.stage !== 'DATA') socket.write('503 no recipients\r\n');
      else if (at('DATA', '354 go on')) body = true;
    } else if (verb === 'QUIT') {
      at('QUIT', '221 bye');
      socket.end();
    } else socket.write('250 ok\r\n');
  };
  const message = (text: string): void => {
    const bytes = Buffer.from(text.replaceAll(/^\./gm, ''), 'latin1');
    if (script.stage !== 'message') {
      stored.push({ from, to, bytes });
      script.afterStored?.();
    }
    at(script.stage === 'message' ? 'message' : 'stored', '250 stored as 42');
  };
  at('greeting', '220 scripted');
  socket.on('data', (chunk: Buffer) => {
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
}
