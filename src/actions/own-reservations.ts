import {
  type Cursor,
  LATEST,
  PAGE,
  pastReservationsOf,
  reservationsOf,
  standingReservationsOf,
} from '../db/own-reservations.ts';
import { reservationById } from '../db/reservations.ts';
import { addMinutes } from '../domain/clock.ts';
import { isId } from '../domain/id.ts';
import { isToCome, type ListedReservation, type Reservation } from '../domain/reservation.ts';
import { type Act, found, signedIn } from './act.ts';

/** A page of a list, and the id of the last on it, before which the next page begins; null where there is none. */
export interface Page<R> {
  reservations: R[];
  last: string | null;
}

/** In minutes: the day on which clocks are set back has an hour more. Today's are told apart by where they stand. */
const LONGEST_DAY = 25 * 60;

/** What the actor still has to come for, the next first. Today's stay until they are over, however late the line runs. */
export async function upcomingReservations(act: Act): Promise<ListedReservation[]> {
  const { id: userId } = signedIn(act.actor);
  const since = addMinutes(act.now, -LONGEST_DAY);
  const standing = await act.db.run(standingReservationsOf, { userId, since });
  return standing.filter((reservation) => isToCome(reservation, act.now));
}

/**
 * What is over or canceled of the actor's, the latest first; from the next before one of theirs on, where that is named.
 * Refuses with `not_found`.
 */
export async function pastReservations(act: Act, before?: string): Promise<Page<ListedReservation>> {
  const { id: userId } = signedIn(act.actor);
  const from = await cursorOf(act, userId, before);
  const { reservations, last } = pageOf(
    await act.db.run(pastReservationsOf, { userId, until: addMinutes(act.now, LONGEST_DAY), ...from }),
  );
  return { reservations: reservations.filter((reservation) => !isToCome(reservation, act.now)), last };
}

/** All of the actor's reservations, in the same order and pages. Refuses with `not_found`. */
export async function ownReservations(act: Act, before?: string): Promise<Page<Reservation>> {
  const { id: userId } = signedIn(act.actor);
  return pageOf(await act.db.run(reservationsOf, { userId, ...(await cursorOf(act, userId, before)) }));
}

async function cursorOf({ db }: Act, userId: string, before?: string): Promise<Cursor> {
  if (before === undefined) return LATEST;
  const reservation = found(isId(before) && (await reservationById(db, before)));
  found(reservation.userId === userId);
  return { timeSlot: reservation.timeSlot, id: reservation.id };
}

function pageOf<R extends Reservation>(rows: R[]): Page<R> {
  const reservations = rows.slice(0, PAGE);
  return { reservations, last: rows.length > PAGE ? (reservations.at(-1)?.id ?? null) : null };
}
