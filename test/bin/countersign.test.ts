import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Ended } from '../server/scene.ts';
import { deadPid, ended, eventually, lives } from '../server/scene.ts';
import type { Checkout } from './checkout.ts';
import { makeCheckout } from './checkout.ts';

let checkout: Checkout;
let lock: string;
beforeEach(() => {
  checkout = makeCheckout();
  lock = join(checkout.root, '.countersign', 'prepare.lock');
});
afterEach(() => checkout.clear());

const start = (...args: readonly string[]): Promise<Ended> => ended(checkout.start(...args));
const WORKED = { code: 1, out: 'main sessions\n' };
const plain = (said: string): void => expect(said).not.toMatch(/\n\s+at |file:\/\//);
const at = (...path: readonly string[]): string => join(checkout.root, ...path);

describe('the first start', () => {
  test('installs with the development dependencies, compiles, and hands over; its exit code is passed on', async () => {
    expect(await start('sessions')).toMatchObject(WORKED);
    expect(checkout.journal()).toBe('npm tsc');
    expect(checkout.read('journal.args')).toContain('ci --include=dev');
    expect(readdirSync(at('.countersign'))).toEqual([]);
  });

  test('that two make at once prepares once, though "npm ci" empties node_modules meanwhile', async () => {
    checkout.npm('setTimeout(install, 400);');
    checkout.tsc('setTimeout(compile, 200);');
    const runs = await Promise.all([1, 2, 3, 4].map(() => start('sessions')));
    for (const run of runs) expect(run).toMatchObject(WORKED);
    expect(checkout.journal()).toBe('npm tsc');
  });

  test('with another package manager’s npm_execpath uses npm all the same', async () => {
    const yarn = checkout.program('yarn.js', 'process.exit(9)');
    checkout.env['npm_execpath'] = yarn;
    expect(await start('sessions')).toMatchObject(WORKED);
  });
});

describe('a later start', () => {
  beforeEach(async () => {
    await start();
    writeFileSync(join(checkout.folder, 'journal'), '');
  });

  test.each<[string, string, () => void]>([
    ['nothing where nothing changed', '', () => undefined],
    ['both when the lock file changed', 'npm', () => writeFileSync(at('package-lock.json'), '{"x":1}')],
    ['the install when node_modules is gone', 'npm', () => rmSync(at('node_modules'), { recursive: true })],
    ['the install when a package is gone', 'npm', () => rmSync(at('node_modules', 'left'), { recursive: true })],
    [
      'the install when the compiler is gone',
      'npm',
      () => rmSync(at('node_modules', 'typescript'), { recursive: true }),
    ],
    ['the compilation when a source changed', 'tsc', () => utimesSync(at('src', 'cli', 'main.ts'), 1, 1)],
    ['the compilation when dist is gone', 'tsc', () => rmSync(at('dist'), { recursive: true })],
    ['the compilation when one file of dist is gone', 'tsc', () => rmSync(at('dist', 'cli', 'main.js'))],
    ['the compilation when its settings changed', 'tsc', () => writeFileSync(at('tsconfig.json'), '{"x":1}')],
  ])('does %s', async (_, ran, change) => {
    change();
    expect(await start('sessions')).toMatchObject(WORKED);
    expect(checkout.journal()).toBe(ran);
  });
});

describe('what fails or is interrupted is done again by the next start', () => {
  test('an "npm ci" that fails halfway leaves no stamp, and says in words what to do', async () => {
    checkout.npm(`install(); console.error('npm error ECONNREFUSED the registry'); process.exit(1);`);
    const failed = await start();
    expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('ECONNREFUSED the registry') });
    expect(failed.err).toContain('start again');
    plain(failed.err);
    checkout.npm('install();');
    expect(await start('sessions')).toMatchObject(WORKED);
    expect(checkout.journal()).toBe('npm npm tsc');
  });

  test('an install that fails over an older one, even back at the older lock file', async () => {
    await start();
    const older = readFileSync(at('package-lock.json'), 'utf8');
    writeFileSync(at('package-lock.json'), '{"newer":1}');
    // Fails having removed half of the tree and not the stamp: npm deletes in no order.
    checkout.program(
      'npm',
      `require('node:fs').rmSync(${JSON.stringify(at('node_modules', 'left', 'package.json'))}); process.exit(1);`,
    );
    expect((await start()).code).toBe(1);
    expect(existsSync(at('node_modules', '.countersign-installed'))).toBe(false);
    writeFileSync(at('package-lock.json'), older);
    expect((await start()).err).toContain('"npm ci" failed');
  });

  test('without npm it says so', async () => {
    rmSync(join(checkout.bin, 'npm'));
    const failed = await start();
    expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('there is no "npm"') });
    plain(failed.err);
  });

  test('a compilation that fails after writing its files', async () => {
    checkout.tsc(`compile(); console.log('src/cli/main.ts(1,1): error TS1005'); process.exit(2);`);
    const failed = await start();
    expect(failed).toMatchObject({ code: 1, out: '', err: expect.stringContaining('TS1005') });
    plain(failed.err);
    checkout.tsc('compile();');
    expect(await start('sessions')).toMatchObject(WORKED);
    expect(checkout.journal()).toBe('npm tsc tsc');
  });

  const hang = `fs.writeFileSync(path.join(root, 'pid'), String(process.pid)); process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6);`;
  const pid = (): number => (existsSync(at('pid')) ? Number(readFileSync(at('pid'), 'utf8')) : 0);

  test.each([
    ['SIGINT', 130, 'npm'],
    ['SIGTERM', 143, 'tsc'],
    ['SIGHUP', 129, 'npm'],
  ] as const)(
    '%s (exit code %i) while %s runs: it ends too, the lock is gone, no stamp is left',
    async (signal, code, tool) => {
      checkout[tool](`${tool === 'npm' ? 'install' : 'compile'}(); ${hang}`);
      const child = checkout.start();
      const end = ended(child);
      await eventually(() => pid() > 0);
      child.kill(signal);
      expect((await end).code).toBe(code);
      await eventually(() => !lives(pid()));
      expect(readdirSync(at('.countersign'))).toEqual([]);
      expect(existsSync(tool === 'npm' ? at('node_modules', '.countersign-installed') : at('dist', '.compiled'))).toBe(
        false,
      );
      checkout[tool](tool === 'npm' ? 'install();' : 'compile();');
      expect(await start('sessions')).toMatchObject(WORKED);
    },
  );

  test('SIGKILL while npm runs: no second npm beside the one that is left; after it the next start goes on', async () => {
    checkout.npm(`install(); ${hang}`);
    const child = checkout.start();
    const killed = ended(child);
    await eventually(() => pid() > 0 && readFileSync(lock, 'utf8').includes(String(pid())));
    child.kill('SIGKILL');
    child.stdout?.destroy();
    child.stderr?.destroy();
    await killed;
    checkout.npm('install();');
    const next = checkout.start('sessions');
    let said = '';
    next.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const end = ended(next);
    await eventually(() => said.includes('waiting for it'));
    expect(checkout.journal()).toBe('npm');
    process.kill(pid(), 'SIGKILL');
    expect(await end).toMatchObject(WORKED);
    expect(checkout.journal()).toBe('npm npm tsc');
  });
});

describe('a lock that was left behind does not hold up a start', () => {
  test.each<[string, () => Promise<string>]>([
    ['of a dead process', async () => JSON.stringify([{ pid: await deadPid(), start: '1' }])],
    ['of a number that is used again', async () => JSON.stringify([{ pid: process.pid, start: 'another' }])],
    ['of garbage', async () => '{'],
    ['of the form of an earlier version', async () => String(process.pid)],
  ])('%s', async (_, content) => {
    mkdirSync(at('.countersign'));
    writeFileSync(lock, await content());
    utimesSync(lock, 1, 1);
    expect(await start('sessions')).toMatchObject(WORKED);
  });
});

test('a checkout that cannot be written is told in words', async () => {
  writeFileSync(at('.countersign'), 'a file in the way');
  const failed = await start();
  expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('must be writable') });
  plain(failed.err);
});

test('an installed package, without sources, goes to the command line straight away', async () => {
  await start();
  rmSync(at('src'), { recursive: true });
  rmSync(at('node_modules'), { recursive: true });
  expect(await start('sessions')).toMatchObject(WORKED);
});

test('"--prepare" obtains the server, and what it cannot do is told on lines of its own', async () => {
  mkdirSync(at('src', 'server'));
  const broken = `export async function obtainServer({ report }) { report('trying'); throw new Error('none:\\n  - one\\n  - two'); }`;
  writeFileSync(at('src', 'server', 'obtain-server.ts'), broken);
  const failed = await start('--prepare');
  expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('trying\nnone:\n  - one\n  - two\n') });
  plain(failed.err);
});
