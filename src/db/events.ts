import { desc, eq } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import { newId } from '../domain/id.ts';
import type { Actor } from '../domain/roles.ts';
import { type P, query, type Reader, statement, type Tx } from './store.ts';

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
}

type EventRow = Required<Event> & { id: string; at: Date; actorId: string | null };

const insertEvent = statement('insert_event', (db, t, p: P<{ [K in keyof EventRow]: EventRow[K] }>) =>
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
  }),
);

/** Writes a fact in the transaction that made it true. */
export function record(tx: Tx, actor: Actor, at: Date, event: Event): void {
  tx.send(insertEvent, {
    id: newId(),
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
  });
}

const lastOfEntry = query('last_event_of_entry', (db, t, p: P<{ entryId: string }>) =>
  db
    .select({ verb: t.events.verb, at: t.events.at, actorName: t.users.name })
    .from(t.events)
    .leftJoin(t.users, eq(t.users.id, t.events.actorId))
    .where(eq(t.events.entryId, p.entryId))
    .orderBy(desc(t.events.at), desc(t.events.id))
    .limit(1),
);

export interface LastEvent {
  verb: string;
  at: Date;
  actorName: string | null;
}

/** Who was the last to do something to a ticket. */
export async function lastEventOf(db: Reader, entryId: string): Promise<LastEvent | undefined> {
  return (await db.run(lastOfEntry, { entryId }))[0];
}
