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

/** What speaks against sending somebody to a line: no more numbers, no hours left today, no desk for it, or nobody at one. */
export type Hindrance = 'last_ticket' | 'closed' | 'no_desk' | 'nobody_there';
