import { MINUTE } from './clock.ts';
import type { LineModel } from './habits.ts';
import { HORIZON, type LineState, LONGEST, type Place, type Plan, planOf } from './outlook.ts';
import { playAll } from './playthrough.ts';
import { seededRandom, seedFrom } from './random.ts';

export { type DeskState, HORIZON, type LineState, type QueueState } from './outlook.ts';

/** An honest range: minutes from `now` until the call. Half of all waits end by `p50`, four of five by `p80`. */
export interface Estimate {
  p50: number;
  p80: number;
}

/**
 * An estimate as people are told it, in whole minutes. The upper end is rounded up, so that it stays as sure, and is never
 * less than one: whoever can be called at once still has to be called.
 */
export interface ToldWait {
  low: number;
  high: number;
}

/** An estimate as it is told, in whole minutes. The upper end is rounded up, so that it is not promised too soon. */
export function toldWait({ p50, p80 }: Estimate): ToldWait {
  const low = Math.round(p50);
  return { low, high: Math.max(low, Math.ceil(p80), 1) };
}

export interface EstimateOptions {
  /** How many times the line is played through at most; a power of two. */
  runs?: number;
  /** By default made from the state and its minute, so that the same line gives the same numbers. */
  seed?: number;
}

/** With fewer finished services than this, today's included, there is no estimate. */
export const FEWEST_SERVICES = 10;
const MOST_RUNS = 256;
const FEWEST_RUNS = 64;
/** Runs times tickets: bounds the work whatever the length of the line. */
const MOST_WORK = 14_000;
/** A range this wide, in minutes, that also more than doubles, says nothing. */
const WIDE = 30;

/**
 * How long each waiting ticket will still wait for its call, by its id; null where nothing honest can be said.
 *
 * Plays the day on from `state` a few hundred times, in the calling order of `domain/order`: each desk finishes what it
 * has (given for how long already), then calls whom the rule says; the called come or do not, the waiting leave,
 * reservations and walk-ins with a head start come in between, desks pause and close. Each run first draws where the
 * true durations may lie around the learned ones, so a thin history gives wide ranges. One pass gives every ticket's
 * range: that of a person who stays.
 *
 * Null, when: a line has no model; fewer than FEWEST_SERVICES finished services are known; no desk will call the
 * ticket (in one run of five or more); or the range is too wide to be of use. Behind HORIZON tickets the pace of the
 * second half of them is carried on, and the width of the range grows in proportion, which is wider than chance alone.
 *
 * Pure: the same state, models and options give the same numbers.
 */
export function estimateLine(
  state: LineState,
  models: ReadonlyMap<string, LineModel>,
  options: EstimateOptions = {},
): Map<string, Estimate | null> {
  if (state.queues.some(({ id }) => !models.has(id))) return silence(state);
  const plan = planOf(state, models);
  if (plan.rows === 0) return silence(state);
  const estimates = new Map<string, Estimate | null>();
  const random = seededRandom(options.seed ?? seedOf(state));
  const runs = runsFor(plan, options.runs ?? MOST_RUNS);
  const calls = playAll(plan, runs, random);
  for (const queue of plan.queues) {
    const known = queue.served && queue.model.durations.count >= FEWEST_SERVICES;
    for (const places of [queue.due, queue.later]) {
      if (known) readRanges(places, calls, runs, plan.lastClose, estimates);
      else for (const { id } of places) estimates.set(id, null);
    }
  }
  return estimates;
}

function silence({ queues }: LineState): Map<string, null> {
  return new Map(queues.flatMap(({ waiting }) => waiting.map(({ id }) => [id, null] as const)));
}

function seedOf({ now, queues }: LineState): number {
  return seedFrom(
    Math.floor(now.getTime() / MINUTE),
    ...queues.flatMap(({ id, waiting, inService }) => [id, waiting.length, inService.length]),
  );
}

/** A power of two: the levels of the runs are spread by it. */
function runsFor({ rows, expected }: Plan, most: number): number {
  let runs = most;
  while (runs > FEWEST_RUNS && runs * (rows + expected.length) > MOST_WORK) runs /= 2;
  return runs;
}

/** Reads the ranges of places in calling order; those behind the horizon carry on its pace. */
function readRanges(
  places: readonly Place[],
  calls: Float32Array,
  runs: number,
  lastClose: number,
  estimates: Map<string, Estimate | null>,
): void {
  const known = places
    .slice(0, HORIZON)
    .map(({ row }) => rangeOf(calls.subarray(row * runs, (row + 1) * runs).sort()));
  const last = known.at(-1);
  const half = known[Math.floor(known.length / 2) - 1];
  // No entries() here: it would be a good part of the cost of a line of thousands.
  for (let index = 0; index < places.length; index++) {
    const { id } = places[index] as Place;
    const range = known[index] ?? (last && half && carriedOn(half, last, index));
    const called = range !== undefined && range.p80 <= Math.min(lastClose, LONGEST);
    estimates.set(id, called && !isWide(range) ? range : null);
  }
}

/** `half` and `last` are the ranges in the middle and at the end of the horizon; `index` is behind it. */
function carriedOn(half: Estimate, last: Estimate, index: number): Estimate {
  const beyond = index - (HORIZON - 1);
  const pace = (last.p50 - half.p50) / (HORIZON / 2);
  const p50 = last.p50 + pace * beyond;
  return { p50, p80: p50 + ((last.p80 - last.p50) * (index + 1)) / HORIZON };
}

function rangeOf(sorted: Float32Array): Estimate {
  const at = (share: number) => sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0;
  return { p50: at(0.5), p80: at(0.8) };
}

function isWide({ p50, p80 }: Estimate): boolean {
  return p80 - p50 > WIDE && p80 > 2 * p50;
}
