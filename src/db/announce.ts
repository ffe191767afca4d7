import { setTimeout as wait } from 'node:timers/promises';
import { EVERYTHING, type Mark, type Topic } from './changes.ts';

/** PostgreSQL takes less than 8,000 bytes. */
const MAX_PAYLOAD = 7_900;
/** What was committed within so short a time is told in one go. */
const GATHER_MS = 10;
const RETRY_MS = 250;
/** At the end; whoever cannot be told by then notices that we are gone. */
const LAST_TRIES = 4;

/**
 * Tells other instances what was committed here, in order and soon. NOTIFY as a part of each transaction would be the
 * simplest, but PostgreSQL then lets only one transaction commit at a time, flush to the disk included.
 */
export class Announcer {
  readonly #origin: string;
  readonly #tell: (payload: string) => Promise<void>;
  readonly #onError: (error: Error) => void;
  #untold = new Set<Topic>();
  /** How many messages were sent, or tried. */
  #sent = 0;
  #telling: Promise<void> | undefined;
  #triesLeft = Number.POSITIVE_INFINITY;

  /**
   * @param tell rejects when nobody could be told; then it is tried again
   * @param onError hears of the first of such failures in a row
   */
  constructor({
    origin,
    tell,
    onError = () => undefined,
  }: {
    origin: string;
    tell: (payload: string) => Promise<void>;
    onError?: (error: Error) => void;
  }) {
    this.#origin = origin;
    this.#tell = tell;
    this.#onError = onError;
  }

  announce(topics: Iterable<Topic>): void {
    for (const topic of topics) this.#untold.add(topic);
    if (this.#untold.size > 0) this.#telling ??= this.#tellAll();
  }

  /** The message that tells all that was announced by now; one that failed is made up for by those after it. */
  get mark(): Mark {
    return markOf(this.#origin, this.#untold.size > 0 ? this.#sent + 1 : this.#sent);
  }

  /** Waits until everything was told, or cannot be. */
  async close(): Promise<void> {
    this.#triesLeft = LAST_TRIES;
    await this.#telling;
  }

  async #tellAll(): Promise<void> {
    await wait(GATHER_MS);
    let failed = false;
    while (this.#untold.size > 0 && this.#triesLeft > 0) {
      const topics = this.#untold;
      this.#untold = new Set();
      this.#sent += 1;
      try {
        await this.#tell(payloadOf(markOf(this.#origin, this.#sent), topics));
        failed = false;
      } catch (error) {
        if (!failed) this.#onError(error as Error);
        failed = true;
        this.#triesLeft -= 1;
        for (const topic of topics) this.#untold.add(topic);
        await wait(RETRY_MS);
      }
    }
    this.#telling = undefined;
  }
}

/** What is told of changes; of too many to name, that everything changed. */
export function payloadOf(mark: Mark, topics: ReadonlySet<Topic>): string {
  const named = [mark, ...topics].join(' ');
  return Buffer.byteLength(named) > MAX_PAYLOAD ? `${mark} ${EVERYTHING}` : named;
}

function markOf(origin: string, message: number): Mark {
  return `${origin}.${message}`;
}
