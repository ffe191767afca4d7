import { expect, test } from 'vitest';
import { findBoard } from '../../src/actions/board.ts';
import { allLocations, everyLocation, retiredLocations, retireLocation } from '../../src/db/locations.ts';
import { openByService } from '../../src/db/queue.ts';
import { activeServices, everyService, workedServices } from '../../src/db/services.ts';
import { staffPeople } from '../../src/db/users.ts';
import { newId } from '../../src/domain/id.ts';
import { buildScene, buildService, MONDAY, walkIn } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

const NAMES = ['Zoning', 'Ämter', 'Counter 10', 'apostille', 'Counter 2'];
const IN_ORDER = ['Ämter', 'apostille', 'Counter 2', 'Counter 10', 'Zoning'];
const named = (rows: readonly { name: string }[]) =>
  rows.map(({ name }) => name).filter((name) => NAMES.includes(name));

onBothDatabases('lists by name have one order', (open) => {
  test('of services', async () => {
    const { store } = open();
    const scene = await buildScene(store);
    const { location } = scene;
    for (const name of NAMES)
      await walkIn({ ...scene, service: await buildService(store, location, { name }) });
    expect(named(await store.run(activeServices, {}))).toEqual(IN_ORDER);
    expect(named(await store.run(everyService, {}))).toEqual(IN_ORDER);
    expect(named(await workedServices(store))).toEqual(IN_ORDER);
    expect(named((await findBoard(store, location.slug))?.services ?? [])).toEqual(IN_ORDER);
    const inLine = await store.run(openByService, { locationId: location.id, day: '2026-03-02' });
    expect(inLine.map(({ service }) => service)).toEqual(IN_ORDER);
  });

  test('of locations and people', async () => {
    const { store } = open();
    const times = { createdAt: MONDAY, updatedAt: MONDAY };
    const ids = NAMES.map(() => newId());
    await store.transaction(async (tx) => {
      const { locations, users } = tx.tables;
      for (const [index, name] of NAMES.entries()) {
        const id = ids[index] ?? '';
        await tx.write.insert(locations).values({ id, name, slug: id, timeZone: 'UTC', ...times });
        await tx.write
          .insert(users)
          .values({ id, name, email: `${id}@example.test`, role: 'staff', ...times });
      }
    });
    expect(named(await store.run(allLocations, {}))).toEqual(IN_ORDER);
    expect(named(await store.run(everyLocation, {}))).toEqual(IN_ORDER);
    expect(named(await staffPeople(store))).toEqual(IN_ORDER);
    await store.transaction(async (tx) => {
      for (const id of ids) await tx.run(retireLocation, { id, now: MONDAY });
    });
    expect(named(await store.run(retiredLocations, {}))).toEqual(IN_ORDER);
  });
});
