import type { ServerResponse } from 'node:http';
import type { Changes } from '../db/changes.ts';
import { Refusal } from '../domain/errors.ts';
import { Channel, type Subject } from './channel.ts';

/** How often everything watched is looked at anew: time moves a line on too, and a change may go unheard. */
const LOOK_MS = 5_000;
/** How often a quiet stream says that it lives; proxies cut off after about a minute. */
const HEARTBEAT_MS = 20_000;
/** Clients come back within this time after a shutdown, not all at once. */
const RETURN_MS = { first: 500, last: 4_000 };

export interface HubOptions {
  changes: Changes;
  /** Streams at most, and from one address: an office stands behind one. */
  limits: { streams: number; perAddress: number };
  onError: (error: unknown) => void;
}

export interface Watch {
  /** The client's, or its network's. */
  address: string;
  /** What every answer carries. */
  headers: Record<string, string>;
  subject: Subject;
}

const STREAM = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'private, no-store',
  // nginx would hold events back to fill its buffers.
  'X-Accel-Buffering': 'no',
};

/** Who watches what. Writes to Node's own responses: a broadcast is one buffer, whoever watches. */
export class Hub {
  readonly #options: HubOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #streams = new Map<ServerResponse, string>();
  readonly #byAddress = new Map<string, number>();
  readonly #timers: NodeJS.Timeout[];
  readonly #unsubscribe: () => void;
  #closed = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#unsubscribe = options.changes.subscribe((topics) => {
      for (const channel of this.#channels.values()) if (channel.concerns(topics)) channel.look();
    });
    this.#timers = [
      setInterval(() => this.#each((channel) => channel.look()), LOOK_MS),
      setInterval(() => this.#each((channel) => channel.beat()), HEARTBEAT_MS),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  /** How many streams are open. */
  get size(): number {
    return this.#streams.size;
  }

  /**
   * Opens a stream: first the subject as it stands, then whenever it becomes another. Refuses with `busy` when there are
   * too many, or this program is about to end. Does nothing for a client that is gone already.
   */
  async watch(response: ServerResponse, { address, headers, subject }: Watch): Promise<void> {
    // It would never be told to leave: its `close` is over.
    if (response.closed) return;
    if (this.#closed) throw new Refusal('busy', { retryAfter: 1 });
    const { streams, perAddress } = this.#options.limits;
    const here = this.#byAddress.get(address) ?? 0;
    if (this.size >= streams || here >= perAddress) throw new Refusal('busy', { retryAfter: 30 });
    this.#streams.set(response, address);
    this.#byAddress.set(address, here + 1);
    const channel = this.#channelOf(subject);
    channel.expected += 1;
    response.once('close', () => this.#leave(response, channel));
    await channel.add(response, { ...headers, ...STREAM });
  }

  /** Ends every stream and tells each client when to come back. */
  close(): void {
    this.#unsubscribe();
    for (const timer of this.#timers) clearInterval(timer);
    this.#closed = true;
    this.#each((channel) => channel.close(farewell));
  }

  #channelOf(subject: Subject): Channel {
    let channel = this.#channels.get(subject.name);
    if (!channel) {
      channel = new Channel(subject, this.#options.onError);
      this.#channels.set(subject.name, channel);
    }
    return channel;
  }

  #leave(response: ServerResponse, channel: Channel): void {
    const address = this.#streams.get(response);
    if (address === undefined) return;
    this.#streams.delete(response);
    const left = (this.#byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
    channel.remove(response);
    channel.expected -= 1;
    if (channel.expected === 0) this.#channels.delete(channel.name);
  }

  #each(act: (channel: Channel) => void): void {
    for (const channel of this.#channels.values()) act(channel);
  }
}

/** Everybody is told another time to come back at. */
function farewell(): string {
  const delay = Math.round(RETURN_MS.first + Math.random() * (RETURN_MS.last - RETURN_MS.first));
  return `retry: ${delay}\nevent: bye\ndata:\n\n`;
}
