import type { Line } from './line.ts';
import { callingOrder, chooseAcross, isHere } from './order.ts';
import type { PlacedService } from './service.ts';
import type { QueueEntry } from './ticket.ts';

/** Somebody with a reservation today who is not here yet. */
export interface Expected {
  id: string;
  serviceId: string;
  timeSlot: Date;
  /** Null once the account is erased. */
  name: string | null;
  /** Their ticket, where it came with the booking. */
  entry?: QueueEntry;
}

/** What a line tells besides its tickets. */
interface Told {
  serviceId: string;
  /** Since when nobody new is taken; null while the line is open. */
  intakeClosedAt: Date | null;
  /** How late the line runs, as announced, in minutes. */
  delayMinutes: number;
}

/** What a desk looks at all day: one line, or all those that it serves. */
export interface Panel {
  /** Its waiting tickets, counted or listed, are those of who came or can be called by now. */
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
  told: Told[];
}

/** Who waits in a line, and what decides how early they may be called. */
export interface WaitingLine {
  waiting: readonly QueueEntry[];
  service: Pick<PlacedService, 'earlyCallMinutes'>;
}

/** Who waits in these lines by now, in calling order, and who is still expected with a ticket that came with the booking. */
export function partWaiting(
  lines: readonly WaitingLine[],
  now: Date,
): { waiting: QueueEntry[]; booked: (Expected & { entry: QueueEntry })[] } {
  const parts = lines.map(({ waiting, service }) =>
    Map.groupBy(waiting, (entry) => isHere(entry, service.earlyCallMinutes, now)),
  );
  const inPart = (here: boolean) => parts.flatMap((part) => part.get(here) ?? []);
  return {
    waiting: callingOrder(inPart(true), now),
    booked: inPart(false).map((entry) => ({
      id: entry.reservationId ?? entry.id,
      serviceId: entry.serviceId,
      timeSlot: entry.dueAt,
      name: entry.name,
      entry,
    })),
  };
}

/**
 * What a desk has in service, and whom `advance` would start there. `held` is what it has called or in service, in
 * whatever line.
 */
export function atDesk(
  lines: readonly WaitingLine[],
  held: readonly QueueEntry[],
  now: Date,
): Pick<Panel, 'serving' | 'next'> {
  const first = (status: QueueEntry['status']) =>
    held.filter((entry) => entry.status === status).sort((a, b) => (a.id < b.id ? -1 : 1))[0];
  return {
    serving: first('in_service'),
    next:
      first('called') ??
      chooseAcross(
        lines.map(({ waiting, service }) => ({ waiting, earlyCallMinutes: service.earlyCallMinutes })),
        now,
      ),
  };
}
