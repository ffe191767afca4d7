import { beforeAll, describe, expect, test } from 'vitest';
import { simulateDay } from './day.ts';
import { holds, type Verdict, verdictsOf } from './figures.ts';
import { SIMPLE } from './predictors.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { type Sight, tryScenario } from './trial.ts';

/** A small part of what `npm run estimates` does, from other seeds than those it was tuned with. */
const PART = { seeds: [91, 92, 93], days: 3, every: 8 };
/** Two standard errors, as sampling errors of so small a part; each verdict has its own. */
const ERRORS = 2;

describe('the table of estimates, in small', () => {
  let sights: Sight[] = [];
  let verdicts: Verdict[] = [];

  beforeAll(() => {
    const trials = SCENARIOS.flatMap((scenario) =>
      PART.seeds.map((seed) => tryScenario(scenario, { seed, days: PART.days, every: PART.every })),
    );
    sights = trials.flatMap((trial) => trial.sights);
    verdicts = verdictsOf(sights);
    expect(trials.reduce((sum, { silent }) => sum + silent, 0)).toBeLessThan(0.01 * sights.length);
  });

  const failed = (of: readonly Verdict[]) =>
    of.filter((verdict) => !holds(verdict, ERRORS)).map(({ what }) => what);

  test('holds, within its sampling error', () => {
    expect(sights.length).toBeGreaterThan(3000);
    expect(new Set(sights.map(({ scenario }) => scenario)).size).toBeGreaterThanOrEqual(10);
    expect(verdicts).toHaveLength(SIMPLE.length + 2 + SCENARIOS.length);
    expect(failed(verdicts)).toEqual([]);
  });

  test('has errors small enough to tell: a few per cent', () => {
    for (const { error } of verdicts.slice(0, SIMPLE.length + 2)) expect(error).toBeLessThan(0.05);
  });

  test.each([
    ['a third too long', 1.33],
    ['a third too short', 0.67],
  ])('does not hold for estimates that are %s', (_, factor) => {
    const wrong = sights.map((sight) => ({
      ...sight,
      said: { ...sight.said, estimate: sight.said.estimate * factor },
      p80: { ...sight.p80, estimate: sight.p80.estimate * factor },
    }));
    expect(failed(verdictsOf(wrong))).toEqual(
      expect.arrayContaining(['error, of that of the oracle', 'waits at or under p80']),
    );
  });

  test('does not hold for a p80 that is the middle', () => {
    const bold = sights.map((sight) => ({ ...sight, p80: { ...sight.p80, estimate: sight.said.estimate } }));
    expect(failed(verdictsOf(bold))).toEqual(['waits at or under p80']);
  });
});

describe('the simulator', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => hour);

  /** One desk day and night, nobody leaves, everybody comes: a queue of which theory knows the mean wait. */
  const textbook: Scenario = {
    name: 'textbook',
    desks: [{ id: 'desk', serves: ['line'], opens: 0, closes: 24 * 60 }],
    queues: [
      {
        id: 'line',
        rules: { graceMinutes: 10, creditMinutes: 10, priorityMinutes: 10, earlyCallMinutes: null },
        configuredMinutes: 5,
        level: () => 1,
        sigma: 0.5,
        walkIns: Object.fromEntries(hours.map((hour) => [hour, 6])),
        noShow: 0,
        noShowMinutes: 1,
        walkMinutes: 0,
        leaving: [0, 0, 0, 0, 0, 0],
      },
    ],
  };

  test('lets people wait as long as the formula of Pollaczek and Khinchine says', () => {
    const waits = Array.from({ length: 200 }, (_, day) => simulateDay(textbook, { seed: 1, day }).tickets)
      .flat()
      // The first hours of a day are too empty for a formula about queues that never began.
      .filter(({ arrivedAt }) => arrivedAt > 4 * 60)
      .map(({ arrivedAt, calledAt }) => (calledAt ?? Number.NaN) - arrivedAt);
    const rate = 6 / 60;
    const mean = 5 * Math.exp(0.5 ** 2 / 2);
    const square = 25 * Math.exp(2 * 0.5 ** 2);
    const expected = (rate * square) / (2 * (1 - rate * mean));
    const measured = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    expect(Math.abs(measured / expected - 1)).toBeLessThan(0.06);
  });

  test('makes the same day of the same seed, looked at or not', () => {
    const [scenario] = SCENARIOS;
    if (!scenario) throw new Error('No scenario');
    const times = (seed: number, observe?: () => void) =>
      simulateDay(scenario, { seed, day: 3, ...(observe ? { observe } : {}) }).tickets.map(
        ({ arrivedAt, calledAt, endedAt }) => [arrivedAt, calledAt, endedAt],
      );
    expect(times(1)).toEqual(times(1));
    expect(times(1, () => undefined)).toEqual(times(1));
    expect(times(1)).not.toEqual(times(2));
  });

  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'ends every ticket of %s, and no desk serves two at once',
    (_, scenario) => {
      const { tickets } = simulateDay(scenario, { seed: 4, day: 2 });
      expect(tickets.length).toBeGreaterThan(15);
      for (const { status } of tickets) expect(['completed', 'skipped', 'left']).toContain(status);
      const visits = tickets
        // Who was set aside was at a desk twice.
        .filter(({ queue, calledAt }) => calledAt !== null && !queue.parks)
        .sort((a, b) => (a.calledAt ?? 0) - (b.calledAt ?? 0));
      const until = new Map<unknown, number>();
      for (const { desk, calledAt, endedAt } of visits) {
        expect(calledAt).toBeGreaterThanOrEqual(until.get(desk) ?? 0);
        until.set(desk, endedAt ?? Number.NaN);
      }
    },
  );
});
