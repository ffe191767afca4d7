import { describe, expect, test } from 'vitest';
import { lineStateOf, type SharedLine, type SharedLines, sharing } from '../../src/domain/at-work.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import type { Desk } from '../../src/domain/desk.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';

const DAY = '2026-03-02';
const NOON = new Date('2026-03-02T11:00:00Z');
const at = (minutes: number) => addMinutes(NOON, minutes);
const HOURS = [
  { from: at(-180), to: at(-30) },
  { from: at(30), to: at(300) },
];

const service = (id: string) =>
  ({ id, location: { id: 'place', name: '', slug: '', timeZone: 'Europe/Berlin' } }) as PlacedService;

const desk = (id: string, given: Partial<Desk> = {}): Desk => ({
  id,
  locationId: 'place',
  name: id,
  staffedBy: 'somebody',
  staffedAt: at(-60),
  pausedAt: null,
  serviceIds: [],
  ...given,
});

const ticket = (id: string, status: QueueEntry['status'], given: Partial<QueueEntry> = {}) =>
  ({ id, status, deskId: null, startedAt: at(-5), calledAt: at(-5), parkedAt: null, ...given }) as QueueEntry;

const line = (id: string, given: Partial<SharedLine> = {}): SharedLine => ({
  service: service(id),
  open: [],
  expected: [],
  hours: [{ from: at(-180), to: at(300) }],
  ...given,
});

const state = (given: Partial<SharedLines> = {}) =>
  lineStateOf({
    now: NOON,
    day: DAY,
    lines: [line('a')],
    desks: [],
    hasNoDesks: false,
    completed: [],
    repeats: [],
    ...given,
  });

const ids = (given: Partial<SharedLines>) => state(given).desks.map(({ id }) => id);

describe('lines share desks', () => {
  const [a, b, c] = [service('a'), service('b'), service('c')];
  const shared = (desks: Desk[]) => sharing(a, [a, b, c], desks).map(({ id }) => id);

  test('directly, by others, or not at all', () => {
    expect(shared([])).toEqual(['a']);
    expect(shared([desk('1', { serviceIds: ['a'] }), desk('2', { serviceIds: ['b', 'c'] })])).toEqual(['a']);
    expect(shared([desk('1', { serviceIds: ['b', 'c'] }), desk('2', { serviceIds: ['a', 'b'] })])).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(shared([desk('1')])).toEqual(['a', 'b', 'c']);
  });
});

describe('a named desk is at work', () => {
  test('when somebody sat down today, or it holds a ticket', () => {
    const yesterday = at(-24 * 60);
    expect(ids({ desks: [desk('1')] })).toEqual(['1']);
    expect(ids({ desks: [desk('1', { staffedBy: null, staffedAt: null })] })).toEqual([]);
    expect(
      ids({
        desks: [desk('1', { staffedBy: null, staffedAt: null })],
        lines: [line('a', { open: [ticket('t', 'called', { deskId: '1' })] })],
      }),
    ).toEqual(['1']);
    expect(ids({ desks: [desk('1', { staffedAt: yesterday })] })).toEqual([]);
    expect(
      ids({ desks: [desk('1', { staffedAt: yesterday })], completed: [{ serviceId: 'a', deskId: '1' }] }),
    ).toEqual(['1']);
    expect(ids({ desks: [desk('1', { pausedAt: yesterday })] })).toEqual([]);
  });

  test('with its pause, for the lines it serves', () => {
    const { desks } = state({
      desks: [desk('1', { pausedAt: at(-3), serviceIds: ['b'] })],
      lines: [line('a'), line('b')],
    });
    expect(desks).toMatchObject([{ id: '1', pausedSince: at(-3), serves: ['b'] }]);
  });
});

describe('a desk without a name', () => {
  test('is one for each ticket in service, and serves that line alone', () => {
    const open = [ticket('x', 'in_service'), ticket('y', 'in_service'), ticket('z', 'called')];
    const { desks, queues } = state({ lines: [line('a', { open }), line('b')] });
    expect(desks.map(({ serves }) => serves)).toEqual([['a'], ['a']]);
    const [one, two] = desks.map(({ id }) => id);
    expect(queues[0]?.inService.map(({ deskId }) => deskId)).toEqual([one, two]);
    expect(queues[0]?.called).toEqual([{ deskId: one }]);
  });

  test('is one where the line was served so today, or where there are no desks', () => {
    expect(ids({})).toEqual([]);
    expect(ids({ hasNoDesks: true })).toHaveLength(1);
    expect(ids({ completed: [{ serviceId: 'a', deskId: null }] })).toHaveLength(1);
    expect(ids({ completed: [{ serviceId: 'b', deskId: null }] })).toEqual([]);
    expect(ids({ completed: [{ serviceId: 'a', deskId: 'gone' }] })).toEqual([]);
  });

  test('is none beside a named one, unless it has somebody', () => {
    const completed = [{ serviceId: 'a', deskId: null }];
    expect(ids({ desks: [desk('1')], completed })).toEqual(['1']);
    const lines = [line('a', { open: [ticket('x', 'in_service')] })];
    expect(ids({ desks: [desk('1')], completed, lines })).toHaveLength(2);
  });

  test('is that of a desk of other lines, too', () => {
    const lines = [line('a', { open: [ticket('x', 'in_service', { deskId: 'elsewhere' })] })];
    const { desks, queues } = state({ lines });
    expect(queues[0]?.inService[0]?.deskId).toBe(desks[0]?.id);
  });
});

describe('hours', () => {
  const breaks = (given: Partial<SharedLine>) =>
    state({ desks: [desk('1')], lines: [line('a', { hours: HOURS, ...given })] }).desks[0];

  test('close a desk between them and after the last', () => {
    expect(breaks({})).toMatchObject({ closesAt: at(300), breaks: [{ from: at(-30), to: at(30) }] });
    const early = state({ now: at(-200), desks: [desk('1')], lines: [line('a', { hours: HOURS })] });
    expect(early.desks[0]?.breaks).toMatchObject([{ to: at(-180) }, { from: at(-30), to: at(30) }]);
  });

  test('of all its lines count together', () => {
    const lines = [line('a', { hours: HOURS }), line('b', { hours: [{ from: at(-40), to: at(40) }] })];
    expect(state({ desks: [desk('1')], lines }).desks[0]).toMatchObject({ breaks: [], closesAt: at(300) });
  });

  test('are not those of a desk that calls between them, or stays after them', () => {
    const open = [ticket('x', 'in_service', { deskId: '1', calledAt: at(-10) })];
    expect(breaks({ open })?.breaks).toEqual([]);
    const before = [ticket('x', 'in_service', { deskId: '1', calledAt: at(-40) })];
    expect(breaks({ open: before })?.breaks).toHaveLength(1);
    const late = state({ now: at(301), desks: [desk('1')], lines: [line('a', { hours: HOURS })] });
    expect(late.desks[0]).toMatchObject({ closesAt: null, breaks: [] });
  });
});

test('a service that was parked goes on from where it stopped', () => {
  const repeats = [
    { entryId: 'x', verb: 'park', at: at(-20), dueAt: at(-30), calledAt: at(-30), startedAt: at(-30) },
    { entryId: 'y', verb: 'park', at: at(-2), dueAt: at(-30), calledAt: at(-9), startedAt: at(-9) },
  ];
  const open = [ticket('x', 'in_service'), ticket('y', 'parked', { parkedAt: at(-2) })];
  const { queues, minuteOfDay } = state({ lines: [line('a', { open })], repeats });
  expect(queues[0]?.inService).toMatchObject([{ startedAt: at(-15) }]);
  expect(queues[0]?.parked).toEqual([{ parkedAt: at(-2), servedMinutes: 7 }]);
  expect(minuteOfDay).toBe(12 * 60);
});
