import type { EntryStatus, QueueEntry } from './ticket.ts';

/** A day's line as it stands. */
export interface Line {
  serving: QueueEntry[];
  called: QueueEntry[];
  parked: QueueEntry[];
  /** In calling order. */
  waiting: QueueEntry[];
  /** How many of the day are in each state. */
  counts: Record<EntryStatus, number>;
}
