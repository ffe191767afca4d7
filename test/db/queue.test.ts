import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headsOfLine, lockQueue, queueVersion, waitingRanks } from '../../src/db/queue.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { addDays } from '../../src/domain/days.ts';
import { newId } from '../../src/domain/id.ts';
import { callingOrder, chooseNext } from '../../src/domain/order.ts';
import { ENTRY_STATUSES } from '../../src/domain/ticket.ts';
import { buildScene, MONDAY } from '../support/builders.ts';
import { onBothDatabases, SOAK } from '../support/databases.ts';

const entries = fc.array(
  fc.record({
    due: fc.integer({ min: -6, max: 6 }),
    ahead: fc.integer({ min: 0, max: 4 }),
    status: fc.constantFrom('waiting' as const, 'waiting' as const, 'waiting' as const, ...ENTRY_STATUSES),
  }),
  { minLength: 1, maxLength: 25 },
);

onBothDatabases('the order', (open) => {
  test('chosen from the heads is the order chosen from the whole line', async () => {
    const { store } = open();
    const { service, location } = await buildScene(store);
    let run = 0;
    const property = fc.asyncProperty(
      entries,
      fc.integer({ min: -30, max: 30 }),
      fc.option(fc.integer({ min: 0, max: 30 })),
      async (line, at, early) => {
        const day = addDays('2001-01-01', run++);
        // Ids in no order, so that ties are broken by them and not by who came first.
        const rows = line.map(({ due, ahead, status }, index) => ({
          id: crypto.randomUUID(),
          serviceId: service.id,
          originServiceId: service.id,
          locationId: location.id,
          localDay: day,
          position: index,
          number: `A${index}`,
          status,
          dueAt: addMinutes(MONDAY, due * 5),
          effectiveAt: addMinutes(MONDAY, (due - ahead) * 5),
          arrivedAt: MONDAY,
          createdAt: MONDAY,
          updatedAt: MONDAY,
        }));
        await store.transaction((tx) => tx.write.insert(tx.tables.queueEntries).values(rows));
        const now = addMinutes(MONDAY, at);
        let waiting = rows.filter(({ status }) => status === 'waiting');
        for (let step = 0; step < 6; step++) {
          const whole = chooseNext(waiting, now, early);
          const head = chooseNext(await headsOfLine(store, service.id, day, now), now, early);
          expect(head?.id).toBe(whole?.id);
          if (!whole) break;
          await store.transaction((tx) =>
            tx.write
              .update(tx.tables.queueEntries)
              .set({ status: 'called' })
              .where(eq(tx.tables.queueEntries.id, whole.id)),
          );
          waiting = waiting.filter(({ id }) => id !== whole.id);
          const ranks = await store.run(waitingRanks, { serviceId: service.id, day });
          expect(callingOrder(ranks, now).map(({ id }) => id)).toEqual(
            callingOrder(waiting, now).map(({ id }) => id),
          );
        }
      },
    );
    await fc.assert(property, { numRuns: SOAK ? 600 : 60 });
  });
});

onBothDatabases('the row of a queue', (open) => {
  test('gives numbers and versions one after the other, to each day its own', async () => {
    const { store } = open();
    const { service, location } = await buildScene(store);
    const key = { serviceId: service.id, day: '2026-03-02', locationId: location.id };
    const lock = (numbers?: number, day = key.day) =>
      store.transaction((tx) => lockQueue(tx, { ...key, day }, numbers));
    expect(await queueVersion(store, service.id, key.day)).toBe(0);
    expect(await lock(1)).toMatchObject({ version: 1, lastPosition: 1 });
    expect(await lock()).toMatchObject({ version: 2, lastPosition: 1 });
    expect(await lock(3)).toMatchObject({ version: 3, lastPosition: 4 });
    expect(await lock(1, '2026-03-03')).toMatchObject({ version: 1, lastPosition: 1 });
    expect(await queueVersion(store, service.id, key.day)).toBe(3);
  });

  test('is let go when its transaction fails, with the numbers', async () => {
    const { store } = open();
    const { service, location } = await buildScene(store);
    const key = { serviceId: service.id, day: '2026-03-02', locationId: location.id };
    const failing = store.transaction(async (tx) => {
      await lockQueue(tx, key, 5);
      throw new Error(newId());
    });
    await expect(failing).rejects.toThrow();
    expect(await store.transaction((tx) => lockQueue(tx, key, 1))).toMatchObject({
      version: 1,
      lastPosition: 1,
    });
  });
});
