import { normalTail, type Random, tailQuantile } from './random.ts';

/** A service that was finished: how long it took, and when. */
export interface FinishedService {
  /** Whole local days before today; 0 is today. */
  daysAgo: number;
  /** The local hour (0 to 23) in which it started. */
  hour: number;
  minutes: number;
}

/**
 * How long a service takes: lognormal, with a level for each local hour. `learnDurations` makes it,
 * `withToday` keeps it up to date.
 */
export interface DurationModel {
  /** The natural logarithm of the median minutes, for each local hour. */
  levels: Float64Array;
  /** How far today's level may be from the truth: a standard deviation, in logarithms. */
  levelSd: number;
  /** How far one service is from the level: a standard deviation, in logarithms. */
  sigma: number;
  /** On how many finished services it rests. */
  count: number;
  /** What was known before today's first service. */
  before: { level: number; variance: number; count: number; hours: Float64Array };
}

/**
 * The configured duration is the first guess. Planned times were often off by half, so the guess gets a standard
 * deviation of 0.4 in logarithms; beside services that vary by 0.5 it weighs as much as 1.6 finished ones.
 */
const CONFIGURED_SD = 0.4;
/** How much services vary is first taken to be this, … */
const USUAL_SIGMA = 0.5;
/** … which counts as this many finished services. */
const SIGMA_COUNT = 8;
/** An hour's own level stands beside the day's as if this many services had shown no difference: hours differ by about
 * a tenth, services by a half, and (0.5 / 0.1)² is 25. */
const HOUR_COUNT = 25;
/** What is this many times shorter or longer than configured was not a service: a wrong tap, a ticket left open. */
const IMPLAUSIBLE = 20;
/** Logarithms further from the median than this many standard deviations are moved to there. */
const OUTLIER = 3;
/** How far the level may wander from one day to the next; the history tells which of them is likely. */
const WANDERING = [0.003, 0.01, 0.02, 0.04, 0.08, 0.16];

/**
 * Learns how long a service takes from those of recent weeks, today's included.
 *
 * Logarithms of the minutes are robust against long tails; what lies further than three standard deviations (by the
 * median absolute deviation) from the median is pulled in. The level of a day follows the one before as a random walk
 * (a Kalman filter over days), with steps as large as this history makes likely: where services drift, recent days
 * count more, where they are steady, all count alike. Hours have levels of their own, shrunk to the day's.
 */
export function learnDurations(
  samples: readonly FinishedService[],
  configuredMinutes: number,
): DurationModel {
  const past = plausible(
    samples.filter(({ daysAgo }) => daysAgo > 0),
    configuredMinutes,
  );
  const { days, hours, sigma } = byDayAndHour(past);
  const first = { level: Math.log(configuredMinutes) - sigma ** 2 / 2, variance: CONFIGURED_SD ** 2 };
  const { level, variance } = believed(days, first, sigma);
  const known = modelOf({ level, variance, count: past.length, hours }, sigma);
  return withToday(
    known,
    samples.filter(({ daysAgo }) => daysAgo === 0),
  );
}

/** The model with today's finished services counted, and whatever it knew of today before forgotten. */
export function withToday(model: DurationModel, today: readonly FinishedService[]): DurationModel {
  const { level, variance, count, hours } = model.before;
  if (today.length === 0) return modelOf(model.before, model.sigma);
  const reach = OUTLIER * Math.sqrt(variance + model.sigma ** 2);
  let sum = 0;
  for (const { minutes, hour } of today) {
    const off = Math.log(Math.max(minutes, 0.01)) - level - (hours[hour] ?? 0);
    sum += clamp(off, -reach, reach);
  }
  const gain = variance / (variance + model.sigma ** 2 / today.length);
  const now = {
    level: level + (gain * sum) / today.length,
    variance: variance * (1 - gain),
    count: count + today.length,
    hours,
  };
  return { ...modelOf(now, model.sigma), before: model.before };
}

/** The mean minutes in this local hour. */
export function meanMinutes(model: DurationModel, hour: number): number {
  return Math.exp((model.levels[hour] ?? 0) + model.sigma ** 2 / 2);
}

/**
 * Minutes still to go for somebody in service for `elapsed` minutes already, as a draw: the distribution above what
 * has passed. `shift` moves the level, in logarithms.
 */
export function drawRemaining(
  model: DurationModel,
  hour: number,
  elapsed: number,
  shift: number,
  random: Random,
): number {
  const level = (model.levels[hour] ?? 0) + shift;
  // Further out the tail is too thin to draw from; who is that far over is as good as at its edge.
  const passed = elapsed > 0 ? Math.min((Math.log(elapsed) - level) / model.sigma, 6) : -8;
  const tail = normalTail(passed) * (1 - random());
  const total = Math.exp(level + model.sigma * tailQuantile(tail));
  return Math.max(total - Math.min(elapsed, Math.exp(level + model.sigma * passed)), 0);
}

interface LogSample {
  daysAgo: number;
  hour: number;
  log: number;
}

/** The logarithms of what can have been a service, outliers pulled in. */
function plausible(samples: readonly FinishedService[], configuredMinutes: number): LogSample[] {
  const logs = samples
    .filter(
      ({ minutes }) => minutes > configuredMinutes / IMPLAUSIBLE && minutes < configuredMinutes * IMPLAUSIBLE,
    )
    .map(({ daysAgo, hour, minutes }) => ({ daysAgo, hour, log: Math.log(minutes) }));
  if (logs.length < 5) return logs;
  const middle = median(logs.map(({ log }) => log));
  // 1.4826 makes the median absolute deviation of normal numbers their standard deviation.
  const spread = 1.4826 * median(logs.map(({ log }) => Math.abs(log - middle)));
  const reach = OUTLIER * Math.max(spread, 0.05);
  return logs.map((sample) => ({ ...sample, log: clamp(sample.log, middle - reach, middle + reach) }));
}

/** The mean logarithm of a day and how many services it rests on, the oldest day first. */
interface DayLevel {
  daysAgo: number;
  level: number;
  count: number;
}

/** Splits logarithms into days' levels, hours' levels around them, and what is left. */
function byDayAndHour(logs: readonly LogSample[]): {
  days: DayLevel[];
  hours: Float64Array;
  sigma: number;
} {
  let hours = new Float64Array(24);
  let days = dayLevels(logs, hours);
  // Days differ in which hours they had: once more with those taken off.
  for (let pass = 0; pass < 2; pass++) {
    hours = hourLevels(logs, days);
    days = dayLevels(logs, hours);
  }
  const levels = new Map(days.map(({ daysAgo, level }) => [daysAgo, level]));
  let squares = SIGMA_COUNT * USUAL_SIGMA ** 2;
  for (const { daysAgo, hour, log } of logs)
    squares += (log - (levels.get(daysAgo) ?? 0) - (hours[hour] ?? 0)) ** 2;
  // Each day's level took one degree of freedom.
  return { days, hours, sigma: Math.sqrt(squares / (SIGMA_COUNT + logs.length - days.length)) };
}

function dayLevels(logs: readonly LogSample[], hours: Float64Array): DayLevel[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { daysAgo, hour, log } of logs) {
    const day = sums.get(daysAgo) ?? { sum: 0, count: 0 };
    day.sum += log - (hours[hour] ?? 0);
    day.count++;
    sums.set(daysAgo, day);
  }
  return [...sums]
    .map(([daysAgo, { sum, count }]) => ({ daysAgo, level: sum / count, count }))
    .sort((a, b) => b.daysAgo - a.daysAgo);
}

function hourLevels(logs: readonly LogSample[], days: readonly DayLevel[]): Float64Array<ArrayBuffer> {
  const levels = new Map(days.map(({ daysAgo, level }) => [daysAgo, level]));
  const sums = new Float64Array(24);
  const counts = new Float64Array(24);
  for (const { daysAgo, hour, log } of logs) {
    sums[hour] = (sums[hour] ?? 0) + log - (levels.get(daysAgo) ?? 0);
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  return sums.map((sum, hour) => sum / ((counts[hour] ?? 0) + HOUR_COUNT));
}

interface Belief {
  level: number;
  variance: number;
}

/**
 * What is believed of today's level before its first service: each step's belief, weighed by how well the step explains
 * the past days. Two weeks seldom settle which it is, and that belongs to how far off the level may be.
 */
function believed(days: readonly DayLevel[], first: Belief, sigma: number): Belief {
  const walks = WANDERING.map((step) => walk(days, first, sigma, step));
  const best = Math.max(...walks.map(({ likelihood }) => likelihood));
  const weighed = walks.map((one) => ({ ...one, weight: Math.exp(one.likelihood - best) }));
  const whole = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (value: (one: Belief) => number) =>
    weighed.reduce((sum, one) => sum + one.weight * value(one), 0) / whole;
  const level = mean((one) => one.level);
  return { level, variance: mean((one) => one.variance + (one.level - level) ** 2) };
}

/** A Kalman filter for a level that takes a normal step each day and is seen through that day's mean. */
function walk(
  days: readonly DayLevel[],
  first: Belief,
  sigma: number,
  step: number,
): Belief & { likelihood: number } {
  let { level, variance } = first;
  let likelihood = 0;
  for (const [index, day] of days.entries()) {
    const before = days[index - 1];
    if (before) variance += step ** 2 * (before.daysAgo - day.daysAgo);
    const noise = sigma ** 2 / day.count;
    const off = day.level - level;
    likelihood -= 0.5 * (Math.log(variance + noise) + off ** 2 / (variance + noise));
    const gain = variance / (variance + noise);
    level += gain * off;
    variance *= 1 - gain;
  }
  const last = days.at(-1);
  return { level, variance: variance + step ** 2 * (last?.daysAgo ?? 0), likelihood };
}

function modelOf(known: DurationModel['before'], sigma: number): DurationModel {
  return {
    levels: known.hours.map((hour) => known.level + hour),
    levelSd: Math.sqrt(known.variance),
    sigma,
    count: known.count,
    before: known,
  };
}

/** The middle value, or the mean of the two in the middle; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
