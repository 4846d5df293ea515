#!/usr/bin/env node
// The bootstrap: plain JavaScript, no dependencies. In a checkout it installs and compiles what has changed since the
// last time, then hands over to the command line. As an installed package it goes there straight away.
// A stamp says what was finished; it is taken away before the work and written after it, so that whatever interrupts
// the work, the next start does it again.
import { spawn } from 'node:child_process';
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
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { underLock } from './checkout-lock.js';

const root = resolve(dirname(realpathSync(fileURLToPath(import.meta.url))), '..');
const modules = join(root, 'node_modules');
const dist = join(root, 'dist');
const lockFile = join(root, '.countersign', 'prepare.lock');

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

/** Runs a command in a group of its own, which a signal to us ends as a whole. */
function run(command, args, record, { failed, remedy }) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => (said = (said + chunk.toString('utf8')).slice(-20_000)));
    }
    const end = (signal) => {
      try {
        if (child.pid > 1) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Ended already.
      }
      process.exit(signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 129);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, end);
    const settle = (finish) => {
      for (const signal of signals) process.removeListener(signal, end);
      finish();
    };
    child.once('spawn', () => record(child.pid));
    child.once('error', ({ code, message }) =>
      settle(() => fail(new Stop(`${failed}: ${code === 'ENOENT' ? `there is no "${command}"` : message}. ${remedy}`))),
    );
    child.once('close', (code) => {
      const last = said.trim().split('\n').slice(-12).join('\n');
      settle(() => (code === 0 ? done() : fail(new Stop(`${failed}:\n${last}\n${remedy}`))));
    });
  });
}

/** npm itself by way of this Node where npm started us, else the one on PATH; never another package manager. */
function npmCommand() {
  const named = process.env.npm_execpath ?? '';
  return basename(named) === 'npm-cli.js' && existsSync(named) ? [process.execPath, named] : ['npm'];
}

function isInstalled(stamp, lockHash) {
  if (readOr(stamp, '') !== lockHash) return false;
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readOr(join(root, 'package.json'), '{}'));
  const names = Object.keys({ ...dependencies, ...devDependencies });
  return names.every((name) => existsSync(join(modules, name, 'package.json')));
}

async function installIfChanged() {
  const lockHash = sha256(readFileSync(join(root, 'package-lock.json')));
  const stamp = join(modules, '.countersign-installed');
  if (isInstalled(stamp, lockHash)) return;
  await underLock(lockFile, say, async (record) => {
    if (isInstalled(stamp, lockHash)) return;
    say('Installing dependencies (once, about a minute) …');
    rmSync(stamp, { force: true });
    const [command, ...first] = npmCommand();
    await run(command, [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=warn'], record, {
      failed: '"npm ci" failed',
      remedy: 'Is the package registry reachable, and is there 1 GB of free disk? Then start again.',
    });
    mkdirSync(modules, { recursive: true });
    writeFileSync(stamp, lockHash);
  });
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Names, sizes and times of all sources: enough to see a change, quick enough for every start. */
function fingerprint(sources) {
  const entries = sources.map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${path.slice(root.length)} ${size} ${mtimeMs}`;
  });
  const settings = ['tsconfig.json', 'tsconfig.build.json'].map((name) => readOr(join(root, name), ''));
  return sha256([...entries, ...settings].join('\n'));
}

function isCompiled(stamp, sources) {
  if (readOr(stamp, '') !== fingerprint(sources)) return false;
  const src = join(root, 'src');
  const made = sources.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
  return made.every((path) => existsSync(join(dist, `${path.slice(src.length, -'.ts'.length)}.js`)));
}

async function compileIfChanged() {
  const stamp = join(dist, '.compiled');
  const sources = () => filesIn(join(root, 'src'));
  if (isCompiled(stamp, sources())) return;
  await underLock(lockFile, say, async (record) => {
    const found = sources();
    if (isCompiled(stamp, found)) return;
    const now = fingerprint(found);
    say('Compiling …');
    rmSync(stamp, { force: true });
    rmSync(dist, { recursive: true, force: true });
    const tsc = join(modules, 'typescript', 'bin', 'tsc');
    await run(process.execPath, [tsc, '-p', 'tsconfig.build.json'], record, {
      failed: 'Compiling failed',
      remedy: 'If the sources are as they were published, remove node_modules and start again.',
    });
    writeFileSync(stamp, now);
  });
}

async function prepareCheckout() {
  try {
    await installIfChanged();
    await compileIfChanged();
  } catch (error) {
    if (error instanceof Stop || error.code === undefined) throw error;
    throw new Stop(`This checkout cannot be prepared (${error.message}): it must be writable, with 1 GB of free disk.`);
  }
}

/** Obtains the Temporal server and ends: what "npm test" does first. */
async function prepareServer() {
  const { obtainServer } = await import(pathToFileURL(join(dist, 'server', 'obtain-server.js')).href);
  await obtainServer({ report: say, env: process.env });
  return 0;
}

async function start() {
  checkNode();
  if (existsSync(join(root, 'src')) && existsSync(join(root, 'package-lock.json'))) await prepareCheckout();
  const argv = process.argv.slice(2);
  if (argv[0] === '--prepare') return prepareServer();
  const { main } = await import(pathToFileURL(join(dist, 'cli', 'main.js')).href);
  return main(argv);
}

start().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    say(error instanceof Error ? error.message : `countersign could not start: ${error}`);
    process.exitCode = 1;
  },
);
