import { utf8Length } from '../domain/text-size.ts';
import { nameOf } from './file-names.ts';
import type { InspectedFile } from './ports/workspace-changes.ts';

/** Size, hash and executable bit of a file, and what the text beneath is, said where no file can write. */
export function labelOfFile(verb: string, { path, size, sha256, executable, head }: InspectedFile): string {
  const about = `${verb} ${nameOf(path)} (${size} bytes, ${executable ? 'executable, ' : ''}SHA-256 ${sha256})`;
  if (size === 0) return `${about}: it is empty`;
  if (head === '') return `${about}: it is not text`;
  return utf8Length(head) < size ? `${about}: it begins` : `${about}: its whole text`;
}
