import { expect, test } from 'vitest';
import { addMinutes } from '../../src/domain/clock.ts';
import {
  canChange,
  canCheckIn,
  changeDeadline,
  checkInWindow,
  isTicketOf,
  outcomeOf,
  type Reservation,
} from '../../src/domain/reservation.ts';

const SLOT = new Date('2026-03-02T09:00:00Z');
const RESERVATION: Pick<Reservation, 'timeSlot' | 'localDay' | 'status'> = {
  timeSlot: SLOT,
  localDay: '2026-03-02',
  status: 'confirmed',
};
const WINDOW = { checkInBeforeMinutes: 60, checkInAfterMinutes: 30 };

test('the deadline for changes lies before the slot', () => {
  const service = { cancelMinutes: 120 };
  expect(changeDeadline(RESERVATION, service)).toEqual(addMinutes(SLOT, -120));
  expect(canChange(RESERVATION, service, addMinutes(SLOT, -120))).toBe(true);
  expect(canChange(RESERVATION, service, addMinutes(SLOT, -119))).toBe(false);
  expect(canChange({ ...RESERVATION, status: 'canceled' }, service, addMinutes(SLOT, -999))).toBe(false);
  expect(canChange({ ...RESERVATION, status: 'pending' }, service, addMinutes(SLOT, -120))).toBe(true);
});

test('customers check in within the window, both ends included', () => {
  expect(checkInWindow(RESERVATION, WINDOW, 'UTC')).toEqual({
    opens: addMinutes(SLOT, -60),
    closes: addMinutes(SLOT, 30),
  });
  const can = (minutes: number) => canCheckIn(RESERVATION, WINDOW, addMinutes(SLOT, minutes), 'UTC', false);
  expect([-61, -60, 0, 30, 31].map(can)).toEqual([false, true, true, true, false]);
});

test('the window stays within the day, as the line does', () => {
  const early = { ...RESERVATION, timeSlot: new Date('2026-03-02T00:15:00Z') };
  expect(checkInWindow(early, WINDOW, 'UTC').opens).toEqual(new Date('2026-03-02T00:00:00Z'));
  const late = { ...RESERVATION, timeSlot: new Date('2026-03-02T23:45:00Z') };
  expect(checkInWindow(late, WINDOW, 'UTC').closes).toEqual(new Date('2026-03-03T00:00:00Z'));
});

test('the desk checks in on the whole day, of its place', () => {
  const can = (now: string, zone: string) => canCheckIn(RESERVATION, WINDOW, new Date(now), zone, true);
  expect(can('2026-03-02T00:00:00Z', 'UTC')).toBe(true);
  expect(can('2026-03-02T23:59:00Z', 'UTC')).toBe(true);
  expect(can('2026-03-03T00:00:00Z', 'UTC')).toBe(false);
  expect(can('2026-03-02T23:30:00Z', 'Europe/Berlin')).toBe(false);
});

test('only what is confirmed can be checked in', () => {
  for (const status of ['pending', 'canceled'] as const) {
    expect(canCheckIn({ ...RESERVATION, status }, WINDOW, SLOT, 'UTC', true), status).toBe(false);
  }
});

test('what became of a reservation is what its ticket says, once it is its day', () => {
  const told = (ticket: Parameters<typeof outcomeOf>[1], now: string, zone = 'UTC') =>
    outcomeOf(RESERVATION, ticket, new Date(now), zone);
  expect(told(null, '2026-03-02T23:59:00Z')).toBe('confirmed');
  expect(told(null, '2026-03-03T00:00:00Z')).toBe('unused');
  expect(told(null, '2026-03-03T00:00:00Z', 'America/New_York')).toBe('confirmed');
  expect(told('waiting', '2026-03-01T23:00:00Z')).toBe('confirmed');
  expect(told('waiting', '2026-03-02T00:00:00Z')).toBe('waiting');
  expect(told('left', '2026-03-01T23:00:00Z')).toBe('left');
  for (const status of ['completed', 'skipped', 'left', 'in_service'] as const)
    expect(told(status, '2026-03-05T12:00:00Z')).toBe(status);
  for (const status of ['canceled', 'pending'] as const)
    expect(outcomeOf({ ...RESERVATION, status }, 'left', new Date('2026-03-05T12:00:00Z'), 'UTC')).toBe(
      status,
    );
});

test('a ticket that was left belongs to the time its reservation then had', () => {
  const moved = { updatedAt: SLOT };
  expect(isTicketOf(moved, { voided: false, status: 'left', endedAt: addMinutes(SLOT, -1) })).toBe(false);
  expect(isTicketOf(moved, { voided: false, status: 'left', endedAt: SLOT })).toBe(true);
  expect(isTicketOf(moved, { voided: false, status: 'skipped', endedAt: addMinutes(SLOT, -1) })).toBe(true);
  expect(isTicketOf(moved, { voided: false, status: 'waiting', endedAt: null })).toBe(true);
  expect(isTicketOf(moved, { voided: true, status: 'left', endedAt: SLOT })).toBe(false);
});
