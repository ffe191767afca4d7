import { describe, expect, test } from 'vitest';
import { meanMinutes } from '../../src/domain/durations.ts';
import {
  followToday,
  LEAVING_FROM,
  type LineHistory,
  learnLine,
  type PastTicket,
} from '../../src/domain/habits.ts';
import { seededRandom } from '../../src/domain/random.ts';

const ticket = (given: Partial<PastTicket> = {}): PastTicket => ({
  hour: 10,
  priority: 0,
  cameAfterSlot: null,
  waited: 12,
  outcome: 'served',
  atDesk: 0.5,
  ...given,
});

const many = (count: number, given: Partial<PastTicket> = {}) =>
  Array.from({ length: count }, () => ticket(given));

const history = (given: Partial<LineHistory> = {}): LineHistory => ({
  services: [],
  tickets: [],
  days: 14,
  missed: 0,
  parked: [],
  pauses: [],
  deskMinutes: 0,
  ...given,
});

describe('learning a line', () => {
  test('without a past starts from first guesses, all of them finite', () => {
    const model = learnLine(history({ days: 0 }), 10);
    expect(meanMinutes(model.durations, 9)).toBeCloseTo(10);
    expect(model).toMatchObject({
      noShow: 0.05,
      noShowMinutes: 2,
      walkMinutes: 0.5,
      comes: 0.9,
      pauseRate: 0,
    });
    expect(model.leaving.every((rate) => Math.abs(rate - 0.001) < 1e-9)).toBe(true);
    expect(model.walkIns.flatMap((rates) => [...rates]).every((rate) => rate === 0)).toBe(true);
    expect(model.cameAfterSlot.length).toBeGreaterThan(0);
  });

  test('finds who does not come when called, and what that costs', () => {
    const tickets = [...many(300), ...many(100, { outcome: 'no_show', atDesk: 4 })];
    const model = learnLine(history({ tickets }), 10);
    expect(model.noShow).toBeCloseTo(0.24, 2);
    expect(model.noShowMinutes).toBeCloseTo(3.9, 1);
    expect(model.walkMinutes).toBeCloseTo(0.5, 2);
  });

  test('does not take a forgotten tap for a long way to the desk', () => {
    const tickets = [...many(95, { atDesk: 1 }), ...many(5, { atDesk: 200 })];
    expect(learnLine(history({ tickets }), 10).walkMinutes).toBeLessThan(1.3);
  });

  test('finds how many leave in a minute, by how long they have waited', () => {
    const random = seededRandom(1);
    // Nobody in the first five minutes, then one in fifty a minute; all are called after half an hour.
    const tickets = Array.from({ length: 4000 }, () => {
      const leavesAt = 5 - Math.log(1 - random()) / 0.02;
      return leavesAt < 30
        ? ticket({ waited: leavesAt, outcome: 'left', atDesk: null })
        : ticket({ waited: 30 });
    });
    const { leaving } = learnLine(history({ tickets }), 10);
    const at = (from: (typeof LEAVING_FROM)[number]) => leaving[LEAVING_FROM.indexOf(from)] ?? 0;
    expect(at(0)).toBeLessThan(0.002);
    expect(at(5)).toBeGreaterThan(0.017);
    expect(at(5)).toBeLessThan(0.023);
    expect(at(20)).toBeGreaterThan(0.017);
    // Nobody was seen there: the line's own rate.
    expect(at(80)).toBeGreaterThan(0.01);
  });

  test('finds how many reservations come, and how early or late', () => {
    const early = Array.from({ length: 200 }, (_, index) => ticket({ cameAfterSlot: (index % 20) - 15 }));
    const { comes, cameAfterSlot } = learnLine(
      history({ tickets: [...early, ...many(50)], missed: 100 }),
      10,
    );
    expect(comes).toBeCloseTo(2 / 3, 1);
    expect([...cameAfterSlot]).toEqual([...cameAfterSlot].sort((a, b) => a - b));
    expect(cameAfterSlot.length).toBeLessThanOrEqual(64);
    expect(cameAfterSlot[Math.floor(cameAfterSlot.length / 2)]).toBeCloseTo(-5, -0.5);
  });

  test('counts walk-ins by hour and priority, and nobody with a reservation', () => {
    const tickets = [
      ...many(280, { hour: 9 }),
      ...many(28, { hour: 9, priority: 2 }),
      ...many(14, { hour: 9, priority: 7 }),
      ...many(99, { hour: 9, cameAfterSlot: 0 }),
    ];
    const { walkIns } = learnLine(history({ tickets }), 10);
    expect(walkIns[0]?.[9]).toBeCloseTo(20 / 60);
    expect(walkIns[0]?.[10]).toBe(0);
    expect(walkIns[1]?.[9]).toBe(0);
    expect(walkIns[2]?.[9]).toBeCloseTo(2 / 60);
    expect(walkIns[3]?.[9]).toBeCloseTo(1 / 60);
  });

  test('finds pauses, and how long tickets are set aside', () => {
    const stops = (minutes: number) =>
      Array.from({ length: 40 }, (_, index) => ({ daysAgo: 1 + (index % 14), hour: 12, minutes }));
    const model = learnLine(history({ pauses: stops(30), parked: stops(5), deskMinutes: 6000 }), 10);
    expect(model.pauseRate).toBeCloseTo(40 / 8000);
    expect(Math.exp(model.pauses.levels[12] ?? 0)).toBeGreaterThan(27);
    expect(Math.exp(model.parked.levels[12] ?? 0)).toBeLessThan(6);
  });
});

test('followToday moves only the durations', () => {
  const model = learnLine(history({ tickets: many(50) }), 10);
  const followed = followToday(model, [{ daysAgo: 0, hour: 10, minutes: 25 }]);
  expect(followed.durations.count).toBe(1);
  expect(meanMinutes(followed.durations, 10)).toBeGreaterThan(meanMinutes(model.durations, 10));
  expect({ ...followed, durations: null }).toEqual({ ...model, durations: null });
});
