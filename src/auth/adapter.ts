import { drizzleAdapter } from 'better-auth/adapters/drizzle';
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
    const inside = (tx: Tx) => make({ ...bound(store.read), ...bound(tx.write) })(options);
    const adapter = make(store.read)(options);
    const gated = WRITES.map((name) => [
      name,
      (...args: unknown[]) => store.transaction((tx) => call(inside(tx), name, args)),
    ]);
    return {
      ...adapter,
      ...Object.fromEntries(gated),
      // A sign-up hashes a password inside its transaction. PostgreSQL has other connections meanwhile; SQLite's only
      // writer must not wait for it, so there each write is a transaction of its own.
      transaction:
        store.dialect === 'postgres'
          ? (work: (adapter: Adapter) => Promise<unknown>) => store.transaction((tx) => work(inside(tx)))
          : (work: (adapter: Adapter) => Promise<unknown>) =>
              work({ ...adapter, ...Object.fromEntries(gated) }),
    } as Adapter;
  };
}

function call(adapter: Adapter, name: (typeof WRITES)[number], args: unknown[]): Promise<unknown> {
  const method = adapter[name] as (...args: unknown[]) => Promise<unknown>;
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
