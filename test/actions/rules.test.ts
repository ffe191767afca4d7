import { describe, expect, test } from 'vitest';
import { type Act, actWithin } from '../../src/actions/act.ts';
import { addClosure, removeClosure } from '../../src/actions/closures.ts';
import { type Ask, collisionsOf, newCollisionsOf } from '../../src/actions/collisions.ts';
import { retireLocation, updateLocation } from '../../src/actions/locations.ts';
import { bookReservation, reachReservation, rescheduleReservation } from '../../src/actions/reservations.ts';
import { createService, retireService, updateService } from '../../src/actions/services.ts';
import { insertReservation } from '../../src/db/reservations.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { addDays } from '../../src/domain/days.ts';
import { newId } from '../../src/domain/id.ts';
import { parse } from '../../src/forms/parse.ts';
import { createServiceForm, type NewService, type ServiceChange } from '../../src/forms/services.ts';
import {
  book,
  buildScene,
  mondayAt,
  refusalCode,
  reload,
  reservationsOf,
  type Scene,
  tally,
  written,
} from '../support/builders.ts';
import { addCustomers } from '../support/cast.ts';
import { onBothDatabases, SOAK } from '../support/databases.ts';
import { gate, isWaiting } from '../support/meanwhile.ts';

const MONDAY = '2026-03-02';
/** No more afternoons. */
const MORNINGS = {
  openingRules: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '09:00', closes: '12:00' })),
};
const AFTERNOON = mondayAt('15:00');
const agree: Ask = () => undefined;

/** An act that has read everything it needs, and then waits with its transaction. */
function slowly(act: Act) {
  const { passed, open } = gate();
  const { passed: reached, open: reach } = gate();
  const slow = actWithin(act, async (work) => {
    reach();
    await passed;
    return act.transaction(work);
  });
  return { act: slow, reached, go: open };
}

onBothDatabases('a change of the rules', (open) => {
  const build = () => buildScene(open().store, { capacity: 50, horizonDays: 10 });

  /** A booking of this slot, written and not committed until `commit`. */
  async function bookingInFlight(scene: Scene, slot = AFTERNOON) {
    const { passed, open: commit } = gate();
    const { passed: inserted, open: insert } = gate();
    const { service, cast } = scene;
    const id = newId();
    const done = scene.store.transaction(async (tx) => {
      const place = {
        id,
        serviceId: service.id,
        locationId: service.locationId,
        userId: cast.customer.id,
        localDay: MONDAY,
        timeSlot: slot,
        endsAt: addMinutes(slot, 30),
      };
      await tx.run(insertReservation, written(place, scene.clock()));
      insert();
      await passed;
    });
    await inserted;
    return { id, commit, done };
  }

  describe('sees a booking that is being written', () => {
    const changes: [string, (scene: Scene, ask: Ask) => Promise<unknown>][] = [
      ['new hours', ({ act, cast, service }, ask) => updateService(act(cast.admin), service, MORNINGS, ask)],
      [
        'a closure of the location',
        ({ act, cast, location }, ask) =>
          addClosure(act(cast.admin), closed({ locationId: location.id }), ask),
      ],
      [
        'a closure of the service',
        ({ act, cast, service }, ask) => addClosure(act(cast.admin), closed({ serviceId: service.id }), ask),
      ],
    ];
    test.each(changes)('%s', async (_name, change) => {
      const scene = await build();
      const { id, commit, done } = await bookingInFlight(scene);
      const told: string[] = [];
      const changed = change(scene, (found) => told.push(...found.map(({ booking }) => booking.id)));
      expect(await isWaiting(changed)).toBe(true);
      commit();
      await Promise.all([done, changed]);
      expect(told).toEqual([id]);
    });

    test('and would not, if it looked first', async () => {
      const scene = await build();
      const { act, cast, service } = scene;
      const { commit, done } = await bookingInFlight(scene);
      expect(await newCollisionsOf(act(cast.admin), service, MORNINGS)).toEqual([]);
      commit();
      await done;
      expect(await newCollisionsOf(act(cast.admin), service, MORNINGS)).toHaveLength(1);
    });

    test('another zone', async () => {
      const scene = await build();
      const { act, cast, location } = scene;
      const { commit, done } = await bookingInFlight(scene);
      const zone = { name: location.name, timeZone: 'Europe/Lisbon' };
      const moved = refusalCode(updateLocation(act(cast.admin), location, zone));
      expect(await isWaiting(moved)).toBe(true);
      commit();
      await done;
      expect(await moved).toBe('invalid');
    });
  });

  describe('is seen by a booking that has read the rules before', () => {
    const changes: [string, (scene: Scene) => Promise<unknown>][] = [
      ['new hours', ({ act, cast, service }) => updateService(act(cast.admin), service, MORNINGS, agree)],
      [
        'another duration',
        ({ act, cast, service }) => updateService(act(cast.admin), service, { durationMinutes: 40 }),
      ],
      [
        'a closure of the location',
        ({ act, cast, location }) => addClosure(act(cast.admin), closed({ locationId: location.id }), agree),
      ],
      [
        'a closure that nobody is asked about',
        ({ act, cast, service }) => addClosure(act(cast.admin), closed({ serviceId: service.id })),
      ],
      [
        'another zone',
        ({ act, cast, location }) =>
          updateLocation(act(cast.admin), location, { name: location.name, timeZone: 'Asia/Tokyo' }),
      ],
      ['its retirement', ({ act, cast, service }) => retireService(act(cast.admin), service)],
    ];
    test.each(changes)('%s', async (_name, change) => {
      const scene = await build();
      const { service, cast } = scene;
      const { act, reached, go } = slowly(scene.act(cast.customer));
      const booked = refusalCode(bookReservation(act, { serviceId: service.id, timeSlot: AFTERNOON }));
      await reached;
      await change(scene);
      go();
      expect(await booked).toBe('slot_unavailable');
      expect(await reservationsOf(scene.store, service)).toEqual([]);
    });

    test('special hours that are taken back', async () => {
      const scene = await build();
      const { service, cast } = scene;
      const evening = { kind: 'special', opens: '18:00', closes: '20:00' } as const;
      const special = await addClosure(
        scene.act(cast.admin),
        closed({ serviceId: service.id, ...evening }),
        agree,
      );
      const { act, reached, go } = slowly(scene.act(cast.customer));
      const booked = refusalCode(
        bookReservation(act, { serviceId: service.id, timeSlot: mondayAt('18:00') }),
      );
      await reached;
      await removeClosure(scene.act(cast.admin), special.id, agree);
      go();
      expect(await booked).toBe('slot_unavailable');
    });

    test('and would not be, if it only wrote', async () => {
      const scene = await build();
      const { act, cast, service } = scene;
      await updateService(act(cast.admin), service, MORNINGS, agree);
      const { commit, done } = await bookingInFlight(scene);
      commit();
      await done;
      expect(await collisionsOf(act(cast.admin), await reload(scene.store, service), {})).toHaveLength(1);
    });

    test('that moves', async () => {
      const scene = await build();
      const { service, cast } = scene;
      const { id } = await book(scene, cast.customer, mondayAt('10:00'));
      const { act, reached, go } = slowly(scene.act(cast.customer));
      const reachedOne = await reachReservation(act, id);
      const moved = refusalCode(rescheduleReservation(act, reachedOne, { timeSlot: AFTERNOON }));
      await reached;
      await updateService(scene.act(cast.admin), service, MORNINGS, agree);
      go();
      expect(await moved).toBe('slot_unavailable');
      expect(await reservationsOf(scene.store, service)).toMatchObject([{ timeSlot: mondayAt('10:00') }]);
    });

    test('and does not disturb one whose slot still is there', async () => {
      const scene = await build();
      const { service, cast } = scene;
      const { act, reached, go } = slowly(scene.act(cast.customer));
      const booked = bookReservation(act, { serviceId: service.id, timeSlot: mondayAt('10:00') });
      await reached;
      await updateService(scene.act(cast.admin), service, { ...MORNINGS, name: 'Mornings' }, agree);
      go();
      expect(await booked).toMatchObject({ status: 'confirmed', timeSlot: mondayAt('10:00') });
    });
  });

  test('again and again meets a booking that is tried again, not forever', async () => {
    const scene = await build();
    const { service, cast, store } = scene;
    const timeSlot = mondayAt('10:00');
    /** Books while the rules change before each of so many tries. */
    const amid = (changes: number, change: ServiceChange = {}) => {
      let left = changes;
      const act = scene.act(cast.customer);
      const changing = actWithin(act, async (work) => {
        if (left > 0) {
          left -= 1;
          const name = `Changed ${newId()}`;
          await updateService(scene.act(cast.admin), await reload(store, service), { name, ...change });
        }
        return act.transaction(work);
      });
      return bookReservation(changing, { serviceId: service.id, timeSlot });
    };
    expect(await refusalCode(amid(10))).toBe('stale');
    expect(await refusalCode(amid(3, { durationMinutes: 20 }))).toBe('slot_unavailable');
    expect(await reservationsOf(store, service)).toEqual([]);
    expect(await amid(3)).toMatchObject({ status: 'confirmed', timeSlot });
  });

  test('leaves the days as they were', async () => {
    const scene = await build();
    const { act, cast, service, location } = scene;
    await book(scene, cast.customer, mondayAt('10:00'));
    const days = () =>
      open().raw(`SELECT local_day FROM queues WHERE service_id = '${service.id}' ORDER BY local_day`);
    const before = await days();
    expect(before).toHaveLength(1);
    await updateService(act(cast.admin), service, MORNINGS, agree);
    await addClosure(act(cast.admin), closed({ locationId: location.id, day: '2026-03-05' }), agree);
    expect(await days()).toEqual(before);
  });

  test('that is refused changes nothing', async () => {
    const scene = await build();
    const { act, cast, service } = scene;
    await book(scene, cast.customer, AFTERNOON);
    const refuse: Ask = (found) => {
      expect(found).toHaveLength(1);
      throw new Error('Not like this');
    };
    await expect(updateService(act(cast.admin), service, MORNINGS, refuse)).rejects.toThrow('Not like this');
    expect((await reload(scene.store, service)).version).toBe(service.version);
    expect(await open().raw(`SELECT 1 FROM queues WHERE service_id = '${service.id}'`)).toHaveLength(1);
  });

  test('that gives a service another letter and a move of its location to another zone do not wait for each other', async () => {
    for (let round = 0; round < (SOAK ? 40 : 6); round++) {
      const scene = await build();
      const { act, cast, service, location } = scene;
      const counts = await tally([
        updateLocation(act(cast.admin), location, { name: location.name, timeZone: 'Europe/Paris' }),
        updateService(act(cast.admin), service, { ...MORNINGS, prefix: 'Q' }, agree),
        updateLocation(act(cast.admin), location, { name: location.name, timeZone: 'Europe/Rome' }),
      ]);
      expect(Object.keys(counts).filter((code) => !['ok', 'stale'].includes(code))).toEqual([]);
    }
  });

  test('among bookings, moves and other changes, no collision goes untold, and nobody waits for each other', async () => {
    for (let round = 0; round < (SOAK ? 40 : 4); round++) {
      const scene = await build();
      const { act, cast, service, location } = scene;
      const people = await addCustomers(scene.store, 24);
      const slot = (index: number) =>
        addMinutes(mondayAt('09:00'), (index % 16) * 30 + (index % 3) * 24 * 60);
      const standing = await Promise.all(
        people.slice(0, 8).map((one, index) => book(scene, one, slot(index))),
      );
      const told = new Set<string>();
      const tell: Ask = (found) => {
        for (const { booking } of found) told.add(booking.id);
      };
      const counts = await tally([
        ...people.slice(8).map((one, index) => book(scene, one, slot(index * 7))),
        ...people.slice(0, 8).map(async (one, index) => {
          const mine = await reachReservation(act(one), standing[index]?.id ?? '');
          return rescheduleReservation(act(one), mine, { timeSlot: slot(index * 5 + 8) });
        }),
        updateService(act(cast.admin), service, MORNINGS, tell),
        ...[0, 1, 2].map((day) =>
          addClosure(
            act(cast.admin),
            closed({
              ...(day === 1 ? { serviceId: service.id } : { locationId: location.id }),
              day: addDays(MONDAY, day),
              opens: '10:00',
              closes: '11:00',
            }),
            tell,
          ),
        ),
      ]);
      expect(
        Object.keys(counts).filter((code) => !['ok', 'slot_unavailable', 'stale'].includes(code)),
      ).toEqual([]);
      const left = await collisionsOf(act(cast.admin), await reload(scene.store, service), {});
      expect(left.filter(({ booking }) => !told.has(booking.id))).toEqual([]);
    }
  });
});

onBothDatabases('a location that is retired', (open) => {
  const input = (locationId: string): NewService =>
    parse(createServiceForm, { name: `New ${newId()}`, durationMinutes: 30, locationId });

  test('gets no service that was being opened', async () => {
    const scene = await buildScene(open().store);
    const { cast, otherLocation } = scene;
    const { act, reached, go } = slowly(scene.act(cast.admin));
    const created = refusalCode(createService(act, input(otherLocation.id)));
    await reached;
    await retireLocation(scene.act(cast.admin), otherLocation);
    go();
    expect(await created).toBe('invalid');
  });

  test('is not, when a service was opened a moment before', async () => {
    const scene = await buildScene(open().store);
    const { cast, otherLocation } = scene;
    const { act, reached, go } = slowly(scene.act(cast.admin));
    const retired = refusalCode(retireLocation(act, otherLocation));
    await reached;
    await createService(scene.act(cast.admin), input(otherLocation.id));
    go();
    expect(await retired).toBe('in_use');
  });

  test('is not retired while one is being opened', async () => {
    const counts: Record<string, number> = {};
    for (let round = 0; round < 10; round++) {
      const scene = await buildScene(open().store);
      const { act, cast, otherLocation } = scene;
      const [made, retired] = await Promise.allSettled([
        createService(act(cast.admin), input(otherLocation.id)),
        retireLocation(act(cast.admin), otherLocation),
      ]);
      const outcome = `${made.status} ${retired.status}`;
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    expect(
      Object.keys(counts).filter((each) => !/^(fulfilled rejected|rejected fulfilled)$/.test(each)),
    ).toEqual([]);
  });
});

function closed(change: Partial<Parameters<typeof addClosure>[1]>) {
  return {
    serviceId: null,
    day: MONDAY,
    kind: 'closed' as const,
    opens: null,
    closes: null,
    reason: '',
    ...change,
  };
}
