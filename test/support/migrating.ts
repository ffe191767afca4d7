import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { MIGRATING } from '../../src/db/migrate.ts';

/** Looks as if an instance were migrating this database of PostgreSQL, until what is answered is called, once or more. */
export async function holdMigrations(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`SELECT pg_advisory_lock(${MIGRATING})`);
  let ended: Promise<void> | undefined;
  return () => {
    ended ??= client.end();
    return ended;
  };
}

/** The backend that waits to migrate, as soon as one does. */
export function whoWaits(url: string): Promise<number> {
  return asSoonAs(url, 'pid');
}

/** Ends the connection of whoever waits to migrate, as soon as somebody does, as a stop of PostgreSQL would. */
export async function endWaiting(url: string): Promise<void> {
  await asSoonAs(url, 'pg_terminate_backend(pid)');
}

async function asSoonAs<T>(url: string, what: string): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ what: T }>(`SELECT ${what} AS what
        FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted`);
      if (rows[0]) return rows[0].what;
      await sleep(20);
    }
  } finally {
    await client.end();
  }
}
