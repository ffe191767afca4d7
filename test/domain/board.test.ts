import { describe, expect, test } from 'vitest';
import { type BoardEntry, boardOf, publicName } from '../../src/domain/board.ts';
import { addMinutes } from '../../src/domain/clock.ts';

const NOW = new Date('2026-11-23T10:00:00Z');
let count = 0;

function entry(number: string, change: Partial<BoardEntry> = {}): BoardEntry {
  count += 1;
  return {
    id: `id-${String(count).padStart(4, '0')}`,
    serviceId: 'a',
    number,
    name: 'Wanda Walker',
    status: 'waiting',
    arrivedAt: addMinutes(NOW, count - 1000),
    dueAt: addMinutes(NOW, count - 1000),
    effectiveAt: addMinutes(NOW, count - 1000),
    calledAt: null,
    deskId: null,
    ...change,
  };
}

const called = (number: string, minutesAgo: number, change: Partial<BoardEntry> = {}) =>
  entry(number, { status: 'called', calledAt: addMinutes(NOW, -minutesAgo), deskId: 'd1', ...change });

function board(entries: BoardEntry[], showNames = false) {
  return boardOf(
    {
      entries,
      services: [
        { id: 'a', name: 'Passports', earlyCallMinutes: 15 },
        { id: 'b', name: 'Permits', earlyCallMinutes: null },
      ],
      deskNames: new Map([['d1', 'Desk 1']]),
      notices: new Map([['b', { closed: true, delayMinutes: 25 }]]),
      forNew: new Map([['a', { low: 10, high: 15 }]]),
      showNames,
    },
    NOW,
  );
}

describe('a board', () => {
  test('shows who was called or is served, the latest first, eight at most', () => {
    const entries = Array.from({ length: 10 }, (_, index) =>
      called(`A${index}`, 10 - index, index % 2 ? { status: 'in_service' } : {}),
    );
    expect(board(entries).calls.map(({ number }) => number)).toEqual(
      [9, 8, 7, 6, 5, 4, 3, 2].map((number) => `A${number}`),
    );
  });

  test('says where to go, and nothing where desks have no names', () => {
    const { calls } = board([
      called('A1', 2),
      called('A2', 3, { deskId: null }),
      called('A3', 4, { deskId: 'gone' }),
    ]);
    expect(calls.map(({ desk }) => desk)).toEqual(['Desk 1', null, null]);
  });

  test('gives a ticket that is called again another key', () => {
    const first = called('A1', 5);
    const again = { ...first, calledAt: addMinutes(NOW, -1) };
    expect(board([first]).calls[0]?.key).not.toBe(board([again]).calls[0]?.key);
  });

  test('shows names only where that was chosen, and then not the whole', () => {
    expect(board([called('A1', 1)]).calls[0]?.name).toBeNull();
    expect(board([called('A1', 1)], true).calls[0]?.name).toBe('Wanda W.');
  });

  test('shows the first six of each line in calling order, how many wait, and what the line tells', () => {
    const line = Array.from({ length: 8 }, (_, index) => entry(`A${index}`));
    const hurried = entry('A99', { effectiveAt: addMinutes(NOW, -5000), dueAt: addMinutes(NOW, -1) });
    const { lines } = board([...line, hurried, entry('B1', { serviceId: 'b' })]);
    expect(lines).toEqual([
      {
        serviceId: 'a',
        name: 'Passports',
        next: ['A99', 'A0', 'A1', 'A2', 'A3', 'A4'],
        waiting: 9,
        closed: false,
        delayMinutes: 0,
        forNew: { low: 10, high: 15 },
      },
      {
        serviceId: 'b',
        name: 'Permits',
        next: ['B1'],
        waiting: 1,
        closed: true,
        delayMinutes: 25,
        forNew: null,
      },
    ]);
  });

  test('counts and lists who came, and who can be called by now', () => {
    const due = (number: string, minutes: number, change: Partial<BoardEntry> = {}) => {
      const at = addMinutes(NOW, minutes);
      return entry(number, { arrivedAt: at, dueAt: at, effectiveAt: at, ...change });
    };
    const { lines } = board([
      due('A1', 16),
      due('A2', 15),
      due('A3', 60, { arrivedAt: addMinutes(NOW, -5) }),
      due('B1', 300, { serviceId: 'b' }),
    ]);
    expect(lines).toMatchObject([
      { next: ['A2', 'A3'], waiting: 2 },
      { next: ['B1'], waiting: 1 },
    ]);
  });
});

test.each([
  ['Wanda Walker', 'Wanda W.'],
  ['  Wanda  van der  Meer ', 'Wanda M.'],
  ['Cher', 'Cher'],
  ['𝒜nna 𝒵ee', '𝒜nna 𝒵.'],
  ['Maximilian-Alexander Alt', 'Maximilian-Alexander A.'],
  ['Wolfeschlegelsteinhausen Bergerdorff', 'Wolfeschlegelsteinh… B.'],
  ['𝒜'.repeat(30), `${'𝒜'.repeat(19)}…`],
  ['', null],
])('the public name of %j is %j', (name, shown) => {
  expect(publicName(name)).toBe(shown);
});
