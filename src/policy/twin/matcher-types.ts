/**
 * What a rule may say of an argument, as types: the matchers of `matchers/`, by kind. A matcher that opens (allow, ask)
 * of a URL or of headers must say more than one that closes (deny, except); see `Purpose`.
 */
import type { ArgumentShape, ArgumentShapes } from '../kinds/argument.ts';
import type { CREDENTIAL_HEADERS } from '../../domain/secret-placeholder.ts';
import type { PLAIN_HEADERS } from '../kinds/headers.ts';
import type { HttpMethod } from '../kinds/http-method.ts';
import type { Purpose } from '../matchers/matcher.ts';

export type OneOrMore<T> = T | readonly T[];

/** An amount with its currency, like `50.00 EUR`. */
export type Amount = `${number} ${string}`;

interface Combined<Matcher> {
  /** Every value. Stands alone. */
  readonly any?: true;
  /** One of these holds. */
  readonly anyOf?: readonly Matcher[];
}

export interface PathMatcher extends Combined<PathMatcher> {
  readonly under?: OneOrMore<string>;
  readonly is?: OneOrMore<string>;
  readonly glob?: OneOrMore<string>;
  readonly extension?: OneOrMore<string>;
}

export interface MailAddressMatcher extends Combined<MailAddressMatcher> {
  readonly oneOf?: OneOrMore<string>;
  readonly domain?: OneOrMore<string>;
  readonly subdomainOf?: OneOrMore<string>;
}

export interface TextMatcher extends Combined<TextMatcher> {
  readonly oneOf?: OneOrMore<string>;
  readonly contains?: OneOrMore<string>;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface MoneyMatcher extends Combined<MoneyMatcher> {
  readonly max?: OneOrMore<Amount>;
  readonly min?: OneOrMore<Amount>;
  readonly currency?: OneOrMore<string>;
}

export interface FlagMatcher extends Combined<FlagMatcher> {
  readonly is?: boolean;
}

export type NumberMatcher = OneOrMore<number> | NumberBounds;
interface NumberBounds extends Combined<NumberMatcher> {
  readonly min?: number;
  readonly max?: number;
  readonly oneOf?: OneOrMore<number>;
}

export type HttpMethodMatcher = OneOrMore<HttpMethod> | HttpMethodChoice;
interface HttpMethodChoice extends Combined<HttpMethodMatcher> {
  readonly oneOf?: OneOrMore<HttpMethod>;
}

/** Parameters that there may be, with any value or with these. */
type AllowedParameters = OneOrMore<string> | { readonly [name: string]: OneOrMore<string> };
type OpeningQuery = 'none' | 'any' | { readonly only: AllowedParameters; readonly has?: OneOrMore<string> };
type ClosingQuery = 'none' | 'any' | { readonly only?: AllowedParameters; readonly has?: OneOrMore<string> };

interface UrlKeys<Query> {
  readonly origin: OneOrMore<string>;
  readonly path: OneOrMore<string>;
  readonly query?: Query;
}
export type OpeningUrl = Opening<UrlKeys<OpeningQuery>, 'origin' | 'path'>;
export interface ClosingUrl extends Combined<ClosingUrl>, Partial<UrlKeys<ClosingQuery>> {}

type PlainHeader = (typeof PLAIN_HEADERS)[number];
type CredentialHeader = (typeof CREDENTIAL_HEADERS)[number];
/** `{{secret:name}}`, or a scheme before it. */
type Placeholder = `{{secret:${string}}}` | `${string} {{secret:${string}}}`;
interface HeadersKeys {
  readonly only: OneOrMore<PlainHeader | CredentialHeader>;
  readonly values?: { readonly [Name in PlainHeader]?: OneOrMore<string> } & {
    readonly [Name in CredentialHeader]?: OneOrMore<Placeholder>;
  };
}
export type OpeningHeaders = Opening<HeadersKeys, 'only'>;
export interface ClosingHeaders extends Combined<ClosingHeaders>, Partial<HeadersKeys> {}

/** With its required keys; or any; or with alternatives, which say them. */
type Opening<Keys, Required extends keyof Keys> =
  | (Keys & { readonly any?: never; readonly anyOf?: never })
  | ({ readonly any: true } & { readonly [Key in keyof Keys | 'anyOf']?: never })
  | (Partial<Keys> & { readonly anyOf: readonly Opening<Keys, Required>[]; readonly any?: never });

interface Common {
  readonly path: PathMatcher;
  readonly mailAddress: MailAddressMatcher;
  readonly httpMethod: HttpMethodMatcher;
  readonly text: TextMatcher;
  readonly money: MoneyMatcher;
  readonly number: NumberMatcher;
  readonly flag: FlagMatcher;
}

interface ByPurpose {
  readonly opens: Common & { readonly url: OpeningUrl; readonly headers: OpeningHeaders };
  readonly closes: Common & { readonly url: ClosingUrl; readonly headers: ClosingHeaders };
}

/** What opens speaks of every element. */
interface OpeningList<Element> {
  readonly every: Element;
  readonly some?: Element;
  /** So many elements at most. */
  readonly max?: number;
}

type ListMatcher<Element, P extends Purpose> = P extends 'opens' ? OpeningList<Element> : Partial<OpeningList<Element>>;

type ElementOf<A extends ArgumentShape, P extends Purpose> = ByPurpose[P][A['kind']];

export type ArgumentMatcher<A extends ArgumentShape, P extends Purpose> = A['list'] extends infer List
  ? List extends true
    ? ListMatcher<ElementOf<A, P>, P>
    : ElementOf<A, P>
  : never;

/** In what opens, an argument may be said to be optional: it may be left out, and must match if it is given. */
type Mention<A extends ArgumentShape, P extends Purpose> = P extends 'opens'
  ? ArgumentMatcher<A, P> & { readonly optional?: true }
  : ArgumentMatcher<A, P>;

/** What one part of a rule says: a matcher for each argument it mentions; of several tools, those that all have. */
export type MatchersOf<
  Arguments extends ArgumentShapes,
  P extends Purpose,
  Names extends keyof Arguments = keyof Arguments,
> = [Names] extends [never]
  ? { readonly [argument: string]: never }
  : { readonly [Name in Names]?: Mention<Arguments[Name], P> };
