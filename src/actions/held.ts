import { lineTopic, type Topic } from '../db/changes.ts';
import { deskWithServices } from '../db/desks.ts';
import { type EntryBefore, isRecall, lastFactOf } from '../db/events.ts';
import { changesSince, placesEndedSince } from '../db/history.ts';
import { noticesOfLine } from '../db/queue.ts';
import type { Reader, Store } from '../db/store.ts';
import { openEntries } from '../db/tickets.ts';
import { addMinutes, minuteOf } from '../domain/clock.ts';
import { type LocalDay, localDay } from '../domain/days.ts';
import {
  delayOffer,
  type HeldTicket,
  type RegrettedDeed,
  type ShownEstimate,
  type StandingTicket,
} from '../domain/held.ts';
import { type Change, HISTORY_MS, type Step, stepsOf, worsenings } from '../domain/history.ts';
import { LineOrder } from '../domain/order.ts';
import type { PlacedService } from '../domain/service.ts';
import { outcomeOf, type QueueEntry, withinReinstateGrace } from '../domain/ticket.ts';
import type { Act } from './act.ts';
import { outlookOf } from './estimates.ts';
import { mayUndo } from './undo.ts';

/** Of the reasons for a worse place, the newest ones. */
const MOST_REASONS = 3;

/** A ticket as its holder sees it now. `service` is the one in whose line it stands. */
export async function heldTicket(
  act: Pick<Act, 'store' | 'actor' | 'via' | 'now'>,
  entry: QueueEntry,
  service: PlacedService,
): Promise<HeldTicket> {
  return withUndo(act, await standingTicket(act.store, entry, service, act.now));
}

/** What of it is the same for everybody who may see it. */
export async function standingTicket(
  store: Store,
  entry: QueueEntry,
  service: PlacedService,
  now: Date,
): Promise<StandingTicket> {
  const today = localDay(now, service.location.timeZone);
  const [over, toCome] = [entry.localDay < today, entry.localDay > today];
  const isOn = !over && !toCome;
  const waits = isOn && entry.status === 'waiting';
  const mayDelay = isOn && outcomeOf('delay', entry.status) === 'go';
  const [line, desk, recalled] = await Promise.all([
    waits || mayDelay ? followedLine(store, service, entry.localDay, now) : undefined,
    deskName(store, entry),
    isOn && wasRecalled(store, entry),
  ]);
  const waited = waits ? line : undefined;
  return {
    entry,
    service,
    ahead: waited?.order.aheadOf(entry) ?? null,
    estimate: waited?.estimates.get(entry.id) ?? null,
    desk,
    recalled,
    worse: waited ? worsenings(entry.id, waited.steps, MOST_REASONS) : [],
    delay: mayDelay && line ? delayOffer(entry, line.order, now) : null,
    backUntil: graceOf(entry, service, now),
    lateMinutes: waited?.lateMinutes ?? 0,
    over,
    toCome,
  };
}

/** Adds what only the actor can do. */
export async function withUndo(
  act: Pick<Act, 'store' | 'actor' | 'via' | 'now'>,
  ticket: StandingTicket,
): Promise<HeldTicket> {
  return { ...ticket, regretted: ticket.over ? null : await regrettedOf(act, ticket.entry) };
}

/** A line of today as those look at it who follow their tickets in it. */
interface FollowedLine {
  order: LineOrder;
  estimates: ReadonlyMap<string, ShownEstimate | null>;
  steps: readonly Step[];
  lateMinutes: number;
  /** What all of this is made of. */
  topics: readonly Topic[];
}

/** Put together once for everybody in the line: after each of its changes they all ask. */
function followedLine(store: Store, service: PlacedService, day: LocalDay, now: Date): Promise<FollowedLine> {
  return store.keep(
    `followed ${service.id} ${day} ${minuteOf(now)}`,
    ({ topics }) => topics,
    async () => {
      const [{ order, steps }, { estimates, topics }, { delayMinutes }] = await Promise.all([
        placesIn(store, { serviceId: service.id, day }, now),
        outlookOf(store, service, now),
        noticesOfLine(store, service.id, day),
      ]);
      return { order, estimates, steps, lateMinutes: delayMinutes, topics };
    },
  );
}

/**
 * Everybody's place, now and of late. Kept apart from the rest, since a change of another line at the same desks changes
 * the estimates alone.
 */
function placesIn(
  store: Store,
  key: { serviceId: string; day: LocalDay },
  now: Date,
): Promise<Pick<FollowedLine, 'order' | 'steps'>> {
  const { serviceId, day } = key;
  return store.keep(
    `places ${serviceId} ${day} ${minuteOf(now)}`,
    () => [lineTopic(serviceId, day)],
    async () => {
      const since = new Date(now.getTime() - HISTORY_MS);
      const [open, ended, changes] = await Promise.all([
        store.run(openEntries, key),
        store.run(placesEndedSince, { ...key, since }),
        store.run(changesSince, { ...key, since }),
      ]);
      const waiting = open.filter(({ status }) => status === 'waiting');
      const steps = stepsOf(
        serviceId,
        [...open, ...ended],
        changes.map(({ undoneAt, before, ...change }) => ({
          ...change,
          undone: undoneAt !== null,
          before: before && placeBefore(before),
        })),
        since,
        now,
      );
      return { order: new LineOrder(waiting, now), steps };
    },
  );
}

async function deskName(db: Reader, { status, deskId }: QueueEntry): Promise<string | null> {
  if (deskId === null || (status !== 'called' && status !== 'in_service')) return null;
  return (await deskWithServices(db, deskId))?.name ?? null;
}

async function wasRecalled(db: Reader, { id, status, calledAt }: QueueEntry): Promise<boolean> {
  return status === 'called' && calledAt !== null && isRecall(db, id, calledAt);
}

/** A ticket's place as an event keeps it: times are texts. */
function placeBefore(before: EntryBefore): NonNullable<Change['before']> {
  const { status, serviceId, placedBy, awayUntil } = before as unknown as NonNullable<Change['before']>;
  return {
    status,
    serviceId,
    placedBy,
    awayUntil: awayUntil && new Date(awayUntil),
    dueAt: new Date(before.dueAt as string),
    effectiveAt: new Date(before.effectiveAt as string),
  };
}

function graceOf(entry: QueueEntry, service: PlacedService, now: Date): Date | null {
  if (entry.status !== 'skipped' || entry.endedAt === null) return null;
  return withinReinstateGrace(entry, service, now) ? addMinutes(entry.endedAt, service.graceMinutes) : null;
}

/** What a ticket's holder did to it last, on its page, and can take back. */
async function regrettedOf(
  act: Pick<Act, 'store' | 'actor' | 'via' | 'now'>,
  entry: QueueEntry,
): Promise<RegrettedDeed | null> {
  if (entry.status !== 'left' && entry.placedBy !== 'delay') return null;
  const last = await lastFactOf(act.store, entry.id);
  return mayUndo(act, last) ? (REGRETTED.find((deed) => deed === last?.verb) ?? null) : null;
}

const REGRETTED: readonly RegrettedDeed[] = ['leave', 'delay', 'back'];
