import { utf8Length } from '../../domain/text-size.ts';
import type { Canonical } from './kind.ts';
import { canonical, hasHiddenCharacters, none, stringKind } from './kind.ts';

/**
 * A path beneath the workspace: relative, POSIX, NFC; `.` is the workspace itself. One trailing slash of a folder is
 * dropped; everything else that is not canonical is refused, not repaired, so that string and kernel cannot disagree.
 */
export const path = stringKind('path', 1024, canonicalPath);

export function canonicalPath(raw: string): Canonical<string> {
  if (raw === '.' || raw === './') return canonical('.');
  if (raw === '') return none('the path is empty; "." is the workspace');
  if (raw.startsWith('/')) return none('the path is absolute; give it relative to the workspace');
  if (raw.includes('\\')) return none('the path has a backslash; folders are separated by "/"');
  if (hasHiddenCharacters(raw)) return none('the path has control or invisible characters');
  if (raw.normalize('NFC') !== raw) return none('the path is not in Unicode normal form C');
  const trimmed = raw.endsWith('/') ? raw.slice(0, -1) : raw;
  if (utf8Length(trimmed) > 1024) return none('the path is longer than 1024 bytes');
  const wrong = trimmed
    .split('/')
    .map(problemOf)
    .find((problem) => problem !== undefined);
  return wrong === undefined ? canonical(trimmed) : none(wrong);
}

function problemOf(segment: string): string | undefined {
  if (segment === '') return 'the path has an empty segment ("//")';
  if (segment === '.') return 'the path has a "." segment; leave it out';
  if (segment === '..') return 'the path leaves its folder with ".."; it must lie beneath the workspace';
  return utf8Length(segment) > 255 ? 'a name in the path is longer than 255 bytes' : undefined;
}
