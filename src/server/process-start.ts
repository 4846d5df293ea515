import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process began, in whatever form the platform says it; undefined if there is no such process. On Linux with
 * the id of the boot: after a reboot the same number may begin at the same tick.
 */
export function startOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid < 1) return undefined;
  try {
    if (process.platform === 'linux') return linuxStart(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    // In a fixed language and zone, or the same moment would read differently tomorrow.
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC0' };
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Field 22 of proc(5) stat; a zombie has ended. */
function linuxStart(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  return state === 'Z' || state === 'X' || ticks === undefined ? undefined : `${bootId()}${ticks}`;
}

function bootId(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/`;
  } catch {
    return '';
  }
}

/** True only if `pid` still is the very process that began at `start`: a reused number is a stranger. */
export function isSameProcess(pid: number, start: string | undefined): boolean {
  return start !== undefined && start !== '' && startOf(pid) === start;
}
