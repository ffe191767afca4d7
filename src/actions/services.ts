import { and, eq, sql } from 'drizzle-orm';
import { CATALOG } from '../db/changes.ts';
import { holdingDays } from '../db/days.ts';
import { record } from '../db/events.ts';
import { deleteRules, serviceWithHours } from '../db/hours.ts';
import { lockLocation, lockLocationNames } from '../db/locations.ts';
import { countsByStatus } from '../db/queue.ts';
import { breaksUnique } from '../db/refusals.ts';
import { standingReservations } from '../db/reservations.ts';
import {
  everyService,
  lettersAt,
  restoreService as restore,
  retireService as retire,
  serviceById,
} from '../db/services.ts';
import type { Tx } from '../db/store.ts';
import { entryOfReservation } from '../db/tickets.ts';
import { addMinutes } from '../domain/clock.ts';
import { addDays, localDay } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import { isId, newId } from '../domain/id.ts';
import { isTaken } from '../domain/names.ts';
import { isTicketOf } from '../domain/reservation.ts';
import type { PlacedService } from '../domain/service.ts';
import { type OpeningRule, type Service, type ServiceWithHours, slugify } from '../domain/service.ts';
import { isOpen } from '../domain/ticket.ts';
import type { NewService, ServiceChange } from '../forms/services.ts';
import { type Act, adminOnly, found } from './act.ts';
import { takeNumber } from './check-in.ts';
import { type Ask, newCollisionsOf, type StandingReservation } from './collisions.ts';
import { addressOf, chooseLocation, requireInUse, unknownLocation } from './locations.ts';

/** Loads any service, retired ones too, for an admin. */
export async function reachService({ db, actor }: Act, id: string): Promise<PlacedService> {
  adminOnly(actor);
  return found(isId(id) && (await serviceById(db, id)));
}

/** What a screen asks for besides: no two services in use at one location have one name (`fields.name`). Programs may. */
interface Names {
  ownName?: boolean;
}

/**
 * Adds a service. Its address comes from its name; its ticket letters are the first that are free at its location (see
 * `lettersOfOthers`).
 */
export async function createService(
  act: Act,
  input: NewService,
  { ownName = false }: Names = {},
): Promise<ServiceWithHours> {
  adminOnly(act.actor);
  const { openingRules, locationId, prefix, earlyCallMinutes, ...fields } = input;
  const location = await chooseLocation(act.db, locationId);
  const id = newId();
  return act
    .transaction(async (tx) => {
      await tx.run(lockLocationNames, {});
      if ((await tx.run(lockLocation, { id: location.id })).length === 0) throw unknownLocation();
      const others = await tx.run(everyService, {});
      if (ownName) requireOwnName(others, { id, locationId: location.id }, fields.name);
      // Under the locks: two that are added at once get two addresses and two letters.
      const taken = await lettersOfOthers(act, tx, { id, location });
      await tx
        .writing([CATALOG])
        .insert(tx.tables.services)
        .values({
          ...fields,
          id,
          locationId: location.id,
          slug: await addressOf(tx, slugify(fields.name)),
          prefix: requireFree(prefix, taken) ?? freePrefix(taken),
          earlyCallMinutes: earlyCallMinutes === undefined ? earlyCallOf(fields.checkIn) : earlyCallMinutes,
          createdAt: act.now,
          updatedAt: act.now,
        });
      await writeRules(tx, id, openingRules);
      record(tx, act.actor, act.now, { verb: 'create', serviceId: id, locationId: location.id });
      return found(await serviceWithHours(tx, id));
    })
    .catch((error: unknown) => {
      if (breaksUnique(error, 'slug'))
        throw new Refusal('invalid', { fields: { name: { code: 'slug_taken' } } });
      throw error;
    });
}

/** How early somebody is called unless told otherwise: where nobody checks in, nobody knows who is there before. */
function earlyCallOf(checkIn: Service['checkIn']): number | null {
  return checkIn === 'none' ? 15 : null;
}

/**
 * Changes what is given of a service; standing reservations keep their times. Refuses with `stale` when the service is
 * not at the `version` the screen showed. Nobody can book between what `ask` is told and the change. Where nobody checks in
 * any more, who has a reservation already gets a number now, as whoever books later does. Where everybody does from now on,
 * who has a number keeps it: they were told that they need not.
 */
export async function updateService(
  act: Act,
  service: PlacedService,
  input: ServiceChange,
  ask?: Ask,
  { ownName = false }: Names = {},
): Promise<ServiceWithHours> {
  adminOnly(act.actor);
  const asks = ask && (input.capacity !== undefined || input.openingRules !== undefined);
  const givesNumbers = input.checkIn === 'none' && service.checkIn !== 'none';
  return act.transaction(async (tx) => {
    const [name, prefix] = [changed(input.name, service.name), changed(input.prefix, service.prefix)];
    // Both are told apart within a location. Before any day is held: whoever changes its zone takes both like that.
    if (name !== undefined || prefix !== undefined) await tx.run(lockLocation, { id: service.locationId });
    if (ownName && name !== undefined) requireOwnName(await tx.run(everyService, {}), service, name);
    if (!asks && !givesNumbers) return writeService(act, tx, service, input);
    const today = localDay(act.now, service.location.timeZone);
    // A day more than can be booked: at midnight the horizon moves on.
    const days = { services: [service], from: today, to: addDays(today, service.horizonDays + 1) };
    return holdingDays(tx, days, async () => {
      if (asks) ask(await newCollisionsOf({ ...act, db: tx }, service, input));
      const written = await writeService(act, tx, service, input);
      if (givesNumbers) await giveNumbers(act, tx, written);
      return written;
    });
  });
}

/** What is given, if it is another than what stands. */
function changed(given: string | undefined, stands: string): string | undefined {
  return given === stands ? undefined : given;
}

/**
 * Also to whose slot has begun, as long as they could still have checked in; not to who left the line since. One after the
 * other, by their days, as everybody takes the lines; a service is changed like this once in years.
 */
async function giveNumbers(act: Act, tx: Tx, service: PlacedService): Promise<void> {
  const from = localDay(act.now, service.location.timeZone);
  const now = addMinutes(act.now, -service.checkInAfterMinutes);
  for (const reservation of await tx.run(standingReservations, { serviceId: service.id, from, now })) {
    if (reservation.status !== 'confirmed') continue;
    const entry = await entryOfReservation(tx, reservation.id);
    const hasBegun = reservation.timeSlot <= act.now;
    const mayCome = entry?.status === 'left' && !(hasBegun && isTicketOf(reservation, entry));
    if (!entry || mayCome) await takeNumber(tx, act, service, reservation);
  }
}

async function writeService(
  act: Act,
  tx: Tx,
  service: PlacedService,
  input: ServiceChange,
): Promise<ServiceWithHours> {
  const { openingRules, version, ...given } = input;
  const fields = withoutMissing(given);
  if (fields.checkIn === 'none' && service.checkIn !== 'none' && fields.earlyCallMinutes === undefined)
    fields.earlyCallMinutes = service.earlyCallMinutes ?? earlyCallOf('none');
  const standing = found(await serviceWithHours(tx, service.id));
  if (standing.version !== (version ?? service.version))
    throw new Refusal('stale', { facts: { service: standing } });
  const isAsBefore = Object.entries(fields).every(
    ([field, value]) => standing[field as keyof PlacedService] === value,
  );
  if (isAsBefore && !openingRules) return standing;
  if (fields.prefix !== undefined && fields.prefix !== service.prefix)
    requireFree(fields.prefix, await lettersOfOthers(act, tx, service));
  const { services } = tx.tables;
  const [row] = await tx
    .writing([CATALOG])
    .update(services)
    .set({ ...fields, updatedAt: act.now, version: sql`${services.version} + 1` })
    .where(and(eq(services.id, service.id), eq(services.version, version ?? service.version)))
    .returning({ id: services.id });
  if (!row) throw new Refusal('stale', { facts: { service: await serviceWithHours(tx, service.id) } });
  if (openingRules) {
    await tx.run(deleteRules, { serviceId: service.id });
    await writeRules(tx, service.id, openingRules);
  }
  record(tx, act.actor, act.now, {
    verb: 'update',
    serviceId: service.id,
    locationId: service.locationId,
    data: { fields: Object.keys(input).filter((field) => field !== 'version') },
  });
  return found(await serviceWithHours(tx, service.id));
}

/** Takes a service out of use. Its reservations and its history stay. Retiring twice is a quiet no-op. */
export async function retireService(act: Act, service: PlacedService): Promise<void> {
  adminOnly(act.actor);
  await act.transaction(async (tx) => {
    const [row] = await tx.run(retire, { id: service.id, now: act.now });
    if (row)
      record(tx, act.actor, act.now, {
        verb: 'retire',
        serviceId: service.id,
        locationId: service.locationId,
      });
  });
}

/**
 * Puts a retired service back in use, as it was. Refused where its location is retired (`fields.locationId`), and where
 * its name (`fields.name`) or its letters (`fields.prefix`) are taken. Twice is a quiet no-op.
 */
export async function restoreService(act: Act, service: PlacedService): Promise<void> {
  const { id, locationId } = service;
  adminOnly(act.actor);
  await act.transaction(async (tx) => {
    await requireInUse(tx, locationId);
    const [row] = await tx.run(restore, { id, now: act.now });
    if (!row) return;
    requireOwnName(await tx.run(everyService, {}), service, row.name);
    requireFree(row.prefix, await lettersOfOthers(act, tx, service));
    record(tx, act.actor, act.now, { verb: 'restore', serviceId: id, locationId });
  });
}

/** The reservations of a service that still stand, the next first. */
export async function standingOf(act: Act, service: PlacedService): Promise<StandingReservation[]> {
  adminOnly(act.actor);
  const from = localDay(act.now, service.location.timeZone);
  return act.db.run(standingReservations, { serviceId: service.id, from, now: act.now });
}

/** How many are in today's line of a service, waiting, parked or at a desk. */
export async function hereNow({ db, actor, now }: Act, service: PlacedService): Promise<number> {
  adminOnly(actor);
  const day = localDay(now, service.location.timeZone);
  const counts = await db.run(countsByStatus, { serviceId: service.id, day });
  return counts.reduce((total, { status, count }) => total + (isOpen(status) ? count : 0), 0);
}

async function writeRules(tx: Tx, serviceId: string, rules: readonly OpeningRule[]): Promise<void> {
  if (rules.length === 0) return;
  await tx
    .writing([CATALOG])
    .insert(tx.tables.openingRules)
    .values(rules.map((rule) => ({ id: newId(), serviceId, ...rule })));
}

/** Under the lock of the location: two that are named at once get two names. */
function requireOwnName(
  services: readonly PlacedService[],
  { id, locationId }: Pick<Service, 'id' | 'locationId'>,
  name: string,
): void {
  const others = services.filter(
    (other) => other.locationId === locationId && other.retiredAt === null && other.id !== id,
  );
  if (isTaken(name, others)) throw new Refusal('invalid', { fields: { name: { code: 'name_taken' } } });
}

/** The letters at a location that are not this service's own, once for each that has them. The location must be locked. */
async function lettersOfOthers(
  act: Act,
  tx: Tx,
  { id, location }: Pick<PlacedService, 'id' | 'location'>,
): Promise<string[]> {
  const from = localDay(act.now, location.timeZone);
  const letters = await tx.run(lettersAt, { locationId: location.id, from });
  return letters.flatMap(({ serviceId, prefix }) => (serviceId === id ? [] : [prefix]));
}

/** The letters that were asked for, if no other service has them: a board shows nothing else of a ticket. */
function requireFree(prefix: string | undefined, taken: readonly string[]): string | undefined {
  if (prefix !== undefined && taken.includes(prefix))
    throw new Refusal('invalid', { fields: { prefix: { code: 'prefix_taken' } } });
  return prefix;
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** A to Z, then AA to ZZ: more services than 702 no location has. */
const PREFIXES = [...LETTERS, ...LETTERS.flatMap((first) => LETTERS.map((second) => first + second))];

function freePrefix(taken: readonly string[]): string {
  return PREFIXES.find((prefix) => !taken.includes(prefix)) ?? 'A';
}

function withoutMissing<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
