import { Temporal } from 'temporal-polyfill';

/** A calendar day of a location, `YYYY-MM-DD`. Sorts and compares as text. */
export type LocalDay = string;

/** A wall-clock time, `HH:MM`; `24:00` is the end of the day. */
export type WallTime = string;

/** The calendar day that an instant falls on in a zone. */
export function localDay(instant: Date, zone: string): LocalDay {
  return zoned(instant, zone).toPlainDate().toString();
}

/** The first instant of a local day; not every day starts at midnight. */
export function dayStart(day: LocalDay, zone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds);
}

/** The first instant of the day after. */
export function dayEnd(day: LocalDay, zone: string): Date {
  return dayStart(addDays(day, 1), zone);
}

export function addDays(day: LocalDay, days: number): LocalDay {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** Monday is 1, Sunday is 7 (ISO 8601). */
export function weekday(day: LocalDay): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}

/** Every day of the month that `day` lies in, in order. */
export function monthDays(day: LocalDay): LocalDay[] {
  const first = Temporal.PlainDate.from(day).with({ day: 1 });
  return Array.from({ length: first.daysInMonth }, (_, index) => first.add({ days: index }).toString());
}

/** A real calendar day, from a text from outside; undefined for anything else. */
export function parseDay(text: string | undefined): LocalDay | undefined {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}

/** Whether the runtime knows this IANA time zone. */
export function isZone(zone: string): boolean {
  try {
    return (
      new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0 &&
      !/^[+-]/.test(zone)
    );
  } catch {
    return false;
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
  return dayEnd(day, zone).getTime() - dayStart(day, zone).getTime() === 24 * 60 * 60_000;
}

function zoned(instant: Date, zone: string) {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}
