/** What the demo shop keeps, as its API tells it; rows are read, never trusted. */
import { createHash } from 'node:crypto';
import { ownCount, ownString } from '../../domain/json.ts';
import type { Row } from './database.ts';

export interface Price {
  readonly minor: number;
  readonly currency: string;
}

export interface Item {
  readonly id: string;
  readonly title: string;
  readonly price: Price;
  readonly stock: number;
}

export interface Order {
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly item: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: Price;
  readonly total: Price;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly followers: number;
}

export interface Post {
  readonly id: string;
  readonly at: string;
  readonly channel: string;
  readonly content: string;
}

export const CONTACT_FIELDS = ['name', 'phone', 'email', 'address'] as const;
export type ContactField = (typeof CONTACT_FIELDS)[number];

export interface Contact extends Readonly<Record<ContactField, string>> {
  readonly id: string;
  /** A hash of all of it, and its ETag. */
  readonly version: string;
}

export interface ContactChange {
  readonly at: string;
  readonly contact: string;
  readonly field: string;
  readonly old: string;
  readonly new: string;
}

export function readItem(row: Row): Item {
  return { id: text(row, 'id'), title: text(row, 'title'), price: price(row, 'minor'), stock: count(row, 'stock') };
}

export function readOrder(row: Row): Order {
  return {
    id: `order-${count(row, 'id')}`,
    at: text(row, 'at'),
    item: text(row, 'item'),
    title: text(row, 'title'),
    quantity: count(row, 'quantity'),
    unitPrice: price(row, 'unit_minor'),
    total: price(row, 'total_minor'),
  };
}

export function readChannel(row: Row): Channel {
  return { id: text(row, 'id'), name: text(row, 'name'), followers: count(row, 'followers') };
}

export function readPost(row: Row): Post {
  const { at, channel, content } = {
    at: text(row, 'at'),
    channel: text(row, 'channel'),
    content: text(row, 'content'),
  };
  return { id: `post-${count(row, 'id')}`, at, channel, content };
}

export function readContact(row: Row): Contact {
  const [id, name, phone, email, address] = [
    text(row, 'id'),
    text(row, 'name'),
    text(row, 'phone'),
    text(row, 'email'),
    text(row, 'address'),
  ];
  const version = createHash('sha256')
    .update(JSON.stringify([id, name, phone, email, address]))
    .digest('hex');
  return { id, name, phone, email, address, version };
}

export function readChange(row: Row): ContactChange {
  return {
    at: text(row, 'at'),
    contact: text(row, 'contact'),
    field: text(row, 'field'),
    old: text(row, 'old'),
    new: text(row, 'new'),
  };
}

function price(row: Row, column: string): Price {
  return { minor: count(row, column), currency: text(row, 'currency') };
}

export function text(row: Row, column: string): string {
  const found = ownString(row, column);
  if (found === undefined) throw new Error(`the column ${column} holds no text`);
  return found;
}

export function count(row: Row, column: string): number {
  const found = ownCount(row, column);
  if (found === undefined) throw new Error(`the column ${column} holds no number`);
  return found;
}
