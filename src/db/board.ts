import { and, asc, eq, isNull, or, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import { compareNames } from '../domain/names.ts';
import { hasLine, withLines } from './services.ts';
import { inOrder, type P, query } from './store.ts';

/**
 * The location with this slug, or that of the service with it, with what its board shows: retired services too, as long as
 * they have a line.
 */
export const boardPlace = inOrder(
  query(
    'board_place',
    (db, t, p: P<{ slug: string }>) =>
      db
        .select({
          locationId: t.locations.id,
          locationName: t.locations.name,
          timeZone: t.locations.timeZone,
          showNames: t.locations.boardNames,
          message: t.locations.boardMessage,
          serviceId: t.services.id,
          serviceName: t.services.name,
          earlyCallMinutes: t.services.earlyCallMinutes,
          retiredAt: t.services.retiredAt,
          isWhole: sql<boolean | number>`${t.locations.slug} = ${p.slug}`,
        })
        .from(t.locations)
        .innerJoin(
          t.services,
          and(eq(t.services.locationId, t.locations.id), or(isNull(t.services.retiredAt), hasLine(t))),
        )
        .where(
          and(isNull(t.locations.retiredAt), or(eq(t.locations.slug, p.slug), eq(t.services.slug, p.slug))),
        )
        .orderBy(asc(t.services.id)),
    (_, rows) => withLines(rows.map(({ serviceId, retiredAt }) => ({ id: serviceId, retiredAt }))),
  ),
  (a, b) => compareNames(a.serviceName, b.serviceName),
);

/** The open tickets of a location's day, in no order. */
export const openEntriesAt = query('open_entries_at', (db, t, p: P<{ locationId: string; day: LocalDay }>) =>
  db
    .select({
      id: t.queueEntries.id,
      serviceId: t.queueEntries.serviceId,
      number: t.queueEntries.number,
      name: sql<string>`coalesce(${t.users.name}, ${t.queueEntries.name})`,
      status: t.queueEntries.status,
      arrivedAt: t.queueEntries.arrivedAt,
      dueAt: t.queueEntries.dueAt,
      effectiveAt: t.queueEntries.effectiveAt,
      calledAt: t.queueEntries.calledAt,
      deskId: t.queueEntries.deskId,
    })
    .from(t.queueEntries)
    .leftJoin(t.reservations, eq(t.reservations.id, t.queueEntries.reservationId))
    .leftJoin(t.users, eq(t.users.id, t.reservations.userId))
    .where(
      and(
        eq(t.queueEntries.locationId, p.locationId),
        eq(t.queueEntries.localDay, p.day),
        sql`${t.queueEntries.status} IN ('waiting', 'called', 'in_service')`,
      ),
    ),
);

/** What the lines of a location's day tell those who come. */
export const noticesAt = query('notices_at', (db, t, p: P<{ locationId: string; day: LocalDay }>) =>
  db
    .select({
      serviceId: t.queues.serviceId,
      intakeClosedAt: t.queues.intakeClosedAt,
      delayMinutes: t.queues.delayMinutes,
    })
    .from(t.queues)
    .where(and(eq(t.queues.locationId, p.locationId), eq(t.queues.localDay, p.day))),
);
