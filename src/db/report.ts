import { and, between, count, eq, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import { isTicketOf } from './reservations.ts';
import { type P, query } from './store.ts';

type Days = { locationId: string; from: LocalDay; to: LocalDay };

/**
 * The tickets of a location from one day to another, in no order. Not those of reservations that were canceled or moved
 * to another day, nor those left before their reservation moved (domain/reservation's isTicketOf), nor void ones. Each
 * reservation is looked up for itself: joined, PostgreSQL would read them all.
 */
export const visitsOfDays = query('visits_of_days', (db, t, p: P<Days>) =>
  db
    .select({
      id: t.queueEntries.id,
      reservationId: t.queueEntries.reservationId,
      serviceId: t.queueEntries.serviceId,
      originServiceId: t.queueEntries.originServiceId,
      localDay: t.queueEntries.localDay,
      status: t.queueEntries.status,
      dueAt: t.queueEntries.dueAt,
      arrivedAt: t.queueEntries.arrivedAt,
      calledAt: t.queueEntries.calledAt,
      startedAt: t.queueEntries.startedAt,
      endedAt: t.queueEntries.endedAt,
      parkedAt: t.queueEntries.parkedAt,
      placedBy: t.queueEntries.placedBy,
      estimatedLow: t.queueEntries.estimatedLow,
      estimatedHigh: t.queueEntries.estimatedHigh,
    })
    .from(t.queueEntries)
    .where(
      and(
        eq(t.queueEntries.locationId, p.locationId),
        between(t.queueEntries.localDay, p.from, p.to),
        sql`NOT ${t.queueEntries.voided}`,
        sql`coalesce((
          SELECT ${t.reservations.status} = 'confirmed' AND ${t.reservations.localDay} = ${t.queueEntries.localDay}
            AND ${isTicketOf(t)}
          FROM ${t.reservations} WHERE ${t.reservations.id} = ${t.queueEntries.reservationId}
        ), TRUE)`,
      ),
    ),
);

/** How many reservations stand for each service of a location, on each day from one to another. */
export const bookedOnDays = query('booked_on_days', (db, t, p: P<Days>) =>
  db
    .select({ serviceId: t.reservations.serviceId, day: t.reservations.localDay, count: count() })
    .from(t.reservations)
    .where(
      and(
        eq(t.reservations.locationId, p.locationId),
        between(t.reservations.localDay, p.from, p.to),
        sql`${t.reservations.status} <> 'canceled' AND ${t.reservations.status} = 'confirmed'`,
      ),
    )
    .groupBy(t.reservations.serviceId, t.reservations.localDay),
);
