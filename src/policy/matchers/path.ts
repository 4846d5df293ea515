import type { Json } from '../../domain/json.ts';
import { canonicalPath } from '../kinds/path.ts';
import { canonical } from '../kinds/kind.ts';
import { matchesGlob } from './glob.ts';
import type { KindMatchers, Matcher } from './matcher.ts';
import { stringList } from './string-list.ts';

/** Matchers of paths: beneath a folder, exactly one of, by glob, by extension. */
export const compilePath: KindMatchers = {
  keys: ['under', 'is', 'glob', 'extension'],
  compileKey: (key, value, path, complain) => {
    switch (key) {
      case 'under': {
        const folders = stringList(value, path, complain, canonicalPath);
        return onText(
          (found) => folders.some((folder) => isUnder(found, folder)),
          `is not under ${folders.join(' or ')}`,
        );
      }
      case 'is': {
        const paths = stringList(value, path, complain, canonicalPath);
        return onText((found) => paths.includes(found), `is not ${paths.join(' or ')}`);
      }
      case 'glob': {
        const globs = stringList(value, path, complain);
        return onText(
          (found) => globs.some((glob) => matchesGlob(glob, found)),
          `does not match ${globs.join(' or ')}`,
        );
      }
      case 'extension': {
        const endings = stringList(value, path, complain, (raw) => canonical(raw.startsWith('.') ? raw : `.${raw}`));
        return onText(
          (found) => endings.some((ending) => found.endsWith(ending)),
          `does not end in ${endings.join(' or ')}`,
        );
      }
      default:
        return undefined;
    }
  },
};

function isUnder(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

/** A matcher on strings; `why` follows the value in the explanation. */
export function onText(holds: (found: string) => boolean, why: string): Matcher {
  return (value: Json, at) => {
    if (typeof value !== 'string') return { at, why: 'it is not a text' };
    return holds(value) ? null : { at, why: `"${value.slice(0, 120)}" ${why}` };
  };
}
