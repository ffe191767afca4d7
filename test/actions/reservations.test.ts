import { describe, expect, test } from 'vitest';
import { actOf, actWithin } from '../../src/actions/act.ts';
import { upcomingReservations } from '../../src/actions/own-reservations.ts';
import { advance } from '../../src/actions/queue.ts';
import {
  bookReservation,
  cancelReservation,
  reachReservation,
  rescheduleReservation,
} from '../../src/actions/reservations.ts';
import { updateService } from '../../src/actions/services.ts';
import { transferTicket } from '../../src/actions/tickets.ts';
import { confirmedOnDay } from '../../src/db/expected.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { newId } from '../../src/domain/id.ts';
import type { Person } from '../../src/domain/roles.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import {
  alterService,
  book,
  bookAndCheckIn,
  buildScene,
  buildService,
  entriesOf,
  eventsOf,
  mondayAt,
  refusalCode,
  refusalOf,
  reload,
  reservationsOf,
  type Scene,
  verbsOf,
} from '../support/builders.ts';
import { addCustomers } from '../support/cast.ts';
import { onBothDatabases } from '../support/databases.ts';

const SLOT = mondayAt('10:00');

function cancel({ act }: Scene, actor: Person | null, id: string) {
  return reachReservation(act(actor), id).then((reached) => cancelReservation(act(actor), reached));
}

function move({ act }: Scene, actor: Person | null, id: string, timeSlot: Date) {
  return reachReservation(act(actor), id).then((reached) =>
    rescheduleReservation(act(actor), reached, { timeSlot }),
  );
}

onBothDatabases('booking', (open) => {
  test('confirms a place and writes down who booked what', async () => {
    const scene = await buildScene(open().store, { bufferMinutes: 15 });
    const { service, cast, clock } = scene;
    const reservation = await book(scene, cast.customer, SLOT);
    expect(reservation).toMatchObject({
      serviceId: service.id,
      locationId: service.locationId,
      userId: cast.customer.id,
      localDay: '2026-03-02',
      timeSlot: SLOT,
      endsAt: addMinutes(SLOT, 45),
      party: 1,
      status: 'confirmed',
      holdExpiresAt: null,
      createdAt: clock(),
    });
    expect(await eventsOf(scene.store, service)).toMatchObject([
      {
        verb: 'book',
        actorId: cast.customer.id,
        reservationId: reservation.id,
        fromStatus: null,
        toStatus: 'confirmed',
        localDay: '2026-03-02',
        at: clock(),
      },
    ]);
    expect(await entriesOf(scene.store, service)).toEqual([]);
  });

  test('files an evening under the day of the place', async () => {
    const rules = [{ weekday: 1, opens: '00:00', closes: '01:00' }];
    const scene = await buildScene(open().store, { rules }, 'Europe/Berlin');
    const reservation = await book(scene, scene.cast.customer, new Date('2026-03-08T23:30:00Z'));
    expect(reservation.localDay).toBe('2026-03-09');
  });

  test('nobody without an account', async () => {
    const scene = await buildScene(open().store);
    const { act, service } = scene;
    expect(await refusalCode(bookReservation(act(null), { serviceId: service.id, timeSlot: SLOT }))).toBe(
      'unauthenticated',
    );
  });

  test('not what there is not', async () => {
    const { act, cast } = await buildScene(open().store);
    const refusal = await refusalOf(
      bookReservation(act(cast.customer), { serviceId: newId(), timeSlot: SLOT }),
    );
    expect(refusal).toMatchObject({ code: 'invalid', fields: { serviceId: { code: 'unknown_service' } } });
  });

  test.each([
    ['in the past', new Date('2026-03-01T10:00:00+01:00')],
    ['off the grid', mondayAt('10:10')],
    ['before opening', mondayAt('08:30')],
    ['after closing', mondayAt('17:00')],
    ['beyond the horizon', new Date('2026-06-01T10:00:00+02:00')],
    ['seconds off', new Date('2026-03-02T09:00:01Z')],
  ])('no slot that is %s', async (_, timeSlot) => {
    const scene = await buildScene(open().store);
    expect(await refusalCode(book(scene, scene.cast.customer, timeSlot))).toBe('slot_unavailable');
    expect(await verbsOf(scene.store, scene.service)).toEqual([]);
  });

  test('no slot that has begun, is too near, or of a retired service', async () => {
    const scene = await buildScene(open().store, { leadMinutes: 60 });
    scene.clock.set(addMinutes(SLOT, -59));
    expect(await refusalCode(book(scene, scene.cast.customer, SLOT))).toBe('slot_unavailable');
    scene.clock.set(addMinutes(SLOT, -60));
    await book(scene, scene.cast.customer, SLOT);
    await alterService(scene.store, scene.service, { leadMinutes: 0, retiredAt: scene.clock() });
    expect(await refusalCode(book(scene, scene.cast.otherCustomer, mondayAt('11:00')))).toBe(
      'slot_unavailable',
    );
  });

  test('answers what is kept from then on', async () => {
    const scene = await buildScene(open().store);
    const reservation = await book(scene, scene.cast.customer, SLOT);
    expect(await reservationsOf(scene.store, scene.service)).toEqual([expect.objectContaining(reservation)]);
  });

  test.each(['required', 'none'] as const)(
    'says why there is no place, also in what comes after it (check-in %s)',
    async (checkIn) => {
      const scene = await buildScene(open().store, { checkIn });
      const { customer, otherCustomer } = scene.cast;
      await book(scene, customer, SLOT);
      expect(await refusalCode(book(scene, customer, SLOT))).toBe('already_booked');
      expect(await refusalCode(book(scene, otherCustomer, SLOT))).toBe('slot_full');
      expect(await reservationsOf(scene.store, scene.service)).toHaveLength(1);
    },
  );

  test('no more than there are places; the next slot is free', async () => {
    const scene = await buildScene(open().store, { capacity: 2 });
    const [a, b, c] = (await addCustomers(scene.store, 3)) as [Person, Person, Person];
    await book(scene, a, SLOT);
    await book(scene, b, SLOT);
    expect(await refusalCode(book(scene, c, SLOT))).toBe('slot_full');
    await book(scene, c, mondayAt('10:30'));
    expect(await verbsOf(scene.store, scene.service)).toEqual(['book', 'book', 'book']);
  });

  test('one person holds no two overlapping places of a service, but of two services', async () => {
    const scene = await buildScene(open().store, { capacity: 5, stepMinutes: 15 });
    const { customer } = scene.cast;
    await book(scene, customer, SLOT);
    expect(await refusalCode(book(scene, customer, SLOT))).toBe('already_booked');
    expect(await refusalCode(book(scene, customer, mondayAt('10:15')))).toBe('already_booked');
    await book(scene, customer, mondayAt('10:30'));
    const other = await buildService(scene.store, scene.location);
    await book({ ...scene, service: other }, customer, SLOT);
  });

  test('a hold keeps its place until it expires, then gives it up', async () => {
    const scene = await buildScene(open().store);
    const [holder, next] = (await addCustomers(scene.store, 2)) as [Person, Person];
    const holdExpiresAt = addMinutes(scene.clock(), 10);
    const id = newId();
    await scene.store.transaction((tx) =>
      tx.write.insert(tx.tables.reservations).values({
        id,
        serviceId: scene.service.id,
        locationId: scene.location.id,
        userId: holder.id,
        localDay: '2026-03-02',
        timeSlot: SLOT,
        endsAt: addMinutes(SLOT, 30),
        status: 'pending',
        holdExpiresAt,
        createdAt: scene.clock(),
        updatedAt: scene.clock(),
      }),
    );
    scene.clock.pass(9);
    expect(await refusalCode(book(scene, next, SLOT))).toBe('slot_full');
    scene.clock.pass(1);
    await book(scene, next, SLOT);
    const held = (await reservationsOf(scene.store, scene.service)).find((row) => row.id === id);
    expect(held?.status).toBe('canceled');
  });

  test('makes the ticket at once where nobody checks in', async () => {
    const scene = await buildScene(open().store, { checkIn: 'none', prefix: 'N' });
    const reservation = await book(scene, scene.cast.customer, SLOT);
    expect(await entriesOf(scene.store, scene.service)).toMatchObject([
      {
        reservationId: reservation.id,
        number: 'N1',
        status: 'waiting',
        dueAt: SLOT,
        effectiveAt: addMinutes(SLOT, -10),
        arrivedAt: SLOT,
      },
    ]);
    expect(await verbsOf(scene.store, scene.service)).toEqual(['book', 'check-in']);
  });

  test('a refusal in the middle leaves nothing behind', async () => {
    const scene = await buildScene(open().store);
    const act = actOf(scene.store, scene.clock, scene.cast.customer);
    const failing = actWithin(act, (work) =>
      act.transaction(async (tx) => {
        await work(tx);
        throw new Error('the power went');
      }),
    );
    await expect(bookReservation(failing, { serviceId: scene.service.id, timeSlot: SLOT })).rejects.toThrow(
      'the power went',
    );
    expect(await reservationsOf(scene.store, scene.service)).toEqual([]);
    expect(await verbsOf(scene.store, scene.service)).toEqual([]);
  });
});

onBothDatabases('a reservation', (open) => {
  test('is reached by its customer, the staff of its place and admins', async () => {
    const scene = await buildScene(open().store);
    const { cast, act } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    for (const who of [cast.customer, cast.staff, cast.admin]) {
      expect((await reachReservation(act(who), id)).reservation.id, who.name).toBe(id);
    }
    for (const who of [cast.otherCustomer, cast.otherStaff])
      expect(await refusalCode(reachReservation(act(who), id)), who.name).toBe('not_found');
    expect(await refusalCode(reachReservation(act(null), id))).toBe('unauthenticated');
    expect(await refusalCode(reachReservation(act(cast.admin), 'x'))).toBe('not_found');
    expect(await refusalCode(reachReservation(act(cast.admin), newId()))).toBe('not_found');
  });
});

onBothDatabases('canceling', (open) => {
  test('frees the place, once', async () => {
    const scene = await buildScene(open().store);
    const { cast, service, store } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    expect((await cancel(scene, cast.customer, id)).status).toBe('canceled');
    expect((await cancel(scene, cast.customer, id)).status).toBe('canceled');
    expect(await verbsOf(store, service)).toEqual(['book', 'cancel']);
    expect((await eventsOf(store, service))[1]).toMatchObject({
      fromStatus: 'confirmed',
      toStatus: 'canceled',
      actorId: cast.customer.id,
    });
    await book(scene, cast.otherCustomer, SLOT);
  });

  test('of a screen that is behind is a quiet no-op', async () => {
    const scene = await buildScene(open().store);
    const { cast, service, store, act } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    const reached = await reachReservation(act(cast.customer), id);
    await cancel(scene, cast.customer, id);
    expect((await cancelReservation(act(cast.customer), reached)).status).toBe('canceled');
    expect(await verbsOf(store, service)).toEqual(['book', 'cancel']);
  });

  test('is for customers until the deadline, for the desk after it too', async () => {
    const scene = await buildScene(open().store, { cancelMinutes: 120, capacity: 2 });
    const { cast } = scene;
    const first = await book(scene, cast.customer, SLOT);
    const second = await book(scene, cast.otherCustomer, SLOT);
    scene.clock.set(addMinutes(SLOT, -119));
    expect(await refusalCode(cancel(scene, cast.customer, first.id))).toBe('too_late');
    expect((await cancel(scene, cast.staff, first.id)).status).toBe('canceled');
    expect(await refusalCode(cancel(scene, cast.otherStaff, second.id))).toBe('not_found');
    scene.clock.set(addMinutes(SLOT, -120));
    expect((await cancel(scene, cast.otherCustomer, second.id)).status).toBe('canceled');
  });

  test('or moving is for nobody once its day is over', async () => {
    const scene = await buildScene(open().store, { capacity: 2 });
    const { cast, service, store } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    const other = await book(scene, cast.otherCustomer, SLOT);
    const tuesday = new Date('2026-03-03T11:00:00+01:00');
    scene.clock.set(new Date('2026-03-02T23:59:59+01:00'));
    expect((await cancel(scene, cast.staff, other.id)).status).toBe('canceled');
    scene.clock.set(new Date('2026-03-03T00:00:00+01:00'));
    for (const who of [cast.staff, cast.admin]) {
      expect(await refusalOf(cancel(scene, who, id))).toMatchObject({
        code: 'wrong_state',
        facts: { reservation: { id, status: 'confirmed' } },
      });
      expect(await refusalCode(move(scene, who, id, tuesday))).toBe('wrong_state');
    }
    expect(await refusalCode(cancel(scene, cast.customer, id))).toBe('too_late');
    expect((await cancel(scene, cast.staff, other.id)).status).toBe('canceled');
    expect(await verbsOf(store, service)).toEqual(['book', 'book', 'cancel']);
  });

  test('takes the ticket out of the line', async () => {
    const scene = await buildScene(open().store, { checkIn: 'none' });
    const { cast, service, store } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    await cancel(scene, cast.customer, id);
    expect(await entriesOf(store, service)).toMatchObject([
      { status: 'left', endedAt: scene.clock(), version: 2 },
    ]);
    expect(await verbsOf(store, service)).toEqual(['book', 'check-in', 'cancel', 'leave']);
  });

  test('is not for somebody who is being served, and changes nothing then', async () => {
    const scene = await buildScene(open().store);
    const { cast, service, store, act } = scene;
    const entry = await bookAndCheckIn(scene, cast.customer, SLOT);
    await advance(act(cast.staff), service, {});
    expect(await refusalCode(cancel(scene, cast.staff, entry.reservationId as string))).toBe('wrong_state');
    expect((await reservationsOf(store, service))[0]?.status).toBe('confirmed');
  });
});

onBothDatabases('rescheduling', (open) => {
  test('takes the new place and frees the old one', async () => {
    const scene = await buildScene(open().store, { bufferMinutes: 30 });
    const { cast, service, store } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    const tuesday = new Date('2026-03-03T11:00:00+01:00');
    const moved = await move(scene, cast.customer, id, tuesday);
    expect(moved).toMatchObject({
      id,
      timeSlot: tuesday,
      endsAt: addMinutes(tuesday, 60),
      localDay: '2026-03-03',
      status: 'confirmed',
    });
    await book(scene, cast.otherCustomer, SLOT);
    const [, event] = await eventsOf(store, service);
    expect(event).toMatchObject({
      verb: 'reschedule',
      localDay: '2026-03-03',
      data: { from: SLOT.toISOString(), to: tuesday.toISOString() },
    });
  });

  test('to where it is is a quiet no-op, to an overlapping slot no double', async () => {
    const scene = await buildScene(open().store, { stepMinutes: 15 });
    const { cast, service, store } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    await move(scene, cast.customer, id, SLOT);
    expect(await verbsOf(store, service)).toEqual(['book']);
    expect((await move(scene, cast.customer, id, mondayAt('10:15'))).timeSlot).toEqual(mondayAt('10:15'));
  });

  test('is refused where booking would be, and changes nothing', async () => {
    const scene = await buildScene(open().store, { cancelMinutes: 60 });
    const { cast, store, service } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    await book(scene, cast.otherCustomer, mondayAt('11:00'));
    expect(await refusalCode(move(scene, cast.customer, id, mondayAt('11:00')))).toBe('slot_full');
    expect(await refusalCode(move(scene, cast.customer, id, mondayAt('11:10')))).toBe('slot_unavailable');
    expect(await refusalCode(move(scene, cast.otherStaff, id, mondayAt('12:00')))).toBe('not_found');
    expect(await refusalCode(move(scene, null, id, mondayAt('12:00')))).toBe('unauthenticated');
    scene.clock.set(addMinutes(SLOT, -59));
    expect(await refusalCode(move(scene, cast.customer, id, mondayAt('12:00')))).toBe('too_late');
    expect((await reservationsOf(store, service))[0]?.timeSlot).toEqual(SLOT);
    expect(await verbsOf(store, service)).toEqual(['book', 'book']);
    expect((await move(scene, cast.staff, id, mondayAt('12:00'))).timeSlot).toEqual(mondayAt('12:00'));
  });

  test('of what was canceled is refused; of a screen that is behind is stale', async () => {
    const scene = await buildScene(open().store);
    const { cast, act } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    const reached = await reachReservation(act(cast.customer), id);
    await move(scene, cast.customer, id, mondayAt('11:00'));
    expect(
      await refusalCode(rescheduleReservation(act(cast.customer), reached, { timeSlot: mondayAt('12:00') })),
    ).toBe('stale');
    await cancel(scene, cast.customer, id);
    expect(await refusalOf(move(scene, cast.customer, id, mondayAt('12:00')))).toMatchObject({
      code: 'wrong_state',
      facts: { reservation: { id, status: 'canceled' } },
    });
    // What no reservation can be moved to, a canceled one cannot either.
    expect(await refusalCode(move(scene, cast.customer, id, mondayAt('06:00')))).toBe('slot_unavailable');
  });

  test('is not for somebody in the line', async () => {
    const scene = await buildScene(open().store);
    const entry = await bookAndCheckIn(scene, scene.cast.customer, SLOT);
    const id = entry.reservationId as string;
    expect(await refusalCode(move(scene, scene.cast.staff, id, mondayAt('12:00')))).toBe('wrong_state');
    expect((await reservationsOf(scene.store, scene.service))[0]?.timeSlot).toEqual(SLOT);
  });

  test('is not for somebody whose ticket was sent elsewhere', async () => {
    const scene = await buildScene(open().store, { checkIn: 'none' });
    const { act, cast, location, service, store } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    const parking = await buildService(store, location);
    const [ticket] = await entriesOf(store, service);
    await transferTicket(act(cast.staff), ticket as QueueEntry, { serviceId: parking.id });
    expect(await refusalCode(move(scene, cast.staff, id, mondayAt('12:00')))).toBe('wrong_state');
    expect(await reservationsOf(store, service)).toMatchObject([{ timeSlot: SLOT }]);
  });

  test('of who was given a number before everybody had to check in takes it out of the line', async () => {
    const scene = await buildScene(open().store, { checkIn: 'none' });
    const { cast, service, store, act } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    await updateService(act(cast.admin), service, { checkIn: 'required' });
    expect(await entriesOf(store, service)).toMatchObject([{ status: 'waiting' }]);
    await move(scene, cast.customer, id, mondayAt('11:00'));
    expect(await entriesOf(store, service)).toMatchObject([{ status: 'left' }]);
    // They are expected at the new time, and never left.
    expect(await upcomingReservations(act(cast.customer))).toMatchObject([{ id, ticketStatus: null }]);
    const [expected] = await store.run(confirmedOnDay, { serviceId: service.id, day: '2026-03-02' });
    expect(Boolean(expected?.hasTicket)).toBe(false);
  });

  test('gives a new ticket where nobody checks in', async () => {
    const scene = await buildScene(open().store, { checkIn: 'none' });
    const { cast, service, store } = scene;
    const { id } = await book(scene, cast.customer, SLOT);
    await move(scene, cast.customer, id, mondayAt('11:00'));
    expect(await entriesOf(store, service)).toMatchObject([
      { position: 1, status: 'left' },
      { position: 2, status: 'waiting', dueAt: mondayAt('11:00') },
    ]);
    const tuesday = new Date('2026-03-03T11:00:00+01:00');
    await move(scene, cast.customer, id, tuesday);
    expect((await entriesOf(store, service)).filter(({ status }) => status === 'waiting')).toMatchObject([
      { localDay: '2026-03-03', position: 1 },
    ]);
  });
});

describe('versions', () => {
  onBothDatabases('every change of a day raises the version of its line', (open) => {
    test('booking, moving to another day and canceling', async () => {
      const { store } = open();
      const scene = await buildScene(store);
      const { queueVersion } = await import('../../src/db/queue.ts');
      const versions = () =>
        Promise.all(['2026-03-02', '2026-03-03'].map((day) => queueVersion(store, scene.service.id, day)));
      expect(await versions()).toEqual([0, 0]);
      const { id } = await book(scene, scene.cast.customer, SLOT);
      const [afterBooking] = await versions();
      expect(afterBooking).toBeGreaterThan(0);
      await move(scene, scene.cast.customer, id, new Date('2026-03-03T11:00:00+01:00'));
      const [oldDay, newDay] = await versions();
      expect(oldDay).toBeGreaterThan(afterBooking as number);
      expect(newDay).toBeGreaterThan(0);
      await cancel(scene, scene.cast.customer, id);
      expect((await versions())[1]).toBeGreaterThan(newDay as number);
      expect((await reload(store, scene.service)).version).toBe(1);
    });
  });
});
