/** When an instance has the demo shop, and what its worker then gets; each shop is a real process. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Environment } from '../../src/cli/instance-parts.ts';
import type { ShopPart } from '../../src/cli/instance-shop.ts';
import { killAll } from '../../src/server/children.ts';
import type { OwnProcess } from '../../src/server/run-file.ts';
import { EXAMPLE_TOOLS_FILE } from '../support/example.ts';

let home: string;
let toolsFile: string;
const processes: OwnProcess[] = [];
const said: string[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'countersign-instance-shop-'));
  toolsFile = join(home, 'tools.yaml');
  copyFileSync(EXAMPLE_TOOLS_FILE, toolsFile);
  mkdirSync(join(home, 'logs'));
});
afterEach(() => {
  killAll(processes.splice(0));
  said.splice(0);
  rmSync(home, { recursive: true, force: true });
});

interface Told {
  readonly process?: OwnProcess;
  readonly part?: ShopPart;
  readonly said?: readonly string[];
}

async function start(env: Environment = {}, demo = false): Promise<ShopPart> {
  const wish = { state: home, env: { PATH: process.env['PATH'], ...env }, toolsFile, demo };
  const child = spawn(process.execPath, [join(__dirname, 'start-shop.mjs'), JSON.stringify(wish)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let part: ShopPart | undefined;
  for await (const line of createInterface(child.stdout)) {
    const told = JSON.parse(line) as Told;
    if (told.process !== undefined) processes.push(told.process);
    said.push(...(told.said ?? []));
    part = told.part ?? part;
  }
  if (part === undefined) throw new Error('it was not started');
  return part;
}

const ordersOf = async ({ access }: ShopPart, token = access?.token ?? ''): Promise<number> =>
  (await fetch(new URL('orders', access?.url), { headers: { authorization: `Bearer ${token}` } })).status;

/** Undefined: another holds the port, and goes on to. The shop of the test before needs a moment to let go. */
async function squatting(port: number): Promise<Server | undefined> {
  for (let tries = 0; tries < 40; tries += 1) {
    const server = createServer();
    const isOurs = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isOurs) return server;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

describe('the demo shop of an instance', () => {
  test('answers to the token that the worker finds among its secrets, and has no levers outside the demo', async () => {
    const part = await start({ COUNTERSIGN_PRIVATE_ORIGINS: 'http://10.0.0.1' });
    const secrets = part.env['COUNTERSIGN_SECRETS_DIR'] ?? '';
    expect(readFileSync(join(secrets, 'demo-shop'), 'utf8').trim()).toBe(part.access?.token);
    expect(statSync(join(secrets, 'demo-shop')).mode & 0o077).toBe(0);
    expect(part.env['COUNTERSIGN_PRIVATE_ORIGINS']).toBe(`http://10.0.0.1,${part.access?.url.slice(0, -1)}`);
    expect(part.access?.controls).toBeUndefined();
    expect([await ordersOf(part), await ordersOf(part, 'another-token-of-mine')]).toEqual([200, 401]);
    expect(processes.map(({ name }) => name)).toEqual(['demo-shop']);
  });

  test('takes another port where its own is taken, and then the worker gets tools that call it there', async () => {
    const squatter = await squatting(4010);
    try {
      const part = await start();
      const url = part.access?.url ?? '';
      expect(url).not.toBe('http://127.0.0.1:4010/');
      expect(said).toEqual([`the demo shop: ${new URL(url).port}`]);
      const tools = readFileSync(part.env['COUNTERSIGN_TOOLS'] ?? '', 'utf8');
      expect(tools).toContain(`url: '${url}orders'`);
      expect(tools).not.toContain(':4010/');
      expect(readFileSync(toolsFile, 'utf8')).toBe(readFileSync(EXAMPLE_TOOLS_FILE, 'utf8'));
    } finally {
      squatter?.close();
    }
  });

  test('in the demo has levers with a token of their own, and secrets that are not the person’s', async () => {
    mkdirSync(join(home, 'mine'));
    const part = await start({ COUNTERSIGN_SECRETS_DIR: join(home, 'mine'), COUNTERSIGN_TOOLS: '/elsewhere' }, true);
    const { url = '', token = '' } = part.access?.controls ?? {};
    expect(token).not.toBe(part.access?.token);
    const pull = (as: string): Promise<Response> =>
      fetch(new URL('lose-next-answer', url), { method: 'POST', headers: { authorization: `Bearer ${as}` } });
    expect([(await pull(part.access?.token ?? '')).status, (await pull(token)).status]).toEqual([401, 200]);
    expect(part.env['COUNTERSIGN_SECRETS_DIR']).toBe(join(home, 'shop', 'secrets'));
  });

  test('S10: with secrets of the person’s own is not started, says so, and leaves that folder alone', async () => {
    const mine = join(home, 'mine');
    mkdirSync(mine);
    for (const name of ['shop', 'demo-shop']) writeFileSync(join(mine, name), 'a-token-of-my-own-making\n');
    expect(await start({ COUNTERSIGN_SECRETS_DIR: mine })).toEqual({
      env: { COUNTERSIGN_SECRETS_DIR: mine, COUNTERSIGN_PRIVATE_ORIGINS: '' },
    });
    expect([processes, said]).toEqual([
      [],
      [expect.stringMatching(/^The demo shop is not started: COUNTERSIGN_SECRETS_DIR/)],
    ]);
    expect([readdirSync(mine), existsSync(join(home, 'shop'))]).toEqual([['demo-shop', 'shop'], false]);
    expect(readFileSync(join(mine, 'demo-shop'), 'utf8')).toBe('a-token-of-my-own-making\n');
  });

  const OWN = `version: 1
tools:
  - name: ask_mine
    description: Like http://127.0.0.1:4010/ of the demo.
    permission: make_api_calls
    arguments: {}
    request: { method: GET, url: 'http://127.0.0.1:4011/' }
    summary: mine
`;
  const at = (url: string, more = ''): string => OWN.replace("url: 'http://127.0.0.1:4011/'", `url: '${url}'${more}`);
  const mine = ", headers: { authorization: 'Bearer {{secret:shop}}' }";
  const demos = ", headers: { authorization: 'Bearer {{secret:demo-shop}}' }";

  test('is started for tools of one’s own that call it as the example does', async () => {
    writeFileSync(toolsFile, at('http://127.0.0.1:4010/orders', demos));
    expect(await ordersOf(await start())).toBe(200);
  });

  test.each<[string, Environment, string | undefined]>([
    ['tools that the environment names', { COUNTERSIGN_TOOLS: '/law/tools.yaml' }, undefined],
    ['tools that do not call it', {}, 'version: 1\ntools: []\n'],
    ['tools that name it in a comment and a description', {}, `# Once: http://127.0.0.1:4010/\n${OWN}`],
    ['a service of one’s own at its port', {}, at('http://127.0.0.1:4010/orders', mine)],
    ['a service at its port without a secret', {}, at('http://127.0.0.1:4010/orders')],
    ['a host that begins like it', {}, at('http://127.0.0.1:40100/orders', demos)],
    ['its URL in the query of another', {}, at('https://x.example/?to=http://127.0.0.1:4010/', demos)],
    ['one call as the example does, and one with a secret of one’s own', {}, both()],
    ['a broken file', {}, `${at('http://127.0.0.1:4010/orders', demos)}    colour: red\n`],
  ])('is not started for %s', async (_what, env, text) => {
    if (text !== undefined) writeFileSync(toolsFile, text);
    expect(await start(env)).toEqual({
      env: { COUNTERSIGN_SECRETS_DIR: '', COUNTERSIGN_PRIVATE_ORIGINS: '' },
    });
    expect(processes).toEqual([]);
    expect(existsSync(join(home, 'shop'))).toBe(false);
  });

  function both(): string {
    const [, tool = ''] = at('http://127.0.0.1:4010/a', demos).split('tools:\n');
    return `${at('http://127.0.0.1:4010/b', mine)}${tool.replace('ask_mine', 'ask_more')}`;
  }
});
