import { addMinutes } from './clock.ts';
import { instantAt, localDay, wallMinutes } from './days.ts';
import type { PlacedService } from './service.ts';

/** Why nobody can take a number now, and when they can, where that is known. */
export interface Closed {
  why: 'no_walk_ins' | 'last_ticket' | 'not_by_phone' | 'closed' | 'too_early' | 'too_late' | 'full';
  from?: Date;
}

/** What decides whether somebody can take a number at a kiosk. */
export interface TakeFacts {
  intakeClosedAt: Date | null;
  /** Today's hours, in order. */
  open: readonly { from: Date; to: Date }[];
}

/**
 * Whether somebody who stands at a kiosk can take a number; undefined when they can: from the moment that they get in, which
 * may be before the hours of the service begin, until its day is over.
 */
export function closedForTickets(
  service: Pick<PlacedService, 'walkIns' | 'retiredAt'>,
  facts: TakeFacts,
  now: Date,
): Closed | undefined {
  return givenToNobody(service, facts) ?? dayOver(facts, now);
}

function givenToNobody(
  { walkIns, retiredAt }: Pick<PlacedService, 'walkIns' | 'retiredAt'>,
  { intakeClosedAt }: TakeFacts,
): Closed | undefined {
  if (!walkIns || retiredAt !== null) return { why: 'no_walk_ins' };
  return intakeClosedAt === null ? undefined : { why: 'last_ticket' };
}

function dayOver({ open }: TakeFacts, now: Date): Closed | undefined {
  const last = open.at(-1);
  return last && now < last.to ? undefined : { why: 'closed' };
}

/** What decides whether somebody can take a number on their phone. */
export interface JoinFacts extends TakeFacts {
  /** How many numbers were taken by phone today. */
  taken: number;
}

/**
 * Whether somebody can take a number on their own phone. From home, nobody is first in line by getting up at midnight:
 * it begins as long before the doors open as a check-in does before its time, and ends with the day's hours, or earlier
 * where the service says so.
 */
export function closedForPhones(service: PlacedService, facts: JoinFacts, now: Date): Closed | undefined {
  const closed =
    givenToNobody(service, facts) ?? (service.phoneJoin ? dayOver(facts, now) : { why: 'not_by_phone' });
  if (closed) return closed;
  const { open, taken } = facts;
  const from = open[0] && addMinutes(open[0].from, -service.checkInBeforeMinutes);
  if (from && now < from) return { why: 'too_early', from };
  if (isPastHour(service, now)) return { why: 'too_late' };
  return service.joinLimit !== null && taken >= service.joinLimit ? { why: 'full' } : undefined;
}

function isPastHour({ joinUntil, location }: PlacedService, now: Date): boolean {
  if (joinUntil === null) return false;
  const until = instantAt(localDay(now, location.timeZone), wallMinutes(joinUntil), location.timeZone);
  return until !== undefined && now >= until;
}
