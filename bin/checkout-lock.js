// One start at a time prepares a checkout. The rules are those of src/server/process-lock.ts, which is not compiled yet
// when this runs: the lock appears whole, is held as long as its holder (or the command it runs) lives, and only who
// holds the right to clear removes a stale one. It lies outside node_modules, which "npm ci" empties.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';

const HALF_WRITTEN_MS = 3000;
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Runs `work`, which tells `record` of the process it runs. */
export async function underLock(file, say, work) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (let waited = 0; !take(file); waited += 1) {
    if (waited === 1) say('Another start is preparing this checkout; waiting for it …');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work((child) => write(file, content(child)));
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function take(file) {
  if (place(file)) return true;
  if (!isStale(file)) return false;
  const right = `${file}.clearing`;
  if (!place(right)) {
    if (isStale(right)) rmSync(right, { force: true });
    return false;
  }
  try {
    if (isStale(file)) rmSync(file, { force: true });
  } finally {
    rmSync(right, { force: true });
  }
  return place(file);
}

function content(child) {
  const holders = child === undefined ? [process.pid] : [process.pid, child];
  return JSON.stringify(holders.map((pid) => ({ pid, start: startOf(pid) ?? '' })));
}

function write(file, text) {
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

function place(file) {
  const aside = `${file}.${process.pid}`;
  try {
    writeFileSync(aside, content());
    return isNew(() => linkSync(aside, file));
  } catch (error) {
    if (!NO_LINKS.includes(error.code)) throw error;
    return isNew(() => writeFileSync(file, content(), { flag: 'wx' }));
  } finally {
    rmSync(aside, { force: true });
  }
}

function isNew(create) {
  try {
    create();
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(file) {
  let text;
  let age;
  try {
    text = readFileSync(file, 'utf8');
    age = Math.abs(Date.now() - statSync(file).mtimeMs);
  } catch (error) {
    if (error.code === 'ENOENT') return false; // Gone meanwhile: the next try will tell.
    throw error;
  }
  try {
    return !JSON.parse(text).some(({ pid, start }) => startOf(pid) !== undefined && (startOf(pid) === start || !start));
  } catch {
    return age > HALF_WRITTEN_MS;
  }
}

/** When a process began; undefined if there is no such process. With the pid it names a process for good. */
function startOf(pid) {
  if (!Number.isInteger(pid) || pid < 1) return undefined;
  try {
    if (process.platform !== 'linux') {
      const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC0' };
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env }).trim() || undefined;
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${bootId()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
