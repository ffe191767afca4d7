import { describe, expect, test } from 'vitest';
import { collisions } from '../../src/domain/collisions.ts';
import type { Closure } from '../../src/domain/service.ts';

const ZONE = 'Europe/Berlin';
const RULES = [{ weekday: 1, opens: '09:00', closes: '17:00' }];

const booking = (id: string, from: string, to: string, party = 1) => ({
  id,
  localDay: '2026-03-02',
  timeSlot: new Date(`2026-03-02T${from}:00+01:00`),
  endsAt: new Date(`2026-03-02T${to}:00+01:00`),
  party,
});

function found(bookings: ReturnType<typeof booking>[], rules = {}) {
  return collisions(bookings, ZONE, { capacity: 1, rules: RULES, closures: [], ...rules }).map(
    ({ booking: { id }, why }) => [id, why],
  );
}

describe('collisions', () => {
  test('none while the rules would allow everything', () => {
    expect(
      found([booking('a', '09:00', '09:30'), booking('b', '09:30', '10:00'), booking('c', '16:30', '17:00')]),
    ).toEqual([]);
  });

  test('what no window covers from start to end', () => {
    const bookings = [
      booking('early', '08:45', '09:15'),
      booking('in', '09:15', '09:45'),
      booking('late', '16:45', '17:15'),
    ];
    expect(found(bookings)).toEqual([
      ['early', 'closed'],
      ['late', 'closed'],
    ]);
    expect(found(bookings, { rules: [] }).map(([, why]) => why)).toEqual(['closed', 'closed', 'closed']);
  });

  test('a break, a closed day, special hours', () => {
    const one = [booking('a', '12:00', '12:30')];
    const closure = (change: Partial<Closure>): Closure => ({
      id: 'x',
      serviceId: null,
      day: '2026-03-02',
      kind: 'closed',
      opens: null,
      closes: null,
      reason: '',
      ...change,
    });
    expect(found(one, { closures: [closure({})] })).toEqual([['a', 'closed']]);
    expect(found(one, { closures: [closure({ day: '2026-03-03' })] })).toEqual([]);
    expect(found(one, { closures: [closure({ opens: '12:15', closes: '13:00' })] })).toEqual([
      ['a', 'closed'],
    ]);
    expect(found(one, { closures: [closure({ opens: '12:30', closes: '13:00' })] })).toEqual([]);
    expect(found(one, { closures: [closure({ kind: 'special', opens: '12:00', closes: '13:00' })] })).toEqual(
      [],
    );
    expect(found(one, { closures: [closure({ kind: 'special', opens: '13:00', closes: '14:00' })] })).toEqual(
      [['a', 'closed']],
    );
  });

  test('more people than places, at one moment', () => {
    const bookings = [
      booking('a', '09:00', '10:00'),
      booking('b', '09:30', '10:30'),
      booking('c', '10:30', '11:00', 2),
    ];
    expect(found(bookings)).toEqual([
      ['b', 'over_capacity'],
      ['c', 'over_capacity'],
    ]);
    expect(found(bookings, { capacity: 2 })).toEqual([]);
  });

  test('whoever booked first keeps their place, in whatever order they stand', () => {
    const bookings = [
      booking('4', '09:00', '09:30'),
      booking('1', '09:00', '09:30'),
      booking('3', '09:00', '09:30'),
      booking('2', '09:00', '09:30'),
    ];
    expect(found(bookings, { capacity: 3 })).toEqual([['4', 'over_capacity']]);
    expect(found(bookings, { capacity: 2 })).toEqual([
      ['4', 'over_capacity'],
      ['3', 'over_capacity'],
    ]);
  });

  test('a window that closes where the clock jumps closes after the jump', () => {
    const bookings = [
      {
        id: 'a',
        localDay: '2026-03-29',
        timeSlot: new Date('2026-03-29T00:00:00Z'),
        endsAt: new Date('2026-03-29T01:00:00Z'),
        party: 1,
      },
    ];
    const rules = [{ weekday: 7, opens: '01:00', closes: '02:30' }];
    expect(collisions(bookings, ZONE, { capacity: 1, rules, closures: [] })).toEqual([]);
    const opensInGap = [{ weekday: 7, opens: '02:15', closes: '12:00' }];
    expect(collisions(bookings, ZONE, { capacity: 1, rules: opensInGap, closures: [] })).toHaveLength(1);
  });
});
