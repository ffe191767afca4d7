import { setTimeout as wait } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { CATALOG, Changes } from '../../src/db/changes.ts';
import { Memory } from '../../src/db/memory.ts';
import { openStore } from '../../src/db/open.ts';
import { retireService, serviceById } from '../../src/db/services.ts';
import { KEPT, type Store } from '../../src/db/store.ts';
import { buildLocation, buildService, MONDAY } from '../support/builders.ts';
import { heard, isHeard, onBothDatabases, useDatabase } from '../support/databases.ts';
import { type Forwarder, forwardTo } from '../support/forwarder.ts';

describe('a memory', () => {
  test('asks once until something changes that the answer is made of', async () => {
    const changes = new Changes();
    const memory = new Memory(changes, 10);
    let made = 0;
    const get = () =>
      memory.get(
        'key',
        () => [CATALOG],
        async () => ++made,
      );
    expect([await get(), await get()]).toEqual([1, 1]);
    changes.announce(['something else']);
    expect(await get()).toBe(1);
    changes.announce([CATALOG]);
    expect(await get()).toBe(2);
  });

  test('lets go of what is too old, also when nobody asks for it again', async () => {
    const memory = new Memory(new Changes(), 1_000, 300);
    const keep = (key: string) =>
      memory.get(
        key,
        () => [CATALOG],
        async () => key,
      );
    for (let index = 0; index < 50; index++) await keep(`minute ${index}`);
    expect(memory.size).toBe(50);
    await wait(600);
    await keep('the next');
    expect(memory.size).toBe(1);
  });

  test('who asks at the same time waits for the same answer; who asks after a change does not', async () => {
    const changes = new Changes();
    const memory = new Memory(changes, 10);
    let made = 0;
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const get = () =>
      memory.get(
        'key',
        () => [CATALOG],
        async () => {
          const mine = ++made;
          await gate;
          return mine;
        },
      );
    const early = [get(), get()];
    changes.announce([CATALOG]);
    const late = get();
    finish();
    expect(await Promise.all([...early, late])).toEqual([1, 1, 2]);
    expect(await get()).toBe(2);
  });

  test('learns from what was made what it is made of, and whether to keep it', async () => {
    const changes = new Changes();
    const memory = new Memory(changes, 10);
    let made = 0;
    const get = () =>
      memory.get<number>(
        'key',
        (value) => (value > 1 ? [`t${value}`] : undefined),
        async () => ++made,
      );
    expect([await get(), await get(), await get()]).toEqual([1, 2, 2]);
    changes.announce(['t1']);
    expect(await get()).toBe(2);
    changes.announce(['t2']);
    expect(await get()).toBe(3);
  });

  test('keeps no failure, and not more than it may', async () => {
    const memory = new Memory(new Changes(), 2);
    await expect(
      memory.get(
        'a',
        () => [],
        () => Promise.reject(new Error('no')),
      ),
    ).rejects.toThrow('no');
    expect(
      await memory.get(
        'a',
        () => [],
        async () => 1,
      ),
    ).toBe(1);
    await memory.get(
      'b',
      () => [],
      async () => 2,
    );
    await memory.get(
      'c',
      () => [],
      async () => 3,
    );
    expect(
      await memory.get(
        'a',
        () => [],
        async () => 'again',
      ),
    ).toBe('again');
  });
});

onBothDatabases('kept rows', (open) => {
  const retired = async (store: Store, id: string) => (await serviceById(store, id))?.retiredAt !== null;

  test('are read once, and again after the change of this program', async () => {
    const { store } = open();
    const { id } = await buildService(store, await buildLocation(store));
    await heard(store);
    expect(await retired(store, id)).toBe(false);
    const asked = store.queries;
    expect(await retired(store, id)).toBe(false);
    expect(store.queries).toBe(asked);
    await store.transaction((tx) => tx.run(retireService, { id, now: MONDAY }));
    expect(await retired(store, id)).toBe(true);
  });

  test('are not read again after a transaction that was rolled back', async () => {
    const { store } = open();
    const { id } = await buildService(store, await buildLocation(store));
    await heard(store);
    await serviceById(store, id);
    const work = store.transaction(async (tx) => {
      await tx.run(retireService, { id, now: MONDAY });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    const asked = store.queries;
    expect(await retired(store, id)).toBe(false);
    expect(store.queries).toBe(asked);
  });

  test('are read again after the change of another program', async () => {
    const { store, openAnother } = open();
    const { id } = await buildService(store, await buildLocation(store));
    const another = openAnother(2);
    await Promise.all([heard(store), heard(another)]);
    expect(await retired(another, id)).toBe(false);
    await store.transaction((tx) => tx.run(retireService, { id, now: MONDAY }));
    await expect.poll(() => retired(another, id), { interval: 5, timeout: 1_000 }).toBe(true);
  });

  test('are read again after a write of which nobody said what it changes', async () => {
    const { store } = open();
    const { id } = await buildService(store, await buildLocation(store));
    await heard(store);
    await serviceById(store, id);
    const { services } = store.tables;
    await store.transaction((tx) =>
      tx.write.update(services).set({ retiredAt: MONDAY }).where(eq(services.id, id)),
    );
    expect(await retired(store, id)).toBe(true);
  });
});

onBothDatabases('what is made of rows', (open) => {
  test('stays, however many pages anybody asks for', async () => {
    const { store } = open();
    await heard(store);
    const keep = (key: string, kind?: 'pages') => {
      let made = false;
      const make = async () => {
        made = true;
      };
      return store.keep(key, () => [CATALOG], make, kind).then(() => made);
    };
    expect(await keep('a line')).toBe(true);
    for (let index = 0; index < KEPT.pages + KEPT.made; index++) await keep(`page ${index}`, 'pages');
    expect(await keep('a line')).toBe(false);
    expect(await keep('page 0', 'pages')).toBe(true);
  });

  test('is made again when what its maker had read before is another by now', async () => {
    const { store } = open();
    const { id } = await buildService(store, await buildLocation(store));
    await heard(store);
    const show = async (reader: Store, between?: () => Promise<unknown>) => {
      const service = await serviceById(reader, id);
      await between?.();
      return reader.keep(
        `shown ${id}`,
        () => [CATALOG],
        async () => service?.retiredAt !== null,
      );
    };
    expect(await show(store.fromNow())).toBe(false);
    const retire = () => store.transaction((tx) => tx.run(retireService, { id, now: MONDAY }));
    expect(await show(store.fromNow(), retire)).toBe(false);
    expect(await show(store.fromNow())).toBe(true);
    const asked = store.queries;
    expect(await show(store.fromNow(), async () => store.changes.announce(['something else']))).toBe(true);
    expect(store.queries).toBe(asked);
  });
});

describe('kept rows, on postgres, while changes cannot be heard', () => {
  const open = useDatabase('postgres');

  test('are asked for every time, and trusted again once the line is back', async () => {
    const { store, url } = open();
    const { id } = await buildService(store, await buildLocation(store));
    const way: Forwarder = await forwardTo(url);
    await way.open();
    const another = openStore({ url, directUrl: way.url, poolSize: 2, onIdleError: () => undefined });
    try {
      await heard(another);
      await serviceById(another, id);
      await way.cut();
      await expect
        .poll(async () => {
          const asked = another.queries;
          await serviceById(another, id);
          return another.queries - asked;
        })
        .toBe(1);
      await store.transaction((tx) => tx.run(retireService, { id, now: MONDAY }));
      expect((await serviceById(another, id))?.retiredAt).toEqual(MONDAY);
      await way.open();
      await heard(another);
    } finally {
      await another.close();
      await way.cut();
    }
  }, 15_000);

  test('are trusted while a line is up, whatever is heard of an older one', async () => {
    const { store, url } = open();
    const { id } = await buildService(store, await buildLocation(store));
    const way = await forwardTo(url);
    await way.open();
    const another = openStore({ url, directUrl: way.url, poolSize: 2, onIdleError: () => undefined });
    try {
      await heard(another);
      const end = way.silence();
      await expect.poll(() => isHeard(another), { timeout: 10_000 }).toBe(false);
      await heard(another);
      end();
      await wait(200);
      expect(isHeard(another)).toBe(true);
      await serviceById(another, id);
      await store.transaction((tx) => tx.run(retireService, { id, now: MONDAY }));
      await expect.poll(async () => (await serviceById(another, id))?.retiredAt).toEqual(MONDAY);
    } finally {
      await another.close();
      await way.cut();
    }
  }, 20_000);
});
