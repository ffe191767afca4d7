import type { Mark } from './changes.ts';

/** A message is told within milliseconds; whoever is gone tells nothing any more. */
const PATIENCE_MS = 300;
/** Instances come and go with each deployment. */
const MOST_ORIGINS = 100;

/** How far an instance has heard what the others told. */
export class Heard {
  /** The number of the last message of each instance. */
  readonly #messages = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  /** Notes that a message was heard, and that what it told is known by now. */
  note(mark: Mark): void {
    const { origin, message } = read(mark);
    if (this.#messages.size >= MOST_ORIGINS && !this.#messages.has(origin)) this.#messages.clear();
    this.#messages.set(origin, message);
    for (const look of this.#waiting) look();
  }

  /** Waits until a message was heard, for a moment at most. */
  async upTo(mark: Mark): Promise<void> {
    const { origin, message } = read(mark);
    const isHeard = () => (this.#messages.get(origin) ?? 0) >= message;
    if (isHeard()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => isHeard() && resolve();
    const patience = setTimeout(resolve, PATIENCE_MS);
    this.#waiting.add(look);
    await promise;
    clearTimeout(patience);
    this.#waiting.delete(look);
  }
}

function read(mark: Mark): { origin: string; message: number } {
  const [origin = '', message] = mark.split('.');
  return { origin, message: Number(message) };
}
