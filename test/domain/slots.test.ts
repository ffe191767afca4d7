import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMinutes, MINUTE } from '../../src/domain/clock.ts';
import type { Closure, OpeningRule } from '../../src/domain/service.ts';
import {
  type Booking,
  bookable,
  daySlots,
  openWindows,
  overlaps,
  peakLoad,
  withAvailability,
} from '../../src/domain/slots.ts';

const MONDAY = '2026-03-02';
const RULES: OpeningRule[] = [
  { weekday: 1, opens: '13:00', closes: '17:00' },
  { weekday: 1, opens: '09:00', closes: '12:00' },
  { weekday: 2, opens: '10:00', closes: '11:00' },
];
const GRID = { durationMinutes: 60, bufferMinutes: 0, stepMinutes: null };

function closure(
  kind: Closure['kind'],
  opens: string | null = null,
  closes: string | null = null,
  day = MONDAY,
): Closure {
  return { id: `${kind}${opens}${day}`, serviceId: null, day, kind, opens, closes, reason: '' };
}

const wall = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

describe('openWindows', () => {
  test('are the hours of the weekday, in order', () => {
    expect(openWindows(MONDAY, RULES, [])).toEqual([
      { from: 540, to: 720 },
      { from: 780, to: 1020 },
    ]);
    expect(openWindows('2026-03-03', RULES, [])).toEqual([{ from: 600, to: 660 }]);
    expect(openWindows('2026-03-04', RULES, [])).toEqual([]);
  });

  test('a closed day has none, special hours or not', () => {
    expect(openWindows(MONDAY, RULES, [closure('closed'), closure('special', '06:00', '07:00')])).toEqual([]);
  });

  test('special hours take the place of the weekly ones, and breaks go off them', () => {
    const special = closure('special', '06:00', '10:00');
    expect(openWindows(MONDAY, RULES, [special])).toEqual([{ from: 360, to: 600 }]);
    expect(openWindows('2026-03-04', RULES, [{ ...special, day: '2026-03-04' }])).toEqual([
      { from: 360, to: 600 },
    ]);
    expect(openWindows(MONDAY, RULES, [closure('closed', '07:00', '08:00'), special])).toEqual([
      { from: 360, to: 420 },
      { from: 480, to: 600 },
    ]);
  });

  test('a break can cut a window short at either end, or swallow it', () => {
    expect(openWindows(MONDAY, RULES, [closure('closed', '08:00', '10:00')])[0]).toEqual({
      from: 600,
      to: 720,
    });
    expect(openWindows(MONDAY, RULES, [closure('closed', '11:00', '14:00')])).toEqual([
      { from: 540, to: 660 },
      { from: 840, to: 1020 },
    ]);
    expect(openWindows(MONDAY, RULES, [closure('closed', '08:30', '12:30')])).toEqual([
      { from: 780, to: 1020 },
    ]);
  });

  test('closures of other days do not count', () => {
    expect(openWindows(MONDAY, RULES, [closure('closed', null, null, '2026-03-03')])).toHaveLength(2);
  });

  test('cover exactly the open minutes, in order, none over another', () => {
    const stretch = fc
      .tuple(fc.integer({ min: 0, max: 96 }), fc.integer({ min: 0, max: 96 }))
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => ({ opens: wall(Math.min(a, b) * 15), closes: wall(Math.max(a, b) * 15) }));
    const closures = fc.array(
      fc.record({ kind: fc.constantFrom('closed' as const, 'special' as const), hours: stretch }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 3 }), closures, (weekly, dated) => {
        const rules = weekly.map((hours) => ({ weekday: 1, ...hours }));
        const exceptions = dated.map(({ kind, hours }) => closure(kind, hours.opens, hours.closes));
        const windows = openWindows(MONDAY, rules, exceptions);
        const special = exceptions.filter(({ kind }) => kind === 'special');
        const hours = special.length > 0 ? special : rules;
        const within = (minute: number) => (stretches: { opens: string | null; closes: string | null }[]) =>
          stretches.some(
            ({ opens, closes }) => wall(minute) >= (opens ?? '') && wall(minute) < (closes ?? ''),
          );
        for (let minute = 0; minute < 1440; minute += 15) {
          const open =
            within(minute)(hours) && !within(minute)(exceptions.filter(({ kind }) => kind === 'closed'));
          expect(windows.filter(({ from, to }) => minute >= from && minute < to).length, wall(minute)).toBe(
            open ? 1 : 0,
          );
        }
        expect(windows.map(({ from }) => from)).toEqual(
          windows.map(({ from }) => from).sort((a, b) => a - b),
        );
      }),
    );
  });
});

describe('daySlots', () => {
  const starts = (grid: Partial<Record<keyof typeof GRID, number>>, rules = RULES) =>
    daySlots(MONDAY, 'UTC', { ...GRID, ...grid }, rules, []).map((slot) =>
      slot.starts.toISOString().slice(11, 16),
    );

  test('step by the duration from the start of each window', () => {
    expect(starts({})).toEqual(['09:00', '10:00', '11:00', '13:00', '14:00', '15:00', '16:00']);
  });

  test('end by the end of their window, buffer included', () => {
    expect(starts({ bufferMinutes: 15 })).toEqual(['09:00', '10:00', '13:00', '14:00', '15:00']);
    expect(starts({ durationMinutes: 180 })).toEqual(['09:00', '13:00']);
    expect(starts({ durationMinutes: 241 })).toEqual([]);
    const [slot] = daySlots(MONDAY, 'UTC', { ...GRID, bufferMinutes: 15 }, RULES, []);
    expect(slot?.ends).toEqual(new Date('2026-03-02T10:15:00Z'));
  });

  test('may step closer than they are long, or further apart', () => {
    expect(starts({ stepMinutes: 30 }).slice(0, 5)).toEqual(['09:00', '09:30', '10:00', '10:30', '11:00']);
    expect(starts({ stepMinutes: 90 })).toEqual(['09:00', '10:30', '13:00', '14:30', '16:00']);
  });

  test('reach to midnight', () => {
    const rules = [{ weekday: 1, opens: '22:00', closes: '24:00' }];
    expect(starts({}, rules)).toEqual(['22:00', '23:00']);
  });
});

describe('peakLoad', () => {
  const base = Date.parse('2026-03-02T09:00:00Z');
  const at = (minute: number) => new Date(base + minute * MINUTE);
  const booking = (from: number, to: number, party = 1): Booking => ({
    timeSlot: at(from),
    endsAt: at(to),
    party,
  });

  test('counts what overlaps at one moment, not over the whole stretch', () => {
    const bookings = [booking(0, 30), booking(30, 60), booking(15, 45)];
    expect(peakLoad(bookings, at(0), at(60))).toBe(2);
    expect(peakLoad([booking(0, 30), booking(30, 60)], at(0), at(60))).toBe(1);
    expect(peakLoad(bookings, at(60), at(90))).toBe(0);
    expect(peakLoad([], at(0), at(60))).toBe(0);
    expect(peakLoad([booking(0, 60, 3)], at(59), at(90))).toBe(3);
  });

  test('agrees with counting every minute', () => {
    const bookings = fc.array(
      fc.record({
        from: fc.integer({ min: 0, max: 100 }),
        length: fc.integer({ min: 1, max: 60 }),
        party: fc.integer({ min: 1, max: 4 }),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(
        bookings,
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 60 }),
        (made, from, length) => {
          const all = made.map((one) => booking(one.from, one.from + one.length, one.party));
          let most = 0;
          for (let minute = from; minute < from + length; minute++) {
            const load = made
              .filter((one) => one.from <= minute && one.from + one.length > minute)
              .reduce((sum, one) => sum + one.party, 0);
            most = Math.max(most, load);
          }
          expect(peakLoad(all, at(from), at(from + length))).toBe(most);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('what is available is never below nothing', () => {
    const slot = { starts: at(0), ends: at(30) };
    expect(withAvailability([slot], 2, [booking(0, 30)])).toEqual([{ ...slot, capacity: 2, available: 1 }]);
    expect(withAvailability([slot], 2, [booking(0, 30, 5)])[0]?.available).toBe(0);
  });
});

describe('bookable', () => {
  const now = new Date('2026-03-02T23:30:00Z');
  const rules = { leadMinutes: 0, horizonDays: 1 };

  test('only what is to come, with the lead time', () => {
    expect(bookable(now, 'UTC', rules)(now)).toBe(false);
    expect(bookable(now, 'UTC', rules)(addMinutes(now, 1))).toBe(true);
    expect(bookable(now, 'UTC', rules)(addMinutes(now, -1))).toBe(false);
    expect(bookable(now, 'UTC', { ...rules, leadMinutes: 60 })(addMinutes(now, 59))).toBe(false);
    expect(bookable(now, 'UTC', { ...rules, leadMinutes: 60 })(addMinutes(now, 60))).toBe(true);
  });

  test('counts the horizon in days of the place', () => {
    const lastOfTomorrow = new Date('2026-03-03T23:59:00Z');
    expect(bookable(now, 'UTC', rules)(lastOfTomorrow)).toBe(true);
    expect(bookable(now, 'UTC', rules)(addMinutes(lastOfTomorrow, 1))).toBe(false);
    // In Berlin it is the 3rd already.
    expect(bookable(now, 'Europe/Berlin', rules)(new Date('2026-03-04T22:59:00Z'))).toBe(true);
    expect(bookable(now, 'Europe/Berlin', rules)(new Date('2026-03-04T23:00:00Z'))).toBe(false);
    expect(bookable(now, 'UTC', { leadMinutes: 0, horizonDays: 0 })(addMinutes(now, 10))).toBe(true);
    expect(bookable(now, 'UTC', { leadMinutes: 0, horizonDays: 0 })(addMinutes(now, 60))).toBe(false);
  });
});

test('stretches that touch do not overlap', () => {
  expect(overlaps({ from: 0, to: 10 }, { from: 10, to: 20 })).toBe(false);
  expect(overlaps({ from: 0, to: 11 }, { from: 10, to: 20 })).toBe(true);
});
