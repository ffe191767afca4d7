import { addMinutes } from './clock.ts';
import { instantAt, localDay, wallMinutes } from './days.ts';
import type { PlacedService } from './service.ts';

/** Why nobody can take a number now, and when they can, where that is known. */
export interface Closed {
  why: 'no_walk_ins' | 'last_ticket' | 'not_by_phone' | 'closed' | 'too_early' | 'too_late' | 'full';
  from?: Date;
}

/** Whether somebody who stands there, at a desk or a kiosk, can take a number; undefined when they can. */
export function closedForTickets(
  service: Pick<PlacedService, 'walkIns' | 'retiredAt'>,
  { intakeClosedAt }: { intakeClosedAt: Date | null },
): Closed | undefined {
  if (!service.walkIns || service.retiredAt !== null) return { why: 'no_walk_ins' };
  return intakeClosedAt === null ? undefined : { why: 'last_ticket' };
}

/** What decides whether somebody can take a number on their phone. */
export interface JoinFacts {
  intakeClosedAt: Date | null;
  /** Today's hours, in order. */
  open: readonly { from: Date; to: Date }[];
  /** How many numbers were taken by phone today. */
  taken: number;
}

/**
 * Whether somebody can take a number on their own phone. From home, nobody is first in line by getting up at midnight:
 * it begins as long before the doors open as a check-in does before its time, and ends with the day's hours, or earlier
 * where the service says so.
 */
export function closedForPhones(
  service: PlacedService,
  { intakeClosedAt, open, taken }: JoinFacts,
  now: Date,
): Closed | undefined {
  const closed = closedForTickets(service, { intakeClosedAt });
  if (closed) return closed;
  if (!service.phoneJoin) return { why: 'not_by_phone' };
  const [first, last] = [open[0], open.at(-1)];
  if (!first || !last || now >= last.to) return { why: 'closed' };
  const from = addMinutes(first.from, -service.checkInBeforeMinutes);
  if (now < from) return { why: 'too_early', from };
  if (isPastHour(service, now)) return { why: 'too_late' };
  return service.joinLimit !== null && taken >= service.joinLimit ? { why: 'full' } : undefined;
}

function isPastHour({ joinUntil, location }: PlacedService, now: Date): boolean {
  if (joinUntil === null) return false;
  const until = instantAt(localDay(now, location.timeZone), wallMinutes(joinUntil), location.timeZone);
  return until !== undefined && now >= until;
}
