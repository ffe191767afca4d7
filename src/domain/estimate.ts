import { MINUTE } from './clock.ts';
import { type DurationModel, drawRemaining, meanMinutes } from './durations.ts';
import { LEAVING_FROM, type LineModel } from './habits.ts';
import { dueTimes, MAX_PRIORITY, type Ranked } from './order.ts';
import { normalQuantile, type Random, seededRandom, seedFrom } from './random.ts';
import type { Service } from './service.ts';

/** An honest range: minutes from `now` until the call. Half of all waits end by `p50`, four of five by `p80`. */
export interface Estimate {
  p50: number;
  p80: number;
}

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
  inService: readonly { deskId: string | null; startedAt: Date }[];
  called: readonly { deskId: string | null; calledAt: Date }[];
  parked: readonly { parkedAt: Date }[];
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

export interface EstimateOptions {
  /** How many times the line is played through at most; a power of two. */
  runs?: number;
  /** By default made from the state and its minute, so that the same line gives the same numbers. */
  seed?: number;
}

/** With fewer finished services than this, today's included, there is no estimate. */
export const FEWEST_SERVICES = 10;
/** So many tickets of a line are simulated; those behind them follow at the pace of these. */
export const HORIZON = 80;
/** Nothing is looked at beyond this, in minutes. */
const LONGEST = 12 * 60;
const MOST_RUNS = 256;
const FEWEST_RUNS = 64;
/** Runs times tickets: bounds the work whatever the length of the line. */
const MOST_WORK = 20_000;
const MOST_EXPECTED = 120;
const MOST_WALK_INS = 240;
/** A range this wide, in minutes, that also more than doubles, says nothing. */
const WIDE = 30;

/**
 * How long each waiting ticket will still wait for its call, by its id; null where nothing honest can be said.
 *
 * Plays the day on from `state` a few hundred times, in the calling order of `domain/order`: each desk finishes what it
 * has (given for how long already), then calls whom the rule says; the called come or do not, the waiting leave,
 * reservations and walk-ins with a head start come in between, desks pause and close. Each run first draws where the
 * true durations may lie around the learned ones, so a thin history gives wide ranges. One pass gives every ticket's
 * range: that of a person who stays.
 *
 * Null, when: a line has no model; fewer than FEWEST_SERVICES finished services are known; no desk will call the
 * ticket (in one run of five or more); or the range is too wide to be of use. Behind HORIZON tickets the pace of the
 * second half of them is carried on, and the width of the range grows in proportion, which is wider than chance alone.
 *
 * Pure: the same state, models and options give the same numbers.
 */
export function estimateLine(
  state: LineState,
  models: ReadonlyMap<string, LineModel>,
  options: EstimateOptions = {},
): Map<string, Estimate | null> {
  const estimates = new Map<string, Estimate | null>();
  for (const { waiting } of state.queues) for (const { id } of waiting) estimates.set(id, null);
  if (estimates.size === 0 || state.queues.some(({ id }) => !models.has(id))) return estimates;

  const plan = planOf(state, models);
  if (plan.rows === 0) return estimates;
  const random = seededRandom(options.seed ?? seedOf(state));
  const runs = runsFor(plan, options.runs ?? MOST_RUNS);
  const calls = playAll(plan, runs, random);
  for (const queue of plan.queues) {
    if (queue.model.durations.count < FEWEST_SERVICES || !queue.served) continue;
    readRanges(queue.due, calls, runs, plan.lastClose, estimates);
    readRanges(queue.later, calls, runs, plan.lastClose, estimates);
  }
  return estimates;
}

/** Somebody in the line, times in minutes from now. */
interface Place {
  id: string;
  due: number;
  effective: number;
  /** Minutes waited before now. */
  waited: number;
  /** Where its calls are noted; -1 behind the horizon. */
  row: number;
}

interface QueuePlan {
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
  parkedFor: number[];
}

/** A reservation that has not come; times in minutes from now. */
interface Expected {
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

interface DeskPlan {
  serves: Uint8Array;
  list: number[];
  closes: number;
  breaks: readonly { from: number; to: number }[];
  inService: { queue: number; elapsed: number }[];
  called: number[];
  pausedFor: number | null;
}

interface Plan {
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

function planOf(state: LineState, models: ReadonlyMap<string, LineModel>): Plan {
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
  for (const { id, dueAt, effectiveAt, arrivedAt } of queue.waiting) {
    const place = {
      id,
      due: minutes(dueAt),
      effective: minutes(effectiveAt),
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
    parkedFor: queue.parked.map(({ parkedAt }) => Math.max(-minutes(parkedAt), 0)),
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

function seedOf({ now, queues }: LineState): number {
  return seedFrom(
    Math.floor(now.getTime() / MINUTE),
    ...queues.flatMap(({ id, waiting, inService }) => [id, waiting.length, inService.length]),
  );
}

/** A power of two: the levels of the runs are spread by it. */
function runsFor({ rows, expected }: Plan, most: number): number {
  let runs = most;
  while (runs > FEWEST_RUNS && runs * (rows + expected.length) > MOST_WORK) runs /= 2;
  return runs;
}

/** Points of the standard normal distribution, each as likely as the next: a draw is a look into this table. */
const NORMAL = Float64Array.from({ length: 4096 }, (_, point) => normalQuantile((point + 0.5) / 4096));

/** Those who come into the calling order during a run, or wait and are not due: columns of one table. */
interface Newcomers {
  count: number;
  /** Indexes into the columns, by when they are due. */
  order: Int32Array;
  queue: Int32Array;
  arrive: Float64Array;
  due: Float64Array;
  effective: Float64Array;
  /** From when on they may be called. */
  callable: Float64Array;
  waited: Float64Array;
  row: Int32Array;
  /** Empty for those who have not come: their tickets will be younger than any there is. */
  ids: string[];
  gone: Uint8Array;
}

interface Run {
  /** When each desk calls next, in minutes from now. */
  free: Float64Array;
  /** Where each queue's due tickets stand. */
  next: Int32Array;
  newcomers: Newcomers;
  /** How far this run's true durations lie from the learned levels. */
  shift: Float64Array;
}

/** When each ticket is called, in minutes from now: `runs` numbers a row, infinite where it is not. */
function playAll(plan: Plan, runs: number, random: Random): Float32Array {
  const calls = new Float32Array(plan.rows * runs).fill(Number.POSITIVE_INFINITY);
  const run: Run = {
    free: new Float64Array(plan.desks.length),
    next: new Int32Array(plan.queues.length),
    newcomers: newcomersFor(plan),
    shift: new Float64Array(plan.queues.length),
  };
  for (let index = 0; index < runs; index++) {
    begin(run, plan, index, runs, random);
    play(run, plan, calls, index, runs, random);
  }
  return calls;
}

function newcomersFor({ queues, expected }: Plan): Newcomers {
  const here = queues.reduce((sum, { later, parkedFor }) => sum + later.length + parkedFor.length, 0);
  const size = here + expected.length + MOST_WALK_INS;
  return {
    count: 0,
    order: new Int32Array(size),
    queue: new Int32Array(size),
    arrive: new Float64Array(size),
    due: new Float64Array(size),
    effective: new Float64Array(size),
    callable: new Float64Array(size),
    waited: new Float64Array(size),
    row: new Int32Array(size),
    ids: new Array<string>(size).fill(''),
    gone: new Uint8Array(size),
  };
}

/** Draws all that does not depend on who is called when. */
function begin(run: Run, plan: Plan, index: number, runs: number, random: Random): void {
  const { newcomers, next, shift } = run;
  newcomers.count = 0;
  next.fill(0);
  for (const { index: queue, model, later, parkedFor } of plan.queues) {
    // Every run takes another of equally likely levels, every queue in another order.
    const turn = ((index * (2 * queue + 1)) % runs) + 0.5;
    shift[queue] = model.durations.levelSd * normalQuantile(turn / runs);
    // Those further back are due after all of these.
    for (const place of later.slice(0, HORIZON))
      join(newcomers, plan, queue, 0, place.due, place.effective, place.waited, place.row, place.id);
    for (const elapsed of parkedFor) {
      const back = drawRemaining(model.parked, hourAt(plan, 0), elapsed, 0, random);
      join(newcomers, plan, queue, back, back, Number.NEGATIVE_INFINITY, 0, -1, '');
    }
  }
  for (const reservation of plan.expected) awaitArrival(newcomers, plan, reservation, random);
  for (const queue of plan.queues) drawWalkIns(newcomers, plan, queue, random);
  sortByDue(newcomers);
  for (const [index, desk] of plan.desks.entries()) run.free[index] = busyFor(desk, plan, run, random);
}

function join(
  newcomers: Newcomers,
  plan: Plan,
  queue: number,
  arrive: number,
  due: number,
  effective: number,
  waited: number,
  row: number,
  id: string,
): void {
  const index = newcomers.count++;
  newcomers.queue[index] = queue;
  newcomers.arrive[index] = arrive;
  newcomers.due[index] = due;
  newcomers.effective[index] = effective;
  newcomers.callable[index] = Math.max(arrive, due - (plan.queues[queue]?.early ?? 0));
  newcomers.waited[index] = waited;
  newcomers.row[index] = row;
  newcomers.ids[index] = id;
  newcomers.gone[index] = 0;
  newcomers.order[index] = index;
}

/** Whether and when a reservation comes in this run. Later than the grace period it is due when it comes. */
function awaitArrival(newcomers: Newcomers, plan: Plan, reservation: Expected, random: Random): void {
  if (random() >= reservation.comes) return;
  const points = modelIn(plan, reservation.queue).cameAfterSlot;
  const spot = reservation.from + random() * (points.length - reservation.from);
  const offset = points[Math.floor(spot)] ?? 0;
  const arrive = Math.max(reservation.slot + offset, 0);
  const onTime = offset <= reservation.grace;
  const due = onTime ? reservation.due : arrive;
  const effective = onTime ? reservation.effective : arrive;
  join(newcomers, plan, reservation.queue, arrive, due, effective, 0, -1, '');
}

/** Walk-ins of this run that can go ahead of anybody who waits now. */
function drawWalkIns(newcomers: Newcomers, plan: Plan, queue: QueuePlan, random: Random): void {
  const { model, priorityMinutes, index } = queue;
  const first = plan.plainWalkIns ? 0 : 1;
  for (let priority = first; priority <= MAX_PRIORITY; priority++) {
    const rates = model.walkIns[priority];
    const ahead = priority * priorityMinutes;
    if (!rates || (priority > 0 && ahead === 0)) continue;
    let from = 0;
    while (from < plan.reach) {
      const to = Math.min(nextHour(plan, from), plan.reach);
      const rate = rates[hourAt(plan, from)] ?? 0;
      let at = from;
      while (rate > 0) {
        at -= Math.log(1 - random()) / rate;
        if (at >= to || newcomers.count >= newcomers.order.length) break;
        join(newcomers, plan, index, at, at, at - ahead, 0, -1, '');
      }
      from = to;
    }
  }
}

/** By insertion: nearly in order already. */
function sortByDue({ order, due, count }: Newcomers): void {
  for (let end = 1; end < count; end++) {
    const moved = order[end] as number;
    const key = due[moved] as number;
    let at = end;
    while (at > 0 && (due[order[at - 1] as number] as number) > key) {
      order[at] = order[at - 1] as number;
      at--;
    }
    order[at] = moved;
  }
}

/** For how long a desk is busy with what it has. */
function busyFor(desk: DeskPlan, plan: Plan, run: Run, random: Random): number {
  const hour = hourAt(plan, 0);
  let busy = 0;
  for (const { queue, elapsed } of desk.inService) {
    const { durations } = modelIn(plan, queue);
    busy = Math.max(busy, drawRemaining(durations, hour, elapsed, run.shift[queue] ?? 0, random));
  }
  for (const queue of desk.called) busy += drawVisit(plan, run, queue, busy, random);
  if (desk.pausedFor !== null) {
    const { pauses } = modelIn(plan, desk.list[0] ?? 0);
    busy = Math.max(busy, drawRemaining(pauses, hour, desk.pausedFor, 0, random));
  }
  return busy;
}

/** Plays one run until every ticket has its call or no desk calls any more. */
function play(run: Run, plan: Plan, calls: Float32Array, index: number, runs: number, random: Random): void {
  const { free, next, newcomers } = run;
  let open = plan.rows;
  // Bounds a run in which tickets behind the horizon, or newcomers, are called before the last of these.
  for (let steps = 4 * plan.rows + 2 * newcomers.count + 200; open > 0 && steps > 0; steps--) {
    const deskIndex = firstFree(free);
    const desk = plan.desks[deskIndex] as DeskPlan;
    const now = free[deskIndex] as number;
    if (now > LONGEST) return;
    const from = callsFrom(desk, now);
    if (from > now) {
      free[deskIndex] = from;
      continue;
    }
    const chosen = choose(run, plan, desk, now);
    if (chosen === NOBODY) {
      free[deskIndex] = nextCallable(newcomers, desk, now);
      continue;
    }
    let row: number;
    let queue: number;
    let waited: number;
    if (chosen < NEWCOMERS) {
      queue = chosen;
      const place = plan.queues[queue]?.due[next[queue] as number] as Place;
      next[queue] = (next[queue] as number) + 1;
      row = place.row;
      waited = place.waited;
    } else {
      const who = chosen - NEWCOMERS;
      newcomers.gone[who] = 1;
      queue = newcomers.queue[who] as number;
      row = newcomers.row[who] as number;
      waited = newcomers.waited[who] as number;
    }
    if (row >= 0) {
      calls[row * runs + index] = now;
      open--;
    }
    const since = chosen < NEWCOMERS ? 0 : (newcomers.arrive[chosen - NEWCOMERS] as number);
    const { leaving } = modelIn(plan, queue);
    if (hasLeft(leaving, waited, waited + now - since, random)) free[deskIndex] = now;
    else free[deskIndex] = now + drawVisit(plan, run, queue, now, random);
  }
}

function firstFree(free: Float64Array): number {
  let first = 0;
  for (let desk = 1; desk < free.length; desk++)
    if ((free[desk] as number) < (free[first] as number)) first = desk;
  return first;
}

/** When a desk that is free at this moment calls: not in a break, not after its end. */
function callsFrom({ breaks, closes }: DeskPlan, free: number): number {
  let at = free;
  for (const { from, to } of breaks) if (at >= from && at < to) at = to;
  return at >= closes ? Number.POSITIVE_INFINITY : at;
}

/** What `choose` says: nobody, a queue whose first due ticket it is, or from here on a newcomer. */
const NOBODY = -1;
const NEWCOMERS = 1 << 20;

/**
 * The rule of `chooseNext` over the lines of a desk: the smallest `(effective, id)` of those due, else the smallest
 * `(due, id)` of those who may be called early. The tests hold it against that rule.
 */
function choose({ next, newcomers }: Run, plan: Plan, desk: DeskPlan, now: number): number {
  let chosen = NOBODY;
  let least = Number.POSITIVE_INFINITY;
  let leastId = '';
  for (const queue of desk.list) {
    const first = plan.queues[queue]?.due[next[queue] as number];
    if (!first || first.effective > least) continue;
    if (first.effective < least || first.id < leastId) {
      chosen = queue;
      least = first.effective;
      leastId = first.id;
    }
  }
  const { order, gone, queue, due, callable, effective, ids, count } = newcomers;
  for (let at = 0; at < count; at++) {
    const who = order[at] as number;
    const isDue = (due[who] as number) <= now;
    // From here on nobody is due, so those due go first.
    if (!isDue && chosen !== NOBODY) break;
    if (gone[who] === 1 || (callable[who] as number) > now) continue;
    if (desk.serves[queue[who] as number] !== 1) continue;
    if (!isDue) return NEWCOMERS + who;
    const key = effective[who] as number;
    if (key > least) continue;
    const id = ids[who] as string;
    if (key < least || (id !== '' && (leastId === '' || id < leastId))) {
      chosen = NEWCOMERS + who;
      least = key;
      leastId = id;
    }
  }
  return chosen;
}

/** When a desk with nobody to call will have somebody; infinite when never. */
function nextCallable(newcomers: Newcomers, desk: DeskPlan, now: number): number {
  let first = Number.POSITIVE_INFINITY;
  for (let who = 0; who < newcomers.count; who++) {
    if (newcomers.gone[who] === 1 || desk.serves[newcomers.queue[who] as number] !== 1) continue;
    first = Math.min(first, newcomers.callable[who] as number);
  }
  return Math.max(first, now);
}

/** Whether somebody who had waited `from` minutes has left by `to` minutes. */
function hasLeft(leaving: Float64Array, from: number, to: number, random: Random): boolean {
  let hazard = 0;
  for (let step = 0; step < LEAVING_FROM.length; step++) {
    const begins = LEAVING_FROM[step] as number;
    if (to <= begins) break;
    const ends = LEAVING_FROM[step + 1] ?? Number.POSITIVE_INFINITY;
    if (from < ends) hazard += (leaving[step] as number) * (Math.min(to, ends) - Math.max(from, begins));
  }
  return hazard > 0 && random() >= Math.exp(-hazard);
}

/** For how long a call at `at` keeps its desk: coming and being served, or being waited for in vain. */
function drawVisit(plan: Plan, run: Run, queue: number, at: number, random: Random): number {
  const model = modelIn(plan, queue);
  if (random() < model.noShow) return model.noShowMinutes * (0.5 + random());
  const minutes = drawService(model.durations, hourAt(plan, at), run.shift[queue] as number, random);
  return model.walkMinutes > 0 ? minutes - model.walkMinutes * Math.log(1 - random()) : minutes;
}

function drawService(model: DurationModel, hour: number, shift: number, random: Random): number {
  const z = NORMAL[(random() * NORMAL.length) | 0] as number;
  return Math.exp((model.levels[hour] as number) + shift + model.sigma * z);
}

function modelIn(plan: Plan, queue: number): LineModel {
  return (plan.queues[queue] as QueuePlan).model;
}

function hourAt({ minuteOfDay }: Plan, at: number): number {
  return Math.floor((minuteOfDay + at) / 60) % 24;
}

/** When the local hour of this moment ends. */
function nextHour({ minuteOfDay }: Plan, at: number): number {
  return (Math.floor((minuteOfDay + at) / 60) + 1) * 60 - minuteOfDay;
}

/** Reads the ranges of places in calling order; those behind the horizon carry on its pace. */
function readRanges(
  places: readonly Place[],
  calls: Float32Array,
  runs: number,
  lastClose: number,
  estimates: Map<string, Estimate | null>,
): void {
  const known = places
    .slice(0, HORIZON)
    .map(({ row }) => rangeOf(calls.subarray(row * runs, (row + 1) * runs).sort()));
  const last = known.at(-1);
  const half = known[Math.floor(known.length / 2) - 1];
  for (const [index, { id }] of places.entries()) {
    const range = known[index] ?? (last && half && carriedOn(half, last, index));
    const called = range !== undefined && range.p80 <= Math.min(lastClose, LONGEST);
    estimates.set(id, called && !isWide(range) ? range : null);
  }
}

/** `half` and `last` are the ranges in the middle and at the end of the horizon; `index` is behind it. */
function carriedOn(half: Estimate, last: Estimate, index: number): Estimate {
  const beyond = index - (HORIZON - 1);
  const pace = (last.p50 - half.p50) / (HORIZON / 2);
  const p50 = last.p50 + pace * beyond;
  return { p50, p80: p50 + ((last.p80 - last.p50) * (index + 1)) / HORIZON };
}

function rangeOf(sorted: Float32Array): Estimate {
  const at = (share: number) => sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0;
  return { p50: at(0.5), p80: at(0.8) };
}

function isWide({ p50, p80 }: Estimate): boolean {
  return p80 - p50 > WIDE && p80 > 2 * p50;
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
