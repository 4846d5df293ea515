/**
 * The demo shop’s SQLite file.
 * 1. What a transaction did is on disk before it returns: an answer never tells of what a crash could take back.
 * 2. One process has the file: whoever opens it knows that no other does, as an instance knows by its claim of the state
 *    folder. The lock that SQLite finds is then one that a killed process left, and is taken away.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'node-sqlite3-wasm';
import sqlite from 'node-sqlite3-wasm';
import { SCHEMA, seed } from './stock.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Value = string | number;

export interface ShopDatabase {
  all(sql: string, values?: readonly Value[]): readonly Row[];
  one(sql: string, values?: readonly Value[]): Row | undefined;
  run(sql: string, values: readonly Value[]): void;
  /** All of `work` or, when it throws, nothing. No two overlap: `work` does not wait for anything. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export function openDatabase(file: string): ShopDatabase {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(`${file}.lock`, { recursive: true, force: true });
  const database = new sqlite.Database(file);
  try {
    // Also the folder is synced, or power that fails could bring the journal back, and with it the state before.
    database.exec('PRAGMA synchronous = EXTRA');
    const shop = accessTo(database);
    shop.transaction(() => {
      database.exec(SCHEMA);
      seed(shop);
    });
    return shop;
  } catch (error) {
    database.close();
    throw error;
  }
}

function accessTo(database: Database): ShopDatabase {
  return {
    all: (sql, values = []) => database.all(sql, [...values]),
    one: (sql, values = []) => database.get(sql, [...values]) ?? undefined,
    run: (sql, values) => void database.run(sql, [...values]),
    transaction: (work) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.inTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}
