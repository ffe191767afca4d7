import { MINUTE } from './clock.ts';
import { dayEnd, type LocalDay, localHour } from './days.ts';
import { type Course, courseOf, type Repeat, serviceOf } from './past.ts';
import type { EntryStatus, QueueEntry } from './ticket.ts';

/** A ticket's own row, as far as the report of its day reads it; nothing in it says whose it is. */
export type VisitRow = Pick<
  QueueEntry,
  | 'id'
  | 'reservationId'
  | 'serviceId'
  | 'originServiceId'
  | 'localDay'
  | 'dueAt'
  | 'arrivedAt'
  | 'calledAt'
  | 'startedAt'
  | 'endedAt'
  | 'parkedAt'
  | 'placedBy'
  | 'estimatedLow'
  | 'estimatedHigh'
> & { status: EntryStatus };

/** A ticket with what its own times do not tell any more once it was recalled, delayed, parked or back in the line. */
export interface Visit extends VisitRow {
  firstCalled: Date | null;
  /** Before any pause, in the line where it was served last; null for whom nobody served there. */
  firstStarted: Date | null;
  /** How long it waited in all, in minutes; null for whom nobody called. */
  waited: number | null;
  /** How long it was served in all; null for whom nobody served, or whom midnight ended. */
  serviceMinutes: number | null;
}

/**
 * The tickets of whoever came by now: where nobody checks in, they are there from their slot on.
 *
 * @param repeats those of these days
 */
export function visitsOf(
  rows: readonly VisitRow[],
  repeats: readonly Repeat[],
  zone: string,
  now: Date,
): Visit[] {
  const repeatsOf = Map.groupBy(repeats, ({ entryId }) => entryId);
  const days = new Set(rows.map(({ localDay }) => localDay));
  const ends = new Map([...days].map((day) => [day, dayEnd(day, zone)]));
  return rows
    .filter(({ status, arrivedAt }) => status !== 'waiting' || arrivedAt <= now)
    .map((row) => {
      const repeated = repeatsOf.get(row.id);
      const course = courseOf(row, repeated);
      const service = serviceOf(row, repeated);
      const end = ends.get(row.localDay);
      const endedByMidnight = row.endedAt !== null && end !== undefined && row.endedAt >= end;
      return {
        ...row,
        firstCalled: course.firstCalled,
        firstStarted: course.firstStarted,
        waited: waitOf(row, course, repeated),
        serviceMinutes: service && !endedByMidnight ? service.minutes : null,
      };
    });
}

/**
 * Until the first call, and again in each line that it was sent to from a desk. Nobody waits before their slot: who comes
 * early is counted from it, who comes late from when they came. Who asks for more time before the first call waits until
 * then, and on from when that time is over or they are back.
 */
function waitOf(
  { dueAt, arrivedAt, startedAt }: VisitRow,
  { firstCalled, waitedAgain }: Course,
  repeats: readonly Repeat[] = [],
): number | null {
  const called = firstCalled ?? startedAt;
  if (!called) return null;
  // Each delay knows when the ticket was due before it, and the ticket since when after the last.
  const delays = repeats.filter(({ verb }) => verb === 'delay');
  const waits = [...delays.map((delay) => [delay.dueAt, delay.at] as const), [dueAt, called] as const];
  return waits.reduce((sum, [from, to]) => {
    const since = Math.max(from.getTime(), arrivedAt.getTime());
    const until = Math.min(to.getTime(), called.getTime());
    return sum + Math.max(0, until - since) / MINUTE;
  }, waitedAgain);
}

/** How many reservations stood for a service on a day. */
export interface BookedDay {
  serviceId: string;
  day: LocalDay;
  count: number;
}

/** Minutes, from the shortest to the longest of a list, in three figures. */
interface Spread {
  median: number;
  p80: number;
  longest: number;
}

/** How a day went, for one service or for several together. */
export interface Figures {
  booked: number;
  /** Reservations that became a ticket. */
  checkedIn: number;
  walkIns: number;
  served: number;
  skipped: number;
  left: number;
  /** Still in the line or being served. */
  open: number;
  /** Booked, and nobody came; while the day lasts, those who are still expected. */
  unused: number;
  /** Minutes that somebody who was there and due waited to be called; null when nobody was. */
  waits: Spread | null;
  /** The median of the minutes from start to end; null when nobody was served. */
  serviceMinutes: number | null;
}

/** How the waits that were told when numbers were taken compare with the real ones. */
export interface ToldFigures {
  /** Tickets that were told one. */
  told: number;
  /** Those of them that can be compared: called, in the line that gave the number, at no other place than the rule's. */
  compared: number;
  /** How many of these were called by the upper end of what they were told; null when there are none. */
  inTime: number | null;
  /** The median of the minutes between the real wait and the middle that was told; null when there are none. */
  medianError: number | null;
}

/** As many of the waits as should end by the upper end that was told. */
export const AIM = { from: 0.75, to: 0.85 } as const;
/** With fewer than this the share says little. */
export const FEWEST_COMPARED = 20;

/** How many days can be told of at once. */
export const MOST_REPORTED_DAYS = 92;

/** What happened in an hour of the wall clock, 0 to 23. */
export interface HourFigures {
  hour: number;
  arrived: number;
  started: number;
  /** The median wait of those who arrived in it; null when none of them was called. */
  wait: number | null;
}

/** The figures of these tickets and reservations together. */
export function figuresOf(visits: readonly Visit[], booked: readonly BookedDay[]): Figures {
  return figures(counted(visits), total(booked));
}

/**
 * The figures of each service. A ticket that was handed on counts as come where it was given, and as served, skipped or
 * left where it ended.
 */
export function figuresByService(
  visits: readonly Visit[],
  booked: readonly BookedDay[],
): Map<string, Figures> {
  const all = counted(visits);
  const came = Map.groupBy(all, ({ originServiceId }) => originServiceId);
  const ended = Map.groupBy(all, ({ serviceId }) => serviceId);
  const bookedOf = Map.groupBy(booked, ({ serviceId }) => serviceId);
  const ids = new Set([...came.keys(), ...ended.keys(), ...bookedOf.keys()]);
  return new Map(
    [...ids].map((id) => {
      const count = total(bookedOf.get(id) ?? []);
      return [id, figures(ended.get(id) ?? [], count, came.get(id) ?? [])];
    }),
  );
}

/** What happened in each hour, from the first to the last in which anything did. */
export function hoursOfDay(visits: readonly Visit[], zone: string): HourFigures[] {
  const all = counted(visits);
  const arrived = Map.groupBy(all, ({ arrivedAt }) => localHour(arrivedAt, zone));
  const started = Map.groupBy(
    all.flatMap(({ firstStarted }) => firstStarted ?? []),
    (firstStarted) => localHour(firstStarted, zone),
  );
  const hours = [...arrived.keys(), ...started.keys()];
  if (hours.length === 0) return [];
  const [first, last] = [Math.min(...hours), Math.max(...hours)];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const hour = first + index;
    const here = arrived.get(hour) ?? [];
    return {
      hour,
      arrived: here.length,
      started: started.get(hour)?.length ?? 0,
      wait: spread(waitsOf(here))?.median ?? null,
    };
  });
}

/**
 * How past estimates did, from when a number was taken to its first call. Who left, asked for more time, was put back or
 * moved, or was sent to another line waited for something else than was reckoned.
 */
export function toldFigures(visits: readonly Visit[]): ToldFigures {
  const told = visits.filter(({ estimatedHigh }) => estimatedHigh !== null);
  const compared = told.flatMap((visit) => {
    const { firstCalled } = visit;
    const itsOwn = visit.placedBy === null && visit.serviceId === visit.originServiceId;
    if (!firstCalled || !itsOwn) return [];
    const wait = Math.max(0, firstCalled.getTime() - visit.arrivedAt.getTime()) / MINUTE;
    return [{ wait, low: visit.estimatedLow ?? 0, high: visit.estimatedHigh ?? 0 }];
  });
  const errors = compared.map(({ wait, low }) => Math.abs(wait - low));
  return {
    told: told.length,
    compared: compared.length,
    inTime: compared.length === 0 ? null : compared.filter(({ wait, high }) => wait <= high).length,
    medianError: spread(errors)?.median ?? null,
  };
}

/** A quantile by linear interpolation between the two nearest of a sorted list (R's type 7, `percentile_cont`). */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return low + (high - low) * (place - Math.floor(place));
}

/** One ticket for each reservation, the newest: an earlier one was left when the reservation moved within the day. */
function counted(visits: readonly Visit[]): Visit[] {
  const newest = new Map<string, string>();
  for (const { id, reservationId } of visits) {
    if (reservationId !== null && id > (newest.get(reservationId) ?? '')) newest.set(reservationId, id);
  }
  return visits.filter(({ id, reservationId }) => reservationId === null || newest.get(reservationId) === id);
}

function figures(ended: readonly Visit[], booked: number, came: readonly Visit[] = ended): Figures {
  const inState = (...states: EntryStatus[]) => ended.filter(({ status }) => states.includes(status)).length;
  const checkedIn = came.filter(({ reservationId }) => reservationId !== null).length;
  return {
    booked,
    checkedIn,
    walkIns: came.length - checkedIn,
    served: inState('completed'),
    skipped: inState('skipped'),
    left: inState('left'),
    open: inState('waiting', 'called', 'in_service', 'parked'),
    unused: booked - checkedIn,
    waits: spread(waitsOf(ended)),
    serviceMinutes: spread(servicesOf(ended))?.median ?? null,
  };
}

function waitsOf(visits: readonly Visit[]): number[] {
  return visits.flatMap(({ waited }) => (waited === null ? [] : [waited]));
}

function servicesOf(visits: readonly Visit[]): number[] {
  return visits.flatMap(({ serviceMinutes }) => (serviceMinutes === null ? [] : [serviceMinutes]));
}

function spread(minutes: readonly number[]): Spread | null {
  if (minutes.length === 0) return null;
  const sorted = minutes.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), p80: quantile(sorted, 0.8), longest: sorted.at(-1) ?? 0 };
}

function total(booked: readonly BookedDay[]): number {
  return booked.reduce((so, { count }) => so + count, 0);
}
