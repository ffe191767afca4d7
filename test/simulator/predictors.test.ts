import { describe, expect, test } from 'vitest';
import { addMinutes } from '../../src/domain/clock.ts';
import { meanMinutes } from '../../src/domain/durations.ts';
import { learnLine } from '../../src/domain/habits.ts';
import type { Look, Ticket } from './day.ts';
import { predictSimply } from './predictors.ts';
import { SCENARIOS } from './scenarios.ts';

const MIDNIGHT = new Date('2026-03-02T00:00:00Z');
const NOW = 600;
const [queue] = SCENARIOS[1]?.queues ?? [];
if (!queue) throw new Error('No scenario');

const history = { services: [], tickets: [], days: 0, missed: 0, parked: [], pauses: [], deskMinutes: 0 };
const model = { ...learnLine(history, 10), noShow: 0.1, noShowMinutes: 2, walkMinutes: 1 };

const ticket = (id: string, arrivedAt: number, given: Partial<Ticket> = {}): Ticket => ({
  id,
  queue,
  priority: 0,
  slot: null,
  arrivedAt,
  dueAt: addMinutes(MIDNIGHT, arrivedAt),
  effectiveAt: addMinutes(MIDNIGHT, arrivedAt),
  status: 'waiting',
  calledAt: null,
  startedAt: null,
  endedAt: null,
  atDesk: null,
  parkedAt: null,
  desk: null,
  ...given,
});

/** Two desks; the last call was of somebody who had waited 25 minutes. */
function look(waiting: readonly Ticket[]): Look {
  const served = [
    ticket('s1', 540, { status: 'completed', calledAt: 560 }),
    ticket('s2', 570, { status: 'in_service', calledAt: 595 }),
  ];
  return {
    now: NOW,
    state: { now: addMinutes(MIDNIGHT, NOW), minuteOfDay: NOW, queues: [], desks: [] },
    asked: [],
    waiting,
    tickets: [...served, ...waiting],
    openDesks: new Map([[queue?.id ?? '', 2]]),
    finishedToday: new Map(),
  };
}

describe('the simple predictors', () => {
  const [first, second, third] = [ticket('a', 572), ticket('b', 580), ticket('c', 600)];
  const between = 0.9 * (meanMinutes(model.durations, 10) + 1) + 0.1 * 2;

  test('say of somebody who just came what their authors would', () => {
    expect(predictSimply(look([first, second, third]), third, model)).toEqual({
      naive: (2 * queue.configuredMinutes) / 2,
      QL: (3 * between) / 2,
      LES: 25,
      HOL: 28,
    });
  });

  test('take off what has been waited already', () => {
    expect(predictSimply(look([first, second]), second, model)).toEqual({
      naive: queue.configuredMinutes / 2,
      QL: between,
      LES: 5,
      HOL: 8,
    });
  });

  test('of who is next, HOL says what LES does; without a call yet, LES what QL does', () => {
    const next = predictSimply(look([third]), third, model);
    expect(next).toMatchObject({ naive: 0, LES: 25, HOL: 25 });
    const early = { ...look([third]), tickets: [third] };
    expect(predictSimply(early, third, model)).toMatchObject({ LES: between / 2, HOL: between / 2 });
  });

  test('add the time until somebody is due', () => {
    const dueAt = addMinutes(MIDNIGHT, 620);
    const early = ticket('d', 600, { slot: 620, dueAt, effectiveAt: dueAt });
    expect(predictSimply(look([first, early]), early, model)).toMatchObject({ LES: 45, HOL: 48 });
  });
});
