import { and, asc, count, eq, gte, isNull, lte, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import { lineTopic, PEOPLE } from './changes.ts';
import { isTicketOf, ticketStatusOf } from './reservations.ts';
import { type P, query } from './store.ts';
import type { Tables } from './tables.ts';

// Who is expected: the reservations of a line's day, and of a place.

/** Every confirmed reservation of a place on a day, the earliest first. */
export const reservationsOfPlace = query(
  'reservations_of_place',
  (db, t, p: P<{ locationId: string; day: LocalDay }>) =>
    db
      .select({
        id: t.reservations.id,
        serviceId: t.reservations.serviceId,
        timeSlot: t.reservations.timeSlot,
        name: t.users.name,
        email: t.users.email,
        ticketStatus: ticketStatusOf(t),
      })
      .from(t.reservations)
      .leftJoin(t.users, eq(t.users.id, t.reservations.userId))
      .where(
        and(
          eq(t.reservations.locationId, p.locationId),
          eq(t.reservations.localDay, p.day),
          sql`${t.reservations.status} <> 'canceled'`,
          eq(t.reservations.status, 'confirmed'),
        ),
      )
      .orderBy(asc(t.reservations.timeSlot), asc(t.reservations.id)),
);

type FromDay = { locationId: string; from: LocalDay; idEnd: string };

/** The confirmed reservations of a place from a day on whose ids end so. */
export const confirmedFrom = query('confirmed_from', (db, t, p: P<FromDay>) =>
  db
    .select({ id: t.reservations.id, timeSlot: t.reservations.timeSlot, status: t.reservations.status })
    .from(t.reservations)
    .where(
      and(
        eq(t.reservations.locationId, p.locationId),
        gte(t.reservations.localDay, p.from),
        sql`${t.reservations.status} <> 'canceled' AND ${t.reservations.status} = 'confirmed'`,
        idEnds(t, p),
      ),
    ),
);

/** The same of the canceled ones. No index has them by their day, the facts have: so they are found by what canceled them. */
export const canceledFrom = query('canceled_from', (db, t, p: P<FromDay>) =>
  db
    .select({ id: t.reservations.id, timeSlot: t.reservations.timeSlot, status: t.reservations.status })
    .from(t.services)
    .innerJoin(
      t.events,
      and(
        eq(t.events.serviceId, t.services.id),
        gte(t.events.localDay, p.from),
        sql`${t.events.verb} = 'cancel'`,
      ),
    )
    .innerJoin(t.reservations, eq(t.reservations.id, t.events.reservationId))
    .where(
      and(eq(t.services.locationId, p.locationId), sql`${t.reservations.status} = 'canceled'`, idEnds(t, p)),
    ),
);

/** Whether an id ends so, in its last seven digits. */
function idEnds(t: Tables, { idEnd }: P<FromDay>) {
  return sql`substr(CAST(${t.reservations.id} AS text), 30) = ${idEnd}`;
}

/** The confirmed reservations of a day by their slot, with whether somebody has a ticket for it. */
export const confirmedOnDay = query(
  'confirmed_on_day',
  (db, t, p: P<{ serviceId: string; day: LocalDay }>) =>
    db
      .select({
        id: t.reservations.id,
        timeSlot: t.reservations.timeSlot,
        name: t.users.name,
        // SQLite answers 0 or 1.
        hasTicket: hasTicket(t),
      })
      .from(t.reservations)
      .leftJoin(t.users, eq(t.users.id, t.reservations.userId))
      .where(
        and(
          eq(t.reservations.serviceId, p.serviceId),
          eq(t.reservations.localDay, p.day),
          sql`${t.reservations.status} <> 'canceled' AND ${t.reservations.status} = 'confirmed'`,
        ),
      )
      .orderBy(asc(t.reservations.timeSlot), asc(t.reservations.id)),
  ({ serviceId, day }) => [lineTopic(serviceId, day), PEOPLE],
);

/** How many are expected, for each line that is not over. */
export const expectedByLine = query('expected_by_line', (db, t, p: P<{ from: LocalDay; to: LocalDay }>) =>
  db
    .select({ serviceId: t.queues.serviceId, day: t.queues.localDay, count: count() })
    .from(t.queues)
    .innerJoin(
      t.reservations,
      and(
        eq(t.reservations.serviceId, t.queues.serviceId),
        eq(t.reservations.localDay, t.queues.localDay),
        sql`${t.reservations.status} <> 'canceled' AND ${t.reservations.status} = 'confirmed'`,
      ),
    )
    .where(
      and(
        isNull(t.queues.endedAt),
        gte(t.queues.localDay, p.from),
        lte(t.queues.localDay, p.to),
        sql`NOT ${hasTicket(t)}`,
      ),
    )
    .groupBy(t.queues.serviceId, t.queues.localDay),
);

/** Whether somebody came for a reservation, gone again or not: nobody expects them any more. */
export function hasTicket(t: Tables) {
  return sql<boolean | number>`EXISTS (
    SELECT 1 FROM ${t.queueEntries} WHERE ${t.queueEntries.reservationId} = ${t.reservations.id} AND ${isTicketOf(t)}
  )`;
}
