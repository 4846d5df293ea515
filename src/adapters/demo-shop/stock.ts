/** The demo shop’s tables, and what stands in them at first. */
import type { ShopDatabase } from './database.ts';

export const SCHEMA = `
CREATE TABLE IF NOT EXISTS items (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, minor INTEGER NOT NULL CHECK (minor >= 0), currency TEXT NOT NULL,
  stock INTEGER NOT NULL CHECK (stock >= 0)
) STRICT;
CREATE TABLE IF NOT EXISTS orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, key TEXT NOT NULL, item TEXT NOT NULL REFERENCES items (id),
  title TEXT NOT NULL, quantity INTEGER NOT NULL, unit_minor INTEGER NOT NULL, total_minor INTEGER NOT NULL,
  currency TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS channels (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, followers INTEGER NOT NULL CHECK (followers >= 0)
) STRICT;
CREATE TABLE IF NOT EXISTS posts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, key TEXT NOT NULL,
  channel TEXT NOT NULL REFERENCES channels (id), content TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS contacts (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL, address TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS contact_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, contact TEXT NOT NULL REFERENCES contacts (id),
  field TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS answers (
  key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
`;

const ITEMS = [
  ['seeds', 'Wild flower seeds, 50 g', 475, 'EUR', 400],
  ['gloves', 'Garden gloves, size M', 1290, 'EUR', 250],
  ['bench', 'Oak bench for two', 24900, 'EUR', 12],
  ['teapot', 'Cast iron teapot', 6800, 'JPY', 30],
] as const;

const CHANNELS = [
  ['garden', 'Garden friends', 1284],
  ['news', 'House news', 57],
] as const;

const CONTACTS = [
  ['alice', 'Alice Example', '+44 20 7946 0001', 'alice@partner.example', '1 Orchard Lane'],
  ['bob', 'Bob Example', '+44 20 7946 0002', 'bob@example.com', '2 Mill Road'],
] as const;

/** Puts in what is not there yet; what was changed since stays. */
export function seed(database: ShopDatabase): void {
  for (const row of ITEMS) database.run('INSERT OR IGNORE INTO items VALUES (?, ?, ?, ?, ?)', row);
  for (const row of CHANNELS) database.run('INSERT OR IGNORE INTO channels VALUES (?, ?, ?)', row);
  for (const row of CONTACTS) database.run('INSERT OR IGNORE INTO contacts VALUES (?, ?, ?, ?, ?)', row);
}
