#!/usr/bin/env node
// The bootstrap: plain JavaScript, no dependencies. In a checkout it installs and compiles what has changed since the
// last time, then hands over to the command line. As an installed package it goes there straight away.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(realpathSync(fileURLToPath(import.meta.url))), '..');
const modules = join(root, 'node_modules');
const dist = join(root, 'dist');

class Stop extends Error {}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Stop(`countersign needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node.`);
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

function readOr(file, fallback) {
  return existsSync(file) ? readFileSync(file, 'utf8') : fallback;
}

/** One start at a time; the lock of a process that is gone is taken over. */
function underLock(work) {
  mkdirSync(modules, { recursive: true });
  const lock = join(root, 'node_modules', '.countersign.lock');
  for (let tries = 0; ; tries += 1) {
    try {
      mkdirSync(modules, { recursive: true });
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(Number(readOr(lock, '0')))) rmSync(lock, { force: true });
      else {
        if (tries === 0) say('Another start is preparing this checkout; waiting for it …');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      }
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function run(command, args, what) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (result.status === 0) return;
  const said = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').slice(-12).join('\n');
  throw new Stop(`${what} failed${result.error ? ` (${result.error.message})` : ''}:\n${said}`);
}

function installIfChanged() {
  const lockHash = sha256(readFileSync(join(root, 'package-lock.json')));
  const stamp = join(modules, '.countersign-installed');
  if (readOr(stamp, '') === lockHash) return;
  underLock(() => {
    if (readOr(stamp, '') === lockHash) return;
    say('Installing dependencies (once, about a minute) …');
    const npm = process.env.npm_execpath;
    const [command, first] = npm && npm.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
    run(command, [...first, 'ci', '--include=dev', '--no-audit', '--no-fund'], '"npm ci"');
    mkdirSync(modules, { recursive: true });
    writeFileSync(stamp, lockHash);
  });
}

/** Names, sizes and times of all sources: enough to see a change, quick enough for every start. */
function fingerprint() {
  const entries = [];
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else {
        const { size, mtimeMs } = statSync(path);
        entries.push(`${path.slice(root.length)} ${size} ${mtimeMs}`);
      }
    }
  };
  visit(join(root, 'src'));
  return sha256(
    [...entries.sort(), readOr(join(root, 'tsconfig.json'), ''), readOr(join(root, 'tsconfig.build.json'), '')].join(
      '\n',
    ),
  );
}

function compileIfChanged() {
  const stamp = join(dist, '.compiled');
  if (readOr(stamp, '') === fingerprint()) return;
  underLock(() => {
    const now = fingerprint();
    if (readOr(stamp, '') === now) return;
    say('Compiling …');
    rmSync(dist, { recursive: true, force: true });
    run(process.execPath, [join(modules, 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], 'Compiling');
    writeFileSync(stamp, now);
  });
}

async function start() {
  checkNode();
  if (existsSync(join(root, 'src')) && existsSync(join(root, 'package-lock.json'))) {
    installIfChanged();
    compileIfChanged();
  }
  const argv = process.argv.slice(2);
  const prepare = argv[0] === '--prepare';
  const { main } = await import(pathToFileURL(join(dist, 'cli', 'main.js')).href);
  return main(prepare ? ['prepare'] : argv);
}

start().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    say(
      error instanceof Stop
        ? error.message
        : `countersign could not start: ${error instanceof Error ? error.message : error}`,
    );
    process.exitCode = 1;
  },
);
