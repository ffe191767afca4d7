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
  toldWait,
} from '../../src/domain/estimate.ts';
import { LEAVING_FROM, type LineModel } from '../../src/domain/habits.ts';
import { callingOrder, chooseAcross, type Ranked } from '../../src/domain/order.ts';
import { planOf } from '../../src/domain/outlook.ts';
import { playAll } from '../../src/domain/playthrough.ts';
import { seededRandom } from '../../src/domain/random.ts';
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

/** Lines with many ties, around noon; some of those not due asked for time. */
const lines = fc
  .array(
    fc.record({
      due: fc.integer({ min: -12, max: 12 }),
      ahead: fc.integer({ min: 0, max: 8 }),
      away: fc.option(fc.integer({ min: -2, max: 14 })),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((line) =>
    line.map(({ due, ahead, away }, index) => ({
      ...waiting(`id-${String(index).padStart(2, '0')}`, due * 5, (due - ahead) * 5),
      awayUntil: away === null ? null : minute(away * 5),
    })),
  );
const shuffled = lines.chain((line) => fc.shuffledSubarray(line, { minLength: line.length }));
const earlyLimit = fc.option(fc.integer({ min: 0, max: 8 }).map((steps) => steps * 5));

interface RuledLine {
  waiting: readonly Ranked[];
  earlyCallMinutes: number | null;
}

/** When lines are called by the rule itself, at desks that serve all of them, where each call takes `minutes`. */
function calledByRule(lines: readonly RuledLine[], minutes: number, desks: number): Map<string, number> {
  const calls = new Map<string, number>();
  const free = Array.from({ length: desks }, () => 0);
  let left = [...lines];
  for (let at = 0; left.some((line) => line.waiting.length > 0); ) {
    const desk = free.findIndex((until) => until <= at);
    const next = desk < 0 ? undefined : chooseAcross(left, minute(at));
    if (!next) {
      at = Math.min(...[...free, ...(desk < 0 ? [] : left.flatMap(turns))].filter((time) => time > at));
      continue;
    }
    calls.set(next.id, at);
    free[desk] = at + minutes;
    left = left.map((line) => ({ ...line, waiting: line.waiting.filter(({ id }) => id !== next.id) }));
  }
  return calls;
}

/** All moments at which the rule may begin to let somebody be called. */
function turns({ waiting: line, earlyCallMinutes }: RuledLine): number[] {
  return line.flatMap(({ dueAt, awayUntil }) => {
    const due = (dueAt.getTime() - NOON.getTime()) / MINUTE;
    const back = awayUntil ? (awayUntil.getTime() - NOON.getTime()) / MINUTE : due;
    return [due, due - (earlyCallMinutes ?? 0), back];
  });
}

describe('the calling order', () => {
  test('is the rule of chooseNext, at every desk and moment', () => {
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 1, max: 3 }), earlyLimit, (line, desks, early) => {
        // Services end between the moments at which somebody becomes due, so that each call is unambiguous.
        const minutes = 7.3;
        const expected = calledByRule([{ waiting: line, earlyCallMinutes: early }], minutes, desks);
        const state = lineOf(
          { waiting: line, rules: { ...RULES, earlyCallMinutes: early } },
          Array.from({ length: desks }, (_, index) => ({ id: `desk-${index}`, serves: ['line'] })),
        );
        const estimates = estimated(state, certain(minutes));
        for (const [id, at] of expected) expect(ofTicket(estimates, id).p50).toBeCloseTo(at, 2);
      }),
      RUNS,
    );
  });

  test('is the rule of chooseAcross at desks that serve two lines', () => {
    fc.assert(
      fc.property(
        shuffled,
        fc.nat(30),
        fc.integer({ min: 1, max: 3 }),
        earlyLimit,
        earlyLimit,
        (line, cut, desks, one, two) => {
          const parts: RuledLine[] = [
            { waiting: line.slice(0, cut), earlyCallMinutes: one },
            { waiting: line.slice(cut), earlyCallMinutes: two },
          ];
          const ids = ['one', 'two'];
          const state: LineState = {
            now: NOON,
            minuteOfDay: 720,
            queues: [line.slice(0, cut), line.slice(cut)].map((part, index) =>
              queue({
                id: ids[index] ?? '',
                waiting: part,
                rules: { ...RULES, earlyCallMinutes: parts[index]?.earlyCallMinutes ?? null },
              }),
            ),
            desks: Array.from({ length: desks }, (_, index) => ({ id: `desk-${index}`, serves: ids })),
          };
          const estimates = estimated(state, certain(7.3));
          for (const [id, at] of calledByRule(parts, 7.3, desks))
            expect(ofTicket(estimates, id).p50).toBeCloseTo(at, 2);
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

describe('what an estimate counts', () => {
  const three = [waiting('a', -3), waiting('b', -2), waiting('c', -1)];
  const calls = (state: LineState, known: LineModel, ids = ['a', 'b', 'c']) => {
    const estimates = estimated(state, known);
    return ids.map((id) => Math.round(ofTicket(estimates, id).p50 * 100) / 100);
  };

  test('an idle desk calls now, and each call keeps it for a service', () => {
    expect(calls(lineOf({ waiting: three }), certain(10))).toEqual([0, 10, 20]);
  });

  test('somebody in service, for how long already', () => {
    const inService = [{ deskId: 'desk', startedAt: minute(-4) }];
    expect(calls(lineOf({ waiting: three, inService }), certain(10))).toEqual([6, 16, 26]);
  });

  test('somebody in service for longer than expected will be done soon', () => {
    const inService = [{ deskId: 'desk', startedAt: minute(-25) }];
    expect(calls(lineOf({ waiting: three, inService }), certain(10))).toEqual([0, 10, 20]);
  });

  test('somebody called who has not started', () => {
    const state = lineOf({ waiting: three, called: [{ deskId: 'desk' }] });
    expect(calls(state, certain(10))).toEqual([10, 20, 30]);
  });

  test('somebody set aside, who is taken up before the others for what is left', () => {
    const parked = [{ parkedAt: minute(-5), servedMinutes: 6 }];
    const back = certain(10, { parked: certain(8).durations });
    expect(calls(lineOf({ waiting: three, parked }), back)).toEqual([0, 14, 24]);
  });

  test('the one desk that has no name', () => {
    const state = lineOf({ waiting: three, inService: [{ deskId: null, startedAt: minute(-4) }] }, [
      { id: null, serves: ['line'] },
    ]);
    expect(calls(state, certain(10))).toEqual([6, 16, 26]);
    const unnamed = lineOf({ waiting: three, inService: [{ deskId: null, startedAt: minute(-4) }] });
    expect(calls(unnamed, certain(10))).toEqual([6, 16, 26]);
  });

  test('every desk that serves the line, and none that does not', () => {
    const desks = [...ONE_DESK, { id: 'second', serves: ['line'] }, { id: 'third', serves: ['other'] }];
    expect(calls(lineOf({ waiting: three }, desks), certain(10))).toEqual([0, 0, 10]);
  });

  test('planned breaks, and desks that open later', () => {
    const desks = [{ id: 'desk', serves: ['line'], breaks: [{ from: minute(5), to: minute(60) }] }];
    expect(calls(lineOf({ waiting: three }, desks), certain(10))).toEqual([0, 60, 70]);
    const opening = [{ id: 'desk', serves: ['line'], breaks: [{ from: minute(-1), to: minute(30) }] }];
    expect(calls(lineOf({ waiting: three }, opening), certain(10))).toEqual([30, 40, 50]);
  });

  test('a pause of which nobody knows the end', () => {
    const desks = [{ id: 'desk', serves: ['line'], pausedSince: minute(-5) }];
    const known = certain(10, { pauses: certain(20).durations });
    expect(calls(lineOf({ waiting: three }, desks), known)).toEqual([15, 25, 35]);
  });

  test('pauses that may still begin', () => {
    const often = certain(10, { pauses: certain(20).durations, pauseRate: 1 });
    expect(calls(lineOf({ waiting: three }), often)).toEqual([0, 30, 60]);
  });

  test('a desk that closes: who is not called by then gets no estimate', () => {
    const desks = [{ id: 'desk', serves: ['line'], closesAt: minute(15) }];
    const estimates = estimated(lineOf({ waiting: three }, desks), certain(10));
    expect(ofTicket(estimates, 'b').p80).toBeCloseTo(10);
    expect(estimates.get('c')).toBeNull();
  });

  test('a desk that closes before the other', () => {
    const desks = [...ONE_DESK, { id: 'second', serves: ['line'], closesAt: minute(5) }];
    const four = [...three, waiting('d', 0)];
    expect(calls(lineOf({ waiting: four }, desks), certain(10), ['a', 'b', 'c', 'd'])).toEqual([
      0, 0, 10, 20,
    ]);
  });

  test('the local hour', () => {
    const slow = certain(10);
    slow.durations.levels[13] = Math.log(20);
    const four = [...three, waiting('d', 0)];
    const state = { ...lineOf({ waiting: four }), minuteOfDay: 12 * 60 + 45 };
    expect(calls(state, slow, ['a', 'b', 'c', 'd'])).toEqual([0, 10, 20, 40]);
  });

  test('the way to the desk', () => {
    const [, b] = calls(lineOf({ waiting: three }), certain(10, { walkMinutes: 2 }));
    // The median of an exponential walk of two minutes.
    expect(Math.abs((b ?? 0) - 10 - 2 * Math.LN2)).toBeLessThan(0.5);
  });

  test('those who do not come when called cost their desk less', () => {
    const [, , c] = calls(lineOf({ waiting: three }), certain(10, { noShow: 1, noShowMinutes: 2 }));
    expect(Math.abs((c ?? 0) - 4)).toBeLessThan(0.3);
  });

  test('those who leave while they wait cost nothing', () => {
    const leaving = new Float64Array(LEAVING_FROM.length).fill(10);
    expect(calls(lineOf({ waiting: three }), certain(10, { leaving }))).toEqual([0, 10, 10]);
  });

  test('reservations still to come go ahead by their credit, if they come', () => {
    // Due in 10 minutes with 10 minutes of credit: ahead of who came at noon.
    const state = lineOf({
      waiting: [...three, waiting('d', 0, 0.001)],
      expected: [{ timeSlot: minute(10) }],
    });
    expect(calls(state, certain(10), ['b', 'c', 'd'])).toEqual([10, 20, 40]);
    expect(calls(state, certain(10, { comes: 0 }), ['b', 'c', 'd'])).toEqual([10, 20, 30]);
    const late = certain(10, { cameAfterSlot: Float64Array.of(15) });
    expect(calls(state, late, ['b', 'c', 'd'])).toEqual([10, 20, 30]);
  });

  test('of a reservation that is late already only what can still come', () => {
    const state = lineOf({
      waiting: [waiting('a', -3), waiting('b', 0)],
      expected: [{ timeSlot: minute(-2) }],
    });
    const early = certain(10, { cameAfterSlot: Float64Array.of(-9, -8, -7) });
    expect(calls(state, early, ['a', 'b'])).toEqual([0, 10]);
    const late = certain(10, { cameAfterSlot: Float64Array.of(-9, -8, 5) });
    expect(calls(state, late, ['a', 'b'])).toEqual([0, 20]);
  });

  test('walk-ins with a head start who will come', () => {
    const every = (priority: number) =>
      [0, 1, 2, 3].map((other) => new Float64Array(24).fill(other === priority ? 0.5 : 0));
    const [, , c] = calls(lineOf({ waiting: three }), certain(10, { walkIns: every(3) }));
    expect(c).toBeGreaterThan(60);
    expect(calls(lineOf({ waiting: three }), certain(10, { walkIns: every(0) }))).toEqual([0, 10, 20]);
  });

  test('walk-ins who will come go ahead of who is not due yet', () => {
    const state = lineOf({
      waiting: [waiting('early', 60, 50)],
      inService: [{ deskId: 'desk', startedAt: NOON }],
    });
    const busy = certain(10, {
      walkIns: [0, 1, 2, 3].map((priority) => new Float64Array(24).fill(priority === 0 ? 0.2 : 0)),
    });
    expect(ofTicket(estimated(state, certain(10)), 'early').p50).toBeCloseTo(10);
    expect(ofTicket(estimated(state, busy), 'early').p50).toBeGreaterThanOrEqual(60);
  });

  test('the other line of a desk that serves two', () => {
    const state: LineState = {
      now: NOON,
      minuteOfDay: 720,
      queues: [
        queue({ id: 'short', waiting: [waiting('a', -4), waiting('c', -2)] }),
        queue({ id: 'long', waiting: [waiting('b', -3), waiting('d', -1)] }),
      ],
      desks: [{ id: 'desk', serves: ['short', 'long'] }],
    };
    const models = new Map([
      ['short', certain(5)],
      ['long', certain(20)],
    ]);
    const estimates = estimateLine(state, models);
    expect(['a', 'b', 'c', 'd'].map((id) => Math.round(ofTicket(estimates, id).p50))).toEqual([0, 5, 25, 30]);
  });

  test('a tie between two lines of a desk goes by the id', () => {
    const two = (first: string, second: string): LineState => ({
      now: NOON,
      minuteOfDay: 720,
      queues: [
        queue({ id: 'one', waiting: [waiting(first, -1)] }),
        queue({ id: 'two', waiting: [waiting(second, -1)] }),
      ],
      desks: [{ id: 'desk', serves: ['one', 'two'] }],
    });
    expect(calls(two('a', 'b'), certain(10), ['a', 'b'])).toEqual([0, 10]);
    expect(calls(two('b', 'a'), certain(10), ['a', 'b'])).toEqual([0, 10]);
  });

  test('so does a tie of those who are not due', () => {
    const state: LineState = {
      now: NOON,
      minuteOfDay: 720,
      queues: [
        queue({ id: 'one', waiting: [waiting('b', 30)] }),
        queue({ id: 'two', waiting: [waiting('a', 30)] }),
      ],
      desks: [{ id: 'desk', serves: ['one', 'two'] }],
    };
    expect(calls(state, certain(10), ['a', 'b'])).toEqual([0, 10]);
  });

  test('who is there goes ahead of who comes later and is tied', () => {
    const state = lineOf({
      waiting: [waiting('a', 10, 0)],
      expected: [{ timeSlot: minute(10) }],
      inService: [{ deskId: 'desk', startedAt: NOON }],
    });
    const known = certain(11, { cameAfterSlot: Float64Array.of(-5) });
    expect(calls(state, known, ['a'])).toEqual([11]);
  });

  test('an idle desk leaves who came early to the desks of their line', () => {
    const state: LineState = {
      now: NOON,
      minuteOfDay: 720,
      queues: [
        queue({ id: 'one', waiting: [] }),
        queue({ id: 'two', waiting: [waiting('a', 30), waiting('b', 40)] }),
      ],
      desks: [
        { id: 'desk', serves: ['one'] },
        { id: 'second', serves: ['two'] },
      ],
    };
    expect(calls(state, certain(10), ['a', 'b'])).toEqual([0, 10]);
  });
});

describe('the range', () => {
  const long = Array.from({ length: 20 }, (_, index) => waiting(`t-${10 + index}`, index - 20));
  const width = (known: LineModel) => {
    const { p50, p80 } = ofTicket(estimated(lineOf({ waiting: long }), known), 't-29');
    return (p80 - p50) / p50;
  };

  test('is wider the more services vary', () => {
    const varied = (spread: number) => model({ durations: learnDurations(finished(10, 400, spread), 10) });
    expect(width(varied(0.8))).toBeGreaterThan(1.3 * width(varied(0.2)));
  });

  test('is wider the less is known', () => {
    const learned = (count: number) => model({ durations: learnDurations(finished(10, count), 10) });
    expect(width(learned(12))).toBeGreaterThan(1.3 * width(learned(400)));
  });

  test('is as wide as the level is uncertain', () => {
    const unsure = certain(10);
    unsure.durations.levelSd = 0.3;
    const { p50, p80 } = ofTicket(estimated(lineOf({ waiting: long }), unsure), 't-29');
    expect(Math.abs(p50 - 190)).toBeLessThan(4);
    // Of a normal distribution four fifths lie below 0.8416 standard deviations.
    expect(Math.abs(Math.log(p80 / p50) - 0.3 * 0.8416)).toBeLessThan(0.03);
  });

  test('ends no sooner than it begins, and those called later wait longer', () => {
    const estimates = estimated(lineOf({ waiting: long }));
    let before = 0;
    for (const { id } of long) {
      const { p50, p80 } = ofTicket(estimates, id);
      expect(p80).toBeGreaterThanOrEqual(p50);
      expect(p50).toBeGreaterThanOrEqual(before);
      before = p50;
    }
  });
});

describe('no estimate', () => {
  const state = lineOf({ waiting: [waiting('a', -3), waiting('b', -2)] });

  test('with too few finished services', () => {
    const learned = (count: number) => model({ durations: learnDurations(finished(10, count), 10) });
    expect([...estimated(state, learned(FEWEST_SERVICES - 1)).values()]).toEqual([null, null]);
    expect([...estimated(state, learned(FEWEST_SERVICES)).values()]).not.toContain(null);
  });

  test('without a model', () => {
    expect([...estimateLine(state, new Map()).values()]).toEqual([null, null]);
  });

  test('when no desk serves the line', () => {
    expect([...estimated(lineOf({ waiting: state.queues[0]?.waiting ?? [] }, [])).values()]).toEqual([
      null,
      null,
    ]);
    const other = [{ id: 'desk', serves: ['other'] }];
    expect(estimated(lineOf({ waiting: [waiting('a', -3)] }, other)).get('a')).toBeNull();
  });

  test('when the range would be too wide to be of use', () => {
    const wild = certain(30);
    wild.durations.sigma = 2;
    const inService = [{ deskId: 'desk', startedAt: NOON }];
    expect(estimated(lineOf({ waiting: [waiting('a', -3)], inService }), wild).get('a')).toBeNull();
  });

  test('for nobody', () => {
    expect(estimated(lineOf()).size).toBe(0);
  });
});

describe('a long line', () => {
  const crowd = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      waiting(`t-${String(index).padStart(4, '0')}`, (index - count) / 100),
    );

  test('carries on at the pace of its head, up to half a day', () => {
    const estimates = estimated(lineOf({ waiting: crowd(1000) }), certain(1));
    for (const index of [0, 79, 80, 300, 719])
      expect(ofTicket(estimates, `t-${String(index).padStart(4, '0')}`).p50).toBeCloseTo(index, 1);
    expect(estimates.get('t-0722')).toBeNull();
    expect(estimates.size).toBe(1000);
  });

  test('does not jump behind the horizon, and its range grows no narrower', () => {
    const estimates = estimated(
      lineOf({ waiting: crowd(HORIZON + 40) }, [...ONE_DESK, { id: '2', serves: ['line'] }]),
    );
    const at = (index: number) => ofTicket(estimates, `t-${String(index).padStart(4, '0')}`);
    expect(at(HORIZON).p50 - at(HORIZON - 1).p50).toBeLessThan(12);
    expect(at(HORIZON).p50).toBeGreaterThan(at(HORIZON - 1).p50);
    expect(at(HORIZON + 39).p80 - at(HORIZON + 39).p50).toBeGreaterThan(at(HORIZON).p80 - at(HORIZON).p50);
  });

  // Its time is measured by `npm run bench`, section live.
  test('of 5,000 simulates no more tickets than one of 100, and draws as often', () => {
    const [few, many] = [100, 5000].map((count) => {
      const plan = planOf(lineOf({ waiting: crowd(count) }), new Map([['line', model()]]));
      let draws = 0;
      const random = seededRandom(7);
      playAll(plan, 64, () => {
        draws += 1;
        return random();
      });
      return { rows: plan.rows, draws };
    });
    expect(few?.rows).toBe(HORIZON);
    expect(many).toEqual(few);
  });
});

test('is told in whole minutes, the upper end rounded up', () => {
  expect(toldWait({ p50: 10.4, p80: 15.1 })).toEqual({ low: 10, high: 16 });
  expect(toldWait({ p50: 10.6, p80: 10.7 })).toEqual({ low: 11, high: 11 });
  expect(toldWait({ p50: 0, p80: 0 })).toEqual({ low: 0, high: 1 });
});

describe('the same line', () => {
  const line = Array.from({ length: 12 }, (_, index) => waiting(`t-${10 + index}`, index - 20));
  const state = lineOf({ waiting: line, expected: [{ timeSlot: minute(20) }] });

  test('gives the same numbers, in whatever order it was read', () => {
    const first = estimated(state);
    expect(estimated(state)).toEqual(first);
    const turned = estimated(lineOf({ waiting: line.toReversed(), expected: [{ timeSlot: minute(20) }] }));
    for (const { id } of line) expect(turned.get(id)).toEqual(first.get(id));
  });

  test('gives other numbers from another seed, close by', () => {
    const models = new Map([['line', model()]]);
    const one = ofTicket(estimateLine(state, models, { seed: 1 }), 't-21');
    const two = ofTicket(estimateLine(state, models, { seed: 2 }), 't-21');
    expect(one).not.toEqual(two);
    expect(Math.abs(one.p50 - two.p50) / one.p50).toBeLessThan(0.1);
  });

  test('is left as it was', () => {
    const before = structuredClone(state);
    estimated(state);
    expect(state).toEqual(before);
  });
});
