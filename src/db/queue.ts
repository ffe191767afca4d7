import { and, asc, count, desc, eq, gte, isNull, lt, lte, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import type { QueueEntry, TicketState } from '../domain/ticket.ts';
import { lineTopic, PEOPLE, serviceTopic, type Topic } from './changes.ts';
import { madeOnce } from './memory.ts';
import { type P, query, type ReadBuilder, type Reader, statement, type Tx } from './store.ts';
import type { Tables } from './tables.ts';

/** A name on the entry is a walk-in's; somebody with a reservation has theirs on the account. */
const columns = (t: Tables) => ({
  id: t.queueEntries.id,
  reservationId: t.queueEntries.reservationId,
  serviceId: t.queueEntries.serviceId,
  originServiceId: t.queueEntries.originServiceId,
  locationId: t.queueEntries.locationId,
  localDay: t.queueEntries.localDay,
  position: t.queueEntries.position,
  number: t.queueEntries.number,
  name: sql<string>`coalesce(${t.users.name}, ${t.queueEntries.name})`,
  phone: t.queueEntries.phone,
  status: t.queueEntries.status,
  priority: t.queueEntries.priority,
  dueAt: t.queueEntries.dueAt,
  effectiveAt: t.queueEntries.effectiveAt,
  arrivedAt: t.queueEntries.arrivedAt,
  calledAt: t.queueEntries.calledAt,
  startedAt: t.queueEntries.startedAt,
  endedAt: t.queueEntries.endedAt,
  deskId: t.queueEntries.deskId,
  note: t.queueEntries.note,
  needs: t.queueEntries.needs,
  parkedAt: t.queueEntries.parkedAt,
  awayUntil: t.queueEntries.awayUntil,
  delays: t.queueEntries.delays,
  placedBy: t.queueEntries.placedBy,
  reason: t.queueEntries.reason,
  estimatedLow: t.queueEntries.estimatedLow,
  estimatedHigh: t.queueEntries.estimatedHigh,
  version: t.queueEntries.version,
});

/** Tickets with the names that stand on accounts. */
const tickets = (db: ReadBuilder, t: Tables) =>
  db
    .select(columns(t))
    .from(t.queueEntries)
    .leftJoin(t.reservations, eq(t.reservations.id, t.queueEntries.reservationId))
    .leftJoin(t.users, eq(t.users.id, t.reservations.userId));

/** What the order looks at. */
const ranks = (t: Tables) => ({
  id: t.queueEntries.id,
  dueAt: t.queueEntries.dueAt,
  effectiveAt: t.queueEntries.effectiveAt,
  awayUntil: t.queueEntries.awayUntil,
});

const QUEUE = (t: Tables, p: P<{ serviceId: string; day: LocalDay }>) =>
  and(eq(t.queueEntries.serviceId, p.serviceId), eq(t.queueEntries.localDay, p.day));

const lineOnly = ({ serviceId, day }: { serviceId: string; day: LocalDay }) => [lineTopic(serviceId, day)];
/** A ticket with a reservation carries the name on the account. */
const ofLine = ({ serviceId, day }: { serviceId: string; day: LocalDay }) => [
  lineTopic(serviceId, day),
  PEOPLE,
];

/** A ticket, wherever it was transferred to, and the next one of its reservation. One that is not there is not kept. */
const ofTicket = ([entry]: TicketPlace[]) => entry && ticketTopics(entry);

type TicketPlace = Pick<QueueEntry, 'serviceId' | 'originServiceId' | 'localDay'>;

/** What a ticket is made of, the name on it included. */
export function ticketTopics({ serviceId, originServiceId, localDay }: TicketPlace): Topic[] {
  return [lineTopic(serviceId, localDay), serviceTopic(originServiceId), PEOPLE];
}

/** The tickets of a day that are not over, in no order. */
export const openEntries = query(
  'open_entries',
  (db, t, p: P<{ serviceId: string; day: LocalDay }>) =>
    tickets(db, t).where(
      and(QUEUE(t, p), sql`${t.queueEntries.status} IN ('waiting', 'called', 'in_service', 'parked')`),
    ),
  ofLine,
);

/** The skipped tickets of a day that can still come back, the latest first. */
export const recentlySkipped = query(
  'recently_skipped',
  (db, t, p: P<{ serviceId: string; day: LocalDay; since: Date }>) =>
    tickets(db, t)
      .where(
        and(
          QUEUE(t, p),
          sql`${t.queueEntries.status} = 'skipped' AND ${t.queueEntries.endedAt} >= ${p.since}`,
        ),
      )
      .orderBy(desc(t.queueEntries.id)),
  ofLine,
);

/** How many tickets of a day are in each state. */
export const countsByStatus = query(
  'counts_by_status',
  (db, t, p: P<{ serviceId: string; day: LocalDay }>) =>
    db
      .select({ status: t.queueEntries.status, count: count() })
      .from(t.queueEntries)
      .where(QUEUE(t, p))
      .groupBy(t.queueEntries.status),
  lineOnly,
);

/** How many wait, for each line that is not over. */
export const waitingByLine = query('waiting_by_line', (db, t, p: P<{ from: LocalDay; to: LocalDay }>) =>
  db
    .select({ serviceId: t.queues.serviceId, day: t.queues.localDay, count: count() })
    .from(t.queues)
    .innerJoin(
      t.queueEntries,
      and(
        eq(t.queueEntries.serviceId, t.queues.serviceId),
        eq(t.queueEntries.localDay, t.queues.localDay),
        sql`${t.queueEntries.status} = 'waiting'`,
      ),
    )
    .where(and(isNull(t.queues.endedAt), gte(t.queues.localDay, p.from), lte(t.queues.localDay, p.to)))
    .groupBy(t.queues.serviceId, t.queues.localDay),
);

/** The waiting tickets of a day as the order looks at them. */
export const waitingRanks = query(
  'waiting_ranks',
  (db, t, p: P<{ serviceId: string; day: LocalDay }>) =>
    db
      .select(ranks(t))
      .from(t.queueEntries)
      .where(and(QUEUE(t, p), sql`${t.queueEntries.status} = 'waiting'`)),
  lineOnly,
);

const byId = query('entry_by_id', (db, t, p: P<{ id: string }>) =>
  tickets(db, t).where(eq(t.queueEntries.id, p.id)),
);

export async function entryById(db: Reader, id: string): Promise<QueueEntry | undefined> {
  return (await db.run(byId, { id }))[0];
}

/** The newest ticket of a reservation; one that was left counts only when there is no other. */
const byReservation = query(
  'entry_by_reservation',
  (db, t, p: P<{ reservationId: string }>) =>
    tickets(db, t)
      .where(eq(t.queueEntries.reservationId, p.reservationId))
      .orderBy(desc(t.queueEntries.id))
      .limit(1),
  (_, rows) => ofTicket(rows),
);

export async function entryOfReservation(db: Reader, reservationId: string): Promise<QueueEntry | undefined> {
  return (await db.run(byReservation, { reservationId }))[0];
}

/** The head of those who are due, in calling order; see domain/order, which chooses between the two heads. */
const firstDue = query('first_due', (db, t, p: P<{ serviceId: string; day: LocalDay; now: Date }>) =>
  db
    .select(ranks(t))
    .from(t.queueEntries)
    .where(
      and(QUEUE(t, p), sql`${t.queueEntries.status} = 'waiting' AND ${t.queueEntries.dueAt} <= ${p.now}`),
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
        QUEUE(t, p),
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

/** What a desk has in service or called. Entries without a desk belong to the one desk that has no name. */
export const heldByDesk = query(
  'held_by_desk',
  (db, t, p: P<{ serviceId: string; day: LocalDay; deskId: string | null }>) =>
    tickets(db, t)
      .where(
        and(
          QUEUE(t, p),
          sql`${t.queueEntries.status} IN ('called', 'in_service')`,
          sql`${t.queueEntries.deskId} IS NOT DISTINCT FROM ${p.deskId}`,
        ),
      )
      .orderBy(asc(t.queueEntries.id)),
);

/** What a desk has in service or called, in whatever line it stands. */
export const heldAtDesk = query('held_at_desk', (db, t, p: P<{ deskId: string; day: LocalDay }>) =>
  tickets(db, t)
    .where(
      and(
        eq(t.queueEntries.deskId, p.deskId),
        eq(t.queueEntries.localDay, p.day),
        // Word for word the condition of the index, or SQLite does not use it.
        sql`(${t.queueEntries.status} = 'called' OR ${t.queueEntries.status} = 'in_service')`,
      ),
    )
    .orderBy(asc(t.queueEntries.id)),
);

const byToken = query(
  'entry_by_token',
  (db, t, p: P<{ tokenHash: string }>) =>
    tickets(db, t)
      // As a literal, or PostgreSQL's generic plan does not use the partial index.
      .where(and(eq(t.queueEntries.tokenHash, p.tokenHash), sql`${t.queueEntries.tokenHash} IS NOT NULL`)),
  (_, rows) => ofTicket(rows),
);

/** Which line the ticket of a token was in when it was looked up: a token leads to one ticket for good. */
const lineOfToken = query(
  'line_of_token',
  (db, t, p: P<{ tokenHash: string }>) =>
    db
      .select({
        id: t.queueEntries.id,
        serviceId: t.queueEntries.serviceId,
        day: t.queueEntries.localDay,
      })
      .from(t.queueEntries)
      .where(and(eq(t.queueEntries.tokenHash, p.tokenHash), sql`${t.queueEntries.tokenHash} IS NOT NULL`)),
  (_, rows) => (rows.length > 0 ? [] : undefined),
);

/**
 * The ticket whose link has this token, by the token's hash. Everybody in a line looks after each of its changes, so it is
 * found among the tickets that are read once for them all; only one that is over, or was sent elsewhere, is read alone.
 */
export async function entryByToken(db: Reader, tokenHash: string): Promise<QueueEntry | undefined> {
  const [known] = await db.run(lineOfToken, { tokenHash });
  if (!known) return undefined;
  const line = await db.run(openEntries, { serviceId: known.serviceId, day: known.day });
  return byTheirIds(line).get(known.id) ?? (await db.run(byToken, { tokenHash }))[0];
}

const byTheirIds = madeOnce((line: readonly QueueEntry[]) => new Map(line.map((entry) => [entry.id, entry])));

/**
 * Every ticket of a place on a day, whatever became of it. One with a reservation has no name here: `reservationsOfPlace`
 * has them all, where a join would look for each on its own.
 */
export const entriesOfPlace = query(
  'entries_of_place',
  (db, t, p: P<{ locationId: string; day: LocalDay }>) =>
    db
      .select({ ...columns(t), name: t.queueEntries.name })
      .from(t.queueEntries)
      .where(and(eq(t.queueEntries.locationId, p.locationId), eq(t.queueEntries.localDay, p.day)))
      .orderBy(asc(t.queueEntries.id)),
);

/** Every standing reservation of a place on a day, the earliest first. */
export const reservationsOfPlace = query(
  'reservations_of_place',
  (db, t, p: P<{ locationId: string; day: LocalDay }>) =>
    db
      .select({
        id: t.reservations.id,
        serviceId: t.reservations.serviceId,
        timeSlot: t.reservations.timeSlot,
        name: t.users.name,
      })
      .from(t.reservations)
      .leftJoin(t.users, eq(t.users.id, t.reservations.userId))
      .where(
        and(
          eq(t.reservations.locationId, p.locationId),
          eq(t.reservations.localDay, p.day),
          sql`${t.reservations.status} <> 'canceled'`,
          eq(t.reservations.status, 'confirmed'),
        ),
      )
      .orderBy(asc(t.reservations.timeSlot), asc(t.reservations.id)),
);

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

/** Takes the rows of several lines of a day, each once and in the order of their services, so that nobody waits in a circle. */
export async function lockQueues(
  tx: Tx,
  serviceIds: readonly string[],
  place: { day: LocalDay; locationId: string },
): Promise<void> {
  for (const serviceId of [...new Set(serviceIds)].sort()) await lockQueue(tx, { serviceId, ...place });
}

type NewEntry = Pick<
  QueueEntry,
  | 'id'
  | 'reservationId'
  | 'serviceId'
  | 'locationId'
  | 'localDay'
  | 'position'
  | 'number'
  | 'name'
  | 'phone'
  | 'priority'
  | 'dueAt'
  | 'effectiveAt'
  | 'arrivedAt'
  | 'note'
  | 'needs'
  | 'estimatedLow'
  | 'estimatedHigh'
> & { tokenHash: string | null; now: Date };

const insert = statement(
  'insert_entry',
  (db, t, p: P<NewEntry>) =>
    db.insert(t.queueEntries).values({
      id: p.id,
      reservationId: p.reservationId,
      serviceId: p.serviceId,
      originServiceId: p.serviceId,
      locationId: p.locationId,
      localDay: p.localDay,
      position: p.position,
      number: p.number,
      name: p.name,
      phone: p.phone,
      status: sql`'waiting'`,
      priority: p.priority,
      dueAt: p.dueAt,
      effectiveAt: p.effectiveAt,
      arrivedAt: p.arrivedAt,
      tokenHash: p.tokenHash,
      note: p.note,
      needs: p.needs,
      estimatedLow: p.estimatedLow,
      estimatedHigh: p.estimatedHigh,
      createdAt: p.now,
      updatedAt: p.now,
    }),
  ({ serviceId, localDay }) => [lineTopic(serviceId, localDay)],
);

type Extras = 'tokenHash' | 'note' | 'needs' | 'estimatedLow' | 'estimatedHigh';

/** Puts a ticket into a line. What is not known of it is left empty. */
export async function insertEntry(
  tx: Tx,
  entry: Omit<NewEntry, Extras> & Partial<Pick<NewEntry, Extras>>,
): Promise<void> {
  const blank = { tokenHash: null, note: '', needs: '', estimatedLow: null, estimatedHigh: null };
  await tx.run(insert, { ...blank, ...entry });
}

/** What a transition writes. The times it does not touch keep what they were. */
type NewState = TicketState & {
  id: string;
  localDay: LocalDay;
  was: QueueEntry['status'];
  version: number;
  now: Date;
};

/** The one guarded transition: no row back means that somebody was faster. */
export const setEntryState = statement(
  'set_entry_state',
  (db, t, p: P<NewState>) =>
    db
      .update(t.queueEntries)
      .set({
        status: p.status,
        serviceId: p.serviceId,
        deskId: p.deskId,
        dueAt: p.dueAt,
        effectiveAt: p.effectiveAt,
        calledAt: p.calledAt,
        startedAt: p.startedAt,
        endedAt: p.endedAt,
        parkedAt: p.parkedAt,
        awayUntil: p.awayUntil,
        delays: p.delays,
        placedBy: p.placedBy,
        reason: p.reason,
        note: p.note,
        needs: p.needs,
        updatedAt: p.now,
        version: sql`${t.queueEntries.version} + 1`,
      })
      .where(
        and(
          eq(t.queueEntries.id, p.id),
          eq(t.queueEntries.status, p.was),
          eq(t.queueEntries.version, p.version),
        ),
      )
      .returning({ id: t.queueEntries.id }),
  ({ serviceId, localDay }) => [lineTopic(serviceId, localDay)],
);

/** Lines of past days that were not ended yet. `today` is the earliest day that it is anywhere. */
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

export const endEntries = statement(
  'end_entries',
  (db, t, p: P<{ serviceId: string; day: LocalDay; now: Date }>) =>
    db
      .update(t.queueEntries)
      .set({
        status: sql`CASE WHEN ${t.queueEntries.status} = 'in_service' THEN 'completed' ELSE 'left' END`,
        endedAt: p.now,
        updatedAt: p.now,
        version: sql`${t.queueEntries.version} + 1`,
      })
      .where(and(QUEUE(t, p), sql`${t.queueEntries.status} IN ('waiting', 'called', 'in_service', 'parked')`))
      .returning({
        id: t.queueEntries.id,
        status: t.queueEntries.status,
        reservationId: t.queueEntries.reservationId,
      }),
  lineOnly,
);
