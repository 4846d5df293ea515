/**
 * The demo shop as a process: `node demo-shop-main.js FOLDER TOKEN_FILE PORT [CONTROLS_TOKEN_FILE CONTROLS_PORT]`.
 * Tokens come as files, for arguments can be read by everyone on the machine.
 */
import { readFileSync } from 'node:fs';
import { startDemoShop } from '../adapters/demo-shop/demo-shop.ts';

const [folder = '', tokenFile = '', port = '', controlsFile, controlsPort = ''] = process.argv.slice(2);
const controls =
  controlsFile === undefined ? {} : { controls: { port: Number(controlsPort), token: tokenIn(controlsFile) } };
const shop = await startDemoShop({ folder, port: Number(port), token: tokenIn(tokenFile), ...controls });
process.on('SIGTERM', () => void shop.close().then(() => process.exit(0)));

function tokenIn(file: string): string {
  const token = readFileSync(file, 'utf8').trim();
  // An empty one would open the door to everyone.
  if (token.length < 16) throw new Error(`${file} holds no token of at least 16 characters.`);
  return token;
}
