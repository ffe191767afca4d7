import { addMinutes } from './clock.ts';
import type { LocalDay } from './days.ts';
import type { Service } from './service.ts';
import { tagOf } from './tag.ts';

export const ENTRY_STATUSES = [
  'waiting',
  'called',
  'in_service',
  'parked',
  'completed',
  'skipped',
  'left',
] as const;
export type EntryStatus = (typeof ENTRY_STATUSES)[number];

/** Still somewhere in the line or at a desk. */
export const OPEN_STATUSES = [
  'in_service',
  'called',
  'parked',
  'waiting',
] as const satisfies readonly EntryStatus[];

/** Whether a ticket in this status is still in the line or served. */
export function isOpen(status: EntryStatus): boolean {
  return OPEN_STATUSES.some((open) => open === status);
}

/** A place in the line of one service on one local day, shown as a ticket. */
export interface QueueEntry {
  id: string;
  /** Null for a walk-in. */
  reservationId: string | null;
  serviceId: string;
  /** The service that gave the number. */
  originServiceId: string;
  locationId: string;
  localDay: LocalDay;
  /** The number of the day. */
  position: number;
  /** The number as people read it, `A12`. */
  number: string;
  name: string;
  phone: string | null;
  status: EntryStatus;
  priority: number;
  dueAt: Date;
  effectiveAt: Date;
  arrivedAt: Date;
  calledAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  deskId: string | null;
  /** For the desk alone. */
  note: string;
  /** Codes of `NEEDS` joined by commas; see `needsOf`. */
  needs: string;
  parkedAt: Date | null;
  /** Until when its holder asked for time; nobody calls it early before that. */
  awayUntil: Date | null;
  /** How often its holder asked for time. */
  delays: number;
  /** What gave it another place than the rule would; null for none. */
  placedBy: PlacedBy | null;
  /** Why somebody moved it or called it out of order, in their words. */
  reason: string | null;
  /** The wait in minutes that was told when the number was taken; null when none was. */
  estimatedLow: number | null;
  estimatedHigh: number | null;
  /** Taken back, or replaced by the next of its reservation: it counts as if it had never been. */
  voided: boolean;
  version: number;
}

export type PlacedBy = 'move' | 'requeue' | 'delay';

/** What of a ticket can change, and what undoing puts back. */
export const STATE_FIELDS = [
  'status',
  'serviceId',
  'deskId',
  'dueAt',
  'effectiveAt',
  'calledAt',
  'startedAt',
  'endedAt',
  'parkedAt',
  'awayUntil',
  'delays',
  'placedBy',
  'reason',
  'note',
  'needs',
  'voided',
] as const satisfies readonly (keyof QueueEntry)[];
export type TicketState = Pick<QueueEntry, (typeof STATE_FIELDS)[number]>;

type TimeField = { [F in keyof TicketState]: Date extends TicketState[F] ? F : never }[keyof TicketState];
/** Which of them are times, all of them: an event keeps those as text. */
export const STATE_TIMES = {
  dueAt: true,
  effectiveAt: true,
  calledAt: true,
  startedAt: true,
  endedAt: true,
  parkedAt: true,
  awayUntil: true,
} satisfies Record<TimeField, true>;

/** What transitions change of a ticket: undo writes it back. */
export function stateOf(entry: QueueEntry): TicketState {
  return Object.fromEntries(STATE_FIELDS.map((field) => [field, entry[field]])) as TicketState;
}

/** What somebody should know before the call. */
export const NEEDS = ['wheelchair', 'interpreter', 'hearing', 'sight', 'help'] as const;
export type Need = (typeof NEEDS)[number];

/** What somebody needs, from the text of codes that is stored; unknown ones are left out. */
export function needsOf({ needs }: Pick<QueueEntry, 'needs'>): Need[] {
  const codes = needs.split(',');
  return NEEDS.filter((need) => codes.includes(need));
}

/** Names what is noted of a ticket, so that a form can say what it showed. */
export function noteTag({ note, needs }: Pick<QueueEntry, 'note' | 'needs'>): string {
  return tagOf(needs, note);
}

/**
 * What a person does to one ticket in its line. `advance` is the line's own verb; `transfer` leads to another line,
 * and `undo` to whatever was before.
 */
export const VERBS = [
  'call',
  'recall',
  'start',
  'complete',
  'skip',
  'requeue',
  'reinstate',
  'park',
  'leave',
] as const;
export type Verb = (typeof VERBS)[number];

/** Longest time to undo something, in seconds. */
export const UNDO_SECONDS = 30;

/** How much more time a ticket's holder can ask for at once, in minutes, and how often. */
export const DELAY_MINUTES = 10;
export const MAX_DELAYS = 2;

interface Transition {
  from: readonly EntryStatus[];
  to: EntryStatus;
}

export const TRANSITIONS: Record<Verb | 'transfer' | 'delay', Transition> = {
  call: { from: ['waiting', 'parked'], to: 'called' },
  recall: { from: ['called'], to: 'called' },
  start: { from: ['called', 'parked'], to: 'in_service' },
  complete: { from: ['in_service', 'parked'], to: 'completed' },
  skip: { from: ['waiting', 'called', 'in_service', 'parked'], to: 'skipped' },
  requeue: { from: ['called', 'in_service'], to: 'waiting' },
  reinstate: { from: ['skipped'], to: 'waiting' },
  park: { from: ['in_service'], to: 'parked' },
  leave: { from: ['waiting', 'called', 'parked'], to: 'left' },
  transfer: { from: ['waiting', 'called', 'in_service'], to: 'waiting' },
  delay: { from: ['waiting', 'called'], to: 'waiting' },
};

export type VerbOutcome = 'go' | 'done_already' | 'refused';

/** Whether a verb moves a ticket on, finds its work done (a quiet no-op), or is refused from this state. */
export function outcomeOf(verb: keyof typeof TRANSITIONS, status: EntryStatus): VerbOutcome {
  const { from, to } = TRANSITIONS[verb];
  if (from.includes(status)) return 'go';
  return status === to && verb !== 'recall' ? 'done_already' : 'refused';
}

/** The verbs a screen offers for a ticket in this state. */
export function verbsFor(
  entry: Pick<QueueEntry, 'status' | 'endedAt'>,
  service: Pick<Service, 'graceMinutes'>,
  now: Date,
): Verb[] {
  return VERBS.filter(
    (verb) =>
      outcomeOf(verb, entry.status) === 'go' &&
      (verb !== 'reinstate' || withinReinstateGrace(entry, service, now)),
  );
}

/** A skipped ticket can come back this long. */
export function withinReinstateGrace(
  entry: Pick<QueueEntry, 'endedAt'>,
  service: Pick<Service, 'graceMinutes'>,
  now: Date,
): boolean {
  return entry.endedAt !== null && now <= addMinutes(entry.endedAt, service.graceMinutes);
}

/** The number as people read it: the service's letter, then the number of the day. */
export function ticketNumber(prefix: string, position: number): string {
  return `${prefix}${position}`;
}
