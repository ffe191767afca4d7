import { Temporal } from 'temporal-polyfill';

/** A calendar day of a location, `YYYY-MM-DD`. Sorts and compares as text. */
export type LocalDay = string;

/** A wall-clock time, `HH:MM`; `24:00` is the end of the day. */
export type WallTime = string;

const DAY_MS = 24 * 60 * 60_000;

/** The calendar day that an instant falls on in a zone. */
export function localDay(instant: Date, zone: string): LocalDay {
  const time = instant.getTime();
  const key = `${zone} ${Math.floor(time / DAY_MS)}`;
  const known = asked.get(key);
  if (known && known.starts <= time && time < known.ends) return known.day;
  const day = dayOf(instant, zone);
  if (asked.size >= MOST_STARTS) asked.clear();
  asked.set(key, { day, starts: dayStart(day, zone).getTime(), ends: dayEnd(day, zone).getTime() });
  return day;
}

/** The day asked for last in each day of UTC, by zone: a working day mostly lies in one of them. */
const asked = new Map<string, { day: LocalDay; starts: number; ends: number }>();

function dayOf(instant: Date, zone: string): LocalDay {
  // A zone is less than a day away from UTC, so it is this day, the one before or the one after.
  const day = instant.toISOString().slice(0, 10);
  if (instant < dayStart(day, zone)) return addDays(day, -1);
  return instant < dayEnd(day, zone) ? day : addDays(day, 1);
}

/** The first instant of a local day; not every day starts at midnight. */
export function dayStart(day: LocalDay, zone: string): Date {
  const key = `${zone} ${day}`;
  let start = starts.get(key);
  if (start === undefined) {
    if (starts.size >= MOST_STARTS) starts.clear();
    start = Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
    starts.set(key, start);
  }
  return new Date(start);
}

/** What dayStart found out. Every request asks for the same few days, and asking the zone is slow. */
const starts = new Map<string, number>();
const MOST_STARTS = 5_000;

/** The first instant of the day after. */
export function dayEnd(day: LocalDay, zone: string): Date {
  return dayStart(addDays(day, 1), zone);
}

/** The hour, 0 to 23, that the zone's wall clock shows. */
export function localHour(instant: Date, zone: string): number {
  const day = localDay(instant, zone);
  // On other days the clock is asked, which is slow.
  if (isPlainDay(day, zone))
    return Math.floor((instant.getTime() - dayStart(day, zone).getTime()) / (60 * 60_000));
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone).hour;
}

/** Past the year 9999 a day has more digits (ISO 8601's expanded years). */
export function addDays(day: LocalDay, days: number): LocalDay {
  const text = new Date(Date.parse(day) + days * DAY_MS).toISOString();
  return text.slice(0, text.indexOf('T'));
}

/** How many days `to` is after `from`; negative when it is before. */
export function daysFrom(from: LocalDay, to: LocalDay): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** The days from the first to the last, both included. */
export function daysFromTo(first: LocalDay, last: LocalDay): LocalDay[] {
  return Array.from({ length: daysFrom(first, last) + 1 }, (_, index) => addDays(first, index));
}

/** Monday is 1, Sunday is 7 (ISO 8601). */
export function weekday(day: LocalDay): number {
  return new Date(day).getUTCDay() || 7;
}

/** Every day of the month that `day` lies in, in order. */
export function monthDays(day: LocalDay): LocalDay[] {
  const [year = 0, month = 1] = day.split('-').map(Number);
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Array.from({ length }, (_, index) => day.slice(0, 8) + String(index + 1).padStart(2, '0'));
}

/**
 * A real calendar day, from a text from outside; undefined for anything else. The years 1000 to 9999: databases know no
 * year 0, and the days around each of these can still be reckoned.
 */
export function parseDay(text: string | undefined): LocalDay | undefined {
  if (!text || !/^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}

/**
 * The IANA time zone of this name as IANA writes it, whatever its case; undefined where the runtime knows none. A name that is
 * another's by now stays: `Intl` would answer the older of the two for some.
 */
export function zoneName(text: string): string | undefined {
  // Besides names, zones may be made of offsets and of whole instants.
  if (!/^[a-z]/i.test(text)) return undefined;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
  } catch {
    return undefined;
  }
}

/** Minutes since midnight on the wall clock. */
export function wallMinutes(time: WallTime): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/**
 * The instant at which a zone's wall clock shows this minute of the day; undefined when a clock change jumps over
 * it. A minute that happens twice is the first of the two.
 */
export function instantAt(day: LocalDay, minutes: number, zone: string): Date | undefined {
  if (minutes === 24 * 60) return dayEnd(day, zone);
  const wall = Temporal.PlainDateTime.from(day).add({ minutes });
  const moment = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  return moment.toPlainDateTime().equals(wall) ? new Date(moment.epochMilliseconds) : undefined;
}

/** Whether the zone's offset stays the same from the day's first to its last instant. */
export function isPlainDay(day: LocalDay, zone: string): boolean {
  return dayEnd(day, zone).getTime() - dayStart(day, zone).getTime() === DAY_MS;
}
