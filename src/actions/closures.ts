import { eq, sql } from 'drizzle-orm';
import { CATALOG } from '../db/changes.ts';
import { holdingDays } from '../db/days.ts';
import { record } from '../db/events.ts';
import { closureById, deleteClosure, everyService, serviceById } from '../db/services.ts';
import type { Tx } from '../db/store.ts';
import { Refusal } from '../domain/errors.ts';
import { isId, newId } from '../domain/id.ts';
import type { Closure } from '../domain/service.ts';
import { type Act, adminOnly, found } from './act.ts';
import { type Ask, chooseLocation, newCollisionsOf } from './services.ts';

/** A closure to add; without a service it counts for a whole location, the only one there is when none is named. */
export type NewClosure = Omit<Closure, 'id'> & { locationId?: string | undefined };

/**
 * Adds a closure, a break or special hours, for one service or for a whole location. Nobody can book between what `ask` is
 * told and the closure.
 */
export async function addClosure(act: Act, input: NewClosure, ask?: Ask): Promise<Closure> {
  adminOnly(act.actor);
  const locationId = await locationOf(act, input);
  const { locationId: _, ...given } = input;
  const closure: Closure = { id: newId(), ...given };
  const change: ClosureChange = { closure, locationId, applied: (standing) => [...standing, closure] };
  return changing(act, change, ask, async (tx) => {
    await tx
      .writing([CATALOG])
      .insert(tx.tables.closures)
      .values({ ...closure, locationId, createdAt: act.now, updatedAt: act.now });
    await recordChange(act, tx, 'close', change);
    return closure;
  });
}

/**
 * Takes a closure back; taking it back twice is a quiet no-op. What was booked in special hours may lie outside of the
 * usual ones: `ask` is told of it, and nobody can book there meanwhile.
 */
export async function removeClosure(act: Act, id: string, ask?: Ask): Promise<void> {
  adminOnly(act.actor);
  const [row] = isId(id) ? await act.db.run(closureById, { id }) : [];
  const closure = found(row);
  const change: ClosureChange = {
    closure,
    locationId: closure.locationId,
    applied: (standing) => standing.filter((one) => one.id !== id),
  };
  await changing(act, change, ask, async (tx) => {
    const [removed] = await tx.run(deleteClosure, { id });
    if (removed) await recordChange(act, tx, 'reopen', change);
  });
}

/** A closure that comes or goes. */
interface ClosureChange {
  closure: Closure;
  locationId: string;
  /** What becomes of the closures that a service has. */
  applied: (standing: readonly Closure[]) => readonly Closure[];
}

/** Runs `write` once `ask` was told of the standing reservations that the change would not have allowed. */
async function changing<T>(
  act: Act,
  { closure, locationId, applied }: ClosureChange,
  ask: Ask | undefined,
  write: (tx: Tx) => Promise<T>,
): Promise<T> {
  return act.transaction(async (tx) => {
    if (!ask) return write(tx);
    // Retired services too: what was booked before still stands.
    const services = (await tx.run(everyService, {})).filter((service) =>
      closure.serviceId ? service.id === closure.serviceId : service.locationId === locationId,
    );
    return holdingDays(tx, { services, from: closure.day, to: closure.day }, async () => {
      const inside = { ...act, db: tx };
      const found = await Promise.all(
        services.map((service) => newCollisionsOf(inside, service, { closures: applied })),
      );
      ask(found.flat());
      return write(tx);
    });
  });
}

/** A closure changes what can be booked, and so the version of each service that it counts for. */
async function recordChange(
  act: Act,
  tx: Tx,
  verb: 'close' | 'reopen',
  { closure: { day, serviceId }, locationId }: ClosureChange,
): Promise<void> {
  const { services } = tx.tables;
  await tx
    .writing([CATALOG])
    .update(services)
    .set({ version: sql`${services.version} + 1` })
    .where(serviceId ? eq(services.id, serviceId) : eq(services.locationId, locationId));
  record(tx, act.actor, act.now, { verb, locationId, localDay: day, ...(serviceId && { serviceId }) });
}

async function locationOf(act: Act, input: NewClosure): Promise<string> {
  if (!input.serviceId) return (await chooseLocation(act.db, input.locationId)).id;
  const service = await serviceById(act.db, input.serviceId);
  if (!service) throw new Refusal('invalid', { fields: { serviceId: { code: 'unknown_service' } } });
  return service.locationId;
}
