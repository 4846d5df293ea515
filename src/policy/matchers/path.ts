import { canonicalPath } from '../kinds/path.ts';
import type { Canonical } from '../kinds/kind.ts';
import { canonical, hasHiddenCharacters, none } from '../kinds/kind.ts';
import { compileGlob, problemOfGlob } from './glob.ts';
import type { KindMatchers } from './matcher.ts';
import { isText } from './matcher.ts';
import { oneOfWords, onText } from './on-text.ts';
import { stringList } from './string-list.ts';
import { plainPath, problemOfBlankEnds, problemOfBraces } from './wild-cards.ts';

/** Matchers of paths: beneath a folder, exactly one of, by glob, by extension. Upper and lower case differ. */
export const compilePath: KindMatchers = {
  keys: ['under', 'is', 'glob', 'extension'],
  takes: isText,
  compileKey: (key, value, path, complain) => {
    switch (key) {
      case 'under': {
        const folders = stringList(value, path, complain, plainPath('under'));
        const tests = folders.map(isUnder);
        return onText((found) => tests.some((test) => test(found)), `is not under ${oneOfWords(folders)}`);
      }
      case 'is': {
        const paths = stringList(value, path, complain, plainPath('is'));
        const set = new Set(paths);
        return onText((found) => set.has(found), `is not ${oneOfWords(paths)}`);
      }
      case 'glob': {
        const globs = stringList(value, path, complain, canonicalGlob);
        const tests = globs.map(compileGlob);
        return onText((found) => tests.some((test) => test(found)), `does not match ${oneOfWords(globs)}`);
      }
      case 'extension': {
        const endings = stringList(value, path, complain, canonicalExtension);
        const holds = (found: string): boolean => endings.some((ending) => hasExtension(found, ending));
        return onText(holds, `does not end in ${oneOfWords(endings)}`);
      }
      default:
        return undefined;
    }
  },
};

function isUnder(folder: string): (path: string) => boolean {
  const within = `${folder}/`;
  return (path) => folder === '.' || path === folder || path.startsWith(within);
}

/** A glob that no canonical path could match is a mistake: refused like a path that is not canonical. */
function canonicalGlob(raw: string): Canonical<string> {
  const asPath = canonicalPath(raw);
  if (asPath.kind === 'none') return asPath;
  if (asPath.value !== raw) return none(`write it as "${asPath.value}"`);
  const problem = problemOfBlankEnds(raw) ?? problemOfBraces(raw) ?? problemOfGlob(raw);
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
