import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { killProcess, stopProcess } from '../../src/server/children.ts';
import { freePort } from '../../src/server/free-port.ts';
import { obtainServer } from '../../src/server/obtain-server.ts';
import type { OwnProcess } from '../../src/server/run-file.ts';
import type { RunningServer, ServerOptions } from '../../src/server/start-server.ts';
import { startServer } from '../../src/server/start-server.ts';
import type { Scene } from './scene.ts';
import { lives, setScene } from './scene.ts';

let scene: Scene;
const started: OwnProcess[] = [];
const squatters: Server[] = [];
beforeEach(() => {
  scene = setScene();
});
afterEach(() => {
  for (const ours of started.splice(0)) killProcess(ours);
  for (const server of squatters.splice(0)) server.close();
  scene.clear();
});

async function start(binary: string, more: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const options = { binary, logFile: join(scene.folder, 'temporal.log'), limitMs: 15_000 };
  return startServer({ ...options, onStart: (ours) => void started.push(ours), ...more });
}

async function squat(): Promise<number> {
  const server = createServer();
  squatters.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'it succeeded',
    (error: unknown) => (error as Error).message,
  );
}

/** A stand-in for the CLI: its server does what `serve` says with `ports`. */
const temporal = (serve: string): string =>
  scene.program(
    'temporal',
    `const args = process.argv.slice(2); const fs = require('node:fs'); const net = require('node:net');
const counter = ${JSON.stringify(join(scene.folder, 'starts'))};
if (args[0] === 'operator') console.log(fs.existsSync(counter + '.sick') ? 'NOT YET' : 'SERVING');
else {
  const value = (name) => Number(args[args.indexOf(name) + 1]);
  const ports = [value('--port'), value('--ui-port')];
  fs.appendFileSync(counter, 'x');
  const starts = fs.readFileSync(counter, 'utf8').length;
  const listen = () => { for (const port of ports) net.createServer().listen(port, '127.0.0.1'); };
  ${serve}
}`,
  );

describe('starting the server', () => {
  test('a port that is taken is replaced by a free one', async () => {
    const [port, uiPort] = [await squat(), await squat()];
    const server = await start(temporal('listen();'), { port, uiPort });
    expect([server.address, server.uiUrl].join()).not.toMatch(new RegExp(`:(${port}|${uiPort})\\b`));
  });

  test('one that loses its port between choosing and binding tries again with others', async () => {
    const lost = `if (starts < 3) { console.error('listen tcp: bind: address already in use'); process.exit(1); } listen();`;
    const server = await start(temporal(lost));
    expect(scene.read('starts')).toBe('xxx');
    expect(lives(server.process.pid)).toBe(true);
  });

  test('that always loses its ports gives up, in words', async () => {
    const lost = `console.error('listen tcp: bind: address already in use'); process.exit(1);`;
    expect(await failure(start(temporal(lost)))).toContain('address already in use');
    expect(scene.read('starts')).toBe('xxx');
  });

  test('a stranger who answers on our port, and healthily, is not taken for our server', async () => {
    const stranger = `const { spawn } = require('node:child_process');
    spawn(process.execPath, ['-e', 'for (const port of ' + JSON.stringify(ports) + ') require("node:net").createServer().listen(port, "127.0.0.1")'], { stdio: 'ignore' });
    setTimeout(() => { console.error('lost the race'); process.exit(1); }, 1500);`;
    expect(await failure(start(temporal(stranger)))).toContain('lost the race');
  });

  test('one that dies at once is told with its last words and the log, and not tried again', async () => {
    const message = await failure(start(temporal(`console.error('database is malformed'); process.exit(1);`)));
    expect(message).toContain('ended at once; it said:\ndatabase is malformed');
    expect(message).toContain('temporal.log');
    expect(scene.read('starts')).toBe('x');
  });

  test('a binary that is not there is told as such', async () => {
    expect(await failure(start(join(scene.folder, 'none')))).toContain('ENOENT');
  });

  test.each([
    ['listens but is never healthy', 'listen();'],
    ['is alive but never listens', 'setInterval(() => {}, 1e6);'],
    ['is deaf to SIGTERM', `process.on('SIGTERM', () => {}); listen();`],
  ])('one that %s is ended in time', async (_, serve) => {
    writeFileSync(join(scene.folder, 'starts.sick'), '');
    expect(await failure(start(temporal(serve), { limitMs: 1500 }))).toContain('did not become healthy');
    for (const { pid } of started) expect(lives(pid)).toBe(false);
  });

  test('an interruption ends it before it serves, or keeps it from being started', async () => {
    writeFileSync(join(scene.folder, 'starts.sick'), '');
    await failure(start(temporal('listen();'), { signal: AbortSignal.timeout(700) }));
    expect(started).toHaveLength(1);
    for (const { pid } of started) expect(lives(pid)).toBe(false);
    await failure(start(temporal('listen();'), { signal: AbortSignal.abort() }));
    expect(started).toHaveLength(1);
  });

  test('S10: it gets no key and no client setting of the environment', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { ANTHROPIC_API_KEY: 'canary', TEMPORAL_API_KEY: 'canary' });
    try {
      await start(temporal(`fs.writeFileSync(counter + '.env', JSON.stringify(process.env)); listen();`));
    } finally {
      process.env = before;
    }
    expect(scene.read('starts.env')).not.toContain('canary');
  });

  test('the real server starts for a person whose Temporal profile asks for TLS and an API key', async () => {
    const binary = await obtainServer({ report: () => undefined, env: process.env });
    const home = process.env['HOME'];
    const config = join(scene.env['HOME'] ?? '', '.config', 'temporalio');
    mkdirSync(config, { recursive: true });
    writeFileSync(
      join(config, 'temporal.toml'),
      '[profile.default]\naddress = "cloud.example:7233"\napi_key = "key"\n[profile.default.tls]\n',
    );
    try {
      process.env['HOME'] = scene.env['HOME'] ?? '';
      const { address, process: ours } = await start(binary, { dbFile: join(scene.folder, 'db', 'temporal.db') });
      expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
      await stopProcess(ours);
      expect(lives(ours.pid)).toBe(false);
      expect(existsSync(join(scene.folder, 'db', 'temporal.db'))).toBe(true);
      const port = Number(address.split(':')[1]);
      expect(await freePort(port)).toBe(port);
    } finally {
      process.env['HOME'] = home ?? '';
    }
  });
});

describe('choosing a port', () => {
  test('never gives one that was already given', async () => {
    const port = await freePort(0);
    expect(await freePort(port, [port])).not.toBe(port);
    expect(await freePort(port)).toBe(port);
  });
});
