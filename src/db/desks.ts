import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm';
import type { StaffedDesk } from '../domain/desk.ts';
import { byName } from '../domain/names.ts';
import { CATALOG, changesNothing, PEOPLE, STAFFING } from './changes.ts';
import { madeOnce } from './memory.ts';
import { type P, query, type Reader, statement } from './store.ts';
import type { Tables } from './tables.ts';

const columns = (t: Tables) => ({
  id: t.desks.id,
  locationId: t.desks.locationId,
  name: t.desks.name,
  staffedBy: t.desks.staffedBy,
  staffedAt: t.desks.staffedAt,
  pausedAt: t.desks.pausedAt,
  staffName: t.users.name,
  serviceId: t.deskServices.serviceId,
});

type DeskRow = Omit<StaffedDesk, 'serviceIds'> & { serviceId: string | null };

/** A row for each service of a desk that is in use. */
const oneDesk = query('desk_with_services', (db, t, p: P<{ id: string }>) =>
  db
    .select(columns(t))
    .from(t.desks)
    .leftJoin(t.users, eq(t.users.id, t.desks.staffedBy))
    .leftJoin(t.deskServices, eq(t.deskServices.deskId, t.desks.id))
    .where(and(eq(t.desks.id, p.id), isNull(t.desks.retiredAt))),
);

/** A desk with its services and who sits there; undefined for one that is not there. */
export async function deskWithServices(db: Reader, id: string): Promise<StaffedDesk | undefined> {
  return desksOf(await db.run(oneDesk, { id }))[0];
}

const everyDesk = query(
  'every_desk',
  (db, t) =>
    db
      .select(columns(t))
      .from(t.desks)
      .leftJoin(t.users, eq(t.users.id, t.desks.staffedBy))
      .leftJoin(t.deskServices, eq(t.deskServices.deskId, t.desks.id))
      .where(isNull(t.desks.retiredAt))
      .orderBy(asc(t.desks.id)),
  () => [CATALOG, STAFFING, PEOPLE],
);

/** The desks in use at every location, by name. */
export async function allDesks(db: Reader): Promise<readonly StaffedDesk[]> {
  return desksOf(await db.run(everyDesk, {}));
}

const named = (t: Tables) => ({
  id: t.desks.id,
  locationId: t.desks.locationId,
  name: t.desks.name,
  locationName: t.locations.name,
});

const everyRetiredDesk = query('every_retired_desk', (db, t) =>
  db
    .select(named(t))
    .from(t.desks)
    .innerJoin(t.locations, eq(t.locations.id, t.desks.locationId))
    .where(isNotNull(t.desks.retiredAt))
    .orderBy(asc(t.desks.id)),
);

/** The desks that are out of use, by name. */
export async function retiredDesks(db: Reader) {
  return (await db.run(everyRetiredDesk, {})).toSorted(byName);
}

/** What a desk is called and where it stands, in use or not. */
export const namedDesk = query('named_desk', (db, t, p: P<{ id: string }>) =>
  db
    .select(named(t))
    .from(t.desks)
    .innerJoin(t.locations, eq(t.locations.id, t.desks.locationId))
    .where(eq(t.desks.id, p.id)),
);

const desksOf = madeOnce((rows: readonly DeskRow[]): readonly StaffedDesk[] => {
  const byDesk = Map.groupBy(rows, ({ id }) => id);
  const desks = [...byDesk.values()].map((ofDesk) => {
    const { serviceId: _, ...desk } = ofDesk[0] as DeskRow;
    return { ...desk, serviceIds: ofDesk.flatMap(({ serviceId }) => serviceId ?? []).sort() };
  });
  return desks.sort(byName);
});

/**
 * Holds a desk's row until the transaction ends: what a desk serves is decided by one at a time, in whatever line it
 * stands. Always taken before any line's row. No row back when the desk is not in use.
 */
export const lockDesk = statement(
  'lock_desk',
  (db, t, p: P<{ id: string }>) =>
    db
      .update(t.desks)
      .set({ id: t.desks.id })
      .where(and(eq(t.desks.id, p.id), isNull(t.desks.retiredAt)))
      .returning({
        id: t.desks.id,
        locationId: t.desks.locationId,
        staffedBy: t.desks.staffedBy,
        pausedAt: t.desks.pausedAt,
      }),
  changesNothing,
);

/** The desk somebody sits at. */
export const deskOfPerson = query('desk_of_person', (db, t, p: P<{ userId: string }>) =>
  db
    .select({ id: t.desks.id })
    .from(t.desks)
    .where(and(eq(t.desks.staffedBy, p.userId), isNull(t.desks.retiredAt))),
);

/** Says who sits at a desk from now on; null for nobody. */
export const staffDesk = statement(
  'staff_desk',
  (db, t, p: P<{ id: string; userId: string | null; at: Date | null; now: Date }>) =>
    db
      .update(t.desks)
      .set({ staffedBy: p.userId, staffedAt: p.at, updatedAt: p.now })
      .where(eq(t.desks.id, p.id)),
  () => [STAFFING],
);

/** Pauses a desk since then, or lets it go on. */
export const pauseDesk = statement(
  'pause_desk',
  (db, t, p: P<{ id: string; pausedAt: Date | null; now: Date }>) =>
    db.update(t.desks).set({ pausedAt: p.pausedAt, updatedAt: p.now }).where(eq(t.desks.id, p.id)),
  () => [STAFFING],
);

export const insertDesk = statement(
  'insert_desk',
  (db, t, p: P<{ id: string; locationId: string; name: string; now: Date }>) =>
    db
      .insert(t.desks)
      .values({ id: p.id, locationId: p.locationId, name: p.name, createdAt: p.now, updatedAt: p.now }),
  () => [CATALOG],
);

export const renameDesk = statement(
  'rename_desk',
  (db, t, p: P<{ id: string; name: string; now: Date }>) =>
    db.update(t.desks).set({ name: p.name, updatedAt: p.now }).where(eq(t.desks.id, p.id)),
  () => [CATALOG],
);

/** Takes a desk out of use; whoever sits there gets up. */
export const retireDesk = statement(
  'retire_desk',
  (db, t, p: P<{ id: string; now: Date }>) =>
    db
      .update(t.desks)
      .set({ retiredAt: p.now, staffedBy: null, staffedAt: null, updatedAt: p.now })
      .where(and(eq(t.desks.id, p.id), isNull(t.desks.retiredAt)))
      .returning({ id: t.desks.id }),
  () => [CATALOG],
);

/** Puts a desk back in use, with nobody there and no pause. */
export const restoreDesk = statement(
  'restore_desk',
  (db, t, p: P<{ id: string; now: Date }>) =>
    db
      .update(t.desks)
      .set({ retiredAt: null, pausedAt: null, updatedAt: p.now })
      .where(and(eq(t.desks.id, p.id), isNotNull(t.desks.retiredAt)))
      .returning({ id: t.desks.id }),
  () => [CATALOG],
);

/** A desk without a service serves all of its location. */
export const clearDeskServices = statement(
  'clear_desk_services',
  (db, t, p: P<{ deskId: string }>) => db.delete(t.deskServices).where(eq(t.deskServices.deskId, p.deskId)),
  () => [CATALOG],
);

export const addDeskService = statement(
  'add_desk_service',
  (db, t, p: P<{ deskId: string; serviceId: string }>) =>
    db.insert(t.deskServices).values({ deskId: p.deskId, serviceId: p.serviceId }),
  () => [CATALOG],
);
