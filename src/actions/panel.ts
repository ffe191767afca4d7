import { CATALOG, lineTopic, PEOPLE } from '../db/changes.ts';
import { noticesOfLine, waitingByLine } from '../db/queue.ts';
import { confirmedOnDay, expectedByLine } from '../db/reservations.ts';
import { workedServices } from '../db/services.ts';
import type { Reader, Store } from '../db/store.ts';
import { heldAtDesk, recentlySkipped } from '../db/tickets.ts';
import { addMinutes, minuteOf, startOfMinute } from '../domain/clock.ts';
import { addDays, type LocalDay, localDay } from '../domain/days.ts';
import type { Line } from '../domain/line.ts';
import { callingOrder } from '../domain/order.ts';
import { atDesk, type Panel, type WaitingLine } from '../domain/panel.ts';
import { worksAt } from '../domain/roles.ts';
import type { PlacedService } from '../domain/service.ts';
import { ENTRY_STATUSES, type EntryStatus, type QueueEntry } from '../domain/ticket.ts';
import { type Act, staffOnly } from './act.ts';
import { lineOf } from './line.ts';

/** Today's lines of these services as one, as a desk sees them; `deskId` is null for the one desk that has no name. */
export async function panelOf(
  store: Store,
  services: readonly PlacedService[],
  deskId: string | null,
  day: LocalDay,
  now: Date,
): Promise<Panel> {
  const [{ lines, line, ...rest }, atNamed] = await Promise.all([
    linesOf(store, services, day, now),
    deskId === null ? undefined : store.run(heldAtDesk, { deskId, day }),
  ]);
  const held = atNamed ?? [...line.serving, ...line.called].filter((entry) => entry.deskId === null);
  return {
    ...rest,
    // Somebody may have become due since the lines were put together.
    line: { ...line, waiting: callingOrder(line.waiting, now) },
    ...atDesk(lines, held, now),
  };
}

/** Lines as all the desks see them that look at the same: put together once until one changes, or the minute is over. */
function linesOf(store: Store, services: readonly PlacedService[], day: LocalDay, now: Date) {
  const topics = [PEOPLE, CATALOG, ...services.map(({ id }) => lineTopic(id, day))];
  return store.keep(
    `lines ${services.map(({ id }) => id)} ${day} ${minuteOf(now)}`,
    () => topics,
    async (): Promise<Omit<Panel, 'serving' | 'next'> & { lines: readonly WaitingLine[] }> => {
      const each = await Promise.all(services.map((service) => lineWithNews(store, service, day, now)));
      const all = (state: 'serving' | 'called' | 'parked' | 'waiting') =>
        each.flatMap(({ line }) => line[state]);
      return {
        lines: each.map(({ service, line }) => ({ service, waiting: line.waiting })),
        line: {
          serving: all('serving'),
          called: all('called'),
          parked: all('parked'),
          waiting: callingOrder(all('waiting'), now),
          counts: sumOf(each.map(({ line }) => line.counts)),
        },
        expected: each
          .flatMap(({ expected }) => expected)
          .sort((a, b) => a.timeSlot.getTime() - b.timeSlot.getTime()),
        skipped: each.flatMap(({ skipped }) => skipped).sort((a, b) => endOf(b) - endOf(a)),
        slots: new Map(each.flatMap(({ slots }) => slots)),
        told: each.map(({ told }) => told),
      };
    },
    'rows',
  );
}

/** Five queries, at once. */
async function lineWithNews(db: Reader, service: PlacedService, day: LocalDay, now: Date) {
  const key = { serviceId: service.id, day };
  const since = addMinutes(startOfMinute(now), -service.graceMinutes);
  const [line, confirmed, skipped, notices] = await Promise.all([
    lineOf(db, service, day, now),
    db.run(confirmedOnDay, key),
    // To the minute, as everything that the panel shows, so that it is asked once a minute.
    db.run(recentlySkipped, { ...key, since }),
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
    workedServices(db),
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
