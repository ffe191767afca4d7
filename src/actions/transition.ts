import { lockDesk } from '../db/desks.ts';
import { record } from '../db/events.ts';
import type { Tx } from '../db/store.ts';
import { setEntryState } from '../db/ticket-writes.ts';
import { entryById } from '../db/tickets.ts';
import { localDay } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import { newId } from '../domain/id.ts';
import type { PlacedService } from '../domain/service.ts';
import { type QueueEntry, stateOf, type TicketState } from '../domain/ticket.ts';
import { type Act, found } from './act.ts';

// What every change of a ticket is made of, under the lock of its line.

export type NextState = Pick<TicketState, 'status'> & Partial<TicketState>;

/** What is done to a ticket, as its event tells it. What one action does to several tickets shares an `actionId`. */
interface Deed {
  verb: string;
  data?: Record<string, unknown> | undefined;
  actionId?: string | undefined;
}

/**
 * Writes a transition and its event, with what undoing it needs. The queue's row must be locked. Refuses with `stale`
 * when the entry moved on.
 */
export async function changeEntry(
  tx: Tx,
  act: Act,
  before: QueueEntry,
  change: NextState,
  { verb, data, actionId = newId() }: Deed,
): Promise<QueueEntry> {
  const after = { ...stateOf(before), ...change };
  const [row] = await tx.run(setEntryState, {
    ...after,
    id: before.id,
    localDay: before.localDay,
    was: before.status,
    version: before.version,
    now: act.now,
  });
  if (!row) throw stale(await entryById(tx, before.id));
  record(tx, act.actor, act.now, {
    verb,
    locationId: before.locationId,
    serviceId: after.serviceId,
    localDay: before.localDay,
    reservationId: before.reservationId,
    entryId: before.id,
    fromStatus: before.status,
    toStatus: after.status,
    data: data ?? null,
    actionId,
    before: { ...stateOf(before), version: before.version },
    via: act.via ?? null,
  });
  // As it was written: nobody else can have changed it.
  return { ...before, ...after, version: before.version + 1 };
}

/** Whose desk it has to be. */
export interface AtOwnDesk {
  /** Whether the actor has to sit at the desk by now, as their screen says. */
  isOwn?: boolean;
}

/**
 * Holds a desk that is about to take somebody, before any line is locked, and tells whether it is paused. Refuses with
 * `fields.deskId` when it is no desk of this location, and with `desk_taken` when it has to be the actor's own and is not.
 */
export async function holdDesk(
  tx: Tx,
  { actor }: Act,
  desk: { id: string; locationId: string },
  { isOwn }: AtOwnDesk,
): Promise<{ isPaused: boolean }> {
  const [row] = await tx.run(lockDesk, { id: desk.id });
  const { pausedAt, staffedBy } = requireDesk(row, desk);
  if (isOwn && staffedBy !== actor?.id) throw new Refusal('desk_taken', { facts: { staffedBy } });
  return { isPaused: pausedAt !== null };
}

/** Refuses with `fields.deskId` what is no desk of this location. */
export function requireDesk<D extends { locationId: string }>(
  desk: D | undefined,
  { locationId }: { locationId: string },
): D {
  if (desk?.locationId === locationId) return desk;
  throw new Refusal('invalid', { fields: { deskId: { code: 'unknown_desk' } } });
}

/** The ticket as it is under the lock of the line it was last seen in; `stale` when it stands in another line by now. */
export async function freshTicket(tx: Tx, entry: QueueEntry): Promise<QueueEntry> {
  const fresh = found(await entryById(tx, entry.id));
  if (fresh.serviceId !== entry.serviceId) throw stale(fresh);
  return fresh;
}

/**
 * Refuses with `stale` what was asked of another version than the ticket has by now; whoever names none takes it as
 * it is.
 */
export function requireVersion(fresh: QueueEntry, version: number | undefined): void {
  if (version !== undefined && version !== fresh.version) throw stale(fresh);
}

/** Whether the ticket's day is not today, on the clock of its service. */
export function isPast(act: Act, entry: QueueEntry, service: PlacedService): boolean {
  return entry.localDay !== localDay(act.now, service.location.timeZone);
}

/** The refusal of a verb that the state of this ticket, as it is by now, does not take. */
export function wrongState(entry: QueueEntry): Refusal {
  return new Refusal('wrong_state', { facts: { entry } });
}

/** The refusal of what was asked of a screen that is behind: with the ticket as it is by now, if there is one. */
export function stale(entry: QueueEntry | undefined): Refusal {
  return new Refusal('stale', { facts: { entry } });
}
