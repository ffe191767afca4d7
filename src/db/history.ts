import { and, asc, eq, gt, isNotNull } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import { type P, query } from './store.ts';

/** Every ticket of a line's day, as far as its place goes. */
export const placesOfDay = query('places_of_day', (db, t, p: P<{ serviceId: string; day: LocalDay }>) =>
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
    .where(and(eq(t.queueEntries.serviceId, p.serviceId), eq(t.queueEntries.localDay, p.day))),
);

/** What was done to the tickets of a line after a moment, the oldest first. */
export const changesSince = query(
  'changes_since',
  (db, t, p: P<{ serviceId: string; day: LocalDay; since: Date }>) =>
    db
      .select({ at: t.events.at, verb: t.events.verb, entryId: t.events.entryId, before: t.events.before })
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
