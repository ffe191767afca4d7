import { normalQuantile, type Random } from '../../src/domain/random.ts';

/** A standard normal number. */
export function drawNormal(random: Random): number {
  return normalQuantile(Math.min(Math.max(random(), 1e-12), 1 - 1e-12));
}

/** A lognormal number with this median. */
export function drawLognormal(median: number, sigma: number, random: Random): number {
  return median * Math.exp(sigma * drawNormal(random));
}

/** An exponential number with this mean. */
export function drawExponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random());
}
