import { SIMPLE } from './predictors.ts';
import { PREDICTORS, type Predictor, type Sight } from './trial.ts';

/** How the predictors did on some sights. */
export interface Figures {
  sights: number;
  meanWait: number;
  /** Mean absolute error, in minutes. */
  error: Record<Predictor, number>;
  /** The share of real waits at or under p80. */
  covered: { estimate: number; oracle: number };
}

export function figuresOf(sights: readonly Sight[]): Figures {
  return meansOf(sumsOf(sights));
}

/** The same figures as sums, which can be added and taken off. */
function sumsOf(sights: readonly Sight[]): Figures {
  const sums = nothing();
  for (const { real, said, p80 } of sights) {
    sums.sights++;
    sums.meanWait += real;
    for (const predictor of PREDICTORS) sums.error[predictor] += Math.abs(real - said[predictor]);
    if (real <= p80.estimate) sums.covered.estimate++;
    if (real <= p80.oracle) sums.covered.oracle++;
  }
  return sums;
}

function nothing(): Figures {
  const error = Object.fromEntries(PREDICTORS.map((predictor) => [predictor, 0]));
  return {
    sights: 0,
    meanWait: 0,
    error: error as Record<Predictor, number>,
    covered: { estimate: 0, oracle: 0 },
  };
}

function meansOf({ sights, meanWait, error, covered }: Figures): Figures {
  const errors = PREDICTORS.map((predictor) => [predictor, error[predictor] / sights]);
  return {
    sights,
    meanWait: meanWait / sights,
    error: Object.fromEntries(errors) as Record<Predictor, number>,
    covered: { estimate: covered.estimate / sights, oracle: covered.oracle / sights },
  };
}

function without(all: Figures, some: Figures): Figures {
  const error = PREDICTORS.map((predictor) => [predictor, all.error[predictor] - some.error[predictor]]);
  return {
    sights: all.sights - some.sights,
    meanWait: all.meanWait - some.meanWait,
    error: Object.fromEntries(error) as Record<Predictor, number>,
    covered: {
      estimate: all.covered.estimate - some.covered.estimate,
      oracle: all.covered.oracle - some.covered.oracle,
    },
  };
}

/**
 * A figure and its standard error, by leaving out one day at a time (the jackknife): sights of one day hang together,
 * so days are what was sampled.
 */
function measured(
  sights: readonly Sight[],
  figure: (figures: Figures) => number,
): { value: number; error: number } {
  const days = Map.groupBy(sights, ({ scenario, day }) => `${scenario} ${day}`);
  const all = sumsOf(sights);
  const values = [...days.values()].map((day) => figure(meansOf(without(all, sumsOf(day)))));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    value: figure(meansOf(all)),
    error: Math.sqrt(((values.length - 1) / values.length) * squares),
  };
}

/** Something that must hold, and whether it does. */
export interface Verdict {
  what: string;
  value: number;
  /** The standard error of `value`. */
  error: number;
  least: number;
  most: number;
}

/** How much worse than the best simple predictor a scenario may be, … */
const WORST_SCENARIO = 1.05;
/** … how much worse than the oracle all of them together, … */
const WORST_POOLED = 1.1;
/** … and how many real waits lie at or under p80. */
const COVERED = { least: 0.75, most: 0.85 };

/** What estimates must keep: better than every simple predictor, near the oracle, and an honest p80. */
export function verdictsOf(sights: readonly Sight[]): Verdict[] {
  const judge = (
    what: string,
    of: readonly Sight[],
    figure: (figures: Figures) => number,
    most: number,
    least = 0,
  ): Verdict => ({ what, ...measured(of, figure), least, most });
  const scenarios = Map.groupBy(sights, ({ scenario }) => scenario);
  return [
    ...SIMPLE.map((simple) =>
      judge(`error, of that of ${simple}`, sights, ({ error }) => error.estimate / error[simple], 1),
    ),
    judge('error, of that of the oracle', sights, ({ error }) => error.estimate / error.oracle, WORST_POOLED),
    judge('waits at or under p80', sights, ({ covered }) => covered.estimate, COVERED.most, COVERED.least),
    ...[...scenarios].map(([scenario, of]) =>
      judge(
        `${scenario}: error, of that of the best simple predictor`,
        of,
        ({ error }) => error.estimate / Math.min(...SIMPLE.map((simple) => error[simple])),
        WORST_SCENARIO,
      ),
    ),
  ];
}

/** Whether a verdict holds, give or take so many standard errors. */
export function holds({ value, error, least, most }: Verdict, errors = 0): boolean {
  return value >= least - errors * error && value <= most + errors * error;
}
