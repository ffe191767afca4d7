import { lineTopic } from '../db/changes.ts';
import { endQueue, unendedQueues } from '../db/queue.ts';
import { endEntries } from '../db/ticket-writes.ts';
import { openEntries } from '../db/tickets.ts';
import { addDays, type LocalDay, localDay } from '../domain/days.ts';
import { newId } from '../domain/id.ts';
import type { Act } from './act.ts';

/**
 * Ends the lines of days that are over where they are: who still waits has left, who is being served is done. Answers
 * how many lines it ended. Several instances may do it at once; each line ends once, and again if somebody came after.
 * What fails at one line is thrown when all of them were tried.
 */
export async function endPastDays(act: Act): Promise<number> {
  const latest = addDays(act.now.toISOString().slice(0, 10), 1);
  const open = await act.db.run(unendedQueues, { latest });
  const over = open.filter((queue) => queue.day < localDay(act.now, queue.timeZone));
  let ended = 0;
  const errors: unknown[] = [];
  // One short transaction a line: a long one would hold up the desks of other places.
  for (const queue of over) {
    try {
      if (await endLine(act, queue)) ended += 1;
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return ended;
}

async function endLine(
  act: Act,
  { serviceId, day, locationId }: { serviceId: string; day: LocalDay; locationId: string },
): Promise<boolean> {
  return act.transaction(async (tx) => {
    const [row] = await tx.run(endQueue, { serviceId, day, now: act.now });
    if (!row) return false;
    const before = await tx.run(openEntries, { serviceId, day });
    const statusOf = new Map(before.map(({ id, status }) => [id, status]));
    const entries = await tx.run(endEntries, { serviceId, day, now: act.now });
    const facts = entries.map((entry) => ({
      id: newId(),
      at: act.now,
      actorId: null,
      verb: 'end-day',
      locationId,
      serviceId,
      localDay: day,
      reservationId: entry.reservationId,
      entryId: entry.id,
      fromStatus: statusOf.get(entry.id) ?? null,
      toStatus: entry.status,
      data: { reason: 'day_ended' },
    }));
    if (facts.length > 0)
      await tx
        .writing([lineTopic(serviceId, day)])
        .insert(tx.tables.events)
        .values(facts);
    return true;
  });
}
