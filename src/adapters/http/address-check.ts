/** Which network addresses a call may reach: public ones, unless the operator opened an origin on purpose. */
import { BlockList, isIP } from 'node:net';

const BLOCKED_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** With NAT64, 6to4 and Teredo whole: what hides in them is not looked for, it is refused. */
const BLOCKED_V6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const blocked = createBlockList();

function createBlockList(): BlockList {
  const list = new BlockList();
  for (const [net, bits] of BLOCKED_V4) list.addSubnet(net, bits, 'ipv4');
  for (const [net, bits] of BLOCKED_V6) list.addSubnet(net, bits, 'ipv6');
  return list;
}

/** True for an address of the public Internet; false for all else and for what is no address. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  return !blocked.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
