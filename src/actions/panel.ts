import { noticesOfLine, waitingByLine } from '../db/queue.ts';
import { confirmedOnDay, expectedByLine } from '../db/reservations.ts';
import { activeServices } from '../db/services.ts';
import type { Reader } from '../db/store.ts';
import { heldAtDesk, recentlySkipped } from '../db/tickets.ts';
import { addMinutes, startOfMinute } from '../domain/clock.ts';
import { addDays, type LocalDay, localDay } from '../domain/days.ts';
import type { Line } from '../domain/line.ts';
import { callingOrder } from '../domain/order.ts';
import { atDesk, type Panel } from '../domain/panel.ts';
import { worksAt } from '../domain/roles.ts';
import type { PlacedService } from '../domain/service.ts';
import { ENTRY_STATUSES, type EntryStatus, type QueueEntry } from '../domain/ticket.ts';
import { type Act, staffOnly } from './act.ts';
import { lineOf } from './line.ts';

/**
 * Today's lines of these services as one, as a desk sees them; `deskId` is null for the one desk that has no name. Five
 * queries for each service, which are kept until its own line changes, and one more for a desk with a name.
 */
export async function panelOf(
  db: Reader,
  services: readonly PlacedService[],
  deskId: string | null,
  day: LocalDay,
  now: Date,
): Promise<Panel> {
  const [lines, atNamed] = await Promise.all([
    Promise.all(services.map((service) => lineAtDesk(db, service, day, now))),
    deskId === null ? undefined : db.run(heldAtDesk, { deskId, day }),
  ]);
  const all = (state: 'serving' | 'called' | 'parked') => lines.flatMap(({ line }) => line[state]);
  const held = atNamed ?? [...all('serving'), ...all('called')].filter((entry) => entry.deskId === null);
  const waiting = lines.flatMap(({ line }) => line.waiting);
  return {
    line: {
      serving: all('serving'),
      called: all('called'),
      parked: all('parked'),
      waiting: lines.length > 1 ? callingOrder(waiting, now) : waiting,
      counts: sumOf(lines.map(({ line }) => line.counts)),
    },
    ...atDesk(
      lines.map(({ service, line }) => ({ service, waiting: line.waiting })),
      held,
      now,
    ),
    expected: lines
      .flatMap(({ expected }) => expected)
      .sort((a, b) => a.timeSlot.getTime() - b.timeSlot.getTime()),
    skipped: lines.flatMap(({ skipped }) => skipped).sort((a, b) => endOf(b) - endOf(a)),
    slots: new Map(lines.flatMap(({ slots }) => slots)),
    told: lines.map(({ told }) => told),
  };
}

/** Five queries, at once. */
async function lineAtDesk(db: Reader, service: PlacedService, day: LocalDay, now: Date) {
  const key = { serviceId: service.id, day };
  const [line, confirmed, skipped, notices] = await Promise.all([
    lineOf(db, service, day, now),
    db.run(confirmedOnDay, key),
    // To the minute, as everything that the panel shows, so that it is asked once a minute.
    db.run(recentlySkipped, { ...key, since: addMinutes(startOfMinute(now), -service.graceMinutes) }),
    noticesOfLine(db, service.id, day),
  ]);
  return {
    service,
    line,
    skipped,
    told: { serviceId: service.id, ...notices },
    expected: confirmed
      .filter(({ hasTicket }) => !hasTicket)
      .map(({ id, timeSlot, name }) => ({ id, timeSlot, name, serviceId: service.id })),
    slots: confirmed.map(({ id, timeSlot }): [string, Date] => [id, timeSlot]),
  };
}

function sumOf(counts: readonly Line['counts'][]): Line['counts'] {
  const totalOf = (status: EntryStatus) => counts.reduce((total, each) => total + each[status], 0);
  return Object.fromEntries(ENTRY_STATUSES.map((status) => [status, totalOf(status)])) as Line['counts'];
}

function endOf({ endedAt }: QueueEntry): number {
  return endedAt?.getTime() ?? 0;
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
