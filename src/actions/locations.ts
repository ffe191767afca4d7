import { record } from '../db/events.ts';
import {
  activeServiceAt,
  allLocations,
  insertLocation,
  locationById,
  retireLocation as retire,
  setBoard,
  updateLocation as update,
} from '../db/locations.ts';
import { breaksUnique } from '../db/refusals.ts';
import { standingAt } from '../db/reservations.ts';
import { localDay } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import { isId, newId } from '../domain/id.ts';
import { type BoardSettings, type Location, slugify } from '../domain/service.ts';
import { type Act, adminOnly, found } from './act.ts';

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

/**
 * Makes the first location if there is none, in the zone that this machine keeps: services need one, and where there is
 * only one, no screen mentions it. Another instance that starts at the same moment may be faster.
 */
export async function ensureLocation({ db, now, transaction }: Act, timeZone: string): Promise<void> {
  if ((await db.run(allLocations, {})).length > 0) return;
  await transaction((tx) =>
    tx.run(insertLocation, { id: newId(), name: 'Main', slug: 'main', timeZone, now }),
  ).catch((error: unknown) => {
    if (!breaksUnique(error, 'slug')) throw error;
  });
}

export async function createLocation(act: Act, input: LocationInput): Promise<Location> {
  adminOnly(act.actor);
  return act
    .transaction(async (tx) => {
      const id = newId();
      const { name, timeZone } = input;
      const [location] = await tx.run(insertLocation, {
        name,
        timeZone,
        id,
        slug: slugify(name),
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

/** Renames a location or moves it to another zone; the zone stays while reservations stand, whose hours it would move. */
export async function updateLocation(act: Act, location: Location, input: LocationInput): Promise<Location> {
  adminOnly(act.actor);
  const from = localDay(act.now, location.timeZone);
  const moved = input.timeZone !== location.timeZone;
  if (moved && (await act.db.run(standingAt, { locationId: location.id, from })).length > 0) {
    throw new Refusal('invalid', { fields: { timeZone: { code: 'zone_in_use' } } });
  }
  return act.transaction(async (tx) => {
    const { name, timeZone, boardNames, boardMessage } = input;
    if (boardNames !== undefined && boardMessage !== undefined)
      await tx.run(setBoard, { id: location.id, boardNames, boardMessage });
    const [row] = await tx.run(update, { id: location.id, name, timeZone, now: act.now });
    record(tx, act.actor, act.now, { verb: 'update', locationId: location.id });
    return found(row);
  });
}

/** Takes a location out of use; refused with `in_use` while it has services. */
export async function retireLocation(act: Act, location: Location): Promise<void> {
  adminOnly(act.actor);
  if ((await act.db.run(activeServiceAt, { id: location.id })).length > 0) throw new Refusal('in_use');
  await act.transaction(async (tx) => {
    const [row] = await tx.run(retire, { id: location.id, now: act.now });
    if (row) record(tx, act.actor, act.now, { verb: 'retire', locationId: location.id });
  });
}
