/**
 * The hostile URLs of the tables, called: by the policy, the tool and the client that a session has. The client's only
 * way out is a proxy that records each connection and byte, whatever host and port are meant, and every look-up is
 * recorded too (S2, S3, S12).
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Policy } from '../../src/policy/policy.ts';
import { titled } from './attempt.ts';
import { CLOSED, OPENED, closes, opens } from './hostile-urls.ts';
import { call, clear, clientOf, useWorld } from './web-sinks.ts';

/** A public address, so that nothing but the policy is in the way. Only the proxy here ever hears of it. */
const PUBLIC = '93.184.216.34';

const world = useWorld();
beforeEach(() => {
  clear(world);
  world.reply = 'HTTP/1.1 502 no way\r\ncontent-length: 0\r\n\r\n';
  world.elsewhere = PUBLIC;
  world.addresses = {};
});

const WAY = () => ({ proxy: { host: '127.0.0.1', port: world.port } });
const get = (policy: Policy, url: string) => call(world, policy, { url, method: 'GET' }, WAY());

const ROWS = [
  ...titled(OPENED).map((row) => [...row, opens] as const),
  ...titled(CLOSED).map((row) => [...row, closes] as const),
];
const HOSTILE = ROWS.filter(([, must]) => must !== 'allow');

describe('URLs, called', () => {
  test.each(HOSTILE)(
    '%s (%s, %s): nothing is looked up, connected or sent',
    async (_attack, must, _why, url, policy) => {
      expect((await get(policy, url)).outcome).toBe(must);
      expect({ ...world.got, asked: world.asked }).toEqual({ api: [], other: [], asked: [] });
    },
  );

  test.each(ROWS.filter(([, must]) => must === 'allow'))(
    '%s (%s, %s): its host is looked up, and the sink sees it',
    async (_attack, _must, _why, url, policy) => {
      expect((await get(policy, url)).outcome).toBe('failed');
      const { hostname, protocol } = new URL(url);
      expect(world.asked).toEqual([hostname]);
      expect(world.got.api).toEqual([
        expect.stringContaining(`CONNECT ${PUBLIC}:${protocol === 'https:' ? 443 : 80} HTTP/1.1`),
      ]);
    },
  );

  test('the table is no shorter than what was set as the bar: 170 that must be refused, each once', () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(170);
    for (const table of [OPENED, CLOSED]) expect(new Set(table.map(([, url]) => url)).size).toBe(table.length);
  });
});

describe('the attacks are real: behind the naive guards', () => {
  test.each<[string, number, number, (url: string) => boolean]>([
    ['includes the host', 100, 87, (url) => url.includes('api.example')],
    ['host name ends so', 80, 77, (url) => URL.canParse(url) && new URL(url).hostname.endsWith('api.example')],
    ['host name is it', 77, 74, (url) => URL.canParse(url) && new URL(url).hostname === 'api.example'],
    ['starts with the endpoint', 46, 46, (url) => url.startsWith('https://api.example/v1/')],
    [
      'origin and path, parsed',
      57,
      57,
      (url) => URL.canParse(url) && new URL(url).href.startsWith('https://api.example/v1/'),
    ],
  ])('of those who open, "%s" passes %i, and %i of them arrive', async (_name, passed, arrived, guard) => {
    expect(await behind(guard, opens)).toEqual({ passed, arrived });
  });

  test.each<[string, number, number, (url: string) => boolean]>([
    ['includes neither', 15, 15, (url) => !/\/admin|internal\.example/.test(url)],
    ['path and host name, parsed', 20, 20, isNeither],
  ])('of those who close, "%s" passes %i, and %i of them arrive', async (_name, passed, arrived, guard) => {
    expect(await behind(guard, closes)).toEqual({ passed, arrived });
  });
});

function isNeither(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { pathname, hostname } = new URL(url);
  return !pathname.startsWith('/admin') && hostname !== 'internal.example';
}

/** What passes the guard is called with neither tool nor policy; what arrives is what the proxy was asked for. */
async function behind(guard: (url: string) => boolean, policy: Policy) {
  // Of ASCII alone: what Node 20 makes of a soft hyphen in a host was seen to change within one process.
  const urls = HOSTILE.filter(([, , , url, of]) => of === policy && !/\P{ASCII}/u.test(url)).map(([, , , url]) => url);
  const passed = urls.filter(guard);
  const client = clientOf(world, WAY());
  for (const url of passed.filter((each) => URL.canParse(each))) {
    await client.exchange({ url, method: 'GET', headers: {}, body: undefined }, new AbortController().signal);
  }
  return { passed: passed.length, arrived: world.got.api.length };
}
