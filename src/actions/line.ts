import { countsByStatus } from '../db/queue.ts';
import type { Reader } from '../db/store.ts';
import { openEntries } from '../db/tickets.ts';
import type { LocalDay } from '../domain/days.ts';
import type { Line } from '../domain/line.ts';
import { callingOrder } from '../domain/order.ts';
import type { PlacedService } from '../domain/service.ts';
import { ENTRY_STATUSES, type EntryStatus } from '../domain/ticket.ts';

/** The line of a service on a day. Two queries. */
export async function lineOf(db: Reader, service: PlacedService, day: LocalDay, now: Date): Promise<Line> {
  const key = { serviceId: service.id, day };
  const [open, counted] = await Promise.all([db.run(openEntries, key), db.run(countsByStatus, key)]);
  const inState = (status: EntryStatus) =>
    open.filter((entry) => entry.status === status).sort((a, b) => a.position - b.position);
  const counts = Object.fromEntries(ENTRY_STATUSES.map((status) => [status, 0])) as Line['counts'];
  for (const { status, count } of counted) counts[status] = count;
  return {
    serving: inState('in_service'),
    called: inState('called'),
    parked: inState('parked'),
    waiting: callingOrder(inState('waiting'), now),
    counts,
  };
}
