import { expect, test } from 'vitest';
import { boardTopics, findBoard, readBoard } from '../../src/actions/board.ts';
import { reachDesk, takeDesk } from '../../src/actions/desks.ts';
import { advance, setIntake } from '../../src/actions/queue.ts';
import { setBoard } from '../../src/db/locations.ts';
import type { Store } from '../../src/db/store.ts';
import {
  addPastTickets,
  buildDesk,
  buildLocation,
  buildScene,
  buildService,
  MONDAY,
  mondayAt,
  walkIn,
} from '../support/builders.ts';
import { heard, onBothDatabases } from '../support/databases.ts';

onBothDatabases('a board', (open) => {
  const read = async (store: Store, slug: string) => {
    const place = await findBoard(store, slug);
    if (!place) throw new Error(`No board ${slug}`);
    return readBoard(store, place, MONDAY);
  };

  test('is found by the slug of its location or of one service, and nowhere else', async () => {
    const { store } = open();
    const { location, service } = await buildScene(store);
    const other = await buildService(store, location, { name: 'Permits' });
    const whole = await findBoard(store, location.slug);
    expect(whole).toMatchObject({ name: location.name, showNames: false });
    expect(whole?.services.map(({ id }) => id).toSorted()).toEqual([service.id, other.id].toSorted());
    expect((await findBoard(store, other.slug))?.services).toEqual([
      { id: other.id, name: 'Permits', earlyCallMinutes: other.earlyCallMinutes, isRetired: false },
    ]);
    expect(await findBoard(store, 'nowhere')).toBeUndefined();
    expect(await findBoard(store, (await buildLocation(store)).slug)).toBeUndefined();
  });

  test('shows the calls of its services, and no one else’s', async () => {
    const { store } = open();
    const scene = await buildScene(store);
    const { location, service, act, cast } = scene;
    const other = {
      ...scene,
      service: await buildService(store, location, { name: 'Permits', prefix: 'B' }),
    };
    await walkIn(scene);
    await walkIn(scene);
    await walkIn(other);
    await advance(act(cast.staff), service, { deskId: scene.deskId });
    const whole = await read(store, location.slug);
    expect(whole.calls).toMatchObject([{ number: 'A1', desk: 'Desk 1', name: null }]);
    expect(whole.lines.map(({ next }) => next).toSorted()).toEqual([['A2'], ['B1']]);
    expect(await read(store, other.service.slug)).toMatchObject({ calls: [], lines: [{ next: ['B1'] }] });
  });

  test('shows names only where the location chose to', async () => {
    const { store } = open();
    const scene = await buildScene(store);
    await walkIn(scene, 'Wanda Walker');
    await advance(scene.act(scene.cast.staff), scene.service, {});
    expect((await read(store, scene.location.slug)).calls[0]?.name).toBeNull();
    await store.transaction((tx) =>
      tx.run(setBoard, { id: scene.location.id, boardNames: true, boardMessage: 'Hello' }),
    );
    expect((await read(store, scene.location.slug)).calls[0]?.name).toBe('Wanda W.');
  });

  test('changes when its lines do', async () => {
    const { store } = open();
    const scene = await buildScene(store);
    const place = await findBoard(store, scene.location.slug);
    const topics = place ? boardTopics(place) : [];
    const moment = store.changes.now();
    await walkIn(scene);
    expect(topics.length).toBeGreaterThan(2);
    expect(store.changes.unchangedSince(moment, topics)).toBe(false);
  });

  test('says what somebody would wait who took a number now, where others wait and numbers are given', async () => {
    const { store } = open();
    const scene = await buildScene(store);
    const { location, act, cast, clock, service } = scene;
    await addPastTickets(scene, 14);
    clock.set(mondayAt('12:00'));
    const staff = act(cast.staff);
    await takeDesk(staff, await reachDesk(staff, scene.deskId));
    const place = async () => {
      const found = await findBoard(store, location.slug);
      if (!found) throw new Error('No board');
      return (await readBoard(store, found, clock())).lines[0]?.forNew;
    };
    expect(await place()).toBeNull();
    for (let index = 0; index < 3; index++) await walkIn(scene);
    const told = await place();
    expect(told?.low).toBeGreaterThan(20);
    expect(await walkIn(scene)).toMatchObject({ estimatedLow: told?.low, estimatedHigh: told?.high });
    await setIntake(act(cast.staff), service, true);
    expect(await place()).toBeNull();
  });

  test('costs no more queries for more services with estimates', async () => {
    const counted = async (more: number) => {
      const { store } = open();
      const scene = await buildScene(store);
      scene.clock.set(mondayAt('12:00'));
      for (let index = 0; index < more; index++) {
        const service = await buildService(store, scene.location);
        // Each with its own desk, so that none shares a line with another.
        const deskId = await buildDesk(store, scene.location);
        await store.transaction((tx) =>
          tx.write.insert(tx.tables.deskServices).values({ deskId, serviceId: service.id }),
        );
        await walkIn({ ...scene, service });
      }
      const { deskId } = scene;
      await store.transaction((tx) =>
        tx.write.insert(tx.tables.deskServices).values({ deskId, serviceId: scene.service.id }),
      );
      await walkIn(scene);
      const fresh = open().openAnother();
      await heard(fresh);
      const place = await findBoard(fresh, scene.location.slug);
      if (!place) throw new Error('No board');
      const before = fresh.queries;
      const { lines } = await readBoard(fresh, place, scene.clock());
      expect(lines).toHaveLength(more + 1);
      return fresh.queries - before;
    };
    expect(await counted(4)).toBe(await counted(1));
  });
});
