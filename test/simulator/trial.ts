import { type Estimate, estimateLine } from '../../src/domain/estimate.ts';
import { followToday, type LineHistory, type LineModel, learnLine } from '../../src/domain/habits.ts';
import { type Look, type Past, simulateDay, type Ticket } from './day.ts';
import { predictSimply, SIMPLE, type Simple } from './predictors.ts';
import type { Scenario } from './scenarios.ts';
import { trueModel } from './truth.ts';

/** Two weeks are learned from, always the last two before the day that is tested. */
const HISTORY_DAYS = 14;

export type Predictor = Simple | 'estimate' | 'oracle';
export const PREDICTORS: readonly Predictor[] = ['estimate', 'oracle', ...SIMPLE];

/** One look at one ticket that was called later: what was said, and what came. */
export interface Sight {
  scenario: string;
  /** Sights of one day hang together: the sampling error is that of days. */
  day: string;
  /** Whether the ticket had just come. */
  arrival: boolean;
  /** Minutes until the call. */
  real: number;
  said: Record<Predictor, number>;
  p80: { estimate: number; oracle: number };
}

export interface Trial {
  sights: Sight[];
  /** How many looks there were at tickets that were called later, … */
  asked: number;
  /** … in how many of them the estimator said nothing, … */
  silent: number;
  /** … and how many at tickets that left before, which are not counted. */
  left: number;
}

export interface TrialOptions {
  /** Where the random numbers come from; tuning and proof have different ones. */
  seed: number;
  /** Days that are tested, after the two weeks. */
  days: number;
  /** Of so many moments one is looked at. */
  every: number;
  /** How many of the days before are learned from; 14 unless told. */
  learnDays?: number;
}

/** Learns a scenario's two weeks, then looks at every waiting ticket through the days that follow. */
export function tryScenario(
  scenario: Scenario,
  { seed, days, every, learnDays = HISTORY_DAYS }: TrialOptions,
): Trial {
  const pasts: Past[] = [];
  const trial: Trial = { sights: [], asked: 0, silent: 0, left: 0 };
  for (let day = 0; day < HISTORY_DAYS + days; day++) {
    if (day < HISTORY_DAYS) {
      pasts.push(simulateDay(scenario, { seed, day }).past);
      continue;
    }
    const learned = learnScenario(scenario, pasts.slice(day - learnDays));
    const known = modelsOf(scenario, (queue) => trueModel(scenario, queue, day));
    const guesses: Guess[] = [];
    let moment = 0;
    const { past } = simulateDay(scenario, {
      seed,
      day,
      observe: (look) => {
        if (moment++ % every === 0) guesses.push(...guessAt(look, learned, known));
      },
    });
    pasts.push(past);
    collect(trial, guesses, scenario.name, `${seed}/${day}`);
  }
  return trial;
}

/** What the estimator learns from these days, the latest last. */
export function learnScenario(scenario: Scenario, pasts: readonly Past[]): Map<string, LineModel> {
  return modelsOf(scenario, (queue) => learnLine(historyOf(queue.id, pasts), queue.configuredMinutes));
}

function historyOf(queue: string, pasts: readonly Past[]): LineHistory {
  const days = pasts.map((past, index) => ({ past, of: past.queues.get(queue), ago: pasts.length - index }));
  return {
    services: days.flatMap(({ of, ago }) => (of?.services ?? []).map((one) => ({ ...one, daysAgo: ago }))),
    tickets: days.flatMap(({ of }) => of?.tickets ?? []),
    days: pasts.length,
    missed: days.reduce((sum, { of }) => sum + (of?.missed ?? 0), 0),
    parked: days.flatMap(({ of, ago }) => (of?.parked ?? []).map((one) => ({ ...one, daysAgo: ago }))),
    pauses: days.flatMap(({ past, ago }) => past.pauses.map((one) => ({ ...one, daysAgo: ago }))),
    deskMinutes: days.reduce((sum, { of }) => sum + (of?.deskMinutes ?? 0), 0),
  };
}

function modelsOf(
  { queues }: Scenario,
  model: (queue: Scenario['queues'][number]) => LineModel,
): Map<string, LineModel> {
  return new Map(queues.map((queue) => [queue.id, model(queue)]));
}

interface Guess {
  ticket: Ticket;
  at: number;
  arrival: boolean;
  simple: Record<Simple, number>;
  estimate: Estimate | null;
  oracle: Estimate | null;
}

function guessAt(
  look: Look,
  learned: ReadonlyMap<string, LineModel>,
  known: ReadonlyMap<string, LineModel>,
): Guess[] {
  const today = new Map(
    [...learned].map(([id, model]) => [id, followToday(model, look.finishedToday.get(id) ?? [])]),
  );
  const estimates = estimateLine(look.state, today);
  const oracles = estimateLine(look.state, known);
  return look.asked.map((ticket) => ({
    ticket,
    at: look.now,
    arrival: ticket.arrivedAt === look.now,
    simple: predictSimply(look, ticket, today.get(ticket.queue.id) as LineModel),
    estimate: estimates.get(ticket.id) ?? null,
    oracle: oracles.get(ticket.id) ?? null,
  }));
}

/** Keeps the guesses about those who were called; who left before has no wait to compare with. */
function collect(trial: Trial, guesses: readonly Guess[], scenario: string, day: string): void {
  for (const { ticket, at, arrival, simple, estimate, oracle } of guesses) {
    if (ticket.calledAt === null) {
      trial.left++;
      continue;
    }
    trial.asked++;
    if (!estimate || !oracle) {
      trial.silent++;
      continue;
    }
    trial.sights.push({
      scenario,
      day,
      arrival,
      real: ticket.calledAt - at,
      said: { ...simple, estimate: estimate.p50, oracle: oracle.p50 },
      p80: { estimate: estimate.p80, oracle: oracle.p80 },
    });
  }
}
