import { addMinutes } from './clock.ts';
import type { Service } from './service.ts';
import type { QueueEntry } from './ticket.ts';

/** What the order looks at. */
export type Ranked = Pick<QueueEntry, 'id' | 'dueAt' | 'effectiveAt'>;

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
 * Who is called next: of those due by now, the smallest `(effectiveAt, id)`; if nobody is due, the smallest
 * `(dueAt, id)`, not earlier than `earlyCallMinutes` before it. Undefined when nobody can be called yet.
 */
export function chooseNext<E extends Ranked>(
  waiting: readonly E[],
  now: Date,
  earlyCallMinutes: number | null,
): E | undefined {
  const due = waiting.filter((entry) => entry.dueAt <= now);
  if (due.length > 0) return smallest(due, byEffective);
  const first = smallest(waiting, byDue);
  if (first && earlyCallMinutes !== null && now < addMinutes(first.dueAt, -earlyCallMinutes))
    return undefined;
  return first;
}

/**
 * The line in the order in which it would be called if nobody else came and each were called as soon as the one before:
 * those due now first, then the others by the moment they become due.
 */
export function callingOrder<E extends Ranked>(waiting: readonly E[], now: Date): E[] {
  const due = waiting.filter((entry) => entry.dueAt <= now).sort(byEffective);
  const later = waiting.filter((entry) => entry.dueAt > now).sort(byDue);
  return [...due, ...later];
}

/** How many of the waiting will be called before this one. */
export function aheadOf(entry: Ranked, waiting: readonly Ranked[], now: Date): number {
  return callingOrder(waiting, now).findIndex(({ id }) => id === entry.id);
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
