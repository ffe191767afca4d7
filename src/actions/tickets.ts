import { deskWithServices, lockDesk } from '../db/desks.ts';
import { lockQueue, lockQueues, waitingRanks } from '../db/queue.ts';
import { reservationById } from '../db/reservations.ts';
import { serviceById } from '../db/services.ts';
import type { Reader, Tx } from '../db/store.ts';
import { entryById, heldAtDesk } from '../db/tickets.ts';
import { Refusal } from '../domain/errors.ts';
import { isId } from '../domain/id.ts';
import { behindNext, placeAt } from '../domain/order.ts';
import { isStaff, worksAt } from '../domain/roles.ts';
import {
  type Need,
  noteTag,
  outcomeOf,
  type QueueEntry,
  type TicketState,
  TRANSITIONS,
  type Verb,
  withinReinstateGrace,
} from '../domain/ticket.ts';
import { type Act, found, signedIn } from './act.ts';
import {
  type AtOwnDesk,
  changeEntry,
  freshTicket,
  holdDesk,
  isPast,
  requireDesk,
  requireVersion,
  stale,
  wrongState,
} from './transition.ts';

/** What somebody comes to do to a ticket. */
export type TicketDeed = Verb | 'transfer' | 'move' | 'note' | 'undo';

/** What customers do to their own ticket: leave, and take that back. */
const OF_CUSTOMERS: readonly TicketDeed[] = ['leave', 'undo'];

/**
 * Loads a ticket of a location the actor works at; to leave and to take that back, also the customer's own. Refuses with
 * `forbidden` or `not_found`.
 */
export async function reachTicket({ db, actor }: Act, id: string, deed: TicketDeed): Promise<QueueEntry> {
  const person = signedIn(actor);
  if (!isStaff(person) && !OF_CUSTOMERS.includes(deed)) throw new Refusal('forbidden');
  const entry = found(isId(id) && (await entryById(db, id)));
  found(
    worksAt(person, entry.locationId) || (OF_CUSTOMERS.includes(deed) && (await isOwn(db, entry, person.id))),
  );
  return entry;
}

export interface VerbInput extends AtOwnDesk {
  /** The version of the ticket that the screen showed. */
  version?: number | undefined;
  /** Where it is called to or served; kept as it is when left out. */
  deskId?: string | null | undefined;
  /** Why it is called before others. */
  reason?: string | null | undefined;
}

/**
 * Does a verb to one ticket. A verb whose work is done already is a quiet no-op. Refuses with `stale` when the ticket is
 * not at the `version` the screen showed, with `wrong_state` when the verb does not lead on from its state, each with
 * the fresh ticket; with `desk_paused`, `desk_busy` or `desk_taken` when it is called to, or started at, a desk that cannot
 * take it.
 */
export async function moveTicket(
  act: Act,
  entry: QueueEntry,
  verb: Verb,
  input: VerbInput = {},
): Promise<QueueEntry> {
  const service = found(await serviceById(act.db, entry.serviceId));
  if (input.deskId && takesDesk(verb)) requireDesk(await deskWithServices(act.db, input.deskId), entry);
  return act.transaction(async (tx) => {
    const { named, held } = await holdDeskOf(tx, act, entry, verb, input);
    await lockQueue(tx, { serviceId: entry.serviceId, day: entry.localDay, locationId: entry.locationId });
    const fresh = await freshTicket(tx, entry);
    const outcome = outcomeOf(verb, fresh.status);
    if (outcome === 'done_already') {
      // Two desks that call the same ticket are not doing the same.
      if (input.deskId && takesDesk(verb) && fresh.deskId !== input.deskId) throw stale(fresh);
      return fresh;
    }
    requireVersion(fresh, input.version);
    const overdue = verb === 'reinstate' && !withinReinstateGrace(fresh, service, act.now);
    if (outcome === 'refused' || overdue || isPast(act, fresh, service)) throw wrongState(fresh);
    // Another desk took it after this one was held.
    if (deskOf(fresh, verb, input) !== named) throw stale(fresh);
    if (verb === 'start' && held !== null) await requireFreeDesk(tx, fresh, held);
    const place = takesDesk(verb) ? { deskId: held, reason: input.reason ?? fresh.reason } : {};
    const change = { ...(await changeOf(tx, act, fresh, verb)), ...place };
    const data = input.reason ? { reason: input.reason } : undefined;
    return changeEntry(tx, act, fresh, { status: TRANSITIONS[verb].to, ...change }, { verb, data });
  });
}

/**
 * Sends a ticket to another service of its location: it keeps its number, and waits there as long as it has waited here.
 * Where it already waits there, that is a quiet no-op.
 */
export async function transferTicket(
  act: Act,
  entry: QueueEntry,
  input: { serviceId: string; version?: number | undefined; reason?: string | null | undefined },
): Promise<QueueEntry> {
  const service = found(await serviceById(act.db, entry.serviceId));
  const target = await serviceById(act.db, input.serviceId);
  if (target?.locationId !== entry.locationId || target.retiredAt !== null)
    throw new Refusal('invalid', { fields: { serviceId: { code: 'unknown_service' } } });
  return act.transaction(async (tx) => {
    lockQueues(tx, [entry.serviceId, target.id], { day: entry.localDay, locationId: entry.locationId });
    const fresh = found(await entryById(tx, entry.id));
    if (fresh.serviceId === target.id && fresh.status === 'waiting') return fresh;
    requireVersion(fresh, input.version);
    if (fresh.serviceId !== entry.serviceId) throw stale(fresh);
    const outcome = outcomeOf('transfer', fresh.status);
    if (outcome === 'refused' || fresh.serviceId === target.id || isPast(act, fresh, service))
      throw wrongState(fresh);
    const change = { ...IN_LINE, status: 'waiting' as const, serviceId: target.id };
    const data = { from: fresh.serviceId, to: target.id, ...(input.reason && { reason: input.reason }) };
    return changeEntry(tx, act, fresh, change, { verb: 'transfer', data });
  });
}

/**
 * Gives a waiting ticket another place: as many as `rank` of those due stay ahead of it. Refuses with `wrong_state`
 * while the ticket itself is not due, since nobody is called before their time by being moved.
 */
export async function moveInLine(
  act: Act,
  entry: QueueEntry,
  input: { rank: number; reason: string; version?: number | undefined },
): Promise<QueueEntry> {
  const service = found(await serviceById(act.db, entry.serviceId));
  return act.transaction(async (tx) => {
    await lockQueue(tx, { serviceId: entry.serviceId, day: entry.localDay, locationId: entry.locationId });
    const fresh = await freshTicket(tx, entry);
    requireVersion(fresh, input.version);
    if (fresh.status !== 'waiting' || isPast(act, fresh, service)) throw wrongState(fresh);
    const waiting = await tx.run(waitingRanks, { serviceId: fresh.serviceId, day: fresh.localDay });
    const effectiveAt = placeAt(fresh, input.rank, waiting, act.now);
    if (!effectiveAt) throw wrongState(fresh);
    const { reason, rank } = input;
    const change = { status: fresh.status, effectiveAt, placedBy: 'move' as const, reason };
    return changeEntry(tx, act, fresh, change, { verb: 'move', data: { rank, reason } });
  });
}

export interface NoteInput {
  note?: string | undefined;
  needs?: readonly Need[] | undefined;
  version?: number | undefined;
  seen?: string | undefined;
}

/**
 * Writes the desk's note on a ticket and what its holder needs; what is left out stays. Refuses with `stale` when these
 * are not what the screen showed (`seen`, a `noteTag`), whatever else was done to the ticket meanwhile.
 */
export async function annotateTicket(act: Act, entry: QueueEntry, input: NoteInput): Promise<QueueEntry> {
  return act.transaction(async (tx) => {
    await lockQueue(tx, { serviceId: entry.serviceId, day: entry.localDay, locationId: entry.locationId });
    const fresh = await freshTicket(tx, entry);
    const note = input.note ?? fresh.note;
    const needs = input.needs?.join(',') ?? fresh.needs;
    if (note === fresh.note && needs === fresh.needs) return fresh;
    requireVersion(fresh, input.version);
    if (input.seen && input.seen !== noteTag(fresh))
      throw new Refusal('stale', { facts: { entry: fresh, noted: fresh } });
    return changeEntry(tx, act, fresh, { status: fresh.status, note, needs }, { verb: 'note' });
  });
}

/** Back in the line, a ticket belongs to no desk. */
const IN_LINE = { endedAt: null, calledAt: null, startedAt: null, parkedAt: null, deskId: null };

async function isOwn(db: Reader, entry: QueueEntry, userId: string): Promise<boolean> {
  if (!entry.reservationId) return false;
  return (await reservationById(db, entry.reservationId))?.userId === userId;
}

function takesDesk(verb: Verb): boolean {
  return verb === 'call' || verb === 'start';
}

/** The desk that a verb would bring a ticket to; null for none, or for the one that has no name. */
function deskOf(entry: QueueEntry, verb: Verb, input: VerbInput): string | null {
  return takesDesk(verb) ? (input.deskId ?? entry.deskId) : null;
}

/**
 * Holds the desk that the verb needs, by a first look at the ticket: desks are always held before lines. One that was
 * retired since, and that only the ticket still names, is none.
 */
async function holdDeskOf(
  tx: Tx,
  act: Act,
  entry: QueueEntry,
  verb: Verb,
  input: VerbInput,
): Promise<{ named: string | null; held: string | null }> {
  const none = { named: null, held: null };
  if (!takesDesk(verb)) return none;
  const seen = found(await entryById(tx, entry.id));
  const named = deskOf(seen, verb, input);
  if (named === null || outcomeOf(verb, seen.status) !== 'go') return none;
  if (!input.deskId && (await tx.run(lockDesk, { id: named })).length === 0) return { named, held: null };
  const desk = { id: named, locationId: entry.locationId };
  if ((await holdDesk(tx, act, desk, input)).isPaused) throw new Refusal('desk_paused');
  return { named, held: named };
}

/** A desk serves one at a time. Its row must be held. */
async function requireFreeDesk(tx: Tx, entry: QueueEntry, deskId: string): Promise<void> {
  const atDesk = await tx.run(heldAtDesk, { deskId, day: entry.localDay });
  if (atDesk.some(({ id, status }) => status === 'in_service' && id !== entry.id))
    throw new Refusal('desk_busy', { facts: { entry } });
}

async function changeOf(tx: Tx, act: Act, entry: QueueEntry, verb: Verb): Promise<Partial<TicketState>> {
  switch (verb) {
    case 'call':
    case 'recall':
      return { calledAt: act.now, parkedAt: null };
    case 'start':
      return { startedAt: act.now, parkedAt: null };
    case 'park':
      return { parkedAt: act.now };
    case 'requeue': {
      const waiting = await tx.run(waitingRanks, { serviceId: entry.serviceId, day: entry.localDay });
      return { ...IN_LINE, effectiveAt: behindNext(entry, waiting, act.now), placedBy: 'requeue' };
    }
    case 'reinstate':
      return { ...IN_LINE, awayUntil: null };
    default:
      return { endedAt: act.now };
  }
}
