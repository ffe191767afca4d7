import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { EVERYTHING } from '../../src/db/changes.ts';
import { migrate, migrationNames } from '../../src/db/migrate.ts';
import { openStore } from '../../src/db/open.ts';
import type { Store } from '../../src/db/store.ts';
import { projectRoot } from '../../src/root.ts';
import { createDatabase, dropDatabase } from './postgres.ts';

export type Dialect = Store['dialect'];
export type Row = Record<string, unknown>;

export const DIALECTS: readonly Dialect[] = ['sqlite', 'postgres'];

export { SOAK } from './soak.ts';

/** A database of a test file's own, migrated and empty. */
export interface TestDatabase {
  dialect: Dialect;
  url: string;
  store: Store;
  /** Another store on the same database: a second pool, or another program with the same file. */
  openAnother(poolSize?: number): Store;
  /** Runs a statement as it is, past the store; answers its rows, times and ids as the driver gives them. */
  raw(statement: string): Promise<Row[]>;
  close(): Promise<void>;
}

/**
 * Describes the same tests once per dialect, each with a fresh migrated database that its tests share. `open` answers
 * it; call it inside of a test or a hook.
 */
export function onBothDatabases(name: string, tests: (open: () => TestDatabase) => void): void {
  describe.each(DIALECTS)(`${name}, on %s`, (dialect) => {
    tests(useDatabase(dialect));
  });
}

/** A fresh migrated database for the tests of this block. */
export function useDatabase(dialect: Dialect): () => TestDatabase {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openDatabase(dialect);
  });
  afterAll(() => database?.close());
  return () => database;
}

/** A fresh migrated database; close it afterwards. */
export async function openDatabase(dialect: Dialect): Promise<TestDatabase> {
  const empty = dialect === 'sqlite' ? emptySqlite() : await emptyPostgres(await migratedTemplate());
  if (dialect === 'sqlite') await migrate(empty.url);
  const stores: Store[] = [];
  const openAnother = (poolSize = 8) => {
    // A test that ends a connection on purpose sees the pool's answer; the idle ones may go quietly.
    const store = openStore({ url: empty.url, poolSize, onIdleError: () => undefined });
    stores.push(store);
    return store;
  };
  return {
    ...empty,
    raw: async (statement) => {
      const rows = await empty.raw(statement);
      // Nobody announces what is written past the stores.
      for (const store of stores) store.changes.announce([EVERYTHING]);
      return rows;
    },
    store: openAnother(),
    openAnother,
    close: async () => {
      await Promise.all(stores.map((store) => store.close().catch(() => undefined)));
      await empty.close();
    },
  };
}

export type EmptyDatabase = Pick<TestDatabase, 'dialect' | 'url' | 'raw' | 'close'>;

/** Waits until the store keeps what it reads: until it hears what others change. */
export async function heard(store: Store): Promise<void> {
  await expect.poll(() => isHeard(store), { timeout: 5_000 }).toBe(true);
}

export function isHeard({ changes }: Store): boolean {
  return changes.unchangedSince(changes.now(), []);
}

/** A database without any table. */
export function openEmptyDatabase(dialect: Dialect): Promise<EmptyDatabase> {
  return dialect === 'sqlite' ? Promise.resolve(emptySqlite()) : emptyPostgres();
}

function emptySqlite(): EmptyDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'now-serving-db-'));
  const file = join(folder, 'test.db');
  return {
    dialect: 'sqlite',
    url: `file:${file}`,
    raw: async (statement) => {
      const database = new Database(file, { timeout: 2_000 });
      try {
        database.pragma('foreign_keys = ON');
        const prepared = statement.includes(';') ? undefined : database.prepare(statement);
        if (prepared?.reader) return prepared.all() as Row[];
        database.exec(statement);
        return [];
      } finally {
        database.close();
      }
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function emptyPostgres(template?: string): Promise<EmptyDatabase> {
  const admin = inject('postgresUrl');
  const url = await createDatabase(admin, undefined, template);
  return {
    dialect: 'postgres',
    url,
    raw: (statement) => ask(url, statement),
    close: () => dropDatabase(admin, url),
  };
}

let template: Promise<string> | undefined;

/** The name of a migrated database to copy; the first who asks makes it, for every process of the run. */
function migratedTemplate(): Promise<string> {
  template ??= makeTemplate();
  return template;
}

async function makeTemplate(): Promise<string> {
  const admin = inject('postgresUrl');
  const name = `template_${migrationsHash()}`;
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(7465)');
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return name;
    // Renamed when it is done, so that one left half made by a killed run is never copied.
    const url = await createDatabase(admin);
    await migrate(url);
    const made = decodeURIComponent(new URL(url).pathname.slice(1));
    await client.query(`ALTER DATABASE ${pg.escapeIdentifier(made)} RENAME TO ${pg.escapeIdentifier(name)}`);
    return name;
  } finally {
    await client.end();
  }
}

function migrationsHash(): string {
  const hash = createHash('sha256');
  for (const name of migrationNames('postgres')) {
    hash.update(name).update(readFileSync(join(projectRoot, 'migrations/postgres', `${name}.sql`)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function ask(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(statement);
    return rows ?? [];
  } finally {
    await client.end();
  }
}
