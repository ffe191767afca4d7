import { and, asc, eq, gt, isNotNull } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import { inQueue } from './queue.ts';
import { type P, query } from './store.ts';

/** The tickets of a line that ended after a moment, as far as their place went; those before have none any more. */
export const placesEndedSince = query(
  'places_ended_since',
  (db, t, p: P<{ serviceId: string; day: LocalDay; since: Date }>) =>
    db
      .select({
        id: t.queueEntries.id,
        serviceId: t.queueEntries.serviceId,
        reservationId: t.queueEntries.reservationId,
        status: t.queueEntries.status,
        priority: t.queueEntries.priority,
        dueAt: t.queueEntries.dueAt,
        effectiveAt: t.queueEntries.effectiveAt,
        awayUntil: t.queueEntries.awayUntil,
        placedBy: t.queueEntries.placedBy,
      })
      .from(t.queueEntries)
      .where(and(inQueue(t, p), gt(t.queueEntries.endedAt, p.since))),
);

/** What was done to the tickets of a line after a moment, the oldest first. */
export const changesSince = query(
  'changes_since',
  (db, t, p: P<{ serviceId: string; day: LocalDay; since: Date }>) =>
    db
      .select({
        at: t.events.at,
        verb: t.events.verb,
        entryId: t.events.entryId,
        before: t.events.before,
        undoneAt: t.events.undoneAt,
      })
      .from(t.events)
      .where(
        and(
          eq(t.events.serviceId, p.serviceId),
          eq(t.events.localDay, p.day),
          gt(t.events.at, p.since),
          isNotNull(t.events.entryId),
        ),
      )
      .orderBy(asc(t.events.at), asc(t.events.id)),
);
