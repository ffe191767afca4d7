import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { PEOPLE, SESSIONS, type Topic } from '../db/changes.ts';
import type { Store, Tx } from '../db/store.ts';

type MakeAdapter = ReturnType<typeof drizzleAdapter>;
type Adapter = ReturnType<MakeAdapter>;

const WRITES = [
  'create',
  'update',
  'updateMany',
  'delete',
  'deleteMany',
  'consumeOne',
  'incrementOne',
] as const;

/**
 * Better Auth's drizzle adapter with every write behind the store's gate. On a connection of its own it would run into
 * SQLite's lock and freeze the event loop; on the shared writer outside the gate its rows would vanish in somebody
 * else's rollback.
 */
export function gatedAdapter(store: Store): MakeAdapter {
  const make = (db: object) =>
    drizzleAdapter(db, {
      provider: store.dialect === 'postgres' ? 'pg' : 'sqlite',
      schema: store.tables,
      usePlural: true,
    });
  return (options) => {
    const adapter = make(store.read)(options);
    const inside = (tx: Tx): Adapter => {
      const writer = make({ ...bound(store.read), ...bound(tx.writing([])) })(options);
      return withWrites(writer, (name, args) => {
        tx.writing(changesOf(name, args[0].model));
        return call(writer, name, args);
      });
    };
    const gated = withWrites(adapter, (name, args) =>
      store.transaction((tx) => call(inside(tx), name, args)),
    );
    const transaction = (work: Work) => fromFirstWrite(store, adapter, inside, work);
    return { ...gated, transaction } as Adapter;
  };
}

type Work = (adapter: Adapter) => Promise<unknown>;

/**
 * Runs `work` as one transaction that begins with its first write: a sign-up hashes a password before it writes, and
 * neither SQLite's only writer nor one of PostgreSQL's connections should wait for that.
 */
async function fromFirstWrite(
  store: Store,
  adapter: Adapter,
  inside: (tx: Tx) => Adapter,
  work: Work,
): Promise<unknown> {
  const ended = Promise.withResolvers<void>();
  let begun: Promise<Adapter> | undefined;
  let committed: Promise<void> | undefined;
  const begin = () => {
    const { promise, resolve, reject } = Promise.withResolvers<Adapter>();
    committed = store.transaction((tx) => {
      resolve(inside(tx));
      return ended.promise;
    });
    // Where it could not even begin; what came later is thrown at the end.
    committed.catch(reject);
    return promise;
  };
  const lazy = Object.fromEntries(
    Object.entries(adapter).map(([name, method]) => [
      name,
      typeof method !== 'function'
        ? method
        : async (...args: Args) => {
            if (WRITES.includes(name as Write)) begun ??= begin();
            return call(begun ? await begun : adapter, name as Write, args);
          },
    ]),
  ) as unknown as Adapter;
  try {
    const result = await work(lazy);
    ended.resolve();
    await committed;
    return result;
  } catch (error) {
    ended.promise.catch(() => undefined);
    ended.reject(error);
    await committed?.catch(() => undefined);
    throw error;
  }
}

type Write = (typeof WRITES)[number];
type Args = [{ model: string }, ...unknown[]];

/** The adapter with its writes done by `write`. */
function withWrites(adapter: Adapter, write: (name: Write, args: Args) => Promise<unknown>): Adapter {
  const writes = WRITES.map((name) => [name, (...args: Args) => write(name, args)]);
  return { ...adapter, ...Object.fromEntries(writes) };
}

/** A new account or session changes no answer that is kept: nobody has asked for it yet. */
function changesOf(name: Write, model: string): readonly Topic[] {
  if (name === 'create') return [];
  if (model === 'session') return [SESSIONS];
  return model === 'user' ? [PEOPLE] : [];
}

function call(adapter: Adapter, name: Write, args: Args): Promise<unknown> {
  const method = adapter[name] as (...args: Args) => Promise<unknown>;
  return method(...args);
}

/** The builder's methods, free to stand in another object. */
function bound<T extends object>(builder: T): Partial<T> {
  const names = ['select', 'selectDistinct', 'insert', 'update', 'delete'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const method = (builder as Record<string, unknown>)[name];
      return typeof method === 'function' ? [[name, method.bind(builder)]] : [];
    }),
  ) as Partial<T>;
}
