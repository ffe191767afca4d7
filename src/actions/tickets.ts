import { record } from '../db/events.ts';
import { entryById, lockQueue, setEntryState } from '../db/queue.ts';
import { reservationById } from '../db/reservations.ts';
import { serviceById } from '../db/services.ts';
import type { Reader, Tx } from '../db/store.ts';
import { localDay } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import { isId } from '../domain/id.ts';
import { isStaff, worksAt } from '../domain/roles.ts';
import {
  type EntryStatus,
  outcomeOf,
  type QueueEntry,
  TRANSITIONS,
  type Verb,
  withinReinstateGrace,
} from '../domain/ticket.ts';
import { type Act, found, signedIn } from './act.ts';

/** Loads a ticket of a location the actor works at; to leave, also the customer's own. Refuses with `forbidden` or `not_found`. */
export async function reachTicket({ db, actor }: Act, id: string, verb: Verb): Promise<QueueEntry> {
  const person = signedIn(actor);
  if (!isStaff(person) && verb !== 'leave') throw new Refusal('forbidden');
  const entry = found(isId(id) && (await entryById(db, id)));
  found(worksAt(person, entry.locationId) || (await isOwn(db, entry, person.id)));
  return entry;
}

/**
 * Does a verb to one ticket. A verb whose work is done already is a quiet no-op. Refuses with `stale` when the ticket is
 * not at the `version` the screen showed, with `wrong_state` when the verb does not lead on from its state, each with
 * the fresh ticket.
 */
export async function moveTicket(
  act: Act,
  entry: QueueEntry,
  verb: Verb,
  input: { version?: number | undefined } = {},
): Promise<QueueEntry> {
  const service = found(await serviceById(act.db, entry.serviceId));
  return act.transaction(async (tx) => {
    await lockQueue(tx, { serviceId: entry.serviceId, day: entry.localDay, locationId: entry.locationId });
    const fresh = found(await entryById(tx, entry.id));
    const outcome = outcomeOf(verb, fresh.status);
    if (outcome === 'done_already') return fresh;
    if (input.version !== undefined && input.version !== fresh.version)
      throw new Refusal('stale', { facts: { entry: fresh } });
    const overdue = verb === 'reinstate' && !withinReinstateGrace(fresh, service, act.now);
    const past = fresh.localDay !== localDay(act.now, service.location.timeZone);
    if (outcome === 'refused' || overdue || past)
      throw new Refusal('wrong_state', { facts: { entry: fresh } });
    return changeEntry(tx, act, fresh, { status: TRANSITIONS[verb].to, ...timesOf(verb, act.now) }, verb);
  });
}

type Change = Pick<QueueEntry, 'status'> &
  Partial<Pick<QueueEntry, 'deskId' | 'calledAt' | 'startedAt' | 'endedAt'>>;

/** Writes a transition and its event. The queue's row must be locked. Refuses with `stale` when the entry moved on. */
export async function changeEntry(
  tx: Tx,
  act: Act,
  before: QueueEntry,
  change: Change,
  verb: string,
  data: Record<string, unknown> | null = null,
): Promise<QueueEntry> {
  const [row] = await tx.run(setEntryState, {
    id: before.id,
    was: before.status,
    version: before.version,
    status: change.status,
    deskId: change.deskId === undefined ? before.deskId : change.deskId,
    calledAt: change.calledAt === undefined ? before.calledAt : change.calledAt,
    startedAt: change.startedAt === undefined ? before.startedAt : change.startedAt,
    endedAt: change.endedAt === undefined ? before.endedAt : change.endedAt,
    now: act.now,
  });
  if (!row) throw new Refusal('stale', { facts: { entry: await entryById(tx, before.id) } });
  record(tx, act.actor, act.now, {
    verb,
    locationId: before.locationId,
    serviceId: before.serviceId,
    localDay: before.localDay,
    reservationId: before.reservationId,
    entryId: before.id,
    fromStatus: before.status,
    toStatus: change.status,
    data,
  });
  return found(await entryById(tx, before.id));
}

async function isOwn(db: Reader, entry: QueueEntry, userId: string): Promise<boolean> {
  if (!entry.reservationId) return false;
  return (await reservationById(db, entry.reservationId))?.userId === userId;
}

function timesOf(verb: Verb, now: Date): Omit<Change, 'status'> {
  const times: Partial<Record<EntryStatus, Omit<Change, 'status'>>> = {
    called: { calledAt: now },
    in_service: { startedAt: now },
    // Back in the line, it belongs to no desk.
    waiting: { endedAt: null, calledAt: null, startedAt: null, deskId: null },
  };
  return times[TRANSITIONS[verb].to] ?? { endedAt: now };
}
