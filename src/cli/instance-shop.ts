/**
 * The demo shop beside an instance whose own tools call it, as the example’s do, and what the worker needs to reach it.
 * Never for tools that the environment names.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment, Household } from './instance-parts.ts';
import { startPart } from './instance-parts.ts';
import { line } from './terminal.ts';

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
const SECRET = 'shop';

export interface ShopWish {
  /** Of the instance. */
  readonly toolsFile: string | undefined;
  /** Holds the shop’s database and tokens. */
  readonly home: string;
  readonly demo: boolean;
  readonly report: (line: string) => void;
}

export async function startShop(household: Household, wish: ShopWish): Promise<ShopPart> {
  const { toolsFile, demo } = wish;
  const { COUNTERSIGN_SECRETS_DIR: ownSecrets = '', COUNTERSIGN_PRIVATE_ORIGINS = '' } = household.env;
  const secrets = demo ? '' : ownSecrets;
  const without = { COUNTERSIGN_SECRETS_DIR: secrets, COUNTERSIGN_PRIVATE_ORIGINS };
  if (toolsFile === undefined || !isCalled(household.env, demo, toolsFile)) return { access: undefined, env: without };
  const tokens = tokensFor(wish, secrets);
  if (tokens === undefined) return { access: undefined, env: without };
  const { folder, secretsDir, tokenFile, controls } = tokens;
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

/** Undefined, and told, where the operator's own secrets have none for the shop: their folder is theirs to write. */
function tokensFor({ home, demo, report }: ShopWish, ownSecrets: string): Tokens | undefined {
  const folder = join(home, 'shop');
  const secretsDir = ownSecrets === '' ? join(folder, 'secrets') : ownSecrets;
  const tokenFile = join(secretsDir, SECRET);
  if (ownSecrets === '') makeToken(secretsDir, SECRET);
  else if (!existsSync(tokenFile)) {
    report(`The demo shop is not started: write a token of 16 characters or more into ${line(tokenFile)}.`);
    return undefined;
  }
  return { folder, secretsDir, tokenFile, controls: demo ? [makeToken(folder, 'controls-token')] : [] };
}

function isCalled({ COUNTERSIGN_TOOLS }: Environment, demo: boolean, file: string): boolean {
  return (demo || (COUNTERSIGN_TOOLS ?? '') === '') && readFileSync(file, 'utf8').includes(SHOP_URL);
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
