import { and, asc, between, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import { byName } from '../domain/names.ts';
import { CATALOG, changesNothing } from './changes.ts';
import { inOrder, type P, query, type ReadBuilder, statement } from './store.ts';
import type { Tables } from './tables.ts';

const locations = (db: ReadBuilder, t: Tables) =>
  db
    .select({
      id: t.locations.id,
      name: t.locations.name,
      slug: t.locations.slug,
      timeZone: t.locations.timeZone,
      retiredAt: t.locations.retiredAt,
    })
    .from(t.locations);

/** Those in use, by name. */
export const allLocations = inOrder(
  query('all_locations', (db, t) =>
    locations(db, t).where(isNull(t.locations.retiredAt)).orderBy(asc(t.locations.id)),
  ),
  byName,
);

export const retiredLocations = inOrder(
  query('retired_locations', (db, t) =>
    locations(db, t).where(isNotNull(t.locations.retiredAt)).orderBy(asc(t.locations.id)),
  ),
  byName,
);

/** Those in use and those that were, with when they were retired. */
export const everyLocation = inOrder(
  query('every_location', (db, t) => locations(db, t).orderBy(asc(t.locations.id))),
  byName,
);

/** Where somebody had a ticket or a reservation from one day to another, retired locations included. */
export const locationsWithFigures = query(
  'locations_with_figures',
  (db, t, p: P<{ from: LocalDay; to: LocalDay }>) =>
    db
      .select({ id: t.locations.id })
      .from(t.locations)
      .where(
        sql`EXISTS (
        SELECT 1 FROM ${t.queueEntries}
        WHERE ${t.queueEntries.locationId} = ${t.locations.id}
          AND ${between(t.queueEntries.localDay, p.from, p.to)} AND NOT ${t.queueEntries.voided}
      ) OR EXISTS (
        SELECT 1 FROM ${t.reservations}
        WHERE ${t.reservations.locationId} = ${t.locations.id}
          AND ${between(t.reservations.localDay, p.from, p.to)}
          AND ${t.reservations.status} <> 'canceled' AND ${t.reservations.status} = 'confirmed'
      )`,
      ),
);

/** The addresses of locations and services, of the retired ones too: boards hang at both, and none is given twice. */
export const takenSlugs = query('taken_slugs', (db, t) =>
  db
    .select({ slug: t.locations.slug })
    .from(t.locations)
    .unionAll(db.select({ slug: t.services.slug }).from(t.services)),
);

export const locationById = query('location_by_id', (db, t, p: P<{ id: string }>) =>
  db.select().from(t.locations).where(eq(t.locations.id, p.id)),
);

export const insertLocation = statement(
  'insert_location',
  (db, t, p: P<{ id: string; name: string; slug: string; timeZone: string; now: Date }>) =>
    db
      .insert(t.locations)
      .values({
        id: p.id,
        name: p.name,
        slug: p.slug,
        timeZone: p.timeZone,
        createdAt: p.now,
        updatedAt: p.now,
      })
      .returning(),
  () => [CATALOG],
);

export const updateLocation = statement(
  'update_location',
  (db, t, p: P<{ id: string; name: string; timeZone: string; now: Date }>) =>
    db
      .update(t.locations)
      .set({ name: p.name, timeZone: p.timeZone, updatedAt: p.now })
      .where(and(eq(t.locations.id, p.id), isNull(t.locations.retiredAt)))
      .returning(),
  () => [CATALOG],
);

/** What the board of a location shows besides numbers. */
export const setBoard = statement(
  'set_board',
  (db, t, p: P<{ id: string; boardNames: boolean; boardMessage: string }>) =>
    db
      .update(t.locations)
      .set({ boardNames: p.boardNames, boardMessage: p.boardMessage })
      .where(eq(t.locations.id, p.id)),
  () => [CATALOG],
);

export const retireLocation = statement(
  'retire_location',
  (db, t, p: P<{ id: string; now: Date }>) =>
    db
      .update(t.locations)
      .set({ retiredAt: p.now, updatedAt: p.now })
      .where(and(eq(t.locations.id, p.id), isNull(t.locations.retiredAt)))
      .returning(),
  () => [CATALOG],
);

export const restoreLocation = statement(
  'restore_location',
  (db, t, p: P<{ id: string; now: Date }>) =>
    db
      .update(t.locations)
      .set({ retiredAt: null, updatedAt: p.now })
      .where(and(eq(t.locations.id, p.id), isNotNull(t.locations.retiredAt)))
      .returning({ id: t.locations.id }),
  () => [CATALOG],
);

/** Holds a location that is in use, so that nobody retires it or opens a service there meanwhile. */
export const lockLocation = statement(
  'lock_location',
  (db, t, p: P<{ id: string }>) =>
    db
      .update(t.locations)
      .set({ id: t.locations.id })
      .where(and(eq(t.locations.id, p.id), isNull(t.locations.retiredAt)))
      .returning({ timeZone: t.locations.timeZone }),
  changesNothing,
);

/**
 * Holds the first location there ever was, retired or not: it stands for the names of all of them, and for the addresses
 * of services. Always taken before any other location. No row back as long as there is none.
 */
export const lockLocationNames = statement(
  'lock_location_names',
  (db, t) =>
    db
      .update(t.locations)
      .set({ id: t.locations.id })
      .where(sql`${t.locations.id} = (SELECT id FROM locations ORDER BY id LIMIT 1)`)
      .returning({ id: t.locations.id }),
  changesNothing,
);

/** Whether the location has a service that is not retired. */
export const activeServiceAt = query('active_service_at', (db, t, p: P<{ id: string }>) =>
  db
    .select({ id: t.services.id })
    .from(t.services)
    .where(and(eq(t.services.locationId, p.id), isNull(t.services.retiredAt)))
    .limit(1),
);
