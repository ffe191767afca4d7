import { and, between, eq, sql } from 'drizzle-orm';
import { daysFromTo, type LocalDay } from '../domain/days.ts';
import { serviceTopic } from './changes.ts';
import type { Tx } from './store.ts';

/** The days of services, the first and the last included. */
export interface HeldDays {
  services: readonly { id: string; locationId: string }[];
  from: LocalDay;
  to: LocalDay;
}

/**
 * Runs `work` while nobody else can book or move anything on these days: it holds the row of each (service, day), which
 * every booking takes first. What was booked before is committed by then and can be read; what is booked after meets
 * what `work` wrote. In the order in which everybody locks: by service, then by day. Rows that were only made to be held
 * are gone afterwards.
 */
export async function holdingDays<T>(tx: Tx, days: HeldDays, work: () => Promise<T>): Promise<T> {
  const services = days.services.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const service of services) await hold(tx, service, daysFromTo(days.from, days.to));
  const result = await work();
  for (const { id } of services) await letGo(tx, id, days);
  return result;
}

async function hold(
  tx: Tx,
  { id, locationId }: HeldDays['services'][number],
  days: readonly LocalDay[],
): Promise<void> {
  const { queues } = tx.tables;
  await tx
    .writing([serviceTopic(id)])
    .insert(queues)
    .values(days.map((localDay) => ({ serviceId: id, localDay, locationId })))
    .onConflictDoUpdate({
      target: [queues.serviceId, queues.localDay],
      set: { version: sql`${queues.version} + 1` },
    });
}

/** A row at its first version is one that was made here: those that were there before have just gone up. */
async function letGo(tx: Tx, serviceId: string, { from, to }: HeldDays): Promise<void> {
  const { queues } = tx.tables;
  await tx
    .writing([serviceTopic(serviceId)])
    .delete(queues)
    .where(and(eq(queues.serviceId, serviceId), between(queues.localDay, from, to), eq(queues.version, 1)));
}
