import { expect, test } from 'vitest';
import { actWithin } from '../../src/actions/act.ts';
import { findBoard } from '../../src/actions/board.ts';
import { collisionsOf, newCollisionsOf } from '../../src/actions/collisions.ts';
import { retireDesk } from '../../src/actions/desk-setup.ts';
import { reachDesk } from '../../src/actions/desks.ts';
import {
  chooseLocation,
  createLocation,
  restoreLocation,
  retireLocation,
} from '../../src/actions/locations.ts';
import { bookReservation, cancelReservation, reachReservation } from '../../src/actions/reservations.ts';
import {
  createService,
  reachService,
  restoreService,
  retireService,
  updateService,
} from '../../src/actions/services.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { hoursOf, serviceWithHours } from '../../src/db/hours.ts';
import type { Tx } from '../../src/db/store.ts';
import { newId } from '../../src/domain/id.ts';
import type { Person } from '../../src/domain/roles.ts';
import { createServiceForm, OFFICE_HOURS } from '../../src/forms/services.ts';
import {
  book,
  buildLocation,
  buildScene,
  buildService,
  checkInTo,
  entriesOf,
  eventsOf,
  mondayAt,
  refusalCode,
  refusalOf,
  reload,
  reservationsOf,
  tally,
  verbsOf,
  walkIn,
} from '../support/builders.ts';
import { addCustomers } from '../support/cast.ts';
import { DIALECTS, onBothDatabases, openDatabase } from '../support/databases.ts';

const input = (change: Record<string, unknown>) =>
  createServiceForm.parse({ name: `Parking ${newId()}`, durationMinutes: 20, ...change });

onBothDatabases('creating a service', (open) => {
  test('puts it at its place, with office hours unless told otherwise', async () => {
    const { act, cast, location, store } = await buildScene(open().store);
    const service = await createService(
      act(cast.admin),
      input({ locationId: location.id, prefix: 'q', capacity: '3' }),
    );
    expect(service).toMatchObject({
      locationId: location.id,
      prefix: 'Q',
      capacity: 3,
      version: 1,
      earlyCallMinutes: null,
      retiredAt: null,
    });
    expect(await serviceWithHours(store, service.id)).toEqual(service);
    expect(service.openingRules).toEqual(OFFICE_HOURS);
    expect(await eventsOf(store, service)).toMatchObject([
      { verb: 'create', actorId: cast.admin.id, locationId: location.id },
    ]);
  });

  test('keeps its own hours, and may have none', async () => {
    const { act, cast, location, store } = await buildScene(open().store);
    const rules = [{ weekday: 6, opens: '08:00', closes: '24:00' }];
    const own = await createService(act(cast.admin), input({ locationId: location.id, openingRules: rules }));
    expect((await hoursOf(store, own, '2026-03-02', '2026-03-02')).rules).toEqual(rules);
    const none = await createService(act(cast.admin), input({ locationId: location.id, openingRules: [] }));
    expect((await hoursOf(store, none, '2026-03-02', '2026-03-02')).rules).toEqual([]);
  });

  test('limits early calls where nobody checks in, unless told otherwise', async () => {
    const { act, cast, location } = await buildScene(open().store);
    const make = async (change: Record<string, unknown>) =>
      (await createService(act(cast.admin), input({ locationId: location.id, checkIn: 'none', ...change })))
        .earlyCallMinutes;
    expect(await make({})).toBe(15);
    expect(await make({ earlyCallMinutes: '' })).toBeNull();
    expect(await make({ earlyCallMinutes: '5' })).toBe(5);
  });

  test('gives services of one name different addresses', async () => {
    const { act, cast, location } = await buildScene(open().store);
    const name = `Tyres ${newId()}`;
    const slugs: string[] = [];
    for (let index = 0; index < 3; index++)
      slugs.push((await createService(act(cast.admin), input({ name, locationId: location.id }))).slug);
    expect(slugs).toEqual([slugs[0], `${slugs[0]}-2`, `${slugs[0]}-3`]);
  });

  test('gives a service and a place of one name different addresses, also when they are added at once', async () => {
    const { act, cast, location, store } = await buildScene(open().store);
    const admin = act(cast.admin);
    const addService = (name: string) => createService(admin, input({ name, locationId: location.id }));
    const addPlace = (name: string) => createLocation(admin, { name, timeZone: 'UTC' });
    const name = `Clash ${newId()}`;
    const [service, place] = [await addService(name), await addPlace(name)];
    expect(place.slug).toBe(`${service.slug}-2`);
    expect((await addService(name)).slug).toBe(`${service.slug}-3`);
    expect((await findBoard(store, service.slug))?.services).toEqual([
      { id: service.id, name, earlyCallMinutes: service.earlyCallMinutes, isRetired: false },
    ]);
    for (let round = 0; round < 10; round++) {
      const wanted = `Clash ${newId()}`;
      const made = await Promise.all([addService(wanted), addPlace(wanted)]);
      expect(new Set(made.map(({ slug }) => slug)).size).toBe(2);
    }
  });

  test('refuses a name whose address somebody takes at the same moment', async () => {
    const { act, cast, location, otherLocation, store } = await buildScene(open().store);
    const name = `Race ${newId()}`;
    const counts = await tally(
      [location, otherLocation].map(({ id: locationId }) =>
        createService(act(cast.admin), input({ name, locationId })),
      ),
    );
    expect(counts).toEqual({ ok: 2 });
    const blind = (tx: Tx): Tx =>
      Object.create(tx, {
        run: {
          value: (query: { name: string }, params: never) =>
            query.name === 'taken_slugs' ? Promise.resolve([]) : tx.run(query as never, params),
        },
      });
    const stale = actWithin(act(cast.admin), (work) => store.transaction((tx) => work(blind(tx))));
    expect(await refusalOf(createService(stale, input({ name, locationId: location.id })))).toMatchObject({
      code: 'invalid',
      fields: { name: { code: 'slug_taken' } },
    });
  });

  test('gives two that are added at once two letters, and none that another place or a retired one has', async () => {
    const { act, cast, location, otherLocation } = await buildScene(open().store);
    const add = (place: { id: string }) =>
      createService(act(cast.admin), input({ name: `Desk ${newId()}`, locationId: place.id }));
    const [first, second] = await Promise.all([add(location), add(location)]);
    expect([first.prefix, second.prefix].sort()).toEqual(['B', 'C']);
    expect((await add(otherLocation)).prefix).toBe('A');
    await retireService(act(cast.admin), first);
    expect((await add(location)).prefix).toBe(first.prefix);
  });

  test('gives no name that another one at its place has, where that is asked for', async () => {
    const { act, cast, location, otherLocation, store } = await buildScene(open().store);
    const admin = act(cast.admin);
    const named = (name: string, ownName = true, { id } = location) =>
      createService(admin, input({ name, locationId: id }), { ownName });
    const taken = { fields: { name: { code: 'name_taken' } } };
    const first = await named('Dog licences');
    expect(await refusalOf(named('DOG licences'))).toMatchObject(taken);
    expect((await named('Dog licences', true, otherLocation)).name).toBe('Dog licences');
    const twin = await named('Dog licences', false);
    expect(twin.name).toBe('Dog licences');
    // What has the name already may keep it.
    const other = await named('Cats');
    const save = async (name: string) =>
      updateService(admin, await reload(store, other), { name, capacity: 2 }, undefined, { ownName: true });
    expect((await save('Cats')).capacity).toBe(2);
    expect(await refusalOf(save('Dog licences'))).toMatchObject(taken);
    await retireService(admin, twin);
    expect(await refusalOf(restoreService(admin, twin))).toMatchObject(taken);
    await retireService(admin, first);
    await restoreService(admin, twin);
    await updateService(admin, await reload(store, twin), { name: 'Birds' });
    expect(await tally([save('Dogs'), named('Dogs')])).toEqual({ ok: 1, invalid: 1 });
  });

  test('gives no letters that numbers of today have, nor those of a retired one that will give more', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, location, service, store } = scene;
    const add = (prefix?: string) =>
      createService(act(cast.admin), input({ locationId: location.id, ...(prefix && { prefix }) }));
    const taken = { fields: { prefix: { code: 'prefix_taken' } } };
    await walkIn(scene);
    await retireService(act(cast.admin), service);
    const second = await add();
    expect(second.prefix).toBe('B');
    expect(await refusalOf(add('A'))).toMatchObject(taken);
    // What was given with a letter keeps it when its service takes another one.
    await walkIn({ ...scene, service: second });
    const moved = await updateService(act(cast.admin), second, { prefix: 'Z' });
    expect((await add()).prefix).toBe('C');
    expect(await refusalOf(add('B'))).toMatchObject(taken);
    expect((await updateService(act(cast.admin), moved, { prefix: 'B' })).prefix).toBe('B');
    const late = await book(
      { ...scene, service: await reload(store, second) },
      cast.customer,
      new Date('2026-03-04T11:00:00+01:00'),
    );
    await retireService(act(cast.admin), second);

    clock.set(new Date('2026-03-03T00:30:00+01:00'));
    expect(await refusalOf(add('B'))).toMatchObject(taken);
    expect((await add()).prefix).toBe('A');
    // A retired one is told as well: two would have its numbers.
    expect(await refusalOf(restoreService(act(cast.admin), service))).toMatchObject(taken);
    await cancelReservation(act(cast.admin), await reachReservation(act(cast.admin), late.id));
    expect((await add('B')).prefix).toBe('B');
  });

  test('is for admins', async () => {
    const { act, cast, location } = await buildScene(open().store);
    const asked = input({ locationId: location.id });
    expect(await refusalCode(createService(act(cast.staff), asked))).toBe('forbidden');
    expect(await refusalCode(createService(act(cast.customer), asked))).toBe('forbidden');
    expect(await refusalCode(createService(act(null), asked))).toBe('unauthenticated');
  });

  test('needs a place that is in use', async () => {
    const { act, cast } = await buildScene(open().store);
    expect(await refusalOf(createService(act(cast.admin), input({ locationId: newId() })))).toMatchObject({
      code: 'invalid',
      fields: { locationId: { code: 'unknown_location' } },
    });
    expect(await refusalOf(createService(act(cast.admin), input({})))).toMatchObject({
      code: 'invalid',
      fields: { locationId: { code: 'required' } },
    });
  });
});

test.each(DIALECTS)(
  'the only location need not be named, and letters go by the alphabet, on %s',
  async (dialect) => {
    const database = await openDatabase(dialect);
    try {
      const { store } = database;
      expect(await refusalOf(chooseLocation(store, undefined))).toMatchObject({
        fields: { locationId: { code: 'unknown_location' } },
      });
      const { id } = await buildLocation(store);
      expect((await chooseLocation(store, undefined)).id).toBe(id);
      const { actOf } = await import('../../src/actions/act.ts');
      const { person, addPeople } = await import('../support/cast.ts');
      const admin = person('Ada', 'admin');
      await addPeople(store, [admin]);
      const act = actOf(store, () => mondayAt('08:00'), admin);
      const letters: string[] = [];
      for (let index = 0; index < 28; index++) letters.push((await createService(act, input({}))).prefix);
      expect(letters.join(' ')).toBe('A B C D E F G H I J K L M N O P Q R S T U V W X Y Z AA AB');
    } finally {
      await database.close();
    }
  },
);

onBothDatabases('changing a service', (open) => {
  test('to one without check-in gives a number to who has a reservation already', async () => {
    const scene = await buildScene(open().store, { capacity: 3 });
    const { act, cast, service, store, clock } = scene;
    const [early, late, never] = (await addCustomers(store, 3)) as [Person, Person, Person];
    await book(scene, late, mondayAt('11:00'));
    const first = await book(scene, early, mondayAt('10:00'));
    const canceled = await book(scene, never, mondayAt('10:00'));
    await cancelReservation(act(never), await reachReservation(act(never), canceled.id));
    await book(scene, cast.customer, mondayAt('09:00'));
    clock.set(mondayAt('09:30'));
    await checkInTo(act(cast.customer), (await reservationsOf(store, service))[3] as { id: string });
    await updateService(act(cast.admin), service, { checkIn: 'none' });
    const tickets = await entriesOf(store, service);
    expect(tickets.map(({ number, dueAt }) => [number, dueAt])).toEqual([
      ['A1', mondayAt('09:30')],
      ['A2', mondayAt('10:00')],
      ['A3', mondayAt('11:00')],
    ]);
    expect(tickets[1]?.reservationId).toBe(first.id);
    // And once: what is switched there and back gives no second one.
    const back = await updateService(act(cast.admin), await reload(store, service), { checkIn: 'required' });
    await updateService(act(cast.admin), back, { checkIn: 'none' });
    expect(await entriesOf(store, service)).toHaveLength(3);
  });

  test('to one without check-in gives a number to whose slot has begun while they could still check in', async () => {
    const scene = await buildScene(open().store, { capacity: 2, checkInAfterMinutes: 30 });
    const { act, cast, service, store, clock } = scene;
    const [gone, late, soon] = (await addCustomers(store, 3)) as [Person, Person, Person];
    await book(scene, gone, mondayAt('09:30'));
    await book(scene, late, mondayAt('10:00'));
    await book(scene, soon, mondayAt('11:00'));
    const left = await book(scene, cast.customer, mondayAt('10:00'));
    clock.set(mondayAt('10:00'));
    await moveTicket(act(cast.staff), await checkInTo(act(cast.customer), left), 'leave');
    clock.set(mondayAt('10:20'));
    await updateService(act(cast.admin), service, { checkIn: 'none' });
    const tickets = await entriesOf(store, service);
    expect(tickets.map(({ number, status, dueAt }) => [number, status, dueAt])).toEqual([
      ['A1', 'left', mondayAt('10:00')],
      ['A2', 'waiting', mondayAt('10:00')],
      ['A3', 'waiting', mondayAt('11:00')],
    ]);
  });

  test('gives it no letters that another one at its place has', async () => {
    const { act, cast, location, otherLocation, service, store } = await buildScene(open().store);
    const other = await buildService(store, location, { prefix: 'Q' });
    const taken = { code: 'invalid', fields: { prefix: { code: 'prefix_taken' } } };
    const change = (prefix: string) => updateService(act(cast.admin), service, { prefix });
    expect(await refusalOf(change('Q'))).toMatchObject(taken);
    const asked = input({ locationId: location.id, prefix: 'q' });
    expect(await refusalOf(createService(act(cast.admin), asked))).toMatchObject(taken);
    expect((await change(service.prefix)).prefix).toBe(service.prefix);
    const away = await createService(act(cast.admin), { ...asked, locationId: otherLocation.id });
    expect(away.prefix).toBe('Q');
    await retireService(act(cast.admin), other);
    expect((await change('Q')).prefix).toBe('Q');
  });

  test('to what it is already changes nothing', async () => {
    const { act, cast, service, store } = await buildScene(open().store);
    for (const change of [{}, { name: service.name, capacity: service.capacity, version: service.version }])
      expect((await updateService(act(cast.admin), service, change)).version).toBe(1);
    expect(await verbsOf(store, service)).toEqual([]);
    expect(await refusalCode(updateService(act(cast.admin), service, { version: 7 }))).toBe('stale');
  });

  test('to one without check-in limits early calls, unless it has a limit', async () => {
    const { act, cast, location, service, store } = await buildScene(open().store);
    const none = { checkIn: 'none' } as const;
    expect((await updateService(act(cast.admin), service, none)).earlyCallMinutes).toBe(15);
    const limited = await buildService(store, location, { earlyCallMinutes: 40 });
    expect((await updateService(act(cast.admin), limited, none)).earlyCallMinutes).toBe(40);
    const other = await buildService(store, location);
    const free = { ...none, earlyCallMinutes: null };
    expect((await updateService(act(cast.admin), other, free)).earlyCallMinutes).toBeNull();
  });

  test('changes what is given and nothing else', async () => {
    const { act, cast, service, store } = await buildScene(open().store);
    const changed = await updateService(act(cast.admin), service, {
      durationMinutes: 45,
      stepMinutes: null,
      walkIns: false,
    });
    expect(changed).toMatchObject({ ...service, durationMinutes: 45, walkIns: false, version: 2 });
    expect((await hoursOf(store, service, '2026-03-02', '2026-03-02')).rules).toHaveLength(7);
    expect((await eventsOf(store, service))[0]).toMatchObject({
      verb: 'update',
      data: { fields: ['durationMinutes', 'stepMinutes', 'walkIns'] },
    });
  });

  test('puts new hours in the place of the old', async () => {
    const { act, cast, service, store } = await buildScene(open().store);
    const rules = [{ weekday: 2, opens: '10:00', closes: '12:00' }];
    await updateService(act(cast.admin), service, { openingRules: rules });
    expect((await hoursOf(store, service, '2026-03-02', '2026-03-02')).rules).toEqual(rules);
  });

  test('is refused to a screen that is behind, and changes nothing', async () => {
    const { act, cast, service, store } = await buildScene(open().store);
    await updateService(act(cast.admin), service, { name: 'First', version: 1 });
    expect(
      await refusalCode(
        updateService(act(cast.admin), service, { name: 'Second', version: 1, openingRules: [] }),
      ),
    ).toBe('stale');
    expect((await reload(store, service)).name).toBe('First');
    expect((await hoursOf(store, service, '2026-03-02', '2026-03-02')).rules).toHaveLength(7);
    expect(await verbsOf(store, service)).toEqual(['update']);
  });

  test('keeps standing reservations as they are', async () => {
    const scene = await buildScene(open().store, { capacity: 2 });
    const { act, cast, service, store } = scene;
    const before = await book(scene, cast.customer, mondayAt('10:00'));
    const changed = await updateService(act(cast.admin), service, {
      durationMinutes: 60,
      capacity: 1,
      openingRules: [{ weekday: 1, opens: '10:00', closes: '11:00' }],
    });
    expect((await reservationsOf(store, service))[0]).toMatchObject({
      timeSlot: before.timeSlot,
      endsAt: before.endsAt,
      status: 'confirmed',
    });
    expect(
      await refusalCode(
        bookReservation(act(cast.otherCustomer), { serviceId: changed.id, timeSlot: mondayAt('10:00') }),
      ),
    ).toBe('slot_full');
  });

  test('is for admins', async () => {
    const { act, cast, service } = await buildScene(open().store);
    for (const who of [cast.staff, cast.customer]) {
      expect(await refusalCode(updateService(act(who), service, { name: 'x' }))).toBe('forbidden');
      expect(await refusalCode(retireService(act(who), service))).toBe('forbidden');
      expect(await refusalCode(reachService(act(who), service.id))).toBe('forbidden');
    }
    expect(await refusalCode(updateService(act(null), service, { name: 'x' }))).toBe('unauthenticated');
    expect(await refusalCode(reachService(act(cast.admin), 'x'))).toBe('not_found');
    expect(await refusalCode(reachService(act(cast.admin), newId()))).toBe('not_found');
    expect((await reachService(act(cast.admin), service.id)).id).toBe(service.id);
  });
});

onBothDatabases('retiring a service', (open) => {
  test('happens once and keeps what there is', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, store } = scene;
    await book(scene, cast.customer, mondayAt('10:00'));
    await retireService(act(cast.admin), service);
    await retireService(act(cast.admin), service);
    expect((await reload(store, service)).retiredAt).toEqual(scene.clock());
    expect(await verbsOf(store, service)).toEqual(['book', 'retire']);
    expect(await reservationsOf(store, service)).toHaveLength(1);
  });
});

onBothDatabases('putting a service back in use', (open) => {
  test('happens once, unless another has its letters or its place is retired', async () => {
    const scene = await buildScene(open().store, { prefix: 'Q' });
    const { act, cast, location, deskId, service, store } = scene;
    const admin = act(cast.admin);
    await retireService(admin, service);
    const restore = () => restoreService(admin, service);
    const other = await createService(admin, input({ locationId: location.id, prefix: 'Q' }));
    expect((await refusalOf(restore())).fields).toEqual({ prefix: { code: 'prefix_taken' } });
    expect((await reload(store, service)).retiredAt).toEqual(scene.clock());
    await retireService(admin, other);
    await retireDesk(admin, await reachDesk(admin, deskId));
    await retireLocation(admin, location);
    expect((await refusalOf(restore())).fields).toEqual({ locationId: { code: 'location_retired' } });
    await restoreLocation(admin, location);
    await Promise.all([restore(), restore()]);
    await restore();
    expect(await reload(store, service)).toMatchObject({ retiredAt: null, version: 3 });
    expect(await verbsOf(store, service)).toEqual(['retire', 'restore']);
    await book(scene, cast.customer, mondayAt('10:00'));
    expect(await refusalCode(restoreService(act(cast.staff), service))).toBe('forbidden');
    for (let round = 0; round < 3; round++) {
      await retireService(admin, service);
      const racing = [restore(), restoreService(admin, other)];
      expect(await tally(racing)).toEqual({ ok: 1, invalid: 1 });
      await retireService(admin, other);
    }
  });
});

onBothDatabases('collisions', (open) => {
  test('are the standing reservations that a change would not have allowed, with their names', async () => {
    const scene = await buildScene(open().store, { capacity: 2 });
    const { act, cast, service } = scene;
    const [other, gone] = await addCustomers(scene.store, 2);
    const morning = await book(scene, cast.customer, mondayAt('10:00'));
    await book(scene, other as never, mondayAt('10:00'));
    const later = await book(scene, gone as never, mondayAt('15:00'));
    const of = async (change: Parameters<typeof collisionsOf>[2]) =>
      (await collisionsOf(act(cast.admin), service, change)).map(({ booking, why }) => [booking.name, why]);
    expect(await of({})).toEqual([]);
    expect(await of({ capacity: 1 })).toEqual([['Customer 1', 'over_capacity']]);
    expect(await of({ openingRules: [{ weekday: 1, opens: '09:00', closes: '12:00' }] })).toEqual([
      ['Customer 2', 'closed'],
    ]);
    expect(await of({ openingRules: [] })).toHaveLength(3);
    scene.clock.set(mondayAt('12:00'));
    expect(await of({ openingRules: [] })).toHaveLength(1);
    expect([morning.status, later.status]).toEqual(['confirmed', 'confirmed']);
  });

  test('before and after a change are reckoned from what is read once', async () => {
    const scene = await buildScene(open().store, { capacity: 1 });
    const { act, cast, service, store } = scene;
    await book(scene, cast.customer, mondayAt('10:00'));
    const before = store.queries;
    const asked = await store.transaction((tx) =>
      newCollisionsOf({ ...act(cast.admin), db: tx }, service, { openingRules: [] }),
    );
    expect([asked.length, store.queries - before]).toEqual([1, 2]);
  });
});
