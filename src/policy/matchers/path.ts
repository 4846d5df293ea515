import { canonicalPath } from '../kinds/path.ts';
import type { Canonical } from '../kinds/kind.ts';
import { canonical, hasHiddenCharacters, none } from '../kinds/kind.ts';
import { matchesGlob, problemOfGlob } from './glob.ts';
import type { KindMatchers, Matcher } from './matcher.ts';
import { oneOfWords, onText } from './on-text.ts';
import { stringList } from './string-list.ts';

/** Matchers of paths: beneath a folder, exactly one of, by glob, by extension. Upper and lower case differ. */
export const compilePath: KindMatchers = {
  keys: ['under', 'is', 'glob', 'extension'],
  compileKey: (key, value, path, complain) => {
    switch (key) {
      case 'under':
        return anyOfThese(stringList(value, path, complain, canonicalPath), isUnder, 'is not under');
      case 'is':
        return anyOfThese(stringList(value, path, complain, canonicalPath), (found, one) => found === one, 'is not');
      case 'glob': {
        const globs = stringList(value, path, complain, canonicalGlob);
        return anyOfThese(globs, (found, glob) => matchesGlob(glob, found), 'does not match');
      }
      case 'extension':
        return anyOfThese(stringList(value, path, complain, canonicalExtension), hasExtension, 'does not end in');
      default:
        return undefined;
    }
  },
};

function anyOfThese(values: readonly string[], holds: (found: string, value: string) => boolean, not: string): Matcher {
  return onText((found) => values.some((value) => holds(found, value)), `${not} ${oneOfWords(values)}`);
}

function isUnder(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

/** A glob that no canonical path could match is a mistake: refused like a path that is not canonical. */
function canonicalGlob(raw: string): Canonical<string> {
  const asPath = canonicalPath(raw);
  if (asPath.kind === 'none') return asPath;
  if (asPath.value !== raw) return none(`write it as "${asPath.value}"`);
  const problem = problemOfGlob(raw);
  return problem === undefined ? asPath : none(problem);
}

function canonicalExtension(raw: string): Canonical<string> {
  if (!/^\.?[^./*?\\]+(\.[^./*?\\]+)*$/.test(raw) || hasHiddenCharacters(raw))
    return none('an extension is the end of a file name, like md or .tar.gz');
  return canonical(raw.startsWith('.') ? raw : `.${raw}`);
}

/** A name that is nothing but the ending (".env") has no extension. */
function hasExtension(path: string, ending: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.length > ending.length && name.endsWith(ending);
}
