import type { PlacedBy, QueueEntry } from './ticket.ts';

/** Why a ticket stands where it does, as a code with the facts that a sentence needs. */
export interface WhyNext {
  /**
   * `early`: it is not due, but nobody else is. `move`, `requeue`, `delay`: somebody gave it this place. `priority`: it
   * goes ahead by its class. `credit`: a reservation on time, ahead of who came at its slot. `due`: it has been due longest.
   */
  code: 'early' | PlacedBy | 'priority' | 'credit' | 'due';
  /** Since when it is due, or when it will be. */
  dueAt: Date;
  /** How far it goes ahead of somebody who is due at the same moment, in minutes; below zero, how far behind. */
  aheadMinutes: number;
  /** In the words of who moved it. */
  reason: string | null;
}

/** Why a ticket stands where it does: a code to put into words, and how far it goes ahead, in minutes. */
export function whyNext(
  entry: Pick<QueueEntry, 'dueAt' | 'effectiveAt' | 'placedBy' | 'priority' | 'reason'>,
  now: Date,
): WhyNext {
  const { dueAt, effectiveAt, placedBy, priority, reason } = entry;
  const aheadMinutes = Math.round((dueAt.getTime() - effectiveAt.getTime()) / 60_000);
  const code =
    dueAt > now ? 'early' : (placedBy ?? (priority > 0 ? 'priority' : aheadMinutes > 0 ? 'credit' : 'due'));
  return { code, dueAt, aheadMinutes, reason };
}

/** Why somebody's place got worse. The first four are about their own ticket; see `worsenings` for `returned`. */
export type WorseCode =
  | 'delayed'
  | 'returned'
  | 'requeued'
  | 'moved_back'
  | 'priority'
  | 'reservation_due'
  | 'reinstated'
  | 'moved'
  | 'requeued_other'
  | 'transferred'
  | 'undone'
  | 'arrived';

/** A ticket that waits, as far as a reason needs it. */
export type Waiting = Pick<QueueEntry, 'id' | 'priority' | 'reservationId' | 'placedBy'>;

/** What was done to which ticket between the two looks. */
export interface Happened {
  verb: string;
  entryId: string | null;
  /** Whether it was taken back since: then it is no reason any more. */
  undone?: boolean;
}

/**
 * Why a ticket has more people ahead than before: one reason for each who passed it, each once, or else what happened to it
 * itself; none where all of that was taken back. Both lines are in calling order; `events` are those in between, in the order
 * they happened.
 */
export function whyWorse(
  id: string,
  before: readonly Waiting[],
  after: readonly Waiting[],
  events: readonly Happened[],
): WorseCode[] {
  const aheadIn = (line: readonly Waiting[]) => {
    const place = line.findIndex((entry) => entry.id === id);
    return place < 0 ? undefined : line.slice(0, place);
  };
  const [aheadBefore, aheadAfter] = [aheadIn(before), aheadIn(after)];
  if (!aheadBefore || !aheadAfter || aheadAfter.length <= aheadBefore.length) return [];
  const known = new Set(aheadBefore.map((entry) => entry.id));
  const own = events.filter(({ entryId, verb }) => entryId === id && OWN[verb]);
  const last = (entry: Waiting) => events.findLast(({ entryId }) => entryId === entry.id);
  // Who was put back or took time has nobody else to thank for it.
  const reasons =
    own.length > 0
      ? own.flatMap(({ verb, undone }) => (undone ? [] : [OWN[verb] as WorseCode]))
      : aheadAfter
          .filter((entry) => !known.has(entry.id) && !last(entry)?.undone)
          .map((entry) => whyPassed(entry, last(entry)?.verb));
  return [...new Set(reasons)];
}

const OWN: Record<string, WorseCode> = { delay: 'delayed', requeue: 'requeued', move: 'moved_back' };

const OTHERS: Record<string, WorseCode> = {
  reinstate: 'reinstated',
  move: 'moved',
  requeue: 'requeued_other',
  transfer: 'transferred',
  undo: 'undone',
};

function whyPassed(entry: Waiting, verb: string | undefined): WorseCode {
  const done = verb === undefined ? undefined : OTHERS[verb];
  if (done) return done;
  if (entry.priority > 0) return 'priority';
  return entry.reservationId !== null ? 'reservation_due' : 'arrived';
}
