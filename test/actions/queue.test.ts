import { expect, test } from 'vitest';
import {
  addWalkIn,
  advance,
  announceDelay,
  reachQueue,
  setIntake,
  takeTicket,
} from '../../src/actions/queue.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { noticesOfLine } from '../../src/db/queue.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { newId } from '../../src/domain/id.ts';
import {
  alterService,
  book,
  buildDesk,
  buildScene,
  checkInTo,
  entriesOf,
  eventsOf,
  mondayAt,
  refusalCode,
  refusalOf,
  verbsOf,
  walkIn,
} from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

onBothDatabases('a queue', (open) => {
  test('is reached by the staff of its place and admins, by id or slug', async () => {
    const { cast, service, act } = await buildScene(open().store);
    for (const who of [cast.staff, cast.admin]) {
      expect((await reachQueue(act(who), { id: service.id })).id).toBe(service.id);
      expect((await reachQueue(act(who), { slug: service.slug })).id).toBe(service.id);
    }
    expect(await refusalCode(reachQueue(act(cast.otherStaff), { id: service.id }))).toBe('not_found');
    expect(await refusalCode(reachQueue(act(cast.customer), { id: service.id }))).toBe('forbidden');
    expect(await refusalCode(reachQueue(act(null), { id: service.id }))).toBe('unauthenticated');
    for (const id of ['x', newId()])
      expect(await refusalCode(reachQueue(act(cast.admin), { id }))).toBe('not_found');
    expect(await refusalCode(reachQueue(act(cast.admin), { slug: 'nowhere' }))).toBe('not_found');
  });
});

onBothDatabases('a walk-in', (open) => {
  test('takes the next number of the day', async () => {
    const scene = await buildScene(open().store, { prefix: 'W' });
    const { cast, service, store, clock, act } = scene;
    const entry = await addWalkIn(act(cast.staff), service, {
      name: 'Wanda',
      phone: '+49 30 1234',
      priority: 1,
    });
    expect(entry).toMatchObject({
      reservationId: null,
      originServiceId: service.id,
      locationId: service.locationId,
      localDay: '2026-03-02',
      number: 'W1',
      name: 'Wanda',
      phone: '+49 30 1234',
      priority: 1,
      status: 'waiting',
      dueAt: clock(),
      effectiveAt: addMinutes(clock(), -10),
      version: 1,
    });
    expect((await walkIn(scene)).position).toBe(2);
    clock.pass(24 * 60);
    expect(await walkIn(scene)).toMatchObject({ position: 1, localDay: '2026-03-03' });
    expect(await eventsOf(store, service)).toMatchObject([
      { verb: 'walk-in', entryId: entry.id, actorId: cast.staff.id, toStatus: 'waiting' },
      { verb: 'walk-in' },
      { verb: 'walk-in' },
    ]);
  });

  test('belongs to the day of the place', async () => {
    const scene = await buildScene(open().store, {}, 'Pacific/Auckland');
    scene.clock.set(new Date('2026-03-02T11:30:00Z'));
    expect((await walkIn(scene)).localDay).toBe('2026-03-03');
  });

  test('is refused where none are taken, and after a service is retired', async () => {
    const scene = await buildScene(open().store, { walkIns: false });
    expect(await refusalCode(walkIn(scene))).toBe('no_walk_ins');
    const service = await alterService(scene.store, scene.service, {
      walkIns: true,
      retiredAt: scene.clock(),
    });
    expect(await refusalCode(walkIn({ ...scene, service }))).toBe('no_walk_ins');
    expect(await entriesOf(scene.store, scene.service)).toEqual([]);
  });
});

onBothDatabases('a line', (open) => {
  const TODAY = '2026-03-02';

  test('gives its last ticket and takes nobody new, but who has a reservation', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, service, store } = scene;
    const booked = await book(scene, cast.customer, mondayAt('10:00'));
    await walkIn(scene);
    expect(await setIntake(act(cast.staff), service, true)).toEqual({
      intakeClosedAt: clock(),
      delayMinutes: 0,
    });
    clock.pass(1);
    // Twice is once.
    expect((await setIntake(act(cast.staff), service, true)).intakeClosedAt).not.toEqual(clock());
    expect(await refusalCode(walkIn(scene))).toBe('intake_closed');
    clock.set(mondayAt('10:00'));
    expect((await checkInTo(act(cast.customer), booked)).number).toBe('A2');
    await setIntake(act(cast.staff), service, false);
    expect((await walkIn(scene)).number).toBe('A3');
    expect(await verbsOf(store, service)).toEqual([
      'book',
      'walk-in',
      'close-intake',
      'check-in',
      'open-intake',
      'walk-in',
    ]);
    clock.pass(24 * 60);
    expect((await walkIn(scene)).number).toBe('A1');
  });

  test('tells how late it runs', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, store } = scene;
    expect(await noticesOfLine(store, service.id, TODAY)).toEqual({ intakeClosedAt: null, delayMinutes: 0 });
    for (const minutes of [25, 25, 0])
      expect(await announceDelay(act(cast.staff), service, { minutes })).toMatchObject({
        delayMinutes: minutes,
      });
    expect(await noticesOfLine(store, service.id, TODAY)).toMatchObject({ delayMinutes: 0 });
    expect((await eventsOf(store, service)).map(({ data }) => data)).toMatchObject([
      { to: { delayMinutes: 25 } },
      { from: { delayMinutes: 25 }, to: { delayMinutes: 0 } },
    ]);
  });

  test('tells no other delay than the one that somebody saw', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, store } = scene;
    const announce = (minutes: number, seen: number) =>
      announceDelay(act(cast.staff), service, { minutes, seen });
    await announce(25, 0);
    const refused = await refusalOf(announce(20, 0));
    expect([refused.code, refused.facts]).toEqual(['stale', { delayMinutes: 25 }]);
    // Two who say the same do not contradict each other.
    expect(await announce(25, 0)).toMatchObject({ delayMinutes: 25 });
    expect(await announce(20, 25)).toMatchObject({ delayMinutes: 20 });
    expect(await verbsOf(store, service)).toEqual(['announce-delay', 'announce-delay']);
  });

  test('keeps what somebody needs, and no estimate where none was told', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service } = scene;
    const input = { name: 'Wanda', phone: null, priority: 0, note: 'Shy', needs: ['wheelchair' as const] };
    const { entry } = await takeTicket(act(cast.staff), service, input);
    expect(entry).toMatchObject({ note: 'Shy', needs: 'wheelchair' });
    expect(await walkIn(scene)).toMatchObject({
      note: '',
      needs: '',
      estimatedLow: null,
      estimatedHigh: null,
    });
  });
});

onBothDatabases('advance', (open) => {
  test('completes what the desk has and starts the next', async () => {
    const scene = await buildScene(open().store);
    const { cast, service, store, clock, act, deskId } = scene;
    const [first, second] = [await walkIn(scene), await walkIn(scene)];
    const one = await advance(act(cast.staff), service, { deskId });
    expect(one.completed).toBeNull();
    expect(one.inService).toMatchObject({
      id: first.id,
      status: 'in_service',
      deskId,
      startedAt: clock(),
      calledAt: clock(),
      version: 2,
    });
    clock.pass(5);
    const two = await advance(act(cast.staff), service, { deskId, serving: first.id });
    expect(two.completed).toMatchObject({ id: first.id, status: 'completed', endedAt: clock(), version: 3 });
    expect(two.inService).toMatchObject({ id: second.id, status: 'in_service' });
    const three = await advance(act(cast.staff), service, { deskId });
    expect(three).toMatchObject({ completed: { id: second.id }, inService: null });
    expect(await advance(act(cast.staff), service, { deskId })).toEqual({ completed: null, inService: null });
    expect((await eventsOf(store, service)).slice(2)).toMatchObject([
      {
        verb: 'advance',
        entryId: first.id,
        fromStatus: 'waiting',
        toStatus: 'in_service',
        actorId: cast.staff.id,
      },
      { verb: 'advance', entryId: first.id, fromStatus: 'in_service', toStatus: 'completed' },
      { verb: 'advance', entryId: second.id, fromStatus: 'waiting', toStatus: 'in_service' },
      { verb: 'advance', entryId: second.id, fromStatus: 'in_service', toStatus: 'completed' },
    ]);
  });

  test('refuses a screen that shows another ticket as served, and does nothing', async () => {
    const scene = await buildScene(open().store);
    const { cast, service, store, act, deskId } = scene;
    const first = await walkIn(scene);
    await walkIn(scene);
    const before = async () =>
      (await entriesOf(store, service)).map(({ status, version }) => `${status}${version}`);
    const refusal = await refusalOf(advance(act(cast.staff), service, { deskId, serving: first.id }));
    expect(refusal).toMatchObject({
      code: 'stale',
      facts: { shown: { id: first.id, status: 'waiting' }, serving: null },
    });
    await advance(act(cast.staff), service, { deskId, serving: null });
    const now = await before();
    const twice = await refusalOf(advance(act(cast.staff), service, { deskId, serving: null }));
    expect(twice).toMatchObject({ code: 'stale', facts: { shown: null, serving: { id: first.id } } });
    expect(await refusalCode(advance(act(cast.staff), service, { deskId, serving: newId() }))).toBe('stale');
    expect(await before()).toEqual(now);
    expect(await verbsOf(store, service)).toEqual(['walk-in', 'walk-in', 'advance']);
  });

  test('each desk serves its own', async () => {
    const scene = await buildScene(open().store);
    const { cast, service, store, act, deskId } = scene;
    const [first, second] = [await walkIn(scene), await walkIn(scene)];
    const otherDesk = await buildDesk(store, scene.location, 'Desk 2');
    await advance(act(cast.staff), service, { deskId });
    const other = await advance(act(cast.admin), service, { deskId: otherDesk });
    expect(other).toMatchObject({ completed: null, inService: { id: second.id, deskId: otherDesk } });
    expect(await advance(act(cast.staff), service, {})).toEqual({ completed: null, inService: null });
    expect(await advance(act(cast.staff), service, { deskId })).toMatchObject({
      completed: { id: first.id },
      inService: null,
    });
  });

  test('knows the desks of its place only, and none that is retired', async () => {
    const scene = await buildScene(open().store);
    const { cast, service, store, act } = scene;
    const elsewhere = await buildDesk(store, scene.otherLocation);
    for (const deskId of [elsewhere, newId()]) {
      const refusal = await refusalOf(advance(act(cast.staff), service, { deskId }));
      expect(refusal).toMatchObject({ code: 'invalid', fields: { deskId: { code: 'unknown_desk' } } });
    }
    await open().raw(`UPDATE desks SET retired_at = created_at WHERE id = '${scene.deskId}'`);
    expect(await refusalCode(advance(act(cast.staff), service, { deskId: scene.deskId }))).toBe('invalid');
  });

  test('starts what the desk called before anybody else', async () => {
    const scene = await buildScene(open().store);
    const { cast, service, act } = scene;
    const [first, second] = [await walkIn(scene), await walkIn(scene)];
    const called = await moveTicket(act(cast.staff), second, 'call');
    expect(await advance(act(cast.staff), service, {})).toMatchObject({
      inService: { id: second.id, calledAt: called.calledAt },
    });
    expect(await advance(act(cast.staff), service, {})).toMatchObject({
      completed: { id: second.id },
      inService: { id: first.id },
    });
  });

  test('keeps the order: due first, with the credit of those on time; early only when nobody is due', async () => {
    const scene = await buildScene(open().store, { capacity: 3 });
    const { cast, service, clock, act } = scene;
    const early = await book(scene, cast.customer, mondayAt('10:30'));
    const onTime = await book(scene, cast.otherCustomer, mondayAt('10:00'));
    clock.set(mondayAt('09:50'));
    await checkInTo(act(cast.staff), early);
    await checkInTo(act(cast.staff), onTime);
    clock.set(mondayAt('09:55'));
    const walked = await walkIn(scene);
    clock.set(mondayAt('10:00'));
    const order: (string | null | undefined)[] = [];
    for (let index = 0; index < 3; index++) {
      const { inService } = await advance(act(cast.staff), service, {});
      order.push(inService?.reservationId ?? inService?.id);
    }
    expect(order).toEqual([onTime.id, walked.id, early.id]);
  });

  test('calls nobody earlier than the service allows', async () => {
    const scene = await buildScene(open().store, { checkIn: 'none', earlyCallMinutes: 15 });
    const { cast, service, clock, act } = scene;
    const { id } = await book(scene, cast.customer, mondayAt('10:00'));
    clock.set(mondayAt('09:44'));
    expect((await advance(act(cast.staff), service, {})).inService).toBeNull();
    clock.set(mondayAt('09:45'));
    expect((await advance(act(cast.staff), service, {})).inService?.reservationId).toBe(id);
  });

  test('is about today', async () => {
    const scene = await buildScene(open().store);
    await walkIn(scene);
    scene.clock.pass(24 * 60);
    expect(await advance(scene.act(scene.cast.staff), scene.service, {})).toEqual({
      completed: null,
      inService: null,
    });
  });
});
