import { addMinutes, minuteOf } from './clock.ts';
import type { Service } from './service.ts';
import type { QueueEntry } from './ticket.ts';

/** What the order looks at. */
export type Ranked = Pick<QueueEntry, 'id' | 'dueAt' | 'effectiveAt'> &
  Partial<Pick<QueueEntry, 'awayUntil'>>;

/** Steps of priority; each moves a ticket ahead by the service's `priorityMinutes`. */
export const MAX_PRIORITY = 3;

/**
 * When somebody is due, and where that puts them in the line. A walk-in is due on arrival; a reservation at its slot,
 * or on arrival when that is later than the grace period, and then it has no credit either.
 */
export function dueTimes(
  arrivedAt: Date,
  timeSlot: Date | null,
  priority: number,
  service: Pick<Service, 'graceMinutes' | 'creditMinutes' | 'priorityMinutes'>,
): { dueAt: Date; effectiveAt: Date } {
  const onTime = timeSlot !== null && arrivedAt <= addMinutes(timeSlot, service.graceMinutes);
  const dueAt = onTime ? timeSlot : arrivedAt;
  const ahead =
    (onTime ? service.creditMinutes : 0) + Math.min(priority, MAX_PRIORITY) * service.priorityMinutes;
  return { dueAt, effectiveAt: addMinutes(dueAt, -ahead) };
}

/**
 * Whether a reservation lost the place of its slot by coming later than the grace period, and waits from its arrival, as
 * `dueTimes` has it. Where nobody checks in, nobody comes late. Once its place changed for another reason, that one counts.
 */
export function cameLate(
  {
    reservationId,
    dueAt,
    effectiveAt,
    arrivedAt,
  }: Pick<QueueEntry, 'reservationId' | 'dueAt' | 'effectiveAt' | 'arrivedAt'>,
  { checkIn }: Pick<Service, 'checkIn'>,
): boolean {
  // With its credit, who came at the very moment of the slot is ahead of their arrival.
  const waitsFromArrival = dueAt.getTime() === arrivedAt.getTime() && effectiveAt >= arrivedAt;
  return reservationId !== null && checkIn === 'required' && waitsFromArrival;
}

/**
 * Who is called next: of those due by now, the smallest `(effectiveAt, id)`; if nobody is due, the smallest
 * `(dueAt, id)`, not earlier than `earlyCallMinutes` before it, and nobody who asked for more time. Undefined when
 * nobody can be called yet.
 */
export function chooseNext<E extends Ranked>(
  waiting: readonly E[],
  now: Date,
  earlyCallMinutes: number | null,
): E | undefined {
  const time = now.getTime();
  const due = waiting.filter((entry) => entry.dueAt.getTime() <= time);
  if (due.length > 0) return smallest(due, byEffective);
  const here = waiting.filter(({ awayUntil }) => !awayUntil || awayUntil <= now);
  const first = smallest(here, byDue);
  return first && now < callableFrom(first, earlyCallMinutes) ? undefined : first;
}

/** From when on a ticket can be called at all: so many minutes before it is due, or at any time where there is no limit. */
export function callableFrom({ dueAt }: Pick<Ranked, 'dueAt'>, earlyCallMinutes: number | null): Date {
  return earlyCallMinutes === null ? ALWAYS : addMinutes(dueAt, -earlyCallMinutes);
}

const ALWAYS = new Date(0);

/**
 * Whether the holder of a waiting ticket counts as waiting, and not as expected: they came, or can be called by now. Where
 * nobody checks in, the ticket comes with the booking, and its arrival is the slot. To the minute, as screens are kept.
 */
export function isHere(
  { arrivedAt, dueAt }: Pick<QueueEntry, 'arrivedAt' | 'dueAt'>,
  earlyCallMinutes: number | null,
  now: Date,
): boolean {
  return minuteOf(arrivedAt) <= minuteOf(now) || callableFrom({ dueAt }, earlyCallMinutes) <= now;
}

/**
 * Who is called next at a desk that serves several lines: the smallest `(effectiveAt, id)` of those due in any of them;
 * if nobody is due, the smallest `(dueAt, id)` of those that their own line lets be called.
 */
export function chooseAcross<E extends Ranked>(
  lines: readonly { waiting: readonly E[]; earlyCallMinutes: number | null }[],
  now: Date,
): E | undefined {
  const heads = lines.flatMap(({ waiting, earlyCallMinutes }) => {
    const head = chooseNext(waiting, now, earlyCallMinutes);
    return head ? [head] : [];
  });
  return chooseNext(heads, now, null);
}

/**
 * The line in the order in which it would be called if nobody else came and each were called as soon as the one before:
 * those due now first, then the others by the moment they become due.
 */
export function callingOrder<E extends Ranked>(waiting: readonly E[], now: Date): E[] {
  return waiting.toSorted(byCall(now));
}

/** How many of the waiting will be called before this one, itself not counted. */
export function aheadOf(entry: Ranked, waiting: readonly Ranked[], now: Date): number {
  const compare = byCall(now);
  let ahead = 0;
  for (const other of waiting) if (other.id !== entry.id && compare(other, entry) < 0) ahead += 1;
  return ahead;
}

/** A line in calling order at one moment, sorted once for whoever asks about many of its tickets. */
export class LineOrder {
  readonly #now: Date;
  readonly #inOrder: readonly Ranked[];
  readonly #byId: ReadonlyMap<string, Ranked>;

  constructor(waiting: readonly Ranked[], now: Date) {
    this.#now = now;
    this.#inOrder = callingOrder(waiting, now);
    this.#byId = new Map(waiting.map((entry) => [entry.id, entry]));
  }

  /** The same as the function, for a ticket of the line, or for what it would become or who might come. */
  aheadOf(entry: Ranked): number {
    const compare = byCall(this.#now);
    let [ahead, end] = [0, this.#inOrder.length];
    while (ahead < end) {
      const middle = (ahead + end) >> 1;
      if (compare(this.#inOrder[middle] as Ranked, entry) < 0) ahead = middle + 1;
      else end = middle;
    }
    const own = this.#byId.get(entry.id);
    return own && compare(own, entry) < 0 ? ahead - 1 : ahead;
  }

  /** How many can be called before a ticket that would now be called before them, when it asks for `minutes` more. */
  costOfDelay(entry: Ranked, minutes: number): number {
    const later = { ...entry, ...delayed(entry, minutes, this.#now) };
    return this.aheadOf(later) - this.aheadOf(entry);
  }
}

/** Asked for each ticket of a line by each of its holders: dates are compared as numbers, which is many times faster. */
function byCall(now: Date): (a: Ranked, b: Ranked) => number {
  const time = now.getTime();
  return (a, b) => {
    const isDue = a.dueAt.getTime() <= time;
    if (isDue !== b.dueAt.getTime() <= time) return isDue ? -1 : 1;
    return isDue ? byEffective(a, b) : byDue(a, b);
  };
}

/** How many of the next a ticket goes behind when it is put back into the line. */
const REQUEUE_BEHIND = 3;

/**
 * The `effectiveAt` that puts a ticket just behind the next three of those due, behind the last where there are fewer;
 * its own where nobody else is due. Who is tied with the third stays ahead too.
 */
export function behindNext(entry: Ranked, waiting: readonly Ranked[], now: Date): Date {
  const due = dueWithout(entry, waiting, now);
  const last = due[Math.min(REQUEUE_BEHIND, due.length) - 1];
  return last ? justBehind(entry, last) : entry.effectiveAt;
}

/**
 * The `effectiveAt` that puts a ticket where `rank` of those due are ahead of it, or as near as ties let it. Undefined
 * while the ticket itself is not due: then its due time decides, and no other place can be given to it.
 */
export function placeAt(
  entry: Ranked,
  rank: number,
  waiting: readonly Ranked[],
  now: Date,
): Date | undefined {
  if (entry.dueAt > now) return undefined;
  const due = dueWithout(entry, waiting, now);
  const [ahead, behind] = [due[Math.min(rank, due.length) - 1], due[rank]];
  const places = [ahead && justBehind(entry, ahead), behind && justBefore(entry, behind)].filter(
    (place) => place !== undefined,
  );
  const distance = (effectiveAt: Date) => Math.abs(aheadOf({ ...entry, effectiveAt }, due, now) - rank);
  return (
    places.reduce<Date | undefined>(
      (best, place) => (best === undefined || distance(place) < distance(best) ? place : best),
      undefined,
    ) ?? entry.effectiveAt
  );
}

/** Where `minutes` more put a ticket: not due before they are over, and as much later in the order. */
export function delayed(
  entry: Ranked,
  minutes: number,
  now: Date,
): { dueAt: Date; effectiveAt: Date; awayUntil: Date } {
  const dueAt = addMinutes(entry.dueAt > now ? entry.dueAt : now, minutes);
  return { dueAt, effectiveAt: addMinutes(entry.effectiveAt, minutes), awayUntil: dueAt };
}

function dueWithout(entry: Ranked, waiting: readonly Ranked[], now: Date): Ranked[] {
  return callingOrder(waiting, now).filter(({ id, dueAt }) => id !== entry.id && dueAt <= now);
}

/** The earliest `effectiveAt` that comes behind the other's. */
function justBehind(entry: Ranked, other: Ranked): Date {
  return new Date(other.effectiveAt.getTime() + (compareIds(entry, other) < 0 ? 1 : 0));
}

function justBefore(entry: Ranked, other: Ranked): Date {
  return new Date(other.effectiveAt.getTime() - (compareIds(entry, other) > 0 ? 1 : 0));
}

function byEffective(a: Ranked, b: Ranked): number {
  return a.effectiveAt.getTime() - b.effectiveAt.getTime() || compareIds(a, b);
}

function byDue(a: Ranked, b: Ranked): number {
  return a.dueAt.getTime() - b.dueAt.getTime() || compareIds(a, b);
}

function compareIds(a: Ranked, b: Ranked): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function smallest<E>(items: readonly E[], compare: (a: E, b: E) => number): E | undefined {
  return items.reduce<E | undefined>(
    (least, item) => (least === undefined || compare(item, least) < 0 ? item : least),
    undefined,
  );
}
