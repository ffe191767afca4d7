import { describe, expect, test } from 'vitest';
import { addMinutes } from '../../src/domain/clock.ts';
import { type Waiting, whyNext, whyWorse } from '../../src/domain/why.ts';

const NOW = new Date('2026-03-02T10:00:00Z');

describe('why a ticket is next', () => {
  const walkIn = { dueAt: NOW, effectiveAt: NOW, placedBy: null, priority: 0, reason: null };

  test.each([
    ['has been due longest', {}, 'due', 0],
    ['goes ahead by its credit', { effectiveAt: addMinutes(NOW, -10) }, 'credit', 10],
    ['goes ahead by its class', { effectiveAt: addMinutes(NOW, -20), priority: 2 }, 'priority', 20],
    ['was moved', { effectiveAt: addMinutes(NOW, -30), priority: 1, placedBy: 'move' as const }, 'move', 30],
    ['was put back', { effectiveAt: addMinutes(NOW, 5), placedBy: 'requeue' as const }, 'requeue', -5],
    ['asked for time', { effectiveAt: addMinutes(NOW, 10), placedBy: 'delay' as const }, 'delay', -10],
    ['is early', { dueAt: addMinutes(NOW, 1), placedBy: 'delay' as const }, 'early', 1],
  ])('because it %s', (_, change, code, aheadMinutes) => {
    const entry = { ...walkIn, ...change };
    expect(whyNext(entry, NOW)).toEqual({ code, aheadMinutes, dueAt: entry.dueAt, reason: null });
  });
});

describe('why a place got worse', () => {
  const ticket = (id: string, more: Partial<Waiting> = {}): Waiting => ({
    id,
    priority: 0,
    reservationId: null,
    placedBy: null,
    ...more,
  });
  const [mine, other] = [ticket('mine'), ticket('other')];
  const did = (verb: string, entryId: string) => ({ verb, entryId });

  test.each([
    ['somebody with priority came', ticket('new', { priority: 1 }), [did('walk-in', 'new')], 'priority'],
    ['a reservation became due', ticket('new', { reservationId: 'r' }), [], 'reservation_due'],
    [
      'a reservation came',
      ticket('new', { reservationId: 'r' }),
      [did('check-in', 'new')],
      'reservation_due',
    ],
    ['somebody came back', ticket('new'), [did('skip', 'new'), did('reinstate', 'new')], 'reinstated'],
    ['somebody was moved', ticket('new'), [did('move', 'new')], 'moved'],
    ['somebody was put back', ticket('new'), [did('requeue', 'new')], 'requeued_other'],
    ['somebody was sent over', ticket('new'), [did('transfer', 'new')], 'transferred'],
    ['something was undone', ticket('new'), [did('leave', 'new'), did('undo', 'new')], 'undone'],
    ['somebody is there', ticket('new'), [], 'arrived'],
  ])('because %s', (_, passing, events, code) => {
    expect(whyWorse('mine', [mine, other], [passing, mine, other], events)).toEqual([code]);
  });

  test('because of nothing that was taken back since', () => {
    const undone = (verb: string, entryId: string) => ({ ...did(verb, entryId), undone: true });
    expect(whyWorse('mine', [mine, other], [other, mine], [undone('delay', 'mine')])).toEqual([]);
    const passed = [ticket('new'), mine, other];
    expect(whyWorse('mine', [mine, other], passed, [undone('move', 'new')])).toEqual([]);
    const twice = [undone('move', 'new'), did('requeue', 'new')];
    expect(whyWorse('mine', [mine, other], passed, twice)).toEqual(['requeued_other']);
  });

  test('because of what was done to it itself, and then of nothing else', () => {
    for (const [verb, code] of [
      ['delay', 'delayed'],
      ['requeue', 'requeued'],
      ['move', 'moved_back'],
    ] as const)
      expect(whyWorse('mine', [mine, other], [other, mine], [did(verb, 'mine')])).toEqual([code]);
  });

  test('each reason once, and none while it is no worse', () => {
    const urgent = [ticket('a', { priority: 1 }), ticket('b', { priority: 2 })];
    expect(whyWorse('mine', [mine], [...urgent, mine], [])).toEqual(['priority']);
    expect(whyWorse('mine', [other, mine], [ticket('a', { priority: 1 }), mine], [])).toEqual([]);
    expect(whyWorse('mine', [other, mine], [mine], [])).toEqual([]);
    expect(whyWorse('mine', [other, mine], [other], [])).toEqual([]);
    expect(whyWorse('mine', [], [other, mine], [])).toEqual([]);
  });
});
