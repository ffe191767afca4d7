import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf } from '../../src/db/answers.ts';
import { boardPlace, noticesAt, openEntriesAt } from '../../src/db/board.ts';
import {
  delaysOfDay,
  eventsOfEntry,
  factsOfAction,
  isRecall,
  lastEventOf,
  lastFactOf,
  takenByPhone,
} from '../../src/db/events.ts';
import {
  canceledFrom,
  confirmedFrom,
  confirmedOnDay,
  expectedByLine,
  reservationsOfPlace,
} from '../../src/db/expected.ts';
import { changesSince, placesEndedSince } from '../../src/db/history.ts';
import { upcomingClosures } from '../../src/db/hours.ts';
import { locationsWithFigures } from '../../src/db/locations.ts';
import { pastReservationsOf, reservationsOf, standingReservationsOf } from '../../src/db/own-reservations.ts';
import {
  bookedByLine,
  countsByStatus,
  headsOfLine,
  openByService,
  queueVersion,
  unendedQueues,
  waitingByLine,
  waitingRanks,
} from '../../src/db/queue.ts';
import { bookedOnDays, visitsOfDays } from '../../src/db/report.ts';
import {
  bookingsOf,
  cancelReservation,
  moveReservation,
  reservationById,
  standingAt,
  standingReservations,
} from '../../src/db/reservations.ts';
import { lettersAt, serviceBySlug, workedServices } from '../../src/db/services.ts';
import type { Query, Reader, Statement } from '../../src/db/store.ts';
import { setEntryState } from '../../src/db/ticket-writes.ts';
import {
  entriesOfPlace,
  entryById,
  entryByToken,
  entryOfReservation,
  followedByToken,
  heldAtDesk,
  heldByDesk,
  openEntries,
} from '../../src/db/tickets.ts';
import { personBySession, userByEmail } from '../../src/db/users.ts';
import {
  completedOnDay,
  endedTickets,
  expectedAt,
  openTicketsAt,
  repeatsOfDays,
} from '../../src/db/waits.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { addDays } from '../../src/domain/days.ts';
import { newId } from '../../src/domain/id.ts';
import { projectRoot } from '../../src/root.ts';
import { book, buildScene, MONDAY, mondayAt, type Scene, walkIn } from '../support/builders.ts';
import { addCustomers } from '../support/cast.ts';
import { DIALECTS, openDatabase, type TestDatabase } from '../support/databases.ts';

type AnyQuery = Query<never, unknown> | Statement<never, unknown>;

test('every named query has a name of its own', () => {
  const folder = join(projectRoot, 'src/db');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/\b(?:query|statement)\(\s*'([^']+)'/g)].map(
        ([, name]) => name,
      ),
    );
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** The queries that a function of the query modules runs; nothing is asked of any database. */
async function queriesOf(work: (db: Reader) => Promise<unknown>): Promise<AnyQuery[]> {
  const seen: AnyQuery[] = [];
  await work({
    tables: undefined as never,
    run: async (query) => {
      seen.push(query as never);
      return [] as never;
    },
  });
  return seen;
}

/** Those that a page, a tap or a booking waits for, over tables that grow. */
async function hotQueries(): Promise<AnyQuery[]> {
  const [at, day, id] = [MONDAY, '2026-03-02', newId()];
  const inside = await Promise.all([
    queriesOf((db) => bookingsOf(db, id, day, day, at)),
    queriesOf((db) => headsOfLine(db, id, day, at)),
    queriesOf((db) => entryById(db, id)),
    queriesOf((db) => entryOfReservation(db, id)),
    queriesOf((db) => queueVersion(db, id, day)),
    queriesOf((db) => reservationById(db, id)),
    queriesOf((db) => serviceBySlug(db, 'x')),
    queriesOf((db) => personBySession(db, 'x', at)),
    queriesOf((db) => lastEventOf(db, id)),
    queriesOf((db) => eventsOfEntry(db, id)),
    queriesOf((db) => lastFactOf(db, id)),
    queriesOf((db) => isRecall(db, id, at)),
    queriesOf((db) => entryByToken(db, 'x')),
    queriesOf((db) => followedByToken(db, 'x')),
    queriesOf((db) => delaysOfDay(db, { locationId: id, day })),
    queriesOf((db) => repeatsOfDays(db, { locationId: id, from: day, to: day })),
  ]);
  const named = [
    openEntries,
    waitingRanks,
    countsByStatus,
    heldByDesk,
    heldAtDesk,
    entriesOfPlace,
    factsOfAction,
    changesSince,
    setEntryState,
    unendedQueues,
    moveReservation,
    cancelReservation,
    standingReservationsOf,
    pastReservationsOf,
    reservationsOf,
    userByEmail,
    answerOf,
    visitsOfDays,
    bookedOnDays,
    locationsWithFigures,
    completedOnDay,
    openTicketsAt,
    boardPlace,
    openEntriesAt,
    noticesAt,
    placesEndedSince,
    takenByPhone,
    waitingByLine,
    bookedByLine,
    upcomingClosures,
  ];
  return [...inside.flat(), ...(named as unknown as AnyQuery[])];
}

const LARGE = 'reservations|queue_entries|users|sessions|events|queues|closures|answers';

describe.each(DIALECTS)('with thousands of rows on %s', (dialect) => {
  let database: TestDatabase;
  let scene: Scene;

  beforeAll(async () => {
    database = await openDatabase(dialect);
    scene = await buildScene(database.store, { capacity: 40 });
    await fill(database, scene);
  }, 60_000);
  afterAll(() => database.close());

  test('no hot query reads a large table from end to end', async () => {
    const queries = await hotQueries();
    expect(queries.length).toBeGreaterThan(20);
    for (const query of queries) {
      const plan = await planOf(database, query);
      expect(plan, query.name).not.toMatch(
        dialect === 'postgres' ? new RegExp(`Seq Scan on (${LARGE})\\b`) : new RegExp(`SCAN (${LARGE})\\b`),
      );
    }
  });

  test.each([
    ['bookings_of_days', /reservations_day/],
    ['first_due', /queue_entries_(next|due)/],
    ['first_later', /queue_entries_due/],
    ['open_entries', /queue_entries_day/],
    ['standing_reservations_of', /reservations_user/],
    ['entry_by_reservation', /queue_entries_(booking|reservation)/],
    ['unended_queues', /queues_open/],
    ['last_event_of_entry', /events_entry/],
    ['events_of_entry', /events_entry/],
    ['visits_of_days', /queue_entries_place/],
    ['booked_on_days', /reservations_place/],
    ['completed_on_day', /queue_entries_place/],
    ['open_tickets_at', /queue_entries_place/],
    ['notices_at', /queues_place/],
    ['upcoming_closures', /closures_upcoming/],
    ['repeats_of_days', /events_repeated/],
    ['delays_of_day', /events_day/],
  ])('%s has its index', async (name, index) => {
    const query = (await hotQueries()).find((one) => one.name === name) as AnyQuery;
    expect(await planOf(database, query)).toMatch(index);
  });

  test('those that read many rows of a day need no large table from end to end either', async () => {
    // With a few thousand rows PostgreSQL may still prefer it; what counts is that there is another way.
    for (const query of [
      ...(await queriesOf((db) => workedServices(db))),
      canceledFrom,
      confirmedFrom,
      confirmedOnDay,
      standingReservations,
      standingAt,
      reservationsOfPlace,
      endedTickets,
      expectedAt,
      expectedByLine,
      lettersAt,
      openByService,
    ] as unknown as AnyQuery[]) {
      const plan = await planOf(database, query, '-c enable_seqscan=off');
      expect(plan, query.name).not.toMatch(
        dialect === 'postgres' ? new RegExp(`Seq Scan on (${LARGE})\\b`) : new RegExp(`SCAN (${LARGE})\\b`),
      );
    }
  });

  test('the plans are those of queries that could go wrong', async () => {
    const scan = {
      name: 'scan',
      build: (db: { select(): never }, t: { users: { name: unknown } }) =>
        (db.select() as { from(table: unknown): never }).from(t.users),
    };
    expect(await planOf(database, scan as never)).toMatch(/Seq Scan on users|SCAN users/);
  });

  test('booking looks at its own day only', async () => {
    if (dialect === 'sqlite') {
      const triggers = await database.raw(
        `SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'reservations_%'`,
      );
      expect(triggers.length).toBeGreaterThan(1);
      for (const { name, sql } of triggers) {
        const body = String(sql)
          .replace(/^[\s\S]*?\nBEGIN/, '')
          .replace(/END;?\s*$/, '');
        // The statements of the trigger, as if they stood alone.
        const statements = body
          .replaceAll(/RAISE\([^)]*\)/g, '1')
          .replaceAll(/\b(NEW|OLD)\.\w+/g, "'x'")
          .split(';')
          .filter((part) => part.trim());
        for (const statement of statements) {
          const plan = await database.raw(`EXPLAIN QUERY PLAN ${statement}`);
          expect(plan.map(({ detail }) => detail).join('\n'), `${name}: ${statement}`).not.toMatch(
            /SCAN (reservations|queues|a|b)\b/,
          );
        }
      }
      return;
    }
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const scans = async () => {
      await client.query('SELECT pg_stat_force_next_flush()');
      const { rows } = await client.query(
        `SELECT sum(seq_scan)::int AS scans, sum(idx_scan)::int AS found FROM pg_stat_user_tables WHERE relname IN ('reservations', 'queues')`,
      );
      return rows[0] as { scans: number; found: number };
    };
    await scans();
    const before = await scans();
    // More than five, so that the statements of the function have their generic plans.
    const moved = await client.query(
      `SELECT id FROM reservations WHERE user_id IS NOT NULL AND local_day = '2026-03-20' LIMIT 12`,
    );
    expect(moved.rowCount).toBe(12);
    const afterReading = await scans();
    for (const { id } of moved.rows) {
      await client.query(
        `UPDATE reservations SET time_slot = time_slot + interval '1 minute', ends_at = ends_at + interval '1 minute' WHERE id = $1`,
        [id],
      );
    }
    const after = await scans();
    await client.end();
    expect(after.found - before.found).toBeGreaterThan(24);
    expect(after.scans).toBe(afterReading.scans);
  });
});

/** The plan that fits every value: what a prepared statement ends up with. */
async function planOf(database: TestDatabase, query: AnyQuery, settings = ''): Promise<string> {
  const { dialect, store } = database;
  const memory = new Database(':memory:');
  const db =
    dialect === 'postgres'
      ? drizzlePostgres.mock({ casing: 'snake_case' })
      : drizzleSqlite(memory, { casing: 'snake_case' });
  const built = query.build(db as never, store.tables, (value) => value) as unknown as {
    toSQL(): { sql: string; params: unknown[] };
  };
  const { sql, params } = built.toSQL();
  memory.close();
  if (dialect === 'postgres') {
    const client = new pg.Client({ connectionString: database.url, options: settings });
    await client.connect();
    const { rows } = await client.query(`EXPLAIN (GENERIC_PLAN) ${sql}`);
    await client.end();
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }
  const file = new Database(database.url.replace('file:', ''), { readonly: true });
  const rows = file.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...params.map(() => null)) as {
    detail: string;
  }[];
  file.close();
  return rows.map(({ detail }) => detail).join('\n');
}

async function fill({ dialect, store, raw }: TestDatabase, scene: Scene): Promise<void> {
  const people = await addCustomers(store, 2_000);
  const { service, location } = scene;
  if (dialect === 'postgres') await raw('ALTER TABLE reservations DISABLE TRIGGER USER');
  const times = { createdAt: MONDAY, updatedAt: MONDAY };
  for (let part = 0; part < 10; part++) {
    await store.transaction(async (tx) => {
      const { reservations, queueEntries, sessions, events, queues, closures, answers } = tx.tables;
      const booked = people.slice(part * 200, part * 200 + 200).flatMap((person, index) =>
        [0, 1].map((turn) => {
          const localDay = addDays('2026-03-01', part * 2 + turn);
          const timeSlot = addMinutes(new Date(`${localDay}T08:00:00Z`), (index % 16) * 30);
          return {
            id: newId(),
            serviceId: service.id,
            locationId: location.id,
            userId: person.id,
            localDay,
            timeSlot,
            endsAt: addMinutes(timeSlot, 30),
            status: 'confirmed' as const,
            ...times,
          };
        }),
      );
      await tx.write.insert(reservations).values(booked);
      await tx.write.insert(queueEntries).values(
        booked.map((row, index) => ({
          id: newId(),
          reservationId: row.id,
          serviceId: service.id,
          originServiceId: service.id,
          locationId: location.id,
          localDay: row.localDay,
          position: 1_000 + part * 1_000 + index,
          number: `A${index}`,
          status: index % 10 ? ('completed' as const) : ('waiting' as const),
          dueAt: row.timeSlot,
          effectiveAt: row.timeSlot,
          arrivedAt: row.timeSlot,
          ...times,
        })),
      );
      await tx.write
        .insert(sessions)
        .values(
          people
            .slice(part * 200, part * 200 + 200)
            .map(({ id: userId }) => ({ id: newId(), token: newId(), userId, expiresAt: MONDAY, ...times })),
        );
      await tx.write.insert(events).values(
        booked.map(({ id, localDay }) => ({
          id: newId(),
          at: MONDAY,
          verb: 'book',
          serviceId: service.id,
          localDay,
          reservationId: id,
          entryId: newId(),
        })),
      );
      await tx.write.insert(closures).values(
        Array.from({ length: 300 }, (_, index) => ({
          id: newId(),
          locationId: location.id,
          day: addDays('2015-01-01', part * 300 + index),
          kind: 'closed' as const,
          ...times,
        })),
      );
      await tx.write.insert(queues).values(
        Array.from({ length: 300 }, (_, index) => ({
          serviceId: service.id,
          localDay: addDays('2015-01-01', part * 300 + index),
          locationId: location.id,
          endedAt: MONDAY,
        })),
      );
      await tx.write.insert(answers).values(
        people.slice(part * 200, part * 200 + 200).map(({ id }) => ({
          owner: id,
          method: 'POST',
          path: '/x',
          key: newId(),
          bodyHash: 'h',
          createdAt: MONDAY,
        })),
      );
    });
  }
  if (dialect === 'postgres') await raw('ALTER TABLE reservations ENABLE TRIGGER USER');
  await book(scene, scene.cast.customer, mondayAt('10:00'));
  scene.clock.set(MONDAY);
  await walkIn({ ...scene, act: scene.act });
  // PostgreSQL does so by itself; SQLite has to do without, since nobody tells it to.
  if (dialect === 'postgres') await raw('VACUUM ANALYZE');
}
