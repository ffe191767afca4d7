import { MINUTE } from './clock.ts';
import { meanMinutes } from './durations.ts';
import type { LineModel } from './habits.ts';
import { dueTimes, type Ranked } from './order.ts';
import type { Service } from './service.ts';

/** Lines that share desks, as they stand at one moment. */
export interface LineState {
  now: Date;
  /** Minutes since local midnight at `now`: durations and arrivals go by the local hour. */
  minuteOfDay: number;
  queues: readonly QueueState[];
  /** Those that work today: also those on a pause, or that open later. */
  desks: readonly DeskState[];
}

/** The line of one service. */
export interface QueueState {
  /** The service's id. */
  id: string;
  rules: Pick<Service, 'graceMinutes' | 'creditMinutes' | 'priorityMinutes' | 'earlyCallMinutes'>;
  /** In any order; quickest when it is the calling order. */
  waiting: readonly (Ranked & { arrivedAt: Date })[];
  /** Since when; the time that somebody was parked is not counted, as if the service had begun later. */
  inService: readonly { deskId: string | null; startedAt: Date }[];
  called: readonly { deskId: string | null }[];
  /** Since when, and how many minutes of service they had before. */
  parked: readonly { parkedAt: Date; servedMinutes: number }[];
  /** Today's confirmed reservations that have not checked in. */
  expected: readonly { timeSlot: Date }[];
}

export interface DeskState {
  /** Null is the one desk that has no name. */
  id: string | null;
  /** The ids of the services whose lines it serves. */
  serves: readonly string[];
  /** When it will stop calling. */
  closesAt?: Date | null;
  /** Since when it pauses, when nobody said until when. */
  pausedSince?: Date | null;
  /** Planned times without calls; a desk that opens later has one from now until then. */
  breaks?: readonly { from: Date; to: Date }[];
}

/** So many tickets of a line are simulated; those behind them follow at the pace of these. */
export const HORIZON = 80;
/** Nothing is looked at beyond this, in minutes. */
export const LONGEST = 12 * 60;
const MOST_EXPECTED = 120;

/** Somebody in the line, times in minutes from now. */
export interface Place {
  id: string;
  due: number;
  effective: number;
  /** Until when it asked not to be called early; 0 when it did not. */
  away: number;
  /** Minutes waited before now. */
  waited: number;
  /** Where its calls are noted; -1 behind the horizon. */
  row: number;
}

export interface QueuePlan {
  index: number;
  model: LineModel;
  /** Whether any desk serves it. */
  served: boolean;
  early: number;
  priorityMinutes: number;
  /** Waiting and due by now, in calling order. */
  due: Place[];
  /** Waiting, not due yet, by when they are. */
  later: Place[];
  parked: { elapsed: number; served: number }[];
}

/** A reservation that has not come; times in minutes from now. */
export interface Expected {
  queue: number;
  slot: number;
  due: number;
  effective: number;
  grace: number;
  /** The probability that it will still come, … */
  comes: number;
  /** … and from which of the model's points on it would. */
  from: number;
}

export interface DeskPlan {
  serves: Uint8Array;
  list: number[];
  closes: number;
  breaks: readonly { from: number; to: number }[];
  inService: { queue: number; elapsed: number }[];
  called: number[];
  pausedFor: number | null;
}

export interface Plan {
  minuteOfDay: number;
  queues: QueuePlan[];
  desks: DeskPlan[];
  expected: Expected[];
  rows: number;
  lastClose: number;
  /** Until when newcomers matter, in minutes. */
  reach: number;
  /** Whether walk-ins without a head start matter: they go ahead of those who are not due. */
  plainWalkIns: boolean;
}

/**
 * The state of a location's lines as the simulation plays it: services and desks by number, times in minutes from
 * now.
 */
export function planOf(state: LineState, models: ReadonlyMap<string, LineModel>): Plan {
  const minutes = (instant: Date) => (instant.getTime() - state.now.getTime()) / MINUTE;
  const indexOf = new Map(state.queues.map(({ id }, index) => [id, index]));
  const desks = state.desks.map((desk) => deskPlan(desk, indexOf, minutes));
  const queues = state.queues.map((queue, index) =>
    queuePlan(queue, index, models.get(queue.id) as LineModel, desks, minutes),
  );
  for (const queue of state.queues) seat(queue, indexOf.get(queue.id) ?? 0, state.desks, desks, minutes);

  let rows = 0;
  for (const { due, later, served } of queues) {
    if (!served) continue;
    for (const place of due.slice(0, HORIZON)) place.row = rows++;
    for (const place of later.slice(0, HORIZON)) place.row = rows++;
  }
  const reach = reachOf(queues, desks.length, state.minuteOfDay);
  return {
    minuteOfDay: state.minuteOfDay,
    queues,
    desks,
    expected: state.queues
      .flatMap((queue, index) =>
        expectedIn(queue, index, models.get(queue.id) as LineModel, state.now, minutes),
      )
      .filter(({ effective }) => effective < reach)
      .sort((a, b) => a.due - b.due)
      .slice(0, MOST_EXPECTED),
    rows,
    lastClose: desks.reduce((last, { closes }) => Math.max(last, closes), 0),
    reach,
    plainWalkIns: queues.some(({ later }) => later.length > 0),
  };
}

function deskPlan(
  desk: DeskState,
  indexOf: ReadonlyMap<string, number>,
  minutes: (instant: Date) => number,
): DeskPlan {
  const list = desk.serves.flatMap((id) => indexOf.get(id) ?? []);
  const serves = new Uint8Array(indexOf.size);
  for (const queue of list) serves[queue] = 1;
  return {
    serves,
    list,
    closes: desk.closesAt ? minutes(desk.closesAt) : Number.POSITIVE_INFINITY,
    breaks: (desk.breaks ?? [])
      .map(({ from, to }) => ({ from: minutes(from), to: minutes(to) }))
      .sort((a, b) => a.from - b.from),
    inService: [],
    called: [],
    pausedFor: desk.pausedSince ? -minutes(desk.pausedSince) : null,
  };
}

function queuePlan(
  queue: QueueState,
  index: number,
  model: LineModel,
  desks: readonly DeskPlan[],
  minutes: (instant: Date) => number,
): QueuePlan {
  const due: Place[] = [];
  const later: Place[] = [];
  for (const { id, dueAt, effectiveAt, arrivedAt, awayUntil } of queue.waiting) {
    const place = {
      id,
      due: minutes(dueAt),
      effective: minutes(effectiveAt),
      away: awayUntil ? minutes(awayUntil) : 0,
      waited: Math.max(-minutes(arrivedAt), 0),
      row: -1,
    };
    (place.due <= 0 ? due : later).push(place);
  }
  return {
    index,
    model,
    served: desks.some(({ serves }) => serves[index] === 1),
    early: queue.rules.earlyCallMinutes ?? Number.POSITIVE_INFINITY,
    priorityMinutes: queue.rules.priorityMinutes,
    due: due.sort((a, b) => a.effective - b.effective || byId(a, b)),
    later: later.sort((a, b) => a.due - b.due || byId(a, b)),
    parked: queue.parked.map(({ parkedAt, servedMinutes }) => ({
      elapsed: Math.max(-minutes(parkedAt), 0),
      served: servedMinutes,
    })),
  };
}

/** Puts who is in service or called to their desks; a call that names none goes to the first desk of that line. */
function seat(
  queue: QueueState,
  index: number,
  states: readonly DeskState[],
  desks: readonly DeskPlan[],
  minutes: (instant: Date) => number,
): void {
  const deskOf = (id: string | null) =>
    desks[states.findIndex((desk) => desk.id === id)] ??
    (id === null ? desks.find(({ serves }) => serves[index] === 1) : undefined);
  for (const { deskId, startedAt } of queue.inService)
    deskOf(deskId)?.inService.push({ queue: index, elapsed: Math.max(-minutes(startedAt), 0) });
  for (const { deskId } of queue.called) deskOf(deskId)?.called.push(index);
}

function expectedIn(
  queue: QueueState,
  index: number,
  model: LineModel,
  now: Date,
  minutes: (instant: Date) => number,
): Expected[] {
  const points = model.cameAfterSlot;
  return queue.expected.flatMap(({ timeSlot }) => {
    const slot = minutes(timeSlot);
    const onTime = dueTimes(timeSlot, timeSlot, 0, queue.rules);
    // Not here yet: those who come this early or late would have come by now.
    const from = points.findIndex((offset) => slot + offset > 0);
    if (from < 0 || timeSlot.getTime() - now.getTime() > LONGEST * MINUTE) return [];
    const still = (model.comes * (points.length - from)) / points.length;
    return {
      queue: index,
      slot,
      due: minutes(onTime.dueAt),
      effective: minutes(onTime.effectiveAt),
      grace: queue.rules.graceMinutes,
      comes: still / (still + 1 - model.comes),
      from,
    };
  });
}

function reachOf(queues: readonly QueuePlan[], desks: number, minuteOfDay: number): number {
  const hour = Math.floor(minuteOfDay / 60) % 24;
  let work = 0;
  let last = 0;
  for (const { due, later, model } of queues) {
    work += Math.min(due.length, HORIZON) * meanMinutes(model.durations, hour);
    last = Math.max(last, later[Math.min(later.length, HORIZON) - 1]?.due ?? 0);
  }
  return Math.min((1.5 * work) / Math.max(desks, 1) + last + 30, LONGEST);
}

/** What was learned about a line, by its number. */
export function modelIn(plan: Plan, queue: number): LineModel {
  return (plan.queues[queue] as QueuePlan).model;
}

/** The local hour, 0 to 23, at a moment that is told in minutes from now. */
export function hourAt({ minuteOfDay }: Plan, at: number): number {
  return Math.floor((minuteOfDay + at) / 60) % 24;
}

/** When the local hour of this moment ends. */
export function nextHour({ minuteOfDay }: Plan, at: number): number {
  return (Math.floor((minuteOfDay + at) / 60) + 1) * 60 - minuteOfDay;
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
