import { lockQueue } from '../db/queue.ts';
import { reservationById } from '../db/reservations.ts';
import { serviceById } from '../db/services.ts';
import { entryByToken } from '../db/tickets.ts';
import { Refusal } from '../domain/errors.ts';
import { delayed, dueTimes } from '../domain/order.ts';
import { DELAY_MINUTES, MAX_DELAYS, outcomeOf, type QueueEntry } from '../domain/ticket.ts';
import { hashToken, isToken } from '../domain/token.ts';
import { type Act, found } from './act.ts';
import { changeEntry, freshTicket, isPast, requireVersion, wrongState } from './transition.ts';

/** The ticket that a link's token leads to; whoever has the link holds the ticket. Refuses with `not_found`. */
export async function reachTicketByToken(act: Act, token: string): Promise<{ act: Act; entry: QueueEntry }> {
  const entry = found(isToken(token) && (await entryByToken(act.db, hashToken(token))));
  return { act: { ...act, via: 'ticket' }, entry };
}

/**
 * "I need ten more minutes": until then the ticket is not due, and it stands ten minutes further back. A called ticket
 * waits again. Each time counts; beyond the second it refuses with `no_more_delays`.
 */
export async function delayTicket(
  act: Act,
  entry: QueueEntry,
  input: { version?: number | undefined } = {},
): Promise<QueueEntry> {
  const service = found(await serviceById(act.db, entry.serviceId));
  return act.transaction(async (tx) => {
    await lockQueue(tx, { serviceId: entry.serviceId, day: entry.localDay, locationId: entry.locationId });
    const fresh = await freshTicket(tx, entry);
    requireVersion(fresh, input.version);
    if (outcomeOf('delay', fresh.status) !== 'go' || isPast(act, fresh, service)) throw wrongState(fresh);
    if (fresh.delays >= MAX_DELAYS) throw new Refusal('no_more_delays', { facts: { entry: fresh } });
    const change = {
      status: 'waiting' as const,
      ...delayed(fresh, DELAY_MINUTES, act.now),
      delays: fresh.delays + 1,
      placedBy: 'delay' as const,
      calledAt: null,
      deskId: null,
    };
    return changeEntry(tx, act, fresh, change, { verb: 'delay' });
  });
}

/** "I'm back": the rest of the time asked for is given up, the place it cost is not. Quiet when nobody is away. */
export async function returnTicket(act: Act, entry: QueueEntry): Promise<QueueEntry> {
  const service = found(await serviceById(act.db, entry.serviceId));
  const reservation = entry.reservationId ? await reservationById(act.db, entry.reservationId) : undefined;
  return act.transaction(async (tx) => {
    await lockQueue(tx, { serviceId: entry.serviceId, day: entry.localDay, locationId: entry.locationId });
    const fresh = await freshTicket(tx, entry);
    const { awayUntil, status } = fresh;
    if (awayUntil === null || awayUntil <= act.now) return fresh;
    if (status !== 'waiting' || isPast(act, fresh, service)) throw wrongState(fresh);
    // As if no time had been asked for: due at its slot, where that is still to come.
    const { dueAt: due } = dueTimes(fresh.arrivedAt, reservation?.timeSlot ?? null, fresh.priority, service);
    const dueAt = due > act.now ? due : act.now;
    return changeEntry(tx, act, fresh, { status, dueAt, awayUntil: null }, { verb: 'back' });
  });
}
