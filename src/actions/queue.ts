import { record } from '../db/events.ts';
import { headsOfLine, type LineNotices, lockQueue, lockQueues, setNotices } from '../db/queue.ts';
import { serviceById, serviceBySlug } from '../db/services.ts';
import type { Tx } from '../db/store.ts';
import { insertEntry } from '../db/ticket-writes.ts';
import { entryById, heldAtDesk, heldByDesk } from '../db/tickets.ts';
import { type LocalDay, localDay } from '../domain/days.ts';
import type { Desk } from '../domain/desk.ts';
import { Refusal } from '../domain/errors.ts';
import type { ToldWait } from '../domain/estimate.ts';
import { isId, newId } from '../domain/id.ts';
import { chooseAcross, dueTimes } from '../domain/order.ts';
import { worksAt } from '../domain/roles.ts';
import type { PlacedService } from '../domain/service.ts';
import { type Need, type QueueEntry, ticketNumber } from '../domain/ticket.ts';
import { hashToken, newToken } from '../domain/token.ts';
import { type Act, found, staffOnly } from './act.ts';
import { placeOf, servicesAt } from './desks.ts';
import { estimateOnArrival } from './estimates.ts';
import { type AtOwnDesk, changeEntry, holdDesk, type NextState } from './transition.ts';

/** Loads a service, by id or by slug, whose queue the actor works. Refuses with `forbidden` or `not_found`. */
export async function reachQueue(
  { db, actor }: Act,
  key: { id: string } | { slug: string },
): Promise<PlacedService> {
  const person = staffOnly(actor);
  const service = found(
    'id' in key ? isId(key.id) && (await serviceById(db, key.id)) : await serviceBySlug(db, key.slug),
  );
  found(worksAt(person, service.locationId));
  return service;
}

export interface Advanced {
  completed: QueueEntry | null;
  inService: QueueEntry | null;
}

interface Tap extends AtOwnDesk {
  /** The ticket that the screen showed as being served, null for none; not checked when left out. */
  serving?: string | null | undefined;
}

/**
 * One tap at a desk: completes what the desk has in service, then starts its called ticket or else the next waiting one
 * of this service. Which one that is, the server chooses under the lock, so two desks at the same instant get different
 * tickets. A paused desk only completes. When `serving` is given and is not what the desk has in service (null: nothing),
 * it refuses with `stale` and nothing happens; with `desk_taken` where the desk has to be the actor's own and is not.
 */
export async function advance(
  act: Act,
  service: PlacedService,
  input: Tap & { deskId?: string | null },
): Promise<Advanced> {
  const deskId = input.deskId ?? null;
  const day = localDay(act.now, service.location.timeZone);
  if (deskId !== null)
    return advanceAt(act, { id: deskId, locationId: service.locationId }, [service], day, input);
  return act.transaction(async (tx) => {
    await lockQueue(tx, { serviceId: service.id, day, locationId: service.locationId });
    const held = await tx.run(heldByDesk, { serviceId: service.id, day, deskId });
    return step(tx, act, { held, services: [service], day, deskId }, input);
  });
}

/**
 * The same for all that a desk serves: the next is whoever comes first across its services' lines. What it has in service
 * it completes, whatever it serves by now.
 */
export async function advanceDesk(act: Act, desk: Desk, input: Tap = {}): Promise<Advanced> {
  const services = await servicesAt(act.db, desk);
  const { timeZone } = services[0]?.location ?? (await placeOf(act.db, desk));
  return advanceAt(act, desk, services, localDay(act.now, timeZone), input);
}

async function advanceAt(
  act: Act,
  desk: Pick<Desk, 'id' | 'locationId'>,
  services: readonly PlacedService[],
  day: LocalDay,
  input: Tap,
): Promise<Advanced> {
  const { id: deskId, locationId } = desk;
  return act.transaction(async (tx) => {
    const { isPaused } = await holdDesk(tx, act, desk, input);
    // Nobody comes to the desk while its row is held, but somebody may go before the lines are.
    const before = await tx.run(heldAtDesk, { deskId, day });
    const lines = [...services.map(({ id }) => id), ...before.map(({ serviceId }) => serviceId)];
    lockQueues(tx, lines, { day, locationId });
    const held = before.length === 0 ? [] : await tx.run(heldAtDesk, { deskId, day });
    return step(tx, act, { held, services, day, deskId, isPaused }, input);
  });
}

interface AtDesk {
  /** What the desk has called or in service. */
  held: readonly QueueEntry[];
  services: readonly PlacedService[];
  day: LocalDay;
  deskId: string | null;
  /** Then it takes nobody. */
  isPaused?: boolean;
}

/** Both halves of an advance, under the locks. They are one action, to be undone together. */
async function step(tx: Tx, act: Act, at: AtDesk, input: Tap): Promise<Advanced> {
  const { held, deskId } = at;
  const inService = held.filter((entry) => entry.status === 'in_service');
  // Where no desk has a name, several may be served at once.
  const serving = inService.find(({ id }) => id === input.serving) ?? inService[0];
  if (input.serving !== undefined && input.serving !== (serving?.id ?? null))
    await refuseStale(tx, input.serving, serving?.id);

  const actionId = newId();
  const change = (entry: QueueEntry, to: NextState) =>
    changeEntry(tx, act, entry, to, { verb: 'advance', actionId });
  const completed = serving && (await change(serving, { status: 'completed', endedAt: act.now }));
  const next = at.isPaused
    ? undefined
    : (held.find((entry) => entry.status === 'called') ?? (await nextWaiting(tx, act, at)));
  const started =
    next &&
    (await change(next, {
      status: 'in_service',
      deskId,
      calledAt: next.calledAt ?? act.now,
      startedAt: act.now,
    }));
  return { completed: completed ?? null, inService: started ?? null };
}

export interface WalkIn {
  name: string;
  phone: string | null;
  priority: number;
  note?: string;
  needs?: readonly Need[];
}

/** A new ticket, and the token of its link, which is known only now. */
export interface TakenTicket {
  entry: QueueEntry;
  token: string;
}

/** Puts somebody without a reservation into today's line; see `takeTicket`. */
export async function addWalkIn(act: Act, service: PlacedService, input: WalkIn): Promise<QueueEntry> {
  requireWalkIns(service);
  // What a transaction answers is what is kept for a request that comes again: the ticket alone.
  const estimate = await toldTo(act, service, input);
  return act.transaction(async (tx) => (await insertWalkIn(tx, act, service, input, estimate)).entry);
}

/**
 * Gives somebody without a reservation the next number of today's line. Refuses with `no_walk_ins` where a service takes
 * none, with `intake_closed` after the last ticket of the day. A `token` that was made before gives one ticket at most.
 */
export async function takeTicket(
  act: Act,
  service: PlacedService,
  input: WalkIn,
  token = newToken(),
): Promise<TakenTicket> {
  requireWalkIns(service);
  const estimate = await toldTo(act, service, input);
  return act.transaction((tx) => insertWalkIn(tx, act, service, input, estimate, token));
}

/** The wait that they are told, reckoned before anything is locked. */
function toldTo({ store, now }: Act, service: PlacedService, { priority }: WalkIn): Promise<ToldWait | null> {
  return estimateOnArrival(store, service, now, { timeSlot: null, priority });
}

function requireWalkIns(service: PlacedService): void {
  if (!service.walkIns || service.retiredAt !== null) throw new Refusal('no_walk_ins');
}

async function insertWalkIn(
  tx: Tx,
  act: Act,
  service: PlacedService,
  input: WalkIn,
  estimate: ToldWait | null,
  token = newToken(),
): Promise<TakenTicket> {
  const day = localDay(act.now, service.location.timeZone);
  const key = { serviceId: service.id, day, locationId: service.locationId };
  const { lastPosition, intakeClosedAt } = await lockQueue(tx, key, 1);
  if (intakeClosedAt !== null) throw new Refusal('intake_closed');
  const id = newId();
  await insertEntry(tx, {
    id,
    reservationId: null,
    serviceId: service.id,
    locationId: service.locationId,
    localDay: day,
    position: lastPosition,
    number: ticketNumber(service.prefix, lastPosition),
    name: input.name,
    phone: input.phone,
    priority: input.priority,
    ...dueTimes(act.now, null, input.priority, service),
    arrivedAt: act.now,
    tokenHash: hashToken(token),
    note: input.note ?? '',
    needs: (input.needs ?? []).join(','),
    estimatedLow: estimate?.low ?? null,
    estimatedHigh: estimate?.high ?? null,
    now: act.now,
  });
  record(tx, act.actor, act.now, {
    verb: 'walk-in',
    locationId: service.locationId,
    serviceId: service.id,
    localDay: day,
    entryId: id,
    toStatus: 'waiting',
    via: act.via ?? null,
  });
  return { entry: found(await entryById(tx, id)), token };
}

/** The last ticket of today was given, or numbers are given again. Who has a reservation still checks in. Twice is once. */
export function setIntake(act: Act, service: PlacedService, closed: boolean): Promise<LineNotices> {
  return changeNotices(act, service, closed ? 'close-intake' : 'open-intake', (notices) =>
    (notices.intakeClosedAt !== null) === closed
      ? notices
      : { ...notices, intakeClosedAt: closed ? act.now : null },
  );
}

/**
 * Tells those still to come how many minutes late today's line runs; 0 takes it back. Why is kept with the day, for
 * those who look at it later. Refuses with `stale` where another delay stands than the screen showed (`seen`).
 */
export function announceDelay(
  act: Act,
  service: PlacedService,
  { minutes, reason, seen }: { minutes: number; reason?: string | null; seen?: number | undefined },
): Promise<LineNotices> {
  const change = (notices: LineNotices) => {
    const { delayMinutes } = notices;
    if (delayMinutes === minutes) return notices;
    if (seen !== undefined && seen !== delayMinutes) throw new Refusal('stale', { facts: { delayMinutes } });
    return { ...notices, delayMinutes: minutes };
  };
  return changeNotices(act, service, 'announce-delay', change, reason ? { reason } : {});
}

async function changeNotices(
  act: Act,
  service: PlacedService,
  verb: string,
  change: (notices: LineNotices) => LineNotices,
  data: Record<string, unknown> = {},
): Promise<LineNotices> {
  const day = localDay(act.now, service.location.timeZone);
  return act.transaction(async (tx) => {
    const key = { serviceId: service.id, day };
    const { intakeClosedAt, delayMinutes } = await lockQueue(tx, { ...key, locationId: service.locationId });
    const before = { intakeClosedAt, delayMinutes };
    const after = change(before);
    if (after === before) return before;
    await tx.run(setNotices, { ...key, ...after });
    record(tx, act.actor, act.now, {
      verb,
      locationId: service.locationId,
      serviceId: service.id,
      localDay: day,
      data: { from: before, to: after, ...data },
    });
    return after;
  });
}

/** Only the heads of the lines are read: nobody else can be next. */
async function nextWaiting(
  tx: Tx,
  act: Act,
  { services, day }: Pick<AtDesk, 'services' | 'day'>,
): Promise<QueueEntry | undefined> {
  const lines = await Promise.all(
    services.map(async ({ id, earlyCallMinutes }) => ({
      waiting: await headsOfLine(tx, id, day, act.now),
      earlyCallMinutes,
    })),
  );
  const next = chooseAcross(lines, act.now);
  return next && entryById(tx, next.id);
}

async function refuseStale(tx: Tx, shown: string | null, serving: string | undefined): Promise<never> {
  throw new Refusal('stale', {
    facts: {
      shown: shown === null ? null : await entryById(tx, shown),
      serving: serving ? await entryById(tx, serving) : null,
    },
  });
}
