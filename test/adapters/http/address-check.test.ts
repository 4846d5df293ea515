import { describe, expect, test } from '@jest/globals';
import { isSameAddress, reachOf } from '../../../src/adapters/http/address-check.ts';

describe('which addresses a call may reach', () => {
  test.each(['8.8.8.8', '93.184.215.14', '1.1.1.1', '172.15.0.1', '172.32.0.1', '100.63.0.1', '169.253.0.1'])(
    'the public IPv4 address %s may be called',
    (address) => expect(reachOf(address)).toBe('public'),
  );

  test.each(['2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '2620:fe::fe'])(
    'the public IPv6 address %s may be called',
    (address) => expect(reachOf(address)).toBe('public'),
  );

  test.each([
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '::1',
    '0:0:0:0:0:0:0:1',
    'fc00::1',
    'fd12:3456:789a::1',
  ])('S12: %s is private: only for an origin the operator opened', (address) =>
    expect(reachOf(address)).toBe('private'),
  );

  test.each([
    ['this host', '0.0.0.0'],
    ['this host', '0.1.2.3'],
    ['this host', '::'],
    ['metadata service', '169.254.169.254'],
    ['metadata service', 'fd00:ec2::254'],
    ['metadata service', 'fd00:c1::a9fe:a9fe'],
    ['metadata service', 'fd20:ce::254'],
    ['metadata service', '192.0.0.192'],
    ['metadata service', '100.100.100.200'],
    ['metadata service', '168.63.129.16'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped loopback', '::ffff:7f00:1'],
    ['mapped public', '::ffff:8.8.8.8'],
    ['compatible loopback', '::127.0.0.1'],
    ['NAT64 of loopback', '64:ff9b::7f00:1'],
    ['NAT64 of a public one', '64:ff9b::808:808'],
    ['NAT64 local', '64:ff9b:1::1'],
    ['compatible public', '::8.8.8.8'],
    ['6to4 of a public one', '2002:808:808::'],
    ['6to4 relay', '192.88.99.1'],
    ['site-local with a zone', 'fec0::1%1'],
    ['loopback with a zone', '::1%lo'],
    ['no address', '2130706433'],
    ['no address', '0177.0.0.1'],
    ['6to4 of loopback', '2002:7f00:1::'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['documentation', '2001:db8::1'],
    ['documentation', '192.0.2.1'],
    ['benchmark', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['discard', '100::1'],
    ['no address', ''],
    ['no address', 'localhost'],
    ['no address', '127.1'],
    ['no address', '0x7f000001'],
  ])('S12: %s (%s) is never called, whoever opened it', (_what, address) => expect(reachOf(address)).toBe('closed'));
});

describe('the address that was checked', () => {
  test('is recognised in another spelling', () => {
    expect(isSameAddress('::1', '0:0:0:0:0:0:0:1')).toBe(true);
    expect(isSameAddress('::ffff:127.0.0.1', '127.0.0.1')).toBe(true);
  });

  test.each([
    ['127.0.0.2', '127.0.0.1'],
    ['::1', '127.0.0.1'],
    [undefined, '127.0.0.1'],
    ['', ''],
  ])('is not %s for %s', (one, other) => expect(isSameAddress(one, other)).toBe(false));
});
