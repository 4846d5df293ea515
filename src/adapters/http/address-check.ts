/**
 * Which network addresses a call may reach. `public`: the Internet. `private`: this machine and the operator's own
 * networks, only for origins the operator opened. `closed`: never, whoever asks (link-local with the metadata services
 * of clouds, multicast, documentation, and every form that carries another address inside: NAT64, 6to4, Teredo, mapped).
 *
 * The lists are kept apart by family: a BlockList that holds ::ffff:0:0/96 matches each IPv4 address (measured).
 */
import { BlockList, isIP } from 'node:net';

export type AddressReach = 'public' | 'private' | 'closed';

type Subnets = readonly (readonly [string, number])[];

const PRIVATE_V4: Subnets = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
];

const CLOSED_V4: Subnets = [
  ['0.0.0.0', 8],
  // Metadata and control services of clouds that lie outside 169.254.0.0/16.
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

const PRIVATE_V6: Subnets = [
  ['::1', 128],
  ['fc00::', 7],
];

const CLOSED_V6: Subnets = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  // Metadata services of clouds inside the private range: Amazon, Oracle, Google.
  ['fd00:ec2::', 32],
  ['fd00:c1::', 32],
  ['fd20:ce::', 32],
];

/** All that is routed on the Internet today lies here; the rest of IPv6 is closed without being named. */
const GLOBAL_V6: Subnets = [['2000::', 3]];

const v4 = { private: listOf(PRIVATE_V4, 'ipv4'), closed: listOf(CLOSED_V4, 'ipv4') };
const v6 = {
  private: listOf(PRIVATE_V6, 'ipv6'),
  closed: listOf(CLOSED_V6, 'ipv6'),
  global: listOf(GLOBAL_V6, 'ipv6'),
};

function listOf(subnets: Subnets, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [net, bits] of subnets) list.addSubnet(net, bits, family);
  return list;
}

/** Total: what is no address is closed, and one with a zone (`fe80::1%eth0`), which is of one link. */
export function reachOf(address: string): AddressReach {
  if (address.includes('%')) return 'closed';
  switch (isIP(address)) {
    case 4:
      if (v4.closed.check(address, 'ipv4')) return 'closed';
      return v4.private.check(address, 'ipv4') ? 'private' : 'public';
    case 6:
      if (v6.closed.check(address, 'ipv6')) return 'closed';
      if (v6.private.check(address, 'ipv6')) return 'private';
      return v6.global.check(address, 'ipv6') ? 'public' : 'closed';
    default:
      return 'closed';
  }
}

/** True if both are one address, however written; a mapped IPv4 address is the IPv4 address. */
export function isSameAddress(one: string | undefined, other: string): boolean {
  if (one === undefined || isIP(one) === 0 || isIP(other) === 0) return false;
  const only = new BlockList();
  only.addAddress(other, isIP(other) === 4 ? 'ipv4' : 'ipv6');
  return only.check(one, isIP(one) === 4 ? 'ipv4' : 'ipv6');
}
