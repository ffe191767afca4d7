import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import type { QueueEntry } from '../domain/ticket.ts';
import { lineTopic, PEOPLE, serviceTopic, type Topic } from './changes.ts';
import { madeOnce } from './memory.ts';
import { inQueue } from './queue.ts';
import { type P, query, type ReadBuilder, type Reader } from './store.ts';
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
  voided: t.queueEntries.voided,
  version: t.queueEntries.version,
});

/** Tickets with the names that stand on accounts. */
const tickets = (db: ReadBuilder, t: Tables) =>
  db
    .select(columns(t))
    .from(t.queueEntries)
    .leftJoin(t.reservations, eq(t.reservations.id, t.queueEntries.reservationId))
    .leftJoin(t.users, eq(t.users.id, t.reservations.userId));

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
      and(inQueue(t, p), sql`${t.queueEntries.status} IN ('waiting', 'called', 'in_service', 'parked')`),
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
          inQueue(t, p),
          sql`${t.queueEntries.status} = 'skipped' AND ${t.queueEntries.endedAt} >= ${p.since}`,
        ),
      )
      .orderBy(desc(t.queueEntries.id)),
  ofLine,
);

const byId = query('entry_by_id', (db, t, p: P<{ id: string }>) =>
  tickets(db, t).where(eq(t.queueEntries.id, p.id)),
);

/** A ticket of whatever day and state. */
export async function entryById(db: Reader, id: string): Promise<QueueEntry | undefined> {
  return (await db.run(byId, { id }))[0];
}

/** The newest ticket of a reservation; one that was left counts only when there is no other. */
const byReservation = query(
  'entry_by_reservation',
  (db, t, p: P<{ reservationId: string }>) =>
    tickets(db, t)
      .where(eq(t.queueEntries.reservationId, p.reservationId))
      .orderBy(leftLast(t), desc(t.queueEntries.id))
      .limit(1),
  (_, rows) => ofTicket(rows),
);

/** Puts what a reservation's customer left behind the one ticket that they did not leave. */
export const leftLast = (t: Tables) => sql`CASE WHEN ${t.queueEntries.status} = 'left' THEN 1 ELSE 0 END`;

/** The ticket that tells what became of a reservation; undefined before its check-in. */
export async function entryOfReservation(db: Reader, reservationId: string): Promise<QueueEntry | undefined> {
  return (await db.run(byReservation, { reservationId }))[0];
}

/** What a desk has in service or called. Entries without a desk belong to the one desk that has no name. */
export const heldByDesk = query(
  'held_by_desk',
  (db, t, p: P<{ serviceId: string; day: LocalDay; deskId: string | null }>) =>
    tickets(db, t)
      .where(
        and(
          inQueue(t, p),
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

/** The ticket whose link has this token, by the token's hash. */
export async function entryByToken(db: Reader, tokenHash: string): Promise<QueueEntry | undefined> {
  return (await db.run(byToken, { tokenHash }))[0];
}

/**
 * The same for its page, of what is kept. Everybody in a line looks after each of its changes, so the ticket is found among
 * those that are read once for them all; only one that is over, or was sent elsewhere, is read alone.
 */
export async function followedByToken(store: Reader, tokenHash: string): Promise<QueueEntry | undefined> {
  const [known] = await store.run(lineOfToken, { tokenHash });
  if (!known) return undefined;
  const line = await store.run(openEntries, { serviceId: known.serviceId, day: known.day });
  return byTheirIds(line).get(known.id) ?? entryByToken(store, tokenHash);
}

const byTheirIds = madeOnce((line: readonly QueueEntry[]) => new Map(line.map((entry) => [entry.id, entry])));

/**
 * Every ticket of a place on a day, whatever became of it, but void ones. Where its reservation stands that day, it has no
 * name here: `reservationsOfPlace` has those, where a join would look for each on its own.
 */
export const entriesOfPlace = query(
  'entries_of_place',
  (db, t, p: P<{ locationId: string; day: LocalDay }>) =>
    db
      .select({ ...columns(t), name: sql<string>`coalesce(${nameOfLeft(t)}, ${t.queueEntries.name})` })
      .from(t.queueEntries)
      .where(
        and(
          eq(t.queueEntries.locationId, p.locationId),
          eq(t.queueEntries.localDay, p.day),
          sql`NOT ${t.queueEntries.voided}`,
        ),
      )
      .orderBy(asc(t.queueEntries.id)),
);

/** Who canceled or moved to another day has left the line before or with that; those are few, and looked up one by one. */
function nameOfLeft(t: Tables) {
  return sql`CASE WHEN ${t.queueEntries.status} = 'left' THEN (
    SELECT ${t.users.name} FROM ${t.reservations} INNER JOIN ${t.users} ON ${t.users.id} = ${t.reservations.userId}
    WHERE ${t.reservations.id} = ${t.queueEntries.reservationId}
  ) END`;
}
