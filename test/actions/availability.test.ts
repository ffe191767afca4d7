import { expect, test } from 'vitest';
import { offerOf, slotsOf } from '../../src/actions/availability.ts';
import { advance } from '../../src/actions/queue.ts';
import { cancelReservation, reachReservation } from '../../src/actions/reservations.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { alterService, book, buildScene, mondayAt, walkIn } from '../support/builders.ts';
import { addCustomers } from '../support/cast.ts';
import { onBothDatabases } from '../support/databases.ts';

const DAY = '2026-03-02';

onBothDatabases('availability', (open) => {
  test('a full slot is shown as full, a partly taken one with what is left', async () => {
    const scene = await buildScene(open().store, { capacity: 2 });
    const { store, service, clock, cast } = scene;
    await book(scene, cast.customer, mondayAt('10:00'));
    await book(scene, cast.otherCustomer, mondayAt('10:00'));
    await book(scene, cast.customer, mondayAt('11:00'));
    const slots = await slotsOf(store, service, DAY, clock());
    const at = (time: string) =>
      slots.find(({ starts }) => starts.getTime() === mondayAt(time).getTime())?.available;
    expect(['09:30', '10:00', '10:30', '11:00'].map(at)).toEqual([2, 0, 2, 1]);
    expect(slots).toHaveLength(16);
  });

  test('is what booking then does, slot by slot, whatever was booked at other lengths', async () => {
    const scene = await buildScene(open().store, { capacity: 2, durationMinutes: 45, stepMinutes: 15 });
    const { store, clock } = scene;
    const customers = await addCustomers(store, 24);
    for (const [index, customer] of customers.slice(0, 8).entries()) {
      await book(scene, customer, addMinutes(mondayAt('09:00'), ((index * 5) % 12) * 15)).catch(
        () => undefined,
      );
    }
    const service = await alterService(store, scene.service, { durationMinutes: 60, stepMinutes: 30 });
    for (const [index, slot] of (await slotsOf(store, service, DAY, clock())).entries()) {
      const fresh = (await slotsOf(store, service, DAY, clock()))[index];
      const outcome = await book({ ...scene, service }, customers[8 + index] as never, slot.starts).then(
        () => 'ok',
        (refusal) => refusal.code,
      );
      expect(outcome, slot.starts.toISOString()).toBe(fresh && fresh.available > 0 ? 'ok' : 'slot_full');
    }
  });

  test('is found once for everybody, until a place is taken or freed or the minute ends', async () => {
    const scene = await buildScene(open().store);
    const { store, service, clock, cast } = scene;
    const first = await slotsOf(store, service, DAY, clock());
    expect(await slotsOf(store, service, DAY, addMinutes(clock(), 0.5))).toBe(first);
    // A line goes on all day: nobody takes a place by that.
    await walkIn(scene, 'Wanda Walk-in');
    await advance(scene.act(cast.staff), service, {});
    expect(await slotsOf(store, service, DAY, clock())).toBe(first);
    const reservation = await book(scene, cast.customer, mondayAt('10:00'));
    const taken = await slotsOf(store, service, DAY, clock());
    expect(taken[2]?.available).toBe(0);
    await cancelReservation(
      scene.act(cast.customer),
      await reachReservation(scene.act(cast.customer), reservation.id),
    );
    expect(await slotsOf(store, service, DAY, clock())).toEqual(first);
    clock.pass(1);
    expect(await slotsOf(store, service, DAY, clock())).not.toBe(first);
    const early = store.fromNow();
    const longer = await alterService(store, service, { durationMinutes: 60 });
    // Somebody still at it with the service as it was does not leave its slots to others.
    expect(await slotsOf(early, service, DAY, clock())).toHaveLength(16);
    expect(await slotsOf(store.fromNow(), longer, DAY, clock())).toHaveLength(8);
  });

  test('ends at the horizon and begins now', async () => {
    const scene = await buildScene(open().store, { horizonDays: 2 });
    const { store, service, clock } = scene;
    expect(await slotsOf(store, service, '2026-03-04', clock())).toHaveLength(16);
    expect(await slotsOf(store, service, '2026-03-05', clock())).toEqual([]);
    expect(await slotsOf(store, service, '2026-03-01', clock())).toEqual([]);
    clock.set(mondayAt('16:00'));
    expect(await slotsOf(store, service, DAY, clock())).toHaveLength(1);
    const retired = await alterService(store, service, { retiredAt: clock() });
    expect(await slotsOf(store, retired, '2026-03-04', clock())).toEqual([]);
  });

  test('a month tells its days apart', async () => {
    const rules = [
      { weekday: 1, opens: '10:00', closes: '10:30' },
      { weekday: 2, opens: '10:00', closes: '11:00' },
    ];
    const scene = await buildScene(open().store, { rules });
    const { store, service, clock, cast } = scene;
    clock.set(new Date('2026-03-03T06:00:00Z'));
    await book(scene, cast.customer, new Date('2026-03-09T10:00:00+01:00'));
    const { month, day, today } = await offerOf(store, service, '2026-03-15', clock());
    expect([day, today]).toEqual(['2026-03-15', '2026-03-03']);
    const state = (day: string) => month.find((one) => one.day === day);
    expect(month).toHaveLength(31);
    expect(state('2026-03-02')).toEqual({ day: '2026-03-02', state: 'outside', available: 0 });
    expect(state('2026-03-03')).toEqual({ day: '2026-03-03', state: 'open', available: 2 });
    expect(state('2026-03-04')?.state).toBe('closed');
    expect(state('2026-03-09')).toEqual({ day: '2026-03-09', state: 'full', available: 0 });
    expect(state('2026-03-30')?.state).toBe('open');
    // The horizon is 60 days: the second of May can be booked, the eleventh, a Monday too, not yet.
    const beyond = await offerOf(store, service, '2026-05-11', clock());
    expect(beyond.month.find((one) => one.day === '2026-05-11')?.state).toBe('outside');
  });

  test('opens at the first day with a free slot, or today when there is none', async () => {
    const rules = [{ weekday: 1, opens: '10:00', closes: '10:30' }];
    const scene = await buildScene(open().store, { rules });
    const { store, service, clock, cast } = scene;
    expect(await offerOf(store, service, undefined, clock())).toMatchObject({
      day: DAY,
      nextFree: undefined,
      slots: [{ available: 1 }],
    });
    await book(scene, cast.customer, mondayAt('10:00'));
    const later = await offerOf(store, service, undefined, clock());
    expect(later).toMatchObject({ day: '2026-03-09', nextFree: undefined, today: DAY });
    expect(await offerOf(store, service, DAY, clock())).toMatchObject({ day: DAY, nextFree: '2026-03-09' });
    await book(scene, cast.customer, new Date('2026-03-16T10:00:00+01:00'));
    const full = await offerOf(store, service, '2026-03-16', clock());
    expect(full).toMatchObject({ nextFree: '2026-03-23', slots: [{ available: 0 }] });
    // Beyond the horizon there is none, so the first of all it is.
    expect((await offerOf(store, service, '2026-05-11', clock())).nextFree).toBe('2026-03-09');
    expect(later.month[1]).toEqual({ day: DAY, state: 'full', available: 0 });
    const none = await buildScene(store, { rules: [] });
    expect(await offerOf(store, none.service, undefined, clock())).toMatchObject({
      day: DAY,
      nextFree: undefined,
      slots: [],
    });
  });

  test('takes two queries for a month, however many bookings there are', async () => {
    const scene = await buildScene(open().store, { capacity: 20 });
    const { store, service, clock } = scene;
    for (const customer of await addCustomers(store, 5)) await book(scene, customer, mondayAt('10:00'));
    const before = store.queries;
    const { slots } = await offerOf(store, service, DAY, clock());
    expect(slots).toHaveLength(16);
    expect(store.queries - before).toBe(2);
  });

  test('an expired hold takes no place', async () => {
    const scene = await buildScene(open().store);
    const { store, service, clock, cast } = scene;
    const { id } = await book(scene, cast.customer, mondayAt('10:00'));
    const expires = (time: Date) =>
      open().dialect === 'sqlite' ? String(time.getTime()) : `'${time.toISOString()}'`;
    await open().raw(
      `UPDATE reservations SET status = 'pending', hold_expires_at = ${expires(addMinutes(clock(), 5))} WHERE id = '${id}'`,
    );
    const available = async () =>
      (await slotsOf(store, service, DAY, clock())).find(
        ({ starts }) => starts.getTime() === mondayAt('10:00').getTime(),
      )?.available;
    expect(await available()).toBe(0);
    clock.pass(5);
    expect(await available()).toBe(1);
  });
});
