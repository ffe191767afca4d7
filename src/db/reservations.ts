import { and, asc, count, eq, gt, gte, ne, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Booking } from '../domain/slots.ts';
import type { EntryStatus } from '../domain/ticket.ts';
import { bookingsTopic, changesNothing, lineTopic, serviceTopic } from './changes.ts';
import { type P, query, type Reader, statement } from './store.ts';
import type { Tables } from './tables.ts';
import { leftLast } from './tickets.ts';

/** All of a reservation. */
export const reservationColumns = (t: Tables) => ({
  id: t.reservations.id,
  serviceId: t.reservations.serviceId,
  locationId: t.reservations.locationId,
  userId: t.reservations.userId,
  localDay: t.reservations.localDay,
  timeSlot: t.reservations.timeSlot,
  endsAt: t.reservations.endsAt,
  party: t.reservations.party,
  status: t.reservations.status,
  holdExpiresAt: t.reservations.holdExpiresAt,
  createdAt: t.reservations.createdAt,
  updatedAt: t.reservations.updatedAt,
});

/** Whether a reservation's ticket says something about where the reservation now stands; see domain/reservation. */
export function isTicketOf(t: Tables) {
  return sql`NOT (${t.queueEntries.voided}
    OR (${t.queueEntries.status} = 'left' AND ${t.queueEntries.endedAt} < ${t.reservations.updatedAt}))`;
}

/** The state of the ticket that tells what became of a reservation; null without one. */
export function ticketStatusOf(t: Tables) {
  return sql<EntryStatus | null>`(
    SELECT ${t.queueEntries.status} FROM ${t.queueEntries}
    WHERE ${t.queueEntries.reservationId} = ${t.reservations.id} AND ${isTicketOf(t)}
    ORDER BY ${leftLast(t)}, ${t.queueEntries.id} DESC LIMIT 1
  )`;
}

const byId = query(
  'reservation_by_id',
  (db, t, p: P<{ id: string }>) =>
    db.select(reservationColumns(t)).from(t.reservations).where(eq(t.reservations.id, p.id)),
  // It may be moved to another day, never to another service.
  (_, [reservation]) => reservation && [serviceTopic(reservation.serviceId)],
);

/** A reservation, holds and canceled ones included. */
export async function reservationById(db: Reader, id: string): Promise<Reservation | undefined> {
  return (await db.run(byId, { id }))[0];
}

/** Holds are in no list. */
export function notHeld(t: Tables) {
  return sql`NOT (${t.reservations.status} = 'pending' AND ${t.reservations.holdExpiresAt} IS NOT NULL)`;
}

const bookings = query(
  'bookings_of_days',
  (db, t, p: P<{ serviceId: string; from: LocalDay; to: LocalDay }>) =>
    db
      .select({
        localDay: t.reservations.localDay,
        timeSlot: t.reservations.timeSlot,
        endsAt: t.reservations.endsAt,
        heldUntil: heldUntil(t).as('held_until'),
        // As a whole number: PostgreSQL's own sum of integers is a bigint, and comes as text.
        party: sql<number>`CAST(SUM(${t.reservations.party}) AS integer)`,
      })
      .from(t.reservations)
      .where(
        and(
          eq(t.reservations.serviceId, p.serviceId),
          gte(t.reservations.localDay, p.from),
          sql`${t.reservations.localDay} <= ${p.to}`,
          sql`${t.reservations.status} <> 'canceled'`,
        ),
      )
      .groupBy(t.reservations.localDay, t.reservations.timeSlot, t.reservations.endsAt, heldUntil(t)),
  ({ serviceId }) => [bookingsTopic(serviceId)],
);

/** Until when a hold keeps its place; null for a booking. */
function heldUntil(t: Tables) {
  return sql<Date | null>`CASE WHEN ${t.reservations.status} = 'pending' THEN ${t.reservations.holdExpiresAt} END`.mapWith(
    t.reservations.holdExpiresAt,
  );
}

/** What fills a service's slots from one day to another, both included; those of the same time are one, added up. */
export async function bookingsOf(
  db: Reader,
  serviceId: string,
  from: LocalDay,
  to: LocalDay,
  now: Date,
): Promise<(Booking & { localDay: LocalDay })[]> {
  const rows = await db.run(bookings, { serviceId, from, to });
  return rows.filter(({ heldUntil: until }) => until === null || until > now);
}

/** Standing reservations from now on, for what a change of the rules would do to them. */
export const standingReservations = query(
  'standing_reservations',
  (db, t, p: P<{ serviceId: string; from: LocalDay; now: Date }>) =>
    db
      .select({ ...reservationColumns(t), name: t.users.name, email: t.users.email })
      .from(t.reservations)
      .leftJoin(t.users, eq(t.users.id, t.reservations.userId))
      .where(
        and(
          eq(t.reservations.serviceId, p.serviceId),
          gte(t.reservations.localDay, p.from),
          sql`${t.reservations.status} <> 'canceled'`,
          gt(t.reservations.timeSlot, p.now),
          notHeld(t),
        ),
      )
      .orderBy(asc(t.reservations.timeSlot), asc(t.reservations.id)),
);

/** Whether anybody still has a reservation at the location, whose times a new zone would move. */
export const standingAt = query('standing_at', (db, t, p: P<{ locationId: string; from: LocalDay }>) =>
  db
    .select({ id: t.reservations.id })
    .from(t.reservations)
    .innerJoin(t.services, eq(t.services.id, t.reservations.serviceId))
    .where(
      and(
        eq(t.services.locationId, p.locationId),
        gte(t.reservations.localDay, p.from),
        sql`${t.reservations.status} <> 'canceled'`,
      ),
    )
    .limit(1),
);

/** How many reservations still stand at a location. */
export const countStandingAt = query(
  'count_standing_at',
  (db, t, p: P<{ locationId: string; from: LocalDay; now: Date }>) =>
    db
      .select({ count: count() })
      .from(t.reservations)
      .where(
        and(
          eq(t.reservations.locationId, p.locationId),
          gte(t.reservations.localDay, p.from),
          sql`${t.reservations.status} <> 'canceled'`,
          gt(t.reservations.timeSlot, p.now),
          notHeld(t),
        ),
      ),
);

/** A slot that was found by the rules of that version of its service; null where the rules are not asked. */
type ByRules = { rulesVersion: number | null; now: Date };

type NewReservation = Pick<Reservation, keyof Reservation> & Pick<ByRules, 'rulesVersion'>;

/** The capacity trigger stands behind this; it refuses as `slot_full`, `already_booked` or `RulesChanged`. */
export const insertReservation = statement(
  'insert_reservation',
  (db, t, p: P<NewReservation>) =>
    db.insert(t.reservations).values({
      id: p.id,
      serviceId: p.serviceId,
      locationId: p.locationId,
      userId: p.userId,
      localDay: p.localDay,
      timeSlot: p.timeSlot,
      endsAt: p.endsAt,
      party: p.party,
      status: p.status,
      holdExpiresAt: p.holdExpiresAt,
      rulesVersion: p.rulesVersion,
      createdAt: p.createdAt,
      updatedAt: p.updatedAt,
    }),
  ({ serviceId, localDay }) => [bookingsTopic(serviceId), lineTopic(serviceId, localDay)],
);

type Move = Pick<Reservation, 'id' | 'serviceId' | 'localDay' | 'timeSlot' | 'endsAt'> &
  ByRules & {
    was: Date;
    oldDay: LocalDay;
  };

/** Moves a reservation that still stands where the screen showed it; no row back means somebody was faster. */
export const moveReservation = statement(
  'move_reservation',
  (db, t, p: P<Move>) =>
    db
      .update(t.reservations)
      .set({
        localDay: p.localDay,
        timeSlot: p.timeSlot,
        endsAt: p.endsAt,
        rulesVersion: p.rulesVersion,
        updatedAt: p.now,
      })
      .where(
        and(
          eq(t.reservations.id, p.id),
          eq(t.reservations.timeSlot, p.was),
          ne(t.reservations.status, 'canceled'),
        ),
      )
      .returning(reservationColumns(t)),
  ({ serviceId, localDay, oldDay }) => [
    bookingsTopic(serviceId),
    lineTopic(serviceId, oldDay),
    lineTopic(serviceId, localDay),
  ],
);

/**
 * Holds a reservation's row until the transaction ends. By a column that is no key: with its trigger, PostgreSQL would
 * otherwise also shut out whoever only refers to the row, as a new ticket does.
 */
export const lockReservation = statement(
  'lock_reservation',
  (db, t, p: P<{ id: string }>) =>
    db.update(t.reservations).set({ updatedAt: t.reservations.updatedAt }).where(eq(t.reservations.id, p.id)),
  changesNothing,
);

export const cancelReservation = statement(
  'cancel_reservation',
  (db, t, p: P<Pick<Reservation, 'id' | 'serviceId'> & { now: Date }>) =>
    db
      .update(t.reservations)
      .set({ status: 'canceled', updatedAt: p.now })
      .where(and(eq(t.reservations.id, p.id), ne(t.reservations.status, 'canceled')))
      .returning(reservationColumns(t)),
  // It may have been moved to another day since it was read.
  ({ serviceId }) => [bookingsTopic(serviceId), serviceTopic(serviceId)],
);
