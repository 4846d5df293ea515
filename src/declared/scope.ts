/** The names that a tool's templates may say: its arguments, and the fields of what is looked up before. */
import type { Json } from '../domain/json.ts';
import type { KindName } from '../policy/kinds/kind.ts';

export interface Named {
  /** Fields come from a server. */
  readonly origin: 'argument' | 'field';
  readonly kind: KindName;
  readonly list: boolean;
  /** It may not be there. */
  readonly optional: boolean;
  /** A number without decimals. */
  readonly whole: boolean;
}

export type Scope = ReadonlyMap<string, Named>;

/** Canonical values by name; what is not given has no entry. */
export type Values = ReadonlyMap<string, Json>;

/** What an answer of the server is known by besides its fields. */
export const ETAG = 'prepare.etag';
