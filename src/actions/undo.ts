import { lockDesk } from '../db/desks.ts';
import { type EntryBefore, factsOfAction, lastFactOf, markUndone, type UndoableFact } from '../db/events.ts';
import { lockQueues } from '../db/queue.ts';
import { breaksUnique } from '../db/refusals.ts';
import { lockReservation, reservationById } from '../db/reservations.ts';
import { serviceById } from '../db/services.ts';
import type { Tx } from '../db/store.ts';
import { entryById, heldAtDesk } from '../db/tickets.ts';
import { Refusal } from '../domain/errors.ts';
import { newId } from '../domain/id.ts';
import { isTicketOf } from '../domain/reservation.ts';
import {
  type EntryStatus,
  isOpen,
  type QueueEntry,
  STATE_FIELDS,
  STATE_TIMES,
  type TicketState,
  UNDO_SECONDS,
} from '../domain/ticket.ts';
import { type Act, found } from './act.ts';
import { changeEntry, isPast, requireVersion, stale } from './transition.ts';

/** What put a ticket into the line; undone, it has left and counts for nothing. */
const MADE = ['walk-in', 'check-in'];

/**
 * Takes back the last thing that was done to a ticket, and all else that the same action did: both halves of an advance.
 * Only for who did it and for 30 seconds (`not_undoable`), and only while no ticket it touched has changed since
 * (`stale`). Every touched ticket is then as it was, but for its version, which goes up. A ticket that was just made
 * leaves, and counts as if it had never been. Undoing again is a quiet no-op.
 */
export async function undo(
  act: Act,
  entry: QueueEntry,
  input: { version?: number | undefined } = {},
): Promise<QueueEntry> {
  const service = found(await serviceById(act.db, entry.serviceId));
  const undone = act.transaction(async (tx) => {
    // Looked at first to know what to lock, and again under the locks.
    const seen = await lastFactOf(tx, entry.id);
    const facts = seen?.actionId ? await tx.run(factsOfAction, { actionId: seen.actionId }) : [];
    const touched = await ticketsOf(tx, facts);
    // Reservations come before desks, as for whoever cancels.
    const reservations = touched.flatMap(({ reservationId }) => reservationId ?? []);
    for (const id of [...new Set(reservations)].sort()) await tx.run(lockReservation, { id });
    // Every desk before every line, each kind in one order, as everybody takes them.
    const desks = facts.flatMap(({ before }) =>
      before && isOpen(before.status as EntryStatus) ? (before.deskId as string) : [],
    );
    // One that was retired meanwhile gets nobody back.
    for (const deskId of [...new Set(desks)].sort())
      if (deskId && (await tx.run(lockDesk, { id: deskId })).length === 0) throw new Refusal('not_undoable');
    const lines = facts.flatMap(({ before }) => (before?.serviceId as string | undefined) ?? []);
    lockQueues(tx, [entry.serviceId, ...lines, ...touched.map(({ serviceId }) => serviceId)], {
      day: entry.localDay,
      locationId: entry.locationId,
    });

    const fresh = found(await entryById(tx, entry.id));
    const last = await lastFactOf(tx, entry.id);
    const mine = last !== undefined && wasDoneBy(act, last);
    if (mine && last.verb === 'undo') return fresh;
    requireVersion(fresh, input.version);
    if (last?.actionId !== seen?.actionId) throw stale(fresh);
    if (!mine || !canBeUndone(facts, service.checkIn === 'required'))
      throw new Refusal('not_undoable', { facts: { entry: fresh } });
    if (isPast(act, fresh, service)) throw new Refusal('not_undoable', { facts: { entry: fresh } });
    await restore(tx, act, facts);
    await tx.run(markUndone, { actionId: last.actionId as string, now: act.now });
    return found(await entryById(tx, entry.id));
  });
  return undone.catch((error: unknown) => {
    // Its reservation has another ticket by now.
    if (breaksUnique(error, 'reservation')) throw new Refusal('not_undoable');
    throw error;
  });
}

/** Whether the actor could still take back the last thing done to a ticket, if nothing changes until then. */
export function mayUndo(act: Pick<Act, 'actor' | 'via' | 'now'>, last: UndoableFact | undefined): boolean {
  return last !== undefined && last.verb !== 'undo' && !wentWithReservation(last) && wasDoneBy(act, last);
}

function wasDoneBy({ actor, via, now }: Pick<Act, 'actor' | 'via' | 'now'>, last: UndoableFact): boolean {
  const same = last.actorId === (actor?.id ?? null) && last.via === (via ?? null);
  // Nobody in particular is the program itself, and what it did stays.
  const known = last.actorId !== null || last.via !== null;
  return same && known && now.getTime() - last.at.getTime() <= UNDO_SECONDS * 1_000;
}

function canBeUndone(facts: readonly UndoableFact[], checksIn: boolean): boolean {
  // A program of before kept no action.
  return (
    facts.length > 0 &&
    facts.every((fact) =>
      fact.before === null
        ? fact.verb === 'walk-in' || (fact.verb === 'check-in' && checksIn)
        : !wentWithReservation(fact),
    )
  );
}

/** A ticket that left because its reservation was canceled or moved does not come back without it. */
function wentWithReservation({ data }: UndoableFact): boolean {
  return data?.reason === 'canceled' || data?.reason === 'rescheduled';
}

async function ticketsOf(tx: Tx, facts: readonly UndoableFact[]): Promise<QueueEntry[]> {
  const tickets: QueueEntry[] = [];
  for (const { entryId } of facts) {
    const ticket = entryId === null ? undefined : await entryById(tx, entryId);
    if (ticket) tickets.push(ticket);
  }
  return tickets;
}

/** Backwards, so that a desk is free again before it gets back whom it served. */
async function restore(tx: Tx, act: Act, facts: readonly UndoableFact[]): Promise<void> {
  const actionId = newId();
  for (const fact of facts.toReversed()) {
    const entry = found(fact.entryId !== null && (await entryById(tx, fact.entryId)));
    if (entry.version !== (fact.before?.version ?? 0) + 1) throw stale(entry);
    if (MADE.includes(fact.verb)) {
      const gone = { status: 'left' as const, endedAt: act.now, voided: true };
      await changeEntry(tx, act, entry, gone, { verb: 'undo', data: { of: fact.verb }, actionId });
      continue;
    }
    await requireReservation(tx, entry);
    const state = stateFrom(fact.before as EntryBefore, entry);
    if (state.status === 'in_service' && state.deskId !== null)
      await requireEmptyDesk(tx, entry, state.deskId);
    await changeEntry(tx, act, entry, state, { verb: 'undo', data: { of: fact.verb }, actionId });
  }
}

/** Who left and then canceled, or moved to another time, has nothing to come back for. */
async function requireReservation(tx: Tx, entry: QueueEntry): Promise<void> {
  if (entry.reservationId === null) return;
  const reservation = await reservationById(tx, entry.reservationId);
  if (reservation?.status !== 'confirmed' || !isTicketOf(reservation, entry))
    throw new Refusal('not_undoable', { facts: { entry } });
}

async function requireEmptyDesk(tx: Tx, entry: QueueEntry, deskId: string): Promise<void> {
  const held = await tx.run(heldAtDesk, { deskId, day: entry.localDay });
  if (held.some(({ id, status }) => status === 'in_service' && id !== entry.id))
    throw new Refusal('desk_busy', { facts: { entry } });
}

/** A ticket's state as an event keeps it; what a program of before did not keep stays as it is. */
function stateFrom(before: EntryBefore, entry: QueueEntry): TicketState {
  return Object.fromEntries(
    STATE_FIELDS.map((field) => {
      if (!(field in before)) return [field, entry[field]];
      const value = before[field];
      return [field, field in STATE_TIMES && value !== null ? new Date(value as string) : value];
    }),
  ) as unknown as TicketState;
}
