import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { isPostgres, sqliteFile } from '../database-url.ts';
import { projectRoot } from '../root.ts';
import { CONNECT_TIMEOUT_MS } from './postgres.ts';
import { open } from './sqlite.ts';
import type { Store } from './store.ts';

/** The lock of whoever migrates: any number, the same for every instance of this program. */
export const MIGRATING = 20_261_122;
/** How long a lock is waited for where nobody tries again. */
const LOCK_WAIT_MS = 30_000;
const BREAKPOINT = /^--> statement-breakpoint$/m;
const LEDGER = 'CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at text NOT NULL)';

export interface MigrationStatus {
  name: string;
  applied: boolean;
}

/** What a migration needs of a database, on either dialect. */
interface Session {
  run(sql: string): Promise<void>;
  applied(): Promise<string[]>;
  /** Runs `work` alone: no other instance migrates meanwhile. */
  locked<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work` as one transaction. */
  atomically(work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Applies every migration that is missing; answers their names. On PostgreSQL each is a transaction of its own; SQLite
 * applies all of them or none.
 *
 * @param lockWaitMs how long another instance that migrates, or the users of a table, are waited for on PostgreSQL
 */
export function migrate(url: string, lockWaitMs?: number): Promise<string[]> {
  const apply = async (session: Session, names: string[]) => {
    const applied = await session.applied();
    const missing = names.filter((name) => !applied.includes(name));
    for (const name of missing) {
      await session.atomically(async () => {
        await runFile(session, url, `${name}.sql`);
        await session.run(
          `INSERT INTO migrations (name, applied_at) VALUES ('${name}', '${new Date().toISOString()}')`,
        );
      });
    }
    return missing;
  };
  return inSession(url, apply, lockWaitMs);
}

/** Takes the newest `steps` migrations back; answers their names. Their data is gone. */
export function rollback(url: string, steps = 1): Promise<string[]> {
  return inSession(url, async (session, names) => {
    const applied = await session.applied();
    const undone = names
      .filter((name) => applied.includes(name))
      .slice(-steps)
      .reverse();
    for (const name of undone) {
      await session.atomically(async () => {
        await runFile(session, url, `${name}.down.sql`);
        await session.run(`DELETE FROM migrations WHERE name = '${name}'`);
      });
    }
    return undone;
  });
}

/** Every migration there is, in order, and whether this database has it. */
export function migrationStatus(url: string): Promise<MigrationStatus[]> {
  return inSession(url, async (session, names) => {
    const applied = await session.applied();
    return names.map((name) => ({ name, applied: applied.includes(name) }));
  });
}

/** The names of the migrations of a dialect, in order. */
export function migrationNames(dialect: Store['dialect']): string[] {
  return readdirSync(join(projectRoot, 'migrations', dialect))
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}

/** Whether the database answers and has every migration; an older program may meet newer ones and is content. */
export async function isCurrent(store: Store): Promise<boolean> {
  const applied = new Set(await store.migrations());
  return migrationNames(store.dialect).every((name) => applied.has(name));
}

async function inSession<T>(
  url: string,
  work: (session: Session, names: string[]) => Promise<T>,
  lockWaitMs = LOCK_WAIT_MS,
): Promise<T> {
  const session = isPostgres(url) ? await postgresSession(url, lockWaitMs) : sqliteSession(url);
  try {
    return await session.locked(async () => {
      await session.run(LEDGER);
      return work(session, migrationNames(dialectOf(url)));
    });
  } finally {
    await session.close();
  }
}

async function runFile(session: Session, url: string, file: string): Promise<void> {
  const text = readFileSync(join(projectRoot, 'migrations', dialectOf(url), file), 'utf8');
  for (const part of text.split(BREAKPOINT)) if (part.trim()) await session.run(part);
}

function dialectOf(url: string): Store['dialect'] {
  return isPostgres(url) ? 'postgres' : 'sqlite';
}

async function postgresSession(url: string, lockWaitMs: number): Promise<Session> {
  const client = new pg.Client({
    connectionString: url,
    lock_timeout: lockWaitMs,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // A connection that ends tells its client too, and unheard that would end the program; the statement that fails is heard.
  client.on('error', () => undefined);
  await client.connect();
  const run = async (sql: string) => {
    await client.query(sql);
  };
  return {
    run,
    applied: async () => {
      const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
      return rows.map(({ name }) => name);
    },
    locked: async (work) => {
      await run(`SELECT pg_advisory_lock(${MIGRATING})`);
      try {
        return await work();
      } finally {
        // A connection that is gone holds no lock, and what the work says is told.
        await run(`SELECT pg_advisory_unlock(${MIGRATING})`).catch(() => undefined);
      }
    },
    atomically: async (work) => {
      await run('BEGIN');
      try {
        await work();
        await run('COMMIT');
      } catch (error) {
        await run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    close: () => client.end(),
  };
}

function sqliteSession(url: string): Session {
  const file = sqliteFile(url);
  mkdirSync(dirname(file), { recursive: true });
  const database = open(file, LOCK_WAIT_MS);
  // A table that is rebuilt would take its child rows with it; the switch does nothing inside a transaction.
  database.pragma('foreign_keys = OFF');
  let step = 0;
  return {
    run: async (sql) => {
      database.exec(sql);
    },
    applied: async () =>
      (database.prepare('SELECT name FROM migrations').all() as { name: string }[]).map(({ name }) => name),
    locked: async (work) => {
      database.exec('BEGIN EXCLUSIVE');
      try {
        const result = await work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.inTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    atomically: async (work) => {
      const name = `step${++step}`;
      database.exec(`SAVEPOINT ${name}`);
      await work();
      const broken = database.pragma('foreign_key_check') as unknown[];
      if (broken.length > 0)
        throw new Error(`The migration leaves ${broken.length} rows without their parent`);
      database.exec(`RELEASE ${name}`);
    },
    close: async () => {
      database.close();
    },
  };
}
