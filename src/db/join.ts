import { and, count, eq } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import { lineOnly } from './queue.ts';
import { type P, query } from './store.ts';

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
