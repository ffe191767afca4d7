import { type DurationModel, drawRemaining } from './durations.ts';
import { LEAVING_FROM, type LineModel } from './habits.ts';
import {
  awaitArrival,
  awaitParked,
  drawWalkIns,
  joinWaiting,
  type Newcomers,
  newcomersFor,
  nextCallable,
  sortByDue,
} from './newcomers.ts';
import { type DeskPlan, HORIZON, hourAt, LONGEST, modelIn, type Place, type Plan } from './outlook.ts';
import { normalQuantile, type Random } from './random.ts';

/** Points of the standard normal distribution, each as likely as the next: a draw is a look into this table. */
const NORMAL = Float64Array.from({ length: 4096 }, (_, point) => normalQuantile((point + 0.5) / 4096));

interface Run {
  /** When each desk calls next, in minutes from now. */
  free: Float64Array;
  /** Where each queue's due tickets stand. */
  next: Int32Array;
  newcomers: Newcomers;
  /** How far this run's true durations lie from the learned levels. */
  shift: Float64Array;
  /** Who was taken out of the line last: kept here, since an object for each call would cost. */
  taken: { queue: number; waited: number; since: number; served: number };
}

/** When each ticket is called, in minutes from now: `runs` numbers a row, infinite where it is not. */
export function playAll(plan: Plan, runs: number, random: Random): Float32Array {
  const calls = new Float32Array(plan.rows * runs).fill(Number.POSITIVE_INFINITY);
  const run: Run = {
    free: new Float64Array(plan.desks.length),
    next: new Int32Array(plan.queues.length),
    newcomers: newcomersFor(plan),
    shift: new Float64Array(plan.queues.length),
    taken: { queue: 0, waited: 0, since: 0, served: -1 },
  };
  for (let index = 0; index < runs; index++) {
    begin(run, plan, index, runs, random);
    play(run, plan, calls, index, runs, random);
  }
  return calls;
}

/** Draws all that does not depend on who is called when. */
function begin(run: Run, plan: Plan, index: number, runs: number, random: Random): void {
  const { newcomers, next, shift } = run;
  newcomers.count = 0;
  newcomers.start = 0;
  next.fill(0);
  for (const { index: queue, model, later, parked } of plan.queues) {
    // Every run takes another of equally likely levels, every queue in another order.
    const turn = ((index * (2 * queue + 1)) % runs) + 0.5;
    shift[queue] = model.durations.levelSd * normalQuantile(turn / runs);
    // Those further back are due after all of these.
    for (const place of later.slice(0, HORIZON)) joinWaiting(newcomers, plan, queue, place);
    for (const one of parked) awaitParked(newcomers, plan, queue, one, random);
  }
  for (const reservation of plan.expected) awaitArrival(newcomers, plan, reservation, random);
  for (const queue of plan.queues) drawWalkIns(newcomers, plan, queue, random);
  sortByDue(newcomers);
  for (const [index, desk] of plan.desks.entries()) run.free[index] = busyFor(desk, plan, run, random);
}

/** For how long a desk is busy with what it has. */
function busyFor(desk: DeskPlan, plan: Plan, run: Run, random: Random): number {
  const hour = hourAt(plan, 0);
  let busy = 0;
  for (const { queue, elapsed } of desk.inService) {
    const model = modelIn(plan, queue);
    const left = drawRemaining(model.durations, hour, elapsed, run.shift[queue] ?? 0, random);
    busy = Math.max(busy, afterPause(model, -elapsed, left, random));
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
  const { free, newcomers } = run;
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
    const row = chosen < NEWCOMERS ? takeDue(run, plan, chosen) : takeNewcomer(run, chosen - NEWCOMERS);
    if (row >= 0) {
      calls[row * runs + index] = now;
      open--;
    }
    free[deskIndex] = busyUntil(run, plan, now, random);
  }
}

/** Takes the first due ticket of a queue out of the line; its row. */
function takeDue(run: Run, plan: Plan, queue: number): number {
  const at = run.next[queue] as number;
  const place = plan.queues[queue]?.due[at] as Place;
  run.next[queue] = at + 1;
  run.taken.queue = queue;
  run.taken.waited = place.waited;
  run.taken.since = 0;
  run.taken.served = -1;
  return place.row;
}

function takeNewcomer({ newcomers, taken }: Run, who: number): number {
  newcomers.gone[who] = 1;
  taken.queue = newcomers.queue[who] as number;
  taken.waited = newcomers.waited[who] as number;
  taken.since = newcomers.arrive[who] as number;
  taken.served = newcomers.served[who] as number;
  return newcomers.row[who] as number;
}

/** Until when the desk that took somebody at `now` is busy; who has left keeps no desk. */
function busyUntil(run: Run, plan: Plan, now: number, random: Random): number {
  const { queue, waited, since, served } = run.taken;
  const model = modelIn(plan, queue);
  if (served >= 0) {
    const shift = run.shift[queue] as number;
    return now + drawRemaining(model.durations, hourAt(plan, now), served, shift, random);
  }
  if (hasLeft(model.leaving, waited, waited + now - since, random)) return now;
  return afterPause(model, now, now + drawVisit(plan, run, queue, now, random), random);
}

/** When a desk that was busy until `until` calls again: it may have begun an unplanned pause meanwhile. */
function afterPause({ pauses, pauseRate }: LineModel, from: number, until: number, random: Random): number {
  if (pauseRate === 0 || random() >= pauseRate * (until - from)) return until;
  return until + drawService(pauses, 0, 0, random);
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
 * The rule of `chooseAcross` over the lines of a desk: the smallest `(effective, id)` of those due, else the smallest
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
  while (newcomers.start < count && gone[order[newcomers.start] as number] === 1) newcomers.start++;
  for (let at = newcomers.start; at < count; at++) {
    const who = order[at] as number;
    const isDue = (due[who] as number) <= now;
    // From here on nobody is due, so those due go first.
    if (!isDue && chosen !== NOBODY) break;
    if (gone[who] === 1 || (callable[who] as number) > now) continue;
    if (desk.serves[queue[who] as number] !== 1) continue;
    if (!isDue) return NEWCOMERS + firstOfTied(newcomers, desk, at, now);
    const key = effective[who] as number;
    if (key > least) continue;
    const id = ids[who] as string;
    if (key < least || isBefore(id, leastId)) {
      chosen = NEWCOMERS + who;
      least = key;
      leastId = id;
    }
  }
  return chosen;
}

/** Of those due at the same moment as the one at this place, who can be called: the smallest id. */
function firstOfTied(newcomers: Newcomers, desk: DeskPlan, place: number, now: number): number {
  const { order, gone, queue, due, callable, ids, count } = newcomers;
  let first = order[place] as number;
  for (let at = place + 1; at < count; at++) {
    const who = order[at] as number;
    if ((due[who] as number) > (due[first] as number)) break;
    if (gone[who] === 1 || (callable[who] as number) > now || desk.serves[queue[who] as number] !== 1)
      continue;
    if (isBefore(ids[who] as string, ids[first] as string)) first = who;
  }
  return first;
}

/** Whoever has not come yet will have the greater id. */
function isBefore(id: string, other: string): boolean {
  return id !== '' && (other === '' || id < other);
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
