import { ownString } from '../domain/json.ts';

/** `ENOENT`, `EACCES` and their like, where an error of the system carries one. */
export function codeOf(error: unknown): string | undefined {
  return ownString(error, 'code');
}

export function messageOf(error: unknown): string {
  return ownString(error, 'message') ?? String(error);
}
