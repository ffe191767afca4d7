import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Change, type Placed, Step, stepsOf, worsenings } from '../../src/domain/history.ts';
import { aheadOf } from '../../src/domain/order.ts';

const START = new Date('2026-03-02T08:00:00Z').getTime();
const at = (minute: number) => new Date(START + minute * 60_000);

const ticket = (id: string, due: number, effective = due): Placed => ({
  id,
  serviceId: 's',
  reservationId: null,
  status: 'waiting',
  priority: 0,
  dueAt: at(due),
  effectiveAt: at(effective),
  awayUntil: null,
  placedBy: null,
});

const place: NonNullable<Change['before']> = {
  serviceId: 's',
  status: 'waiting',
  dueAt: at(0),
  effectiveAt: at(0),
  awayUntil: null,
  placedBy: null,
};

describe('the history of a line', () => {
  test('goes back to what each change found', () => {
    const tickets = [ticket('a', 1), { ...ticket('b', 2), status: 'called' as const }];
    const changes: Change[] = [
      { at: at(5), verb: 'walk-in', entryId: 'b', before: null },
      { at: at(7), verb: 'call', entryId: 'b', before: { ...place, dueAt: at(2), effectiveAt: at(2) } },
      { at: at(7), verb: 'note', entryId: 'a', before: { ...place, dueAt: at(1), effectiveAt: at(1) } },
    ];
    const steps = stepsOf('s', tickets, changes, at(3), at(9));
    const shown = steps.map(({ at: time, waiting, called, events }) => [
      (time.getTime() - START) / 60_000,
      waiting.map(({ id }) => id).join(''),
      [...called].join(''),
      events.map(({ verb }) => verb).join(' '),
    ]);
    expect(shown).toEqual([
      [3, 'a', '', ''],
      [5, 'ab', '', 'walk-in'],
      [7, 'a', 'b', 'call note'],
      [9, 'a', 'b', ''],
    ]);
  });

  test('leaves out who stood in another line then', () => {
    const changes: Change[] = [
      { at: at(5), verb: 'transfer', entryId: 'b', before: { ...place, serviceId: 'other' } },
    ];
    const steps = stepsOf('s', [ticket('a', 1), ticket('b', 0)], changes, at(3), at(9));
    expect(steps.map(({ waiting }) => waiting.map(({ id }) => id).join(''))).toEqual(['a', 'ba', 'ba']);
    expect(worsenings('a', steps)).toEqual([{ at: at(5), codes: ['transferred'], ahead: 1 }]);
  });

  test('looks for worse places only at steps that can have made one', () => {
    const changes: Change[] = [
      { at: at(4), verb: 'walk-in', entryId: 'c', before: null },
      { at: at(5), verb: 'call', entryId: 'a', before: { ...place, dueAt: at(0), effectiveAt: at(0) } },
      {
        at: at(6),
        verb: 'requeue',
        entryId: 'a',
        before: { ...place, status: 'called', dueAt: at(0), effectiveAt: at(0) },
      },
      {
        at: at(7),
        verb: 'move',
        entryId: 'b',
        before: { ...place, dueAt: at(1), effectiveAt: at(3) },
      },
    ];
    const steps = stepsOf('s', [ticket('a', 0, 2), ticket('b', 1), ticket('c', 3)], changes, at(3), at(9));
    const line = steps.map(({ waiting }) => waiting.map(({ id }) => id).join(''));
    expect(line).toEqual(['ab', 'abc', 'bc', 'abc', 'bac', 'bac']);
    expect(steps.map(({ mayBeWorse }) => mayBeWorse)).toEqual([false, false, false, true, true, false]);
  });

  describe('of somebody who asked for more time and is back', () => {
    const away = { ...place, dueAt: at(15), effectiveAt: at(10), awayUntil: at(15) };
    const lineOf = (others: Placed[], undone = false) =>
      stepsOf(
        's',
        [ticket('me', 7, 10), ...others],
        [
          { at: at(5), verb: 'delay', entryId: 'me', before: place },
          { at: at(7), verb: 'back', entryId: 'me', before: away, undone },
        ],
        at(3),
        at(9),
      );

    test('tells what stays lost, from then on', () => {
      const told = worsenings('me', lineOf([ticket('a', 1), ticket('b', 2), ticket('c', 1, 11)]));
      expect(told).toEqual([{ at: at(7), codes: ['returned'], ahead: 2 }]);
    });

    test('tells nothing where nobody stays ahead who was not', () => {
      expect(worsenings('me', lineOf([ticket('z', 0, -1), ticket('c', 1, 11)]))).toEqual([]);
    });

    test('tells of the time once more when coming back was taken back', () => {
      const told = worsenings('me', lineOf([ticket('c', 1, 11)], true));
      expect(told).toEqual([{ at: at(5), codes: ['delayed'], ahead: 1 }]);
    });
  });

  test('gives a reason whenever, and only when, more people are ahead', () => {
    const arrival = fc.record({
      minute: fc.integer({ min: 1, max: 30 }),
      lead: fc.integer({ min: -20, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 12 }), (arrivals) => {
        const others = arrivals.map(({ minute, lead }, index) =>
          // Who leads is due later than they came: their place gets better by the clock alone.
          ticket(`x${index}`, minute + Math.max(0, lead / 4), minute - lead),
        );
        const mine = ticket('me', 0);
        const changes: Change[] = arrivals
          .map(({ minute }, index) => ({
            at: at(minute),
            verb: 'walk-in',
            entryId: `x${index}`,
            before: null,
          }))
          .sort((a, b) => a.at.getTime() - b.at.getTime());
        const steps = stepsOf('s', [mine, ...others], changes, at(0), at(60));
        // Told forwards, from who had come by then.
        const ahead = steps.map(({ at: time }) =>
          aheadOf(
            mine,
            [mine, ...others.filter((_, index) => at(arrivals[index]?.minute ?? 0) <= time)],
            time,
          ),
        );
        expect(steps.map(({ waiting }) => waiting.findIndex(({ id }) => id === 'me'))).toEqual(ahead);
        const worse = ahead.flatMap((count, index) =>
          index > 0 && count > (ahead[index - 1] as number) ? [count] : [],
        );
        const told = worsenings('me', steps);
        expect(told.map((each) => each.ahead)).toEqual(worse.toReversed());
        expect(worsenings('me', steps, 2)).toEqual(told.slice(0, 2));
        // What looks only where a place may be worse finds what looks everywhere.
        const everywhere = steps.map((step) => Object.assign(new Step(step), { mayBeWorse: true }));
        for (const { id } of [mine, ...others])
          expect(worsenings(id, steps)).toEqual(worsenings(id, everywhere));
        for (const { codes } of told) expect(codes.length).toBeGreaterThan(0);
      }),
    );
  });
});
