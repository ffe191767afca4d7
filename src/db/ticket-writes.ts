import { and, eq, isNull, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import type { QueueEntry, TicketState } from '../domain/ticket.ts';
import { lineTopic } from './changes.ts';
import { inQueue, lineOnly } from './queue.ts';
import { type P, statement, type Tx } from './store.ts';

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
        voided: p.voided,
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

/** Gives a ticket a link; no row back when it has one. The line's row must be locked. */
export const giveToken = statement(
  'give_token',
  (db, t, p: P<{ id: string; serviceId: string; day: LocalDay; tokenHash: string }>) =>
    db
      .update(t.queueEntries)
      .set({ tokenHash: p.tokenHash })
      .where(and(eq(t.queueEntries.id, p.id), inQueue(t, p), isNull(t.queueEntries.tokenHash)))
      .returning({ id: t.queueEntries.id }),
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
      .where(
        and(inQueue(t, p), sql`${t.queueEntries.status} IN ('waiting', 'called', 'in_service', 'parked')`),
      )
      .returning({
        id: t.queueEntries.id,
        status: t.queueEntries.status,
        reservationId: t.queueEntries.reservationId,
      }),
  lineOnly,
);
