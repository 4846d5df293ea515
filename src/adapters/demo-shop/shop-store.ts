/**
 * What happens in the demo shop. Each change is one transaction together with the answer to its key, so that
 * 1. a key changes something once, however often and at once it comes;
 * 2. the same key with another request is refused, and changes nothing.
 * A refusal is not kept with its key: nothing happened, and the same request may be tried again.
 */
import { isRecord } from '../../domain/json.ts';
import type { Row, ShopDatabase } from './database.ts';
import type { ContactWish, OrderWish } from './read-body.ts';
import type { Channel, Contact, ContactChange, Item, Order, Post } from './records.ts';
import {
  CONTACT_FIELDS,
  count,
  readChange,
  readChannel,
  readContact,
  readItem,
  readOrder,
  readPost,
  text,
} from './records.ts';

export type Change =
  | { readonly kind: 'changed'; readonly status: 200 | 201; readonly body: object; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly status: 404 | 409 | 412 | 422; readonly why: string };

/** A change under its key; `request` is a hash of everything that was asked for. */
export interface Keyed {
  readonly key: string;
  readonly request: string;
}

export interface ShopStore {
  items(): readonly Item[];
  item(id: string): Item | undefined;
  /** Newest first, as are all lists of what happened. */
  orders(): readonly Order[];
  order(keyed: Keyed, wish: OrderWish): Change;
  channels(): readonly Channel[];
  channel(id: string): Channel | undefined;
  posts(channel?: string): readonly Post[];
  post(keyed: Keyed, channel: string, content: string): Change;
  contacts(): readonly Contact[];
  contact(id: string): Contact | undefined;
  contactChanges(): readonly ContactChange[];
  /** Only while the contact is still of this version. */
  changeContact(keyed: Keyed, id: string, version: string, wish: ContactWish): Change;
  /** False when there is no such item. */
  setPrice(item: string, minor: number): boolean;
  setFollowers(channel: string, followers: number): void;
  close(): void;
}

export function createShopStore(database: ShopDatabase, now: () => Date): ShopStore {
  const item = (id: string): Item | undefined =>
    found(database.one('SELECT * FROM items WHERE id = ?', [id]), readItem);
  const channel = (id: string): Channel | undefined =>
    found(database.one('SELECT * FROM channels WHERE id = ?', [id]), readChannel);
  const contact = (id: string): Contact | undefined =>
    found(database.one('SELECT * FROM contacts WHERE id = ?', [id]), readContact);
  const parts: Parts = { database, at: () => now().toISOString(), item, channel, contact };
  return {
    item,
    channel,
    contact,
    items: () => database.all('SELECT * FROM items ORDER BY id').map(readItem),
    orders: () => database.all('SELECT * FROM orders ORDER BY id DESC').map(readOrder),
    channels: () => database.all('SELECT * FROM channels ORDER BY id').map(readChannel),
    posts: (id) =>
      database
        .all('SELECT * FROM posts ORDER BY id DESC')
        .map(readPost)
        .filter((post) => id === undefined || post.channel === id),
    contacts: () => database.all('SELECT * FROM contacts ORDER BY id').map(readContact),
    contactChanges: () => database.all('SELECT * FROM contact_changes ORDER BY id DESC').map(readChange),
    order: (keyed, wish) => once(database, keyed, () => placeOrder(parts, keyed, wish)),
    post: (keyed, id, content) => once(database, keyed, () => publish(parts, keyed, id, content)),
    changeContact: (keyed, id, version, wish) => once(database, keyed, () => changeContact(parts, id, version, wish)),
    setPrice: (id, minor) => {
      database.run('UPDATE items SET minor = ? WHERE id = ?', [minor, id]);
      return item(id) !== undefined;
    },
    setFollowers: (id, followers) => database.run('UPDATE channels SET followers = ? WHERE id = ?', [followers, id]),
    close: () => database.close(),
  };
}

interface Parts {
  readonly database: ShopDatabase;
  readonly at: () => string;
  readonly item: (id: string) => Item | undefined;
  readonly channel: (id: string) => Channel | undefined;
  readonly contact: (id: string) => Contact | undefined;
}

function found<T>(row: Row | undefined, read: (row: Row) => T): T | undefined {
  return row === undefined ? undefined : read(row);
}

function once(database: ShopDatabase, { key, request }: Keyed, work: () => Change): Change {
  return database.transaction(() => {
    const before = database.one('SELECT * FROM answers WHERE key = ?', [key]);
    if (before !== undefined) {
      if (text(before, 'request') !== request)
        return refused(422, 'this idempotency-key was used for another request; nothing was done for this one');
      const body: unknown = JSON.parse(text(before, 'body'));
      if (!isRecord(body)) throw new Error('the answer that was kept is none');
      return { kind: 'changed', status: count(before, 'status') === 201 ? 201 : 200, body, replayed: true };
    }
    const change = work();
    if (change.kind === 'changed')
      database.run('INSERT INTO answers VALUES (?, ?, ?, ?)', [
        key,
        request,
        change.status,
        JSON.stringify(change.body),
      ]);
    return change;
  });
}

function placeOrder(
  { database, at, item }: Parts,
  { key }: Keyed,
  { item: id, quantity, unitPrice }: OrderWish,
): Change {
  const wanted = item(id);
  if (wanted === undefined) return refused(404, 'there is no such item');
  const { title, price, stock } = wanted;
  if (price.minor !== unitPrice.minor || price.currency !== unitPrice.currency)
    return refused(409, `the price is now ${price.minor} ${price.currency} (minor units); nothing was ordered`);
  if (quantity > stock) return refused(409, `only ${stock} are left; nothing was ordered`);
  database.run('UPDATE items SET stock = stock - ? WHERE id = ?', [quantity, id]);
  database.run(
    'INSERT INTO orders (at, key, item, title, quantity, unit_minor, total_minor, currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    [at(), key, id, title, quantity, price.minor, price.minor * quantity, price.currency],
  );
  return done(201, readOrder(newest(database, 'orders')));
}

function publish({ database, at, channel }: Parts, { key }: Keyed, id: string, content: string): Change {
  if (channel(id) === undefined) return refused(404, 'there is no such channel');
  database.run('INSERT INTO posts (at, key, channel, content) VALUES (?, ?, ?, ?)', [at(), key, id, content]);
  return done(201, readPost(newest(database, 'posts')));
}

function changeContact({ database, at, contact }: Parts, id: string, version: string, wish: ContactWish): Change {
  const before = contact(id);
  if (before === undefined) return refused(404, 'there is no such contact');
  if (before.version !== version) return refused(412, 'the contact was changed since; nothing was changed now');
  for (const field of CONTACT_FIELDS) {
    const value = wish[field] ?? before[field];
    if (value === before[field]) continue;
    // The column is one of the four names above, never what a client said.
    database.run(`UPDATE contacts SET ${field} = ? WHERE id = ?`, [value, id]);
    database.run('INSERT INTO contact_changes (at, contact, field, old, new) VALUES (?, ?, ?, ?, ?)', [
      at(),
      id,
      field,
      before[field],
      value,
    ]);
  }
  return done(200, contact(id) ?? before);
}

function newest(database: ShopDatabase, table: 'orders' | 'posts'): Row {
  const row = database.one(`SELECT * FROM ${table} ORDER BY id DESC LIMIT 1`);
  if (row === undefined) throw new Error(`what was put into ${table} is not there`);
  return row;
}

function done(status: 200 | 201, body: Order | Post | Contact): Change {
  return { kind: 'changed', status, body, replayed: false };
}

function refused(status: 404 | 409 | 412 | 422, why: string): Change {
  return { kind: 'refused', status, why };
}
