import { expect, test } from 'vitest';
import { forgetSessions, giveLocation, personBySession, setRole, userByEmail } from '../../src/db/users.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { newId } from '../../src/domain/id.ts';
import { buildScene, MONDAY } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

onBothDatabases('a person', (open) => {
  test('is known by a session until it is over, with the places they work at', async () => {
    const { store } = open();
    const { cast, location, otherLocation } = await buildScene(store);
    const sessionOf = async (userId: string) => {
      const token = newId();
      await store.transaction((tx) =>
        tx.write.insert(tx.tables.sessions).values({
          id: newId(),
          token,
          userId,
          expiresAt: addMinutes(MONDAY, 10),
          createdAt: MONDAY,
          updatedAt: MONDAY,
        }),
      );
      return token;
    };
    const token = await sessionOf(cast.staff.id);
    expect(await personBySession(store, token, MONDAY)).toEqual(cast.staff);
    expect(await personBySession(store, token, addMinutes(MONDAY, 9))).not.toBeNull();
    expect(await personBySession(store, token, addMinutes(MONDAY, 10))).toBeNull();
    expect(await personBySession(store, newId(), MONDAY)).toBeNull();
    expect(await personBySession(store, await sessionOf(cast.customer.id), MONDAY)).toEqual(cast.customer);
    await store.transaction((tx) =>
      tx.run(giveLocation, { userId: cast.staff.id, locationId: otherLocation.id }),
    );
    await store.transaction((tx) =>
      tx.run(giveLocation, { userId: cast.staff.id, locationId: otherLocation.id }),
    );
    expect((await personBySession(store, token, MONDAY))?.locationIds.toSorted()).toEqual(
      [location.id, otherLocation.id].sort(),
    );

    const left = async () => (await store.read.select().from(store.tables.sessions)).map((row) => row.token);
    const forget = (now: Date) => store.transaction((tx) => tx.run(forgetSessions, { now }));
    await forget(addMinutes(MONDAY, 9));
    expect(await left()).toContain(token);
    await forget(addMinutes(MONDAY, 10));
    expect(await left()).not.toContain(token);
  });

  test('is found by their address and can become staff', async () => {
    const { store } = open();
    const { cast } = await buildScene(store);
    expect(await store.run(userByEmail, { email: cast.customer.email })).toMatchObject([
      { id: cast.customer.id, role: 'user' },
    ]);
    await store.transaction((tx) => tx.run(setRole, { id: cast.customer.id, role: 'staff', now: MONDAY }));
    expect(await store.run(userByEmail, { email: cast.customer.email })).toMatchObject([{ role: 'staff' }]);
    expect(await store.run(userByEmail, { email: 'nobody@example.test' })).toEqual([]);
  });
});
