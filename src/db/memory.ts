import { LRUCache } from 'lru-cache';
import type { Changes, Topic } from './changes.ts';

/** However well changes are heard: a hand at the database's own shell announces nothing. */
const MAX_AGE_MS = 60_000;

/** What something was made of; undefined for what should not be kept. */
export type MadeOf<T> = (value: T) => readonly Topic[] | undefined;

interface Kept {
  /** When its making began. */
  moment: number;
  /** Undefined while it is being made. */
  topics: readonly Topic[] | undefined;
  value: Promise<unknown>;
}

/**
 * Keeps what was made until something changes that it was made of, or a minute has passed. Those who ask at the same
 * time share one making. A making that failed is not kept. What is kept is shared: nobody may change it.
 */
export class Memory {
  readonly #changes: Changes;
  readonly #maxAge: number;
  readonly #kept: LRUCache<string, Kept>;
  /** When what is too old is let go of next, on the clock of `performance`. */
  #nextLook = 0;

  /**
   * @param max how many things are kept; then those that nobody asked for longest go
   * @param maxAge for how long, in milliseconds
   */
  constructor(changes: Changes, max: number, maxAge = MAX_AGE_MS) {
    this.#changes = changes;
    this.#maxAge = maxAge;
    this.#kept = new LRUCache({ max, ttl: maxAge, ttlResolution: 100 });
  }

  /**
   * What is kept under `key`, or else what `make` makes.
   *
   * @param moment since when `make` may have read: what it is handed counts too, or something changed in between stays
   */
  get<T>(
    key: string,
    madeOf: MadeOf<T>,
    make: () => Promise<T>,
    moment: number = this.#changes.now(),
  ): Promise<T> {
    const known = this.#kept.get(key);
    if (known && this.#isTrue(known)) return known.value as Promise<T>;
    const value = make();
    const made: Kept = { moment, topics: undefined, value };
    this.#kept.set(key, made);
    this.#letGo();
    const forget = () => {
      if (this.#kept.peek(key) === made) this.#kept.delete(key);
    };
    value.then((result) => {
      made.topics = madeOf(result);
      if (!made.topics) forget();
    }, forget);
    return value;
  }

  /** How many things are kept. */
  get size(): number {
    return this.#kept.size;
  }

  /** Most is kept under the minute for which it was made, and nobody asks for it again. */
  #letGo(): void {
    if (performance.now() < this.#nextLook) return;
    this.#kept.purgeStale();
    this.#nextLook = performance.now() + this.#maxAge;
  }

  /** What is still being made may be made of anything. */
  #isTrue({ moment, topics }: Kept): boolean {
    return topics
      ? this.#changes.unchangedSince(moment, topics)
      : this.#changes.now() === moment && this.#changes.unchangedSince(moment, []);
  }
}

/** What is made of rows: once for rows that are kept, which are the same object for everybody who asks. */
export function madeOnce<R extends object, T>(make: (rows: R) => T): (rows: R) => T {
  const made = new WeakMap<R, T>();
  return (rows) => {
    if (made.has(rows)) return made.get(rows) as T;
    const value = make(rows);
    made.set(rows, value);
    return value;
  };
}
