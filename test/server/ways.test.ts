import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildWithGo } from '../../src/server/build-with-go.ts';
import { downloadArchive } from '../../src/server/download-archive.ts';
import type { Scene } from './scene.ts';
import { setScene } from './scene.ts';

let scene: Scene;
let target: string;
let told: string[];
const servers: Server[] = [];
beforeEach(() => {
  scene = setScene();
  mkdirSync(join(scene.folder, 'cache'));
  target = join(scene.folder, 'cache', 'temporal');
  told = [];
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  scene.clear();
});
const report = (line: string): void => void told.push(line);
const left = (): readonly string[] => readdirSync(join(scene.folder, 'cache'));

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'it succeeded',
    (error: unknown) => (error as Error).message,
  );
}

describe('the archive', () => {
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function archive(make: (folder: string) => void): Buffer {
    const folder = join(scene.folder, 'tree');
    mkdirSync(folder);
    make(folder);
    return execFileSync('tar', ['-czf', '-', '-C', folder, '.'].slice(0, -1).concat(readdirSync(folder)));
  }

  const download = (host: string, stallMs = 5000): Promise<string> =>
    downloadArchive(target, '1.8.2', report, { env: process.env, host, stallMs });

  const good = (): Buffer =>
    archive((folder) => writeFileSync(join(folder, 'temporal'), 'the binary', { mode: 0o600 }));

  test('is fetched for this platform, through redirects, and unpacked; nothing else stays', async () => {
    const bytes = good();
    const asked: string[] = [];
    const host = await serve((request, response) => {
      asked.push(request.url ?? '');
      if (request.url?.startsWith('/cli') === true) response.writeHead(302, { location: '/stored' }).end();
      else response.end(bytes);
    });
    await download(host);
    expect(readFileSync(target, 'utf8')).toBe('the binary');
    expect(asked[0]).toMatch(/^\/cli\/archive\/v1\.8\.2\?platform=\w+&arch=\w+$/);
    expect(left()).toEqual(['temporal']);
    expect(told.join()).toContain('downloaded');
  });

  const REFUSED: readonly (readonly [string, (bytes: Buffer) => RequestListener, RegExp])[] = [
    ['an error page', () => (_, response) => response.writeHead(503).end('sorry'), /answered HTTP 503/],
    ['a login page for an archive', () => (_, response) => response.end('<html>'), /cannot be unpacked/],
    [
      'half an archive',
      (bytes) => (_, response) => response.end(bytes.subarray(0, bytes.length / 2)),
      /cannot be unpacked/,
    ],
    [
      'an archive with one bit turned (its checksum is wrong)',
      (bytes) => (_, response) => {
        const turned = Buffer.from(bytes);
        turned.writeUInt8(turned.readUInt8(turned.length - 8) ^ 1, turned.length - 8);
        response.end(turned);
      },
      /cannot be unpacked/,
    ],
    [
      'a connection that is cut',
      (bytes) => (_, response) => {
        response.writeHead(200, { 'content-length': String(bytes.length) });
        response.write(bytes.subarray(0, 20), () => response.destroy());
      },
      /the download from 127\.0\.0\.1:\d+ failed/,
    ],
    ['silence', () => () => undefined, /did not answer within 0\.3 s/],
    [
      'silence in the middle',
      (bytes) => (_, response) => {
        response.writeHead(200, { 'content-length': String(bytes.length) });
        response.write(bytes.subarray(0, 20));
      },
      /did not answer within 0\.3 s/,
    ],
    [
      'a redirect to another protocol than that of the first request',
      () => (_, response) => response.writeHead(302, { location: 'https://127.0.0.1:9/' }).end(),
      /leads to https:\/\/, which is refused/,
    ],
    [
      'a redirect to itself',
      () => (request, response) => response.writeHead(302, { location: request.url ?? '' }).end(),
      /redirects without end/,
    ],
  ];

  test.each(REFUSED)('%s is no archive, in words, and leaves nothing', async (_, listener, why) => {
    const host = await serve(listener(good()));
    const message = await failure(download(host, 300));
    expect(message).toMatch(why);
    expect(message).not.toContain('[object');
    expect(left()).toEqual([]);
  });

  test('with something else, or a link, in place of the binary is refused', async () => {
    const other = archive((folder) => writeFileSync(join(folder, 'README'), ''));
    expect(await failure(download(await serve((_, response) => response.end(other))))).toContain('cannot be unpacked');
    scene.clear();
    mkdirSync(join(scene.folder, 'cache'), { recursive: true });
    const link = archive((folder) => symlinkSync('/bin/true', join(folder, 'temporal')));
    expect(await failure(download(await serve((_, response) => response.end(link))))).toContain('no plain file');
  });

  test('of a host where nobody listens is told in words', async () => {
    expect(await failure(download('http://127.0.0.1:9'))).toContain('127.0.0.1:9 failed');
  });
});

describe('building with Go', () => {
  const go = (script: string): void => {
    scene.program('go', `const args = process.argv.slice(2); const fs = require('node:fs'); ${script}`);
  };
  const NEW = `if (args[0] === 'version') console.log('go version go1.26.4 linux/amd64');`;
  const build = (
    env: Readonly<Record<string, string>> = scene.env,
    freeBytes: (folder: string) => number = () => 1e12,
  ): Promise<string> => buildWithGo(scene.folder, target, '1.8.2', report, { env, freeBytes });

  test.each([
    ['is not there', undefined, '"go" on PATH: there is none'],
    ['is too old', `console.log('go version go1.20.14 linux/amd64')`, 'go1.20 is too old'],
    ['prints garbage', `console.log('let us play go')`, 'does not tell a version'],
    ['fails', `console.error('broken'); process.exit(3)`, 'code 3: broken'],
    [
      'fails to build',
      `${NEW} if (args[0] === 'build') { console.error('dial tcp: no route to the module proxy'); process.exit(1); }`,
      'no route to the module proxy',
    ],
  ])('when "go" %s says so', async (_, script, why) => {
    if (script !== undefined) go(script);
    expect(await failure(build())).toContain(why);
    expect(left()).toEqual([]);
  });

  test('needs 3 GB where the binary and where the caches of Go will lie, and begins nothing without', async () => {
    const elsewhere = join(scene.folder, 'elsewhere');
    mkdirSync(elsewhere);
    go(
      `${NEW} if (args[0] === 'env') console.log('${elsewhere}/deep/cache'); if (args[0] === 'build') fs.writeFileSync('${scene.folder}/begun', '');`,
    );
    const free = (small: string) => (folder: string) => (folder === small ? 2e9 : 1e12);
    expect(await failure(build(scene.env, free(elsewhere)))).toContain(`1.9 GB are there (${elsewhere})`);
    expect(await failure(build(scene.env, free(join(scene.folder, 'cache'))))).toContain(
      '3 GB of free disk are needed',
    );
    expect(readdirSync(scene.folder)).not.toContain('begun');
  });

  test('is the same build whatever Go settings a person has', async () => {
    go(`${NEW} if (args[0] === 'build') fs.writeFileSync('${scene.folder}/env', JSON.stringify(process.env));`);
    await build({
      ...scene.env,
      GOOS: 'plan9',
      GOARCH: 'arm',
      GOFLAGS: '-mod=mod',
      GOWORK: '/x',
      GOTOOLCHAIN: 'local',
      CGO_ENABLED: '1',
    });
    expect(JSON.parse(scene.read('env'))).toMatchObject({
      GOOS: '',
      GOARCH: '',
      GOFLAGS: '-mod=readonly',
      GOWORK: 'off',
      GOTOOLCHAIN: 'auto',
      CGO_ENABLED: '0',
    });
  });

  test.each(['', undefined])('without a HOME (%j) it gives Go caches of its own and removes them', async (home) => {
    go(`${NEW} if (args[0] === 'build') fs.writeFileSync('${scene.folder}/env', JSON.stringify(process.env));`);
    const { HOME: _, ...env } = scene.env;
    await build(home === undefined ? env : { ...env, HOME: home });
    const { GOCACHE } = JSON.parse(scene.read('env')) as { GOCACHE: string };
    expect(GOCACHE).toContain('countersign-go-');
    expect(() => readdirSync(join(GOCACHE, '..'))).toThrow('ENOENT');
  });
});
