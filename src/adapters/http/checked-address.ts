/**
 * From a name to the one address that will be called. The name is looked up once and every answer is checked: a name
 * with one public and one private address is refused, and a later answer (DNS rebinding) is never asked for.
 */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { HttpExchange } from '../../tools/ports/http-client.ts';
import { reachOf } from './address-check.ts';

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export type CheckedAddress =
  { readonly kind: 'address'; readonly address: LookupAddress } | Exclude<HttpExchange, { kind: 'answered' }>;

export const resolveBySystem: Resolve = (host) => lookup(host, { all: true, verbatim: true });

/** Refused when any address of the host is closed, or private and the operator did not open the origin. */
export async function checkAddress(
  url: URL,
  opened: ReadonlySet<string>,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<CheckedAddress> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const found = isIP(host) === 0 ? await orAborted(resolve(host), signal) : [{ address: host, family: isIP(host) }];
  if (found === undefined) return { kind: 'notSent', why: `the name ${host} could not be resolved` };
  const [first] = found;
  if (first === undefined) return { kind: 'notSent', why: `the name ${host} has no address` };
  const refused = found.find(({ address }) => !mayReach(address, opened.has(url.origin)));
  if (refused === undefined) return { kind: 'address', address: first };
  return { kind: 'refused', why: whyNot(host, refused.address, url.origin) };
}

function mayReach(address: string, opened: boolean): boolean {
  const reach = reachOf(address);
  return reach === 'public' || (reach === 'private' && opened);
}

function whyNot(host: string, address: string, origin: string): string {
  return reachOf(address) === 'private'
    ? `${host} is at ${address}, a private address, and the operator has not opened ${origin} (COUNTERSIGN_PRIVATE_ORIGINS=${origin} for the worker, then restart it)`
    : `${host} is at ${address}, an address that is never called`;
}

/** Undefined if the promise fails or `signal` is first: a look-up cannot be stopped, only left behind. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([promise.catch(() => undefined), aborted]);
}
