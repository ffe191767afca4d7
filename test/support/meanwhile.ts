import { type Act, actWithin } from '../../src/actions/act.ts';
import type { Tx } from '../../src/db/store.ts';

/**
 * An act in whose transaction `deed` is done once, right after a query or statement of that name was answered. The deed
 * goes through another store: nobody opens a transaction inside a transaction.
 */
export function meanwhile(act: Act, after: string, deed: () => Promise<unknown>): Act {
  let isDone = false;
  const interrupted = (tx: Tx): Tx =>
    Object.create(tx, {
      run: {
        value: async (query: { name: string }, params: never) => {
          const rows = await tx.run(query as never, params);
          if (query.name !== after || isDone) return rows;
          isDone = true;
          await deed();
          return rows;
        },
      },
    });
  return actWithin(act, (work) => act.transaction((tx) => work(interrupted(tx))));
}

/** Something that can be let through later. */
export function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: () => resolve() };
}

/** Whether it is still under way after a while. */
export async function isWaiting(work: Promise<unknown>): Promise<boolean> {
  const late = Symbol();
  const first = await Promise.race([
    work.catch(() => undefined),
    new Promise((resolve) => setTimeout(resolve, 150, late)),
  ]);
  return first === late;
}
