import { isRecord } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import type { Canonical } from '../kinds/kind.ts';
import { canonical } from '../kinds/kind.ts';
import { canonicalUrl } from '../kinds/url.ts';
import type { Purpose } from '../matchers/matcher.ts';
import { patternForms } from '../matchers/url-path.ts';
import { compileUrl } from '../matchers/url.ts';
import type { Allowed, Atom } from './atom.ts';
import { ALWAYS } from './atom.ts';
import type { Bracket, KindMeaning, Meaning } from './meaning.ts';
import { exactly, textEntries, textsOf } from './meaning.ts';
import { globPattern } from './patterns.ts';

export const urlMeaning: KindMeaning = {
  matchers: compileUrl,
  meaningOf: (key, value, purpose) => {
    switch (key) {
      case 'origin':
        return exactly(textsOf(value, canonicalOrigin)?.map((text) => ({ is: 'same', of: 'origin', text })));
      case 'path':
        return meaningOfPath(textsOf(value, canonicalPattern), purpose);
      case 'query':
        return meaningOfQuery(value, purpose);
      default:
        return undefined;
    }
  },
};

const SITE = 'https://pattern.example';

function canonicalOrigin(raw: string): Canonical<string> {
  const whole = canonicalUrl(raw.endsWith('/') ? raw : `${raw}/`);
  return whole.kind === 'none' ? whole : canonical(whole.value.slice(0, -1));
}

function canonicalPattern(raw: string): Canonical<string> {
  const whole = canonicalUrl(SITE + raw);
  return whole.kind === 'none' ? whole : canonical(whole.value.slice(SITE.length));
}

/** What closes looks at each reading of the path, with the pattern in each of its forms. */
function meaningOfPath(patterns: readonly string[] | undefined, purpose: Purpose): Meaning {
  const exact = patterns?.map((text) => onPath('pattern', text));
  if (patterns === undefined || exact === undefined || purpose === 'opens') return exactly(exact);
  const readings = patterns.flatMap(patternForms).map((text) => onPath('reading', text));
  return [{ inner: [...exact, ...readings], outer: readings }];
}

function onPath(is: 'pattern' | 'reading', text: string): Atom {
  return text === '/**' ? ALWAYS : { is, of: 'path', pattern: globPattern(text) };
}

function meaningOfQuery(value: Json, purpose: Purpose): Meaning {
  if (value === 'any') return exactly([ALWAYS]);
  // A query that cannot be read is there, and so is none.
  if (value === 'none') return exactly([{ is: 'members', of: 'query', allowed: new Map(), orUnreadable: false }]);
  if (!isRecord(value)) return undefined;
  const brackets: Bracket[] = [];
  for (const [key, said] of Object.entries(value as Readonly<Record<string, Json>>)) {
    const meaning =
      key === 'only' ? meaningOfOnly(said, purpose) : key === 'has' ? meaningOfHas(said, purpose) : undefined;
    if (meaning === undefined) return undefined;
    brackets.push(...meaning);
  }
  return brackets;
}

function meaningOfOnly(value: Json, purpose: Purpose): Meaning {
  const allowed = allowedOf(value);
  return allowed && exactly([{ is: 'members', of: 'query', allowed, orUnreadable: purpose === 'closes' }]);
}

function allowedOf(value: Json): Allowed | undefined {
  if (!isRecord(value)) {
    const names = textsOf(value);
    return names && new Map(names.map((name) => [name, null]));
  }
  const entries = textEntries(value as Json);
  return entries && new Map(entries.map(([name, values]) => [name, value[name] === 'any' ? null : values]));
}

function meaningOfHas(value: Json, purpose: Purpose): Meaning {
  const has = textsOf(value)?.map((text): Atom => ({ is: 'has', of: 'query', text }));
  if (has === undefined || purpose === 'opens') return exactly(has);
  const mayHave = textsOf(value)?.map((text): Atom => ({ is: 'mayHave', of: 'query', text })) ?? [];
  return [{ inner: [...has, ...mayHave], outer: mayHave }];
}
