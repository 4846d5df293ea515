import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Way } from '../../src/server/obtain-server.ts';
import { CLI_VERSION, obtainServer } from '../../src/server/obtain-server.ts';
import type { Scene } from './scene.ts';
import { ended, eventually, lives, program, setScene } from './scene.ts';

let scene: Scene;
let cache: string;
let cached: string;
let told: string[];
beforeEach(() => {
  scene = setScene();
  cache = join(scene.folder, 'cache', 'countersign');
  cached = join(cache, `temporal-${CLI_VERSION}-${process.platform}-${process.arch}`);
  told = [];
});
afterEach(() => scene.clear());

const says = (text: string): string => `console.log(${JSON.stringify(text)})`;
const GOOD = says(`temporal version ${CLI_VERSION} (Server 1.31.2, UI 2.50.1)`);

const write = (file: string, script: string): void => {
  writeFileSync(file, program(script));
  chmodSync(file, 0o755);
};
const works: Way = {
  name: 'a way that works',
  attempt: async (target) => {
    write(target, GOOD);
    return target;
  },
  remedy: 'none needed',
};
const obtain = (ways: readonly Way[] = [works], env: Readonly<Record<string, string>> = scene.env): Promise<string> =>
  obtainServer({ report: (line) => void told.push(line), env, ways });

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'it succeeded',
    (error: unknown) => (error as Error).message,
  );
}

describe('a "temporal" on PATH', () => {
  test('that is new enough is used, and nothing is obtained', async () => {
    scene.program('temporal', GOOD);
    expect(await obtain([])).toBe('temporal');
    expect(existsSync(cache)).toBe(false);
  });

  test.each([
    ['is too old', says('temporal version 1.7.9 (Server 1.30.0)'), 'it is 1.7.9, and 1.8 or newer is needed'],
    ['prints garbage', says('\u0000\u001B[2J{"version":"9.9.9"}'), 'does not tell a version'],
    ['only mentions a version', says('warning: no temporal version 9.9 here'), 'does not tell a version'],
    ['fails', `console.error('no libc'); process.exit(127)`, 'it ended with code 127: no libc'],
    ['hangs, deaf to SIGTERM', `process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6)`, 'did not end within 5 s'],
  ])('that %s is not used, and the one message says so', async (_, script, why) => {
    scene.program('temporal', script);
    expect(await failure(obtain([]))).toContain(why);
    expect(await obtain()).toBe(cached);
  });

  test('gets nothing secret in its environment (S10)', async () => {
    scene.program(
      'temporal',
      `require('node:fs').writeFileSync(${JSON.stringify(join(scene.folder, 'env'))}, JSON.stringify(process.env)); ${GOOD}`,
    );
    await obtain([], { ...scene.env, ANTHROPIC_API_KEY: 'canary', TEMPORAL_API_KEY: 'canary' });
    expect(scene.read('env')).not.toContain('canary');
  });
});

describe('the cache', () => {
  test('is used without obtaining anything again, even where it cannot be written', async () => {
    expect(await obtain()).toBe(cached);
    chmodSync(cache, 0o555);
    expect(await obtain([])).toBe(cached);
    chmodSync(cache, 0o755);
  });

  test.each([
    ['half a binary', '\u007FELF'],
    ['an empty file', ''],
    ['an older version under our name', program(says('temporal version 1.2.3'))],
  ])('with %s is replaced, and says so', async (_, content) => {
    mkdirSync(cache, { recursive: true });
    writeFileSync(cached, content);
    chmodSync(cached, 0o755);
    expect(await obtain()).toBe(cached);
    expect(told.join('\n')).toContain('not usable');
    expect(await obtain([])).toBe(cached);
  });

  test('never gets what does not run: neither garbage nor what fails halfway, and nothing half-made stays', async () => {
    const garbage: Way = {
      ...works,
      name: 'garbage',
      attempt: async (target) => {
        writeFileSync(target, 'garbage');
        return target;
      },
    };
    const halfway: Way = {
      ...works,
      name: 'halfway',
      attempt: async (target) => {
        writeFileSync(target, 'half');
        throw new Error('the disk is full');
      },
    };
    const message = await failure(obtain([garbage, halfway]));
    expect(message).toContain('what was obtained does not run');
    expect(message).toContain('the disk is full');
    expect(readdirSync(cache)).toEqual([]);
  });

  test('is cleared of what a killed start left, and of nothing else', async () => {
    mkdirSync(join(cache, `${CLI_VERSION}-other`), { recursive: true });
    mkdirSync(`${cached}.77-aa.part.archive.part`, { recursive: true });
    writeFileSync(`${cached}.77-aa.part`, 'half');
    writeFileSync(join(cache, 'temporal-9.9.9-other'), 'another version');
    await obtain();
    expect(readdirSync(cache).toSorted()).toEqual([
      `${CLI_VERSION}-other`,
      cached.slice(cache.length + 1),
      'temporal-9.9.9-other',
    ]);
  });

  test.each([
    ['', '.cache'],
    ['relative/cache', '.cache'],
  ])('an XDG_CACHE_HOME of "%s" counts as none', async (named, folder) => {
    const found = await obtain([works], { ...scene.env, XDG_CACHE_HOME: named });
    expect(found.startsWith(join(scene.env['HOME'] ?? '', folder, 'countersign'))).toBe(true);
  });

  test('that cannot be written ends in the one message, with the remedy, at once', async () => {
    writeFileSync(join(scene.folder, 'cache'), 'a file in the way');
    const message = await failure(obtain());
    expect(message).toContain('set XDG_CACHE_HOME');
    expect(message).toContain('a "temporal" on PATH: there is none');
  });
});

test('if no way works, one message names each way, why not, and how to mend it', async () => {
  const fails = (name: string): Way => ({
    name,
    attempt: () => Promise.reject(new Error(`${name} is broken`)),
    remedy: `mend ${name}`,
  });
  const message = await failure(obtain([fails('the first way'), fails('the second way')]));
  for (const part of ['"temporal" on PATH', 'the first way is broken', 'mend the first way', 'mend the second way'])
    expect(message).toContain(part);
  expect(message).not.toMatch(/\n\s+at /);
});

const START = `
import { appendFileSync } from 'node:fs';
import { buildWithGo } from './dist/server/build-with-go.js';
import { obtainServer } from './dist/server/obtain-server.js';
const go = { name: 'Go', remedy: 'none', attempt: (target, report, signal) =>
  buildWithGo(process.argv[2], target, '1', report, { env: process.env, signal, freeBytes: () => 1e12 }) };
console.log(await obtainServer({ report: console.error, env: process.env, ways: [go] }));
`;
const GO = (build: string): string => `
const args = process.argv.slice(2);
if (args[0] === 'version') console.log('go version go1.26.4 linux/amd64');
if (args[0] === 'build') { const target = args[args.indexOf('-o') + 1]; const fs = require('node:fs'); ${build} }`;

describe('starts in processes of their own', () => {
  test('that race build once; all get the same binary', async () => {
    const log = JSON.stringify(join(scene.folder, 'builds'));
    scene.program(
      'go',
      GO(
        `fs.appendFileSync(${log}, 'x'); setTimeout(() => { fs.writeFileSync(target, ${JSON.stringify(program(GOOD))}); fs.chmodSync(target, 0o755); }, 300);`,
      ),
    );
    const runs = await Promise.all([1, 2, 3, 4].map(() => ended(scene.run(START, scene.folder))));
    for (const { code, out } of runs) expect({ code, out: out.trim() }).toEqual({ code: 0, out: cached });
    expect(scene.read('builds')).toBe('x');
    expect(readdirSync(cache)).toHaveLength(1);
  });

  const pidFile = (): string => join(scene.folder, 'go.pid');
  const hangingGo = (): void => {
    const grandchild = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' }).pid`;
    scene.program(
      'go',
      GO(
        `process.on('SIGTERM', () => {}); fs.writeFileSync(target, 'half'); fs.writeFileSync(${JSON.stringify(pidFile())}, process.pid + ' ' + ${grandchild}); setInterval(() => {}, 1e6);`,
      ),
    );
  };

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s in the middle of a build ends the build too and leaves nothing behind', async (signal, code) => {
    hangingGo();
    const child = scene.run(START, scene.folder);
    const end = ended(child);
    await eventually(() => existsSync(pidFile()) && scene.read('go.pid') !== '');
    child.kill(signal);
    expect((await end).code).toBe(code);
    for (const pid of scene.read('go.pid').split(' ')) await eventually(() => !lives(Number(pid)));
    expect(readdirSync(cache)).toEqual([]);
  });

  test('a start that was killed in the middle of a build does not hold up the next, which clears up', async () => {
    hangingGo();
    const child = scene.run(START, scene.folder);
    const end = ended(child);
    await eventually(() => existsSync(pidFile()) && scene.read('go.pid') !== '');
    child.kill('SIGKILL');
    await end;
    for (const pid of scene.read('go.pid').split(' ')) process.kill(Number(pid), 'SIGKILL');
    expect(readdirSync(cache)).toHaveLength(2);
    expect(await obtain()).toBe(cached);
    expect(readdirSync(cache)).toHaveLength(1);
  });
});
