/**
 * The demo shop beside an instance that runs the example’s tools, and what its worker needs to reach it. Whoever names a
 * policy or tools of their own gets neither.
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
const SECRET = 'shop';

export interface ShopWish {
  /** The example’s tools; undefined where the operator has tools or a policy of their own. */
  readonly toolsFile: string | undefined;
  /** Holds the shop’s database and tokens. */
  readonly home: string;
  readonly demo: boolean;
  readonly report: (line: string) => void;
}

export async function startShop(household: Household, wish: ShopWish): Promise<ShopPart> {
  const { toolsFile, home, demo } = wish;
  const { COUNTERSIGN_TOOLS, COUNTERSIGN_SECRETS_DIR, COUNTERSIGN_PRIVATE_ORIGINS = '' } = household.env;
  const ownSecrets = demo || (COUNTERSIGN_SECRETS_DIR ?? '') === '' ? undefined : COUNTERSIGN_SECRETS_DIR;
  const named = { COUNTERSIGN_SECRETS_DIR: ownSecrets ?? '', COUNTERSIGN_PRIVATE_ORIGINS };
  if (toolsFile === undefined) return { access: undefined, env: { ...named, COUNTERSIGN_TOOLS } };
  const folder = join(home, 'shop');
  const secrets = ownSecrets ?? join(folder, 'secrets');
  const tokenFile = join(secrets, SECRET);
  if (ownSecrets === undefined) makeToken(secrets, SECRET);
  else if (!existsSync(tokenFile)) {
    wish.report(`The demo shop is not started: write a token of 16 characters or more into ${line(tokenFile)}.`);
    return { access: undefined, env: { ...named, COUNTERSIGN_TOOLS: toolsFile } };
  }
  const controlsFile = demo ? makeToken(folder, 'controls-token') : undefined;
  const ports = await startPart(household, {
    name: 'demo-shop',
    wanted: controlsFile === undefined ? [SHOP_PORT] : [SHOP_PORT, 0],
    args: ([port = '', controlsPort = '']) => [
      folder,
      tokenFile,
      port,
      ...(controlsFile === undefined ? [] : [controlsFile, controlsPort]),
    ],
  });
  const [port = 0, controlsPort = 0] = ports;
  household.tellPort('the demo shop', SHOP_PORT, port);
  const origin = `http://127.0.0.1:${port}`;
  return {
    access: {
      url: `${origin}/`,
      token: tokenIn(tokenFile),
      controls:
        controlsFile === undefined
          ? undefined
          : { url: `http://127.0.0.1:${controlsPort}/`, token: tokenIn(controlsFile) },
    },
    env: {
      COUNTERSIGN_TOOLS: toolsAt(toolsFile, folder, port),
      COUNTERSIGN_SECRETS_DIR: secrets,
      COUNTERSIGN_PRIVATE_ORIGINS: [COUNTERSIGN_PRIVATE_ORIGINS, origin].filter((part) => part !== '').join(','),
    },
  };
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
  const text = readFileSync(file, 'utf8').replaceAll(
    `http://127.0.0.1:${SHOP_PORT}/`,
    () => `http://127.0.0.1:${port}/`,
  );
  writeFileSync(copy, text, { mode: 0o600 });
  return copy;
}
