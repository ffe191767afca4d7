import type { DurationModel } from '../../src/domain/durations.ts';
import type { LineModel } from '../../src/domain/habits.ts';
import { normalQuantile } from '../../src/domain/random.ts';
import { medianMinutes } from './day.ts';
import type { QueueTruth, Scenario } from './scenarios.ts';

const POINTS = 64;

/** The model that knows everything: what the estimator would learn from endless history of this very day. */
export function trueModel({ pauses }: Scenario, queue: QueueTruth, day: number): LineModel {
  const offset = queue.reservations?.offset ?? { mean: 0, sd: 0 };
  const [first, second, third] = queue.priorities ?? [0, 0, 0];
  return {
    durations: lognormal(
      Float64Array.from({ length: 24 }, (_, hour) => Math.log(medianMinutes(queue, day, hour))),
      queue.sigma,
    ),
    noShow: queue.noShow,
    noShowMinutes: queue.noShowMinutes,
    walkMinutes: queue.walkMinutes,
    leaving: Float64Array.from(queue.leaving),
    comes: queue.reservations?.comes ?? 1,
    cameAfterSlot: Float64Array.from(
      { length: POINTS },
      (_, point) => offset.mean + offset.sd * normalQuantile((point + 0.5) / POINTS),
    ),
    walkIns: [1 - first - second - third, first, second, third].map((share) =>
      Float64Array.from({ length: 24 }, (_, hour) => (share * (queue.walkIns[hour] ?? 0)) / 60),
    ),
    parked: lognormal(
      new Float64Array(24).fill(Math.log(queue.parks?.minutes ?? 15)),
      queue.parks?.sigma ?? 0.5,
    ),
    pauses: lognormal(new Float64Array(24).fill(Math.log(pauses?.minutes ?? 15)), pauses?.sigma ?? 0.5),
    pauseRate: (pauses?.perHour ?? 0) / 60,
  };
}

function lognormal(levels: Float64Array, sigma: number): DurationModel {
  const hours = new Float64Array(24);
  const before = { level: levels[12] ?? 0, variance: 0, count: 1e6, hours };
  return { levels, levelSd: 0, sigma, count: 1e6, before };
}
