import { recentlySkipped, waitingByLine } from '../db/queue.ts';
import { confirmedOnDay, expectedByLine } from '../db/reservations.ts';
import { activeServices } from '../db/services.ts';
import type { Reader } from '../db/store.ts';
import { addMinutes, startOfMinute } from '../domain/clock.ts';
import { addDays, type LocalDay, localDay } from '../domain/days.ts';
import { atDesk, type Panel } from '../domain/panel.ts';
import { worksAt } from '../domain/roles.ts';
import type { PlacedService } from '../domain/service.ts';
import { type Act, staffOnly } from './act.ts';
import { lineOf } from './line.ts';

/** Today's line as a desk sees it. Four queries, at once. */
export async function panelOf(db: Reader, service: PlacedService, day: LocalDay, now: Date): Promise<Panel> {
  const key = { serviceId: service.id, day };
  const [line, confirmed, skipped] = await Promise.all([
    lineOf(db, service, day, now),
    db.run(confirmedOnDay, key),
    // To the minute, as everything that the panel shows, so that it is asked once a minute.
    db.run(recentlySkipped, { ...key, since: addMinutes(startOfMinute(now), -service.graceMinutes) }),
  ]);
  return {
    line,
    ...atDesk(line, null, now, service.earlyCallMinutes),
    expected: confirmed.filter(({ hasTicket }) => !hasTicket),
    skipped,
    slots: new Map(confirmed.map(({ id, timeSlot }) => [id, timeSlot])),
  };
}

/** A service with how many are in its line today and how many are still to come. */
export interface WorkedQueue {
  service: PlacedService;
  waiting: number;
  expected: number;
}

/** The queues that the actor works. Refuses with `forbidden`. */
export async function workedQueues({ db, actor, now }: Act): Promise<WorkedQueue[]> {
  const person = staffOnly(actor);
  const utcDay = now.toISOString().slice(0, 10);
  // Somewhere it is still yesterday, elsewhere it is tomorrow already.
  const days = { from: addDays(utcDay, -1), to: addDays(utcDay, 1) };
  const [services, waiting, expected] = await Promise.all([
    db.run(activeServices, {}),
    db.run(waitingByLine, days),
    db.run(expectedByLine, days),
  ]);
  return services
    .filter((service) => worksAt(person, service.locationId))
    .map((service) => {
      const today = localDay(now, service.location.timeZone);
      const ofToday = (lines: typeof waiting) =>
        lines.find((line) => line.serviceId === service.id && line.day === today)?.count ?? 0;
      return { service, waiting: ofToday(waiting), expected: ofToday(expected) };
    });
}
