import { record } from '../db/events.ts';
import { hoursOf } from '../db/hours.ts';
import { lockQueues } from '../db/queue.ts';
import { RulesChanged } from '../db/refusals.ts';
import * as reservations from '../db/reservations.ts';
import { serviceById } from '../db/services.ts';
import type { Sender, Tx } from '../db/store.ts';
import { entryOfReservation } from '../db/tickets.ts';
import { localDay } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import { isId, newId } from '../domain/id.ts';
import { canChange, isOver, type Reservation } from '../domain/reservation.ts';
import { worksAt } from '../domain/roles.ts';
import type { PlacedService } from '../domain/service.ts';
import { bookable, daySlots, type Slot } from '../domain/slots.ts';
import type { QueueEntry } from '../domain/ticket.ts';
import { type Act, found, signedIn } from './act.ts';
import { takeNumber } from './check-in.ts';
import { changeEntry } from './transition.ts';

/** A reservation that the actor may see, with its service. */
export interface ReachedReservation {
  reservation: Reservation;
  service: PlacedService;
}

/** Loads a reservation of the actor's own, or of a location they work at. Refuses with `not_found`. */
export async function reachReservation({ db, actor }: Act, id: string): Promise<ReachedReservation> {
  const person = signedIn(actor);
  const reservation = found(isId(id) && (await reservations.reservationById(db, id)));
  found(reservation.userId === person.id || worksAt(person, reservation.locationId));
  const service = found(await serviceById(db, reservation.serviceId));
  return { reservation, service };
}

/**
 * Books a place for the actor. Refuses with `slot_unavailable` (past, off the grid, closed, beyond the horizon),
 * `slot_full`, `already_booked`, or `stale` while the service's rules keep changing.
 */
export async function bookReservation(
  act: Act,
  input: { serviceId: string; timeSlot: Date },
): Promise<Reservation> {
  const person = signedIn(act.actor);
  const service = await serviceById(act.store, input.serviceId);
  if (!service) throw new Refusal('invalid', { fields: { serviceId: { code: 'unknown_service' } } });
  return inRules({ ...act, db: act.store }, service, input.timeSlot, (rules, slot) => {
    const reservation: Reservation = {
      id: newId(),
      serviceId: rules.id,
      locationId: rules.locationId,
      userId: person.id,
      localDay: localDay(slot.starts, rules.location.timeZone),
      timeSlot: slot.starts,
      endsAt: slot.ends,
      party: 1,
      status: 'confirmed',
      holdExpiresAt: null,
      createdAt: act.now,
      updatedAt: act.now,
    };
    const write = (tx: Sender) => {
      tx.send(reservations.insertReservation, { ...reservation, rulesVersion: rules.version });
      recordReservation(tx, act, 'book', null, reservation);
      return reservation;
    };
    if (rules.checkIn === 'required') return act.sendAll(write);
    return act.transaction(async (tx) => {
      await takeNumber(tx, act, rules, write(tx));
      return reservation;
    });
  });
}

/**
 * Moves a reservation to another slot: the old place is freed and the new one taken in one step. A customer can until
 * the service's deadline (`too_late`), the desk until its day is over; not once somebody is in the line (`wrong_state`).
 */
export async function rescheduleReservation(
  act: Act,
  { reservation, service }: ReachedReservation,
  input: { timeSlot: Date },
): Promise<Reservation> {
  const isCanceled = reservation.status === 'canceled';
  if (!isCanceled && reservation.timeSlot.getTime() === input.timeSlot.getTime()) return reservation;
  return inRules(act, service, input.timeSlot, async (rules, slot) => {
    if (isCanceled) throw new Refusal('wrong_state', { facts: { status: 'canceled', reservation } });
    requireChangeable(act, reservation, service);
    return act.transaction(async (tx) => {
      const [row] = await tx.run(reservations.moveReservation, {
        id: reservation.id,
        serviceId: rules.id,
        oldDay: reservation.localDay,
        localDay: localDay(slot.starts, rules.location.timeZone),
        timeSlot: slot.starts,
        endsAt: slot.ends,
        rulesVersion: rules.version,
        was: reservation.timeSlot,
        now: act.now,
      });
      if (!row) throw await staleReservation(tx, reservation.id);
      recordReservation(tx, act, 'reschedule', reservation, row);
      const entry = await entryOfReservation(tx, row.id);
      if (entry && entry.status !== 'left') {
        // Who got a number with the booking counts as there at the slot, and not before.
        const isHere = rules.checkIn === 'required' && entry.arrivedAt <= act.now;
        if (isHere || entry.status !== 'waiting' || entry.serviceId !== rules.id)
          throw new Refusal('wrong_state', { facts: { status: entry.status, reservation } });
        await leaveLine(tx, act, entry, 'rescheduled');
      }
      if (rules.checkIn === 'none') await takeNumber(tx, act, rules, row);
      return row;
    });
  });
}

/**
 * Cancels a reservation and frees its place. Canceling twice is a quiet no-op. A customer can until the service's deadline
 * (`too_late`), the desk until its day is over; not while somebody is being served (`wrong_state`).
 */
export async function cancelReservation(
  act: Act,
  { reservation, service }: ReachedReservation,
): Promise<Reservation> {
  if (reservation.status === 'canceled') return reservation;
  requireChangeable(act, reservation, service);
  return act.transaction(async (tx) => {
    tx.send(reservations.lockReservation, { id: reservation.id });
    const elsewhere = await holdLineElsewhere(tx, reservation);
    const [row] = await tx.run(reservations.cancelReservation, { ...reservation, now: act.now });
    if (!row) return found(await reservations.reservationById(tx, reservation.id));
    recordReservation(tx, act, 'cancel', reservation, row);
    const entry = await entryOfReservation(tx, row.id);
    if (entry && entry.status !== 'left') {
      if (!['waiting', 'called', 'parked'].includes(entry.status))
        throw new Refusal('wrong_state', { facts: { status: entry.status, reservation } });
      // Sent a moment ago to a line that is not held.
      if (![reservation.serviceId, elsewhere].includes(entry.serviceId)) throw new Refusal('stale');
      await leaveLine(tx, act, entry, 'canceled');
    }
    return row;
  });
}

/**
 * A ticket may have been sent to the line of another service, which the reservation's own change neither locks nor
 * announces. Then both lines are held in the order that everybody takes them in, after the reservation, which comes
 * before any line. Answers that other service.
 */
async function holdLineElsewhere(
  tx: Tx,
  { id, serviceId, locationId }: Reservation,
): Promise<string | undefined> {
  const entry = await entryOfReservation(tx, id);
  if (!entry || entry.serviceId === serviceId || entry.status === 'left') return undefined;
  lockQueues(tx, [serviceId, entry.serviceId], { day: entry.localDay, locationId });
  return entry.serviceId;
}

/** A ticket goes with its reservation. */
async function leaveLine(
  tx: Tx,
  act: Act,
  entry: QueueEntry,
  reason: 'canceled' | 'rescheduled',
): Promise<void> {
  const voided = reason === 'rescheduled';
  await changeEntry(
    tx,
    act,
    entry,
    { status: 'left', endedAt: act.now, voided },
    { verb: 'leave', data: { reason } },
  );
}

/**
 * The slot of the grid that starts then and can be booked now, or a refusal `slot_unavailable`. Throws `RulesChanged` when
 * the hours are those of another version of the service.
 */
async function openSlot(act: Act, service: PlacedService, starts: Date): Promise<Slot> {
  const zone = service.location.timeZone;
  if (service.retiredAt !== null || !bookable(act.now, zone, service)(starts))
    throw new Refusal('slot_unavailable');
  const day = localDay(starts, zone);
  const { rules, closures, version = service.version } = await hoursOf(act.db, service, day, day);
  if (version !== service.version) throw new RulesChanged();
  const slot = daySlots(day, zone, service, rules, closures).find(
    (candidate) => candidate.starts.getTime() === starts.getTime(),
  );
  if (!slot) throw new Refusal('slot_unavailable');
  return slot;
}

/**
 * Writes to the slot that starts then. It is found by rules as they were read before, perhaps kept, so the write carries
 * their version and the database refuses it when they have changed; then the slot is looked for by those in force, as it is
 * where those that are kept do not offer it. By that check the write holds the row of (service, day), which whoever changes
 * the rules holds as well (db/days): either they see this booking, or it meets what they changed. Nobody gets a slot of
 * another length than the one they asked for. Refuses with `stale` when the rules change at every try.
 */
async function inRules<T>(
  act: Act,
  service: PlacedService,
  starts: Date,
  write: (rules: PlacedService, slot: Slot) => Promise<T>,
): Promise<T> {
  const slot = await openSlot(act, service, starts).catch(unlessRefused);
  try {
    if (slot) return await write(service, slot);
  } catch (error) {
    if (!(error instanceof RulesChanged)) throw error;
  }
  const { fresh } = act.store;
  const shapeOf = ({ ends }: Slot, { location }: PlacedService) =>
    `${localDay(starts, location.timeZone)} ${ends.getTime()}`;
  let asked = slot && shapeOf(slot, service);
  for (let tries = 1; ; tries += 1) {
    try {
      const rules = found(await serviceById(fresh, service.id));
      const now = await openSlot({ ...act, db: fresh }, rules, starts);
      asked ??= shapeOf(now, rules);
      if (shapeOf(now, rules) !== asked) throw new Refusal('slot_unavailable');
      return await write(rules, now);
    } catch (error) {
      if (!(error instanceof RulesChanged)) throw error;
      if (tries === MOST_TRIES) throw new Refusal('stale');
    }
  }
}

/** How often a slot is looked for by the rules in force; an admin does not change them as often within a booking. */
const MOST_TRIES = 3;

/** What is kept may be older than the rules in force: they may offer what it does not. */
function unlessRefused(error: unknown): undefined {
  const isRefused = error instanceof Refusal && error.code === 'slot_unavailable';
  if (!isRefused && !(error instanceof RulesChanged)) throw error;
}

async function staleReservation(tx: Tx, id: string): Promise<Refusal> {
  return new Refusal('stale', { facts: { reservation: await reservations.reservationById(tx, id) } });
}

function requireChangeable({ actor, now }: Act, reservation: Reservation, service: PlacedService): void {
  if (!worksAt(actor, service.locationId) && !canChange(reservation, service, now))
    throw new Refusal('too_late', { facts: { reservation } });
  if (isOver(reservation, now, service.location))
    throw new Refusal('wrong_state', { facts: { status: reservation.status, reservation } });
}

function recordReservation(
  tx: Sender,
  act: Act,
  verb: string,
  before: Reservation | null,
  after: Pick<Reservation, 'id' | 'serviceId' | 'locationId' | 'localDay' | 'timeSlot' | 'status'>,
): void {
  const moved = before !== null && before.timeSlot.getTime() !== after.timeSlot.getTime();
  record(tx, act.actor, act.now, {
    verb,
    locationId: after.locationId,
    serviceId: after.serviceId,
    localDay: after.localDay,
    reservationId: after.id,
    fromStatus: before?.status ?? null,
    toStatus: after.status,
    data: moved ? { from: before.timeSlot.toISOString(), to: after.timeSlot.toISOString() } : null,
  });
}
