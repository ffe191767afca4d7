import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { concerning, type Topic } from '../db/changes.ts';
import { Refusal } from '../domain/errors.ts';

/** Something to watch. */
export interface Subject {
  /** The same for everybody who sees the same. */
  name: string;
  /** What it is made of, as it was made last. */
  topics: () => readonly Topic[];
  /** The event that shows it as it stands; see `htmlEvent` and `signal`. */
  make: () => Promise<string>;
}

/** Written in slices, so that other requests are answered between them. */
const SLICE = 250;
/** Whoever has not taken in this many bytes is cut off; on coming back they get everything at once. */
const MAX_WAITING = 256 * 1024;

/** An event with a fragment that htmx swaps in. */
export function htmlEvent(html: string): string {
  return `${html
    .split('\n')
    .map((line) => `data: ${line}`)
    .join('\n')}\n\n`;
}

/** An event at which htmx asks again for whatever it shows. */
export function signal(name: string, state: string): string {
  return `event: ${name}\ndata: ${state}\n\n`;
}

/** Says that the stream lives; an event, since clients are not told of comments. */
const ALIVE = Buffer.from('event: alive\ndata:\n\n');

/** An event as it is sent; the same object for as long as there is nothing else to see. */
interface Shown {
  text: string;
  bytes: Buffer;
}

/** Those who watch the same: what they see is made once and sent as one buffer. */
export class Channel {
  /** Who watches, and who waits for a first sight: the hub lets go of a channel only when there is neither. */
  expected = 0;
  readonly #subject: Subject;
  readonly #onError: (error: unknown) => void;
  /** What each of them was sent last. */
  readonly #viewers = new Map<ServerResponse, Shown>();
  #shown: Shown | undefined;
  #watched: { topics: readonly Topic[]; concerns: (changed: Topic) => boolean } | undefined;
  /** How many were begun. */
  #makings = 0;
  #wanted = false;
  #working = false;
  #closed = false;

  constructor(subject: Subject, onError: (error: unknown) => void) {
    this.#subject = subject;
    this.#onError = onError;
  }

  get name(): string {
    return this.#subject.name;
  }

  /** Whether a change of these topics may change what is seen here. */
  concerns(topics: readonly Topic[]): boolean {
    const own = this.#subject.topics();
    if (this.#watched?.topics !== own) this.#watched = { topics: own, concerns: concerning(own) };
    return topics.some(this.#watched.concerns);
  }

  /** Opens the stream of a new viewer with what there is to see now. Refuses with `busy` once closed. */
  async add(viewer: ServerResponse, headers: Record<string, string>): Promise<void> {
    const making = this.#makings + 1;
    const shown = await this.#make();
    if (viewer.closed) return;
    if (this.#closed) throw new Refusal('busy', { retryAfter: 1 });
    // An event is one piece to write then, and not four (decision 13); its end is that of the connection.
    viewer.removeHeader('Transfer-Encoding');
    viewer.shouldKeepAlive = false;
    viewer.writeHead(200, headers);
    viewer.write(shown.bytes);
    this.#viewers.set(viewer, shown);
    // What was made later may be over already, and newer.
    if (this.#makings !== making) this.look();
  }

  remove(viewer: ServerResponse): void {
    this.#viewers.delete(viewer);
  }

  /** Looks what there is to see, and sends it to whom it is new. Changes that come meanwhile are looked at together. */
  look(): void {
    this.#wanted = true;
    if (!this.#working) void this.#work();
  }

  /** Tells everybody that the stream lives. */
  beat(): void {
    void this.#write(ALIVE, [...this.#viewers.keys()]);
  }

  /** Ends every stream with these words, and opens none any more. */
  close(farewell: () => string): void {
    this.#closed = true;
    for (const viewer of this.#viewers.keys()) viewer.end(farewell());
    this.#viewers.clear();
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      while (this.#wanted) {
        this.#wanted = false;
        const shown = await this.#make();
        const behind = [...this.#viewers].flatMap(([viewer, last]) => (last === shown ? [] : [viewer]));
        await this.#write(shown.bytes, behind, (viewer) => this.#viewers.set(viewer, shown));
      }
    } catch (error) {
      // The next look tries again.
      this.#onError(error);
    } finally {
      this.#working = false;
    }
  }

  async #make(): Promise<Shown> {
    this.#makings += 1;
    const text = await this.#subject.make();
    if (this.#shown?.text !== text) this.#shown = { text, bytes: Buffer.from(text) };
    return this.#shown;
  }

  async #write(
    bytes: Buffer,
    viewers: readonly ServerResponse[],
    written: (viewer: ServerResponse) => void = () => undefined,
  ): Promise<void> {
    for (const [index, viewer] of viewers.entries()) {
      if (index > 0 && index % SLICE === 0) await turn();
      if (!this.#viewers.has(viewer)) continue;
      if (viewer.writableLength > MAX_WAITING) {
        // At once: what is written before its `close` comes would be an error that nobody catches.
        this.remove(viewer);
        viewer.destroy();
        continue;
      }
      viewer.write(bytes);
      written(viewer);
    }
  }
}
