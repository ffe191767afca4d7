import type { QueueState } from '../../src/domain/estimate.ts';

/** A place with all that is true about it; the estimator sees none of this, only what happens. */
export interface Scenario {
  name: string;
  queues: readonly QueueTruth[];
  desks: readonly DeskTruth[];
  /** Unplanned pauses of a desk, and how long they last. */
  pauses?: { perHour: number; minutes: number; sigma: number };
}

export interface QueueTruth {
  id: string;
  rules: QueueState['rules'];
  configuredMinutes: number;
  /** What the median service takes on a day (from 0) of the configured duration. */
  level: (day: number) => number;
  /** What it takes in a local hour of that. */
  hourLevel?: (hour: number) => number;
  /** The standard deviation of the logarithm. */
  sigma: number;
  /** The share of tickets left open, and for how long. */
  forgotten?: { share: number; minutes: number };
  /** The share of services that are interrupted, and for how long; the desk serves others meanwhile. */
  parks?: { share: number; minutes: number; sigma: number };
  /** Walk-ins an hour, by local hour. */
  walkIns: Readonly<Record<number, number>>;
  /** The shares of priority 1, 2 and 3 among walk-ins. */
  priorities?: readonly [number, number, number];
  reservations?: {
    /** Minutes of the day. */
    from: number;
    to: number;
    step: number;
    /** Places in a slot, each taken with probability `taken`. */
    places: number;
    taken: number;
    /** The share that comes, and how many minutes after its slot: normal. */
    comes: number;
    offset: { mean: number; sd: number };
  };
  noShow: number;
  noShowMinutes: number;
  walkMinutes: number;
  /** Of those waiting, how many leave in a minute, by LEAVING_FROM. */
  leaving: readonly number[];
}

/** Minutes of the day. The desk that closes last works until the line is empty. */
export interface DeskTruth {
  id: string;
  serves: readonly string[];
  opens: number;
  closes: number;
  breaks?: readonly { from: number; to: number }[];
}

const RULES = { graceMinutes: 10, creditMinutes: 10, priorityMinutes: 15, earlyCallMinutes: null };
const NOBODY_LEAVES = [0, 0, 0, 0, 0, 0];
const SOME_LEAVE = [0, 0.001, 0.002, 0.003, 0.003, 0.003];

const at = (hour: number, minute = 0) => 60 * hour + minute;

const line = (
  given: Partial<QueueTruth> & Pick<QueueTruth, 'configuredMinutes' | 'walkIns'>,
): QueueTruth => ({
  id: 'line',
  rules: RULES,
  level: () => 1,
  sigma: 0.5,
  noShow: 0.04,
  noShowMinutes: 2,
  walkMinutes: 0.5,
  leaving: SOME_LEAVE,
  ...given,
});

const desks = (count: number, opens = at(8), closes = at(16)): DeskTruth[] =>
  Array.from({ length: count }, (_, index) => ({ id: `desk-${index}`, serves: ['line'], opens, closes }));

/** So many an hour from `from` to `to`. */
function hourly(from: number, rates: readonly number[]): Record<number, number> {
  return Object.fromEntries(rates.map((rate, index) => [from + index, rate]));
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'clinic, morning rush',
    desks: desks(3),
    queues: [
      line({
        configuredMinutes: 12,
        level: () => 1.1,
        sigma: 0.45,
        walkIns: hourly(8, [9, 7, 4, 3, 2, 3, 2, 1]),
        reservations: {
          from: at(8),
          to: at(15),
          step: 15,
          places: 3,
          taken: 0.75,
          comes: 0.93,
          offset: { mean: -9, sd: 7 },
        },
        noShow: 0.03,
      }),
    ],
  },
  {
    name: 'town hall, walk-ins',
    desks: [...desks(3), { id: 'desk-3', serves: ['line'], opens: at(9), closes: at(13) }],
    queues: [
      line({
        configuredMinutes: 8,
        level: () => 1.15,
        sigma: 0.6,
        walkIns: hourly(8, [20, 22, 22, 20, 14, 14, 12, 6]),
        noShow: 0.05,
      }),
    ],
  },
  {
    name: 'barber, two chairs',
    desks: desks(2, at(9), at(18)),
    queues: [
      line({
        configuredMinutes: 30,
        level: () => 0.85,
        sigma: 0.3,
        walkIns: hourly(9, [4, 5, 5, 5, 4, 5, 5, 5, 3]),
        noShow: 0.02,
        walkMinutes: 1,
      }),
    ],
  },
  {
    name: 'slow drift, +40 %',
    desks: desks(2),
    queues: [
      line({
        configuredMinutes: 10,
        level: (day) => 0.8 * (1 + (0.4 * day) / 20),
        walkIns: hourly(8, [12, 13, 12, 11, 10, 11, 10, 5]),
      }),
    ],
  },
  {
    name: 'fast drift, −30 %',
    desks: desks(2),
    queues: [
      line({
        configuredMinutes: 10,
        level: (day) => 1.25 * (1 - 0.3 * Math.min(Math.max((day - 11) / 6, 0), 1)),
        walkIns: hourly(8, [10, 12, 13, 11, 9, 10, 10, 5]),
      }),
    ],
  },
  {
    name: 'many no-shows',
    desks: desks(2),
    queues: [
      line({
        configuredMinutes: 10,
        level: () => 1.1,
        walkIns: hourly(8, [9, 9, 9, 8, 7, 8, 7, 4]),
        reservations: {
          from: at(8),
          to: at(15),
          step: 20,
          places: 2,
          taken: 0.8,
          comes: 0.7,
          offset: { mean: -5, sd: 6 },
        },
        noShow: 0.25,
      }),
    ],
  },
  {
    name: 'lunch gap and pauses',
    desks: [
      {
        id: 'desk-0',
        serves: ['line'],
        opens: at(8),
        closes: at(16),
        breaks: [{ from: at(12), to: at(13) }],
      },
      {
        id: 'desk-1',
        serves: ['line'],
        opens: at(8),
        closes: at(15),
        breaks: [{ from: at(12), to: at(13) }],
      },
      {
        id: 'desk-2',
        serves: ['line'],
        opens: at(10),
        closes: at(14),
        breaks: [{ from: at(13), to: at(13, 30) }],
      },
    ],
    pauses: { perHour: 0.4, minutes: 10, sigma: 0.5 },
    queues: [
      line({
        configuredMinutes: 10,
        level: () => 0.9,
        walkIns: hourly(8, [12, 13, 15, 12, 8, 10, 9, 4]),
      }),
    ],
  },
  {
    name: 'priorities',
    desks: desks(2),
    queues: [
      line({
        configuredMinutes: 8,
        level: () => 1.2,
        walkIns: hourly(8, [11, 13, 13, 12, 10, 11, 10, 5]),
        priorities: [0.15, 0.1, 0.05],
      }),
    ],
  },
  {
    name: 'late arrivals',
    desks: desks(2),
    queues: [
      line({
        configuredMinutes: 12,
        walkIns: hourly(8, [4, 5, 5, 4, 3, 4, 3, 1]),
        reservations: {
          from: at(8),
          to: at(15, 30),
          step: 15,
          places: 2,
          taken: 0.65,
          comes: 0.85,
          offset: { mean: 4, sd: 10 },
        },
      }),
    ],
  },
  {
    name: 'overbooked',
    desks: desks(2),
    queues: [
      line({
        configuredMinutes: 10,
        level: () => 1.15,
        walkIns: hourly(8, [2, 2, 2, 2, 1, 1, 1, 0]),
        reservations: {
          from: at(8),
          to: at(13),
          step: 10,
          places: 2,
          taken: 0.95,
          comes: 0.92,
          offset: { mean: -7, sd: 6 },
        },
      }),
    ],
  },
  {
    name: 'low traffic',
    desks: desks(1),
    queues: [line({ configuredMinutes: 12, level: () => 1.2, walkIns: hourly(8, [3, 4, 4, 3, 2, 3, 3, 1]) })],
  },
  {
    name: 'many leave',
    desks: desks(2),
    queues: [
      line({
        configuredMinutes: 10,
        level: () => 1.2,
        walkIns: hourly(8, [14, 16, 16, 14, 12, 14, 12, 6]),
        leaving: [0.002, 0.005, 0.012, 0.02, 0.025, 0.03],
      }),
    ],
  },
  {
    name: 'two services, shared desks',
    desks: [
      { id: 'desk-0', serves: ['short', 'long'], opens: at(8), closes: at(16) },
      { id: 'desk-1', serves: ['short', 'long'], opens: at(8), closes: at(16) },
      { id: 'desk-2', serves: ['long'], opens: at(9), closes: at(13) },
    ],
    queues: [
      line({
        id: 'short',
        configuredMinutes: 5,
        level: () => 1.2,
        walkIns: hourly(8, [9, 10, 10, 9, 8, 9, 8, 4]),
      }),
      line({
        id: 'long',
        configuredMinutes: 20,
        level: () => 0.9,
        sigma: 0.4,
        walkIns: hourly(8, [3, 4, 4, 4, 3, 3, 2, 1]),
      }),
    ],
  },
  {
    name: 'quick mornings, slow afternoons',
    desks: desks(2),
    queues: [
      line({
        configuredMinutes: 10,
        hourLevel: (hour) => (hour < 11 ? 0.8 : hour < 13 ? 1 : 1.3),
        walkIns: hourly(8, [13, 14, 13, 11, 9, 9, 7, 4]),
      }),
    ],
  },
  {
    name: 'good days and bad days',
    desks: desks(2),
    queues: [
      line({
        configuredMinutes: 10,
        level: (day) => Math.exp(0.18 * Math.sin(2.4 * day)),
        walkIns: hourly(8, [11, 12, 12, 10, 9, 10, 9, 4]),
      }),
    ],
  },
  {
    name: 'tickets set aside',
    desks: desks(2),
    queues: [
      line({
        configuredMinutes: 10,
        level: () => 1.1,
        walkIns: hourly(8, [10, 12, 12, 10, 9, 9, 8, 4]),
        parks: { share: 0.2, minutes: 20, sigma: 0.5 },
      }),
    ],
  },
  {
    name: 'tickets left open',
    desks: desks(3),
    queues: [
      line({
        configuredMinutes: 8,
        level: () => 1.1,
        walkIns: hourly(8, [18, 18, 18, 16, 13, 14, 12, 6]),
        forgotten: { share: 0.02, minutes: 45 },
        leaving: NOBODY_LEAVES,
      }),
    ],
  },
];
