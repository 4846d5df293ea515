/** The simple things that rules say of a value: the words in which matchers are compared. */
import type { Json } from '../../domain/json.ts';
import type { Pattern } from './pattern.ts';

/** `of` names the property of the value that is spoken of, like the path of a URL. */
export type Atom =
  | { readonly is: 'always' }
  /** The value is this one. */
  | { readonly is: 'value'; readonly value: Json }
  | Named
  | Patterned
  | Bounded
  /** A text that contains this one. */
  | { readonly is: 'contains'; readonly text: string }
  | Membered;

export interface Named {
  /**
   * `same`: the property has this text. `has`: it is a set that has this member; `mayHave`: in some way to read it.
   * `asWritten`: true of just what this text of a rule is true of.
   */
  readonly is: 'same' | 'has' | 'mayHave' | 'asWritten';
  readonly of: string;
  readonly text: string;
}

export interface Patterned {
  /** `reading`: one of the ways to read the property matches; two patterns may be met by two different readings. */
  readonly is: 'pattern' | 'reading';
  readonly of: string;
  readonly pattern: Pattern;
}

export interface Range {
  /** Both included. */
  readonly min: number;
  readonly max: number;
}

export type Bounded =
  | ({ readonly is: 'range'; readonly of: string } & Range)
  /** In minor units of this currency. */
  | ({ readonly is: 'amount'; readonly currency: string } & Range)
  /** An amount in a currency that is none of these. */
  | { readonly is: 'otherCurrency'; readonly than: readonly string[] };

/** Values of members by name; null for any. */
export type Allowed = ReadonlyMap<string, readonly string[] | null>;

export type Membered =
  /** All members are allowed; none has to be there. */
  | { readonly is: 'members'; readonly of: string; readonly allowed: Allowed; readonly orUnreadable: boolean }
  /** If there is such a member, it has one of these values. */
  | { readonly is: 'memberValues'; readonly of: string; readonly name: string; readonly values: readonly string[] };

export const ALWAYS: Atom = { is: 'always' };

/** Of a text, in UTF-16 code units. */
export const LENGTH = 'length';
