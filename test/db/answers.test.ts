import { expect, test } from 'vitest';
import { answerOf, claimAnswer, fillAnswer, forgetAnswers } from '../../src/db/answers.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { newId } from '../../src/domain/id.ts';
import { MONDAY } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

onBothDatabases('answers', (open) => {
  const keyOf = (owner = newId()) => ({ owner, method: 'POST', path: '/api/reservations', key: 'k' });

  test('are claimed once, filled, and found by all of their key', async () => {
    const { store } = open();
    const key = keyOf();
    const claim = (bodyHash: string) =>
      store.transaction((tx) => tx.run(claimAnswer, { ...key, bodyHash, now: MONDAY }));
    expect(await claim('a')).toHaveLength(1);
    expect(await claim('b')).toEqual([]);
    expect(await store.run(answerOf, key)).toEqual([
      { bodyHash: 'a', status: null, body: null, createdAt: MONDAY },
    ]);
    await store.transaction((tx) => tx.run(fillAnswer, { ...key, status: 201, body: '{"data":1}' }));
    expect(await store.run(answerOf, key)).toMatchObject([{ status: 201, body: '{"data":1}' }]);
    for (const other of [{ owner: newId() }, { method: 'PUT' }, { path: '/' }, { key: 'K' }]) {
      expect(await store.run(answerOf, { ...key, ...other })).toEqual([]);
    }
  });

  test('are claimed by one of many at once', async () => {
    const { store, openAnother, dialect } = open();
    const stores = dialect === 'postgres' ? [store, openAnother()] : [store];
    const key = keyOf();
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (stores[index % stores.length] ?? store).transaction((tx) =>
          tx.run(claimAnswer, { ...key, bodyHash: 'a', now: MONDAY }),
        ),
      ),
    );
    expect(claims.filter((rows) => rows.length === 1)).toHaveLength(1);
  });

  test('are given up with their transaction, and forgotten when they are old', async () => {
    const { store } = open();
    const [failed, old, young] = [keyOf(), keyOf(), keyOf()];
    await expect(
      store.transaction(async (tx) => {
        await tx.run(claimAnswer, { ...failed, bodyHash: 'a', now: MONDAY });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await store.run(answerOf, failed)).toEqual([]);
    await store.transaction(async (tx) => {
      await tx.run(claimAnswer, { ...old, bodyHash: 'a', now: addMinutes(MONDAY, -1) });
      await tx.run(claimAnswer, { ...young, bodyHash: 'a', now: MONDAY });
      await tx.run(forgetAnswers, { before: MONDAY });
    });
    expect(await store.run(answerOf, old)).toEqual([]);
    expect(await store.run(answerOf, young)).toHaveLength(1);
  });
});
