import { addMinutes, minuteOf } from './clock.ts';
import type { ToldWait } from './estimate.ts';
import type { Worsening } from './history.ts';
import { delayed, type LineOrder } from './order.ts';
import type { PlacedService } from './service.ts';
import { DELAY_MINUTES, isOpen, MAX_DELAYS, type QueueEntry } from './ticket.ts';

/** What its holder does to a ticket. */
export const HOLDER_DEEDS = ['leave', 'delay', 'back', 'undo'] as const;
export type HolderDeed = (typeof HOLDER_DEEDS)[number];

/** What they may regret of it. */
export type RegrettedDeed = Exclude<HolderDeed, 'undo'>;

/** What ten more minutes would mean for a ticket. */
export interface DelayOffer {
  /** How often it can still be asked for. */
  left: number;
  /** How many who would be called later may then be called before. */
  places: number;
  until: Date;
}

/** How long a ticket will still wait, in minutes from `at`. */
export type ShownEstimate = ToldWait & { at: Date };

/** A ticket as its holder sees it, whoever that is. */
export interface StandingTicket {
  entry: QueueEntry;
  service: PlacedService;
  /** How many will be called before; null unless waiting. */
  ahead: number | null;
  /** Null where nothing honest can be said. */
  estimate: ShownEstimate | null;
  /** The desk that it was called to or is served at; null where that has no name. */
  desk: string | null;
  /** Whether it was called before, and is called again. */
  recalled: boolean;
  /** When its place got worse of late, the newest first. */
  worse: Worsening[];
  /** What more time would cost; null unless it can be asked for in this state. */
  delay: DelayOffer | null;
  /** Until when a skipped ticket can come back; null for every other. */
  backUntil: Date | null;
  /** How late its line runs, as announced, in minutes. */
  lateMinutes: number;
  /** Whether its day is over, or still to come: then nothing can be done to it. */
  over: boolean;
  toCome: boolean;
}

/** The same with what only its holder can do. */
export interface HeldTicket extends StandingTicket {
  /** What its holder did last, while they can still take that back. */
  regretted: RegrettedDeed | null;
}

/** What asking for more time would cost. */
export function delayOffer(entry: QueueEntry, order: LineOrder, now: Date): DelayOffer {
  return {
    left: Math.max(0, MAX_DELAYS - entry.delays),
    places: order.costOfDelay(entry, DELAY_MINUTES),
    until: delayed(entry, DELAY_MINUTES, now).awayUntil,
  };
}

/** Names what a ticket's screen shows of it: the same for as long as the screen would be. Times show their minute. */
export function lookOf(ticket: StandingTicket): string {
  const { entry, service, estimate, worse, delay, backUntil } = ticket;
  return JSON.stringify({
    ...ticket,
    entry: [entry.id, entry.version],
    service: [service.id, service.version],
    estimate: estimate && [estimate.low, estimate.high, minuteOf(estimate.at)],
    worse: worse.map(({ at, codes, ahead }) => [minuteOf(at), codes, ahead]),
    delay: delay && [delay.left, delay.places, minuteOf(delay.until)],
    backUntil: backUntil && minuteOf(backUntil),
  });
}

/** Whether the line can still do something to this ticket. */
function isLive({ entry, over }: Pick<HeldTicket, 'entry' | 'over'>): boolean {
  return !over && isOpen(entry.status);
}

/** Whether its holder may still be called, and need not come yet. */
export function awaitsCall({ entry: { status }, over }: Pick<HeldTicket, 'entry' | 'over'>): boolean {
  return !over && (status === 'waiting' || status === 'parked');
}

/** How long somebody has to walk to the desk that began to serve them, in minutes. */
const WAY = 3;

/** Whether its holder has to come now: they were called, or the desk has just begun with them and called them by that. */
export function mustCome(
  { entry: { status, calledAt, startedAt }, over }: Pick<HeldTicket, 'entry' | 'over'>,
  now: Date,
): boolean {
  if (over) return false;
  if (status !== 'in_service') return status === 'called';
  const calledByStart = startedAt !== null && calledAt?.getTime() === startedAt.getTime();
  return calledByStart && now < addMinutes(startedAt, WAY);
}

/** How long after its end somebody may still take that back, in minutes; a little more than the desk has for it. */
const UNDONE_WITHIN = 1;

/** How soon a button goes that can do nothing any more, in milliseconds. */
const SOON = 5_000;

/**
 * Names what its holder may be able to take back: another number every few seconds while there may be something. A screen
 * that shows a button for it is then told in time that it is gone.
 */
export function undoPhase({ status, endedAt, awayUntil }: QueueEntry, now: Date): number {
  const since = status === 'left' ? endedAt : awayUntil && addMinutes(awayUntil, -DELAY_MINUTES);
  return since && now < addMinutes(since, UNDONE_WITHIN) ? Math.floor(now.getTime() / SOON) : 0;
}

/** Whether its screen may still change: as long as it is live, and while it may come back. */
export function mayChange(
  { entry, over, backUntil }: Pick<HeldTicket, 'entry' | 'over' | 'backUntil'>,
  now: Date,
): boolean {
  if (isLive({ entry, over })) return true;
  const { endedAt } = entry;
  return !over && (backUntil !== null || (endedAt !== null && addMinutes(endedAt, UNDONE_WITHIN) > now));
}

/** Whether what its holder did to it is still so: nobody trusts a word on it that is over. */
export function stillStands(
  deed: HolderDeed,
  entry: Pick<QueueEntry, 'awayUntil' | 'status'>,
  now: Date,
): boolean {
  if (deed === 'leave') return entry.status === 'left';
  if (deed === 'delay') return isAway(entry, now);
  if (deed === 'back') return entry.status === 'waiting' && !isAway(entry, now);
  return true;
}

/** Whether its holder asked for time that is not over yet. */
export function isAway({ awayUntil, status }: Pick<QueueEntry, 'awayUntil' | 'status'>, now: Date): boolean {
  return status === 'waiting' && awayUntil !== null && awayUntil > now;
}
