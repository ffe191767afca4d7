import { expect, test } from 'vitest';
import { addMinutes, MINUTE } from '../../src/domain/clock.ts';
import { lookOf, mayChange, type StandingTicket } from '../../src/domain/held.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';

const NOON = new Date('2026-03-02T11:00:00Z');
const TICKET: StandingTicket = {
  entry: { id: 'a', version: 3, status: 'waiting' } as QueueEntry,
  service: { id: 's', version: 1 } as PlacedService,
  ahead: 4,
  estimate: { low: 5, high: 9, at: NOON },
  desk: null,
  recalled: false,
  worse: [{ at: NOON, codes: ['priority'], ahead: 4 }],
  delay: { left: 2, places: 1, until: NOON },
  backUntil: NOON,
  lateMinutes: 0,
  over: false,
  toCome: false,
};

const later = addMinutes(NOON, 1);
const OTHERS: { [Field in keyof StandingTicket]: StandingTicket[Field][] } = {
  entry: [
    { ...TICKET.entry, id: 'b' },
    { ...TICKET.entry, version: 4 },
  ],
  service: [
    { ...TICKET.service, id: 't' },
    { ...TICKET.service, version: 2 },
  ],
  ahead: [3, 0, null],
  estimate: [
    null,
    { low: 4, high: 9, at: NOON },
    { low: 5, high: 8, at: NOON },
    { low: 5, high: 9, at: later },
  ],
  desk: ['Desk 1'],
  recalled: [true],
  worse: [
    [],
    [{ at: later, codes: ['priority'], ahead: 4 }],
    [{ at: NOON, codes: ['moved'], ahead: 4 }],
    [{ at: NOON, codes: ['priority'], ahead: 5 }],
  ],
  delay: [
    null,
    { left: 1, places: 1, until: NOON },
    { left: 2, places: 0, until: NOON },
    { left: 2, places: 1, until: later },
  ],
  backUntil: [null, later],
  lateMinutes: [10],
  over: [true],
  toCome: [true],
};

test.each(Object.entries(OTHERS))('a ticket looks different with another %s', (field, values) => {
  for (const value of values) expect(lookOf({ ...TICKET, [field]: value })).not.toBe(lookOf(TICKET));
});

test('a ticket looks the same within a minute, and whatever of its row nobody sees', () => {
  const soon = new Date(NOON.getTime() + MINUTE - 1);
  const same: StandingTicket = {
    ...TICKET,
    entry: { ...TICKET.entry, note: 'Brings a dog' },
    estimate: { low: 5, high: 9, at: soon },
    worse: [{ at: soon, codes: ['priority'], ahead: 4 }],
    delay: { left: 2, places: 1, until: soon },
    backUntil: soon,
  };
  expect(lookOf(same)).toBe(lookOf(TICKET));
});

test('a screen may change while its ticket is in the line, and while it may come back', () => {
  const of = (status: QueueEntry['status'], minutesAgo: number | null, backUntil: Date | null = null) => {
    const endedAt = minutesAgo === null ? null : addMinutes(NOON, -minutesAgo);
    return { entry: { ...TICKET.entry, status, endedAt }, over: false, backUntil };
  };
  for (const status of ['waiting', 'called', 'in_service', 'parked'] as const)
    expect(mayChange(of(status, null), NOON)).toBe(true);
  expect(mayChange(of('skipped', 5, later), NOON)).toBe(true);
  expect(mayChange(of('skipped', 20), NOON)).toBe(false);
  // The desk takes back within half a minute what ended it.
  for (const status of ['completed', 'left'] as const) {
    expect(mayChange(of(status, 0.5), NOON)).toBe(true);
    expect(mayChange(of(status, 1), NOON)).toBe(false);
  }
  expect(mayChange({ ...of('waiting', null), over: true }, NOON)).toBe(false);
});
