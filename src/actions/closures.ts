import { record } from '../db/events.ts';
import { closureById, deleteClosure, everyService, serviceById } from '../db/services.ts';
import { Refusal } from '../domain/errors.ts';
import { isId, newId } from '../domain/id.ts';
import type { Closure } from '../domain/service.ts';
import type { NewClosure } from '../forms/services.ts';
import { type Act, adminOnly, found } from './act.ts';
import { chooseLocation, newCollisionsOf } from './services.ts';

/** Adds a closure, a break or special hours, for one service or for a whole location. */
export async function addClosure(act: Act, input: NewClosure): Promise<Closure> {
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
  return act.transaction(async (tx) => {
    await tx.write
      .insert(tx.tables.closures)
      .values({ ...closure, locationId, createdAt: act.now, updatedAt: act.now });
    record(tx, act.actor, act.now, {
      verb: 'close',
      locationId,
      localDay: closure.day,
      ...(closure.serviceId && { serviceId: closure.serviceId }),
    });
    return closure;
  });
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
  const services = await act.db.run(everyService, {});
  const touched = services.filter((service) =>
    input.serviceId ? service.id === input.serviceId : service.locationId === locationId,
  );
  const closures: Closure[] = [{ ...input, id: newId() }];
  const found = await Promise.all(touched.map((service) => newCollisionsOf(act, service, { closures })));
  return found.flat();
}

async function locationOf(act: Act, input: NewClosure): Promise<string> {
  if (!input.serviceId) return (await chooseLocation(act.db, input.locationId)).id;
  const service = await serviceById(act.db, input.serviceId);
  if (!service) throw new Refusal('invalid', { fields: { serviceId: { code: 'unknown_service' } } });
  return service.locationId;
}
