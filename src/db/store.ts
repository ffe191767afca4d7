import { type SQL, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { type Changes, EVERYTHING, type Mark, type Topic } from './changes.ts';
import { type MadeOf, Memory } from './memory.ts';
import { isConsequence } from './refusals.ts';
import type { Tables } from './tables.ts';

/** The query builder, under PostgreSQL's types for both dialects. */
export type Db = NodePgDatabase;

/** What a named query needs to be told at each run; inside its builder each is a placeholder. */
export type Params = Record<string, unknown>;
/** A query's parameters as its builder sees them. */
export type P<T extends Params> = { [K in keyof T]-?: SQL<T[K]> };
interface Builder {
  prepare(name: string): { execute(values?: Params): PromiseLike<unknown> };
}
type RowsOf<B extends Builder> = Awaited<ReturnType<ReturnType<B['prepare']>['execute']>>;

export type ReadBuilder = Pick<Db, 'select' | 'selectDistinct'>;
type WriteBuilder = Pick<Db, 'insert' | 'update' | 'delete'>;

/** A named query: built and prepared once per connection, then only run. */
export interface Query<T extends Params, Rows> {
  readonly kind: 'read';
  readonly name: string;
  /** @param prefix goes before the names of its parameters, where it is a part of a larger statement */
  build(db: Db, tables: Tables, encode: Encode, prefix?: string): Builder;
  /** What its rows are made of; then the store keeps them until that changes. Undefined for rows not to be kept. */
  madeOf?(params: T, rows: Rows): readonly Topic[] | undefined;
  /** Puts what was read in an order that databases do not agree on. */
  arrange?(rows: Rows): Rows;
  /** Carries the types; holds nothing. */
  readonly types?: { params: T; rows: Rows };
}

/** A named write. Only a transaction runs one. */
export interface Statement<T extends Params, Rows>
  extends Omit<Query<T, Rows>, 'kind' | 'madeOf' | 'arrange'> {
  readonly kind: 'write';
  /** What changes when it runs; announced with the commit. */
  changes(params: T): readonly Topic[];
}

/**
 * How many a store keeps: rows and what is as small; what is made of them for many, as lines and their estimates; and whole
 * pages, which may be 100 kB each. Apart, since anybody can ask for pages at as many addresses as they can think of.
 */
export const KEPT = { rows: 10_000, made: 500, pages: 500 };

/** A value as the driver takes it. */
export type Encode = (value: unknown) => unknown;

/** @param madeOf makes a read outside of a transaction kept: give it only what is asked for again and again */
export function query<T extends Params, B extends Builder>(
  name: string,
  build: (db: ReadBuilder, tables: Tables, params: P<T>) => B,
  madeOf?: (params: T, rows: RowsOf<B>) => readonly Topic[] | undefined,
): Query<T, RowsOf<B>> {
  return {
    kind: 'read',
    name,
    build: (db, tables, encode, prefix) => build(db, tables, placeholders<T>(encode, prefix)),
    ...(madeOf && { madeOf }),
  };
}

/** The same query with its rows in this order; those that are equal in it stay as they were read. */
export function inOrder<T extends Params, Row>(
  query: Query<T, Row[]>,
  compare: (a: Row, b: Row) => number,
): Query<T, Row[]> {
  return { ...query, arrange: (rows) => rows.toSorted(compare) };
}

/** @param changes what is different after it; where nobody says so, everything may be */
export function statement<T extends Params, B extends Builder>(
  name: string,
  build: (db: Db, tables: Tables, params: P<T>) => B,
  changes: (params: T) => readonly Topic[] = () => [EVERYTHING],
): Statement<T, RowsOf<B>> {
  return {
    kind: 'write',
    name,
    build: (db, tables, encode, prefix) => build(db, tables, placeholders<T>(encode, prefix)),
    changes,
  };
}

/** Reads what was committed. Kept rows are shared: nobody may change them. */
export interface Reader {
  readonly tables: Tables;
  run<T extends Params, Rows>(query: Query<T, Rows>, params: T): Promise<Rows>;
}

/** Starts writes whose outcome nobody needs to wait for. If one fails, so does the transaction. */
export interface Sender {
  send<T extends Params, Rows>(statement: Statement<T, Rows>, params: T): void;
}

/** Reads and writes, all or nothing. */
export interface Tx extends Reader, Sender {
  run<T extends Params, Rows>(query: Query<T, Rows> | Statement<T, Rows>, params: T): Promise<Rows>;
  /** For writes of as many rows as a form happens to have; everything else is a named statement. May change everything. */
  readonly write: WriteBuilder;
  /** The same, for whoever knows what alone changes. */
  writing(topics: readonly Topic[]): WriteBuilder;
}

/** How a transaction is run; see Store. */
export type Transact = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/** How a transaction is run that only sends; see Store. */
export type SendAll = <T>(work: (tx: Sender) => T) => Promise<T>;

export interface Store extends Reader {
  /** Reads past what is kept: what another instance changed a moment ago may not have been heard of here. */
  readonly fresh: Reader;
  readonly dialect: 'postgres' | 'sqlite';
  /** For reads that somebody else builds (the accounts' adapter); ours are named queries. */
  readonly read: ReadBuilder;
  /**
   * Runs `work` as one transaction and answers after it is durable. When `work` throws, nothing of it stays. Inside,
   * only database calls may be awaited, and no second transaction may be opened.
   */
  transaction: Transact;
  /**
   * The same for `work` that only sends. PostgreSQL is told all of it as one statement, in which none of the writes sees
   * what another wrote.
   */
  sendAll: SendAll;
  /** What changes, here or in another instance. */
  readonly changes: Changes;
  /** Names what was changed here by now; undefined where there is no other instance. */
  readonly mark: Mark | undefined;
  /** Waits until what another instance named by its mark is known here, for a moment at most. */
  caughtUp(mark: Mark): Promise<void>;
  /** Keeps what is made of rows under `key`, beside others of its kind (see KEPT; by default `made`); see Memory. */
  keep<T>(key: string, madeOf: MadeOf<T>, make: () => Promise<T>, kind?: keyof typeof KEPT): Promise<T>;
  /**
   * The same store for whoever reads from now on, such as a request: what it keeps may be made of anything that it has read
   * since this moment, and so counts as old once any of that changed. To be asked for anew by each request.
   */
  fromNow(): Store;
  /** How many queries were run since the start; tests and benches count with it. */
  readonly queries: number;
  /** The names of the migrations that the database has. Throws when it does not answer. */
  migrations(): Promise<string[]>;
  close(): Promise<void>;
}

/** A store without what it remembers; see `withMemory`. */
export type Forgetful = Omit<Store, 'keep' | 'fromNow'>;

/** Lets a store that remembers `rows` keep what is made of them too. */
export function withMemory(store: Forgetful, rows: Memory): Store {
  const { changes } = store;
  const memories = { rows, made: new Memory(changes, KEPT.made), pages: new Memory(changes, KEPT.pages) };
  const since = (moment?: number): Pick<Store, 'keep'> => ({
    keep: (key, madeOf, make, kind = 'made') => memories[kind].get(key, madeOf, make, moment),
  });
  return Object.assign(store, since(), {
    fromNow(this: Store): Store {
      return Object.assign(Object.create(this), since(this.changes.now()));
    },
  });
}

/** Builds each query once for one connection and runs the prepared form from then on. */
export class Prepared {
  readonly #db: Db;
  readonly #tables: Tables;
  readonly #encode: Encode;
  readonly #ready = new Map<string, ReturnType<Builder['prepare']>>();

  constructor(db: Db, tables: Tables, encode: Encode) {
    this.#db = db;
    this.#tables = tables;
    this.#encode = encode;
  }

  async run<Rows>(query: Query<Params, Rows> | Statement<Params, Rows>, params: Params): Promise<Rows> {
    const rows = (await this.once(query.name, query, query.name).execute(params)) as Rows;
    return query.kind === 'read' && query.arrange ? query.arrange(rows) : rows;
  }

  /** @param key under which it is found again; `name` is what the database calls it, of 63 letters at most */
  once(
    key: string,
    query: Pick<Query<Params, unknown>, 'build'>,
    name: string,
  ): ReturnType<Builder['prepare']> {
    let prepared = this.#ready.get(key);
    if (!prepared) {
      prepared = query.build(this.#db, this.#tables, this.#encode).prepare(name);
      this.#ready.set(key, prepared);
    }
    return prepared;
  }

  /** How many there are. */
  get size(): number {
    return this.#ready.size;
  }
}

/** Why a transaction failed: a write that was sent and refused, or else what `work` threw, which may be a consequence. */
export async function reasonOf(error: unknown, sent: readonly Promise<unknown>[]): Promise<unknown> {
  const outcomes = await Promise.allSettled(sent);
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  return reasons.find((reason) => !isConsequence(reason)) ?? error;
}

/** The name and parameters of a read, as one text. */
export function keyOf({ name }: { name: string }, params: Params): string {
  return `${name} ${JSON.stringify(params)}`;
}

/**
 * A placeholder per parameter, each with the dialect's encoder: drizzle hands the values of bare placeholders to the
 * driver as they are, and SQLite's driver takes neither dates nor booleans.
 */
function placeholders<T extends Params>(encode: Encode, prefix = ''): P<T> {
  const encoder = { mapToDriverValue: encode };
  return new Proxy({} as P<T>, {
    get: (_, name: string) => sql`${sql.param(sql.placeholder(prefix + name), encoder)}`,
  });
}
