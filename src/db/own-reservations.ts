import { and, asc, desc, eq, gt, ne, sql } from 'drizzle-orm';
import type { Reservation } from '../domain/reservation.ts';
import { notHeld, reservationColumns, ticketStatusOf } from './reservations.ts';
import { type P, query, type ReadBuilder } from './store.ts';
import type { Tables } from './tables.ts';

const listed = (t: Tables) => ({
  ...reservationColumns(t),
  service: {
    name: t.services.name,
    slug: t.services.slug,
    timeZone: t.locations.timeZone,
    locationName: t.locations.name,
  },
  ticketStatus: ticketStatusOf(t),
});

const withServices = (db: ReadBuilder, t: Tables) =>
  db
    .select(listed(t))
    .from(t.reservations)
    .innerJoin(t.services, eq(t.services.id, t.reservations.serviceId))
    .innerJoin(t.locations, eq(t.locations.id, t.reservations.locationId));

/** Somebody's reservations from a moment on that were not canceled, the next first. Holds are in no list. */
export const standingReservationsOf = query(
  'standing_reservations_of',
  (db, t, p: P<{ userId: string; since: Date }>) =>
    withServices(db, t)
      .where(
        and(
          eq(t.reservations.userId, p.userId),
          gt(t.reservations.timeSlot, p.since),
          ne(t.reservations.status, 'canceled'),
          notHeld(t),
        ),
      )
      .orderBy(asc(t.reservations.timeSlot), asc(t.reservations.id))
      .limit(PAGE),
);

/** Before which reservation the next page of a list begins, the list having the latest first. */
export type Cursor = Pick<Reservation, 'timeSlot' | 'id'>;

/** Later than every reservation. */
export const LATEST: Cursor = {
  timeSlot: new Date('9999-12-31T23:59:59Z'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

/** Somebody's reservations until a moment, and those canceled, the latest first; one more than a page has, if there are more. */
export const pastReservationsOf = query(
  'past_reservations_of',
  (db, t, p: P<{ userId: string; until: Date } & Cursor>) =>
    withServices(db, t)
      .where(
        and(
          eq(t.reservations.userId, p.userId),
          isBefore(t, p),
          sql`(${t.reservations.timeSlot} <= ${p.until} OR ${t.reservations.status} = 'canceled')`,
          notHeld(t),
        ),
      )
      .orderBy(desc(t.reservations.timeSlot), desc(t.reservations.id))
      .limit(PAGE + 1),
);

/** Somebody's reservations in every state, the latest first; one more than a page has, if there are more. */
export const reservationsOf = query('reservations_of', (db, t, p: P<{ userId: string } & Cursor>) =>
  db
    .select(reservationColumns(t))
    .from(t.reservations)
    .where(and(eq(t.reservations.userId, p.userId), isBefore(t, p), notHeld(t)))
    .orderBy(desc(t.reservations.timeSlot), desc(t.reservations.id))
    .limit(PAGE + 1),
);

/** How many a page of a list shows. */
export const PAGE = 200;

function isBefore(t: Tables, p: P<Cursor>) {
  return sql`(${t.reservations.timeSlot}, ${t.reservations.id}) < (${p.timeSlot}, ${p.id})`;
}
