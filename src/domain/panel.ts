import type { Line } from './line.ts';
import { chooseNext } from './order.ts';
import type { QueueEntry } from './ticket.ts';

/** Somebody with a reservation today who is not here yet. */
export interface Expected {
  id: string;
  timeSlot: Date;
  /** Null once the account is erased. */
  name: string | null;
}

/** What a desk looks at all day. */
export interface Panel {
  line: Line;
  /** What this desk has in service. */
  serving: QueueEntry | undefined;
  /** Whom the next tap would start. */
  next: QueueEntry | undefined;
  expected: Expected[];
  /** Those that can still come back, the latest first. */
  skipped: QueueEntry[];
  /** The time that each reservation was made for. */
  slots: ReadonlyMap<string, Date>;
}

/** What a desk has in service, and whom `advance` would start there; null is the one desk that has no name. */
export function atDesk(
  line: Line,
  deskId: string | null,
  now: Date,
  earlyCallMinutes: number | null,
): Pick<Panel, 'serving' | 'next'> {
  const mine = (entries: QueueEntry[]) =>
    entries.filter((entry) => entry.deskId === deskId).sort((a, b) => (a.id < b.id ? -1 : 1))[0];
  return {
    serving: mine(line.serving),
    next: mine(line.called) ?? chooseNext(line.waiting, now, earlyCallMinutes),
  };
}
