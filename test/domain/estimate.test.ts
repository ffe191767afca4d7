import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMinutes, MINUTE } from '../../src/domain/clock.ts';
import { type FinishedService, learnDurations } from '../../src/domain/durations.ts';
import {
  type DeskState,
  type Estimate,
  estimateLine,
  FEWEST_SERVICES,
  HORIZON,
  type LineState,
  type QueueState,
} from '../../src/domain/estimate.ts';
import { LEAVING_FROM, type LineModel } from '../../src/domain/habits.ts';
import { callingOrder, chooseNext, type Ranked } from '../../src/domain/order.ts';
import { SOAK } from '../support/databases.ts';

const NOON = new Date('2026-03-02T11:00:00Z');
const RUNS = { numRuns: SOAK ? 2_000 : 200 };
const RULES = { graceMinutes: 10, creditMinutes: 10, priorityMinutes: 10, earlyCallMinutes: null };
const ONE_DESK: DeskState[] = [{ id: 'desk', serves: ['line'] }];

const minute = (minutes: number) => addMinutes(NOON, minutes);

type Waiting = QueueState['waiting'][number];

const waiting = (id: string, due: number, effective = due): Waiting => ({
  id,
  dueAt: minute(due),
  effectiveAt: minute(effective),
  arrivedAt: minute(Math.min(due, 0)),
});

const queue = (given: Partial<QueueState> = {}): QueueState => ({
  id: 'line',
  rules: RULES,
  waiting: [],
  inService: [],
  called: [],
  parked: [],
  expected: [],
  ...given,
});

const lineOf = (given: Partial<QueueState> = {}, desks: readonly DeskState[] = ONE_DESK): LineState => ({
  now: NOON,
  minuteOfDay: 720,
  queues: [queue(given)],
  desks,
});

/** Services that took `minutes`, give or take `spread` in logarithms, ten a day. */
function finished(minutes: number, count = 100, spread = 0.4): FinishedService[] {
  return Array.from({ length: count }, (_, index) => ({
    daysAgo: 1 + Math.floor(index / 10),
    hour: 9 + (index % 8),
    // Both sides alike, so that the median is `minutes`.
    minutes: minutes * Math.exp(spread * (((index * 7) % 11) / 5 - 1)),
  }));
}

const model = (given: Partial<LineModel> = {}): LineModel => ({
  durations: learnDurations(finished(10), 10),
  noShow: 0,
  noShowMinutes: 2,
  walkMinutes: 0,
  leaving: new Float64Array(LEAVING_FROM.length),
  comes: 1,
  cameAfterSlot: Float64Array.of(0),
  walkIns: [0, 1, 2, 3].map(() => new Float64Array(24)),
  parked: learnDurations([], 15),
  pauses: learnDurations([], 15),
  pauseRate: 0,
  ...given,
});

/** A model in which everything takes exactly as long as it takes. */
const certain = (minutes: number, given: Partial<LineModel> = {}): LineModel =>
  model({
    durations: {
      levels: new Float64Array(24).fill(Math.log(minutes)),
      levelSd: 0,
      sigma: 1e-9,
      count: 1000,
      before: { level: Math.log(minutes), variance: 0, count: 1000, hours: new Float64Array(24) },
    },
    ...given,
  });

const estimated = (state: LineState, known: LineModel = model()) =>
  estimateLine(state, new Map(state.queues.map(({ id }) => [id, known])));

const ofTicket = (estimates: Map<string, Estimate | null>, id: string): Estimate => {
  const estimate = estimates.get(id);
  if (!estimate) throw new Error(`No estimate for ${id}`);
  return estimate;
};

/** Lines with many ties, around noon. */
const lines = fc
  .array(fc.record({ due: fc.integer({ min: -12, max: 12 }), ahead: fc.integer({ min: 0, max: 8 }) }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((line) =>
    line.map(({ due, ahead }, index) =>
      waiting(`id-${String(index).padStart(2, '0')}`, due * 5, (due - ahead) * 5),
    ),
  );
const shuffled = lines.chain((line) => fc.shuffledSubarray(line, { minLength: line.length }));

/** When a line is called by the rule itself, where each call keeps a desk for `minutes`. */
function calledByRule(
  line: readonly Ranked[],
  minutes: number,
  desks: number,
  early: number | null,
): Map<string, number> {
  const calls = new Map<string, number>();
  const free = Array.from({ length: desks }, () => 0);
  let left = [...line];
  for (let at = 0; left.length > 0; ) {
    const desk = free.findIndex((until) => until <= at);
    const next = desk < 0 ? undefined : chooseNext(left, minute(at), early);
    if (!next) {
      const callable = left.map(({ dueAt }) => (dueAt.getTime() - NOON.getTime()) / MINUTE - (early ?? 1e9));
      const later = [...free, ...(desk < 0 ? [] : callable)].filter((time) => time > at);
      at = Math.min(...later);
      continue;
    }
    calls.set(next.id, at);
    free[desk] = at + minutes;
    left = left.filter(({ id }) => id !== next.id);
  }
  return calls;
}

describe('the calling order', () => {
  test('is the rule of chooseNext, at every desk and moment', () => {
    fc.assert(
      fc.property(
        shuffled,
        fc.integer({ min: 1, max: 3 }),
        fc.option(fc.integer({ min: 0, max: 8 }).map((steps) => steps * 5)),
        (line, desks, early) => {
          // Services end between the moments at which somebody becomes due, so that each call is unambiguous.
          const minutes = 7.3;
          const expected = calledByRule(line, minutes, desks, early);
          const state = lineOf(
            { waiting: line, rules: { ...RULES, earlyCallMinutes: early } },
            Array.from({ length: desks }, (_, index) => ({ id: `desk-${index}`, serves: ['line'] })),
          );
          const estimates = estimated(state, certain(minutes));
          for (const [id, at] of expected) expect(ofTicket(estimates, id).p50).toBeCloseTo(at, 2);
        },
      ),
      RUNS,
    );
  });

  test('of those due now is callingOrder', () => {
    fc.assert(
      fc.property(shuffled, (line) => {
        const estimates = estimated(lineOf({ waiting: line }), certain(1e-3));
        const due = line.filter(({ dueAt }) => dueAt <= NOON);
        const order = callingOrder(due, NOON).map(({ id }) => id);
        const byCall = order.toSorted((a, b) => ofTicket(estimates, a).p50 - ofTicket(estimates, b).p50);
        expect(byCall).toEqual(order);
      }),
      RUNS,
    );
  });
});

test('HORIZON and FEWEST_SERVICES are what the others build on', () => {
  expect(HORIZON).toBe(80);
  expect(FEWEST_SERVICES).toBe(10);
});
