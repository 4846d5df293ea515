import { canonical, none } from '../kinds/kind.ts';
import { HTTP_METHODS } from '../kinds/http-method.ts';
import type { KindMatchers } from './matcher.ts';
import { isText } from './matcher.ts';
import { oneOfWords, onText } from './on-text.ts';
import { stringList } from './string-list.ts';

/** Matchers of HTTP methods; a plain value or list means `oneOf`. */
export const compileMethod: KindMatchers = {
  keys: ['oneOf'],
  takes: isText,
  listMeans: 'oneOf',
  compileKey: (key, value, path, complain) => {
    if (key !== 'oneOf') return undefined;
    const methods = stringList(value, path, complain, (raw) =>
      HTTP_METHODS.some((method) => method === raw) ? canonical(raw) : none(`known: ${HTTP_METHODS.join(', ')}`),
    );
    const set: ReadonlySet<string> = new Set(methods);
    return onText((found) => set.has(found), `is not ${oneOfWords(methods)}`);
  },
};
