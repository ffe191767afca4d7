import { expect, test } from 'vitest';
import { slotsOf } from '../../src/actions/availability.ts';
import { addClosure, type NewClosure, removeClosure } from '../../src/actions/closures.ts';
import type { Ask } from '../../src/actions/collisions.ts';
import { upcomingClosures } from '../../src/db/hours.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { newId } from '../../src/domain/id.ts';
import { book, buildScene, buildService, mondayAt, refusalCode, refusalOf } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

const DAY = '2026-03-02';
const closure = (change: Partial<NewClosure>): NewClosure => ({
  locationId: undefined,
  serviceId: null,
  day: DAY,
  kind: 'closed',
  opens: null,
  closes: null,
  reason: 'Holiday',
  ...change,
});

/** Whose reservations a change asks about; it is not made. */
async function toldOf(change: (ask: Ask) => Promise<unknown>): Promise<string[]> {
  let told: string[] = [];
  const ask: Ask = (found) => {
    told = found.map(({ booking }) => booking.id).sort();
    throw new Error('Only asking');
  };
  await expect(change(ask)).rejects.toThrow('Only asking');
  return told;
}

onBothDatabases('a closure', (open) => {
  test('of one service closes that one, of the place all of them, until it is taken back', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service, store, location } = scene;
    const other = await buildService(store, location);
    const slots = async () =>
      Promise.all(
        [service, other].map(async (one) => (await slotsOf(store, one, DAY, scene.clock())).length),
      );
    expect(await slots()).toEqual([16, 16]);
    const one = await addClosure(act(cast.admin), closure({ serviceId: service.id }));
    expect(await slots()).toEqual([0, 16]);
    const all = await addClosure(act(cast.admin), closure({ locationId: location.id }));
    expect(await slots()).toEqual([0, 0]);
    expect(await addClosure(act(cast.admin), closure({ locationId: location.id }))).toMatchObject({
      id: all.id,
      isNew: false,
    });
    expect(await removeClosure(act(cast.admin), one.id)).toEqual({ isUsual: false });
    expect(await removeClosure(act(cast.admin), all.id)).toEqual({ isUsual: true });
    expect(await slots()).toEqual([16, 16]);
    const events = await open().raw(
      `SELECT verb FROM events WHERE location_id = '${location.id}' ORDER BY id`,
    );
    expect(events.map(({ verb }) => verb)).toEqual(['close', 'close', 'reopen', 'reopen']);
  });

  test('can be a break or hours of its own', async () => {
    const { act, cast, service, store, clock } = await buildScene(open().store);
    const slots = async () => (await slotsOf(store, service, DAY, clock())).length;
    await addClosure(act(cast.admin), closure({ serviceId: service.id, opens: '12:00', closes: '13:00' }));
    expect(await slots()).toBe(14);
    await addClosure(
      act(cast.admin),
      closure({ serviceId: service.id, kind: 'special', opens: '11:00', closes: '14:00' }),
    );
    expect(await slots()).toBe(4);
  });

  test('is shown with whose it is', async () => {
    const { act, cast, service, store, location } = await buildScene(open().store);
    const { id } = await addClosure(act(cast.admin), closure({ serviceId: service.id, day: '2026-04-01' }));
    const shown = (await store.run(upcomingClosures, { from: '2026-04-01' })).find((row) => row.id === id);
    expect(shown).toMatchObject({
      serviceName: service.name,
      locationName: location.name,
      reason: 'Holiday',
    });
    expect((await store.run(upcomingClosures, { from: '2026-04-02' })).map((row) => row.id)).not.toContain(
      id,
    );
  });

  test('names who stands in its way, and leaves them alone', async () => {
    const scene = await buildScene(open().store, { capacity: 2 });
    const { act, cast, service, location, store } = scene;
    const other = await buildService(store, location);
    const first = await book(scene, cast.customer, mondayAt('10:00'));
    const second = await book({ ...scene, service: other }, cast.otherCustomer, mondayAt('15:00'));
    const of = (change: Partial<NewClosure>) =>
      toldOf((ask) => addClosure(act(cast.admin), closure(change), ask));
    expect(await of({ locationId: location.id })).toEqual([first.id, second.id].sort());
    expect(await of({ serviceId: service.id })).toEqual([first.id]);
    expect(await of({ locationId: location.id, opens: '12:00', closes: '16:00' })).toEqual([second.id]);
    expect(await of({ locationId: location.id, day: '2026-03-03' })).toEqual([]);
    await addClosure(act(cast.admin), closure({ serviceId: service.id }));
    expect(await of({ locationId: location.id })).toEqual([second.id]);
  });

  test('names who would be outside of the hours once special ones are taken back', async () => {
    const scene = await buildScene(open().store, { capacity: 2 });
    const { act, cast, service } = scene;
    const evening = { serviceId: service.id, kind: 'special', opens: '15:00', closes: '20:00' } as const;
    const special = await addClosure(act(cast.admin), closure(evening));
    const late = await book(scene, cast.customer, mondayAt('19:00'));
    await book(scene, cast.otherCustomer, mondayAt('16:00'));
    const taken = (ask: Ask) => removeClosure(act(cast.admin), special.id, ask);
    expect(await toldOf(taken)).toEqual([late.id]);
    await taken(() => undefined);
    expect(await refusalCode(taken(() => undefined))).toBe('not_found');
  });

  test('is there once, however many add it at the same moment, and goes once', async () => {
    const { act, cast, location, store } = await buildScene(open().store);
    const days = closure({ locationId: location.id, day: '2026-03-03', until: '2026-03-04' });
    const added = await Promise.all([1, 2, 3].map(() => addClosure(act(cast.admin), days)));
    expect(new Set(added.map(({ id }) => id)).size).toBe(1);
    const standing = async () =>
      (await store.run(upcomingClosures, { from: '2026-03-02' })).filter(
        ({ locationId }) => locationId === location.id,
      );
    expect((await standing()).map(({ day }) => day)).toEqual(['2026-03-03', '2026-03-04']);
    const [{ id }] = added as [Awaited<ReturnType<typeof addClosure>>];
    const taken = await Promise.allSettled(
      [1, 2, 3].map(() => removeClosure(act(cast.admin), id, undefined, '2026-03-04')),
    );
    // Who looks for it after it went is told so.
    for (const outcome of taken)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'not_found' });
    expect(taken.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await standing()).toEqual([]);
    const verbs = await open().raw(
      `SELECT verb FROM events WHERE location_id = '${location.id}' ORDER BY id`,
    );
    expect(verbs.map(({ verb }) => verb)).toEqual(['close', 'reopen']);
  });

  test('can be of several days in a row, which come and go together', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, location, service, store } = scene;
    const open_ = async () => {
      const days = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06'];
      const slots = await Promise.all(days.map((day) => slotsOf(store, service, day, clock())));
      return days.filter((_, index) => (slots[index]?.length ?? 0) > 0).map((day) => day.slice(-1));
    };
    const booked = await book(scene, cast.customer, addMinutes(mondayAt('10:00'), 2 * 24 * 60));
    const days = closure({ locationId: location.id, day: '2026-03-03', until: '2026-03-05' });
    expect(await toldOf((ask) => addClosure(act(cast.admin), days, ask))).toEqual([booked.id]);
    const first = await addClosure(act(cast.admin), days);
    expect(first.day).toBe('2026-03-03');
    expect((await addClosure(act(cast.admin), days)).id).toBe(first.id);
    expect(await open_()).toEqual(['2', '6']);
    await addClosure(act(cast.admin), { ...days, day: '2026-03-06', until: null });
    await removeClosure(act(cast.admin), first.id, undefined, '2026-03-05');
    expect(await open_()).toEqual(['2', '3', '4', '5']);
    const events = await open().raw(
      `SELECT verb FROM events WHERE location_id = '${location.id}' AND verb <> 'book' ORDER BY id`,
    );
    expect(events.map(({ verb }) => verb)).toEqual(['close', 'close', 'reopen']);
  });

  test('is the business of admins', async () => {
    const { act, cast, service } = await buildScene(open().store);
    const made = await addClosure(act(cast.admin), closure({ serviceId: service.id }));
    for (const [who, code] of [
      [cast.staff, 'forbidden'],
      [cast.customer, 'forbidden'],
      [null, 'unauthenticated'],
    ] as const) {
      expect(await refusalCode(addClosure(act(who), closure({ serviceId: service.id })))).toBe(code);
      expect(await refusalCode(removeClosure(act(who), made.id))).toBe(code);
    }
  });

  test('needs a service or a place that there is', async () => {
    const { act, cast } = await buildScene(open().store);
    expect(await refusalOf(addClosure(act(cast.admin), closure({ serviceId: newId() })))).toMatchObject({
      fields: { serviceId: { code: 'unknown_service' } },
    });
    expect(await refusalOf(addClosure(act(cast.admin), closure({ locationId: newId() })))).toMatchObject({
      fields: { locationId: { code: 'unknown_location' } },
    });
    for (const id of ['x', newId()])
      expect(await refusalCode(removeClosure(act(cast.admin), id))).toBe('not_found');
  });
});
