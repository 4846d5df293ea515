import { z } from 'zod';

/** The kinds of values that rules can speak about. */
export const KIND_NAMES = [
  'path',
  'mailAddress',
  'url',
  'httpMethod',
  'headers',
  'text',
  'money',
  'number',
  'flag',
] as const;
/** The name of a kind, like that of its function here: what decides which matchers a rule has for the argument. */
export type KindName = (typeof KIND_NAMES)[number];

/**
 * A kind of value with one canonical form. `schema` takes anything and gives the canonical form or an issue whose
 * message says what is wrong; it never throws, and giving it its own output changes nothing (idempotent).
 */
export interface Kind<Value, Name extends KindName = KindName> {
  readonly name: Name;
  readonly schema: z.ZodType<Value>;
}

/** The canonical form, or in words why there is none. */
export type Canonical<Value> =
  { readonly kind: 'canonical'; readonly value: Value } | { readonly kind: 'none'; readonly why: string };

export function canonical<Value>(value: Value): Canonical<Value> {
  return { kind: 'canonical', value };
}

export function none<Value>(why: string): Canonical<Value> {
  return { kind: 'none', why };
}

/** Makes a kind of a string: `maxLength` (UTF-16 code units) is checked before `canonicalise` looks at it. */
export function stringKind<Name extends KindName>(
  name: Name,
  maxLength: number,
  canonicalise: (raw: string) => Canonical<string>,
): Kind<string, Name> {
  const schema = z
    .string()
    .max(maxLength)
    .transform((raw, context) => {
      const result = canonicalise(raw);
      if (result.kind === 'canonical') return result.value;
      context.addIssue({ code: 'custom', message: result.why });
      return z.NEVER;
    });
  return { name, schema };
}

/** C0, DEL and C1 controls, format characters (bidi, zero width), lone surrogates, line and paragraph separators. */
export function hasHiddenCharacters(text: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
}
