import { and, asc, count, desc, eq, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import type { TicketEvent, ToldEvent, Via } from '../domain/event.ts';
import { newId } from '../domain/id.ts';
import type { Actor } from '../domain/roles.ts';
import { changesNothing } from './changes.ts';
import { lineOnly } from './queue.ts';
import { type P, query, type Reader, type Sender, statement } from './store.ts';
import type { Tables } from './tables.ts';

/** An audit fact: who did what to which thing, from which state to which. */
export interface Event {
  verb: string;
  locationId?: string;
  serviceId?: string;
  localDay?: LocalDay;
  reservationId?: string | null;
  entryId?: string | null;
  fromStatus?: string | null;
  toStatus?: string | null;
  data?: Record<string, unknown> | null;
  /** The same for all that one action did; its own id for a fact that stands alone. */
  actionId?: string;
  /** The ticket as it was, for undoing. */
  before?: EntryBefore | null;
  via?: Via | null;
}

/** A ticket's state as it is kept: times are texts. */
export type EntryBefore = Record<string, unknown> & { version: number };

type EventRow = Required<Event> & { id: string; at: Date; actorId: string | null };

const insertEvent = statement(
  'insert_event',
  (db, t, p: P<{ [K in keyof EventRow]: EventRow[K] }>) =>
    db.insert(t.events).values({
      id: p.id,
      at: p.at,
      actorId: p.actorId,
      verb: p.verb,
      locationId: p.locationId,
      serviceId: p.serviceId,
      localDay: p.localDay,
      reservationId: p.reservationId,
      entryId: p.entryId,
      fromStatus: p.fromStatus,
      toStatus: p.toStatus,
      data: p.data,
      actionId: p.actionId,
      before: p.before,
      via: p.via,
    }),
  changesNothing,
);

/** Writes a fact in the transaction that made it true. */
export function record(tx: Sender, actor: Actor, at: Date, event: Event): void {
  const id = newId();
  tx.send(insertEvent, {
    id,
    at,
    actorId: actor?.id ?? null,
    verb: event.verb,
    locationId: event.locationId ?? (null as never),
    serviceId: event.serviceId ?? (null as never),
    localDay: event.localDay ?? (null as never),
    reservationId: event.reservationId ?? null,
    entryId: event.entryId ?? null,
    fromStatus: event.fromStatus ?? null,
    toStatus: event.toStatus ?? null,
    data: event.data ?? null,
    actionId: event.actionId ?? id,
    before: event.before ?? null,
    via: event.via ?? null,
  });
}

const undoable = (t: Tables) => ({
  verb: t.events.verb,
  at: t.events.at,
  actorId: t.events.actorId,
  via: t.events.via,
  entryId: t.events.entryId,
  actionId: t.events.actionId,
  data: t.events.data,
  before: t.events.before,
});

// By their ids, which are made under the ticket's lock: `at` is when the request began, and another may have come in between.

const lastFacts = query('last_fact_of_entry', (db, t, p: P<{ entryId: string }>) =>
  db
    .select(undoable(t))
    .from(t.events)
    .where(eq(t.events.entryId, p.entryId))
    .orderBy(desc(t.events.id))
    .limit(1),
);

/** The newest fact about a ticket, with what undoing it needs. */
export async function lastFactOf(db: Reader, entryId: string): Promise<UndoableFact | undefined> {
  return (await db.run(lastFacts, { entryId }))[0];
}

const recallsAt = query('recalls_at', (db, t, p: P<{ entryId: string; at: Date }>) =>
  db
    .select({ id: t.events.id })
    .from(t.events)
    .where(and(eq(t.events.entryId, p.entryId), eq(t.events.at, p.at), eq(t.events.verb, 'recall')))
    .limit(1),
);

/** Whether the call of a ticket at this moment repeats one before. */
export async function isRecall(db: Reader, entryId: string, at: Date): Promise<boolean> {
  return (await db.run(recallsAt, { entryId, at })).length > 0;
}

export interface UndoableFact {
  verb: string;
  at: Date;
  actorId: string | null;
  via: Via | null;
  entryId: string | null;
  actionId: string | null;
  data: Record<string, unknown> | null;
  before: EntryBefore | null;
}

/** All that one action did, in the order it did it. */
export const factsOfAction = query('facts_of_action', (db, t, p: P<{ actionId: string }>) =>
  db
    .select(undoable(t))
    .from(t.events)
    // As a literal, or PostgreSQL's generic plan does not use the partial index.
    .where(and(eq(t.events.actionId, p.actionId), sql`${t.events.actionId} IS NOT NULL`))
    .orderBy(asc(t.events.id)),
);

/** Marks what an action did as undone. */
export const markUndone = statement(
  'mark_undone',
  (db, t, p: P<{ actionId: string; now: Date }>) =>
    db
      .update(t.events)
      .set({ undoneAt: p.now })
      .where(and(eq(t.events.actionId, p.actionId), sql`${t.events.actionId} IS NOT NULL`)),
  changesNothing,
);

const told = (t: Tables) => ({
  verb: t.events.verb,
  at: t.events.at,
  toStatus: t.events.toStatus,
  actorName: t.users.name,
});

const lastOfEntry = query('last_event_of_entry', (db, t, p: P<{ entryId: string }>) =>
  db
    .select(told(t))
    .from(t.events)
    .leftJoin(t.users, eq(t.users.id, t.events.actorId))
    .where(eq(t.events.entryId, p.entryId))
    .orderBy(desc(t.events.id))
    .limit(1),
);

/** Who was the last to do something to a ticket. */
export async function lastEventOf(db: Reader, entryId: string): Promise<ToldEvent | undefined> {
  return (await db.run(lastOfEntry, { entryId }))[0];
}

/** Longer than the day of almost every ticket. */
const TOLD = 20;

const newestOfEntry = query('events_of_entry', (db, t, p: P<{ entryId: string }>) =>
  db
    .select({ ...told(t), via: t.events.via, data: t.events.data })
    .from(t.events)
    .leftJoin(t.users, eq(t.users.id, t.events.actorId))
    .where(eq(t.events.entryId, p.entryId))
    .orderBy(desc(t.events.id))
    .limit(TOLD),
);

/** The last twenty things that were done to a ticket, the newest last. */
export async function eventsOfEntry(db: Reader, entryId: string): Promise<TicketEvent[]> {
  return (await db.run(newestOfEntry, { entryId })).toReversed();
}

/** What was announced of a line, and why. */
export interface AnnouncedDelay {
  serviceId: string;
  at: Date;
  actorName: string | null;
  /** 0 where it was taken back. */
  minutes: number;
  reason: string | null;
}

const delayFacts = query('delays_of_day', (db, t, p: P<{ locationId: string; day: LocalDay }>) =>
  db
    .select({
      serviceId: t.services.id,
      at: t.events.at,
      actorName: t.users.name,
      data: t.events.data,
    })
    // By the services of the place: facts are found by service and day.
    .from(t.services)
    .innerJoin(t.events, and(eq(t.events.serviceId, t.services.id), eq(t.events.localDay, p.day)))
    .leftJoin(t.users, eq(t.users.id, t.events.actorId))
    .where(and(eq(t.services.locationId, p.locationId), eq(t.events.verb, 'announce-delay')))
    .orderBy(asc(t.events.id)),
);

/** The delays that were announced at a location on a day, in the order they were. */
export async function delaysOfDay(
  db: Reader,
  key: { locationId: string; day: LocalDay },
): Promise<AnnouncedDelay[]> {
  const rows = await db.run(delayFacts, key);
  return rows.map(({ data, ...fact }) => {
    const { to, reason = null } = data as { to: { delayMinutes: number }; reason?: string | null };
    return { ...fact, minutes: to.delayMinutes, reason };
  });
}

/** How many numbers of a line were taken on people's own phones, those who left too. */
export const takenByPhone = query(
  'taken_by_phone',
  (db, t, p: P<{ serviceId: string; day: LocalDay }>) =>
    db
      .select({ count: count() })
      .from(t.events)
      .where(
        and(
          eq(t.events.serviceId, p.serviceId),
          eq(t.events.localDay, p.day),
          eq(t.events.verb, 'walk-in'),
          eq(t.events.via, 'ticket'),
        ),
      ),
  lineOnly,
);
