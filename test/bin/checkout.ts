/** A small checkout with our bootstrap in it, an `npm` and a compiler that are stand-ins, and a journal of what ran. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scene } from '../server/scene.ts';
import { setScene } from '../server/scene.ts';

export interface Checkout extends Scene {
  readonly root: string;
  start(...args: readonly string[]): ChildProcess;
  /** What ran so far: `npm` and `tsc`, in order. */
  journal(): string;
  /** What the next `npm ci` does beside its work, as JavaScript; `install()` installs. */
  npm(script: string): void;
  /** What the next compilation does; `compile()` compiles. */
  tsc(script: string): void;
}

const BOOTSTRAP = join(__dirname, '..', '..', 'bin');

export function makeCheckout(): Checkout {
  const scene = setScene();
  const root = join(realpathSync(scene.folder), 'checkout');
  mkdirSync(join(root, 'src', 'cli'), { recursive: true });
  cpSync(BOOTSTRAP, join(root, 'bin'), { recursive: true });
  const main = `export async function main(argv) { console.log('main ' + argv.join(' ')); return argv.length; }\n`;
  for (const [name, text] of Object.entries({
    'package.json': '{"type":"module","dependencies":{"left":"1.0.0"},"devDependencies":{"typescript":"7.0.2"}}',
    'package-lock.json': '{"lockfileVersion":3}',
    'tsconfig.json': '{}',
    'src/cli/main.ts': main,
    'npm.cjs': 'install();',
    'tsc.cjs': 'compile();',
  }))
    writeFileSync(join(root, name), text);
  writeFileSync(join(scene.folder, 'journal'), '');
  scene.program('npm', npmScript(root, join(scene.folder, 'journal')));
  return {
    ...scene,
    root,
    start: (...args) =>
      spawn(process.execPath, [join(root, 'bin', 'countersign.js'), ...args], {
        cwd: scene.folder,
        env: scene.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    journal: () => readFileSync(join(scene.folder, 'journal'), 'utf8').trim(),
    npm: (script) => writeFileSync(join(root, 'npm.cjs'), script),
    tsc: (script) => writeFileSync(join(root, 'tsc.cjs'), script),
  };
}

/** As the real one it empties node_modules first, dot files and all. */
function npmScript(root: string, journal: string): string {
  const compiler = `
const fs = require('node:fs'); const path = require('node:path'); const root = ${JSON.stringify(root)};
const compile = () => {
  for (const entry of fs.readdirSync(path.join(root, 'src'), { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const from = path.join(entry.parentPath ?? entry.path, entry.name);
    const to = from.replace(path.join(root, 'src'), path.join(root, 'dist')).replace(/[.]ts$/, '.js');
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.copyFileSync(from, to);
  }
};
fs.appendFileSync(${JSON.stringify(journal)}, 'tsc ');
eval(fs.readFileSync(path.join(root, 'tsc.cjs'), 'utf8'));`;
  return `
const fs = require('node:fs'); const path = require('node:path'); const root = ${JSON.stringify(root)};
const journal = ${JSON.stringify(journal)};
const modules = path.join(root, 'node_modules');
fs.appendFileSync(journal, 'npm ');
fs.writeFileSync(journal + '.args', process.argv.slice(2).join(' '));
for (const entry of fs.existsSync(modules) ? fs.readdirSync(modules) : []) fs.rmSync(path.join(modules, entry), { recursive: true });
const install = () => {
  for (const name of ['left', 'typescript/bin']) fs.mkdirSync(path.join(modules, name), { recursive: true });
  fs.writeFileSync(path.join(modules, 'left', 'package.json'), '{}');
  fs.writeFileSync(path.join(modules, 'typescript', 'package.json'), '{"type":"commonjs"}');
  fs.writeFileSync(path.join(modules, 'typescript', 'bin', 'tsc'), ${JSON.stringify(compiler)});
};
eval(fs.readFileSync(path.join(root, 'npm.cjs'), 'utf8'));`;
}
