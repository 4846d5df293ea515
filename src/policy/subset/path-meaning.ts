import { canonical } from '../kinds/kind.ts';
import { canonicalPath } from '../kinds/path.ts';
import { compilePath } from '../matchers/path.ts';
import type { Atom } from './atom.ts';
import { ALWAYS } from './atom.ts';
import type { KindMeaning } from './meaning.ts';
import { exactly, textsOf } from './meaning.ts';
import type { Pattern } from './pattern.ts';
import { endingPatterns, folderPattern, globPattern, pathPattern } from './patterns.ts';

/** All that is said of a path is a pattern: `under: a` is `a/**`, `extension: md` is `**` and a name that ends so. */
export const pathMeaning: KindMeaning = {
  matchers: compilePath,
  meaningOf: (key, value) => {
    switch (key) {
      case 'under':
        return exactly(textsOf(value, canonicalPath)?.map((folder) => onPath(folderPattern(folder))));
      case 'is':
        return exactly(textsOf(value, canonicalPath)?.map((path) => onPath(pathPattern(path))));
      case 'glob':
        return exactly(textsOf(value)?.map((glob) => onPath(globPattern(glob))));
      case 'extension': {
        const endings = textsOf(value, (raw) => canonical(raw.startsWith('.') ? raw : `.${raw}`));
        return exactly(endings?.flatMap(endingPatterns).map(onPath));
      }
      default:
        return undefined;
    }
  },
};

function onPath(pattern: Pattern): Atom {
  if (pattern.every(({ is }) => is === 'many') && pattern.length > 0) return ALWAYS;
  return { is: 'pattern', of: 'path', pattern };
}
