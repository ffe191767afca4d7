import { addMinutes } from './clock.ts';
import {
  addDays,
  dayEnd,
  dayStart,
  instantAt,
  isPlainDay,
  type LocalDay,
  localDay,
  wallMinutes,
  weekday,
} from './days.ts';
import type { Closure, OpeningRule, Service } from './service.ts';

/** A stretch of a local day in minutes since midnight on the wall clock. */
export interface Window {
  from: number;
  to: number;
}

export interface Slot {
  starts: Date;
  /** Buffer included. */
  ends: Date;
}

export interface OpenSlot extends Slot {
  capacity: number;
  /** Places left over its whole length. */
  available: number;
}

/** What of a reservation fills a slot. */
export interface Booking {
  timeSlot: Date;
  endsAt: Date;
  party: number;
}

type Grid = Pick<Service, 'durationMinutes' | 'bufferMinutes' | 'stepMinutes'>;

/**
 * When the service is open on a day: special hours instead of the weekly ones, less breaks; in order, not overlapping.
 * Special hours of the place and of the service may overlap: then they count as one stretch.
 */
export function openWindows(
  day: LocalDay,
  rules: readonly OpeningRule[],
  closures: readonly Closure[],
): Window[] {
  const dated = closures.filter((closure) => closure.day === day);
  if (dated.some((closure) => closure.kind === 'closed' && closure.opens === null)) return [];
  const special = dated.filter((closure) => closure.kind === 'special');
  const hours = special.length > 0 ? special : rules.filter((rule) => rule.weekday === weekday(day));
  const breaks = dated.filter((closure) => closure.kind === 'closed');
  return breaks.map(toWindow).reduce(subtract, joined(hours.map(toWindow)));
}

/**
 * The slots of a day, in order. They stand on the wall clock: a time that a clock change skips makes no slot, a time
 * that it repeats makes one, the first. A slot ends, buffer included, by the end of its window. Where a skipped hour
 * brings two starts closer together than the grid means them to be, the later makes no slot.
 */
export function daySlots(
  day: LocalDay,
  zone: string,
  grid: Grid,
  rules: readonly OpeningRule[],
  closures: readonly Closure[],
): Slot[] {
  const windows = openWindows(day, rules, closures);
  if (windows.length === 0) return [];
  const at = wallClock(day, zone);
  const step = grid.stepMinutes ?? grid.durationMinutes;
  const length = grid.durationMinutes + grid.bufferMinutes;
  const slots: Slot[] = [];
  for (const { from, to } of windows) {
    const close = edge(at, to);
    let earliest = -Infinity;
    for (let minute = from; minute + length <= to; minute += step) {
      const starts = at(minute);
      if (!starts || starts.getTime() < earliest) continue;
      const ends = addMinutes(starts, length);
      if (ends > close) continue;
      slots.push({ starts, ends });
      earliest = addMinutes(starts, Math.min(step, length)).getTime();
    }
  }
  return slots;
}

/** The stretches of time that a day's windows are. */
export function openTimes(
  day: LocalDay,
  zone: string,
  rules: readonly OpeningRule[],
  closures: readonly Closure[],
): { from: Date; to: Date }[] {
  const at = wallClock(day, zone);
  return openWindows(day, rules, closures).map(({ from, to }) => ({
    from: edge(at, from),
    to: edge(at, to),
  }));
}

/** The most places taken at any one moment of `[from, to)`: a load only rises where a booking starts. */
export function peakLoad(bookings: readonly Booking[], from: Date, to: Date): number {
  const overlapping = bookings.filter((booking) => booking.timeSlot < to && booking.endsAt > from);
  let peak = 0;
  for (const { timeSlot } of overlapping) {
    const moment = timeSlot > from ? timeSlot : from;
    let load = 0;
    for (const other of overlapping)
      if (other.timeSlot <= moment && other.endsAt > moment) load += other.party;
    if (load > peak) peak = load;
  }
  return peak;
}

/** Each slot, in order, with the places left in it. */
export function withAvailability(
  slots: readonly Slot[],
  capacity: number,
  bookings: readonly Booking[],
): OpenSlot[] {
  const ordered = bookings.toSorted((a, b) => a.timeSlot.getTime() - b.timeSlot.getTime());
  const longest = Math.max(
    0,
    ...ordered.map((booking) => booking.endsAt.getTime() - booking.timeSlot.getTime()),
  );
  let first = 0;
  return slots.map((slot) => {
    // Slots come in order too: what started too long ago for this one is of no concern to the later ones either.
    const since = slot.starts.getTime() - longest;
    while (first < ordered.length && (ordered[first] as Booking).timeSlot.getTime() <= since) first += 1;
    let last = first;
    while (last < ordered.length && (ordered[last] as Booking).timeSlot < slot.ends) last += 1;
    const peak = peakLoad(ordered.slice(first, last), slot.starts, slot.ends);
    return { ...slot, capacity, available: Math.max(0, capacity - peak) };
  });
}

/** Tells of a start whether lead time and horizon allow it to be booked now. The horizon counts local days. */
export function bookable(
  now: Date,
  zone: string,
  { leadMinutes, horizonDays }: Pick<Service, 'leadMinutes' | 'horizonDays'>,
): (starts: Date) => boolean {
  const earliest = addMinutes(now, leadMinutes);
  const end = dayEnd(addDays(localDay(now, zone), horizonDays), zone);
  return (starts) => starts > now && starts >= earliest && starts < end;
}

/** Whether two stretches of a day share a minute. */
export function overlaps(a: Window, b: Window): boolean {
  return a.from < b.to && b.from < a.to;
}

/** Minutes of the wall clock to instants. Asking the zone for every slot is slow, and only days with a clock change need it. */
function wallClock(day: LocalDay, zone: string): (minute: number) => Date | undefined {
  if (!isPlainDay(day, zone)) return (minute) => instantAt(day, minute, zone);
  const start = dayStart(day, zone);
  return (minute) => addMinutes(start, minute);
}

/** When a window opens or closes; inside a gap of the clock, that is where the gap ends. */
function edge(at: (minute: number) => Date | undefined, time: number): Date {
  for (let minute = time; minute < 24 * 60; minute++) {
    const instant = at(minute);
    if (instant) return instant;
  }
  return at(24 * 60) as Date;
}

function toWindow(hours: { opens: string | null; closes: string | null }): Window {
  return { from: wallMinutes(hours.opens ?? '00:00'), to: wallMinutes(hours.closes ?? '24:00') };
}

function joined(windows: Window[]): Window[] {
  const result: Window[] = [];
  for (const window of windows.sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && overlaps(last, window)) last.to = Math.max(last.to, window.to);
    else result.push(window);
  }
  return result;
}

function subtract(windows: Window[], gap: Window): Window[] {
  return windows.flatMap((window) =>
    overlaps(window, gap)
      ? [
          { from: window.from, to: gap.from },
          { from: gap.to, to: window.to },
        ].filter(({ from, to }) => from < to)
      : [window],
  );
}
