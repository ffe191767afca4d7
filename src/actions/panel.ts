import { noticesAt } from '../db/board.ts';
import { CATALOG, lineTopic, PEOPLE } from '../db/changes.ts';
import { allDesks } from '../db/desks.ts';
import { confirmedOnDay, expectedByLine } from '../db/expected.ts';
import { bookedByLine, noticesOfLine, waitingByLine } from '../db/queue.ts';
import { activeServices, workedServices } from '../db/services.ts';
import type { Reader, Store } from '../db/store.ts';
import { heldAtDesk, recentlySkipped } from '../db/tickets.ts';
import { hoursAt } from '../db/waits.ts';
import { addMinutes, minuteOf, startOfMinute } from '../domain/clock.ts';
import { addDays, type LocalDay, localDay } from '../domain/days.ts';
import { type Desk, servesAt } from '../domain/desk.ts';
import type { Hindrance, Line } from '../domain/line.ts';
import { callableFrom } from '../domain/order.ts';
import { atDesk, type Expected, type Panel, partWaiting } from '../domain/panel.ts';
import { worksAt } from '../domain/roles.ts';
import type { PlacedService } from '../domain/service.ts';
import { openTimes } from '../domain/slots.ts';
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
  const [{ lines, line, expected, ...rest }, atNamed] = await Promise.all([
    linesOf(store, services, day, now),
    deskId === null ? undefined : store.run(heldAtDesk, { deskId, day }),
  ]);
  const held = atNamed ?? [...line.serving, ...line.called].filter((entry) => entry.deskId === null);
  // Somebody may have become due since the lines were put together.
  const { waiting, booked } = partWaiting(lines, now);
  const counts = { ...line.counts, waiting: line.counts.waiting - booked.length };
  return {
    ...rest,
    line: { ...line, waiting, counts },
    expected: [...expected, ...booked].sort((a, b) => a.timeSlot.getTime() - b.timeSlot.getTime()),
    ...atDesk(lines, held, now),
  };
}

/** Lines as all the desks see them that look at the same: put together once until one changes, or the minute is over. */
function linesOf(store: Store, services: readonly PlacedService[], day: LocalDay, now: Date) {
  const topics = [PEOPLE, CATALOG, ...services.map(({ id }) => lineTopic(id, day))];
  return store.keep(
    `lines ${services.map(({ id }) => id)} ${day} ${minuteOf(now)}`,
    () => topics,
    async () => {
      const each = await Promise.all(services.map((service) => lineWithNews(store, service, day, now)));
      const all = (state: 'serving' | 'called' | 'parked') => each.flatMap(({ line }) => line[state]);
      return {
        lines: each.map(({ service, line }) => ({ service, waiting: line.waiting })),
        line: {
          serving: all('serving'),
          called: all('called'),
          parked: all('parked'),
          counts: sumOf(each.map(({ line }) => line.counts)),
        },
        expected: each.flatMap(({ expected }): Expected[] => expected),
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
  const [services, inLine, expected] = await Promise.all([
    workedServices(db),
    countsByLine(db, days, now),
    db.run(expectedByLine, days),
  ]);
  return services
    .filter((service) => worksAt(person, service.locationId))
    .map((service) => {
      const today = localDay(now, service.location.timeZone);
      const { waiting, booked } = inLine(service, today);
      const without = expected.find(({ serviceId, day }) => serviceId === service.id && day === today);
      return { service, waiting, expected: booked + (without?.count ?? 0) };
    });
}

/** How many wait by now in the line of a service on a day, and how many are still expected with a ticket. */
async function countsByLine(db: Reader, days: { from: LocalDay; to: LocalDay }, now: Date) {
  const [here, later] = await Promise.all([
    db.run(waitingByLine, { ...days, now }),
    db.run(bookedByLine, { ...days, now }),
  ]);
  return ({ id, earlyCallMinutes }: PlacedService, day: LocalDay) => {
    const ofLine = (line: { serviceId: string; day: LocalDay }) => line.serviceId === id && line.day === day;
    const { early = [], booked = [] } = Object.groupBy(later.filter(ofLine), (ticket) =>
      callableFrom(ticket, earlyCallMinutes) <= now ? 'early' : 'booked',
    );
    return { waiting: totalOf([...here.filter(ofLine), ...early]), booked: totalOf(booked) };
  };
}

function totalOf(counted: readonly { count: number }[]): number {
  return counted.reduce((total, { count }) => total + count, 0);
}

/** A line that a ticket can be sent to, and what it would meet there. */
export interface OtherLine {
  service: PlacedService;
  waiting: number;
  hindrances: Hindrance[];
}

/** The other lines of a ticket's place, by name. As many queries, however many. */
export async function otherLines(
  db: Reader,
  { serviceId: own, locationId, localDay: day }: QueueEntry,
  now: Date,
): Promise<OtherLine[]> {
  const [services, inLine, notices, hoursOf, desks] = await Promise.all([
    db.run(activeServices, {}),
    countsByLine(db, { from: day, to: day }, now),
    db.run(noticesAt, { locationId, day }),
    hoursAt(db, { locationId, day }),
    allDesks(db),
  ]);
  const here = desks.filter((desk) => desk.locationId === locationId);
  return services
    .filter((service) => service.locationId === locationId && service.id !== own)
    .map((service) => {
      const { id, location } = service;
      const { rules, closures } = hoursOf(id);
      const notGiven = notices.some(({ serviceId, intakeClosedAt }) => serviceId === id && intakeClosedAt);
      const isOpen = openTimes(day, location.timeZone, rules, closures).some(({ to }) => now < to);
      return {
        service,
        waiting: inLine(service, day).waiting,
        hindrances: [
          ...(notGiven ? (['last_ticket'] as const) : []),
          ...(isOpen ? [] : (['closed'] as const)),
          ...lackOfDesk(here, id),
        ],
      };
    });
}

/** A place without desks lacks none. */
function lackOfDesk(desks: readonly Desk[], serviceId: string): Hindrance[] {
  const serving = desks.filter((desk) => servesAt(desk, serviceId));
  if (desks.length > 0 && serving.length === 0) return ['no_desk'];
  return serving.length > 0 && serving.every(({ staffedBy }) => staffedBy === null) ? ['nobody_there'] : [];
}
