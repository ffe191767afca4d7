import type { LocalDay, WallTime } from './days.ts';

export interface Location {
  id: string;
  name: string;
  slug: string;
  timeZone: string;
}

/** What the board of a location shows besides numbers. */
export interface BoardSettings {
  boardNames: boolean;
  boardMessage: string;
}

type CheckIn = 'required' | 'none';

/** What can be reserved, and by which rules. */
export interface Service {
  id: string;
  locationId: string;
  slug: string;
  name: string;
  description: string;
  whatToBring: string;
  /** The letter in front of its ticket numbers. */
  prefix: string;
  durationMinutes: number;
  /** Kept free behind each appointment. */
  bufferMinutes: number;
  capacity: number;
  /** From one start to the next; null means one duration. */
  stepMinutes: number | null;
  /** How long before its start a slot can still be booked. */
  leadMinutes: number;
  /** How many days ahead can be booked, today included as day 0. */
  horizonDays: number;
  /** How long before the start a customer can still cancel or move. */
  cancelMinutes: number;
  /** How late somebody may come and still count as on time; also how long a skipped ticket can be reinstated. */
  graceMinutes: number;
  /** How far an on-time reservation goes ahead of a walk-in that is due at the same moment. */
  creditMinutes: number;
  /** How far a step of priority goes ahead. */
  priorityMinutes: number;
  /** How early somebody who is not due yet may be called when nobody else waits; null sets no limit. */
  earlyCallMinutes: number | null;
  /** When a customer can check in: this long before the slot … */
  checkInBeforeMinutes: number;
  /** … to this long after it. */
  checkInAfterMinutes: number;
  checkIn: CheckIn;
  walkIns: boolean;
  /** Whether people take a number on their own phone … */
  phoneJoin: boolean;
  /** … how many a day, null for no limit … */
  joinLimit: number | null;
  /** … and until when on the clock of the place, null for as long as it is open. */
  joinUntil: WallTime | null;
  /** Whether somebody who takes a number alone is asked for a name and a phone. */
  askName: boolean;
  askPhone: boolean;
  retiredAt: Date | null;
  version: number;
}

/** A service with the location it belongs to. */
export type PlacedService = Service & { location: Location };

/** Weekly hours: the service is open from `opens` to `closes` on this weekday (Monday 1). */
export interface OpeningRule {
  weekday: number;
  opens: WallTime;
  closes: WallTime;
}

/** A service with its weekly hours, in order. */
export type ServiceWithHours = PlacedService & { openingRules: readonly OpeningRule[] };

/**
 * A dated exception. `closed` without times closes the day, with times it is a break; `special` replaces the weekly
 * hours of that day. Without a service it counts for the whole location.
 */
export interface Closure {
  id: string;
  serviceId: string | null;
  day: LocalDay;
  kind: 'closed' | 'special';
  opens: WallTime | null;
  closes: WallTime | null;
  reason: string;
}

/**
 * A text as part of an address: lower-case ASCII words joined by hyphens, 60 characters at most; `blank` where none is
 * left, as of a name in another script.
 */
export function slugify(name: string, blank = 'service'): string {
  const slug = name
    .normalize('NFKD')
    .replace(/[̀-ͯ]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  return slug || blank;
}

/** The slug itself, or with the first number from 2 on that makes it another than those taken. */
export function freeSlug(slug: string, taken: readonly string[]): string {
  if (!taken.includes(slug)) return slug;
  let number = 2;
  while (taken.includes(`${slug}-${number}`)) number += 1;
  return `${slug}-${number}`;
}
