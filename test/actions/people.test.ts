import { expect, test } from 'vitest';
import { findPeople } from '../../src/actions/people.ts';
import { addWalkIn } from '../../src/actions/queue.ts';
import {
  cancelReservation,
  reachReservation,
  rescheduleReservation,
} from '../../src/actions/reservations.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { codeOf } from '../../src/domain/code.ts';
import {
  book,
  bookAndCheckIn,
  buildScene,
  buildService,
  mondayAt,
  refusalCode,
  walkIn,
} from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

onBothDatabases('looking for somebody of today', (open) => {
  test('finds by number, name, phone and code, in every service of the place', async () => {
    const scene = await buildScene(open().store, { capacity: 3 });
    const { act, cast, location, service, store } = scene;
    const parking = await buildService(store, location, { name: 'Parking', prefix: 'P', capacity: 3 });
    const zoe = await addWalkIn(act(cast.staff), parking, {
      name: 'Zoë Ångström',
      phone: '+49 (30) 123-4567',
      priority: 0,
    });
    const wanda = await walkIn(scene);
    const coming = await book(scene, cast.otherCustomer, mondayAt('11:00'));
    const here = await bookAndCheckIn(scene, cast.customer, mondayAt('10:00'));
    const look = async (text: string) => {
      const { tickets, expected } = await findPeople(act(cast.staff), location, text);
      return [...tickets, ...expected].map(({ id }) => id);
    };
    expect(await look('p1')).toEqual([zoe.id]);
    expect(await look(' P 1 ')).toEqual([zoe.id]);
    expect(await look('zoe ang')).toEqual([zoe.id]);
    expect(await look('WAND')).toEqual([wanda.id]);
    expect(await look('carla')).toEqual([here.id]);
    expect(await look('otto')).toEqual([coming.id]);
    expect(await look('30 1234')).toEqual([zoe.id]);
    expect(await look('12')).toEqual([]);
    expect(await look(codeOf(coming.id).toLowerCase())).toEqual([coming.id]);
    expect(await look(codeOf(here.reservationId as string))).toEqual([here.id]);
    for (const none of ['', '  ', 'nobody', "' OR 1=1", '%', '_', '999999'])
      expect(await look(none), none).toEqual([]);
    // What is over is found too: somebody asks what became of it.
    await moveTicket(act(cast.staff), wanda, 'skip');
    expect(await look(wanda.number)).toContain(wanda.id);
    expect((await findPeople(act(cast.staff), location, 'otto')).expected).toEqual([
      {
        id: coming.id,
        serviceId: service.id,
        timeSlot: mondayAt('11:00'),
        name: cast.otherCustomer.name,
        code: codeOf(coming.id),
      },
    ]);
  });

  test('finds them however their name, phone and number are typed', async () => {
    const scene = await buildScene(open().store, { prefix: 'F' });
    const { act, cast, location, service } = scene;
    await walkIn(scene);
    const typed = { name: 'Seán O’Brien', phone: '+44 20 7946 0001', priority: 0 };
    const { id } = await addWalkIn(act(cast.staff), service, typed);
    for (const text of [
      "O'Brien",
      'OBrien',
      "O'Brien Sean",
      '020 7946 0001',
      '0044 20 7946 0001',
      'F-2',
      'F02',
    ])
      expect((await findPeople(act(cast.staff), location, text)).tickets, text).toMatchObject([{ id }]);
  });

  test('finds by their name who came and canceled, or left and moved to another day', async () => {
    const scene = await buildScene(open().store, { capacity: 3 });
    const { act, cast, location, store } = scene;
    const canceled = await bookAndCheckIn(scene, cast.customer, mondayAt('09:00'));
    const moved = await bookAndCheckIn(scene, cast.otherCustomer, mondayAt('10:00'));
    await moveTicket(act(cast.otherCustomer), moved, 'leave');
    const reach = ({ reservationId }: typeof moved) =>
      reachReservation(act(cast.staff), reservationId as string);
    await cancelReservation(act(cast.staff), await reach(canceled));
    const timeSlot = addMinutes(mondayAt('10:00'), 24 * 60);
    await rescheduleReservation(act(cast.staff), await reach(moved), { timeSlot });
    for (const [{ id, number }, { name }] of [
      [canceled, cast.customer],
      [moved, cast.otherCustomer],
    ] as const) {
      for (const text of [number, name]) {
        const found = await findPeople(act(cast.staff), location, text);
        expect(found, text).toMatchObject({ tickets: [{ id, name, status: 'left' }], expected: [] });
      }
    }
    const before = store.queries;
    await findPeople(act(cast.staff), location, 'nobody');
    expect(store.queries - before).toBe(2);
  });

  test('says how many it tells where there are more', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, location } = scene;
    const look = () => findPeople(act(cast.staff), location, 'many');
    for (let count = 0; count < 50; count += 1) await walkIn(scene, 'Many');
    expect(await look()).not.toHaveProperty('limit');
    await walkIn(scene, 'Many');
    expect((await look()).tickets).toHaveLength(50);
    expect((await look()).limit).toBe(50);
  });

  test('lists both of two who share a code', async () => {
    const scene = await buildScene(open().store, { capacity: 3 });
    const { act, cast, location } = scene;
    const [one, other] = [
      await book(scene, cast.customer, mondayAt('10:00')),
      await book(scene, cast.otherCustomer, mondayAt('10:00')),
    ];
    const twin = `${other.id.slice(0, -8)}${one.id.slice(-8)}`;
    await open().raw(`UPDATE reservations SET id = '${twin}' WHERE id = '${other.id}'`);
    const { expected } = await findPeople(act(cast.staff), location, codeOf(one.id));
    expect(new Set(expected.map(({ id }) => id))).toEqual(new Set([one.id, twin]));
  });

  test('finds nobody of another day or place, and is for who works there', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, location, otherLocation } = scene;
    await walkIn(scene);
    expect((await findPeople(act(cast.admin), otherLocation, 'wanda')).tickets).toEqual([]);
    expect(await refusalCode(findPeople(act(cast.otherStaff), location, 'wanda'))).toBe('not_found');
    expect(await refusalCode(findPeople(act(cast.customer), location, 'wanda'))).toBe('forbidden');
    clock.pass(24 * 60);
    expect((await findPeople(act(cast.staff), location, 'wanda')).tickets).toEqual([]);
  });
});
