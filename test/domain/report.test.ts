import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addMinutes } from '../../src/domain/clock.ts';
import type { Repeat } from '../../src/domain/past.ts';
import {
  type BookedDay,
  figuresByService,
  figuresOf,
  hoursOfDay,
  quantile,
  toldFigures,
  type Visit,
  type VisitRow,
  visitsOf,
} from '../../src/domain/report.ts';

const DAY = '2026-03-02';
const NINE = new Date(`${DAY}T09:00:00Z`);
const EVENING = new Date(`${DAY}T20:00:00Z`);
let ids = 0;

/** A ticket due and there at nine, in minutes from then: when it was called, started and ended. */
function visit(
  minutes: { called?: number; started?: number; ended?: number },
  change: Partial<VisitRow> = {},
  repeats: readonly (Omit<Repeat, 'entryId' | 'dueAt'> & Partial<Repeat>)[] = [],
): Visit {
  const at = (minute: number | undefined) => (minute === undefined ? null : addMinutes(NINE, minute));
  const row: VisitRow = {
    id: `visit-${String(ids++).padStart(6, '0')}`,
    reservationId: null,
    serviceId: 'a',
    originServiceId: 'a',
    localDay: DAY,
    status: 'completed',
    dueAt: NINE,
    arrivedAt: NINE,
    calledAt: at(minutes.called),
    startedAt: at(minutes.started),
    endedAt: at(minutes.ended),
    parkedAt: null,
    placedBy: null,
    estimatedLow: null,
    estimatedHigh: null,
    ...change,
  };
  const ofRow = repeats.map((repeat) => ({ dueAt: NINE, ...repeat, entryId: row.id }));
  return visitsOf([row], ofRow, 'UTC', EVENING)[0] as Visit;
}

const booked = (count: number, serviceId = 'a'): BookedDay[] => [{ serviceId, day: DAY, count }];

test('a day in figures', () => {
  const visits = [
    visit({ called: 5, started: 6, ended: 26 }, { reservationId: 'r1' }),
    visit({ called: 15, started: 15, ended: 25 }),
    visit({ called: 40, ended: 50 }, { status: 'skipped', reservationId: 'r2' }),
    visit({ ended: 30 }, { status: 'left' }),
    visit({}, { status: 'waiting', reservationId: 'r3' }),
  ];
  expect(figuresOf(visits, booked(5))).toEqual({
    booked: 5,
    checkedIn: 3,
    walkIns: 2,
    served: 2,
    skipped: 1,
    left: 1,
    open: 1,
    unused: 2,
    waits: { median: 15, p80: 30, longest: 40 },
    serviceMinutes: 15,
  });
});

test('a day on which nothing happened has no waits', () => {
  expect(figuresOf([], [])).toMatchObject({
    booked: 0,
    served: 0,
    unused: 0,
    waits: null,
    serviceMinutes: null,
  });
  expect(figuresByService([], []).size).toBe(0);
  expect(hoursOfDay([], 'UTC')).toEqual([]);
});

test('nobody waits before their slot, and who comes late waits from then', () => {
  const early = visit({ called: 10 }, { arrivedAt: addMinutes(NINE, -30) });
  const late = visit({ called: 10 }, { arrivedAt: addMinutes(NINE, 8) });
  const beforeTheirSlot = visit({ called: -5 }, { arrivedAt: addMinutes(NINE, -30) });
  const waits = (one: Visit) => figuresOf([one], []).waits?.median;
  expect([early, late, beforeTheirSlot].map(waits)).toEqual([10, 2, 0]);
});

test('the time that somebody asks for is no wait, what was before it and is after it is', () => {
  const at = (minutes: number) => addMinutes(NINE, minutes);
  const delay = (minute: number, due: number, called?: number) => ({
    verb: 'delay',
    at: at(minute),
    dueAt: at(due),
    calledAt: called === undefined ? null : at(called),
    startedAt: null,
  });
  const waited = (called: number | null, due: number, ...repeats: ReturnType<typeof delay>[]) =>
    visit(called === null ? {} : { called }, { dueAt: at(due) }, repeats).waited;
  expect(waited(51, 50, delay(40, 0))).toBe(41);
  // Called, and not ready: that was the first call.
  expect(waited(51, 50, delay(41, 0, 40))).toBe(40);
  expect(waited(null, 50, delay(41, 0, 40))).toBe(40);
  // Back after a minute.
  expect(waited(45, 41, delay(40, 0))).toBe(44);
  expect(waited(70, 65, delay(55, 50), delay(40, 0))).toBe(50);
  expect(waited(70, 65, delay(55, 50, 53), delay(40, 0))).toBe(43);
  // Asked for before it was due, or called before it was due again.
  expect(waited(25, 20, delay(-5, 10))).toBe(5);
  expect(waited(45, 50, delay(40, 0))).toBe(40);
});

test('of the tickets of one reservation the newest counts', () => {
  const first = visit({}, { reservationId: 'r', status: 'left' });
  const second = visit({ called: 1, started: 1, ended: 9 }, { reservationId: 'r' });
  for (const visits of [
    [first, second],
    [second, first],
  ])
    expect(figuresOf(visits, booked(1))).toMatchObject({ checkedIn: 1, served: 1, left: 0, unused: 0 });
});

test('a ticket that was handed on came to one service and was served by another', () => {
  const moved = visit({ called: 5, started: 5, ended: 10 }, { reservationId: 'r', serviceId: 'b' });
  const figures = figuresByService([moved], booked(1));
  expect(figures.get('a')).toMatchObject({ booked: 1, checkedIn: 1, served: 0, unused: 0, waits: null });
  expect(figures.get('b')).toMatchObject({ booked: 0, checkedIn: 0, served: 1, unused: 0 });
});

test('hours are those of the wall clock, without gaps between them', () => {
  const visits = [
    visit({ called: 20, started: 20 }),
    visit({ called: 10, started: 130 }, { arrivedAt: addMinutes(NINE, 5) }),
  ];
  expect(hoursOfDay(visits, 'Europe/Berlin')).toEqual([
    { hour: 10, arrived: 2, started: 1, wait: 12.5 },
    { hour: 11, arrived: 0, started: 0, wait: null },
    { hour: 12, arrived: 0, started: 1, wait: null },
  ]);
});

test('who was set aside is started in the hour in which that began', () => {
  const at = (minutes: number) => addMinutes(NINE, minutes);
  const parked = visit({ called: 130, started: 130, ended: 140 }, {}, [
    { verb: 'park', at: at(10), calledAt: at(0), startedAt: at(0) },
  ]);
  expect(hoursOfDay([parked], 'UTC')).toEqual([{ hour: 9, arrived: 1, started: 1, wait: 0 }]);
});

test('an hour that happens twice is one', () => {
  const twice = [new Date('2026-10-25T00:30:00Z'), new Date('2026-10-25T01:30:00Z')];
  const visits = twice.map((arrivedAt) => visit({}, { arrivedAt, status: 'left' }));
  expect(hoursOfDay(visits, 'Europe/Berlin')).toMatchObject([{ hour: 2, arrived: 2 }]);
});

test('quantiles lie between the numbers, the ends are the least and the most', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([7], 0.8)).toBe(7);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (numbers, share) => {
        const sorted = numbers.toSorted((a, b) => a - b);
        const value = quantile(sorted, share);
        expect(value).toBeGreaterThanOrEqual(sorted[0] as number);
        expect(value).toBeLessThanOrEqual(sorted.at(-1) as number);
        expect(quantile(sorted, 0)).toBe(sorted[0]);
        expect(quantile(sorted, 1)).toBe(sorted.at(-1));
      },
    ),
  );
});

test('everybody is somewhere, and the services together are the day', () => {
  const status = fc.constantFrom('waiting', 'called', 'in_service', 'parked', 'completed', 'skipped', 'left');
  const service = fc.constantFrom('a', 'b', 'c');
  const some = fc.array(fc.record({ status, service, walkIn: fc.boolean() }));
  fc.assert(
    fc.property(some, (tickets) => {
      const visits = tickets.map(({ status, service, walkIn }, index) =>
        visit(
          {},
          {
            status: status as Visit['status'],
            serviceId: service,
            originServiceId: service,
            reservationId: walkIn ? null : `r${index}`,
          },
        ),
      );
      const day = figuresOf(visits, booked(tickets.length));
      expect(day.served + day.skipped + day.left + day.open).toBe(tickets.length);
      expect(day.checkedIn + day.walkIns).toBe(tickets.length);
      expect(day.checkedIn + day.unused).toBe(tickets.length);
      const parts = [...figuresByService(visits, []).values()];
      for (const name of ['checkedIn', 'walkIns', 'served', 'skipped', 'left', 'open'] as const)
        expect(parts.reduce((all, figures) => all + figures[name], 0)).toBe(day[name]);
    }),
  );
});

test('a recall, a pause, a return to the line and midnight do not change how long somebody waited and was served', () => {
  const at = (minutes: number) => addMinutes(NINE, minutes);
  const recalled = visit({ called: 15, started: 16, ended: 20 }, {}, [
    { verb: 'recall', at: at(15), calledAt: at(1), startedAt: null },
  ]);
  expect(figuresOf([recalled], [])).toMatchObject({ waits: { median: 1 }, serviceMinutes: 4 });
  // Served for five minutes, away for an hour, and for another ten.
  const parked = visit({ called: 62, started: 65, ended: 75 }, {}, [
    { verb: 'park', at: at(7), calledAt: at(2), startedAt: at(2) },
  ]);
  expect(figuresOf([parked], [])).toMatchObject({ waits: { median: 2 }, serviceMinutes: 15 });
  // Served for half an hour, sent on and called there after a minute.
  const sentOn = visit({ called: 36, started: 36, ended: 40 }, { originServiceId: 'b' }, [
    { verb: 'transfer', at: at(35), calledAt: at(5), startedAt: at(5) },
  ]);
  expect(figuresOf([sentOn], [])).toMatchObject({ waits: { median: 6 }, serviceMinutes: 4 });
  const cameBack = visit({ called: 29, started: 29, ended: 30 }, {}, [
    { verb: 'reinstate', at: at(5), calledAt: at(1), startedAt: null },
  ]);
  expect(figuresOf([cameBack], [])).toMatchObject({ waits: { median: 1 } });
  const forgotten = visit({ called: 5, started: 5, ended: 15 * 60 });
  expect(figuresOf([forgotten], [])).toMatchObject({ served: 1, waits: { median: 5 }, serviceMinutes: null });
});

test('who is there from their slot on has not come before it', () => {
  const row = { ...visit({}, { status: 'waiting', reservationId: 'r1' }), arrivedAt: addMinutes(NINE, 60) };
  const seenAt = (minute: number) => visitsOf([row], [], 'UTC', addMinutes(NINE, minute));
  expect(figuresOf(seenAt(59), booked(1))).toMatchObject({ checkedIn: 0, open: 0, unused: 1 });
  expect(figuresOf(seenAt(60), booked(1))).toMatchObject({ checkedIn: 1, open: 1, unused: 0 });
});

test('what was told beside how long it took', () => {
  const told = (
    called: number,
    low: number,
    high: number,
    change: Partial<VisitRow> = {},
    repeats: Parameters<typeof visit>[2] = [],
  ) => visit({ called }, { estimatedLow: low, estimatedHigh: high, ...change }, repeats);
  const at = (minutes: number) => addMinutes(NINE, minutes);
  const recall = { verb: 'recall', at: at(13), calledAt: at(9), startedAt: null };
  const others = [
    told(10, 8, 12),
    told(12, 8, 12),
    // Nobody was told, or nobody was called.
    visit({ called: 40 }),
    visit({ ended: 50 }, { status: 'left', estimatedLow: 5, estimatedHigh: 9 }),
    // Its own wish, the desk's, or another line made it wait for something else.
    told(90, 1, 2, { placedBy: 'delay' }),
    told(90, 1, 2, { placedBy: 'move' }),
    told(90, 1, 2, { serviceId: 'b' }),
  ];
  const late = told(13, 8, 12);
  expect(toldFigures([...others, late])).toEqual({ told: 7, compared: 3, inTime: 2, medianError: 4 });
  // The call that its row has is the second one.
  const recalled = told(13, 8, 12, {}, [recall]);
  expect(toldFigures([...others, recalled])).toEqual({ told: 7, compared: 3, inTime: 3, medianError: 2 });
});

test('nothing is told of a day on which nobody was told anything', () => {
  expect(toldFigures([visit({ called: 5 })])).toEqual({
    told: 0,
    compared: 0,
    inTime: null,
    medianError: null,
  });
});
