import { expect, test } from 'vitest';
import { checkIn } from '../../src/actions/check-in.ts';
import {
  cancelReservation,
  reachReservation,
  rescheduleReservation,
} from '../../src/actions/reservations.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { confirmedOnDay, expectedByLine } from '../../src/db/expected.ts';
import { expectedAt } from '../../src/db/waits.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import type { LocalDay } from '../../src/domain/days.ts';
import {
  book,
  bookAndCheckIn,
  buildScene,
  checkInTo,
  entriesOf,
  eventsOf,
  mondayAt,
  refusalCode,
  refusalOf,
  type Scene,
  verbsOf,
} from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

const SLOT = mondayAt('10:00');

onBothDatabases('somebody with a reservation', (open) => {
  /** Whether each of the lists of who is still to come has them. */
  async function expectedOn({ store, service, location }: Scene, day: LocalDay): Promise<boolean[]> {
    const byLine = await store.run(expectedByLine, { from: day, to: day });
    return [
      (await store.run(confirmedOnDay, { serviceId: service.id, day })).some(({ hasTicket }) => !hasTicket),
      (await store.run(expectedAt, { locationId: location.id, day })).length > 0,
      byLine.some(({ serviceId, count }) => serviceId === service.id && count > 0),
    ];
  }

  test('is expected until they come, and again when they left and moved to another time', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock } = scene;
    const { id } = await book(scene, cast.customer, mondayAt('10:00'));
    expect(await expectedOn(scene, '2026-03-02')).toEqual([true, true, true]);
    clock.set(mondayAt('10:00'));
    const entry = await checkInTo(act(cast.customer), { id });
    expect(await expectedOn(scene, '2026-03-02')).toEqual([false, false, false]);
    await moveTicket(act(cast.staff), entry, 'leave');
    expect(await expectedOn(scene, '2026-03-02')).toEqual([false, false, false]);
    for (const [days, day] of [
      [0, '2026-03-02'],
      [1, '2026-03-03'],
    ] as const) {
      clock.pass(1);
      const timeSlot = addMinutes(mondayAt('14:00'), days * 24 * 60);
      await rescheduleReservation(act(cast.staff), await reachReservation(act(cast.staff), id), { timeSlot });
      expect(await expectedOn(scene, day)).toEqual([true, true, true]);
    }
    expect(await expectedOn(scene, '2026-03-02')).toEqual([false, false, false]);
  });
});

onBothDatabases('checking in', (open) => {
  test('gives the next number, once', async () => {
    const scene = await buildScene(open().store, { capacity: 2, prefix: 'P' });
    const { cast, service, store, clock, act } = scene;
    const first = await book(scene, cast.customer, SLOT);
    const second = await book(scene, cast.otherCustomer, SLOT);
    clock.set(addMinutes(SLOT, -20));
    const entry = await checkInTo(act(cast.customer), first);
    expect(entry).toMatchObject({
      reservationId: first.id,
      number: 'P1',
      position: 1,
      status: 'waiting',
      name: cast.customer.name,
      phone: null,
      dueAt: SLOT,
      effectiveAt: addMinutes(SLOT, -10),
      arrivedAt: clock(),
      localDay: '2026-03-02',
      version: 1,
    });
    clock.pass(1);
    expect(await checkInTo(act(cast.customer), first)).toEqual(entry);
    expect((await checkInTo(act(cast.staff), second)).number).toBe('P2');
    expect(await verbsOf(store, service)).toEqual(['book', 'book', 'check-in', 'check-in']);
    expect((await eventsOf(store, service))[3]).toMatchObject({
      actorId: cast.staff.id,
      reservationId: second.id,
      toStatus: 'waiting',
    });
  });

  test('is for customers within the window, for the desk on the whole day', async () => {
    const scene = await buildScene(open().store, {
      checkInBeforeMinutes: 30,
      checkInAfterMinutes: 15,
      capacity: 2,
    });
    const { cast, clock, act } = scene;
    const mine = await book(scene, cast.customer, SLOT);
    const other = await book(scene, cast.otherCustomer, SLOT);
    for (const [minutes, code] of [
      [-31, 'outside_window'],
      [16, 'outside_window'],
    ] as const) {
      clock.set(addMinutes(SLOT, minutes));
      const refusal = await refusalOf(checkInTo(act(cast.customer), mine));
      expect(refusal).toMatchObject({
        code,
        facts: { opens: addMinutes(SLOT, -30), closes: addMinutes(SLOT, 15) },
      });
    }
    clock.set(new Date('2026-03-03T07:00:00Z'));
    expect(await refusalCode(checkInTo(act(cast.staff), mine))).toBe('outside_window');
    clock.set(mondayAt('16:00'));
    const late = await checkInTo(act(cast.staff), mine);
    expect(late).toMatchObject({ dueAt: mondayAt('16:00'), effectiveAt: mondayAt('16:00') });
    expect(await refusalCode(checkInTo(act(cast.otherStaff), other))).toBe('not_found');
    expect(await refusalCode(checkInTo(act(cast.customer), other))).toBe('not_found');
    expect(await refusalCode(checkInTo(act(null), other))).toBe('unauthenticated');
  });

  test('waits for its day where the number came with the booking', async () => {
    const scene = await buildScene(open().store, { checkIn: 'none' });
    const { cast, clock, act } = scene;
    const reservation = await book(scene, cast.customer, SLOT);
    clock.set(addMinutes(SLOT, -24 * 60));
    expect(await refusalCode(checkInTo(act(cast.staff), reservation))).toBe('outside_window');
    clock.set(SLOT);
    expect(await checkInTo(act(cast.staff), reservation)).toMatchObject({ status: 'waiting' });
  });

  test('of a canceled reservation is refused, of one that moved meanwhile is stale', async () => {
    const scene = await buildScene(open().store);
    const { cast, clock, act } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    const reached = await reachReservation(act(cast.customer), id);
    await rescheduleReservation(act(cast.customer), reached, { timeSlot: mondayAt('10:30') });
    clock.set(SLOT);
    expect(await refusalCode(checkIn(act(cast.customer), reached))).toBe('stale');
    await cancelReservation(act(cast.staff), await reachReservation(act(cast.staff), id));
    expect(await refusalCode(checkIn(act(cast.customer), reached))).toBe('stale');
    expect(await refusalCode(checkInTo(act(cast.staff), { id }))).toBe('wrong_state');
    expect(await entriesOf(scene.store, scene.service)).toEqual([]);
  });

  test('who left the line can come back with a new number', async () => {
    const scene = await buildScene(open().store);
    const { cast, act } = scene;
    const entry = await bookAndCheckIn(scene, cast.customer, SLOT);
    await moveTicket(act(cast.customer), entry, 'leave');
    const again = await checkInTo(act(cast.customer), { id: entry.reservationId as string });
    expect(again).toMatchObject({ position: 2, status: 'waiting' });
    expect(again.id).not.toBe(entry.id);
  });
});
