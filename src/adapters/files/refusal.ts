/** Refusals as errors of this folder: thrown where a boundary holds or a system call fails, answered by the ports. */
import { ownString } from '../../domain/json.ts';
import type { FileRefusal } from '../../tools/ports/workspace-files.ts';

/** Thrown inside this folder only; the port answers with its refusal. */
export class Refusal extends Error {
  readonly refusal: FileRefusal;
  constructor(kind: FileRefusal['kind'], why: string) {
    super(why);
    this.refusal = { kind, why };
  }
}

/** The work's own result, or the refusal it ended with. Whatever else is thrown goes on. */
export async function refusing<T>(work: Promise<T>): Promise<T | FileRefusal> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refusal) return error.refusal;
    throw error;
  }
}

/** The code of a system error (`ENOENT`), or undefined. */
export function codeOf(error: unknown): string | undefined {
  return ownString(error, 'code');
}

/** What a failed open says of `name`. */
export function openRefusal(error: unknown, name: string): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
      return new Refusal('missing', `there is no "${name}"`);
    case 'ELOOP':
      return new Refusal('refused', `"${name}" is a symbolic link, and no link is followed`);
    case 'ENOTDIR':
      return new Refusal('refused', `"${name}" is not a folder (or is a link to one, and no link is followed)`);
    case 'ENXIO':
      return new Refusal('refused', `"${name}" is not a regular file`);
    case 'ENAMETOOLONG':
      return new Refusal('unfit', `"${name}" is a longer name than this file system takes`);
    case 'EACCES':
    case 'EPERM':
      return new Refusal('unfit', `"${name}" may not be read`);
    case undefined:
    default:
      return error;
  }
}

/** Errors of a change that say that it did not happen. Others (EIO) leave that open. */
const NOT_CHANGED = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'EBUSY',
  'EISDIR',
  'ENOENT',
  'ENOTDIR',
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EMFILE',
  'ENFILE',
  'EMLINK',
  'ENAMETOOLONG',
  'ETXTBSY',
  'EINVAL',
  'ENOTEMPTY',
]);

const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** What a failed change says: a refusal where surely nothing happened, else the error itself. */
export function changeRefusal(error: unknown, what: string): unknown {
  const code = codeOf(error);
  if (code === 'EXDEV') return new Refusal('unfit', `${what}: it lies on another file system`);
  return code !== undefined && NOT_CHANGED.has(code) ? new Refusal('unfit', `${what} (${code})`) : error;
}

/** As `changeRefusal`, of a link(2), without which nothing here can be put in place without the danger of overwriting. */
export function linkRefusal(error: unknown, what: string): unknown {
  const code = codeOf(error);
  if (code === 'EEXIST')
    return new Refusal('unfit', `${what}: something of this name exists, and nothing is overwritten`);
  if (code !== undefined && NO_HARD_LINKS.has(code)) {
    const why = 'this file system may have no hard links, without which an overwrite cannot be ruled out';
    return new Refusal('unfit', `${what} (${code}): ${why}`);
  }
  return changeRefusal(error, what);
}
