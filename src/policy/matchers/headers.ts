import { isRecord } from '../../domain/json.ts';
import { HEADER_NAMES } from '../kinds/headers.ts';
import { canonical, none } from '../kinds/kind.ts';
import type { KindMatchers } from './matcher.ts';
import { stringList } from './string-list.ts';

/** Matchers of request headers: only these names. */
export const compileHeaders: KindMatchers = {
  keys: ['only'],
  compileKey: (key, value, path, complain) => {
    if (key !== 'only') return undefined;
    const names = stringList(value, path, complain, (raw) =>
      HEADER_NAMES.some((name) => name === raw) ? canonical(raw) : none(`known: ${HEADER_NAMES.join(', ')}`),
    );
    return (found, at) => {
      if (!isRecord(found)) return { at, why: 'it is no map of headers' };
      const other = Object.keys(found).find((name) => !names.includes(name));
      return other === undefined ? null : { at: `${at}.${other}`, why: `the header is not one of ${names.join(', ')}` };
    };
  },
};
