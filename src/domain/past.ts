import { MINUTE } from './clock.ts';
import { dayEnd, dayStart, daysFrom, isPlainDay, type LocalDay, localHour } from './days.ts';
import type { FinishedService } from './durations.ts';
import type { LineHistory, PastTicket } from './habits.ts';
import type { QueueEntry } from './ticket.ts';

/** A ticket of a past day as the estimates look at it; nothing in it says whose it is. */
export type PastEntry = Pick<
  QueueEntry,
  | 'id'
  | 'reservationId'
  | 'serviceId'
  | 'originServiceId'
  | 'localDay'
  | 'status'
  | 'priority'
  | 'arrivedAt'
  | 'calledAt'
  | 'startedAt'
  | 'endedAt'
  | 'parkedAt'
> & {
  /** Of its reservation; null for a walk-in. */
  timeSlot: Date | null;
};

/**
 * A call that was repeated, a service put aside, a return to the line or more time that its holder asked for, with the
 * times that the ticket had until then.
 */
export interface Repeat {
  entryId: string;
  verb: string;
  at: Date;
  dueAt: Date;
  calledAt: Date | null;
  startedAt: Date | null;
}

/** What a ticket's own times do not tell any more once it was recalled, delayed, parked or back in the line. */
export interface Course {
  firstCalled: Date | null;
  /** The first call since it last came back to the line, or its holder asked for more time. */
  called: Date | null;
  /** How long it waited in other lines that it was sent to after a call, in minutes. */
  waitedAgain: number;
  /** Since it last came back to the line, as what follows. */
  firstStarted: Date | null;
  /** How long it was served before what is now its start, or its being parked, in minutes. */
  servedBefore: number;
  /** Each time that it was parked and came back. */
  parked: { from: Date; minutes: number }[];
}

type Times = Pick<QueueEntry, 'calledAt' | 'startedAt' | 'parkedAt'>;

/** What brings a ticket back to the line, which forgets its times. */
const BACK: ReadonlySet<string> = new Set(['requeue', 'reinstate', 'transfer']);

/** @param repeats those of this ticket that were not taken back, in any order */
export function courseOf({ calledAt, startedAt, parkedAt }: Times, repeats: readonly Repeat[] = []): Course {
  const inOrder = repeats.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  // Each knows the call before it, and the ticket the last one.
  const firstCallOf = (some: readonly Repeat[]) =>
    some.find((each) => each.calledAt !== null)?.calledAt ?? calledAt;
  const firstCalled = firstCallOf(inOrder);
  const waitedAgain = inOrder.reduce((sum, { verb, at }, index) => {
    const next = firstCallOf(inOrder.slice(index + 1));
    const counts = verb === 'transfer' && next !== null && firstCalled !== null && firstCalled <= at;
    return counts ? sum + minutesBetween(at, next) : sum;
  }, 0);
  const sinceBack = inOrder.slice(inOrder.findLastIndex(({ verb }) => BACK.has(verb)) + 1);
  // Who asks for more time is called anew, and keeps what was served before.
  const sinceDelay = sinceBack.slice(sinceBack.findLastIndex(({ verb }) => verb === 'delay') + 1);
  const parks = sinceBack.filter(({ verb }) => verb === 'park');
  const parked = parks.flatMap(({ at }, index) => {
    const next = parks[index + 1];
    const back = next ? next.startedAt : parkedAt === null ? startedAt : null;
    return back ? [{ from: at, minutes: minutesBetween(at, back) }] : [];
  });
  return {
    firstCalled,
    called: firstCallOf(sinceDelay),
    waitedAgain,
    firstStarted: parks[0] ? parks[0].startedAt : startedAt,
    servedBefore: parks.reduce(
      (sum, { at, startedAt: from }) => sum + (from ? minutesBetween(from, at) : 0),
      0,
    ),
    parked,
  };
}

/** How long a completed ticket was served in all, in minutes, and when that began; undefined for every other. */
export function serviceOf(
  entry: Pick<PastEntry, 'status' | 'endedAt'> & Times,
  repeats: readonly Repeat[] = [],
): { startedAt: Date; minutes: number } | undefined {
  const { firstStarted, servedBefore } = courseOf(entry, repeats);
  const { status, startedAt, endedAt, parkedAt } = entry;
  if (status !== 'completed' || !firstStarted || !startedAt || !endedAt) return undefined;
  const last = parkedAt === null ? minutesBetween(startedAt, endedAt) : 0;
  return { startedAt: firstStarted, minutes: servedBefore + last };
}

/** What is known of a location's past days. */
export interface Past {
  entries: readonly PastEntry[];
  repeats: readonly Repeat[];
  /** How many reservations stood for each service on each day. */
  booked: readonly { serviceId: string; day: LocalDay; count: number }[];
}

/**
 * What each line was like, by its service. What midnight ended tells nothing of when somebody left or was done, and is
 * not counted; a ticket that was sent to another line counts there.
 */
export function historiesOf(
  { entries, repeats, booked }: Past,
  zone: string,
  today: LocalDay,
): Map<string, LineHistory> {
  const repeatsOf = Map.groupBy(repeats, ({ entryId }) => entryId);
  const byService = Map.groupBy(entries, ({ serviceId }) => serviceId);
  const bookedOf = Map.groupBy(booked, ({ serviceId }) => serviceId);
  const came = Map.groupBy(
    entries.filter(({ reservationId }) => reservationId !== null),
    ({ originServiceId }) => originServiceId,
  );
  const daysIn = new Map<LocalDay, Day>();
  const dayOf = (localDay: LocalDay) => {
    const day = daysIn.get(localDay) ?? lookUp(localDay, zone, today);
    daysIn.set(localDay, day);
    return day;
  };
  const ids = new Set([...byService.keys(), ...bookedOf.keys()]);
  return new Map(
    [...ids].map((id) => {
      const expected = (bookedOf.get(id) ?? []).reduce((sum, { count }) => sum + count, 0);
      const used = new Set((came.get(id) ?? []).map(({ reservationId }) => reservationId)).size;
      return [id, historyOf(byService.get(id) ?? [], Math.max(expected - used, 0), repeatsOf, dayOf)];
    }),
  );
}

function historyOf(
  entries: readonly PastEntry[],
  missed: number,
  repeatsOf: ReadonlyMap<string, readonly Repeat[]>,
  dayOf: (day: LocalDay) => Day,
): LineHistory {
  const ended = entries.flatMap((entry) => {
    const day = dayOf(entry.localDay);
    if (entry.endedAt === null || entry.endedAt.getTime() >= day.ends) return [];
    const repeated = repeatsOf.get(entry.id);
    return [{ entry, day, course: courseOf(entry, repeated), service: serviceOf(entry, repeated) }];
  });
  return {
    services: ended.flatMap(({ day, service }) =>
      service ? [finished(day, service.startedAt, service.minutes)] : [],
    ),
    tickets: ended.map(({ entry, day, course }) => pastTicket(entry, course, day)),
    days: new Set(entries.map(({ localDay }) => localDay)).size,
    missed,
    parked: ended.flatMap(({ day, course }) =>
      course.parked.map(({ from, minutes }) => finished(day, from, minutes)),
    ),
    // How long desks were at work is written nowhere, so pauses are not learned.
    pauses: [],
    deskMinutes: 0,
  };
}

export const NO_HISTORY: LineHistory = {
  services: [],
  tickets: [],
  days: 0,
  missed: 0,
  parked: [],
  pauses: [],
  deskMinutes: 0,
};

/** What is asked of a day again and again; asking the zone for each ticket would take most of the time. */
interface Day {
  daysAgo: number;
  ends: number;
  hourOf(instant: Date): number;
}

function lookUp(day: LocalDay, zone: string, today: LocalDay): Day {
  const starts = dayStart(day, zone).getTime();
  const isPlain = isPlainDay(day, zone);
  return {
    daysAgo: daysFrom(day, today),
    ends: dayEnd(day, zone).getTime(),
    hourOf: (instant) => {
      const hour = Math.floor((instant.getTime() - starts) / (60 * MINUTE));
      return isPlain && hour >= 0 && hour < 24 ? hour : localHour(instant, zone);
    },
  };
}

function finished({ daysAgo, hourOf }: Day, from: Date, minutes: number): FinishedService {
  return { daysAgo, hour: hourOf(from), minutes };
}

/** Whoever was called and not served did not come, also where one tap calls and starts. */
function pastTicket(
  entry: PastEntry,
  { firstCalled, called, waitedAgain, firstStarted }: Course,
  day: Day,
): PastTicket {
  const { arrivedAt, endedAt, status, priority, timeSlot } = entry;
  const end = endedAt ?? arrivedAt;
  const served = status === 'completed';
  const there = served ? firstStarted : end;
  const toFirst = minutesBetween(arrivedAt, (called && firstCalled) ?? firstStarted ?? end);
  return {
    hour: day.hourOf(arrivedAt),
    priority,
    cameAfterSlot: timeSlot && minutesBetween(timeSlot, arrivedAt),
    waited: Math.max(toFirst, 0) + waitedAgain,
    outcome: served ? 'served' : called ? 'no_show' : 'left',
    atDesk: called && there ? Math.max(minutesBetween(called, there), 0) : null,
  };
}

function minutesBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / MINUTE;
}
