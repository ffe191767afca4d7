import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { Changes, EVERYTHING, type Topic } from './changes.ts';
import { sqliteColumnKit } from './columns.sqlite.ts';
import { Memory } from './memory.ts';
import { translate } from './refusals.ts';
import {
  type Db,
  type Forgetful,
  KEPT,
  keyOf,
  Prepared,
  type Query,
  type Reader,
  reasonOf,
  type Statement,
  type Store,
  type Tx,
  withMemory,
} from './store.ts';
import { defineTables } from './tables.ts';

/** How many waiting transactions share one COMMIT at most; bounds how long the first of them waits. */
const GROUP = 64;
/** Only another process can make us wait here (a backup, a shell); the wait blocks the event loop, so it is short. */
const BUSY_TIMEOUT_MS = 250;
/** How often we look whether another process wrote; a look asks the system, which may take a tenth of a millisecond. */
const LOOK_MS = 10;

export const sqliteTables = defineTables(sqliteColumnKit);

interface Job {
  work: () => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

/**
 * The embedded store: one connection writes, behind a gate, another one only reads. What waits at the gate runs as
 * savepoints of one transaction and is answered after its COMMIT, so that a full flush to the disk is shared
 * (docs/decisions/0003-sqlite-durability.md).
 */
export function openSqlite(file: string): Store {
  mkdirSync(dirname(file), { recursive: true });
  const writer = open(file);
  const reader = open(file);
  reader.pragma('query_only = ON');

  const readerDb = asDb(reader);
  const readerPrepared = new Prepared(readerDb, sqliteTables, encode);
  const writerDb = asDb(writer);
  const writerPrepared = new Prepared(writerDb, sqliteTables, encode);
  const control = {
    begin: writer.prepare('BEGIN IMMEDIATE'),
    commit: writer.prepare('COMMIT'),
    savepoint: writer.prepare('SAVEPOINT job'),
    release: writer.prepare('RELEASE job'),
  };
  const inside = new AsyncLocalStorage<true>();
  const waiting: Job[] = [];
  let running: Promise<void> | null = null;
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

  // One job runs at a time, so this is what that job has sent, and what it changed.
  let sent: Promise<unknown>[] = [];
  let changed = new Set<Topic>();
  const announce = (topics: readonly Topic[]) => {
    for (const topic of topics) changed.add(topic);
  };
  const tx: Tx = {
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
      return tx.writing([EVERYTHING]);
    },
    writing: (topics) => {
      announce(topics);
      return writerDb;
    },
  };

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      // Requests that came together are handled one after the other, each as far as this gate: only then is the group whole.
      await endOfTurn();
      await runGroup(waiting.splice(0, GROUP));
    }
    running = null;
  }

  async function runGroup(jobs: Job[]): Promise<void> {
    const answers: (() => void)[] = [];
    const topics = new Set<Topic>();
    try {
      control.begin.run();
      for (const job of jobs) answers.push(await runOne(job, topics));
      control.commit.run();
    } catch (error) {
      if (writer.inTransaction) writer.exec('ROLLBACK');
      for (const job of jobs) job.reject(translate(error));
      return;
    }
    changes.announce(topics);
    for (const answer of answers) answer();
  }

  async function runOne(job: Job, topics: Set<Topic>): Promise<() => void> {
    control.savepoint.run();
    sent = [];
    changed = new Set();
    try {
      const value = await job.work();
      await Promise.all(sent);
      control.release.run();
      for (const topic of changed) topics.add(topic);
      return () => job.resolve(value);
    } catch (error) {
      // What was sent must not run later, in somebody else's savepoint.
      const reason = await reasonOf(error, sent);
      // A full disk or a failed write rolls the whole transaction back by itself: then all of the group failed.
      if (!writer.inTransaction) throw reason;
      writer.exec('ROLLBACK TO job; RELEASE job');
      return () => job.reject(translate(reason));
    }
  }

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
    get queries() {
      return queries;
    },
    run: (query, params) => {
      const ask = () => fresh.run(query, params);
      if (!query.madeOf) return ask();
      return rows.get(keyOf(query, params), (found) => query.madeOf?.(params, found), ask);
    },
    transaction: <T>(work: (tx: Tx) => Promise<T>) => {
      if (inside.getStore()) throw new Error('A transaction inside a transaction');
      return new Promise<T>((resolve, reject) => {
        // The gate may have been set going by somebody else: each job runs in the context of whoever asked for it.
        const bound = AsyncResource.bind(() => inside.run(true, () => work(tx)));
        waiting.push({ work: bound, resolve: resolve as (value: unknown) => void, reject });
        running ??= drain();
      });
    },
    sendAll: (work) => store.transaction(async (tx) => work(tx)),
    migrations: async () =>
      (reader.prepare('SELECT name FROM migrations').all() as { name: string }[]).map(({ name }) => name),
    close: async () => {
      await running;
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
