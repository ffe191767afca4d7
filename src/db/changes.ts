import type { LocalDay } from '../domain/days.ts';

/**
 * What a write changed, and what a kept answer was made of. `a/b` is a part of `a`: a change of either is one of the
 * other, but not of `a/c`.
 */
export type Topic = string;

/** Locations, services, their hours and closures, desks. */
export const CATALOG: Topic = 'catalog';
/** Who sits at which desk, and which of them pause. The screens of other places need not hear of it. */
export const STAFFING: Topic = 'staffing';
/** Accounts, and who works where. */
export const PEOPLE: Topic = 'people';
/** Sessions that ended before their time. */
export const SESSIONS: Topic = 'sessions';
/** Everything, for a change that would need too many words. */
export const EVERYTHING: Topic = '*';

/** The reservations and the line of a service, on any day. */
export function serviceTopic(serviceId: string): Topic {
  return serviceId;
}

/** Which places of a service are taken, on any day: at most desks a line moves all day long, and nobody books. */
export function bookingsTopic(serviceId: string): Topic {
  return `bookings:${serviceId}`;
}

/** The reservations and the line of a service on one day. */
export function lineTopic(serviceId: string, day: LocalDay): Topic {
  return `${serviceId}/${day}`;
}

/** For a write that no kept answer is made of, or whose change another statement of its transaction tells. */
export function changesNothing(): readonly Topic[] {
  return [];
}

/** Tells of a topic whether its change is one of any of these. */
export function concerning(watched: readonly Topic[]): (changed: Topic) => boolean {
  // A stream may watch a hundred lines, and every stream is asked after every change.
  const wholes = watched.map(wholeOf).filter((whole) => whole !== undefined);
  const all = new Set([EVERYTHING, ...watched, ...wholes.map(partsOf)]);
  return (changed) => all.has(changed) || all.has(wholeOf(changed) ?? partsOf(changed));
}

/** What a topic is a part of. */
function wholeOf(topic: Topic): Topic | undefined {
  const slash = topic.indexOf('/');
  return slash > 0 ? topic.slice(0, slash) : undefined;
}

/** Stands for every part of a topic at once. */
function partsOf(topic: Topic): Topic {
  return `${topic}/`;
}

/** Names a change, so that another instance can tell whether it has heard of it: see `Heard`. */
export type Mark = string;

/** The last change of something: its count here, another after every change, and its name everywhere. */
export interface Change {
  count: number;
  /** Undefined where nobody else needs to hear of it. */
  mark: Mark | undefined;
}

export type Listener = (topics: readonly Topic[]) => void;

const NEVER: Change = { count: 0, mark: undefined };

function later(one: Change, other: Change): Change {
  return other.count > one.count ? other : one;
}

/** Beyond this many topics their times are forgotten, and with them what was kept before. */
const MAX_TOPICS = 50_000;

/**
 * When each topic last changed, counted in changes. What was made of topics is still true as long as none of them
 * changed after the making began: a change during the making counts, whichever of the two the database saw first.
 */
export class Changes {
  #count = 0;
  /** Nothing from before this change is known to be true. */
  #floor = NEVER;
  #blind = false;
  readonly #last = new Map<Topic, Change>();
  readonly #listeners = new Set<Listener>();
  readonly #look: () => void;

  /** @param look asks the database, where that is cheap, whether somebody changed it behind our back */
  constructor(look: () => void = () => undefined) {
    this.#look = look;
  }

  /** The present moment, to be asked for before reading what will be kept. */
  now(): number {
    this.#look();
    return this.#count;
  }

  /** Whether none of the topics changed after that moment; never while changes cannot be heard. */
  unchangedSince(moment: number, topics: readonly Topic[]): boolean {
    this.#look();
    if (this.#blind || moment < this.#floor.count) return false;
    return topics.every((topic) => this.#lastOf(topic).count <= moment);
  }

  /** When one of the topics last changed, as far as it is remembered. */
  last(topics: readonly Topic[]): Change {
    return topics.map((topic) => this.#lastOf(topic)).reduce(later, this.#floor);
  }

  /** Says that these topics changed and that the change can be read. */
  announce(topics: Iterable<Topic>, mark?: Mark): void {
    const changed = [...topics];
    if (changed.length === 0) return;
    this.#count += 1;
    const change = { count: this.#count, mark };
    if (changed.includes(EVERYTHING) || this.#last.size > MAX_TOPICS) this.#forgetBefore(change);
    for (const topic of changed) {
      this.#last.set(topic, change);
      this.#last.set(wholeOf(topic) ?? partsOf(topic), change);
    }
    for (const listener of this.#listeners) listener(changed);
  }

  /** From now on changes may be missed: nothing that is kept is trusted. */
  lose(): void {
    this.#blind = true;
  }

  /** Changes are heard again. Whatever happened meanwhile, everything may be different. */
  regain(): void {
    this.#blind = false;
    this.announce([EVERYTHING]);
  }

  /** Calls `listener` after every change, until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #lastOf(topic: Topic): Change {
    const own = this.#last.get(topic) ?? NEVER;
    const whole = wholeOf(topic);
    return whole === undefined ? own : later(own, this.#last.get(partsOf(whole)) ?? NEVER);
  }

  #forgetBefore(change: Change): void {
    this.#floor = change;
    this.#last.clear();
  }
}
