import { eq, sql } from 'drizzle-orm';
import { holdingDays } from '../db/days.ts';
import { record } from '../db/events.ts';
import { closureById, deleteClosure, everyService, serviceById } from '../db/services.ts';
import type { Tx } from '../db/store.ts';
import { Refusal } from '../domain/errors.ts';
import { isId, newId } from '../domain/id.ts';
import type { Closure, PlacedService } from '../domain/service.ts';
import type { NewClosure } from '../forms/services.ts';
import { type Act, adminOnly, found } from './act.ts';
import { type Ask, chooseLocation, newCollisionsOf } from './services.ts';

/**
 * Adds a closure, a break or special hours, for one service or for a whole location. Nobody can book between what `ask` is
 * told and the closure.
 */
export async function addClosure(act: Act, input: NewClosure, ask?: Ask): Promise<Closure> {
  adminOnly(act.actor);
  const locationId = await locationOf(act, input);
  const closure: Closure = {
    id: newId(),
    serviceId: input.serviceId,
    day: input.day,
    kind: input.kind,
    opens: input.opens,
    closes: input.closes,
    reason: input.reason,
  };
  const write = async (tx: Tx) => {
    await tx.write
      .insert(tx.tables.closures)
      .values({ ...closure, locationId, createdAt: act.now, updatedAt: act.now });
    await newVersion(tx, closure.serviceId, locationId);
    record(tx, act.actor, act.now, {
      verb: 'close',
      locationId,
      localDay: closure.day,
      ...(closure.serviceId && { serviceId: closure.serviceId }),
    });
    return closure;
  };
  return act.transaction(async (tx) => {
    if (!ask) return write(tx);
    const services = touchedBy(input, locationId, await tx.run(everyService, {}));
    return holdingDays(tx, { services, from: input.day, to: input.day }, async () => {
      ask(await collisionsWith({ ...act, db: tx }, input, services));
      return write(tx);
    });
  });
}

/** A closure changes what can be booked, and so the version of each service that it counts for. */
async function newVersion(tx: Tx, serviceId: string | null, locationId: string): Promise<void> {
  const { services } = tx.tables;
  await tx.write
    .update(services)
    .set({ version: sql`${services.version} + 1` })
    .where(serviceId ? eq(services.id, serviceId) : eq(services.locationId, locationId));
}

/** Takes a closure back. Taking it back twice is a quiet no-op. */
export async function removeClosure(act: Act, id: string): Promise<void> {
  adminOnly(act.actor);
  const [closure] = isId(id) ? await act.db.run(closureById, { id }) : [];
  const { locationId, day, serviceId } = found(closure);
  await act.transaction(async (tx) => {
    const [row] = await tx.run(deleteClosure, { id });
    if (row)
      record(tx, act.actor, act.now, {
        verb: 'reopen',
        locationId,
        localDay: day,
        ...(serviceId && { serviceId }),
      });
  });
}

/**
 * The standing reservations that a closure would fall on, over every service it counts for. Retired services too: what
 * was booked before still stands.
 */
export async function closureCollisions(act: Act, input: NewClosure) {
  adminOnly(act.actor);
  const locationId = await locationOf(act, input);
  return collisionsWith(act, input, touchedBy(input, locationId, await act.db.run(everyService, {})));
}

async function collisionsWith(act: Act, input: NewClosure, services: readonly PlacedService[]) {
  const closures: Closure[] = [{ ...input, id: newId() }];
  const found = await Promise.all(services.map((service) => newCollisionsOf(act, service, { closures })));
  return found.flat();
}

function touchedBy(
  { serviceId }: NewClosure,
  locationId: string,
  services: readonly PlacedService[],
): PlacedService[] {
  return services.filter((service) =>
    serviceId ? service.id === serviceId : service.locationId === locationId,
  );
}

async function locationOf(act: Act, input: NewClosure): Promise<string> {
  if (!input.serviceId) return (await chooseLocation(act.db, input.locationId)).id;
  const service = await serviceById(act.db, input.serviceId);
  if (!service) throw new Refusal('invalid', { fields: { serviceId: { code: 'unknown_service' } } });
  return service.locationId;
}
