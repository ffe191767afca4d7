import { Refusal } from '../domain/errors.ts';

interface Options {
  /** How many are let in at once. */
  places: number;
  /** How many may wait, and how many of those under one key; whoever is one too many is refused with `busy`. */
  waiting: number;
  perKey: number;
}

/** Lets so many in at once. The others wait: those of each key in a line of their own, and the lines take turns. */
export class Turnstile {
  readonly #options: Options;
  /** In the order in which their turns come. */
  readonly #lines = new Map<string, (() => void)[]>();
  #free: number;
  #waiting = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#free = options.places;
  }

  /** Does `work` when it is the turn of `key`. Refuses with `busy` where too many wait. */
  async pass<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turnOf(key);
    try {
      return await work();
    } finally {
      this.#letNext();
    }
  }

  async #turnOf(key: string): Promise<void> {
    const line = this.#lines.get(key) ?? [];
    const { waiting, perKey } = this.#options;
    if (this.#waiting >= waiting || line.length >= perKey)
      throw new Refusal('busy', { retryAfter: 2, facts: { cause: 'too many wait for a password' } });
    this.#waiting += 1;
    this.#lines.set(key, line);
    await new Promise<void>((go) => line.push(go));
  }

  #letNext(): void {
    const [first] = this.#lines;
    if (!first) {
      this.#free += 1;
      return;
    }
    const [key, line] = first;
    const go = line.shift();
    this.#lines.delete(key);
    if (line.length > 0) this.#lines.set(key, line);
    this.#waiting -= 1;
    go?.();
  }
}
