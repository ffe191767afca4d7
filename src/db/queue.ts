import { and, asc, count, eq, gte, isNull, lt, lte, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import { compareNames } from '../domain/names.ts';
import { lineTopic } from './changes.ts';
import { inOrder, type P, query, type Reader, statement, type Tx } from './store.ts';
import type { Tables } from './tables.ts';

/** What the order looks at. */
const ranks = (t: Tables) => ({
  id: t.queueEntries.id,
  dueAt: t.queueEntries.dueAt,
  effectiveAt: t.queueEntries.effectiveAt,
  awayUntil: t.queueEntries.awayUntil,
});

/** Of the tickets, those in the line of a service on a day. */
export const inQueue = (t: Tables, p: P<{ serviceId: string; day: LocalDay }>) =>
  and(eq(t.queueEntries.serviceId, p.serviceId), eq(t.queueEntries.localDay, p.day));

/** What a line is made of without the names on accounts. */
export const lineOnly = ({ serviceId, day }: { serviceId: string; day: LocalDay }) => [
  lineTopic(serviceId, day),
];

/** How many tickets of a day are in each state; those taken back are in none. */
export const countsByStatus = query(
  'counts_by_status',
  (db, t, p: P<{ serviceId: string; day: LocalDay }>) =>
    db
      .select({ status: t.queueEntries.status, count: count() })
      .from(t.queueEntries)
      .where(and(inQueue(t, p), sql`NOT ${t.queueEntries.voided}`))
      .groupBy(t.queueEntries.status),
  lineOnly,
);

/** How many are in the lines of a location on a day, waiting, parked or at a desk, by service. */
export const openByService = inOrder(
  query('open_by_service', (db, t, p: P<{ locationId: string; day: LocalDay }>) =>
    db
      .select({ service: t.services.name, count: count() })
      .from(t.queueEntries)
      .innerJoin(t.services, eq(t.services.id, t.queueEntries.serviceId))
      .where(
        and(
          eq(t.queueEntries.locationId, p.locationId),
          eq(t.queueEntries.localDay, p.day),
          sql`${t.queueEntries.status} IN ('waiting', 'called', 'in_service', 'parked')`,
        ),
      )
      .groupBy(t.services.id, t.services.name)
      .orderBy(asc(t.services.id)),
  ),
  (a, b) => compareNames(a.service, b.service),
);

type Lines = { from: LocalDay; to: LocalDay; now: Date };

/** How many came or are due, for each line that is not over. */
export const waitingByLine = query('waiting_by_line', (db, t, p: P<Lines>) =>
  db
    .select({ serviceId: t.queues.serviceId, day: t.queues.localDay, count: count() })
    .from(t.queues)
    .innerJoin(
      t.queueEntries,
      and(
        eq(t.queueEntries.serviceId, t.queues.serviceId),
        eq(t.queueEntries.localDay, t.queues.localDay),
        sql`${t.queueEntries.status} = 'waiting'`,
        sql`(${t.queueEntries.dueAt} <= ${p.now} OR ${t.queueEntries.arrivedAt} <= ${p.now})`,
      ),
    )
    .where(and(isNull(t.queues.endedAt), gte(t.queues.localDay, p.from), lte(t.queues.localDay, p.to)))
    .groupBy(t.queues.serviceId, t.queues.localDay),
);

/** And how many have a ticket that came with the booking, by when they are due: how early they may be called decides. */
export const bookedByLine = query('booked_by_line', (db, t, p: P<Lines>) =>
  db
    .select({
      serviceId: t.queues.serviceId,
      day: t.queues.localDay,
      dueAt: t.queueEntries.dueAt,
      count: count(),
    })
    .from(t.queues)
    .innerJoin(
      t.queueEntries,
      and(
        eq(t.queueEntries.serviceId, t.queues.serviceId),
        eq(t.queueEntries.localDay, t.queues.localDay),
        sql`${t.queueEntries.status} = 'waiting' AND ${t.queueEntries.dueAt} > ${p.now}`,
        sql`${t.queueEntries.arrivedAt} > ${p.now}`,
      ),
    )
    .where(and(isNull(t.queues.endedAt), gte(t.queues.localDay, p.from), lte(t.queues.localDay, p.to)))
    .groupBy(t.queues.serviceId, t.queues.localDay, t.queueEntries.dueAt),
);

/** The waiting tickets of a day as the order looks at them, with when their holders came. */
export const waitingRanks = query(
  'waiting_ranks',
  (db, t, p: P<{ serviceId: string; day: LocalDay }>) =>
    db
      .select({ ...ranks(t), arrivedAt: t.queueEntries.arrivedAt })
      .from(t.queueEntries)
      .where(and(inQueue(t, p), sql`${t.queueEntries.status} = 'waiting'`)),
  lineOnly,
);

/** The head of those who are due, in calling order; see domain/order, which chooses between the two heads. */
const firstDue = query('first_due', (db, t, p: P<{ serviceId: string; day: LocalDay; now: Date }>) =>
  db
    .select(ranks(t))
    .from(t.queueEntries)
    .where(
      and(inQueue(t, p), sql`${t.queueEntries.status} = 'waiting' AND ${t.queueEntries.dueAt} <= ${p.now}`),
    )
    .orderBy(asc(t.queueEntries.effectiveAt), asc(t.queueEntries.id))
    .limit(1),
);

const firstLater = query('first_later', (db, t, p: P<{ serviceId: string; day: LocalDay; now: Date }>) =>
  db
    .select(ranks(t))
    .from(t.queueEntries)
    .where(
      and(
        inQueue(t, p),
        sql`${t.queueEntries.status} = 'waiting' AND ${t.queueEntries.dueAt} > ${p.now}`,
        // Who asked for more time is not called early.
        sql`(${t.queueEntries.awayUntil} IS NULL OR ${t.queueEntries.awayUntil} <= ${p.now})`,
      ),
    )
    .orderBy(asc(t.queueEntries.dueAt), asc(t.queueEntries.id))
    .limit(1),
);

/** The only tickets that the order could choose: the first of those due, or else the first to become due. */
export async function headsOfLine(db: Reader, serviceId: string, day: LocalDay, now: Date) {
  const due = await db.run(firstDue, { serviceId, day, now });
  return due.length > 0 ? due : db.run(firstLater, { serviceId, day, now });
}

/** What a line tells besides its tickets. */
const noticesOf = query(
  'queue_notices',
  (db, t, p: P<{ serviceId: string; day: LocalDay }>) =>
    db
      .select({ intakeClosedAt: t.queues.intakeClosedAt, delayMinutes: t.queues.delayMinutes })
      .from(t.queues)
      .where(and(eq(t.queues.serviceId, p.serviceId), eq(t.queues.localDay, p.day))),
  lineOnly,
);

export interface LineNotices {
  /** Since when nobody new is taken; null while the line is open. */
  intakeClosedAt: Date | null;
  /** How late the line runs, as announced. */
  delayMinutes: number;
}

/** What a line tells besides its tickets; nothing at all before its first one. */
export async function noticesOfLine(db: Reader, serviceId: string, day: LocalDay): Promise<LineNotices> {
  return (await db.run(noticesOf, { serviceId, day }))[0] ?? { intakeClosedAt: null, delayMinutes: 0 };
}

/** Writes what a line tells. The line's row must be locked. */
export const setNotices = statement(
  'set_queue_notices',
  (db, t, p: P<{ serviceId: string; day: LocalDay } & { [K in keyof LineNotices]: LineNotices[K] }>) =>
    db
      .update(t.queues)
      .set({ intakeClosedAt: p.intakeClosedAt, delayMinutes: p.delayMinutes })
      .where(and(eq(t.queues.serviceId, p.serviceId), eq(t.queues.localDay, p.day))),
  lineOnly,
);

/** The version of a day's line; it goes up with every change of the line or its reservations. */
const versionOf = query(
  'queue_version',
  (db, t, p: P<{ serviceId: string; day: LocalDay }>) =>
    db
      .select({ version: t.queues.version })
      .from(t.queues)
      .where(and(eq(t.queues.serviceId, p.serviceId), eq(t.queues.localDay, p.day))),
  lineOnly,
);

/** How often a line was changed; 0 before its first ticket. */
export async function queueVersion(db: Reader, serviceId: string, day: LocalDay): Promise<number> {
  return (await db.run(versionOf, { serviceId, day }))[0]?.version ?? 0;
}

export type QueueKey = { serviceId: string; day: LocalDay; locationId: string };

const lock = statement(
  'lock_queue',
  (db, t, p: P<QueueKey & { numbers: number }>) =>
    db
      .insert(t.queues)
      .values({ serviceId: p.serviceId, localDay: p.day, locationId: p.locationId, lastPosition: p.numbers })
      .onConflictDoUpdate({
        target: [t.queues.serviceId, t.queues.localDay],
        set: {
          version: sql`${t.queues.version} + 1`,
          lastPosition: sql`${t.queues.lastPosition} + excluded.last_position`,
          // A ticket that was being taken at midnight may come to a line that was just ended; it is ended once more.
          endedAt: null,
        },
      })
      .returning({
        version: t.queues.version,
        lastPosition: t.queues.lastPosition,
        intakeClosedAt: t.queues.intakeClosedAt,
        delayMinutes: t.queues.delayMinutes,
      }),
  lineOnly,
);

/**
 * Takes the row of (service, day): lock, number source and announcement in one. Every change of a line begins here.
 * Answers the last number given, after giving `numbers` new ones.
 */
export async function lockQueue(
  tx: Tx,
  key: QueueKey,
  numbers = 0,
): Promise<{ version: number; lastPosition: number } & LineNotices> {
  const [row] = await tx.run(lock, {
    serviceId: key.serviceId,
    day: key.day,
    locationId: key.locationId,
    numbers,
  });
  if (!row) throw new Error('The row of a queue can always be written');
  return row;
}

/**
 * Takes the rows of several lines of a day, each once and in the order of their services, so that nobody waits in a circle.
 * They are sent one behind the other: what is read in this transaction afterwards is read when it has them all.
 */
export function lockQueues(
  tx: Tx,
  serviceIds: readonly string[],
  place: { day: LocalDay; locationId: string },
): void {
  for (const serviceId of [...new Set(serviceIds)].sort()) tx.send(lock, { serviceId, ...place, numbers: 0 });
}

/** Lines from before `latest` that were not ended yet, with the zone that tells whether their day is over. */
export const unendedQueues = query('unended_queues', (db, t, p: P<{ latest: LocalDay }>) =>
  db
    .select({
      serviceId: t.queues.serviceId,
      day: t.queues.localDay,
      locationId: t.queues.locationId,
      timeZone: t.locations.timeZone,
    })
    .from(t.queues)
    .innerJoin(t.locations, eq(t.locations.id, t.queues.locationId))
    .where(and(isNull(t.queues.endedAt), lt(t.queues.localDay, p.latest)))
    // The oldest first: lines that still go on somewhere must not fill the page.
    .orderBy(asc(t.queues.localDay), asc(t.queues.serviceId))
    .limit(500),
);

export const endQueue = statement(
  'end_queue',
  (db, t, p: P<{ serviceId: string; day: LocalDay; now: Date }>) =>
    db
      .update(t.queues)
      .set({ endedAt: p.now, version: sql`${t.queues.version} + 1` })
      .where(and(eq(t.queues.serviceId, p.serviceId), eq(t.queues.localDay, p.day), isNull(t.queues.endedAt)))
      .returning({ version: t.queues.version }),
  lineOnly,
);
