import { asc, count, eq, like } from 'drizzle-orm';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { CATALOG } from '../../src/db/changes.ts';
import { allLocations, insertLocation, locationById } from '../../src/db/locations.ts';
import { migrationNames } from '../../src/db/migrate.ts';
import { breaksUnique, isConnectionLost } from '../../src/db/refusals.ts';
import { type P, query, type Sender, type Statement, type Store, type Tx } from '../../src/db/store.ts';
import { newId } from '../../src/domain/id.ts';
import { buildLocation, MONDAY, refusalCode } from '../support/builders.ts';
import { onBothDatabases, type TestDatabase, useDatabase } from '../support/databases.ts';

const namesLike = query('test_names_like', (db, t, p: P<{ pattern: string }>) =>
  db
    .select({ name: t.locations.name })
    .from(t.locations)
    .where(like(t.locations.name, p.pattern))
    .orderBy(asc(t.locations.name)),
);
const countLike = query('test_count_like', (db, t, p: P<{ pattern: string }>) =>
  db.select({ count: count() }).from(t.locations).where(like(t.locations.name, p.pattern)),
);

function put(tx: Tx, name: string, id = newId()) {
  return tx.run(insertLocation, { id, name, slug: id, timeZone: 'UTC', now: MONDAY });
}

async function names(store: Pick<Store, 'run'>, pattern: string): Promise<string[]> {
  return (await store.run(namesLike, { pattern })).map(({ name }) => name);
}

onBothDatabases('a store', (open) => {
  test('keeps all of a transaction', async () => {
    const { store } = open();
    const answer = await store.transaction(async (tx) => {
      await put(tx, 'all-1');
      await put(tx, 'all-2');
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await names(store, 'all-%')).toEqual(['all-1', 'all-2']);
  });

  test('keeps nothing of a transaction that throws, and hands its error on', async () => {
    const { store } = open();
    const work = store.transaction(async (tx) => {
      await put(tx, 'none-1');
      await put(tx, 'none-2');
      throw new RangeError('changed my mind');
    });
    await expect(work).rejects.toThrow(new RangeError('changed my mind'));
    expect(await names(store, 'none-%')).toEqual([]);
  });

  test('keeps nothing when the database refuses the second write', async () => {
    const { store } = open();
    const id = newId();
    const work = store.transaction(async (tx) => {
      await put(tx, 'twice-1', id);
      await put(tx, 'twice-2', id);
    });
    await expect(work).rejects.toThrow();
    expect(await names(store, 'twice-%')).toEqual([]);
  });

  test('says what was refused first, though it was only sent and something else failed for it', async () => {
    const { store } = open();
    const id = newId();
    const isTaken = (error: unknown) => breaksUnique(error, 'locations');
    await store.transaction((tx) => put(tx, 'cause-taken', id));
    for (const sendMore of [false, true]) {
      const work = store.transaction(async (tx) => {
        const send = (name: string, own: string) =>
          tx.send(insertLocation, { id: own, name, slug: newId(), timeZone: 'UTC', now: MONDAY });
        send('cause-1', id);
        if (sendMore) send('cause-2', newId());
        await put(tx, 'cause-3');
        throw new RangeError('changed my mind');
      });
      await expect(work).rejects.toSatisfy(isTaken);
    }
    // The other way round: what was sent only fails for what was asked before it.
    const asked = store.transaction(async (tx) => {
      const taken = put(tx, 'cause-4', id);
      tx.send(insertLocation, { id: newId(), name: 'cause-5', slug: newId(), timeZone: 'UTC', now: MONDAY });
      await taken;
    });
    await expect(asked).rejects.toSatisfy(isTaken);
    expect(await names(store, 'cause-%')).toEqual(['cause-taken']);
  });

  describe('of which all is only sent', () => {
    const send = (tx: Sender, name: string, id = newId()) =>
      tx.send(insertLocation, { id, name, slug: id, timeZone: 'UTC', now: MONDAY });

    // More than fit into the name of a prepared statement of PostgreSQL.
    test.each([0, 1, 2, 6, 7])('keeps %s writes and answers what was made of them', async (count) => {
      const { store, openAnother } = open();
      const work = (tx: Sender) => {
        for (let index = 1; index <= count; index++) send(tx, `${count}-at-once-${index}`);
        return `all ${count}`;
      };
      // Twice, since what is prepared once is only run from then on.
      expect(await store.sendAll(work)).toBe(`all ${count}`);
      expect(await store.sendAll(work)).toBe(`all ${count}`);
      expect(await names(openAnother(), `${count}-at-once-%`)).toHaveLength(2 * count);
    });

    test('keeps none when the database refuses one, whichever it is', async () => {
      const { store } = open();
      for (const refused of [0, 1, 2]) {
        const id = newId();
        await store.transaction((tx) => put(tx, `taken-${refused}`, id));
        const work = store.sendAll((tx) => {
          for (const index of [0, 1, 2]) send(tx, `refused-${index}`, index === refused ? id : newId());
        });
        await expect(work).rejects.toThrow();
      }
      expect(await names(store, 'refused-%')).toEqual([]);
      // The connection is as good as new.
      await store.transaction((tx) => put(tx, 'afterwards'));
      expect(await names(store, 'afterwards')).toEqual(['afterwards']);
    });

    test('keeps none when the work throws after it sent some', async () => {
      const { store } = open();
      const work = store.sendAll((tx) => {
        send(tx, 'thrown-1');
        throw new RangeError('changed my mind');
      });
      await expect(work).rejects.toThrow(new RangeError('changed my mind'));
      expect(await names(store, 'thrown-%')).toEqual([]);
    });
  });

  test('a transaction reads what it wrote; others do not, until it is over', async () => {
    const { store, openAnother } = open();
    const another = openAnother();
    let seenOutside: string[] = ['not asked'];
    const seenInside = await store.transaction(async (tx) => {
      await put(tx, 'own-1');
      seenOutside = await names(another, 'own-%');
      return names(tx, 'own-%');
    });
    expect(seenInside).toEqual(['own-1']);
    expect(seenOutside).toEqual([]);
    expect(await names(another, 'own-%')).toEqual(['own-1']);
  });

  test('one that throws takes nothing of its neighbours with it', async () => {
    const { store } = open();
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        store.transaction(async (tx) => {
          await put(tx, `group-${String(index).padStart(2, '0')}`);
          if (index % 3 === 0) throw new Error(`no ${index}`);
          return index;
        }),
      ),
    );
    const good = Array.from({ length: 40 }, (_, index) => index).filter((index) => index % 3 !== 0);
    expect(results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))).toEqual(good);
    expect(await names(store, 'group-%')).toEqual(
      good.map((index) => `group-${String(index).padStart(2, '0')}`),
    );
  });

  test('each of 200 at once has its own answer and its own row', async () => {
    const { store, openAnother } = open();
    const ids = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        store.transaction(async (tx) => {
          const [row] = await put(tx, `many-${index}`);
          const [{ count: seen } = { count: 0 }] = await tx.run(countLike, { pattern: `many-${index}` });
          return seen === 1 ? row?.name : undefined;
        }),
      ),
    );
    expect(ids).toEqual(Array.from({ length: 200 }, (_, index) => `many-${index}`));
    const [fresh] = await openAnother().run(countLike, { pattern: 'many-%' });
    expect(fresh?.count).toBe(200);
  });

  test('a transaction inside a transaction throws, at once and for good', async () => {
    const { store } = open();
    const work = store.transaction(async (tx) => {
      await put(tx, 'nested-outer');
      await store.transaction((inner) => put(inner, 'nested-inner'));
    });
    await expect(work).rejects.toThrow('A transaction inside a transaction');
    expect(await names(store, 'nested-%')).toEqual([]);
    await store.transaction((tx) => put(tx, 'nested-after'));
    expect(await names(store, 'nested-%')).toEqual(['nested-after']);
  });

  test('a transaction that follows another in the same task is not inside of it', async () => {
    const { store } = open();
    await store.transaction((tx) => put(tx, 'after-1'));
    await Promise.all(
      [1, 2, 3].map(async (index) => {
        await store.transaction((tx) => put(tx, `after-${index}-a`));
        await store.transaction((tx) => put(tx, `after-${index}-b`));
      }),
    );
    expect(await names(store, 'after-%')).toHaveLength(7);
  });

  test('brings dates, booleans, numbers, JSON and null back as they were', async () => {
    const { store } = open();
    const { id } = await buildLocation(store);
    const [row] = await store.run(locationById, { id });
    expect(row?.createdAt).toEqual(MONDAY);
    expect(row?.retiredAt).toBeNull();
    const eventId = newId();
    const data = { list: [1, 'two', null], nested: { Grüße: "it's" } };
    const moment = new Date('2026-07-01T12:34:56.789Z');
    await store.transaction((tx) =>
      tx.write
        .insert(tx.tables.events)
        .values({ id: eventId, at: moment, verb: 'test', localDay: '2026-07-01', data }),
    );
    const eventById = query('test_event_by_id', (db, t, p: P<{ id: string }>) =>
      db.select().from(t.events).where(eq(t.events.id, p.id)),
    );
    const [event] = await store.run(eventById, { id: eventId });
    expect(event).toMatchObject({ at: moment, localDay: '2026-07-01', data, actorId: null });
  });

  test('tells its migrations and counts what it runs', async () => {
    const { store } = open();
    expect(await store.migrations()).toEqual(migrationNames(store.dialect));
    const before = store.queries;
    await store.run(allLocations, {});
    await store.transaction((tx) => tx.run(allLocations, {}));
    expect(store.queries - before).toBe(2);
  });

  test('takes text as text, whatever is in it', async () => {
    const { store } = open();
    const name = `'; DROP TABLE users; -- "\\ 北京 👩‍💻`;
    const id = newId();
    await store.transaction((tx) => put(tx, name, id));
    expect((await store.run(locationById, { id }))[0]?.name).toBe(name);
  });
});

describe('SQLite', () => {
  const open = useDatabase('sqlite');

  test('refuses a write outside a transaction', async () => {
    const { store } = open();
    const write = insertLocation as unknown as Statement<Record<string, unknown>, unknown>;
    const smuggled = store as unknown as { run(statement: unknown, params: unknown): Promise<unknown> };
    await expect(
      smuggled.run(write, { id: newId(), name: 'smuggled', slug: 's', timeZone: 'UTC', now: MONDAY }),
    ).rejects.toSatisfy((error: Error) =>
      /readonly|read-only|query_only/i.test(String((error.cause as Error)?.message ?? error.message)),
    );
    expect(await names(store, 'smuggled')).toEqual([]);
  });

  test('commits together what was asked for in one turn of the event loop', async () => {
    const { store, openAnother } = open();
    const another = openAnother();
    // As sockets that have something to read are served: one after the other, each as far as it comes.
    const writes = Array.from({ length: 10 }, async (_, index) => {
      await new Promise((resolve) => setImmediate(resolve));
      await store.transaction((tx) => put(tx, `turn-${index}`));
      return names(another, 'turn-%');
    });
    expect(await Promise.race(writes)).toHaveLength(10);
    await Promise.all(writes);
  });

  test('a transaction runs in the context of whoever asked for it', async () => {
    const { AsyncLocalStorage } = await import('node:async_hooks');
    const who = new AsyncLocalStorage<number>();
    const { store } = open();
    const seen = await Promise.all(
      [1, 2, 3, 4].map((index) => who.run(index, () => store.transaction(async () => who.getStore()))),
    );
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  test('answers busy within its patience while another program holds the file, and works again after', async () => {
    const { store, openAnother, url } = open();
    const { default: Database } = await import('better-sqlite3');
    const other = new Database(url.replace('file:', ''));
    other.exec('BEGIN IMMEDIATE');
    const started = performance.now();
    expect(await refusalCode(store.transaction((tx) => put(tx, 'busy-1')))).toBe('busy');
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await names(openAnother(), 'busy-%')).toEqual([]);
    other.exec('ROLLBACK');
    other.close();
    await store.transaction((tx) => put(tx, 'busy-2'));
    expect(await names(store, 'busy-%')).toEqual(['busy-2']);
  });

  test('keeps foreign keys', async () => {
    const { store } = open();
    const orphan = store.transaction((tx) =>
      tx.write
        .insert(tx.tables.desks)
        .values({ id: newId(), locationId: newId(), name: 'x', createdAt: MONDAY, updatedAt: MONDAY }),
    );
    await expect(orphan).rejects.toSatisfy((error: Error) =>
      /FOREIGN KEY/.test(String((error.cause as Error)?.message ?? error.message)),
    );
  });

  test('closes after what was asked for is done', async () => {
    const { openAnother, store } = open();
    const another = openAnother();
    const work = [1, 2, 3].map((index) => another.transaction((tx) => put(tx, `closing-${index}`)));
    await another.close();
    await Promise.all(work);
    expect(await names(store, 'closing-%')).toHaveLength(3);
  });
});

test.each([
  [Object.assign(new Error('read ETIMEDOUT'), { code: 'ETIMEDOUT', syscall: 'read' }), true],
  [Object.assign(new Error('write EHOSTUNREACH'), { code: 'EHOSTUNREACH', syscall: 'write' }), true],
  [Object.assign(new Error('terminating connection'), { code: '57P01' }), true],
  [Object.assign(new AggregateError([], 'every address refused'), { code: 'ECONNREFUSED' }), true],
  [new Error('Connection terminated unexpectedly'), true],
  [new Error('timeout expired'), true],
  [Object.assign(new Error('duplicate key'), { code: '23505' }), false],
  [new Error('slot_full'), false],
])('knows a lost connection: %s', (error, expected) => {
  expect(isConnectionLost(new Error('Failed query', { cause: error }))).toBe(expected);
});

describe('PostgreSQL', () => {
  const open = useDatabase('postgres');

  /** Ends every connection of the stores of a database, as a restart of the server does. */
  async function endConnections({ url }: TestDatabase): Promise<number> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rowCount } = await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'now-serving'`,
    );
    await client.end();
    return rowCount ?? 0;
  }

  test('does not pretend that a transaction with a failed statement was kept', async () => {
    const { store } = open();
    const id = newId();
    const work = store.transaction(async (tx) => {
      await put(tx, 'swallowed-1', id);
      await put(tx, 'swallowed-2', id).catch(() => undefined);
    });
    await expect(work).rejects.toThrow('one of its statements failed');
    expect(await names(store, 'swallowed-%')).toEqual([]);
  });

  test('survives the end of its idle connections', async () => {
    const database = open();
    await Promise.all(Array.from({ length: 8 }, () => database.store.run(allLocations, {})));
    expect(await endConnections(database)).toBeGreaterThan(0);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => database.store.run(allLocations, {})),
    );
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'busy' });
    await Promise.all(Array.from({ length: 20 }, () => database.store.run(allLocations, {})));
  });

  test('answers busy when a connection ends in mid-transaction, keeps nothing of it, and works on', async () => {
    const database = open();
    for (const when of ['between statements', 'before the commit']) {
      const work = database.store.transaction(async (tx) => {
        await put(tx, 'ended-1');
        await endConnections(database);
        // Let the news of the end arrive before the next statement is sent.
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (when === 'between statements') await put(tx, 'ended-2');
      });
      expect(await refusalCode(work), when).toBe('busy');
    }
    expect(await names(database.store, 'ended-%')).toEqual([]);
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        database.store.transaction((tx) => put(tx, `survived-${index}`)),
      ),
    );
    expect(await names(database.store, 'survived-%')).toHaveLength(30);
  });

  test('takes for changed what it cannot know, when the answer to a commit is lost, and not what was refused', async () => {
    const database = open();
    const { store } = database;
    const id = newId();
    const changed = () => store.changes.last([CATALOG]).count;
    const sendAlone = () =>
      store.sendAll((tx) =>
        tx.send(insertLocation, { id, name: 'lost', slug: id, timeZone: 'UTC', now: MONDAY }),
      );
    // The statement waits for somebody who writes the same id, and its connection ends.
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    await other.query(
      `BEGIN; INSERT INTO locations (id, name, slug, time_zone, created_at, updated_at)
      VALUES ('${id}', 'lost', '${id}', 'UTC', now(), now())`,
    );
    const before = changed();
    const work = sendAlone();
    work.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await endConnections(database)).toBeGreaterThan(0);
    expect(await refusalCode(work)).toBe('busy');
    expect(changed()).toBeGreaterThan(before);
    await other.query('ROLLBACK');
    await other.end();

    await store.transaction((tx) => put(tx, 'lost-taken', id));
    const taken = changed();
    await expect(sendAlone()).rejects.toThrow();
    expect(changed()).toBe(taken);
  });

  test('keeps what it answered while connections end again and again', async () => {
    const database = open();
    const answered: string[] = [];
    let refused = 0;
    let ending = true;
    const killer = (async () => {
      for (let round = 0; round < 8; round++) await endConnections(database);
      ending = false;
    })();
    const workers = Array.from({ length: 12 }, async (_, worker) => {
      for (let index = 0; ending || index < 5; index++) {
        const name = `storm-${worker}-${index}`;
        try {
          await database.store.transaction((tx) => put(tx, name));
          answered.push(name);
        } catch (error) {
          expect(error).toMatchObject({ code: 'busy' });
          refused += 1;
        }
      }
    });
    await Promise.all([killer, ...workers]);
    const kept = new Set(await names(database.store, 'storm-%'));
    expect(answered.filter((name) => !kept.has(name))).toEqual([]);
    expect(answered.length).toBeGreaterThan(60);
    expect(refused).toBeGreaterThan(0);
  });

  test('answers busy when every connection is taken, and when nobody listens', async () => {
    const { openAnother, url } = open();
    const narrow = openAnother(1);
    let finish = () => {};
    const held = narrow.transaction(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    expect(await refusalCode(narrow.run(allLocations, {}))).toBe('busy');
    finish();
    await held;
    const { openStore } = await import('../../src/db/open.ts');
    const gone = new URL(url);
    gone.port = '1';
    const nobody = openStore({ url: gone.href });
    expect(await refusalCode(nobody.migrations())).toBe('busy');
    await nobody.close();
  }, 20_000);
});
