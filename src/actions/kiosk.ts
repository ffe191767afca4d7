import { noticesAt, openEntriesAt } from '../db/board.ts';
import { canceledFrom, confirmedFrom, reservationsOfPlace } from '../db/expected.ts';
import { hoursOf } from '../db/hours.ts';
import { allLocations } from '../db/locations.ts';
import { type LineNotices, lockQueue, noticesOfLine } from '../db/queue.ts';
import { breaksUnique } from '../db/refusals.ts';
import { reservationById } from '../db/reservations.ts';
import { activeServices, serviceById, serviceBySlug } from '../db/services.ts';
import type { Reader, Store } from '../db/store.ts';
import { giveToken } from '../db/ticket-writes.ts';
import { entryByToken } from '../db/tickets.ts';
import { hoursAt } from '../db/waits.ts';
import { waitingIn } from '../domain/board.ts';
import { codeOf, idEndOf } from '../domain/code.ts';
import { addDays, instantAt, localDay, wallMinutes } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import type { ToldWait } from '../domain/estimate.ts';
import { type Closed, closedForTickets } from '../domain/join.ts';
import { endsInName } from '../domain/names.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Location, PlacedService } from '../domain/service.ts';
import { openTimes } from '../domain/slots.ts';
import type { QueueEntry } from '../domain/ticket.ts';
import { hashToken } from '../domain/token.ts';
import { type Act, found } from './act.ts';
import { checkIn } from './check-in.ts';
import { estimatesForNew } from './estimates.ts';
import { type Joiner, takeOnce } from './join.ts';
import type { ReachedReservation } from './reservations.ts';

/** The place that a kiosk stands at, by its own slug or that of one of its services. Refuses with `not_found`. */
export async function reachKiosk(db: Reader, slug: string): Promise<Location> {
  const places = await db.run(allLocations, {});
  const place = places.find((location) => location.slug === slug);
  if (place) return place;
  // A screen that was opened by a service goes on when that is retired.
  const { locationId } = found(await serviceBySlug(db, slug));
  return found(places.find(({ id }) => id === locationId));
}

/** A service as a kiosk offers it. */
export interface OfferedService {
  service: PlacedService;
  /** Why no number of it can be taken now. */
  closed: Closed | undefined;
  waiting: number;
  /** How long somebody would wait who takes a number now; null where nothing honest can be said. */
  wait: ToldWait | null;
  lateMinutes: number;
}

/** The services of a place that take walk-ins, by name. */
export async function walkInsAt(db: Reader, place: Location): Promise<PlacedService[]> {
  const services = await db.run(activeServices, {});
  return services.filter(({ locationId, walkIns }) => locationId === place.id && walkIns);
}

/** The same with their lines. As many queries, however many. */
export async function offeredAt(store: Store, place: Location, now: Date): Promise<OfferedService[]> {
  const key = { locationId: place.id, day: localDay(now, place.timeZone) };
  const [services, entries, notices, hoursOf] = await Promise.all([
    walkInsAt(store, place),
    store.run(openEntriesAt, key),
    store.run(noticesAt, key),
    hoursAt(store, key),
  ]);
  const waits = await estimatesForNew(store, services, now);
  return services.map((service) => {
    const told = notices.find(({ serviceId }) => serviceId === service.id) ?? NOTHING_TOLD;
    const { rules, closures } = hoursOf(service.id);
    const open = openTimes(key.day, place.timeZone, rules, closures);
    return {
      service,
      closed: closedForTickets(service, { ...told, open }, now),
      waiting: waitingIn(entries, service, now).length,
      wait: waits.get(service.id) ?? null,
      lateMinutes: told.delayMinutes,
    };
  });
}

const NOTHING_TOLD: LineNotices = { intakeClosedAt: null, delayMinutes: 0 };

/** Why no number of a service can be taken now, if none can. */
export async function closedAtKiosk(
  db: Reader,
  service: PlacedService,
  now: Date,
): Promise<Closed | undefined> {
  const { timeZone } = service.location;
  const day = localDay(now, timeZone);
  const [told, { rules, closures }] = await Promise.all([
    noticesOfLine(db, service.id, day),
    hoursOf(db, service, day, day),
  ]);
  return closedForTickets(service, { ...told, open: openTimes(day, timeZone, rules, closures) }, now);
}

/** Takes a number at a kiosk; see `takeOnce`. Refuses with `join_closed` when none is given there now. */
export async function takeAtKiosk(
  act: Act,
  service: PlacedService,
  joiner: Joiner,
  token: string,
): Promise<QueueEntry> {
  const closed = await closedAtKiosk(act.db, service, act.now);
  // The last ticket is found under the lock of the line.
  if (closed?.why === 'closed') throw new Refusal('join_closed', { facts: { closed } });
  return takeOnce({ ...act, actor: null, via: 'kiosk' }, service, joiner, token);
}

/** How somebody says which reservation is theirs. */
export type Sought = { code: string } | { lastName: string; time: string };

/**
 * Today's reservations at a place that fit what somebody typed. Nothing is told of one that does not fit, nor of whose it
 * is: whoever cannot say the name and the time learns neither.
 */
export async function reservationsThatFit(
  db: Reader,
  place: Location,
  sought: Sought,
  now: Date,
): Promise<ReachedReservation[]> {
  const day = localDay(now, place.timeZone);
  const today = await db.run(reservationsOfPlace, { locationId: place.id, day });
  const at =
    'time' in sought ? instantAt(day, wallMinutes(sought.time), place.timeZone)?.getTime() : undefined;
  const fitting = today.filter(({ id, name, timeSlot }) =>
    'code' in sought
      ? codeOf(id) === sought.code
      : timeSlot.getTime() === at && name !== null && endsInName(name, sought.lastName),
  );
  return Promise.all(
    fitting.map(async ({ id, serviceId }) => ({
      reservation: found(await reservationById(db, id)),
      service: found(await serviceById(db, serviceId)),
    })),
  );
}

/** How many days back a code is still known. */
const DAYS_BACK = 7;

/**
 * The reservation of a code that is for another day, or was canceled: whoever has the code may know that. What stands is
 * told rather than what was canceled.
 */
export async function reservationElsewhen(
  db: Reader,
  place: Location,
  code: string,
  now: Date,
): Promise<Pick<Reservation, 'timeSlot' | 'status'> | undefined> {
  const from = addDays(localDay(now, place.timeZone), -DAYS_BACK);
  const key = { locationId: place.id, from, idEnd: idEndOf(code) };
  const [standing, canceled] = await Promise.all([db.run(confirmedFrom, key), db.run(canceledFrom, key)]);
  return [...standing, ...canceled].find(({ id }) => codeOf(id) === code);
}

/**
 * Checks somebody in who has no account at hand, as a customer can (`outside_window`), whoever is logged in there, and
 * gives their ticket a link. A ticket has one link: where somebody has it already, it stays theirs, and `linked` is false.
 */
export async function checkInAtKiosk(
  act: Act,
  reached: ReachedReservation,
  token: string,
): Promise<{ entry: QueueEntry; linked: boolean }> {
  const entry = await checkIn({ ...act, actor: null, via: 'kiosk' }, reached);
  const tokenHash = hashToken(token);
  const { id, serviceId, localDay: day, locationId } = entry;
  const given = await act
    .transaction(async (tx) => {
      await lockQueue(tx, { serviceId, day, locationId });
      return tx.run(giveToken, { id, serviceId, day, tokenHash });
    })
    .catch((error: unknown) => {
      // A form from the browser's history, sent once more with somebody else's code: the link is the first one's.
      if (breaksUnique(error, 'token')) return [];
      throw error;
    });
  return { entry, linked: given.length > 0 || (await entryByToken(act.db, tokenHash))?.id === id };
}
