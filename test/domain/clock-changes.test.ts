import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { collisions } from '../../src/domain/collisions.ts';
import { addDays, weekday } from '../../src/domain/days.ts';
import { daySlots } from '../../src/domain/slots.ts';
import { SOAK } from '../support/databases.ts';

/** Changes of an hour, of half an hour, at midnight, in the evening, around Ramadan, by two hours, and none at all. */
const ZONES = [
  'Europe/Berlin',
  'Europe/London',
  'Europe/Dublin',
  'Europe/Lisbon',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Santiago',
  'America/Havana',
  'America/Asuncion',
  'America/Nuuk',
  'Australia/Lord_Howe',
  'Australia/Adelaide',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Jerusalem',
  'Asia/Tehran',
  'Asia/Kolkata',
  'Antarctica/Troll',
];

const FIRST = Temporal.Instant.from('2026-01-01T00:00:00Z');
const LAST = Temporal.Instant.from('2037-01-01T00:00:00Z');
const MINUTE = 60_000;
/** Every clock change of these years falls on a quarter of an hour, and every grid below on five minutes. */
const TICK = 5;

const GRIDS = [
  { durationMinutes: 30, bufferMinutes: 0, stepMinutes: null },
  { durationMinutes: 60, bufferMinutes: 0, stepMinutes: null },
  { durationMinutes: 45, bufferMinutes: 10, stepMinutes: null },
  { durationMinutes: 20, bufferMinutes: 0, stepMinutes: 60 },
  { durationMinutes: 60, bufferMinutes: 0, stepMinutes: 15 },
  { durationMinutes: 180, bufferMinutes: 30, stepMinutes: 60 },
];

const HOURS = [
  [['00:00', '24:00']],
  [['09:00', '17:00']],
  [
    ['00:00', '02:30'],
    ['02:30', '06:00'],
    ['21:45', '23:30'],
    ['23:30', '24:00'],
  ],
  [
    ['00:15', '02:15'],
    ['03:15', '23:45'],
  ],
];

const CASES = HOURS.flatMap((hours) => GRIDS.map((grid) => ({ hours, grid })));

test('there is something to test', () => {
  const changes = ZONES.map(changesOf);
  expect(changes.flat().length).toBeGreaterThan(300);
  expect(changesOf('Asia/Kolkata')).toEqual([]);
});

describe.each(ZONES)('%s', (zone) => {
  const changes = changesOf(zone);
  const days = new Set(changes.flatMap((day) => [addDays(day, -1), day, addDays(day, 1)]));
  if (days.size === 0) days.add('2026-03-29').add('2031-10-26');

  test('every slot stands on the wall clock, ends in its window and overlaps no more than its grid says', () => {
    let turn = 0;
    for (const day of days) {
      const walls = wallOf(day, zone);
      // Every day, but not with every grid: a clock change meets each of them within a few years.
      const cases = CASES.filter((_, index) => SOAK || (index + turn) % 4 === 0);
      for (const { hours, grid } of cases) checkDay(day, zone, walls, hours, grid);
      turn += 1;
    }
  }, 60_000);
});

type Grid = (typeof GRIDS)[number];

function checkDay(
  day: string,
  zone: string,
  walls: Map<number, number>,
  hours: string[][],
  grid: Grid,
): void {
  const rules = hours.map(([opens, closes]) => ({
    weekday: weekday(day),
    opens: opens as string,
    closes: closes as string,
  }));
  const slots = daySlots(day, zone, grid, rules, []).map(({ starts, ends }) => ({
    from: starts.getTime(),
    to: ends.getTime(),
  }));
  const expected = expectedSlots(walls, hours, grid);
  const where = `${zone} ${day} ${JSON.stringify(grid)} ${JSON.stringify(hours)}`;
  if (JSON.stringify(slots) !== JSON.stringify(expected)) expect(slots, where).toEqual(expected);

  const length = grid.durationMinutes + grid.bufferMinutes;
  const allowed = Math.ceil(length / (grid.stepMinutes ?? grid.durationMinutes));
  for (const { from } of slots) {
    const together = slots.filter((other) => other.from <= from && other.to > from).length;
    if (together > allowed) expect(together, where).toBeLessThanOrEqual(allowed);
  }
  // What the rules offer, the same rules do not find in the way.
  const bookings = slots.map(({ from, to }, index) => ({
    id: String(index),
    localDay: day,
    timeSlot: new Date(from),
    endsAt: new Date(to),
    party: 1,
  }));
  const inTheWay = collisions(bookings, zone, { capacity: allowed, rules, closures: [] });
  if (inTheWay.length > 0) expect(inTheWay, where).toEqual([]);
  expect(slots.length, where).toBe(expected.length);
}

/** The slots as somebody with a clock on the wall and a diary would write them down. */
function expectedSlots(
  walls: Map<number, number>,
  hours: string[][],
  grid: Grid,
): { from: number; to: number }[] {
  const length = grid.durationMinutes + grid.bufferMinutes;
  const step = grid.stepMinutes ?? grid.durationMinutes;
  return hours.flatMap(([opens, closes]) => {
    const [from, to] = [minutesOf(opens as string), minutesOf(closes as string)];
    let close: number | undefined;
    for (let minute = to; close === undefined; minute += TICK) close = walls.get(minute);
    const kept: { from: number; to: number }[] = [];
    for (let minute = from; minute + length <= to; minute += step) {
      const starts = walls.get(minute);
      if (starts === undefined || starts + length * MINUTE > close) continue;
      const before = kept.at(-1);
      if (before && starts < before.from + Math.min(step, length) * MINUTE) continue;
      kept.push({ from: starts, to: starts + length * MINUTE });
    }
    return kept;
  });
}

/** When the wall clock first shows each minute of a day, read off Intl five minutes at a time; 1440 is the next day's first moment. */
function wallOf(day: string, zone: string): Map<number, number> {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const next = addDays(day, 1);
  const walls = new Map<number, number>();
  const noon = Date.parse(`${day}T12:00:00Z`);
  for (let moment = noon - 30 * 60 * MINUTE; moment < noon + 30 * 60 * MINUTE; moment += TICK * MINUTE) {
    const text = format.format(moment);
    const [date, time] = [text.slice(0, 10), text.slice(-5)];
    if (date === day && !walls.has(minutesOf(time))) walls.set(minutesOf(time), moment);
    if (date === next && !walls.has(24 * 60)) walls.set(24 * 60, moment);
  }
  return walls;
}

/** The days of a zone on which its clocks change. */
function changesOf(zone: string): string[] {
  const days: string[] = [];
  let at = FIRST.toZonedDateTimeISO(zone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (!next || Temporal.Instant.compare(next.toInstant(), LAST) > 0) return days;
    days.push(next.toPlainDate().toString());
    at = next;
  }
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
