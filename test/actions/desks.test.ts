import { describe, expect, test } from 'vitest';
import { actOf } from '../../src/actions/act.ts';
import {
  createDesk,
  reachAnyDesk,
  restoreDesk,
  retireDesk,
  updateDesk,
} from '../../src/actions/desk-setup.ts';
import {
  leaveDesk,
  listDesks,
  pauseWork,
  reachDesk,
  resumeWork,
  servicesAt,
  takeDesk,
} from '../../src/actions/desks.ts';
import { restoreLocation, retireLocation } from '../../src/actions/locations.ts';
import { advance, advanceDesk } from '../../src/actions/queue.ts';
import { retireService } from '../../src/actions/services.ts';
import { changeStaff } from '../../src/actions/staff.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { CATALOG, serviceTopic } from '../../src/db/changes.ts';
import { deskWithServices } from '../../src/db/desks.ts';
import { queueVersion } from '../../src/db/queue.ts';
import { entryById } from '../../src/db/tickets.ts';
import type { StaffedDesk } from '../../src/domain/desk.ts';
import { newId } from '../../src/domain/id.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import {
  buildDesk,
  buildScene,
  buildService,
  eventsOf,
  mondayAt,
  refusalCode,
  refusalOf,
  type Scene,
  tally,
  walkIn,
} from '../support/builders.ts';
import { addPeople, person } from '../support/cast.ts';
import { onBothDatabases } from '../support/databases.ts';

const TODAY = '2026-03-02';

async function desk(scene: Scene, id = scene.deskId): Promise<StaffedDesk> {
  return (await deskWithServices(scene.store, id)) as StaffedDesk;
}

/** A desk that serves exactly these. */
async function deskFor({ store, location }: Scene, services: readonly PlacedService[]): Promise<StaffedDesk> {
  const deskId = await buildDesk(store, location, 'Desk 9');
  await store.transaction((tx) =>
    tx.write.insert(tx.tables.deskServices).values(services.map(({ id }) => ({ deskId, serviceId: id }))),
  );
  return (await deskWithServices(store, deskId)) as StaffedDesk;
}

onBothDatabases('a desk', (open) => {
  test('is seen and reached by the staff of its place and admins', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, deskId } = scene;
    for (const who of [cast.staff, cast.admin]) {
      expect((await listDesks(act(who))).map(({ id }) => id)).toContain(deskId);
      expect((await reachDesk(act(who), deskId)).id).toBe(deskId);
    }
    expect((await listDesks(act(cast.otherStaff))).map(({ id }) => id)).not.toContain(deskId);
    expect(await refusalCode(reachDesk(act(cast.otherStaff), deskId))).toBe('not_found');
    for (const id of ['x', newId()])
      expect(await refusalCode(reachDesk(act(cast.admin), id))).toBe('not_found');
    for (const work of [listDesks, (asked: ReturnType<typeof act>) => reachDesk(asked, deskId)]) {
      expect(await refusalCode(work(act(cast.customer)))).toBe('forbidden');
      expect(await refusalCode(work(act(null)))).toBe('unauthenticated');
    }
  });

  test('is taken by one, who gets up from another; left, and handed over', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, location, clock } = scene;
    const second = await desk(scene, await buildDesk(store, location, 'Desk 2'));
    const first = await desk(scene);
    expect(await takeDesk(act(cast.staff), first)).toMatchObject({
      staffedBy: cast.staff.id,
      staffedAt: clock(),
      staffName: cast.staff.name,
    });
    expect(await refusalOf(takeDesk(act(cast.admin), first))).toMatchObject({
      code: 'desk_taken',
      facts: { staffedBy: cast.staff.id },
    });
    expect(await refusalCode(leaveDesk(act(cast.admin), first))).toBe('desk_taken');
    clock.pass(1);
    // At one's own desk nothing happens.
    expect((await takeDesk(act(cast.staff), first)).staffedAt).not.toEqual(clock());
    await takeDesk(act(cast.staff), second);
    expect(await desk(scene)).toMatchObject({ staffedBy: null, staffedAt: null });
    expect(await takeDesk(act(cast.admin), second, { handOver: true })).toMatchObject({
      staffedBy: cast.admin.id,
    });
    expect((await leaveDesk(act(cast.admin), second)).staffedBy).toBeNull();
    expect((await leaveDesk(act(cast.admin), second)).staffedBy).toBeNull();
  });

  test('is lost to a colleague: what its former owner’s screen asks for there is refused', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, deskId, store } = scene;
    const ticket = await walkIn(scene);
    const desk = (await deskWithServices(store, deskId)) as StaffedDesk;
    await takeDesk(act(cast.staff), desk);
    await takeDesk(act(cast.admin), desk, { handOver: true });
    const asked = [
      () => advanceDesk(act(cast.staff), desk, { isOwn: true }),
      () => advance(act(cast.staff), service, { deskId, isOwn: true }),
      () => moveTicket(act(cast.staff), ticket, 'call', { deskId, isOwn: true }),
    ];
    for (const ask of asked) expect(await refusalCode(ask())).toBe('desk_taken');
    expect((await entryById(store, ticket.id))?.version).toBe(ticket.version);
    expect((await advanceDesk(act(cast.admin), desk, { isOwn: true })).inService?.id).toBe(ticket.id);
    // A program names whichever desk it speaks for.
    expect((await advance(act(cast.staff), service, { deskId })).completed?.id).toBe(ticket.id);
  });

  test('tells the lines that it serves who sits there and whether it pauses, and no others', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, location, otherLocation } = scene;
    const own = await buildService(store, location, {});
    const old = await buildService(store, location, {});
    const elsewhere = await buildService(store, otherLocation, {});
    const [first, second] = [await deskFor(scene, [own]), await deskFor(scene, [old])];
    /** Which of the three hear of it, and whether what is set up seems to be another. */
    const told = async (work: () => Promise<unknown>) => {
      const moment = store.changes.now();
      await work();
      const isTold = (topic: string) => !store.changes.unchangedSince(moment, [topic]);
      return [CATALOG, ...[own, old, elsewhere].map(({ id }) => serviceTopic(id))].map(isTold);
    };
    expect(await told(() => takeDesk(act(cast.staff), second))).toEqual([false, false, true, false]);
    // Whoever sits down gets up elsewhere.
    expect(await told(() => takeDesk(act(cast.staff), first))).toEqual([false, true, true, false]);
    expect(await told(() => pauseWork(act(cast.staff), first))).toEqual([false, true, false, false]);
    expect(await told(() => resumeWork(act(cast.staff), first))).toEqual([false, true, false, false]);
    expect(await told(() => leaveDesk(act(cast.staff), first))).toEqual([false, true, false, false]);
    expect((await listDesks(act(cast.staff))).every(({ staffedBy }) => staffedBy === null)).toBe(true);
  });

  test('has a name of its own at its place, and stands after those with smaller numbers', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, location, otherLocation } = scene;
    const named = (name: string, locationId = location.id) =>
      createDesk(act(cast.admin), { name, locationId, serviceIds: [] });
    for (const name of ['Desk 10', 'Desk 2', 'Desk 11']) await named(name);
    await named('Desk 2', otherLocation.id);
    const names = (await listDesks(act(cast.staff))).map(({ name }) => name);
    expect(names).toEqual(['Desk 1', 'Desk 2', 'Desk 10', 'Desk 11']);

    for (const name of ['Desk 2', 'desk 2'])
      expect((await refusalOf(named(name))).fields).toEqual({ name: { code: 'name_taken' } });
    const first = await desk(scene);
    const rename = (name: string) =>
      updateDesk(act(cast.admin), first, { name, locationId: null, serviceIds: [] });
    expect((await refusalOf(rename('Desk 10'))).fields).toEqual({ name: { code: 'name_taken' } });
    expect((await rename('Desk 1')).name).toBe('Desk 1');
    expect((await rename('DESK 1')).name).toBe('DESK 1');
    expect(await tally([named('Desk 3'), named('Desk 3'), rename('Desk 3')])).toEqual({ ok: 1, invalid: 2 });
    // A name that is used no more is free.
    await retireDesk(act(cast.admin), await named('Desk 4'));
    expect((await named('Desk 4')).name).toBe('Desk 4');
  });

  test('is put back in use once, unless its name is taken or its place is retired', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, deskId, location, service, store } = scene;
    const admin = act(cast.admin);
    await takeDesk(act(cast.staff), await desk(scene));
    await pauseWork(act(cast.staff), await desk(scene));
    await retireDesk(admin, await desk(scene));
    const restore = async () => restoreDesk(admin, await reachAnyDesk(admin, deskId));
    const named = (name: string) => createDesk(admin, { name, locationId: location.id, serviceIds: [] });
    const other = await named('desk 1');
    expect((await refusalOf(restore())).fields).toEqual({ name: { code: 'name_taken' } });
    expect(await deskWithServices(store, deskId)).toBeUndefined();
    await retireDesk(admin, other);
    await retireService(admin, service);
    await retireLocation(admin, location);
    expect((await refusalOf(restore())).fields).toEqual({ locationId: { code: 'location_retired' } });
    await restoreLocation(admin, location);
    await Promise.all([restore(), restore()]);
    await restore();
    expect(await deskWithServices(store, deskId)).toMatchObject({ staffedBy: null, pausedAt: null });
    const events = await open().raw(
      `SELECT verb FROM events WHERE location_id = '${location.id}' AND service_id IS NULL ORDER BY id`,
    );
    const verbs = events.map(({ verb }) => verb);
    expect(verbs.filter((verb) => verb === 'restore')).toHaveLength(2);
    expect(await refusalCode(restoreDesk(act(cast.staff), await reachAnyDesk(admin, deskId)))).toBe(
      'forbidden',
    );
    await retireDesk(admin, await desk(scene));
    expect(await tally([restore(), named('Desk 1'), named('Desk 1')])).toEqual({ ok: 1, invalid: 2 });
  });

  test('is taken by nobody who has just lost that place', async () => {
    const scene = await buildScene(open().store);
    const { act, cast } = scene;
    const asked = act(cast.staff);
    await changeStaff(act(cast.admin), { email: cast.staff.email, role: 'user', locationIds: [] });
    expect(await refusalCode(takeDesk(asked, await desk(scene)))).toBe('forbidden');
    expect((await desk(scene)).staffedBy).toBeNull();
  });

  test('is paused by who sits there, or by anybody while nobody does', async () => {
    const scene = await buildScene(open().store);
    const { act, cast } = scene;
    await pauseWork(act(cast.admin), await desk(scene));
    await resumeWork(act(cast.admin), await desk(scene));
    await takeDesk(act(cast.staff), await desk(scene));
    for (const work of [pauseWork, resumeWork])
      expect(await refusalCode(work(act(cast.admin), await desk(scene)))).toBe('desk_taken');
    expect((await pauseWork(act(cast.staff), await desk(scene))).pausedAt).not.toBeNull();
  });

  test('is nobody’s once they work there no more', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, location, otherLocation, service } = scene;
    const moving = person('Mo Moving', 'staff', [location.id]);
    await addPeople(store, [moving]);
    const version = () => queueVersion(store, service.id, TODAY);
    const changes = [
      { role: 'user', locationIds: [], stays: false },
      { role: 'staff', locationIds: [otherLocation.id], stays: false },
      { role: 'staff', locationIds: [otherLocation.id, location.id], stays: true },
      { role: 'admin', locationIds: [], stays: true },
    ] as const;
    for (const { stays, ...change } of changes) {
      await changeStaff(act(cast.admin), { email: moving.email, role: 'staff', locationIds: [location.id] });
      await takeDesk(act(moving), await desk(scene));
      const before = await version();
      await changeStaff(act(cast.admin), {
        email: moving.email,
        ...change,
        locationIds: [...change.locationIds],
      });
      expect((await desk(scene)).staffedBy, JSON.stringify(change)).toBe(stays ? moving.id : null);
      // The screens of its lines are told.
      expect((await version()) === before).toBe(stays);
      if (stays) await leaveDesk(act(moving), await desk(scene));
    }
  });

  test('is nobody’s once their account is erased', async () => {
    const scene = await buildScene(open().store);
    const leaving = person('Lea Leaving', 'staff', [scene.location.id]);
    await addPeople(scene.store, [leaving]);
    await takeDesk(scene.act(leaving), await desk(scene));
    await open().raw(`DELETE FROM users WHERE id = '${leaving.id}'`);
    expect(await desk(scene)).toMatchObject({ staffedBy: null, staffName: null });
  });

  test('goes to one of many who take it at once, and nobody sits at two', async () => {
    for (let round = 0; round < 5; round++) {
      const scene = await buildScene(open().store);
      const { store, location, clock, cast } = scene;
      const people = Array.from({ length: 6 }, (_, index) => person(`S${index}`, 'staff', [location.id]));
      await addPeople(store, people);
      const first = await desk(scene);
      const second = await desk(scene, await buildDesk(store, location, 'Desk 2'));
      const taken = await tally(people.map((who) => takeDesk(actOf(store, clock, who), first)));
      expect(taken).toEqual({ ok: 1, desk_taken: 5 });
      // Nobody waits in a circle, and whoever sat down last sits there.
      const third = await desk(scene, await buildDesk(store, location, 'Desk 3'));
      const desks = [first, second, third, second, first, third, first, second, third];
      const moves = await tally(
        desks.flatMap((each) => [
          takeDesk(actOf(store, clock, cast.admin), each, { handOver: true }),
          takeDesk(actOf(store, clock, cast.staff), each, { handOver: true }),
        ]),
      );
      expect(moves).toEqual({ ok: 18 });
      const seats = await Promise.all([first, second, third].map(({ id }) => desk(scene, id)));
      for (const who of [cast.admin, cast.staff])
        expect(seats.filter(({ staffedBy }) => staffedBy === who.id).length).toBeLessThanOrEqual(1);
    }
  });

  test('that is paused takes nobody new, and lets go whom it has', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, deskId, store, clock } = scene;
    const [, second] = [await walkIn(scene), await walkIn(scene)];
    const { inService } = await advance(act(cast.staff), service, { deskId });
    const version = await queueVersion(store, service.id, TODAY);
    expect((await pauseWork(act(cast.staff), await desk(scene))).pausedAt).toEqual(clock());
    expect(await queueVersion(store, service.id, TODAY)).toBe(version + 1);
    clock.pass(1);
    expect((await pauseWork(act(cast.staff), await desk(scene))).pausedAt).not.toEqual(clock());
    expect(await queueVersion(store, service.id, TODAY)).toBe(version + 1);
    const toDesk = { deskId };
    expect(await refusalCode(moveTicket(act(cast.staff), second, 'call', toDesk))).toBe('desk_paused');
    // What the desk advances it only finishes.
    expect(await advance(act(cast.staff), service, toDesk)).toMatchObject({
      completed: { id: inService?.id, status: 'completed' },
      inService: null,
    });
    expect(await advanceDesk(act(cast.staff), await desk(scene))).toEqual({
      completed: null,
      inService: null,
    });
    expect((await resumeWork(act(cast.staff), await desk(scene))).pausedAt).toBeNull();
    expect((await advance(act(cast.staff), service, { deskId })).inService?.id).toBe(second.id);
  });

  test('that is paused is not called back to whom it parked', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, deskId } = scene;
    await walkIn(scene);
    const { inService } = await advance(act(cast.staff), service, { deskId });
    const parked = await moveTicket(act(cast.staff), inService as QueueEntry, 'park');
    await pauseWork(act(cast.staff), await desk(scene));
    for (const verb of ['call', 'start'] as const)
      expect(await refusalCode(moveTicket(act(cast.staff), parked, verb))).toBe('desk_paused');
    const other = await buildDesk(scene.store, scene.location, 'Desk 2');
    expect(await moveTicket(act(cast.staff), parked, 'call', { deskId: other })).toMatchObject({
      deskId: other,
    });
  });

  test('that is retired is none for whom it parked', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, deskId } = scene;
    for (const verb of ['call', 'start'] as const) {
      await walkIn(scene);
      const gone = await buildDesk(scene.store, scene.location, `Desk of ${verb}`);
      const { inService } = await advance(act(cast.staff), service, { deskId: gone });
      const parked = await moveTicket(act(cast.staff), inService as QueueEntry, 'park');
      await retireDesk(act(cast.admin), await desk(scene, gone));
      expect(await refusalOf(moveTicket(act(cast.staff), parked, verb, { deskId: gone }))).toMatchObject({
        fields: { deskId: { code: 'unknown_desk' } },
      });
      const taken = await moveTicket(act(cast.staff), parked, verb);
      expect(taken).toMatchObject({ status: verb === 'call' ? 'called' : 'in_service', deskId: null });
      await moveTicket(act(cast.staff), taken, verb === 'call' ? 'leave' : 'complete');
    }
    await walkIn(scene);
    expect((await advance(act(cast.staff), service, { deskId })).inService).not.toBeNull();
  });

  test('serves one at a time, whatever line its tickets stand in', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, deskId, store, location } = scene;
    const parking = await buildService(store, location, { name: 'Parking', prefix: 'P' });
    const one = await walkIn(scene);
    const other = await walkIn({ ...scene, service: parking });
    await advance(act(cast.staff), service, { deskId });
    const called = await moveTicket(act(cast.staff), other, 'call', { deskId });
    expect(await refusalOf(moveTicket(act(cast.staff), called, 'start'))).toMatchObject({
      code: 'desk_busy',
      facts: { entry: { id: other.id } },
    });
    // One tap ends what the desk has in one line and starts what it called in another.
    expect(await advance(act(cast.staff), service, { deskId, serving: one.id })).toMatchObject({
      completed: { id: one.id },
      inService: { id: other.id, deskId },
    });
    expect(await advance(act(cast.staff), service, { deskId })).toMatchObject({
      completed: { id: other.id },
      inService: null,
    });
  });

  test('called two at once by many serves them one after the other', async () => {
    for (let round = 0; round < 5; round++) {
      const scene = await buildScene(open().store);
      const { act, cast, deskId } = scene;
      const tickets = [await walkIn(scene), await walkIn(scene), await walkIn(scene)];
      for (const ticket of tickets) await moveTicket(act(cast.staff), ticket, 'call', { deskId });
      const counts = await tally(
        tickets.map((ticket) => moveTicket(act(cast.staff), { ...ticket, deskId }, 'start')),
      );
      expect(counts).toEqual({ ok: 1, desk_busy: 2 });
    }
  });
});

onBothDatabases('a desk with several services', (open) => {
  test('serves those it is told, or all of its place', async () => {
    const scene = await buildScene(open().store);
    const { store, location, otherLocation, service } = scene;
    const parking = await buildService(store, location, { name: 'Parking' });
    await buildService(store, location, { name: 'Gone', retiredAt: scene.clock() });
    await buildService(store, otherLocation, { name: 'Elsewhere' });
    const ids = async (which: StaffedDesk) => (await servicesAt(store, which)).map(({ id }) => id);
    expect(new Set(await ids(await desk(scene)))).toEqual(new Set([service.id, parking.id]));
    expect(await ids(await deskFor(scene, [parking]))).toEqual([parking.id]);
  });

  describe('takes the next of all its lines', () => {
    test('by the one order, and one action can be told from the next', async () => {
      const scene = await buildScene(open().store);
      const { act, cast, store, location, clock, service } = scene;
      const parking = await buildService(store, location, { name: 'Parking', prefix: 'P' });
      const both = await deskFor(scene, [service, parking]);
      const inLine = (of: PlacedService, priority = 0) => walkIn({ ...scene, service: of }, 'W', priority);
      const a1 = await inLine(service);
      clock.pass(1);
      const p1 = await inLine(parking);
      clock.pass(1);
      const a2 = await inLine(service);
      const p2 = await inLine(parking, 1);
      const order: string[] = [];
      for (let index = 0; index < 5; index++) {
        const { inService } = await advanceDesk(act(cast.staff), both);
        order.push(inService?.id ?? '-');
      }
      expect(order).toEqual([p2.id, a1.id, p1.id, a2.id, '-']);
      const actions = (await eventsOf(store, service)).filter(({ verb }) => verb === 'advance');
      expect(new Set(actions.map(({ actionId }) => actionId)).size).toBe(4);
    });

    test('early only as far as each allows', async () => {
      const scene = await buildScene(open().store, { earlyCallMinutes: 5, checkIn: 'none' });
      const both = await deskFor(scene, [scene.service]);
      const { bookReservation } = await import('../../src/actions/reservations.ts');
      await bookReservation(scene.act(scene.cast.customer), {
        serviceId: scene.service.id,
        timeSlot: mondayAt('10:00'),
      });
      scene.clock.set(mondayAt('09:54'));
      expect((await advanceDesk(scene.act(scene.cast.staff), both)).inService).toBeNull();
      scene.clock.set(mondayAt('09:55'));
      expect((await advanceDesk(scene.act(scene.cast.staff), both)).inService).not.toBeNull();
    });

    test('and of many taps on many desks each ticket is started once', async () => {
      const scene = await buildScene(open().store);
      const { act, cast, store, location, service } = scene;
      const parking = await buildService(store, location, { name: 'Parking' });
      for (let index = 0; index < 10; index++)
        await walkIn({ ...scene, service: index % 2 ? service : parking });
      const desks = [
        await deskFor(scene, [service, parking]),
        await deskFor(scene, [parking]),
        await deskFor(scene, [parking, service]),
      ];
      const results = await Promise.all(
        Array.from({ length: 15 }, (_, index) =>
          advanceDesk(act(cast.staff), desks[index % 3] as StaffedDesk),
        ),
      );
      const started = results.flatMap(({ inService }) => inService?.id ?? []);
      const completed = results.flatMap((result) => result.completed?.id ?? []);
      expect(new Set(started).size).toBe(started.length);
      expect(new Set(completed).size).toBe(completed.length);
      expect(started.length).toBeGreaterThanOrEqual(9);
    });
  });

  test('that serves nothing finds nobody', async () => {
    const scene = await buildScene(open().store);
    const gone = await buildService(scene.store, scene.location, { retiredAt: scene.clock() });
    await walkIn(scene);
    expect(await advanceDesk(scene.act(scene.cast.staff), await deskFor(scene, [gone]))).toEqual({
      completed: null,
      inService: null,
    });
  });
});
