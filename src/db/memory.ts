import { LRUCache } from 'lru-cache';
import type { Changes, Topic } from './changes.ts';

/** However well changes are heard: a hand at the database's own shell announces nothing. */
const MAX_AGE_MS = 60_000;

interface Kept {
  /** When its making began. */
  moment: number;
  topics: readonly Topic[];
  value: Promise<unknown>;
}

/**
 * Keeps what was made until something changes that it was made of, or a minute has passed. Those who ask at the same
 * time share one making. A making that failed is not kept. What is kept is shared: nobody may change it.
 */
export class Memory {
  readonly #changes: Changes;
  readonly #kept: LRUCache<string, Kept>;

  /** @param max how many things are kept; then those that nobody asked for longest go */
  constructor(changes: Changes, max: number) {
    this.#changes = changes;
    this.#kept = new LRUCache({ max, ttl: MAX_AGE_MS, ttlResolution: 100 });
  }

  /** What is kept under `key`, or else what `make` makes of the `topics`. */
  get<T>(key: string, topics: readonly Topic[], make: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    if (known && this.#changes.unchangedSince(known.moment, known.topics)) return known.value as Promise<T>;
    const made = { moment: this.#changes.now(), topics, value: make() };
    this.#kept.set(key, made);
    made.value.catch(() => {
      if (this.#kept.peek(key) === made) this.#kept.delete(key);
    });
    return made.value as Promise<T>;
  }
}
