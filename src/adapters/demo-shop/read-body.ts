/** What a client of the demo shop may say, read in full: unknown members, wrong types and odd characters are refused. */
import { isRecord, own } from '../../domain/json.ts';
import type { ContactField, Price } from './records.ts';
import { CONTACT_FIELDS } from './records.ts';

export interface OrderWish {
  readonly item: string;
  readonly quantity: number;
  /** What the client believes that one costs. */
  readonly unitPrice: Price;
}

export type ContactWish = Readonly<Partial<Record<ContactField, string>>>;

export type Reading<T> = { readonly kind: 'read'; readonly value: T } | { readonly kind: 'bad'; readonly why: string };

const MAX_QUANTITY = 999;
const MAX_MINOR = 10 ** 12;
const MAX_POST = 2000;
const MAX_FIELD = 200;

export function readOrderWish(body: unknown): Reading<OrderWish> {
  const members = ['item', 'quantity', 'unitPrice', 'currency'];
  if (!isRecord(body) || !hasOnly(body, members)) return bad(`an order is an object of ${members.join(', ')}`);
  const [item, quantity, minor, currency] = members.map((name) => own(body, name));
  if (!isLine(item, MAX_FIELD)) return bad('"item" is the number of an item');
  if (!isWhole(quantity, 1, MAX_QUANTITY)) return bad(`"quantity" is a whole number from 1 to ${MAX_QUANTITY}`);
  if (!isWhole(minor, 0, MAX_MINOR)) return bad('"unitPrice" is a whole number of minor units, like 475 for 4.75 EUR');
  if (!isLine(currency, 3) || !/^[A-Z]{3}$/.test(currency)) return bad('"currency" is a code like EUR');
  return { kind: 'read', value: { item, quantity, unitPrice: { minor, currency } } };
}

export function readPostWish(body: unknown): Reading<string> {
  if (!isRecord(body) || !hasOnly(body, ['content'])) return bad('a post is an object of content');
  const content = own(body, 'content');
  return isText(content, MAX_POST)
    ? { kind: 'read', value: content }
    : bad(`"content" is a text of 1 to ${MAX_POST} characters, without control characters but line ends`);
}

export function readContactWish(body: unknown): Reading<ContactWish> {
  const fields: readonly string[] = CONTACT_FIELDS;
  if (!isRecord(body) || Object.keys(body).length === 0 || !hasOnly(body, fields))
    return bad(`a change is an object of some of ${fields.join(', ')}`);
  const wish: Partial<Record<ContactField, string>> = {};
  for (const field of CONTACT_FIELDS) {
    if (!Object.hasOwn(body, field)) continue;
    const value = own(body, field);
    if (!isLine(value, MAX_FIELD)) return bad(`"${field}" is one line of 1 to ${MAX_FIELD} characters`);
    wish[field] = value;
  }
  return { kind: 'read', value: wish };
}

function bad(why: string): { readonly kind: 'bad'; readonly why: string } {
  return { kind: 'bad', why };
}

function hasOnly(body: object, names: readonly string[]): boolean {
  return Object.keys(body).every((name) => names.includes(name));
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}

function isLine(value: unknown, max: number): value is string {
  return isText(value, max) && !value.includes('\n');
}

/** SQLite’s binding ends a text at NUL and mends lone surrogates: what it would not keep as it is, is refused. */
function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= max && !/(?!\n)\p{Cc}|\p{Cs}/u.test(value);
}
