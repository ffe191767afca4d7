import { performance } from 'node:perf_hooks';
import { estimateLine } from '../../src/domain/estimate.ts';
import { longLine } from '../simulator/cost.ts';
import { atMost, microseconds, type Row, times } from './report.ts';

const LINES = [1, 100, 5_000];
const ROUNDS = 60;

/** The estimates of a whole line with so many waiting, three desks and twenty reservations to come, in this process. */
export function benchEstimates(): Row[] {
  const lines = LINES.map(longLine);
  // In turns, and the least of each: what else the machine does only makes a run longer.
  const least = LINES.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { state, models }] of lines.entries()) {
      const before = performance.now();
      estimateLine(state, models);
      least[index] = Math.min(least[index] ?? Number.POSITIVE_INFINITY, performance.now() - before);
    }
  }
  const [, few = Number.NaN, many = Number.NaN] = least;
  return [
    {
      what: 'the estimates of 5,000 waiting, to those of 100',
      value: many / few,
      show: times,
      goal: atMost(3, 3),
      note: LINES.map((tickets, index) => `${tickets}: ${microseconds((least[index] ?? 0) * 1000)}`).join(
        '; ',
      ),
    },
  ];
}
