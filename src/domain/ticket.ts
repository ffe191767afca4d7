import { addMinutes } from './clock.ts';
import type { LocalDay } from './days.ts';
import type { Service } from './service.ts';

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
  version: number;
}

/** What a person does to one ticket. `advance` is the line's own verb, not a ticket's. */
export const VERBS = ['call', 'recall', 'start', 'complete', 'skip', 'reinstate', 'leave'] as const;
export type Verb = (typeof VERBS)[number];

interface Transition {
  from: readonly EntryStatus[];
  to: EntryStatus;
}

export const TRANSITIONS: Record<Verb, Transition> = {
  call: { from: ['waiting', 'parked'], to: 'called' },
  recall: { from: ['called'], to: 'called' },
  start: { from: ['called', 'parked'], to: 'in_service' },
  complete: { from: ['in_service', 'parked'], to: 'completed' },
  skip: { from: ['waiting', 'called', 'in_service', 'parked'], to: 'skipped' },
  reinstate: { from: ['skipped'], to: 'waiting' },
  leave: { from: ['waiting', 'called', 'parked'], to: 'left' },
};

export type VerbOutcome = 'go' | 'done_already' | 'refused';

/** Whether a verb moves a ticket on, finds its work done (a quiet no-op), or is refused from this state. */
export function outcomeOf(verb: Verb, status: EntryStatus): VerbOutcome {
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
