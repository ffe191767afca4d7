import type { Reader, SendAll, Store, Transact } from '../db/store.ts';
import type { Clock } from '../domain/clock.ts';
import { Refusal } from '../domain/errors.ts';
import type { Via } from '../domain/event.ts';
import { type Actor, isAdmin, isStaff, type Person } from '../domain/roles.ts';

/** Who acts, when, and on what: the first argument of every action. */
export interface Act {
  /** What was committed, and for somebody who changes something nothing that is only kept of it. */
  readonly db: Reader;
  /** What was committed, and what is kept of it; nothing of it is asked inside of the transaction. */
  readonly store: Store;
  readonly actor: Actor;
  readonly now: Date;
  /** How somebody acts who needs no account: through a ticket's link, or at a kiosk. */
  readonly via?: Via;
  /**
   * The action's one transaction. It is handed in, so that a request sent twice can be recognised inside of it without
   * any action knowing.
   */
  readonly transaction: Transact;
  /** The same for what only sends. */
  readonly sendAll: SendAll;
}

/** Is told, before a change is made and under its locks, of what that would meet, and refuses it by throwing. */
export type Look<T> = (standing: T) => void;

/** An act as it stands when nothing else has to happen in its transaction. By default it may change something. */
export function actOf(store: Store, clock: Clock, actor: Actor, db: Reader = store.fresh): Act {
  const { transaction, sendAll } = store;
  return { db, store, actor, now: clock(), transaction, sendAll };
}

/** The same act, its transactions run by `transaction`. */
export function actWithin(act: Act, transaction: Transact): Act {
  return { ...act, transaction, sendAll: (work) => transaction(async (tx) => work(tx)) };
}

/** The signed-in person, or a refusal `unauthenticated`. */
export function signedIn(actor: Actor): Person {
  if (!actor) throw new Refusal('unauthenticated');
  return actor;
}

/** The signed-in staff member or admin, or a refusal. */
export function staffOnly(actor: Actor): Person {
  const person = signedIn(actor);
  if (!isStaff(person)) throw new Refusal('forbidden');
  return person;
}

/** The actor, if an admin. Refuses with `unauthenticated` or `forbidden`. */
export function adminOnly(actor: Actor): Person {
  const person = signedIn(actor);
  if (!isAdmin(person)) throw new Refusal('forbidden');
  return person;
}

/** The thing, or a refusal `not_found`: what is not there and what is out of reach look the same. */
export function found<T>(thing: T | undefined | null | false): T {
  if (thing === undefined || thing === null || thing === false) throw new Refusal('not_found');
  return thing;
}
