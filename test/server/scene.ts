/** A folder of a test's own with stand-ins for programs, and our server modules as plain JavaScript beside them. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { startOf } from '../../src/server/process-start.ts';

export interface Scene {
  readonly folder: string;
  /** The only folder on `env.PATH`. */
  readonly bin: string;
  readonly env: Record<string, string>;
  /** Puts a program on PATH: JavaScript, run by this Node. */
  program(name: string, script: string): string;
  /** Runs a script that can `import` our modules from `./dist/server/…`. */
  run(script: string, ...args: readonly string[]): ChildProcess;
  read(name: string): string;
  clear(): void;
}

export function setScene(): Scene {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-scene-')));
  const bin = join(folder, 'bin');
  const children: ChildProcess[] = [];
  mkdirSync(bin);
  mkdirSync(join(folder, 'home'));
  const env = { PATH: bin, HOME: join(folder, 'home'), XDG_CACHE_HOME: join(folder, 'cache') };
  return {
    folder,
    bin,
    env,
    program: (name, script) => {
      const file = join(bin, name);
      writeFileSync(file, program(script));
      chmodSync(file, 0o755);
      return file;
    },
    run: (script, ...args) => {
      compileServer(folder);
      const file = join(folder, `script-${children.length}.mjs`);
      writeFileSync(file, script);
      const child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      children.push(child);
      return child;
    },
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    clear: () => {
      for (const child of children) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The text of an executable file that this Node runs as CommonJS. */
export function program(script: string): string {
  return `#!${process.execPath}\n${script}\n`;
}

function compileServer(folder: string): void {
  if (existsSync(join(folder, 'dist'))) return;
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist', 'package.json'), '{"type":"module"}');
  for (const part of ['server', 'domain']) {
    const source = join(__dirname, '..', '..', 'src', part);
    mkdirSync(join(folder, 'dist', part), { recursive: true });
    for (const name of readdirSync(source)) {
      const { code } = transformSync(readFileSync(join(source, name), 'utf8'), {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      });
      const made = code.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'").replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"');
      writeFileSync(join(folder, 'dist', part, name.replace(/\.ts$/, '.js')), made);
    }
  }
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export function ended(child: ChildProcess): Promise<Ended> {
  const [out, err] = [gather(child.stdout), gather(child.stderr)];
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, out: out(), err: err() }));
  });
}

function gather(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  return () => text;
}

/** Polls until `look` is true; gives up loudly. */
export async function eventually(look: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await look())) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function lives(pid: number): boolean {
  return startOf(pid) !== undefined;
}

/** A process that was, and is no more. */
export async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}
