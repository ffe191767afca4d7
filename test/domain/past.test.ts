import { describe, expect, test } from 'vitest';
import { addMinutes } from '../../src/domain/clock.ts';
import {
  courseOf,
  historiesOf,
  type Past,
  type PastEntry,
  type Repeat,
  serviceOf,
} from '../../src/domain/past.ts';

const TODAY = '2026-03-02';
const ZONE = 'Europe/Berlin';
/** Ten o'clock in Berlin, the day before. */
const TEN = new Date('2026-03-01T09:00:00Z');
const at = (minutes: number) => addMinutes(TEN, minutes);

const ticket = (given: Partial<PastEntry> = {}): PastEntry => ({
  id: 'a',
  reservationId: null,
  serviceId: 'line',
  originServiceId: 'line',
  localDay: '2026-03-01',
  status: 'completed',
  priority: 0,
  arrivedAt: at(0),
  calledAt: at(5),
  startedAt: at(6),
  endedAt: at(16),
  parkedAt: null,
  timeSlot: null,
  ...given,
});

const repeat = (
  verb: 'park' | 'recall' | 'requeue' | 'reinstate' | 'transfer' | 'delay',
  minute: number,
  called: number | null,
  started: number | null = null,
): Repeat => ({
  entryId: 'a',
  verb,
  at: at(minute),
  dueAt: at(0),
  calledAt: called === null ? null : at(called),
  startedAt: started === null ? null : at(started),
});

describe('the course of a ticket', () => {
  test('is in its own times where nothing was repeated', () => {
    expect(courseOf(ticket())).toEqual({
      firstCalled: at(5),
      called: at(5),
      waitedAgain: 0,
      firstStarted: at(6),
      servedBefore: 0,
      parked: [],
    });
    expect(serviceOf(ticket())).toEqual({ startedAt: at(6), minutes: 10 });
  });

  test('begins with the first call, however often it was recalled', () => {
    const recalls = [repeat('recall', 5, 3), repeat('recall', 3, 2)];
    expect(courseOf(ticket(), recalls).firstCalled).toEqual(at(2));
    // Put back into the line, it was called for the first time all the same.
    expect(courseOf(ticket(), [repeat('requeue', 4, 3), repeat('recall', 3, 1)])).toMatchObject({
      firstCalled: at(1),
      called: at(5),
      waitedAgain: 0,
    });
  });

  test('counts all parts of a service that was parked, and not what lay between', () => {
    const parks = [repeat('park', 30, 20, 20), repeat('park', 10, 1, 2)];
    const entry = ticket({ calledAt: at(40), startedAt: at(40), endedAt: at(45) });
    expect(courseOf(entry, [...parks, repeat('recall', 1, 0)])).toEqual({
      firstCalled: at(0),
      called: at(0),
      waitedAgain: 0,
      firstStarted: at(2),
      servedBefore: 18,
      parked: [
        { from: at(10), minutes: 10 },
        { from: at(30), minutes: 10 },
      ],
    });
    expect(serviceOf(entry, parks)).toEqual({ startedAt: at(2), minutes: 23 });
  });

  test('ends where it was parked, when it never came back', () => {
    const entry = ticket({ startedAt: at(6), parkedAt: at(12), endedAt: at(60) });
    const parks = [repeat('park', 12, 5, 6)];
    expect(serviceOf(entry, parks)).toEqual({ startedAt: at(6), minutes: 6 });
    expect(courseOf(entry, parks).parked).toEqual([]);
  });

  test('waits again in another line that it is sent to from a desk, and not for what was done there', () => {
    const entry = ticket({ calledAt: at(36), startedAt: at(37), endedAt: at(40) });
    const sent = repeat('transfer', 35, 5, 5);
    // What the first line parked and served is not the second one's.
    const parked = repeat('park', 20, 5, 5);
    expect(courseOf(entry, [sent, parked])).toEqual({
      firstCalled: at(5),
      called: at(36),
      waitedAgain: 1,
      firstStarted: at(37),
      servedBefore: 0,
      parked: [],
    });
    expect(serviceOf(entry, [sent, parked])).toEqual({ startedAt: at(37), minutes: 3 });
    // Sent on before anybody called it, it waits on; and while nobody has called it, nothing is told.
    expect(courseOf(entry, [repeat('transfer', 20, null)])).toMatchObject({
      firstCalled: at(36),
      waitedAgain: 0,
    });
    expect(courseOf(ticket({ calledAt: null, startedAt: null, status: 'left' }), [sent])).toMatchObject({
      firstCalled: at(5),
      called: null,
      waitedAgain: 0,
    });
  });

  test('begins with the first call also where more time was asked for then, and keeps what was served', () => {
    const delay = repeat('delay', 6, 4);
    expect(courseOf(ticket({ calledAt: at(16), startedAt: at(17) }), [delay])).toMatchObject({
      firstCalled: at(4),
      called: at(16),
      waitedAgain: 0,
    });
    // Asked for before any call, it changes none.
    expect(courseOf(ticket(), [repeat('delay', 2, null)])).toEqual(courseOf(ticket()));
    // Set aside, called again, and not ready.
    const entry = ticket({ calledAt: at(60), startedAt: at(61), endedAt: at(66) });
    expect(serviceOf(entry, [repeat('park', 10, 1, 2), repeat('delay', 45, 40, 2)])).toEqual({
      startedAt: at(2),
      minutes: 13,
    });
  });

  test('is no service unless it was completed', () => {
    expect(serviceOf(ticket({ status: 'skipped' }))).toBeUndefined();
    expect(serviceOf(ticket({ startedAt: null }))).toBeUndefined();
  });
});

describe('the history of a line', () => {
  const of = (past: Partial<Past>) =>
    historiesOf({ entries: [], repeats: [], booked: [], ...past }, ZONE, TODAY).get('line');

  test('tells who was served, who did not come and who left, and after how long', () => {
    const history = of({
      entries: [
        ticket(),
        ticket({ id: 'b', status: 'skipped', startedAt: null, endedAt: at(8), priority: 1 }),
        // One tap called and started; nobody came.
        ticket({ id: 'c', status: 'skipped', startedAt: at(5), endedAt: at(7) }),
        ticket({ id: 'd', status: 'left', calledAt: null, startedAt: null, endedAt: at(20) }),
      ],
    });
    expect(history?.services).toEqual([{ daysAgo: 1, hour: 10, minutes: 10 }]);
    expect(history?.tickets).toEqual([
      { hour: 10, priority: 0, cameAfterSlot: null, waited: 5, outcome: 'served', atDesk: 1 },
      { hour: 10, priority: 1, cameAfterSlot: null, waited: 5, outcome: 'no_show', atDesk: 3 },
      { hour: 10, priority: 0, cameAfterSlot: null, waited: 5, outcome: 'no_show', atDesk: 2 },
      { hour: 10, priority: 0, cameAfterSlot: null, waited: 20, outcome: 'left', atDesk: null },
    ]);
    expect(history?.days).toBe(1);
  });

  test('tells the first wait of who asked for more time when called, and that who went instead has left', () => {
    const entry = ticket({ calledAt: at(16), startedAt: at(17) });
    const gone = ticket({ id: 'b', status: 'left', calledAt: null, startedAt: null, endedAt: at(9) });
    const repeats = ['a', 'b'].map((entryId) => ({ ...repeat('delay', 6, 4), entryId }));
    expect(of({ entries: [entry, gone], repeats })?.tickets).toMatchObject([
      { waited: 4, outcome: 'served', atDesk: 1 },
      { waited: 9, outcome: 'left', atDesk: null },
    ]);
  });

  test('tells how early reservations came, and how many did not', () => {
    const entries = [
      ticket({ reservationId: 'r', timeSlot: at(10) }),
      // Left, and came again.
      ticket({
        id: 'b',
        reservationId: 'r',
        timeSlot: at(10),
        status: 'left',
        calledAt: null,
        startedAt: null,
      }),
    ];
    const booked = [
      { serviceId: 'line', day: '2026-03-01', count: 2 },
      { serviceId: 'line', day: '2026-02-28', count: 3 },
    ];
    const history = of({ entries, booked });
    expect(history?.tickets.map(({ cameAfterSlot }) => cameAfterSlot)).toEqual([-10, -10]);
    expect(history?.missed).toBe(4);
  });

  test('leaves out what midnight ended, but not that the line was open', () => {
    const midnight = new Date('2026-03-01T23:00:00Z');
    const history = of({
      entries: [
        ticket({ endedAt: midnight }),
        ticket({ id: 'b', status: 'left', calledAt: null, startedAt: null, endedAt: midnight }),
      ],
    });
    expect(history).toMatchObject({ services: [], tickets: [], days: 1 });
  });

  test('is that of the line in which a ticket ended; its reservation was made for the other', () => {
    const entries = [ticket({ serviceId: 'other', reservationId: 'r', timeSlot: at(0) })];
    const booked = [{ serviceId: 'line', day: '2026-03-01', count: 1 }];
    const histories = historiesOf({ entries, repeats: [], booked }, ZONE, TODAY);
    expect(histories.get('line')).toMatchObject({ services: [], missed: 0 });
    expect(histories.get('other')?.services).toHaveLength(1);
  });
});
