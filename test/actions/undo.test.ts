import { expect, test } from 'vitest';
import { retireDesk } from '../../src/actions/desk-setup.ts';
import { delayTicket, reachTicketByToken } from '../../src/actions/holder.ts';
import { lineOf } from '../../src/actions/line.ts';
import { upcomingReservations } from '../../src/actions/own-reservations.ts';
import { findPeople } from '../../src/actions/people.ts';
import { advance, takeTicket } from '../../src/actions/queue.ts';
import {
  cancelReservation,
  reachReservation,
  rescheduleReservation,
} from '../../src/actions/reservations.ts';
import {
  annotateTicket,
  moveInLine,
  moveTicket,
  reachTicket,
  transferTicket,
} from '../../src/actions/tickets.ts';
import { undo } from '../../src/actions/undo.ts';
import { deskWithServices } from '../../src/db/desks.ts';
import { confirmedOnDay } from '../../src/db/expected.ts';
import { visitsOfDays } from '../../src/db/report.ts';
import { entryById, entryOfReservation } from '../../src/db/tickets.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import type { StaffedDesk } from '../../src/domain/desk.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import {
  book,
  bookAndCheckIn,
  buildScene,
  buildService,
  checkInTo,
  entriesOf,
  eventsOf,
  mondayAt,
  refusalCode,
  refusalOf,
  type Scene,
  walkIn,
} from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

/** Every column of every ticket of a service, but those that say that something was written. */
async function state({ store, service }: Pick<Scene, 'store' | 'service'>) {
  return (await entriesOf(store, service)).map(({ version: _, updatedAt: __, ...columns }) => columns);
}

onBothDatabases('undo', (open) => {
  const deeds: [string, (scene: Scene, ticket: QueueEntry) => Promise<unknown>, ...string[]][] = [
    [
      'call',
      ({ act, cast, deskId }, ticket) =>
        moveTicket(act(cast.staff), ticket, 'call', { deskId, reason: 'In pain' }),
    ],
    ['recall', ({ act, cast }, ticket) => moveTicket(act(cast.staff), ticket, 'recall'), 'call'],
    [
      'start',
      ({ act, cast, deskId }, ticket) => moveTicket(act(cast.staff), ticket, 'start', { deskId }),
      'call',
    ],
    ['complete', ({ act, cast }, ticket) => moveTicket(act(cast.staff), ticket, 'complete'), 'call', 'start'],
    ['skip', ({ act, cast }, ticket) => moveTicket(act(cast.staff), ticket, 'skip')],
    ['requeue', ({ act, cast }, ticket) => moveTicket(act(cast.staff), ticket, 'requeue'), 'call'],
    ['reinstate', ({ act, cast }, ticket) => moveTicket(act(cast.staff), ticket, 'reinstate'), 'skip'],
    ['park', ({ act, cast }, ticket) => moveTicket(act(cast.staff), ticket, 'park'), 'call', 'start'],
    ['leave', ({ act, cast }, ticket) => moveTicket(act(cast.staff), ticket, 'leave')],
    ['move', ({ act, cast }, ticket) => moveInLine(act(cast.staff), ticket, { rank: 0, reason: 'Child' })],
    [
      'note',
      ({ act, cast }, ticket) =>
        annotateTicket(act(cast.staff), ticket, { note: 'Deaf', needs: ['hearing'] }),
    ],
    ['delay', ({ act, cast }, ticket) => delayTicket(act(cast.staff), ticket)],
  ];

  test.each(deeds)('takes back %s to the last column', async (_, deed, ...before) => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, store, service } = scene;
    await walkIn(scene);
    const { id } = await walkIn(scene);
    await walkIn(scene);
    clock.pass(3);
    for (const verb of before)
      await moveTicket(act(cast.admin), (await entryById(store, id)) as QueueEntry, verb as never);
    clock.pass(1);
    const old = await state(scene);
    const ticket = (await entryById(store, id)) as QueueEntry;
    await deed(scene, ticket);
    expect(await state(scene)).not.toEqual(old);
    const undone = await undo(act(cast.staff), ticket);
    expect(await state(scene)).toEqual(old);
    expect(undone).toMatchObject({ id, status: ticket.status, version: ticket.version + 2 });
    const events = await eventsOf(store, service);
    expect(events.at(-1)).toMatchObject({ verb: 'undo', entryId: id, actorId: cast.staff.id });
    expect(events.at(-2)?.undoneAt).toEqual(clock());
    // Again it is a quiet no-op.
    expect(await undo(act(cast.staff), ticket)).toEqual(undone);
    expect(await eventsOf(store, service)).toHaveLength(events.length);
  });

  test('takes back both halves of an advance, from either ticket', async () => {
    for (const half of [0, 1]) {
      const scene = await buildScene(open().store);
      const { act, cast, service, deskId, clock } = scene;
      const tickets = [await walkIn(scene), await walkIn(scene)];
      await advance(act(cast.staff), service, { deskId });
      clock.pass(5);
      const old = await state(scene);
      await advance(act(cast.staff), service, { deskId });
      expect((await state(scene)).map(({ status }) => status)).toEqual(['completed', 'in_service']);
      await undo(act(cast.staff), tickets[half] as QueueEntry);
      expect(await state(scene)).toEqual(old);
    }
  });

  test('refuses an advance of which one half has changed since, and leaves the other alone', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, deskId } = scene;
    const [first, second] = [await walkIn(scene), await walkIn(scene)];
    await advance(act(cast.staff), service, { deskId });
    const { inService } = await advance(act(cast.staff), service, { deskId });
    await moveTicket(act(cast.admin), inService as QueueEntry, 'park');
    const old = await state(scene);
    expect(await refusalCode(undo(act(cast.staff), first))).toBe('stale');
    expect(await refusalCode(undo(act(cast.staff), second))).toBe('not_undoable');
    expect(await state(scene)).toEqual(old);
  });

  test('is for who did it, for 30 seconds, and once', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock } = scene;
    const ticket = await walkIn(scene);
    await moveTicket(act(cast.staff), ticket, 'call');
    expect(await refusalCode(undo(act(cast.admin), ticket))).toBe('not_undoable');
    clock.set(new Date(clock().getTime() + 30_001));
    expect(await refusalOf(undo(act(cast.staff), ticket))).toMatchObject({
      code: 'not_undoable',
      facts: { entry: { id: ticket.id, status: 'called' } },
    });
    clock.set(new Date(clock().getTime() - 1));
    expect(await refusalCode(undo(act(cast.staff), ticket, { version: 1 }))).toBe('stale');
    expect((await undo(act(cast.staff), ticket, { version: 2 })).status).toBe('waiting');
  });

  test('ends with the day', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock } = scene;
    clock.set(mondayAt('23:59'));
    const ticket = await walkIn(scene);
    clock.set(new Date(clock().getTime() + 50_000));
    await moveTicket(act(cast.staff), ticket, 'call');
    clock.set(new Date(clock().getTime() + 10_000));
    expect(await refusalCode(undo(act(cast.staff), ticket))).toBe('not_undoable');
  });

  test('does not know what an action was that a program of before wrote', async () => {
    const scene = await buildScene(open().store);
    const ticket = await walkIn(scene);
    await open().raw(`UPDATE events SET action_id = NULL WHERE entry_id = '${ticket.id}'`);
    expect(await refusalCode(undo(scene.act(scene.cast.staff), ticket))).toBe('not_undoable');
  });

  test('takes a transfer back to the line it came from', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, location } = scene;
    const other = await buildService(store, location, { name: 'Parking' });
    const ticket = await walkIn(scene);
    const old = await state(scene);
    const moved = await transferTicket(act(cast.staff), ticket, { serviceId: other.id });
    expect(await state(scene)).toEqual([]);
    await undo(act(cast.staff), moved);
    expect(await state(scene)).toEqual(old);
    expect(await entriesOf(store, other)).toEqual([]);
  });

  test('makes a ticket that was just taken leave, and a reservation can check in again', async () => {
    const scene = await buildScene(open().store);
    const { act, cast } = scene;
    const walked = await walkIn(scene);
    expect(await undo(act(cast.staff), walked)).toMatchObject({ status: 'left', version: 2 });
    const checked = await bookAndCheckIn(scene, cast.customer, mondayAt('10:00'));
    expect((await undo(act(cast.customer), checked)).status).toBe('left');
    const again = await checkInTo(act(cast.customer), { id: checked.reservationId as string });
    expect(again.number).not.toBe(checked.number);
  });

  test('of a walk-in or a check-in leaves nothing that counts, and who was checked in is expected again', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, store, location } = scene;
    const reservation = await book(scene, cast.customer, mondayAt('10:00'));
    scene.clock.set(mondayAt('09:45'));
    const checked = await checkInTo(act(cast.staff), reservation);
    const walked = await walkIn(scene, 'Wanda');
    const day = checked.localDay;
    const seen = async () => {
      const [expected] = await store.run(confirmedOnDay, { serviceId: service.id, day });
      const [listed] = await upcomingReservations(act(cast.customer));
      const { left, waiting } = (await lineOf(store, service, day, scene.clock())).counts;
      return {
        hasTicket: Boolean(expected?.hasTicket),
        ticketStatus: listed?.ticketStatus,
        counts: [left, waiting],
        visits: (await store.run(visitsOfDays, { locationId: location.id, from: day, to: day })).length,
        found: (await findPeople(act(cast.staff), location, 'Wanda')).tickets.length,
      };
    };
    expect(await seen()).toEqual({
      hasTicket: true,
      ticketStatus: 'waiting',
      counts: [0, 2],
      visits: 2,
      found: 1,
    });
    for (const ticket of [checked, walked]) await undo(act(cast.staff), ticket);
    expect(await seen()).toEqual({
      hasTicket: false,
      ticketStatus: null,
      counts: [0, 0],
      visits: 0,
      found: 0,
    });
  });

  test('does not bring back a ticket whose reservation has another, or was canceled', async () => {
    const scene = await buildScene(open().store, { capacity: 2 });
    const { act, cast } = scene;
    const first = await bookAndCheckIn(scene, cast.customer, mondayAt('10:00'));
    await moveTicket(act(cast.customer), first, 'leave');
    await checkInTo(act(cast.customer), { id: first.reservationId as string });
    expect(await refusalCode(undo(act(cast.customer), first))).toBe('not_undoable');
    const second = await bookAndCheckIn(scene, cast.otherCustomer, mondayAt('11:00'));
    const reached = await reachReservation(act(cast.staff), second.reservationId as string);
    await cancelReservation(act(cast.staff), reached);
    expect(await refusalCode(undo(act(cast.staff), second))).toBe('not_undoable');
  });

  test.each(['canceled', 'moved within the day', 'moved to another day'])(
    'does not bring back who left and then %s',
    async (fate) => {
      const scene = await buildScene(open().store);
      const { act, cast, clock } = scene;
      const entry = await bookAndCheckIn(scene, cast.customer, mondayAt('10:00'));
      await moveTicket(act(cast.staff), entry, 'leave');
      clock.set(new Date(clock().getTime() + 5_000));
      const reached = await reachReservation(act(cast.staff), entry.reservationId as string);
      if (fate === 'canceled') await cancelReservation(act(cast.staff), reached);
      else {
        const timeSlot = addMinutes(mondayAt('14:00'), fate === 'moved within the day' ? 0 : 24 * 60);
        await rescheduleReservation(act(cast.staff), reached, { timeSlot });
      }
      const old = await state(scene);
      expect(await refusalCode(undo(act(cast.staff), entry))).toBe('not_undoable');
      expect(await state(scene)).toEqual(old);
    },
  );

  test('of two tickets of a reservation, one after the other, leaves it the one that waits', async () => {
    const scene = await buildScene(open().store);
    const { customer } = scene.cast;
    const reservation = await book(scene, customer, mondayAt('10:00'));
    scene.clock.set(mondayAt('09:45'));
    const first = await checkInTo(scene.act(customer), reservation);
    const left = await moveTicket(scene.act(customer), first, 'leave');
    const second = await checkInTo(scene.act(customer), reservation);
    await undo(scene.act(customer), second);
    const back = await undo(scene.act(customer), left);
    expect(back).toMatchObject({ id: first.id, status: 'waiting' });

    expect(await entryOfReservation(scene.store, reservation.id)).toMatchObject({ id: first.id });
    expect(await checkInTo(scene.act(customer), reservation)).toMatchObject({ id: first.id });
    const [listed] = await upcomingReservations(scene.act(customer));
    expect(listed?.ticketStatus).toBe('waiting');
    const reached = await reachReservation(scene.act(customer), reservation.id);
    await cancelReservation(scene.act(customer), reached);
    expect((await entriesOf(scene.store, scene.service)).map(({ status }) => status)).toEqual([
      'left',
      'left',
    ]);
  });

  test('and a cancellation at the same moment leave nobody in line without a reservation', async () => {
    for (let turn = 0; turn < 10; turn++) {
      const scene = await buildScene(open().store);
      const { act, cast, clock, store } = scene;
      const entry = await bookAndCheckIn(scene, cast.customer, mondayAt('10:00'));
      await moveTicket(act(cast.staff), entry, 'leave');
      clock.set(new Date(clock().getTime() + 1_000));
      const reached = await reachReservation(act(cast.staff), entry.reservationId as string);
      const cancel = () => cancelReservation(act(cast.staff), reached);
      const takeBack = () => undo(act(cast.staff), entry);
      await Promise.allSettled(turn % 2 ? [cancel(), takeBack()] : [takeBack(), cancel()]);
      const now = (await entryById(store, entry.id)) as QueueEntry;
      const reservation = await reachReservation(act(cast.staff), entry.reservationId as string);
      expect([now.status, reservation.reservation.status]).toEqual(['left', 'canceled']);
    }
  });

  test('gives nobody back to a desk that was retired meanwhile', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, deskId } = scene;
    const first = await walkIn(scene);
    const called = await moveTicket(act(cast.staff), first, 'call', { deskId });
    const served = await moveTicket(act(cast.staff), called, 'start');
    const done = await moveTicket(act(cast.staff), served, 'complete');
    const second = await moveTicket(act(cast.staff), await walkIn(scene), 'call', { deskId });
    const skipped = await moveTicket(act(cast.staff), second, 'skip');
    await retireDesk(act(cast.admin), (await deskWithServices(scene.store, deskId)) as StaffedDesk);
    for (const gone of [done, skipped]) {
      expect(await refusalCode(undo(act(cast.staff), gone))).toBe('not_undoable');
      expect((await entryById(scene.store, gone.id))?.status).toBe(gone.status);
    }
  });

  test('does not give a desk a second ticket to serve', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, deskId } = scene;
    const [first, second] = [await walkIn(scene), await walkIn(scene)];
    const { inService } = await advance(act(cast.staff), service, { deskId });
    await moveTicket(act(cast.staff), inService as QueueEntry, 'park');
    const called = await moveTicket(act(cast.admin), second, 'call', { deskId });
    await moveTicket(act(cast.admin), called, 'start');
    expect(await refusalCode(undo(act(cast.staff), first))).toBe('desk_busy');
  });

  test('of what a ticket’s holder did is for whoever has its link', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service } = scene;
    const { entry, token } = await takeTicket(act(cast.staff), service, {
      name: 'W',
      phone: null,
      priority: 0,
    });
    const held = await reachTicketByToken(act(null), token);
    await moveTicket(held.act, entry, 'leave');
    expect(await refusalCode(undo(act(null), entry))).toBe('not_undoable');
    expect(await refusalCode(undo(act(cast.staff), entry))).toBe('not_undoable');
    expect((await undo(held.act, entry)).status).toBe('waiting');
  });

  test('is reached by staff, and by customers for their own', async () => {
    const scene = await buildScene(open().store);
    const { act, cast } = scene;
    const { id } = await bookAndCheckIn(scene, cast.customer, mondayAt('10:00'));
    for (const who of [cast.customer, cast.staff, cast.admin])
      expect((await reachTicket(act(who), id, 'undo')).id).toBe(id);
    for (const who of [cast.otherCustomer, cast.otherStaff])
      expect(await refusalCode(reachTicket(act(who), id, 'undo'))).toBe('not_found');
  });

  test('of many at once happens once', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, store, deskId } = scene;
    const ticket = await walkIn(scene);
    await advance(act(cast.staff), service, { deskId });
    const results = await Promise.all(Array.from({ length: 10 }, () => undo(act(cast.staff), ticket)));
    expect(new Set(results.map(({ version }) => version))).toEqual(new Set([3]));
    expect((await eventsOf(store, service)).filter(({ verb }) => verb === 'undo')).toHaveLength(1);
  });
});
