import { describe, expect, test } from 'vitest';
import { normalQuantile, normalTail, seededRandom, seedFrom, tailQuantile } from '../../src/domain/random.ts';

const draws = (seed: number, count: number) => Array.from({ length: count }, seededRandom(seed));

describe('seededRandom', () => {
  test('repeats itself, seed by seed', () => {
    expect(draws(1, 20)).toEqual(draws(1, 20));
    expect(draws(1, 20)).not.toEqual(draws(2, 20));
  });

  test('is uniform in [0, 1), and one number says nothing of the next', () => {
    const numbers = draws(3, 100_000);
    const tenths = Array.from({ length: 10 }, () => 0);
    let product = 0;
    for (const [index, number] of numbers.entries()) {
      const tenth = Math.floor(number * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      product += (number - 0.5) * ((numbers[index + 1] ?? 0.5) - 0.5);
    }
    // Four standard deviations of a count of 10,000.
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(Math.abs(product / 100_000 / (1 / 12))).toBeLessThan(4 / Math.sqrt(100_000));
  });
});

test('seedFrom tells parts and their order apart', () => {
  const seeds = [seedFrom('a', 1), seedFrom('a', 2), seedFrom(1, 'a'), seedFrom('b', 1), seedFrom('a1')];
  expect(new Set(seeds).size).toBe(5);
  expect(seedFrom('a', 1)).toBe(seeds[0]);
});

describe('the normal distribution', () => {
  test.each([
    [0.5, 0],
    [0.8, 0.8416],
    [0.975, 1.96],
    [0.025, -1.96],
    [0.999, 3.0902],
  ])('%d of all numbers lie below %d', (probability, z) => {
    expect(normalQuantile(probability)).toBeCloseTo(z, 2);
    expect(normalTail(z)).toBeCloseTo(1 - probability, 4);
  });

  test('tail and quantile undo each other, also far out', () => {
    for (let z = -6; z <= 6; z += 0.25) expect(tailQuantile(normalTail(z))).toBeCloseTo(z, 2);
  });
});
