import { expect, test } from 'vitest';
import { pauseWork, reachDesk, takeDesk } from '../../src/actions/desks.ts';
import { estimateForNew, outlookOf } from '../../src/actions/estimates.ts';
import { heldTicket } from '../../src/actions/held.ts';
import { advance } from '../../src/actions/queue.ts';
import { cancelReservation, reachReservation } from '../../src/actions/reservations.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { entryById } from '../../src/db/tickets.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import {
  addPastTickets,
  book,
  buildDesk,
  buildScene,
  buildService,
  checkInTo,
  mondayAt,
  reload,
  type Scene,
  type ServiceOptions,
  walkIn,
} from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

const NOON = mondayAt('12:00');

onBothDatabases('estimates', (open) => {
  /** Ten minutes a service on two weeks, and somebody at the desk. */
  async function atNoon(options: ServiceOptions = {}) {
    const scene = await buildScene(open().store, options);
    await addPastTickets(scene, 14);
    scene.clock.set(NOON);
    const staff = scene.act(scene.cast.staff);
    await takeDesk(staff, await reachDesk(staff, scene.deskId));
    return scene;
  }

  const waitOf = async ({ store, clock }: Scene, entry: QueueEntry) => {
    const fresh = (await entryById(store, entry.id)) as QueueEntry;
    const service = await reload(store, { id: fresh.serviceId });
    return (await outlookOf(store, service, clock())).estimates.get(entry.id);
  };

  test('grow with those ahead, at the pace of past days and not of the plan', async () => {
    const scene = await atNoon({ durationMinutes: 40 });
    await walkIn(scene);
    await advance(scene.act(scene.cast.staff), scene.service, { deskId: scene.deskId });
    const line = [await walkIn(scene), await walkIn(scene), await walkIn(scene)];
    const waits = await Promise.all(line.map((entry) => waitOf(scene, entry)));
    expect(waits.map((each) => each?.at)).toEqual([NOON, NOON, NOON]);
    const [one, two, three] = waits.map((each) => each ?? { low: -1, high: -1 });
    if (!one || !two || !three) throw new Error('No waits');
    expect(one.low).toBeGreaterThan(4);
    expect(one.low).toBeLessThan(15);
    expect(two.low - one.low).toBeGreaterThan(4);
    expect(three.low).toBeGreaterThan(20);
    expect(three.low).toBeLessThan(40);
    expect(three.high).toBeGreaterThan(three.low);
  });

  test('are silent while little is known, and while nobody works', async () => {
    const { store } = open();
    const bare = await buildScene(store);
    bare.clock.set(NOON);
    const staff = bare.act(bare.cast.staff);
    await takeDesk(staff, await reachDesk(staff, bare.deskId));
    expect(await waitOf(bare, await walkIn(bare))).toBeNull();

    const nobody = await buildScene(store);
    await addPastTickets(nobody, 14);
    nobody.clock.set(NOON);
    expect(await waitOf(nobody, await walkIn(nobody))).toBeNull();
  });

  test('are made once for everybody until a line or the minute changes', async () => {
    const scene = await atNoon();
    const { store, service, clock } = scene;
    await walkIn(scene);
    const first = await outlookOf(store, service, clock());
    const before = store.queries;
    expect(await outlookOf(store, service, addMinutes(clock(), 0.5))).toBe(first);
    expect(store.queries).toBe(before);
    const other = await walkIn(scene);
    const second = await outlookOf(store, service, clock());
    expect(second.estimates.has(other.id)).toBe(true);
    clock.pass(1);
    const third = await outlookOf(store, service, clock());
    expect(third).not.toBe(second);
    expect(third.estimates.get(other.id)?.at).toEqual(clock());
    const atPause = scene.act(scene.cast.staff);
    await pauseWork(atPause, await reachDesk(atPause, scene.deskId));
    expect(await outlookOf(store, service, clock())).not.toBe(third);
  });

  test('cost no more queries for more services that share desks, nor for more tickets', async () => {
    const counted = async (services: number, tickets: number) => {
      const scene = await buildScene(open().store);
      for (let index = 0; index < services; index++) {
        const service = await buildService(scene.store, scene.location);
        await addPastTickets({ ...scene, service }, 14);
      }
      await addPastTickets(scene, 14);
      scene.clock.set(NOON);
      for (let index = 0; index < tickets; index++) await walkIn(scene);
      const fresh = open().openAnother();
      const before = fresh.queries;
      await outlookOf(fresh, scene.service, scene.clock());
      return fresh.queries - before;
    };
    const few = await counted(0, 1);
    expect(await counted(3, 12)).toBe(few);
    expect(few).toBeLessThan(20);
  });

  test('of lines that share a desk count both', async () => {
    const scene = await atNoon();
    const other = { ...scene, service: await buildService(scene.store, scene.location) };
    await addPastTickets(other, 14);
    const mine = await walkIn(scene);
    const alone = (await waitOf(scene, mine))?.low ?? -1;
    for (let index = 0; index < 4; index++) await walkIn(other);
    const last = await walkIn(scene);
    const lastWait = await waitOf(scene, last);
    expect(alone).toBeLessThan(3);
    expect(lastWait?.low).toBeGreaterThan(35);
    expect([...(await outlookOf(scene.store, scene.service, scene.clock())).estimates.keys()]).toHaveLength(
      6,
    );
  });

  test('take a line that is served at no named desk for one desk', async () => {
    const scene = await buildScene(open().store);
    await addPastTickets(scene, 14);
    scene.clock.set(NOON);
    await walkIn(scene);
    await advance(scene.act(scene.cast.staff), scene.service, {});
    const waits = [await walkIn(scene), await walkIn(scene)];
    const [one, two] = [
      await waitOf(scene, waits[0] as QueueEntry),
      await waitOf(scene, waits[1] as QueueEntry),
    ];
    expect(one?.low).toBeGreaterThan(4);
    expect(two?.low).toBeGreaterThan((one?.low ?? 0) + 4);
  });

  test('are written on a ticket when its number is taken, and are what a newcomer was told', async () => {
    const scene = await atNoon();
    const { store, service, clock } = scene;
    for (let index = 0; index < 3; index++) await walkIn(scene);
    const told = await estimateForNew(store, service, clock());
    expect(told?.low).toBeGreaterThan(20);
    const entry = await walkIn(scene);
    expect({ low: entry.estimatedLow, high: entry.estimatedHigh }).toEqual(told);
    expect(await waitOf(scene, entry)).toMatchObject({ low: expect.closeTo(told?.low ?? 0, -1) });
    const held = await heldTicket(scene.act(null), entry, service);
    expect(held.estimate).toMatchObject({ low: expect.any(Number), at: clock() });
  });

  test('are written on the ticket of a reservation that checks in, which is not expected besides', async () => {
    const scene = await atNoon({ capacity: 2 });
    const { cast, act, clock, store } = scene;
    clock.set(mondayAt('08:00'));
    const reservation = await book(scene, cast.customer, mondayAt('12:30'));
    const gone = await book(scene, cast.otherCustomer, mondayAt('12:30'));
    await cancelReservation(act(cast.staff), await reachReservation(act(cast.staff), gone.id));
    clock.set(mondayAt('12:30'));
    for (let index = 0; index < 3; index++) await walkIn(scene);
    const entry = await checkInTo(act(cast.customer), reservation);
    // On time it goes ahead of those who came without.
    expect(entry.estimatedLow).toBeLessThan(5);
    expect(entry.estimatedHigh).not.toBeNull();
    expect((await entryById(store, entry.id))?.estimatedLow).toBe(entry.estimatedLow);
  });

  test('go on from where a parked service stopped', async () => {
    const scene = await atNoon();
    const { act, cast, service, deskId, clock } = scene;
    let first = await walkIn(scene);
    const second = await walkIn(scene);
    first = (await advance(act(cast.staff), service, { deskId })).inService as QueueEntry;
    const fresh = (await waitOf(scene, second))?.low ?? -1;
    clock.pass(9);
    first = await moveTicket(act(cast.staff), first, 'park');
    clock.pass(1);
    await moveTicket(act(cast.staff), first, 'start', { deskId });
    const resumed = (await waitOf(scene, second))?.low ?? -1;
    expect(fresh).toBeGreaterThan(6);
    // Nine of about ten minutes are done; from the start alone it would be as long as before.
    expect(resumed).toBeLessThan(fresh - 3);
  });

  test('end with the hours of the day', async () => {
    const scene = await atNoon();
    scene.clock.set(mondayAt('16:40'));
    const line: QueueEntry[] = [];
    for (let index = 0; index < 8; index++) line.push(await walkIn(scene));
    expect(await waitOf(scene, line[0] as QueueEntry)).not.toBeNull();
    expect(await waitOf(scene, line[7] as QueueEntry)).toBeNull();
  });

  test('count each desk', async () => {
    const scene = await atNoon();
    const entries: QueueEntry[] = [];
    for (let index = 0; index < 7; index++) entries.push(await walkIn(scene));
    const one = (await waitOf(scene, entries[6] as QueueEntry))?.low ?? -1;
    const admin = scene.act(scene.cast.admin);
    await takeDesk(admin, await reachDesk(admin, await buildDesk(scene.store, scene.location, 'Desk 2')));
    const two = (await waitOf(scene, entries[6] as QueueEntry))?.low ?? -1;
    expect(two).toBeGreaterThan(0);
    expect(two).toBeLessThan(one * 0.7);
  });
});
