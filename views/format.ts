import { minuteOf } from '../src/domain/clock.ts';
import { type LocalDay, localDay } from '../src/domain/days.ts';

/**
 * Dates and numbers as people of a locale read them, at some moment: a date of another year than that moment's has its
 * year. Formatters are costly to make, so each is made once.
 */
export function createFormat(locale: string) {
  const made = new Map<Intl.DateTimeFormatOptions, Map<string, Intl.DateTimeFormat>>();
  const formatter = (zone: string, options: Intl.DateTimeFormatOptions) => {
    const ofZones = made.get(options) ?? new Map<string, Intl.DateTimeFormat>();
    made.set(options, ofZones);
    const format = ofZones.get(zone) ?? new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    ofZones.set(zone, format);
    return format;
  };
  const clocks = new Map<string, Map<number, string>>();
  /** A live screen shows the same hundred times again and again, and formatting one costs more than its row. */
  const clock = (instant: Date, zone: string) => {
    let shown = clocks.get(zone);
    if (!shown || shown.size > KEPT_CLOCKS) {
      shown = new Map();
      clocks.set(zone, shown);
    }
    const minute = minuteOf(instant);
    let text = shown.get(minute);
    if (text === undefined) {
      text = formatter(zone, TIME).format(instant);
      shown.set(minute, text);
    }
    return text;
  };
  // A calendar shows them all. The first of January 2024 was a Monday.
  const namesOf = (options: Intl.DateTimeFormatOptions) =>
    Array.from({ length: 8 }, (_, number) =>
      formatter('UTC', options).format(new Date(Date.UTC(2024, 0, number, 12))),
    );
  const weekdays = { long: namesOf(WEEKDAY.long), short: namesOf(WEEKDAY.short) };
  const noon = (day: LocalDay) => new Date(`${day}T12:00:00Z`);
  const numbers = new Intl.NumberFormat(locale);
  const counts = Array.from({ length: KEPT_COUNTS }, (_, value) => numbers.format(value));
  const date = (instant: Date, zone: string, style: keyof typeof DATE, now: Date) => {
    const isThisYear = localDay(instant, zone).slice(0, 4) === localDay(now, zone).slice(0, 4);
    const options = (isThisYear ? DATE : DATE_OF_YEAR)[style];
    return formatter(zone, options).format(instant).replace(',', '');
  };
  const durations = new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'long' });

  return (now: Date) => ({
    /** `14:30`. */
    time: clock,
    /** `Monday 23 November, 14:30`. */
    moment: (instant: Date, zone: string) => `${date(instant, zone, 'long', now)}, ${clock(instant, zone)}`,
    /** `Mon 23 Nov, 14:30`. */
    shortMoment: (instant: Date, zone: string) =>
      `${date(instant, zone, 'short', now)}, ${clock(instant, zone)}`,
    /** A calendar day: `Monday 23 November`. */
    day: (day: LocalDay) => date(noon(day), 'UTC', 'long', now),
    /** `November 2026`. */
    month: (day: LocalDay) => formatter('UTC', MONTH).format(noon(day)),
    /** `Nov`. */
    shortMonth: (day: LocalDay) => formatter('UTC', SHORT_MONTH).format(noon(day)),
    /** `Monday` for 1, as in ISO 8601. */
    weekday: (number: number, style: keyof typeof WEEKDAY = 'long') => weekdays[style][number] ?? '',
    number: (value: number) => counts[value] ?? numbers.format(value),
    /** `20 minutes`. */
    minutes: (value: number) => durations.format(value),
    /**
     * Minutes from one moment to another as clocks show them, not below zero: 18:17 to 18:22 is five. Counted in seconds
     * it would change within a minute, and screens made before and after would differ until the next.
     */
    minutesBetween: (from: Date, to: Date) => Math.max(0, minuteOf(to) - minuteOf(from)),
  });
}

/** What a line is counted with. */
const KEPT_COUNTS = 1_000;
/** Three days of minutes. */
const KEPT_CLOCKS = 4_320;

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const DATE = {
  long: { weekday: 'long', day: 'numeric', month: 'long' },
  short: { weekday: 'short', day: 'numeric', month: 'short' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;
const DATE_OF_YEAR = {
  long: { ...DATE.long, year: 'numeric' },
  short: { ...DATE.short, year: 'numeric' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;
const MONTH: Intl.DateTimeFormatOptions = { month: 'long', year: 'numeric' };
const SHORT_MONTH: Intl.DateTimeFormatOptions = { month: 'short' };
const WEEKDAY = {
  long: { weekday: 'long' },
  short: { weekday: 'short' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

export type Format = ReturnType<ReturnType<typeof createFormat>>;
