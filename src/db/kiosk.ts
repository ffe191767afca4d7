import { and, eq, isNull } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import { lineTopic } from './changes.ts';
import { type P, statement } from './store.ts';

/** Gives a ticket a link; no row back when it has one. The line's row must be locked. */
export const giveToken = statement(
  'give_token',
  (db, t, p: P<{ id: string; serviceId: string; day: LocalDay; tokenHash: string }>) =>
    db
      .update(t.queueEntries)
      .set({ tokenHash: p.tokenHash })
      .where(
        and(
          eq(t.queueEntries.id, p.id),
          eq(t.queueEntries.serviceId, p.serviceId),
          eq(t.queueEntries.localDay, p.day),
          isNull(t.queueEntries.tokenHash),
        ),
      )
      .returning({ id: t.queueEntries.id }),
  ({ serviceId, day }) => [lineTopic(serviceId, day)],
);
