import { holdingDays } from '../db/days.ts';
import { allDesks } from '../db/desks.ts';
import { record } from '../db/events.ts';
import {
  activeServiceAt,
  allLocations,
  insertLocation,
  locationById,
  lockLocation,
  lockLocationNames,
  restoreLocation as restore,
  retireLocation as retire,
  setBoard,
  takenSlugs,
  updateLocation as update,
} from '../db/locations.ts';
import { openByService } from '../db/queue.ts';
import { breaksUnique } from '../db/refusals.ts';
import { countStandingAt, standingAt } from '../db/reservations.ts';
import { activeServices, everyService, raiseVersions } from '../db/services.ts';
import type { Reader, Tx } from '../db/store.ts';
import { addDays, type LocalDay, localDay, zoneName } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import { isId, newId } from '../domain/id.ts';
import { isTaken } from '../domain/names.ts';
import { type BoardSettings, freeSlug, type Location, slugify } from '../domain/service.ts';
import { type Act, adminOnly, found, type Look } from './act.ts';

export interface LocationInput {
  name: string;
  timeZone: string;
  /** What the board shows; left out, it stays as it is. */
  boardNames?: boolean;
  boardMessage?: string;
}

/** Loads a location that is in use, for an admin. */
export async function reachLocation({ db, actor }: Act, id: string): Promise<Location & BoardSettings> {
  adminOnly(actor);
  const [location] = isId(id) ? await db.run(locationById, { id }) : [];
  return found(location?.retiredAt === null && location);
}

/** The location that is named, or the only one there is. */
export async function chooseLocation(db: Reader, id: string | undefined) {
  if (id !== undefined) {
    const [location] = await db.run(locationById, { id });
    if (location && location.retiredAt === null) return location;
  } else {
    const [only, another] = await db.run(allLocations, {});
    if (only && !another) return only;
    if (only) throw new Refusal('invalid', { fields: { locationId: { code: 'required' } } });
  }
  throw unknownLocation();
}

/** What is refused where a form names a location that is not there. */
export function unknownLocation(): Refusal {
  return new Refusal('invalid', { fields: { locationId: { code: 'unknown_location' } } });
}

/**
 * Makes the first location if there is none, in the zone that this machine keeps: services need one, and where there is
 * only one, no screen mentions it. Another instance that starts at the same moment may be faster.
 */
export async function ensureLocation({ db, now, transaction }: Act, timeZone: string): Promise<void> {
  if ((await db.run(allLocations, {})).length > 0) return;
  const slug = await addressOf(db, 'main');
  await transaction((tx) => tx.run(insertLocation, { id: newId(), name: 'Main', slug, timeZone, now })).catch(
    (error: unknown) => {
      if (!breaksUnique(error, 'slug')) throw error;
    },
  );
}

/**
 * Adds a location. Its address comes from its name, with a number behind it where another has that already. No two in use
 * have one name (`fields.name`).
 */
export async function createLocation(act: Act, input: LocationInput): Promise<Location> {
  adminOnly(act.actor);
  return act
    .transaction(async (tx) => {
      const id = newId();
      const { name, timeZone } = input;
      await tx.run(lockLocationNames, {});
      await requireFree(tx, id, name);
      const [location] = await tx.run(insertLocation, {
        name,
        timeZone,
        id,
        slug: await addressOf(tx, slugify(name, 'location')),
        now: act.now,
      });
      record(tx, act.actor, act.now, { verb: 'create', locationId: id });
      return found(location);
    })
    .catch((error: unknown) => {
      if (breaksUnique(error, 'slug'))
        throw new Refusal('invalid', { fields: { name: { code: 'slug_taken' } } });
      throw error;
    });
}

/** The address that a location or a service gets by its slug. Under the lock of the names no two get the same. */
export async function addressOf(db: Reader, slug: string): Promise<string> {
  const taken = await db.run(takenSlugs, {});
  return freeSlug(
    slug,
    taken.map((other) => other.slug),
  );
}

/**
 * Renames a location or moves it to another zone; the zone stays while reservations stand, whose hours it would move, and
 * while somebody is in line, whose day it would end. Nobody changes what `look` was told.
 */
export async function updateLocation(
  act: Act,
  location: Location,
  input: LocationInput,
  look?: Look<Location & BoardSettings>,
): Promise<Location> {
  adminOnly(act.actor);
  const write = async (tx: Tx) => {
    const { name, timeZone, boardNames, boardMessage } = input;
    if (boardNames !== undefined && boardMessage !== undefined)
      await tx.run(setBoard, { id: location.id, boardNames, boardMessage });
    const [row] = await tx.run(update, { id: location.id, name, timeZone, now: act.now });
    record(tx, act.actor, act.now, { verb: 'update', locationId: location.id });
    return found(row);
  };
  return act.transaction(async (tx) => {
    await tx.run(lockLocationNames, {});
    // Under the lock: another admin may have moved it a moment ago.
    found((await tx.run(lockLocation, { id: location.id }))[0]);
    const standing = found((await tx.run(locationById, { id: location.id }))[0]);
    look?.(standing);
    if (input.name !== standing.name) await requireFree(tx, location.id, input.name);
    const { timeZone } = standing;
    // An older one may stand in another case.
    if (zoneName(timeZone) === input.timeZone) return write(tx);
    return inAnotherZone(act, tx, { ...location, timeZone }, () => write(tx));
  });
}

/** Under the lock of the names: two that are named at once get two names. */
async function requireFree(tx: Tx, id: string, name: string): Promise<void> {
  const others = (await tx.run(allLocations, {})).filter((other) => other.id !== id);
  if (isTaken(name, others)) throw new Refusal('invalid', { fields: { name: { code: 'name_taken' } } });
}

/**
 * Refuses while reservations stand or somebody is in line. Nobody can book between the look and the change, which makes
 * each service another.
 */
async function inAnotherZone<T>(act: Act, tx: Tx, location: Location, write: () => Promise<T>): Promise<T> {
  const from = localDay(act.now, location.timeZone);
  const services = (await tx.run(everyService, {})).filter(
    ({ locationId, retiredAt }) => locationId === location.id && retiredAt === null,
  );
  const horizon = Math.max(0, ...services.map(({ horizonDays }) => horizonDays));
  return holdingDays(tx, { services, from, to: addDays(from, horizon + 1) }, async () => {
    if ((await tx.run(standingAt, { locationId: location.id, from })).length > 0)
      throw new Refusal('invalid', { fields: { timeZone: { code: 'zone_in_use' } } });
    const lines = await tx.run(openByService, { locationId: location.id, day: from });
    if (lines.length > 0)
      throw new Refusal('invalid', { fields: { timeZone: { code: 'lines_open', lines } } });
    await tx.run(raiseVersions, { locationId: location.id, serviceId: null });
    return write();
  });
}

/**
 * Takes a location out of use; refused with `in_use` while it has services or desks, and while somebody is in line there:
 * its board would go dark for them.
 */
export async function retireLocation(act: Act, location: Location): Promise<void> {
  adminOnly(act.actor);
  await act.transaction(async (tx) => {
    // Held first: who opens a service there holds it as well.
    await tx.run(lockLocation, { id: location.id });
    const services = await tx.run(activeServiceAt, { id: location.id });
    const desks = (await allDesks(tx)).filter(({ locationId }) => locationId === location.id);
    const lines = await tx.run(openByService, { locationId: location.id, day: todayAt(act, location) });
    if (services.length + desks.length + lines.length > 0) throw new Refusal('in_use');
    const [row] = await tx.run(retire, { id: location.id, now: act.now });
    if (row) record(tx, act.actor, act.now, { verb: 'retire', locationId: location.id });
  });
}

/** Loads a location, a retired one too, for an admin. */
export async function reachAnyLocation({ db, actor }: Act, id: string): Promise<Location> {
  adminOnly(actor);
  return found(isId(id) && (await db.run(locationById, { id }))[0]);
}

/**
 * Puts a retired location back in use, without the services and desks that it had. Refused where another took its name
 * (`fields.name`). Twice is a quiet no-op.
 */
export async function restoreLocation(act: Act, { id, name }: Location): Promise<void> {
  adminOnly(act.actor);
  await act.transaction(async (tx) => {
    await tx.run(lockLocationNames, {});
    if ((await tx.run(restore, { id, now: act.now })).length === 0) return;
    await requireFree(tx, id, name);
    record(tx, act.actor, act.now, { verb: 'restore', locationId: id });
  });
}

/** Refuses with the problem of the field `locationId`, unless the location is in use; then it stays so meanwhile. */
export async function requireInUse(tx: Tx, locationId: string): Promise<void> {
  if ((await tx.run(lockLocation, { id: locationId })).length > 0) return;
  throw new Refusal('invalid', { fields: { locationId: { code: 'location_retired' } } });
}

/** What a location still has in use, who is in its lines, and how many reservations stand there, of retired services too. */
export async function leftAt(act: Act, location: Location) {
  adminOnly(act.actor);
  const { db, now } = act;
  const [locationId, day] = [location.id, todayAt(act, location)];
  const [services, desks, lines, [standing]] = await Promise.all([
    db.run(activeServices, {}),
    allDesks(db),
    db.run(openByService, { locationId, day }),
    db.run(countStandingAt, { locationId, from: day, now }),
  ]);
  const here = ({ locationId }: { locationId: string }) => locationId === location.id;
  return {
    services: services.filter(here).length,
    desks: desks.filter(here).length,
    lines,
    standing: standing?.count ?? 0,
  };
}

function todayAt({ now }: Act, { timeZone }: Location): LocalDay {
  return localDay(now, timeZone);
}
