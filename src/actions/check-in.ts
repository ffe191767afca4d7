import { record } from '../db/events.ts';
import { lockQueue } from '../db/queue.ts';
import { reservationById } from '../db/reservations.ts';
import type { Tx } from '../db/store.ts';
import { insertEntry } from '../db/ticket-writes.ts';
import { entryById, entryOfReservation } from '../db/tickets.ts';
import { localDay } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import type { ToldWait } from '../domain/estimate.ts';
import { newId } from '../domain/id.ts';
import { dueTimes } from '../domain/order.ts';
import { canCheckIn, checkInWindow, type Reservation } from '../domain/reservation.ts';
import { worksAt } from '../domain/roles.ts';
import type { PlacedService } from '../domain/service.ts';
import { type QueueEntry, ticketNumber } from '../domain/ticket.ts';
import { type Act, found } from './act.ts';
import { estimateOnArrival } from './estimates.ts';
import type { ReachedReservation } from './reservations.ts';

/**
 * Makes a queue entry of a reservation: the customer is here. A second time it answers the same entry, or refuses with
 * `wrong_state` once that was skipped or served. Customers can within the service's window, the desk on the whole day;
 * otherwise `outside_window`.
 */
export async function checkIn(act: Act, { reservation, service }: ReachedReservation): Promise<QueueEntry> {
  const existing = await entryOfReservation(act.db, reservation.id);
  const { timeZone } = service.location;
  const outsideWindow = () =>
    new Refusal('outside_window', { facts: { ...checkInWindow(reservation, service, timeZone) } });
  if (existing && existing.status !== 'left') {
    const entry = inLine(existing);
    // A number that was given with the booking is no arrival before its day.
    if (reservation.localDay > localDay(act.now, timeZone)) throw outsideWindow();
    return entry;
  }
  if (reservation.status !== 'confirmed')
    throw new Refusal('wrong_state', { facts: { status: reservation.status, reservation } });
  const byDesk = worksAt(act.actor, service.locationId);
  if (!canCheckIn(reservation, service, act.now, timeZone, byDesk)) throw outsideWindow();
  const { timeSlot } = reservation;
  const estimate = await estimateOnArrival(act.store, service, act.now, { timeSlot, priority: 0 });
  return act.transaction(async (tx) => {
    await lockQueue(tx, { serviceId: service.id, day: reservation.localDay, locationId: service.locationId });
    // Under the lock: a twin may have checked in, or the reservation may have been canceled or moved, a moment ago.
    const entry = await entryOfReservation(tx, reservation.id);
    if (entry && entry.status !== 'left') return inLine(entry);
    const fresh = await reservationById(tx, reservation.id);
    if (fresh?.status !== 'confirmed' || fresh.timeSlot.getTime() !== reservation.timeSlot.getTime())
      throw new Refusal('stale', { facts: { reservation: fresh } });
    return takeNumber(tx, act, service, fresh, estimate);
  });
}

/** The ticket that is there already. Who was skipped or served does not come into the line by checking in again. */
function inLine(entry: QueueEntry): QueueEntry {
  if (entry.status === 'skipped' || entry.status === 'completed')
    throw new Refusal('wrong_state', { facts: { entry } });
  return entry;
}

/** Gives a reservation the next number of its day, with the wait that whoever stands there is told. */
export async function takeNumber(
  tx: Tx,
  act: Act,
  service: PlacedService,
  reservation: Reservation,
  estimate: ToldWait | null = null,
): Promise<QueueEntry> {
  const { localDay: day, timeSlot } = reservation;
  const { lastPosition } = await lockQueue(
    tx,
    { serviceId: service.id, day, locationId: service.locationId },
    1,
  );
  // Where nobody checks in, everybody counts as there at the slot.
  const arrivedAt = service.checkIn === 'none' ? timeSlot : act.now;
  const id = newId();
  await insertEntry(tx, {
    id,
    reservationId: reservation.id,
    serviceId: service.id,
    locationId: service.locationId,
    localDay: day,
    position: lastPosition,
    number: ticketNumber(service.prefix, lastPosition),
    name: '',
    phone: null,
    priority: 0,
    ...dueTimes(arrivedAt, timeSlot, 0, service),
    arrivedAt,
    estimatedLow: estimate?.low ?? null,
    estimatedHigh: estimate?.high ?? null,
    now: act.now,
  });
  const entry = found(await entryById(tx, id));
  record(tx, act.actor, act.now, {
    verb: 'check-in',
    locationId: service.locationId,
    serviceId: service.id,
    localDay: day,
    reservationId: reservation.id,
    entryId: entry.id,
    toStatus: 'waiting',
    via: act.via ?? null,
  });
  return entry;
}
