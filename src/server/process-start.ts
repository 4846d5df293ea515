import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** When a process began, in whatever form the platform says it; undefined if there is no such process. */
export function startOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  try {
    if (process.platform === 'linux') return linuxStart(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Field 22 of proc(5) stat; a zombie has ended. */
function linuxStart(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

/** True only if `pid` still is the very process that began at `start`: a reused number is a stranger. */
export function isSameProcess(pid: number, start: string | undefined): boolean {
  return start !== undefined && startOf(pid) === start;
}
