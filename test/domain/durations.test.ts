import { describe, expect, test } from 'vitest';
import {
  drawRemaining,
  type FinishedService,
  learnDurations,
  meanMinutes,
  median,
  withToday,
} from '../../src/domain/durations.ts';
import { normalQuantile, type Random, seededRandom } from '../../src/domain/random.ts';

interface History {
  days?: number;
  aDay?: number;
  /** The median of a day. */
  level?: (daysAgo: number) => number;
  hourLevel?: (hour: number) => number;
  sigma?: number;
  seed?: number;
}

const lognormal = (level: number, sigma: number, random: Random) =>
  level * Math.exp(sigma * normalQuantile(random() || 0.5));

/** Services of the last days, lognormal, from nine to five. */
function history({
  days = 14,
  aDay = 40,
  level = () => 12,
  hourLevel = () => 1,
  sigma = 0.5,
  seed = 1,
}: History = {}): FinishedService[] {
  const random = seededRandom(seed);
  return Array.from({ length: days * aDay }, (_, index) => {
    const daysAgo = days - Math.floor(index / aDay);
    const hour = 9 + (index % 8);
    return { daysAgo, hour, minutes: lognormal(level(daysAgo) * hourLevel(hour), sigma, random) };
  });
}

const medianAt = (model: { levels: Float64Array }, hour = 12) => Math.exp(model.levels[hour] ?? 0);
/** How far a figure is from what it should be, as a share of that. */
const off = (value: number, truth: number) => Math.abs(value / truth - 1);

describe('learning durations', () => {
  test('starts from the configured minutes, as a mean, and knows how little that is', () => {
    const model = learnDurations([], 20);
    expect(meanMinutes(model, 12)).toBeCloseTo(20);
    expect(model).toMatchObject({ count: 0, levelSd: 0.4, sigma: 0.5 });
  });

  test('finds level and spread, whatever is configured', () => {
    for (const configured of [6, 12, 30]) {
      const model = learnDurations(history(), configured);
      expect(off(medianAt(model), 12)).toBeLessThan(0.08);
      expect(model.sigma).toBeCloseTo(0.5, 1);
      expect(model.count).toBe(560);
    }
  });

  test('two finished services hardly move the configured minutes, fifty do', () => {
    const learned = (aDay: number) =>
      medianAt(learnDurations(history({ days: 1, aDay, level: () => 20, sigma: 0.3 }), 10));
    expect(learned(2)).toBeLessThan(17);
    expect(off(learned(50), 20)).toBeLessThan(0.1);
  });

  test('is hardly moved by tickets that were left open or tapped through', () => {
    const clean = history();
    const dirty = clean.map((service, index) =>
      index % 25 === 0
        ? { ...service, minutes: 190 }
        : index % 40 === 0
          ? { ...service, minutes: 0.1 }
          : service,
    );
    expect(off(medianAt(learnDurations(dirty, 10)), medianAt(learnDurations(clean, 10)))).toBeLessThan(0.09);
    // What a plain mean would make of it.
    const mean = (services: readonly FinishedService[]) =>
      services.reduce((sum, { minutes }) => sum + minutes, 0) / services.length;
    expect(mean(dirty) / mean(clean)).toBeGreaterThan(1.3);
  });

  test('ignores what cannot have been a service', () => {
    const impossible = [0, 0.001, 5000].map((minutes) => ({ daysAgo: 1, hour: 12, minutes }));
    expect(learnDurations(impossible, 10).count).toBe(0);
  });

  test('follows a drift, and keeps to the mean of all where there is none', () => {
    const drifting = learnDurations(history({ level: (daysAgo) => 12 + (14 - daysAgo) * 0.6 }), 12);
    // Yesterday's level was 19.8, the mean of the fortnight 15.9.
    expect(medianAt(drifting)).toBeGreaterThan(18);
    const steady = Array.from({ length: 20 }, (_, seed) => medianAt(learnDurations(history({ seed }), 12)));
    const error = Math.sqrt(steady.reduce((sum, level) => sum + (level / 12 - 1) ** 2, 0) / 20);
    // The mean of all 560 would be off by 0.5 / √560 = 0.021, that of the last day by 0.08.
    expect(error).toBeLessThan(0.045);
  });

  test('tells hours apart where data allows, and leans on the day where not', () => {
    const hourLevel = (hour: number) => (hour < 12 ? 0.7 : 1.3);
    const much = learnDurations(history({ aDay: 80, hourLevel }), 12);
    expect(medianAt(much, 15) / medianAt(much, 10)).toBeGreaterThan(1.5);
    const little = learnDurations(history({ days: 2, aDay: 8, hourLevel }), 12);
    expect(medianAt(little, 15) / medianAt(little, 10)).toBeLessThan(1.3);
    expect(medianAt(much, 3)).toBeCloseTo(Math.exp(much.before.level), 6);
  });

  test('knows how far off it may be', () => {
    const misses = Array.from({ length: 200 }, (_, seed) => {
      // A level that walks by 3 % a day.
      const random = seededRandom(1000 + seed);
      const levels = [Math.log(12)];
      for (let day = 0; day < 15; day++)
        levels.push((levels.at(-1) ?? 0) + 0.03 * normalQuantile(random() || 0.5));
      const level = (daysAgo: number) => Math.exp(levels[14 - daysAgo] ?? 0);
      const model = learnDurations(history({ level, seed }), 12);
      return (model.before.level - Math.log(level(0))) / model.levelSd;
    });
    const spread = Math.sqrt(misses.reduce((sum, miss) => sum + miss ** 2, 0) / misses.length);
    expect(spread).toBeGreaterThan(0.8);
    expect(spread).toBeLessThan(1.3);
  });
});

describe('today', () => {
  const known = learnDurations(history(), 12);
  const today = (count: number, minutes: number) =>
    Array.from({ length: count }, () => ({ daysAgo: 0, hour: 12, minutes }));

  test('moves the level the further the more there is of it, and narrows it', () => {
    const learned = (count: number) => withToday(known, today(count, 24));
    expect(medianAt(learned(1))).toBeGreaterThan(medianAt(known));
    expect(medianAt(learned(20))).toBeGreaterThan(medianAt(learned(1)));
    expect(learned(20).levelSd).toBeLessThan(learned(1).levelSd);
    expect(learned(20).count).toBe(known.count + 20);
  });

  test('is counted once, however often', () => {
    const once = withToday(known, today(5, 24));
    expect(withToday(once, today(5, 24))).toEqual(once);
    expect(withToday(once, [])).toEqual(known);
    expect(learnDurations([...history(), ...today(5, 24)], 12)).toEqual(once);
  });

  test('is not thrown off by one ticket left open', () => {
    const little = learnDurations(history({ days: 2, aDay: 6 }), 12);
    const [usual, long] = [40, 4000].map((minutes) => medianAt(withToday(little, today(1, minutes))));
    expect((long ?? 0) / (usual ?? 0)).toBeLessThan(1.1);
  });
});

describe('the rest of a service', () => {
  const model = learnDurations(history(), 12);

  test.each([0, 3, 10, 25])('after %d minutes is that of all that took longer', (elapsed) => {
    const random = seededRandom(5);
    const rest = Array.from({ length: 20_000 }, () => drawRemaining(model, 12, elapsed, 0, random));
    const longer = Array.from({ length: 400_000 }, () => lognormal(medianAt(model), model.sigma, random))
      .filter((minutes) => minutes > elapsed)
      .map((minutes) => minutes - elapsed);
    expect(off(median(rest), median(longer))).toBeLessThan(0.05);
    const tail = (values: readonly number[]) =>
      values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.9)] ?? 0;
    expect(off(tail(rest), tail(longer))).toBeLessThan(0.06);
  });

  test('is never negative nor endless, however long it took already', () => {
    const random = seededRandom(6);
    for (const elapsed of [-1, 0, 1e-6, 60, 600, 1e6])
      for (let draw = 0; draw < 1000; draw++) {
        const rest = drawRemaining(model, 12, elapsed, 0, random);
        expect(rest >= 0 && Number.isFinite(rest)).toBe(true);
      }
  });
});

test('median', () => {
  expect(median([])).toBe(0);
  expect(median([3])).toBe(3);
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
