import { record } from '../db/events.ts';
import { deskById } from '../db/locations.ts';
import {
  endEntries,
  endQueue,
  entryById,
  headsOfLine,
  heldByDesk,
  insertEntry,
  lockQueue,
  unendedQueues,
} from '../db/queue.ts';
import { serviceById, serviceBySlug } from '../db/services.ts';
import type { Tx } from '../db/store.ts';
import { addDays, localDay } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import { isId, newId } from '../domain/id.ts';
import { chooseNext, dueTimes } from '../domain/order.ts';
import { worksAt } from '../domain/roles.ts';
import type { PlacedService } from '../domain/service.ts';
import { type QueueEntry, ticketNumber } from '../domain/ticket.ts';
import { type Act, found, staffOnly } from './act.ts';
import { changeEntry } from './tickets.ts';

/** Loads a service, by id or by slug, whose queue the actor works. Refuses with `forbidden` or `not_found`. */
export async function reachQueue(
  { db, actor }: Act,
  key: { id: string } | { slug: string },
): Promise<PlacedService> {
  const person = staffOnly(actor);
  const service = found(
    'id' in key ? isId(key.id) && (await serviceById(db, key.id)) : await serviceBySlug(db, key.slug),
  );
  found(worksAt(person, service.locationId));
  return service;
}

export interface Advanced {
  completed: QueueEntry | null;
  inService: QueueEntry | null;
}

/**
 * One tap at a desk: completes what the desk has in service, then starts its called ticket or else the next waiting one.
 * Which one that is, the server chooses under the lock, so two desks at the same instant get different tickets. When
 * `serving` is given and is not what the desk has in service (null: nothing), it refuses with `stale` and nothing
 * happens.
 */
export async function advance(
  act: Act,
  service: PlacedService,
  input: { deskId?: string | null; serving?: string | null | undefined },
): Promise<Advanced> {
  const deskId = input.deskId ?? null;
  if (deskId !== null) await requireDesk(act, service, deskId);
  const day = localDay(act.now, service.location.timeZone);
  return act.transaction(async (tx) => {
    await lockQueue(tx, { serviceId: service.id, day, locationId: service.locationId });
    const held = await tx.run(heldByDesk, { serviceId: service.id, day, deskId });
    const serving = held.find((entry) => entry.status === 'in_service');
    if (input.serving !== undefined && input.serving !== (serving?.id ?? null))
      await refuseStale(tx, input.serving, serving?.id);

    const completed =
      serving && (await changeEntry(tx, act, serving, { status: 'completed', endedAt: act.now }, 'advance'));
    const next =
      held.find((entry) => entry.status === 'called') ?? (await nextWaiting(tx, act, service, day));
    const inService =
      next &&
      (await changeEntry(
        tx,
        act,
        next,
        { status: 'in_service', deskId, calledAt: next.calledAt ?? act.now, startedAt: act.now },
        'advance',
      ));
    return { completed: completed ?? null, inService: inService ?? null };
  });
}

/**
 * Puts somebody without a reservation into today's line. Refuses with `no_walk_ins` where a service takes none.
 */
export async function addWalkIn(
  act: Act,
  service: PlacedService,
  input: { name: string; phone: string | null; priority: number },
): Promise<QueueEntry> {
  if (!service.walkIns || service.retiredAt !== null) throw new Refusal('no_walk_ins');
  const day = localDay(act.now, service.location.timeZone);
  return act.transaction(async (tx) => {
    const { lastPosition } = await lockQueue(
      tx,
      { serviceId: service.id, day, locationId: service.locationId },
      1,
    );
    const id = newId();
    await tx.run(insertEntry, {
      id,
      reservationId: null,
      serviceId: service.id,
      locationId: service.locationId,
      localDay: day,
      position: lastPosition,
      number: ticketNumber(service.prefix, lastPosition),
      name: input.name,
      phone: input.phone,
      priority: input.priority,
      ...dueTimes(act.now, null, input.priority, service),
      arrivedAt: act.now,
      now: act.now,
    });
    record(tx, act.actor, act.now, {
      verb: 'walk-in',
      locationId: service.locationId,
      serviceId: service.id,
      localDay: day,
      entryId: id,
      toStatus: 'waiting',
    });
    return found(await entryById(tx, id));
  });
}

/**
 * Ends the lines of days that are over where they are: who still waits has left, who is being served is done. Answers
 * how many lines it ended. Several instances may do it at once; each line ends once.
 */
export async function endPastDays(act: Act): Promise<number> {
  const latest = addDays(act.now.toISOString().slice(0, 10), 1);
  const open = await act.db.run(unendedQueues, { latest });
  const over = open.filter((queue) => queue.day < localDay(act.now, queue.timeZone));
  let ended = 0;
  // One short transaction a line: a long one would hold up the desks of other places.
  for (const { serviceId, day, locationId } of over) {
    ended += await act.transaction(async (tx) => {
      const [row] = await tx.run(endQueue, { serviceId, day, now: act.now });
      if (!row) return 0;
      const entries = await tx.run(endEntries, { serviceId, day, now: act.now });
      const facts = entries.map((entry) => ({
        id: newId(),
        at: act.now,
        actorId: null,
        verb: 'end-day',
        locationId,
        serviceId,
        localDay: day,
        reservationId: entry.reservationId,
        entryId: entry.id,
        toStatus: entry.status,
        data: { reason: 'day_ended' },
      }));
      if (facts.length > 0) await tx.write.insert(tx.tables.events).values(facts);
      return 1;
    });
  }
  return ended;
}

async function nextWaiting(
  tx: Tx,
  act: Act,
  service: PlacedService,
  day: string,
): Promise<QueueEntry | undefined> {
  const next = chooseNext(await headsOfLine(tx, service.id, day, act.now), act.now, service.earlyCallMinutes);
  return next && entryById(tx, next.id);
}

async function refuseStale(tx: Tx, shown: string | null, serving: string | undefined): Promise<never> {
  throw new Refusal('stale', {
    facts: {
      shown: shown === null ? null : await entryById(tx, shown),
      serving: serving ? await entryById(tx, serving) : null,
    },
  });
}

async function requireDesk({ db }: Act, service: PlacedService, deskId: string): Promise<void> {
  const [desk] = await db.run(deskById, { id: deskId });
  if (desk?.locationId !== service.locationId)
    throw new Refusal('invalid', { fields: { deskId: { code: 'unknown_desk' } } });
}
