import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { Changes, EVERYTHING, type Topic } from './changes.ts';
import { sqliteColumnKit } from './columns.sqlite.ts';
import { type Doings, Gate } from './gate.ts';
import { Memory } from './memory.ts';
import {
  type Db,
  type Forgetful,
  KEPT,
  keyOf,
  Prepared,
  type Query,
  type Reader,
  type Statement,
  type Store,
  type Tx,
  withMemory,
} from './store.ts';
import { defineTables } from './tables.ts';

/** Only another process can make us wait here (a backup, a shell); the wait blocks the event loop, so it is short. */
const BUSY_TIMEOUT_MS = 250;
/** How often we look whether another process wrote; a look asks the system, which may take a tenth of a millisecond. */
const LOOK_MS = 10;

export const sqliteTables = defineTables(sqliteColumnKit);

/** The embedded store: one connection writes, behind a gate (see Gate), another one only reads. */
export function openSqlite(file: string): Store {
  mkdirSync(dirname(file), { recursive: true });
  const writer = open(file);
  const reader = open(file);
  reader.pragma('query_only = ON');

  const readerDb = asDb(reader);
  const readerPrepared = new Prepared(readerDb, sqliteTables, encode);
  const writerDb = asDb(writer);
  const writerPrepared = new Prepared(writerDb, sqliteTables, encode);
  let queries = 0;

  const changes = new Changes(lookForStrangers);
  const rows = new Memory(changes, KEPT.rows);
  // Goes up when another connection than this one has written; ours all write through it.
  const dataVersion = writer.prepare<[], number>('PRAGMA data_version').pluck();
  let seen = dataVersion.get();
  let looked = 0;

  function lookForStrangers(): void {
    const now = performance.now();
    if (now - looked < LOOK_MS) return;
    looked = now;
    const version = dataVersion.get();
    if (version === seen) return;
    seen = version;
    changes.announce([EVERYTHING]);
  }

  const gate = new Gate(writer, (topics) => changes.announce(topics));
  const txOf = ({ sent, changed }: Doings): Tx => {
    const announce = (topics: readonly Topic[]) => {
      for (const topic of topics) changed.add(topic);
    };
    const writing = (topics: readonly Topic[]) => {
      announce(topics);
      return writerDb;
    };
    return {
      tables: sqliteTables,
      run: (query, params) => {
        queries += 1;
        if (query.kind === 'write') announce(query.changes(params));
        return writerPrepared.run(query as Query<never, never>, params);
      },
      send: (statement, params) => {
        queries += 1;
        announce(statement.changes(params));
        const started = writerPrepared.run(statement as Statement<never, never>, params);
        // Waited for before the job is done; until then a failure is not unhandled.
        started.catch(() => undefined);
        sent.push(started);
      },
      get write() {
        return writing([EVERYTHING]);
      },
      writing,
    };
  };

  const fresh: Reader = {
    tables: sqliteTables,
    run: (query, params) => {
      queries += 1;
      return readerPrepared.run(query as Query<never, never>, params);
    },
  };

  const store: Forgetful = {
    dialect: 'sqlite',
    tables: sqliteTables,
    fresh,
    read: readerDb,
    changes,
    mark: undefined,
    caughtUp: async () => undefined,
    get queries() {
      return queries;
    },
    run: (query, params) => {
      const ask = () => fresh.run(query, params);
      if (!query.madeOf) return ask();
      return rows.get(keyOf(query, params), (found) => query.madeOf?.(params, found), ask);
    },
    transaction: (work) => gate.pass((doings) => work(txOf(doings))),
    sendAll: (work) => store.transaction(async (tx) => work(tx)),
    migrations: async () =>
      (reader.prepare('SELECT name FROM migrations').all() as { name: string }[]).map(({ name }) => name),
    close: async () => {
      await gate.idle();
      reader.close();
      writer.close();
    },
  };
  return withMemory(store, rows);
}

/** A connection set up for this program. Also used by the migrations. */
export function open(file: string, timeout = BUSY_TIMEOUT_MS): Database.Database {
  const database = new Database(file, { timeout });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('temp_store = MEMORY');
  return database;
}

function asDb(database: Database.Database): Db {
  return drizzle(database, { casing: 'snake_case' }) as unknown as Db;
}

/** What better-sqlite3 binds: numbers, text, null. */
function encode(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : (value ?? null);
}
