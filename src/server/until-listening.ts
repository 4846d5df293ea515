/** Whether it is our own process that listens: a stranger may have taken the port between choosing and binding it. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { isAlive } from './children.ts';
import type { OwnProcess } from './run-file.ts';

export type Listening = { readonly kind: 'listening' } | { readonly kind: 'ended' } | { readonly kind: 'late' };

/** Waits until `ours` listens on every one of `ports`, has ended, or is late (also when `signal` cuts the wait short). */
export async function untilListening(
  ours: OwnProcess,
  ports: readonly number[],
  limitMs: number,
  signal?: AbortSignal,
): Promise<Listening> {
  const end = Date.now() + limitMs;
  for (;;) {
    if (!isAlive(ours)) return { kind: 'ended' };
    if (await listensOnAll(ours, ports)) return { kind: 'listening' };
    if (Date.now() > end || signal?.aborted === true) return { kind: 'late' };
    await pause(50);
  }
}

async function listensOnAll(ours: OwnProcess, ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await answers(port))) return false;
  const held = heldPorts(ours.pid);
  if (held !== undefined) return ports.every((port) => held.has(port));
  // Where that cannot be looked up: one that lost its port ends within this pause.
  await pause(1000);
  return isAlive(ours);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** TCP ports on which process `pid` listens, by proc(5); undefined where there is no such thing. */
function heldPorts(pid: number): ReadonlySet<number> | undefined {
  try {
    const sockets = new Set<string>();
    for (const entry of readdirSync(`/proc/${pid}/fd`)) {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${entry}`)) ?? [];
      if (inode !== undefined) sockets.add(inode);
    }
    const ports = new Set<number>();
    for (const row of `${readFileSync('/proc/net/tcp', 'utf8')}\n${readOr('/proc/net/tcp6')}`.split('\n')) {
      const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
      if (state === LISTEN && sockets.has(inode ?? '')) ports.add(Number.parseInt(local?.split(':')[1] ?? '', 16));
    }
    return ports;
  } catch {
    return undefined;
  }
}

const LISTEN = '0A';

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return ''; // Closed meanwhile.
  }
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // No IPv6 here.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
