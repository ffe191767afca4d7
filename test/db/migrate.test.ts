import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { migrate, migrationNames, migrationStatus, rollback } from '../../src/db/migrate.ts';
import { openStore } from '../../src/db/open.ts';
import { isBusy } from '../../src/db/refusals.ts';
import { newId } from '../../src/domain/id.ts';
import { projectRoot } from '../../src/root.ts';
import { book, bookAndCheckIn, buildScene, mondayAt, refusalCode, walkIn } from '../support/builders.ts';
import { DIALECTS, type EmptyDatabase, openEmptyDatabase, type Row } from '../support/databases.ts';
import { forwardTo } from '../support/forwarder.ts';
import { holdMigrations, whoWaits } from '../support/migrating.ts';

const TABLES = [
  'accounts',
  'answers',
  'closures',
  'desk_services',
  'desks',
  'events',
  'locations',
  'opening_rules',
  'queue_entries',
  'queues',
  'reservations',
  'services',
  'sessions',
  'staff_locations',
  'users',
  'verifications',
];

async function onEmpty(
  dialect: (typeof DIALECTS)[number],
  work: (database: EmptyDatabase) => Promise<void>,
): Promise<void> {
  const database = await openEmptyDatabase(dialect);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

/** What the database is made of, in words that two states can be compared in. */
async function shapeOf({ dialect, raw }: EmptyDatabase): Promise<Row[]> {
  if (dialect === 'sqlite') {
    return raw(
      `SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name <> 'migrations' AND tbl_name <> 'migrations' ORDER BY type, name`,
    );
  }
  const parts = await Promise.all([
    raw(`SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> 'migrations' ORDER BY table_name, column_name`),
    raw(
      `SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations' ORDER BY indexname`,
    ),
    raw(`SELECT conrelid::regclass::text AS owner, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace AND conrelid <> 'migrations'::regclass ORDER BY 1, 2`),
    raw(
      `SELECT tgrelid::regclass::text AS owner, tgname, pg_get_triggerdef(oid) AS definition, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 2`,
    ),
    raw(
      `SELECT proname, pg_get_functiondef(oid) AS definition FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`,
    ),
  ]);
  return parts.flat();
}

function sorted(rows: Row[]): Row[] {
  return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

type Columns = Record<string, string[]>;

/** The columns of the tables that are there. */
async function columnsOf({ dialect, raw }: EmptyDatabase): Promise<Columns> {
  const found = await raw(
    dialect === 'sqlite'
      ? `SELECT m.name AS owner, c.name AS name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'`
      : `SELECT table_name AS owner, column_name AS name FROM information_schema.columns WHERE table_schema = 'public'`,
  );
  const owned = Map.groupBy(found, ({ owner }) => String(owner));
  return Object.fromEntries(
    TABLES.flatMap((table) => {
      const names = owned.get(table)?.map(({ name }) => String(name));
      return names ? [[table, names.sort()]] : [];
    }),
  );
}

/** Every row, as far as these columns say. */
async function rowsOf({ raw }: EmptyDatabase, columns: Columns): Promise<Record<string, Row[]>> {
  const entries: [string, Row[]][] = [];
  for (const [table, names] of Object.entries(columns)) {
    const rows = await raw(`SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM ${table}`);
    entries.push([table, sorted(rows)]);
  }
  return Object.fromEntries(entries);
}

/** A row at least in every table, with parents and children. */
async function fill({ url }: EmptyDatabase): Promise<void> {
  const store = openStore({ url });
  const scene = await buildScene(store, { capacity: 2 });
  await bookAndCheckIn(scene, scene.cast.customer, mondayAt('10:00'));
  await book(scene, scene.cast.otherCustomer, mondayAt('11:00'));
  await walkIn(scene);
  const now = mondayAt('08:00');
  const times = { createdAt: now, updatedAt: now };
  await store.transaction(async (tx) => {
    const { sessions, accounts, verifications, closures, answers, deskServices } = tx.tables;
    const userId = scene.cast.customer.id;
    await tx.write.insert(deskServices).values({ deskId: scene.deskId, serviceId: scene.service.id });
    await tx.write.insert(sessions).values({ id: newId(), token: newId(), userId, expiresAt: now, ...times });
    await tx.write
      .insert(accounts)
      .values({ id: newId(), accountId: userId, providerId: 'credential', userId, password: 'x', ...times });
    await tx.write
      .insert(verifications)
      .values({ id: newId(), identifier: 'reset', value: userId, expiresAt: now, ...times });
    await tx.write.insert(closures).values({
      id: newId(),
      locationId: scene.location.id,
      serviceId: scene.service.id,
      day: '2026-04-01',
      kind: 'closed',
      ...times,
    });
    await tx.write
      .insert(answers)
      .values({ owner: userId, method: 'POST', path: '/x', key: 'k', bodyHash: 'h', createdAt: now });
  });
  await store.close();
}

describe.each(DIALECTS)('migrations on %s', (dialect) => {
  const names = migrationNames(dialect);

  test('each has its way back, and both dialects have the same', () => {
    expect(names).toEqual(migrationNames(dialect === 'sqlite' ? 'postgres' : 'sqlite'));
    expect(names.length).toBeGreaterThan(1);
    for (const name of names)
      expect(existsSync(join(projectRoot, 'migrations', dialect, `${name}.down.sql`)), name).toBe(true);
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index));
  });

  test('go up once, say what they did, and come down again', async () => {
    await onEmpty(dialect, async (database) => {
      const { url, raw } = database;
      expect((await migrationStatus(url)).every(({ applied }) => !applied)).toBe(true);
      expect(await migrate(url)).toEqual(names);
      expect(await migrate(url)).toEqual([]);
      expect(await migrationStatus(url)).toEqual(names.map((name) => ({ name, applied: true })));
      const shape = await shapeOf(database);
      expect(await rollback(url, 1)).toEqual(names.slice(-1));
      expect((await migrationStatus(url)).filter(({ applied }) => !applied).map(({ name }) => name)).toEqual(
        names.slice(-1),
      );
      expect(await shapeOf(database)).not.toEqual(shape);
      expect(await rollback(url, 99)).toEqual(names.slice(0, -1).reverse());
      expect(await rollback(url)).toEqual([]);
      expect(await shapeOf(database)).toEqual([]);
      expect(await raw('SELECT name FROM migrations')).toEqual([]);
      expect(await migrate(url)).toEqual(names);
      expect(await shapeOf(database)).toEqual(shape);
    });
  });

  test('take the newest back and again with every row, index, check and trigger in place', async () => {
    await onEmpty(dialect, async (database) => {
      const { url } = database;
      await migrate(url);
      await fill(database);
      const [shape, columns] = [await shapeOf(database), await columnsOf(database)];
      const filled = await rowsOf(database, columns);
      for (const table of TABLES) expect(filled[table]?.length, table).toBeGreaterThan(0);
      for (let steps = 1; steps < names.length; steps++) {
        const before = await rowsOf(database, columns);
        expect(await rollback(url, steps)).toHaveLength(steps);
        // What a migration brought goes with it; nothing else does.
        const left = await columnsOf(database);
        const rows = await rowsOf(database, left);
        for (const [table, kept] of Object.entries(left)) {
          expect(rows[table], `${table} after ${steps} down`).toEqual(
            sorted(
              (before[table] ?? []).map((row) => Object.fromEntries(kept.map((name) => [name, row[name]]))),
            ),
          );
        }
        expect(await migrate(url)).toHaveLength(steps);
        expect(await shapeOf(database)).toEqual(shape);
        expect(await rowsOf(database, left), `after ${steps} down and up`).toEqual(rows);
      }
      const store = openStore({ url });
      const scene = await buildScene(store);
      await book(scene, scene.cast.customer, mondayAt('10:00'));
      expect(await refusalCode(book(scene, scene.cast.otherCustomer, mondayAt('10:00')))).toBe('slot_full');
      await store.close();
    });
    // Each of them down and up again, once more than the one before.
  }, 60_000);

  test('come down with rows in every table, and start afresh', async () => {
    await onEmpty(dialect, async (database) => {
      const { url } = database;
      await migrate(url);
      const shape = await shapeOf(database);
      await fill(database);
      await rollback(url, names.length);
      await migrate(url);
      expect(await shapeOf(database)).toEqual(shape);
      expect(Object.values(await rowsOf(database, await columnsOf(database))).flat()).toEqual([]);
      await fill(database);
    });
  });

  test('are applied once by programs that start at the same moment', async () => {
    await onEmpty(dialect, async ({ url, raw }) => {
      const told = (await Promise.all([1, 2, 3].map(() => migrateElsewhere(url)))).flat().sort();
      expect(told).toEqual(names);
      expect((await raw('SELECT name FROM migrations ORDER BY name')).map(({ name }) => name)).toEqual(names);
    });
  });

  test('that fail leave nothing behind', async () => {
    await onEmpty(dialect, async (database) => {
      const { url, raw } = database;
      await raw('CREATE TABLE services (in_the_way text)');
      await expect(migrate(url)).rejects.toThrow(/services/);
      const tables =
        dialect === 'sqlite'
          ? await raw(`SELECT name FROM sqlite_master WHERE type = 'table'`)
          : await raw(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
      expect(tables.map(({ name }) => name).filter((name) => name !== 'migrations')).toEqual(['services']);
      await raw('DROP TABLE services');
      expect(await migrate(url)).toEqual(names);
    });
  });
});

test('a migration on sqlite that takes the parents of rows away is refused, and leaves nothing behind', async () => {
  await onEmpty('sqlite', async (database) => {
    const { url, raw } = database;
    const newest = migrationNames('sqlite').slice(-1);
    await migrate(url);
    await fill(database);
    await rollback(url);
    // As one that rebuilds a table would: the references are not looked at while it runs.
    await raw('CREATE TRIGGER breaks AFTER INSERT ON migrations BEGIN DELETE FROM locations; END');
    const [shape, rows] = [await shapeOf(database), await rowsOf(database, await columnsOf(database))];
    await expect(migrate(url)).rejects.toThrow(/leaves \d+ rows without their parent/);
    expect(await shapeOf(database)).toEqual(shape);
    expect(await rowsOf(database, await columnsOf(database))).toEqual(rows);
    await raw('DROP TRIGGER breaks');
    expect(await migrate(url)).toEqual(newest);
  });
});

test('a connection that is cut while it waits for another instance is told, and ends nothing else', async () => {
  const database = await openEmptyDatabase('postgres');
  const letGo = await holdMigrations(database.url);
  const way = await forwardTo(database.url);
  await way.open();
  try {
    const outcome = migrate(way.url).then(
      () => undefined,
      (error: unknown) => error,
    );
    await whoWaits(database.url);
    await way.cut();
    expect(isBusy(await outcome)).toBe(true);
    await letGo();
    expect(await migrate(database.url)).toEqual(migrationNames('postgres'));
  } finally {
    await letGo();
    await database.close();
  }
});

/** The names that another process applied. */
function migrateElsewhere(url: string): Promise<string[]> {
  const script = `
    const { migrate } = await import(${JSON.stringify(new URL('../../src/db/migrate.ts', import.meta.url).href)});
    console.log(JSON.stringify(await migrate(${JSON.stringify(url)})));
  `;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, problems] = ['', ''];
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      problems += text;
    });
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(out)) : reject(new Error(problems))));
  });
}
