import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  dayEnd,
  dayStart,
  daysFrom,
  daysFromTo,
  instantAt,
  isPlainDay,
  localDay,
  monthDays,
  parseDay,
  wallMinutes,
  weekday,
  zoneName,
} from '../../src/domain/days.ts';

const utc = (text: string) => new Date(text);

describe('localDay', () => {
  test('is the day on the wall of the zone', () => {
    expect(localDay(utc('2026-03-01T23:30:00Z'), 'Europe/Berlin')).toBe('2026-03-02');
    expect(localDay(utc('2026-03-02T04:30:00Z'), 'America/New_York')).toBe('2026-03-01');
    expect(localDay(utc('2026-03-01T10:00:00Z'), 'Pacific/Kiritimati')).toBe('2026-03-02');
  });

  test('lies between its own start and end', () => {
    const zones = [
      'Europe/Berlin',
      'America/Havana',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
      'Asia/Kolkata',
    ];
    const moments = fc.date({
      min: utc('2025-01-01T00:00:00Z'),
      max: utc('2037-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, fc.constantFrom(...zones), (moment, zone) => {
        const day = localDay(moment, zone);
        expect(dayStart(day, zone).getTime()).toBeLessThanOrEqual(moment.getTime());
        expect(dayEnd(day, zone).getTime()).toBeGreaterThan(moment.getTime());
      }),
    );
  });
});

describe('dayStart', () => {
  test('is not midnight where the clock jumps over it', () => {
    expect(dayStart('2026-03-08', 'America/Havana')).toEqual(utc('2026-03-08T05:00:00Z'));
    expect(instantAt('2026-03-08', 0, 'America/Havana')).toBeUndefined();
    expect(instantAt('2026-03-08', 60, 'America/Havana')).toEqual(utc('2026-03-08T05:00:00Z'));
  });

  test('of a day that a place left out is the start of the next', () => {
    expect(dayStart('2011-12-30', 'Pacific/Apia')).toEqual(dayStart('2011-12-31', 'Pacific/Apia'));
    expect(instantAt('2011-12-30', 9 * 60, 'Pacific/Apia')).toBeUndefined();
  });
});

describe('instantAt', () => {
  test('stays on the wall clock over a clock change', () => {
    expect(instantAt('2026-03-28', 9 * 60, 'Europe/Berlin')).toEqual(utc('2026-03-28T08:00:00Z'));
    expect(instantAt('2026-03-29', 9 * 60, 'Europe/Berlin')).toEqual(utc('2026-03-29T07:00:00Z'));
    expect(instantAt('2026-10-25', 9 * 60, 'Europe/Berlin')).toEqual(utc('2026-10-25T08:00:00Z'));
  });

  test('has nothing in a gap, and the first of a minute that comes twice', () => {
    expect(instantAt('2026-03-29', 2 * 60 + 30, 'Europe/Berlin')).toBeUndefined();
    expect(instantAt('2026-10-25', 2 * 60 + 30, 'Europe/Berlin')).toEqual(utc('2026-10-25T00:30:00Z'));
  });

  test('24:00 is the end of the day', () => {
    expect(instantAt('2026-10-25', 24 * 60, 'Europe/Berlin')).toEqual(
      dayStart('2026-10-26', 'Europe/Berlin'),
    );
  });
});

test('isPlainDay sees clock changes', () => {
  expect(isPlainDay('2026-03-28', 'Europe/Berlin')).toBe(true);
  expect(isPlainDay('2026-03-29', 'Europe/Berlin')).toBe(false);
  expect(isPlainDay('2026-10-25', 'Europe/Berlin')).toBe(false);
  expect(isPlainDay('2026-04-05', 'Australia/Lord_Howe')).toBe(false);
});

test('days of the calendar', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(weekday('2026-03-02')).toBe(1);
  expect(weekday('2026-03-01')).toBe(7);
  expect(monthDays('2028-02-17')).toHaveLength(29);
  expect(monthDays('2026-03-31').at(0)).toBe('2026-03-01');
  expect(monthDays('2026-03-31').at(-1)).toBe('2026-03-31');
  expect(wallMinutes('09:30')).toBe(570);
  expect(wallMinutes('24:00')).toBe(1440);
});

test('counts days from one to another, and past the last year of four digits', () => {
  expect(daysFrom('2026-02-27', '2026-03-02')).toBe(3);
  expect(daysFrom('2026-03-02', '2026-03-02')).toBe(0);
  expect(daysFrom('2026-03-02', '2026-02-27')).toBe(-3);
  expect(addDays('9999-12-31', 1)).toBe('+010000-01-01');
  expect(dayEnd('9999-12-31', 'Asia/Tokyo')).toEqual(utc('9999-12-31T15:00:00Z'));
});

test.each(['2026-03-02', '2028-02-29', '1000-01-01', '9999-12-31'])('parseDay takes %s', (text) => {
  expect(parseDay(text)).toBe(text);
});

test.each([
  undefined,
  '',
  '2026-02-29',
  '2026-13-01',
  '2026-3-2',
  ' 2026-03-02',
  '2026-03-02T00:00',
  '+002026-03-02',
  '0000-01-01',
  '0999-12-31',
  'today',
])('parseDay refuses %j', (text) => {
  expect(parseDay(text)).toBeUndefined();
});

test('parseDay throws at nothing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => parseDay(text)).not.toThrow();
    }),
  );
});

test('zoneName knows zones by name only, and writes them as IANA does', () => {
  for (const zone of ['Europe/Berlin', 'America/St_Johns', 'UTC', 'Asia/Kolkata', 'America/Port-au-Prince'])
    for (const typed of [zone, zone.toLowerCase(), zone.toUpperCase()])
      expect(zoneName(typed), typed).toBe(zone);
  for (const zone of [
    '',
    'Berlin',
    '+01:00',
    '-05',
    'Europe/Atlantis',
    'CET; DROP',
    '2026-03-01T00:00Z',
    'Z',
    'T00:00[UTC]',
  ])
    expect(zoneName(zone), zone).toBeUndefined();
});

test('days from one to another go over the ends of months and years', () => {
  expect(daysFromTo('2026-12-30', '2027-01-01')).toEqual(['2026-12-30', '2026-12-31', '2027-01-01']);
  expect(daysFromTo('2028-02-28', '2028-03-01')).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
  expect(daysFromTo('2026-12-30', '2026-12-30')).toEqual(['2026-12-30']);
});
