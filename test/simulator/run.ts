// Proves the estimates: `npm run estimates`. Prints the tables, writes them into docs/estimates.md and draws its chart.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { estimateLine } from '../../src/domain/estimate.ts';
import { longLine } from './cost.ts';
import { figuresOf, holds, verdictsOf } from './figures.ts';
import {
  chart,
  costTable,
  type Lesson,
  lessonTable,
  scenarioTable,
  verdictTable,
  withPart,
} from './report.ts';
import { SCENARIOS } from './scenarios.ts';
import { type Trial, type TrialOptions, tryScenario } from './trial.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/estimates.md', import.meta.url));
const CHART = fileURLToPath(new URL('../../docs/images/estimates.svg', import.meta.url));

/** Seeds that nothing was tuned with; those were 100 to 299. */
const SEEDS = Array.from({ length: 20 }, (_, index) => 5000 + index);
const LESSON_SEEDS = SEEDS.slice(0, 4);
const LESSONS = [0, 1, 2, 5, 14];
const COSTS = [10, 50, 100, 1000, 5000];

function main(): void {
  const trials = tryAll(SEEDS, { days: 5, every: 2 });
  const sights = trials.flatMap((trial) => trial.sights);
  const verdicts = verdictsOf(sights);
  const parts = {
    figures: scenarioTable(sights),
    counts: counted(trials),
    verdicts: verdictTable(verdicts),
    lessons: lessonTable(LESSONS.map(lesson)),
    cost: costTable(COSTS.map((tickets) => ({ tickets, milliseconds: cost(tickets) }))),
  };
  let document = readFileSync(DOCUMENT, 'utf8');
  for (const [name, text] of Object.entries(parts)) {
    console.log(`\n${text}`);
    document = withPart(document, name, text);
  }
  writeFileSync(DOCUMENT, document);
  writeFileSync(CHART, chart(sights));
  process.exitCode = verdicts.every((verdict) => holds(verdict)) ? 0 : 1;
}

function tryAll(seeds: readonly number[], options: Omit<TrialOptions, 'seed'>): Trial[] {
  return SCENARIOS.flatMap((scenario) => {
    console.error(scenario.name);
    return seeds.map((seed) => tryScenario(scenario, { seed, ...options }));
  });
}

function counted(trials: readonly Trial[]): string {
  const total = (value: (trial: Trial) => number) =>
    trials.reduce((sum, trial) => sum + value(trial), 0).toLocaleString('en');
  return `${total(({ asked }) => asked)} looks at tickets that were called later, ${total(({ silent }) => silent)} of them
without an estimate; ${total(({ left }) => left)} looks at tickets that left before are not counted.`;
}

function lesson(days: number): Lesson {
  const trials = tryAll(LESSON_SEEDS, { days: 5, every: 4, learnDays: days });
  const [silent, asked] = [
    trials.reduce((sum, trial) => sum + trial.silent, 0),
    trials.reduce((sum, trial) => sum + trial.asked, 0),
  ];
  return { days, figures: figuresOf(trials.flatMap(({ sights }) => sights)), silent: silent / asked };
}

/** The shortest of many calls, in milliseconds: what else the machine does only makes them longer. */
function cost(tickets: number): number {
  const { state, models } = longLine(tickets);
  return Math.min(
    ...Array.from({ length: 200 }, () => {
      const before = performance.now();
      estimateLine(state, models);
      return performance.now() - before;
    }),
  );
}

main();
