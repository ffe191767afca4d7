import { AsyncLocalStorage } from 'node:async_hooks';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { Refusal } from '../domain/errors.ts';
import { Changes, EVERYTHING, type Topic } from './changes.ts';
import { postgresColumns } from './columns.postgres.ts';
import { listen } from './listen.ts';
import { Memory } from './memory.ts';
import { isConnectionLost, translate } from './refusals.ts';
import {
  type Db,
  type Forgetful,
  KEPT,
  keyOf,
  type Params,
  Prepared,
  type Query,
  type Reader,
  reasonOf,
  type Sender,
  type Statement,
  type Store,
  type Tx,
  withMemory,
} from './store.ts';
import { defineTables } from './tables.ts';

export interface PostgresOptions {
  url: string;
  /** Connections at most. */
  poolSize: number;
  /** Where changes are listened for, when `url` leads through a pooler that cannot. */
  directUrl?: string | undefined;
  /** Called with an error of an idle connection, which the pool then replaces. */
  onIdleError?: (error: Error) => void;
}

/** A statement that runs longer is broken, and so is a wait for a lock. */
const STATEMENT_TIMEOUT_MS = 10_000;
const LOCK_TIMEOUT_MS = 5_000;
export const CONNECT_TIMEOUT_MS = 5_000;
/** A server that has gone silent ends no statement: then the connection is given up. */
const SILENCE_MS = STATEMENT_TIMEOUT_MS + 2_000;

export const postgresTables = defineTables(postgresColumns);

interface Connection {
  db: Db;
  prepared: Prepared;
}

/** The production store: a pool of connections, each with its own prepared statements. */
export function openPostgres({ url, poolSize, directUrl = url, onIdleError }: PostgresOptions): Store {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    query_timeout: SILENCE_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'now-serving',
    // What is not waited for shares the round trip of what follows: BEGIN, and an event with its COMMIT.
    pipeline: true,
  });
  pool.on('error', (error) => onIdleError?.(error));
  // A connection that ends while it is out of the pool tells its client too, and unheard that would end the program;
  // whoever uses it learns of it from the statement that fails.
  pool.on('connect', (client) => client.on('error', () => undefined));

  const connections = new WeakMap<pg.PoolClient, Connection>();
  const inside = new AsyncLocalStorage<true>();
  let queries = 0;

  function connection(client: pg.PoolClient): Connection {
    let known = connections.get(client);
    if (!known) {
      const db = drizzle(client, { casing: 'snake_case' });
      known = { db, prepared: new Prepared(db, postgresTables, encode) };
      connections.set(client, known);
    }
    return known;
  }

  async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error: Error) => {
      throw new Refusal('busy', { retryAfter: 2, facts: { cause: error.message } });
    });
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      broken = isConnectionLost(error);
      throw translate(error);
    } finally {
      client.release(broken);
    }
  }

  const changes = new Changes();
  const rows = new Memory(changes, KEPT.rows);
  const listener = listen({ url: directUrl, pool, changes, onError: (error) => onIdleError?.(error) });
  /** To this instance at once, so that whoever wrote reads what they wrote; to the others soon. */
  const announceAll = (topics: ReadonlySet<Topic>) => {
    listener.announce(topics);
    changes.announce(topics, listener.mark);
  };

  const count = () => {
    queries += 1;
  };
  /** Runs what changes something, on a connection, and announces it. */
  async function announcing<T>(work: (client: pg.PoolClient, changed: Set<Topic>) => Promise<T>): Promise<T> {
    if (inside.getStore()) throw new Error('A transaction inside a transaction');
    const changed = new Set<Topic>();
    // Announced outside of it: whoever hears of it may open a transaction of their own.
    return inside
      .run(true, () => withClient((client) => work(client, changed)))
      .finally(() => announceAll(changed));
  }

  const fresh: Reader = {
    tables: postgresTables,
    run: (query, params) => {
      count();
      return withClient((client) => connection(client).prepared.run(query, params));
    },
  };
  const reader: Reader = {
    tables: postgresTables,
    run: (query, params) => {
      const ask = () => fresh.run(query, params);
      if (!query.madeOf) return ask();
      return rows.get(keyOf(query, params), (found) => query.madeOf?.(params, found), ask);
    },
  };

  const store: Forgetful = {
    ...reader,
    fresh,
    dialect: 'postgres',
    read: drizzle(pool, { casing: 'snake_case' }),
    changes,
    get mark() {
      return listener.mark;
    },
    caughtUp: (mark) => listener.caughtUp(mark),
    get queries() {
      return queries;
    },
    transaction: (work) =>
      announcing((client, changed) => inTransaction(client, connection(client), { work, changed, count })),
    sendAll: (work) =>
      announcing((client, changed) => asOneStatement(connection(client), { work, changed, count })),
    migrations: async () => {
      const { rows } = await withClient((client) =>
        client.query<{ name: string }>('SELECT name FROM migrations'),
      );
      return rows.map(({ name }) => name);
    },
    close: async () => {
      await listener.close();
      await pool.end();
    },
  };
  return withMemory(store, rows);
}

interface Work<Of, T> {
  work: (tx: Of) => T;
  /** Is told what it changes, and is empty in the end if nothing of it stays. */
  changed: Set<Topic>;
  /** Called for each statement. */
  count: () => void;
}

async function inTransaction<T>(
  client: pg.PoolClient,
  { db, prepared }: Connection,
  { work, changed, count }: Work<Tx, Promise<T>>,
): Promise<T> {
  const sent: Promise<unknown>[] = [];
  let committed: Promise<pg.QueryResult> | undefined;
  const send = (started: Promise<unknown>) => {
    // Waited for at the end; until then a failure is not unhandled.
    started.catch(() => undefined);
    sent.push(started);
  };
  const change = (topics: readonly Topic[]) => {
    for (const topic of topics) changed.add(topic);
  };
  const run = <P extends Params, Rows>(query: Query<P, Rows> | Statement<P, Rows>, params: P) => {
    count();
    change(query.kind === 'write' ? query.changes(params) : []);
    return prepared.run(query as Query<P, Rows>, params);
  };
  const tx: Tx = {
    tables: postgresTables,
    run,
    send: (statement, params) => send(run(statement, params)),
    get write() {
      return tx.writing([EVERYTHING]);
    },
    writing: (topics) => {
      change(topics);
      return db;
    },
  };
  inOneWrite(client);
  send(client.query('BEGIN'));
  try {
    const result = await work(tx);
    inOneWrite(client);
    committed = client.query('COMMIT');
    send(committed);
    await Promise.all(sent);
    // PostgreSQL answers the COMMIT of a failed transaction with a quiet rollback.
    if ((await committed).command !== 'COMMIT')
      throw new Error('A transaction went on after one of its statements failed');
    return result;
  } catch (error) {
    await (committed ?? client.query('ROLLBACK')).catch(() => undefined);
    const reason = await reasonOf(error, sent);
    // Whether a COMMIT went through whose answer is missing, nobody knows.
    if (!committed && !isConnectionLost(reason)) changed.clear();
    throw reason;
  }
}

/** A statement alone is a transaction: neither BEGIN nor COMMIT is said, and PostgreSQL answers once. */
async function asOneStatement<T>(
  { prepared }: Connection,
  { work, changed, count }: Work<Sender, T>,
): Promise<T> {
  const sent: Sent[] = [];
  const result = work({
    send: (statement, params) => {
      for (const topic of statement.changes(params)) changed.add(topic);
      sent.push({ statement, params } as unknown as Sent);
    },
  });
  count();
  try {
    await runAsOne(prepared, sent);
  } catch (error) {
    // Whether it went through when its answer is missing, nobody knows.
    if (!isConnectionLost(error)) changed.clear();
    throw error;
  }
  return result;
}

/** A write whose outcome nobody waits for. */
interface Sent {
  statement: Statement<Params, unknown>;
  params: Params;
}

/** The first of them, with the others as its common table expressions. */
async function runAsOne(prepared: Prepared, sent: readonly Sent[]): Promise<void> {
  const [first, ...others] = sent;
  if (!first) return;
  const prefixOf = (index: number) => `${index}_`;
  const build: Statement<Params, unknown>['build'] = (db, tables, encode) => {
    const parts = others.map(({ statement }, index) => {
      const part = statement.build(db, tables, encode, prefixOf(index));
      return db.$with(`part_${index}`).as(part as never);
    });
    return first.statement.build(db.with(...parts) as unknown as Db, tables, encode);
  };
  const params = { ...first.params };
  others.forEach((other, index) => {
    for (const key in other.params) params[prefixOf(index) + key] = other.params[key];
  });
  // Their names together may be longer than PostgreSQL tells apart.
  const names = sent.map(({ statement }) => statement.name).join(' ');
  await prepared.once(names, { build }, `sent ${prepared.size}`).execute(params);
}

/** Sends what this turn of the event loop says to the database as one packet, not as one a statement. */
function inOneWrite(client: pg.PoolClient): void {
  const { stream } = (client as unknown as pg.Client).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** node-postgres takes dates and null as they are; JSON must be text, or arrays would become PostgreSQL arrays. */
function encode(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : (value ?? null);
}
