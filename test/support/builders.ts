import { eq } from 'drizzle-orm';
import { type Act, actOf } from '../../src/actions/act.ts';
import { checkIn } from '../../src/actions/check-in.ts';
import { addWalkIn } from '../../src/actions/queue.ts';
import { bookReservation, reachReservation } from '../../src/actions/reservations.ts';
import { serviceById } from '../../src/db/services.ts';
import { type P, query, type Store } from '../../src/db/store.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { Refusal, type RefusalCode } from '../../src/domain/errors.ts';
import { newId } from '../../src/domain/id.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import type { Actor, Person } from '../../src/domain/roles.ts';
import type { Location, OpeningRule, PlacedService, Service } from '../../src/domain/service.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import { addCast, type Cast } from './cast.ts';

/** Monday, 2 March 2026, 08:00 in Berlin: an hour before the office opens, four weeks before its clocks change. */
export const MONDAY = new Date('2026-03-02T07:00:00Z');

/** A wall-clock time of that Monday in Berlin. */
export function mondayAt(time: string): Date {
  return new Date(`2026-03-02T${time}:00+01:00`);
}

/** Every day from nine to five. */
export const NINE_TO_FIVE: readonly OpeningRule[] = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
  weekday,
  opens: '09:00',
  closes: '17:00',
}));

/** A clock that stands where it is put. */
export interface StoppedClock {
  (): Date;
  set(now: Date): void;
  pass(minutes: number): void;
}

export function stoppedClock(start = MONDAY): StoppedClock {
  let now = start;
  return Object.assign(() => now, {
    set: (moment: Date) => {
      now = moment;
    },
    pass: (minutes: number) => {
      now = addMinutes(now, minutes);
    },
  });
}

/** A place with a service, a desk, its people and a clock: what most tests start from. */
export interface Scene {
  store: Store;
  clock: StoppedClock;
  location: Location;
  otherLocation: Location;
  service: PlacedService;
  deskId: string;
  cast: Cast;
  /** What somebody does now. */
  act(actor: Actor): Act;
}

export async function buildScene(
  store: Store,
  service: ServiceOptions = {},
  timeZone = 'Europe/Berlin',
): Promise<Scene> {
  const clock = stoppedClock();
  const location = await buildLocation(store, timeZone);
  const otherLocation = await buildLocation(store, timeZone);
  return {
    store,
    clock,
    location,
    otherLocation,
    service: await buildService(store, location, service),
    deskId: await buildDesk(store, location),
    cast: await addCast(store, location, otherLocation),
    act: (actor) => actOf(store, clock, actor),
  };
}

export async function buildLocation(store: Store, timeZone = 'Europe/Berlin'): Promise<Location> {
  const id = newId();
  const location = { id, name: `Office ${id}`, slug: `office-${id}`, timeZone };
  await store.transaction((tx) =>
    tx.write.insert(tx.tables.locations).values({ ...location, createdAt: MONDAY, updatedAt: MONDAY }),
  );
  return location;
}

export type ServiceOptions = Partial<Omit<Service, 'id' | 'locationId' | 'version'>> & {
  rules?: readonly OpeningRule[];
};

/** Half an hour, one place, every day from nine to five, check-in required; unless told otherwise. */
export async function buildService(
  store: Store,
  location: Pick<Location, 'id'>,
  { rules = NINE_TO_FIVE, ...options }: ServiceOptions = {},
): Promise<PlacedService> {
  const id = newId();
  await store.transaction(async (tx) => {
    await tx.write.insert(tx.tables.services).values({
      id,
      locationId: location.id,
      slug: `service-${id}`,
      name: 'Passports',
      durationMinutes: 30,
      ...options,
      createdAt: MONDAY,
      updatedAt: MONDAY,
    });
    if (rules.length === 0) return;
    await tx.write
      .insert(tx.tables.openingRules)
      .values(rules.map((rule) => ({ id: newId(), serviceId: id, ...rule })));
  });
  return reload(store, { id });
}

/** The service as it now stands. */
export async function reload(store: Store, { id }: { id: string }): Promise<PlacedService> {
  const service = await serviceById(store, id);
  if (!service) throw new Error(`No service ${id}`);
  return service;
}

/** Changes a service past every rule, as a test needs it. */
export async function alterService(
  store: Store,
  { id }: { id: string },
  change: Partial<Service>,
): Promise<PlacedService> {
  await store.transaction((tx) =>
    tx.write.update(tx.tables.services).set(change).where(eq(tx.tables.services.id, id)),
  );
  return reload(store, { id });
}

export async function buildDesk(
  store: Store,
  location: Pick<Location, 'id'>,
  name = 'Desk 1',
): Promise<string> {
  const id = newId();
  await store.transaction((tx) =>
    tx.write
      .insert(tx.tables.desks)
      .values({ id, locationId: location.id, name, createdAt: MONDAY, updatedAt: MONDAY }),
  );
  return id;
}

export function book(
  scene: Pick<Scene, 'act' | 'service'>,
  customer: Person,
  timeSlot: Date,
): Promise<Reservation> {
  return bookReservation(scene.act(customer), { serviceId: scene.service.id, timeSlot });
}

/** Books, and checks in at the slot's start. The clock stays there. */
export async function bookAndCheckIn(scene: Scene, customer: Person, timeSlot: Date): Promise<QueueEntry> {
  const reservation = await book(scene, customer, timeSlot);
  scene.clock.set(timeSlot);
  return checkInTo(scene.act(customer), reservation);
}

/** Checks in as somebody who comes with nothing but the reservation's id. */
export async function checkInTo(act: Act, { id }: { id: string }): Promise<QueueEntry> {
  return checkIn(act, await reachReservation(act, id));
}

/** A walk-in takes a number now. */
export function walkIn(
  scene: Pick<Scene, 'act' | 'service' | 'cast'>,
  name = 'Wanda',
  priority = 0,
): Promise<QueueEntry> {
  return addWalkIn(scene.act(scene.cast.staff), scene.service, { name, phone: null, priority });
}

/**
 * Walk-ins of the days before MONDAY, sixteen a day, one every half hour from nine on: each was called after five minutes
 * and served for about ten.
 */
export async function addPastTickets(
  { store, service }: Pick<Scene, 'store' | 'service'>,
  days: number,
): Promise<void> {
  const rows = Array.from({ length: days * 16 }, (_, index) => {
    const [daysAgo, number] = [1 + Math.floor(index / 16), index % 16];
    const arrivedAt = addMinutes(MONDAY, 60 + 30 * number - daysAgo * 24 * 60);
    const calledAt = addMinutes(arrivedAt, 5);
    const times = { dueAt: arrivedAt, effectiveAt: arrivedAt, arrivedAt, calledAt, startedAt: calledAt };
    return {
      ...times,
      id: newId(),
      serviceId: service.id,
      originServiceId: service.id,
      locationId: service.locationId,
      localDay: arrivedAt.toISOString().slice(0, 10),
      position: number + 1,
      number: `A${number + 1}`,
      status: 'completed' as const,
      // Both sides of ten alike.
      endedAt: addMinutes(calledAt, 10 * Math.exp(0.3 * (((index * 7) % 11) / 5 - 1))),
      createdAt: arrivedAt,
      updatedAt: calledAt,
    };
  });
  for (let first = 0; first < rows.length; first += 200)
    await store.transaction((tx) =>
      tx.write.insert(tx.tables.queueEntries).values(rows.slice(first, first + 200)),
    );
}

const eventsOfService = query('test_events_of_service', (db, t, p: P<{ serviceId: string }>) =>
  db.select().from(t.events).where(eq(t.events.serviceId, p.serviceId)).orderBy(t.events.id),
);

/** The audit facts of a service, in the order they were written. */
export function eventsOf(store: Store, { id }: { id: string }) {
  return store.run(eventsOfService, { serviceId: id });
}

/** Their verbs alone. */
export async function verbsOf(store: Store, service: { id: string }): Promise<string[]> {
  return (await eventsOf(store, service)).map(({ verb }) => verb);
}

const entriesOfService = query('test_entries_of_service', (db, t, p: P<{ serviceId: string }>) =>
  db
    .select()
    .from(t.queueEntries)
    .where(eq(t.queueEntries.serviceId, p.serviceId))
    .orderBy(t.queueEntries.position),
);

/** Every ticket of a service, by its number. */
export function entriesOf(store: Store, { id }: { id: string }) {
  return store.run(entriesOfService, { serviceId: id });
}

const reservationsOfService = query('test_reservations_of_service', (db, t, p: P<{ serviceId: string }>) =>
  db
    .select()
    .from(t.reservations)
    .where(eq(t.reservations.serviceId, p.serviceId))
    .orderBy(t.reservations.id),
);

/** A place as a booking at that moment writes it, but for the rules: it asks for none. */
export function written<P>(place: P, now: Date) {
  const state = { party: 1, status: 'confirmed' as const, holdExpiresAt: null };
  return { ...place, ...state, createdAt: now, updatedAt: now, rulesVersion: null };
}

/** Every reservation of a service, canceled ones too. */
export function reservationsOf(store: Store, { id }: { id: string }) {
  return store.run(reservationsOfService, { serviceId: id });
}

/** The refusal that this ends in; its code and details are for the test to look at. Fails when it ends well. */
export async function refusalOf(work: Promise<unknown> | (() => Promise<unknown>)): Promise<Refusal> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

/** The code alone. */
export async function refusalCode(work: Promise<unknown> | (() => Promise<unknown>)): Promise<RefusalCode> {
  return (await refusalOf(work)).code;
}

/** How many of these ended well, and how many in each refusal. Anything else is thrown. */
export async function tally(work: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected' && !(result.reason instanceof Refusal)) throw result.reason;
    const name = result.status === 'fulfilled' ? 'ok' : (result.reason as Refusal).code;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
