import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMinutes, MINUTE } from '../../src/domain/clock.ts';
import {
  aheadOf,
  behindNext,
  callingOrder,
  cameLate,
  chooseAcross,
  chooseNext,
  delayed,
  dueTimes,
  LineOrder,
  MAX_PRIORITY,
  placeAt,
  type Ranked,
} from '../../src/domain/order.ts';
import { SOAK } from '../support/databases.ts';

const NOON = new Date('2026-03-02T11:00:00Z');
const RULES = { graceMinutes: 10, creditMinutes: 10, priorityMinutes: 10 };
const RUNS = { numRuns: SOAK ? 5_000 : 500 };

const minute = (minutes: number) => addMinutes(NOON, minutes);
const ranked = (id: string, due: number, effective = due): Ranked => ({
  id,
  dueAt: minute(due),
  effectiveAt: minute(effective),
});

/** Lines with many ties, around noon. */
const lines = fc
  .array(fc.record({ due: fc.integer({ min: -12, max: 12 }), ahead: fc.integer({ min: 0, max: 8 }) }), {
    maxLength: 30,
  })
  .map((line) =>
    line.map(({ due, ahead }, index) =>
      ranked(`id-${String(index).padStart(2, '0')}`, due * 5, (due - ahead) * 5),
    ),
  );
const shuffled = lines.chain((line) => fc.shuffledSubarray(line, { minLength: line.length }));

describe('dueTimes', () => {
  test('a walk-in is due on arrival, priority steps ahead of that', () => {
    expect(dueTimes(NOON, null, 0, RULES)).toEqual({ dueAt: NOON, effectiveAt: NOON });
    expect(dueTimes(NOON, null, 2, RULES)).toEqual({ dueAt: NOON, effectiveAt: minute(-20) });
  });

  test('priority is bounded', () => {
    expect(dueTimes(NOON, null, 99, RULES)).toEqual(dueTimes(NOON, null, MAX_PRIORITY, RULES));
  });

  test('a reservation is due at its slot, with credit, up to the end of the grace', () => {
    const onTime = { dueAt: NOON, effectiveAt: minute(-10) };
    expect(dueTimes(minute(-60), NOON, 0, RULES)).toEqual(onTime);
    expect(dueTimes(minute(10), NOON, 0, RULES)).toEqual(onTime);
    const late = addMinutes(minute(10), 1 / 60_000);
    expect(dueTimes(late, NOON, 0, RULES)).toEqual({ dueAt: late, effectiveAt: late });
  });

  test('a reservation may have priority too', () => {
    expect(dueTimes(NOON, NOON, 1, RULES).effectiveAt).toEqual(minute(-20));
  });
});

describe('a reservation that came late', () => {
  const required = { checkIn: 'required' as const };
  const arrived = (minutes: number) => {
    const arrivedAt = minute(minutes);
    return { reservationId: 'r', arrivedAt, ...dueTimes(arrivedAt, NOON, 0, RULES) };
  };

  test('is one that came after the grace period', () => {
    for (const minutes of [-60, 0, 5, 10]) expect(cameLate(arrived(minutes), required)).toBe(false);
    for (const minutes of [10.1, 11, 50]) expect(cameLate(arrived(minutes), required)).toBe(true);
  });

  test('is no walk-in, and none where everybody counts as there at the slot', () => {
    expect(cameLate({ ...arrived(11), reservationId: null }, required)).toBe(false);
    const noCredit = dueTimes(NOON, NOON, 0, { ...RULES, creditMinutes: 0 });
    const there = { reservationId: 'r', arrivedAt: NOON, ...noCredit };
    expect(cameLate(there, { checkIn: 'none' })).toBe(false);
  });

  test('is none any more that was given another place', () => {
    const late = arrived(11);
    expect(cameLate({ ...late, effectiveAt: minute(5) }, required)).toBe(false);
    expect(cameLate({ ...late, ...delayed({ id: 'a', ...late }, 10, minute(12)) }, required)).toBe(false);
  });
});

describe('chooseNext', () => {
  test('takes the smallest effective time of those due', () => {
    const line = [ranked('a', -5, -5), ranked('b', 0, -10), ranked('c', 5, -60)];
    expect(chooseNext(line, NOON, null)?.id).toBe('b');
  });

  test('breaks a tie by id', () => {
    expect(chooseNext([ranked('b', 0), ranked('a', 0)], NOON, null)?.id).toBe('a');
    expect(chooseNext([ranked('b', 5), ranked('a', 5)], NOON, null)?.id).toBe('a');
  });

  test('calls somebody early only when nobody is due, and not too early', () => {
    const line = [ranked('b', 30, 0), ranked('a', 20, 20)];
    expect(chooseNext(line, NOON, null)?.id).toBe('a');
    expect(chooseNext(line, NOON, 20)?.id).toBe('a');
    expect(chooseNext(line, NOON, 19)).toBeUndefined();
    expect(chooseNext([], NOON, null)).toBeUndefined();
  });
});

describe('the order', () => {
  test('choosing again and again makes exactly the calling order, whatever order the line was read in', () => {
    fc.assert(
      fc.property(shuffled, (line) => {
        const chosen: Ranked[] = [];
        let left = [...line];
        for (let next = chooseNext(left, NOON, null); next; next = chooseNext(left, NOON, null)) {
          chosen.push(next);
          left = left.filter(({ id }) => id !== next?.id);
        }
        expect(chosen.map(({ id }) => id)).toEqual(callingOrder(line, NOON).map(({ id }) => id));
        expect(new Set(chosen.map(({ id }) => id)).size).toBe(line.length);
        for (const [index, entry] of chosen.entries()) expect(aheadOf(entry, line, NOON)).toBe(index);
      }),
      RUNS,
    );
  });

  test('nobody due is passed over by somebody who is not', () => {
    fc.assert(
      fc.property(
        shuffled,
        fc.integer({ min: -60, max: 60 }),
        fc.option(fc.integer({ min: 0, max: 60 })),
        (line, at, early) => {
          const now = minute(at);
          const next = chooseNext(line, now, early);
          const due = line.filter(({ dueAt }) => dueAt <= now);
          if (due.length > 0) {
            expect(due).toContain(next);
            for (const other of due) expect(next && next.effectiveAt <= other.effectiveAt).toBe(true);
          } else if (next) {
            for (const other of line) expect(next.dueAt <= other.dueAt).toBe(true);
            if (early !== null)
              expect(next.dueAt.getTime() - now.getTime()).toBeLessThanOrEqual(early * MINUTE);
          } else if (line.length > 0) {
            expect(early).not.toBeNull();
          }
        },
      ),
      RUNS,
    );
  });

  test('looks at the line, and changes nothing of it', () => {
    fc.assert(
      fc.property(shuffled, (line) => {
        const before = line.map(({ id }) => id);
        callingOrder(line, NOON);
        chooseNext(line, NOON, null);
        expect(line.map(({ id }) => id)).toEqual(before);
      }),
    );
  });

  test('time alone moves somebody back only behind those who have become due', () => {
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 0, max: 60 }), (line, later) => {
        const then = minute(later);
        for (const entry of line.filter(({ dueAt }) => dueAt <= NOON)) {
          const before = new Set(
            callingOrder(line, NOON)
              .slice(0, aheadOf(entry, line, NOON))
              .map(({ id }) => id),
          );
          for (const other of callingOrder(line, then).slice(0, aheadOf(entry, line, then))) {
            if (!before.has(other.id)) expect(other.dueAt > NOON && other.dueAt <= then).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });

  /**
   * One desk serves somebody every five minutes while others keep coming, as fast as it serves, most of them with every
   * head start there is. Whoever is due is overtaken only by those who come within the longest head start after them.
   */
  test('nobody starves', () => {
    const arrivals = fc.array(
      fc.record({
        priority: fc.integer({ min: 0, max: 3 }),
        booked: fc.boolean(),
        crowd: fc.integer({ min: 0, max: 2 }),
      }),
      {
        minLength: 40,
        maxLength: 80,
      },
    );
    const headStart = RULES.creditMinutes + MAX_PRIORITY * RULES.priorityMinutes;
    fc.assert(
      fc.property(arrivals, (coming) => {
        let line: (Ranked & { since: number })[] = [];
        const wrong: string[] = [];
        for (const [step, { priority, booked, crowd }] of coming.entries()) {
          const at = step * 5;
          for (let index = 0; index < crowd; index++) {
            const times = dueTimes(minute(at), booked ? minute(at) : null, priority, RULES);
            line.push({ id: `${String(step).padStart(3, '0')}-${index}`, since: at, ...times });
          }
          const next = chooseNext(line, minute(at), null);
          if (!next) continue;
          for (const other of line)
            if (next.since - other.since > headStart) wrong.push(`${next.id} before ${other.id}`);
          line = line.filter(({ id }) => id !== next.id);
        }
        expect(wrong).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('who asked for more time', () => {
  test('is not called early before it is over, and due then', () => {
    const away = { ...ranked('a', 10), awayUntil: minute(10) };
    expect(chooseNext([away], NOON, null)).toBeUndefined();
    expect(chooseNext([away, ranked('b', 20)], NOON, null)?.id).toBe('b');
    expect(chooseNext([away, ranked('b', 20)], minute(10), null)?.id).toBe('a');
  });

  test('is due when it is over, and as much later in the order', () => {
    expect(delayed(ranked('a', -30, -40), 10, NOON)).toEqual({
      dueAt: minute(10),
      effectiveAt: minute(-30),
      awayUntil: minute(10),
    });
    expect(delayed(ranked('a', 20, 10), 10, NOON)).toEqual({
      dueAt: minute(30),
      effectiveAt: minute(20),
      awayUntil: minute(30),
    });
  });

  test('is told everybody who can be called meanwhile, and nobody else', () => {
    const line = [ranked('a', -30), ranked('b', -20), ranked('c', -10), ranked('d', 5), ranked('e', 30)];
    const order = new LineOrder(line, NOON);
    expect(order.costOfDelay(line[0] as Ranked, 10)).toBe(3);
    expect(order.costOfDelay(line[2] as Ranked, 10)).toBe(1);
    expect(order.costOfDelay(line[4] as Ranked, 10)).toBe(0);
    fc.assert(
      fc.property(shuffled, (all) => {
        const order = new LineOrder(all, NOON);
        for (const entry of all) {
          const later = { ...entry, ...delayed(entry, 10, NOON) };
          const cost = order.costOfDelay(entry, 10);
          expect(cost).toBeGreaterThanOrEqual(0);
          // Found by halving, it is what counting finds.
          expect(order.aheadOf(entry)).toBe(aheadOf(entry, all, NOON));
          expect(cost).toBe(aheadOf(later, all, NOON) - aheadOf(entry, all, NOON));
        }
      }),
      RUNS,
    );
  });
});

describe('putting a ticket back', () => {
  const behind = (line: readonly Ranked[], entry: Ranked) => {
    const effectiveAt = behindNext(entry, line, NOON);
    return aheadOf({ ...entry, effectiveAt }, [...line, { ...entry, effectiveAt }], NOON);
  };

  test('puts it behind the next three, or behind the last', () => {
    const line = [ranked('b', -40), ranked('c', -30), ranked('d', -20), ranked('e', -10)];
    expect(behind(line, ranked('a', -60))).toBe(3);
    expect(behind(line, ranked('z', -60))).toBe(3);
    expect(behind(line.slice(0, 2), ranked('a', -60))).toBe(2);
    expect(behind([], ranked('a', -60))).toBe(0);
    expect(behind(line, ranked('a', -5))).toBe(3);
  });

  test('keeps who is tied with the third ahead, and never puts anybody before the due who is not', () => {
    const tied = [ranked('b', -40), ranked('c', -30), ranked('d', -20), ranked('e', -20)];
    expect(behind(tied, ranked('z', -60))).toBe(4);
    expect(behind(tied, ranked('a', -60))).toBe(4);
    expect(behind(tied, ranked('dd', -60))).toBe(3);
    expect(behind([ranked('b', -40), ranked('c', 10)], ranked('a', -60))).toBe(1);
    expect(behind([ranked('b', -40), ranked('c', 10)], ranked('a', 5))).toBe(1);
  });

  test('puts it behind three due, and behind nobody who is not tied with them', () => {
    fc.assert(
      fc.property(shuffled, (line) => {
        const [entry, ...others] = line;
        if (!entry || entry.dueAt > NOON) return;
        const due = callingOrder(others, NOON).filter(({ dueAt }) => dueAt <= NOON);
        const ahead = behind(others, entry);
        expect(ahead).toBeGreaterThanOrEqual(Math.min(3, due.length));
        for (const passed of due.slice(3, ahead)) expect(passed.effectiveAt).toEqual(due[2]?.effectiveAt);
      }),
      RUNS,
    );
  });
});

describe('moving a ticket', () => {
  test('puts it where it was told, but for ties, and never where the due time forbids', () => {
    fc.assert(
      fc.property(shuffled, fc.nat(40), (line, rank) => {
        const [entry, ...others] = line;
        if (!entry) return;
        const effectiveAt = placeAt(entry, rank, line, NOON);
        expect(effectiveAt === undefined).toBe(entry.dueAt > NOON);
        if (effectiveAt === undefined) return;
        const due = callingOrder(others, NOON).filter(({ dueAt }) => dueAt <= NOON);
        const moved = { ...entry, effectiveAt };
        const wanted = Math.min(rank, due.length);
        const got = aheadOf(moved, [...others, moved], NOON);
        const [low, high] = [Math.min(wanted, got), Math.max(wanted, got)];
        const between = due.slice(low, high).map((other) => other.effectiveAt.getTime());
        expect(new Set(between).size).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });

  test('to the front, between two and to the end', () => {
    const line = [ranked('b', -40), ranked('c', -30), ranked('d', -20)];
    for (const id of ['a', 'z'])
      for (const rank of [0, 1, 2, 3, 9]) {
        const moved = { ...ranked(id, -5), effectiveAt: placeAt(ranked(id, -5), rank, line, NOON) as Date };
        expect(aheadOf(moved, [...line, moved], NOON)).toBe(Math.min(rank, 3));
      }
    expect(placeAt(ranked('a', -5), 3, [], NOON)).toEqual(minute(-5));
  });
});

describe('a desk with several lines', () => {
  test('takes whoever would be next if they were one line, as far as each lets it', () => {
    fc.assert(
      fc.property(shuffled, fc.integer({ min: -60, max: 60 }), (line, at) => {
        const lines = [0, 1, 2].map((part) => ({
          waiting: line.filter((_, index) => index % 3 === part),
          earlyCallMinutes: null,
        }));
        expect(chooseAcross(lines, minute(at))).toBe(chooseNext(line, minute(at), null));
      }),
      RUNS,
    );
    const early = { waiting: [ranked('a', 10)], earlyCallMinutes: 5 };
    expect(chooseAcross([early, { waiting: [ranked('b', 20)], earlyCallMinutes: null }], NOON)?.id).toBe('b');
    expect(chooseAcross([early], NOON)).toBeUndefined();
    expect(chooseAcross([early], minute(5))?.id).toBe('a');
  });
});
