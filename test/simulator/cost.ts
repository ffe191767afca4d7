import { addMinutes } from '../../src/domain/clock.ts';
import type { LineState } from '../../src/domain/estimate.ts';
import { type LineModel, learnLine } from '../../src/domain/habits.ts';

const NOON = new Date('2026-03-02T12:00:00Z');

/** A line of so many waiting, three busy desks and twenty reservations still to come, with what was learned of it. */
export function longLine(tickets: number): { state: LineState; models: Map<string, LineModel> } {
  const minute = (minutes: number) => addMinutes(NOON, minutes);
  const desks = ['one', 'two', 'three'];
  const services = Array.from({ length: 400 }, (_, index) => ({
    daysAgo: 1 + (index % 14),
    hour: 9 + (index % 8),
    minutes: 5 + ((index * 7) % 11),
  }));
  const state: LineState = {
    now: NOON,
    minuteOfDay: 720,
    queues: [
      {
        id: 'line',
        rules: { graceMinutes: 10, creditMinutes: 10, priorityMinutes: 10, earlyCallMinutes: null },
        waiting: Array.from({ length: tickets }, (_, index) => {
          const arrivedAt = minute(-60 + (59 * index) / tickets);
          return { id: `t-${10_000 + index}`, dueAt: arrivedAt, effectiveAt: arrivedAt, arrivedAt };
        }),
        inService: desks.map((deskId) => ({ deskId, startedAt: minute(-4) })),
        called: [],
        parked: [],
        expected: Array.from({ length: 20 }, (_, index) => ({ timeSlot: minute(10 * index) })),
      },
    ],
    desks: desks.map((id) => ({ id, serves: ['line'] })),
  };
  const history = { services, tickets: [], days: 14, missed: 0, parked: [], pauses: [], deskMinutes: 20_000 };
  return { state, models: new Map([['line', learnLine(history, 10)]]) };
}
