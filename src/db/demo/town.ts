import { v7 } from 'uuid';
import { addMinutes } from '../../domain/clock.ts';
import { type LocalDay, localDay } from '../../domain/days.ts';
import type { Closure, OpeningRule, Service } from '../../domain/service.ts';
import type { Tables } from '../tables.ts';
import { type ServiceKey, ZONE } from './facts.ts';

export type Row<K extends keyof Tables> = Tables[K]['$inferInsert'];

/** In the order in which they can be inserted. The queues come first: the reservations' triggers raise their versions. */
export interface Rows {
  users: Row<'users'>[];
  accounts: Row<'accounts'>[];
  staffLocations: Row<'staffLocations'>[];
  desks: Row<'desks'>[];
  services: Row<'services'>[];
  deskServices: Row<'deskServices'>[];
  openingRules: Row<'openingRules'>[];
  closures: Row<'closures'>[];
  queues: Row<'queues'>[];
  reservations: Row<'reservations'>[];
  queueEntries: Row<'queueEntries'>[];
  events: Row<'events'>[];
}

/** What is known while the rows are made. */
export interface Town {
  now: Date;
  today: LocalDay;
  locationId: string;
  /** From 0 to 1, the same sequence every time. */
  random: () => number;
  /** An id that sorts by the moment its row was made. */
  id: (at: Date) => string;
  rows: Rows;
  desks: string[];
  staff: string[];
  /** The customer who can sign in; the load of the days leaves them alone. */
  customer: string;
  customers: string[];
  /** How many have walked in so far. */
  walkIns: number;
  services: Record<ServiceKey, DemoService>;
  closures: Closure[];
  bookings: Map<string, Booking[]>;
  visits: Map<string, Visit[]>;
  /** What each customer has on a day. */
  diary: Map<string, Booking[]>;
}

export type DemoService = Service & { rules: OpeningRule[]; load: number; walkInsADay: number };
export type Booking = Row<'reservations'>;

/** What becomes a queue entry once all of a day's are known and can be numbered. */
export interface Visit {
  booking: Booking | null;
  name: string;
  phone: string | null;
  priority: number;
  /** When it got its number. */
  takenAt: Date;
  arrivedAt: Date;
  dueAt: Date;
  effectiveAt: Date;
  status: NonNullable<Row<'queueEntries'>['status']>;
  calledAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  deskId: string | null;
}

/** A town with nothing in it. `random` gives numbers from 0 to 1; the same ones make the same town. */
export function emptyTown(now: Date, random: () => number): Town {
  let count = 0;
  const id = (at: Date) => {
    count += 1;
    return v7({
      msecs: at.getTime(),
      seq: count,
      random: Uint8Array.from({ length: 16 }, () => random() * 256),
    });
  };
  return {
    now,
    today: localDay(now, ZONE),
    locationId: id(now),
    random,
    id,
    rows: {
      users: [],
      accounts: [],
      staffLocations: [],
      desks: [],
      services: [],
      deskServices: [],
      openingRules: [],
      closures: [],
      queues: [],
      reservations: [],
      queueEntries: [],
      events: [],
    },
    desks: [],
    staff: [],
    customer: '',
    customers: [],
    walkIns: 0,
    services: {} as Town['services'],
    closures: [],
    bookings: new Map(),
    visits: new Map(),
    diary: new Map(),
  };
}

/** A small generator of numbers from 0 to 1 (Tommy Ettinger's mulberry32, public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What every row of a day carries. */
export function placed(town: Town, service: DemoService, day: LocalDay) {
  return { locationId: town.locationId, serviceId: service.id, localDay: day };
}

/** Names a service's day within the town. */
export function key(service: DemoService, day: LocalDay): string {
  return `${service.slug} ${day}`;
}

/** The list under this name, an empty one at first. */
export function entryIn<T>(map: Map<string, T[]>, name: string): T[] {
  const known = map.get(name) ?? [];
  map.set(name, known);
  return known;
}

/** So many minutes before the demo is made. */
export function ago(town: Town, minutes: number): Date {
  return addMinutes(town.now, -minutes);
}

/** Any number from `from` to `to`. */
export function between(town: Town, from: number, to: number): number {
  return from + town.random() * (to - from);
}

/** Yes, in this share of all cases. */
export function chance(town: Town, share: number): boolean {
  return town.random() < share;
}

/** The earlier of two instants. */
export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

/** The later of two instants. */
export function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
