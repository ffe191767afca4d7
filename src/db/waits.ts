import { and, between, desc, eq, isNull, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import type { Repeat } from '../domain/past.ts';
import { CATALOG } from './changes.ts';
import type { EntryBefore } from './events.ts';
import { hasTicket } from './expected.ts';
import { closureColumns, type Hours, rulesByService } from './hours.ts';
import { type P, query, type Reader } from './store.ts';

type Days = { locationId: string; from: LocalDay; to: LocalDay };

type Place = { locationId: string; day: LocalDay };

/** The tickets of a location's day that are not over, in no order and without anything of whose they are. */
export const openTicketsAt = query('open_tickets_at', (db, t, p: P<Place>) =>
  db
    .select({
      id: t.queueEntries.id,
      serviceId: t.queueEntries.serviceId,
      status: t.queueEntries.status,
      dueAt: t.queueEntries.dueAt,
      effectiveAt: t.queueEntries.effectiveAt,
      arrivedAt: t.queueEntries.arrivedAt,
      calledAt: t.queueEntries.calledAt,
      startedAt: t.queueEntries.startedAt,
      parkedAt: t.queueEntries.parkedAt,
      awayUntil: t.queueEntries.awayUntil,
      deskId: t.queueEntries.deskId,
    })
    .from(t.queueEntries)
    .where(
      and(
        eq(t.queueEntries.locationId, p.locationId),
        eq(t.queueEntries.localDay, p.day),
        sql`${t.queueEntries.status} IN ('waiting', 'called', 'in_service', 'parked')`,
      ),
    ),
);

/** The slots of a location's day that are reserved by somebody who has no ticket yet; who came and left is not expected. */
export const expectedAt = query('expected_at', (db, t, p: P<Place>) =>
  db
    .select({ serviceId: t.reservations.serviceId, timeSlot: t.reservations.timeSlot })
    .from(t.reservations)
    .where(
      and(
        eq(t.reservations.locationId, p.locationId),
        eq(t.reservations.localDay, p.day),
        sql`${t.reservations.status} <> 'canceled' AND ${t.reservations.status} = 'confirmed'`,
        sql`NOT ${hasTicket(t)}`,
      ),
    ),
);

const closuresOfPlace = query(
  'closures_of_place',
  (db, t, p: P<Place>) =>
    db
      .select(closureColumns(t))
      .from(t.closures)
      .where(and(eq(t.closures.locationId, p.locationId), eq(t.closures.day, p.day))),
  () => [CATALOG],
);

/** The weekly hours and the exceptions of a day, for each service of a location. Two queries, which are kept. */
export async function hoursAt(db: Reader, place: Place): Promise<(serviceId: string) => Hours> {
  const [rules, closures] = await Promise.all([rulesByService(db), db.run(closuresOfPlace, place)]);
  return (id) => ({
    rules: rules.get(id) ?? [],
    closures: closures.filter(({ serviceId }) => serviceId === null || serviceId === id),
  });
}

/** The tickets of a location that ended, from one day to another, in no order. Not those of reservations that moved on. */
export const endedTickets = query('ended_tickets', (db, t, p: P<Days>) =>
  db
    .select({
      id: t.queueEntries.id,
      reservationId: t.queueEntries.reservationId,
      serviceId: t.queueEntries.serviceId,
      originServiceId: t.queueEntries.originServiceId,
      localDay: t.queueEntries.localDay,
      status: t.queueEntries.status,
      priority: t.queueEntries.priority,
      arrivedAt: t.queueEntries.arrivedAt,
      calledAt: t.queueEntries.calledAt,
      startedAt: t.queueEntries.startedAt,
      endedAt: t.queueEntries.endedAt,
      parkedAt: t.queueEntries.parkedAt,
      timeSlot: t.reservations.timeSlot,
    })
    .from(t.queueEntries)
    .leftJoin(t.reservations, eq(t.reservations.id, t.queueEntries.reservationId))
    .where(
      and(
        eq(t.queueEntries.locationId, p.locationId),
        between(t.queueEntries.localDay, p.from, p.to),
        sql`${t.queueEntries.status} IN ('completed', 'skipped', 'left') AND NOT ${t.queueEntries.voided}`,
        sql`(${t.queueEntries.reservationId} IS NULL
          OR (${t.reservations.status} = 'confirmed' AND ${t.reservations.localDay} = ${t.queueEntries.localDay}))`,
      ),
    ),
);

/** The tickets of a location's day that were completed, with the highest numbers; more would change nothing. */
export const completedOnDay = query('completed_on_day', (db, t, p: P<Place>) =>
  db
    .select({
      id: t.queueEntries.id,
      serviceId: t.queueEntries.serviceId,
      deskId: t.queueEntries.deskId,
      status: t.queueEntries.status,
      calledAt: t.queueEntries.calledAt,
      startedAt: t.queueEntries.startedAt,
      endedAt: t.queueEntries.endedAt,
      parkedAt: t.queueEntries.parkedAt,
    })
    .from(t.queueEntries)
    .where(
      and(
        eq(t.queueEntries.locationId, p.locationId),
        eq(t.queueEntries.localDay, p.day),
        sql`${t.queueEntries.status} = 'completed'`,
      ),
    )
    .orderBy(desc(t.queueEntries.position))
    .limit(1000),
);

const repeated = query('repeats_of_days', (db, t, p: P<Days>) =>
  db
    .select({ entryId: t.events.entryId, verb: t.events.verb, at: t.events.at, before: t.events.before })
    .from(t.events)
    .where(
      and(
        eq(t.events.locationId, p.locationId),
        between(t.events.localDay, p.from, p.to),
        // Word for word the condition of the index, or SQLite does not use it.
        sql`(${t.events.verb} = 'park' OR ${t.events.verb} = 'recall' OR ${t.events.verb} = 'requeue'
          OR ${t.events.verb} = 'reinstate' OR ${t.events.verb} = 'transfer' OR ${t.events.verb} = 'delay')`,
        isNull(t.events.undoneAt),
      ),
    ),
);

/** What made tickets of a location forget their times, from one day to another, and was not taken back, in no order. */
export async function repeatsOfDays(db: Reader, days: Days): Promise<Repeat[]> {
  const rows = await db.run(repeated, days);
  return rows.flatMap(({ entryId, verb, at, before }) =>
    entryId && before ? [{ entryId, verb, at, ...timesIn(before) }] : [],
  );
}

/** An event keeps times as texts. */
function timesIn(before: EntryBefore): Pick<Repeat, 'dueAt' | 'calledAt' | 'startedAt'> {
  const time = (text: unknown) => (typeof text === 'string' ? new Date(text) : null);
  const { dueAt, calledAt, startedAt } = before;
  return { dueAt: new Date(dueAt as string), calledAt: time(calledAt), startedAt: time(startedAt) };
}
