import { inArray } from 'drizzle-orm';
import { CATALOG } from '../db/changes.ts';
import { holdingDays } from '../db/days.ts';
import { record } from '../db/events.ts';
import { closureById, upcomingClosures } from '../db/hours.ts';
import { lockLocation } from '../db/locations.ts';
import { everyService, raiseVersions, serviceById } from '../db/services.ts';
import type { Tx } from '../db/store.ts';
import { closureRuns, isAlike } from '../domain/closure.ts';
import { daysFromTo, type LocalDay } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import { isId, newId } from '../domain/id.ts';
import type { Closure } from '../domain/service.ts';
import { type Act, adminOnly, found } from './act.ts';
import { type Ask, newCollisionsOf } from './collisions.ts';
import { chooseLocation } from './locations.ts';

/**
 * A closure to add, for each day until `until` where that is given; without a service it counts for a whole location, the
 * only one there is when none is named.
 */
export type NewClosure = Omit<Closure, 'id'> & { locationId?: string | undefined; until?: LocalDay | null };

/**
 * Adds a closure, a break or special hours, for one service or for a whole location, and answers the first day's. One that
 * is there already is a quiet no-op, and not `isNew`. Nobody can book between what `ask` is told and the closure.
 */
export async function addClosure(
  act: Act,
  input: NewClosure,
  ask?: Ask,
): Promise<Closure & { isNew: boolean }> {
  adminOnly(act.actor);
  const locationId = await locationOf(act, input);
  const { locationId: _, until, ...given } = input;
  return act.transaction(async (tx) => {
    // Whoever adds the same at the same moment finds it there.
    await tx.run(lockLocation, { id: locationId });
    const standing = (await tx.run(upcomingClosures, { from: given.day })).filter((one) =>
      isAlike(one, { ...given, locationId }),
    );
    const closures = daysFromTo(given.day, until ?? given.day)
      .filter((day) => !standing.some((one) => one.day === day))
      .map((day): Closure => ({ id: newId(), ...given, day }));
    if (closures.length === 0) return { ...found(standing[0]), isNew: false };
    const change: ClosureChange = { closures, locationId, applied: (standing) => [...standing, ...closures] };
    return changing(act, tx, change, ask, async () => {
      await tx
        .writing([CATALOG])
        .insert(tx.tables.closures)
        .values(closures.map((one) => ({ ...one, locationId, createdAt: act.now, updatedAt: act.now })));
      await recordChange(act, tx, 'close', change);
      return { ...found(closures[0]), isNew: true };
    });
  });
}

/**
 * Takes a closure back, and with `until` those of the days after it that are the same. Refuses with `not_found` when it is
 * gone, and is a quiet no-op for whoever takes it back at the same moment. What was booked in special hours may lie outside
 * of the usual ones: `ask` is told of it, and nobody can book there meanwhile. Answers whether the usual hours count again,
 * since no other closure of these days does.
 */
export async function removeClosure(
  act: Act,
  id: string,
  ask?: Ask,
  until?: LocalDay | null,
): Promise<{ isUsual: boolean }> {
  adminOnly(act.actor);
  const [known] = isId(id) ? await act.db.run(closureById, { id }) : [];
  const { day, locationId } = found(known);
  return act.transaction(async (tx) => {
    await tx.run(lockLocation, { id: locationId });
    const [first] = await tx.run(closureById, { id });
    if (!first) return { isUsual: true };
    const upcoming = await tx.run(upcomingClosures, { from: day });
    const runs = until ? closureRuns(upcoming) : [];
    const run = runs.find(([{ id: begin }]) => begin === id)?.filter((one) => one.day <= (until ?? day));
    const closures: readonly Closure[] = run ?? [first];
    const ids = new Set(closures.map((closure) => closure.id));
    const change: ClosureChange = {
      closures,
      locationId,
      applied: (standing) => standing.filter((one) => !ids.has(one.id)),
    };
    const others = upcoming.filter(
      (one) =>
        !ids.has(one.id) &&
        one.locationId === locationId &&
        closures.some((closure) => one.day === closure.day && countTogether(one, closure)),
    );
    return changing(act, tx, change, ask, async () => {
      await tx
        .writing([CATALOG])
        .delete(tx.tables.closures)
        .where(inArray(tx.tables.closures.id, [...ids]));
      await recordChange(act, tx, 'reopen', change);
      return { isUsual: others.length === 0 };
    });
  });
}

/** Whether there is a service that both closures of a location count for. */
function countTogether(one: Pick<Closure, 'serviceId'>, other: Pick<Closure, 'serviceId'>): boolean {
  return one.serviceId === null || other.serviceId === null || one.serviceId === other.serviceId;
}

/** Closures of one run that come or go. */
interface ClosureChange {
  closures: readonly Closure[];
  locationId: string;
  /** What becomes of the closures that a service has. */
  applied: (standing: readonly Closure[]) => readonly Closure[];
}

/** Runs `write` once `ask` was told of the standing reservations that the change would not have allowed. */
async function changing<T>(
  act: Act,
  tx: Tx,
  { closures, locationId, applied }: ClosureChange,
  ask: Ask | undefined,
  write: () => Promise<T>,
): Promise<T> {
  if (!ask) return write();
  const { serviceId, from, to } = extentOf(closures);
  // Retired services too: what was booked before still stands.
  const services = (await tx.run(everyService, {})).filter((service) =>
    serviceId ? service.id === serviceId : service.locationId === locationId,
  );
  return holdingDays(tx, { services, from, to }, async () => {
    const inside = { ...act, db: tx };
    const collisions = await Promise.all(
      services.map((service) => newCollisionsOf(inside, service, { closures: applied })),
    );
    ask(collisions.flat());
    return write();
  });
}

/** A closure changes what can be booked, and so the version of each service that it counts for. */
async function recordChange(
  act: Act,
  tx: Tx,
  verb: 'close' | 'reopen',
  { closures, locationId }: ClosureChange,
): Promise<void> {
  const { serviceId, from, to } = extentOf(closures);
  await tx.run(raiseVersions, { locationId, serviceId });
  record(tx, act.actor, act.now, {
    verb,
    locationId,
    localDay: from,
    ...(serviceId && { serviceId }),
    ...(to !== from && { data: { until: to } }),
  });
}

function extentOf(closures: readonly Closure[]): { serviceId: string | null; from: LocalDay; to: LocalDay } {
  const [first, last] = [found(closures[0]), found(closures.at(-1))];
  return { serviceId: first.serviceId, from: first.day, to: last.day };
}

async function locationOf(act: Act, input: NewClosure): Promise<string> {
  if (!input.serviceId) return (await chooseLocation(act.db, input.locationId)).id;
  const service = await serviceById(act.db, input.serviceId);
  if (!service) throw new Refusal('invalid', { fields: { serviceId: { code: 'unknown_service' } } });
  return service.locationId;
}
