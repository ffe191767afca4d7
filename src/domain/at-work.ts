import { addMinutes, MINUTE } from './clock.ts';
import { dayStart, type LocalDay, localHour } from './days.ts';
import { type Desk, servesAt } from './desk.ts';
import type { DeskState, LineState, QueueState } from './outlook.ts';
import { courseOf, type Repeat } from './past.ts';
import type { PlacedService } from './service.ts';
import type { QueueEntry } from './ticket.ts';

/** A stretch of time in which a service is open. */
interface OpenTime {
  from: Date;
  to: Date;
}

/** A ticket of a line that is not over. */
type OpenTicket = Pick<
  QueueEntry,
  | 'id'
  | 'status'
  | 'dueAt'
  | 'effectiveAt'
  | 'arrivedAt'
  | 'calledAt'
  | 'startedAt'
  | 'parkedAt'
  | 'awayUntil'
  | 'deskId'
>;

/** One of the lines that share desks, with what a day of it tells. */
export interface SharedLine {
  service: PlacedService;
  /** Its tickets that are not over. */
  open: readonly OpenTicket[];
  /** Its reservations of today that have no ticket. */
  expected: readonly { timeSlot: Date }[];
  /** Today's hours. */
  hours: readonly OpenTime[];
}

export interface SharedLines {
  now: Date;
  day: LocalDay;
  lines: readonly SharedLine[];
  /** The desks of the location that serve any of them. */
  desks: readonly Desk[];
  /** Whether the location has no desk at all. */
  hasNoDesks: boolean;
  /** What was completed today, and where; null is a desk without a name. */
  completed: readonly { serviceId: string; deskId: string | null }[];
  repeats: readonly Repeat[];
}

/** The services whose lines share desks with this one's, directly or by others. A desk with a pause counts too. */
export function sharing(
  service: PlacedService,
  services: readonly PlacedService[],
  desks: readonly Desk[],
): PlacedService[] {
  const found = new Set([service.id]);
  const open = new Set(desks);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const desk of open) {
      const served = services.filter(({ id }) => servesAt(desk, id));
      if (!served.some(({ id }) => found.has(id))) continue;
      for (const { id } of served) found.add(id);
      open.delete(desk);
    }
  }
  return services.filter(({ id }) => found.has(id));
}

/** These lines as the estimates look at them. */
export function lineStateOf(shared: SharedLines): LineState {
  const { now, lines, repeats } = shared;
  const zone = lines[0]?.service.location.timeZone ?? 'UTC';
  const repeatsOf = Map.groupBy(repeats, ({ entryId }) => entryId);
  const named = shared.desks.filter((desk) => isAtWork(desk, shared, zone));
  const names = new Set(named.map(({ id }) => id));
  const desks: DeskState[] = named.map((desk) =>
    deskState(
      desk.id,
      lines.filter(({ service }) => servesAt(desk, service.id)),
      lines.flatMap(({ open }) => open.filter(({ deskId }) => deskId === desk.id)),
      now,
      desk.pausedAt,
    ),
  );
  const queues = lines.map((line): QueueState => {
    const seat = seatsWithoutName(line, names, named, shared);
    for (const id of seat.desks) desks.push(deskState(id, [line], seat.held, now, null));
    return queueState(line, repeatsOf, seat.of);
  });
  return { now, minuteOfDay: minuteOfDay(shared, zone), queues, desks };
}

/**
 * A desk is at work when somebody sat down there today and is not away since another day, or when it holds a ticket,
 * also where nobody said that they sit there. Who forgot yesterday to get up counts from the first ticket of today on.
 */
function isAtWork({ id, staffedBy, staffedAt, pausedAt }: Desk, shared: SharedLines, zone: string): boolean {
  const start = dayStart(shared.day, zone);
  if (shared.lines.some(({ open }) => open.some((entry) => entry.deskId === id && isHeld(entry))))
    return true;
  if (staffedBy === null || (pausedAt !== null && pausedAt < start)) return false;
  return (staffedAt !== null && staffedAt >= start) || shared.completed.some(({ deskId }) => deskId === id);
}

/**
 * Where nobody names a desk, nobody says how many there are. Each ticket in service has somebody who serves it. With none
 * in service there is still one where the line was served without a name today, or where the location has no desks set
 * up and so has one counter; a line with a named desk at work has no other than that. Such a desk serves its one line,
 * as its page does: somebody who works several lines in turn sets up a desk for it, or the estimates are too short.
 */
function seatsWithoutName(
  { service, open }: SharedLine,
  names: ReadonlySet<string>,
  named: readonly Desk[],
  { completed, hasNoDesks }: SharedLines,
) {
  const held = open.filter((entry) => isHeld(entry) && !(entry.deskId !== null && names.has(entry.deskId)));
  const inService = held.filter(({ status }) => status === 'in_service');
  const worked =
    hasNoDesks ||
    held.length > 0 ||
    completed.some(({ serviceId, deskId }) => serviceId === service.id && deskId === null);
  const least = worked && !named.some((desk) => servesAt(desk, service.id)) ? 1 : 0;
  const count = Math.max(inService.length, least);
  const desks = Array.from({ length: count }, (_, index) => `${service.id} ${index + 1}`);
  const order = [...inService, ...held.filter(({ status }) => status === 'called')];
  return {
    desks,
    held,
    of: new Map(order.map(({ id }, index) => [id, desks[index % Math.max(count, 1)] ?? null])),
  };
}

function isHeld({ status }: OpenTicket): boolean {
  return status === 'in_service' || status === 'called';
}

function queueState(
  { service, open, expected }: SharedLine,
  repeatsOf: ReadonlyMap<string, readonly Repeat[]>,
  seatOf: ReadonlyMap<string, string | null>,
): QueueState {
  const inState = (status: QueueEntry['status']) => open.filter((entry) => entry.status === status);
  const servedBefore = (entry: OpenTicket) => courseOf(entry, repeatsOf.get(entry.id)).servedBefore;
  const deskOf = ({ id, deskId }: OpenTicket) => seatOf.get(id) ?? deskId;
  return {
    id: service.id,
    rules: service,
    waiting: inState('waiting'),
    inService: inState('in_service').flatMap((entry) =>
      entry.startedAt
        ? [{ deskId: deskOf(entry), startedAt: addMinutes(entry.startedAt, -servedBefore(entry)) }]
        : [],
    ),
    called: inState('called').map((entry) => ({ deskId: deskOf(entry) })),
    parked: inState('parked').flatMap((entry) =>
      entry.parkedAt ? [{ parkedAt: entry.parkedAt, servedMinutes: servedBefore(entry) }] : [],
    ),
    expected,
  };
}

/** It calls while any of its services is open; after the last hour, who is still at work stays until all is done. */
function deskState(
  id: string,
  lines: readonly SharedLine[],
  held: readonly OpenTicket[],
  now: Date,
  pausedSince: Date | null,
): DeskState {
  const hours = merged(lines.flatMap((line) => line.hours));
  const last = hours.at(-1);
  return {
    id,
    serves: lines.map(({ service }) => service.id),
    closesAt: last && now < last.to ? last.to : null,
    pausedSince,
    breaks: gapsIn(hours)
      .filter(({ to }) => to > now)
      // Who was called in a gap shows that this desk works through it.
      .filter(
        ({ from }) => !held.some(({ calledAt }) => calledAt !== null && from <= now && calledAt >= from),
      ),
  };
}

function merged(times: readonly OpenTime[]): OpenTime[] {
  const hours: OpenTime[] = [];
  for (const { from, to } of times.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = hours.at(-1);
    if (last && from <= last.to) last.to = to > last.to ? to : last.to;
    else hours.push({ from, to });
  }
  return hours;
}

/** Before the first hour, and between two. */
function gapsIn(hours: readonly OpenTime[]): OpenTime[] {
  return hours.map(({ from }, index) => ({ from: hours[index - 1]?.to ?? new Date(0), to: from }));
}

function minuteOfDay({ now, day }: SharedLines, zone: string): number {
  const minutes = Math.floor((now.getTime() - dayStart(day, zone).getTime()) / MINUTE);
  return localHour(now, zone) * 60 + (minutes % 60);
}
