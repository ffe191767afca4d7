import { meanMinutes } from '../../src/domain/durations.ts';
import type { LineModel } from '../../src/domain/habits.ts';
import { callingOrder } from '../../src/domain/order.ts';
import type { Look, Ticket } from './day.ts';

/** The predictors that an estimate has to beat: one number of minutes until the call. */
export const SIMPLE = ['naive', 'QL', 'LES', 'HOL'] as const;
export type Simple = (typeof SIMPLE)[number];

/**
 * What the simple predictors say of a ticket that waits. QL, LES and HOL are those of Ibrahim and Whitt, "Real-time
 * delay estimation based on delay history", M&SOM 11(3), 2009:
 *
 * - naive: people ahead × configured minutes ÷ open desks.
 * - QL (queue length): (people ahead + 1) × mean minutes between two calls of a desk ÷ open desks. It is given the
 *   learned mean of this hour, no-shows and the walk to the desk included.
 * - LES (last to enter service): the delay of who was called last.
 * - HOL (head of the line): the delay so far of who will be called next.
 *
 * Made for one line in order of arrival, they are given what helps them where lines are more than that. People ahead
 * are all those whom the desks of this line call before. A delay counts from when somebody is due, so that a reservation
 * that came early does not look like a long wait; who is not due yet has the time until then on top. Asked again later,
 * LES and HOL take off what has been waited. Without anybody who was called (LES) or stands ahead (HOL), each takes the
 * one before it in this list.
 */
export function predictSimply(look: Look, ticket: Ticket, model: LineModel): Record<Simple, number> {
  const { queue } = ticket;
  const now = look.state.now;
  const desks = Math.max(look.openDesks.get(queue.id) ?? 0, 1);
  const rivals = look.waiting.filter(({ queue: other }) => shareDesk(look, queue.id, other.id));
  const line = callingOrder(rivals, now);
  const ahead = line.indexOf(ticket);

  const naive = (ahead * queue.configuredMinutes) / desks;
  const ql = ((ahead + 1) * meanBetweenCalls(model, Math.floor(look.now / 60) % 24)) / desks;

  const untilDue = Math.max((ticket.dueAt.getTime() - now.getTime()) / 60_000, 0);
  const waited = delayAt(ticket, look.now);
  const remaining = (delay: number) => Math.max(delay - waited, 0) + untilDue;
  const last = lastCalled(look, queue.id);
  const les = last ? remaining(delayAt(last, last.calledAt ?? 0)) : ql;
  const head = line.find(({ queue: other }) => other === queue);
  const hol = head && head !== ticket ? remaining(delayAt(head, look.now)) : les;
  return { naive, QL: ql, LES: les, HOL: hol };
}

function shareDesk({ state }: Look, one: string, other: string): boolean {
  return one === other || state.desks.some(({ serves }) => serves.includes(one) && serves.includes(other));
}

function meanBetweenCalls(model: LineModel, hour: number): number {
  const served = meanMinutes(model.durations, hour) + model.walkMinutes;
  return (1 - model.noShow) * served + model.noShow * model.noShowMinutes;
}

function lastCalled({ tickets }: Look, queue: string): Ticket | undefined {
  let last: Ticket | undefined;
  for (const ticket of tickets) {
    if (ticket.queue.id !== queue || ticket.calledAt === null) continue;
    if (!last || ticket.calledAt > (last.calledAt ?? 0)) last = ticket;
  }
  return last;
}

/** Minutes from when somebody was there and due. */
function delayAt(ticket: Ticket, now: number): number {
  const midnight = new Date(ticket.dueAt).setUTCHours(0, 0, 0, 0);
  return Math.max(now - Math.max(ticket.arrivedAt, (ticket.dueAt.getTime() - midnight) / 60_000), 0);
}
