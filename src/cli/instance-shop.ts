/**
 * The demo shop beside an instance whose own tools call it, as the example’s do, and what the worker needs to reach it.
 * 1. Never for tools that the environment names, nor for a service of the operator’s own at that port: every declared call
 *    to it names the demo’s secret.
 * 2. Its token is made anew in a folder of the instance. A folder of secrets of the operator’s own is neither read nor
 *    written: what lies there is never the token of a demo.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaredCalls } from '../declared/declared-calls.ts';
import type { Environment, Household } from './instance-parts.ts';
import { startPart } from './instance-parts.ts';

/** What the demo looks up and turns. */
export interface ShopAccess {
  readonly url: string;
  readonly token: string;
  /** Only in the demo. */
  readonly controls: { readonly url: string; readonly token: string } | undefined;
}

export interface ShopPart {
  /** Undefined: there is none. */
  readonly access: ShopAccess | undefined;
  /** Of the worker. */
  readonly env: Environment;
}

/** As the example’s tools name it. */
const SHOP_PORT = 4010;
const SHOP_URL = `http://127.0.0.1:${SHOP_PORT}/`;
const SECRET = 'demo-shop';
const AUTHORIZATION = `Bearer {{secret:${SECRET}}}`;
/** Where the operator’s own secrets are in force. */
const NOT_STARTED =
  'The demo shop is not started: COUNTERSIGN_SECRETS_DIR names secrets of your own, and its token is never one of them. ' +
  'Start without that setting to try the shop.';

export interface ShopWish {
  /** Of the instance. */
  readonly toolsFile: string | undefined;
  /** Holds the shop’s database and tokens. */
  readonly home: string;
  readonly demo: boolean;
  readonly report: (line: string) => void;
}

export async function startShop(household: Household, wish: ShopWish): Promise<ShopPart> {
  const { toolsFile, demo, report } = wish;
  const { COUNTERSIGN_SECRETS_DIR: ownSecrets = '', COUNTERSIGN_PRIVATE_ORIGINS = '' } = household.env;
  const secrets = demo ? '' : ownSecrets;
  const without = { COUNTERSIGN_SECRETS_DIR: secrets, COUNTERSIGN_PRIVATE_ORIGINS };
  if (toolsFile === undefined || !isCalled(household.env, demo, toolsFile)) return { access: undefined, env: without };
  if (secrets !== '') {
    report(NOT_STARTED);
    return { access: undefined, env: without };
  }
  const { folder, secretsDir, tokenFile, controls } = makeTokens(wish);
  const [port = 0, controlsPort = 0] = await startPart(household, {
    name: 'demo-shop',
    wanted: [SHOP_PORT, ...controls.map(() => 0)],
    args: ([first = '', ...more]) => [folder, tokenFile, first, ...controls, ...more],
  });
  household.tellPort('the demo shop', SHOP_PORT, port);
  const origin = `http://127.0.0.1:${port}`;
  const [lever] = controls.map((file) => ({ url: `http://127.0.0.1:${controlsPort}/`, token: tokenIn(file) }));
  const origins = COUNTERSIGN_PRIVATE_ORIGINS === '' ? origin : `${COUNTERSIGN_PRIVATE_ORIGINS},${origin}`;
  return {
    access: { url: `${origin}/`, token: tokenIn(tokenFile), controls: lever },
    env: {
      COUNTERSIGN_TOOLS: toolsAt(toolsFile, folder, port),
      COUNTERSIGN_SECRETS_DIR: secretsDir,
      COUNTERSIGN_PRIVATE_ORIGINS: origins,
    },
  };
}

interface Tokens {
  readonly folder: string;
  readonly secretsDir: string;
  readonly tokenFile: string;
  /** File of the token of the levers; none outside the demo. */
  readonly controls: readonly string[];
}

function makeTokens({ home, demo }: ShopWish): Tokens {
  const folder = join(home, 'shop');
  const secretsDir = join(folder, 'secrets');
  const tokenFile = makeToken(secretsDir, SECRET);
  return { folder, secretsDir, tokenFile, controls: demo ? [makeToken(folder, 'controls-token')] : [] };
}

function isCalled({ COUNTERSIGN_TOOLS }: Environment, demo: boolean, file: string): boolean {
  if (!demo && (COUNTERSIGN_TOOLS ?? '') !== '') return false;
  const calls = declaredCalls(readFileSync(file, 'utf8')).filter(({ url }) => url.startsWith(SHOP_URL));
  return calls.length > 0 && calls.every(({ headers }) => headers['authorization'] === AUTHORIZATION);
}

/** A new one at each start. */
function makeToken(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name);
  writeFileSync(file, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  return file;
}

function tokenIn(file: string): string {
  return readFileSync(file, 'utf8').trim();
}

/** The tools as they are, or where the shop’s port was taken, a copy that names the other. */
function toolsAt(file: string, folder: string, port: number): string {
  if (port === SHOP_PORT) return file;
  const copy = join(folder, 'tools.yaml');
  const text = readFileSync(file, 'utf8').replaceAll(SHOP_URL, () => `http://127.0.0.1:${port}/`);
  writeFileSync(copy, text, { mode: 0o600 });
  return copy;
}
