import { drawRemaining } from './durations.ts';
import { MAX_PRIORITY } from './order.ts';
import {
  type DeskPlan,
  type Expected,
  hourAt,
  modelIn,
  nextHour,
  type Place,
  type Plan,
  type QueuePlan,
} from './outlook.ts';
import type { Random } from './random.ts';

const MOST_WALK_INS = 240;

/** Those who come into the calling order during a run, or wait and are not due: columns of one table. */
export interface Newcomers {
  count: number;
  /** In `order`, all before this are gone. */
  start: number;
  /** Indexes into the columns, by when they are due. */
  order: Int32Array;
  queue: Int32Array;
  arrive: Float64Array;
  due: Float64Array;
  effective: Float64Array;
  /** From when on they may be called. */
  callable: Float64Array;
  waited: Float64Array;
  /** Minutes of service that a parked ticket had; negative for others. */
  served: Float64Array;
  row: Int32Array;
  /** Empty for those who have not come: their tickets will be younger than any there is. */
  ids: string[];
  gone: Uint8Array;
}

/** Room for everybody who may still join in one play of this plan, made once for all of its plays. */
export function newcomersFor({ queues, expected }: Plan): Newcomers {
  const here = queues.reduce((sum, { later, parked }) => sum + later.length + parked.length, 0);
  const size = here + expected.length + MOST_WALK_INS;
  return {
    count: 0,
    start: 0,
    order: new Int32Array(size),
    queue: new Int32Array(size),
    arrive: new Float64Array(size),
    due: new Float64Array(size),
    effective: new Float64Array(size),
    callable: new Float64Array(size),
    waited: new Float64Array(size),
    served: new Float64Array(size),
    row: new Int32Array(size),
    ids: new Array<string>(size).fill(''),
    gone: new Uint8Array(size),
  };
}

/** Adds somebody who waits and is not due. */
export function joinWaiting(newcomers: Newcomers, plan: Plan, queue: number, place: Place): void {
  const index = join(newcomers, plan, queue, 0, place.due, place.effective);
  // Who asked for time is not called early meanwhile; once due, like everybody.
  newcomers.callable[index] = Math.max(newcomers.callable[index] as number, Math.min(place.away, place.due));
  newcomers.waited[index] = place.waited;
  newcomers.row[index] = place.row;
  newcomers.ids[index] = place.id;
}

/** Adds somebody who will come; their index. */
function join(
  newcomers: Newcomers,
  plan: Plan,
  queue: number,
  arrive: number,
  due: number,
  effective: number,
): number {
  const index = newcomers.count++;
  newcomers.queue[index] = queue;
  newcomers.arrive[index] = arrive;
  newcomers.due[index] = due;
  newcomers.effective[index] = effective;
  newcomers.callable[index] = Math.max(arrive, due - (plan.queues[queue]?.early ?? 0));
  newcomers.waited[index] = 0;
  newcomers.served[index] = -1;
  newcomers.row[index] = -1;
  newcomers.ids[index] = '';
  newcomers.gone[index] = 0;
  newcomers.order[index] = index;
  return index;
}

/** When a parked ticket is taken up again: before everybody else. */
export function awaitParked(
  newcomers: Newcomers,
  plan: Plan,
  queue: number,
  { elapsed, served }: QueuePlan['parked'][number],
  random: Random,
): void {
  const back = drawRemaining(modelIn(plan, queue).parked, hourAt(plan, 0), elapsed, 0, random);
  const index = join(newcomers, plan, queue, back, back, Number.NEGATIVE_INFINITY);
  newcomers.served[index] = served;
}

/** Whether and when a reservation comes in this run. Later than the grace period it is due when it comes. */
export function awaitArrival(newcomers: Newcomers, plan: Plan, reservation: Expected, random: Random): void {
  if (random() >= reservation.comes) return;
  const points = modelIn(plan, reservation.queue).cameAfterSlot;
  const spot = reservation.from + random() * (points.length - reservation.from);
  const offset = points[Math.floor(spot)] ?? 0;
  const arrive = Math.max(reservation.slot + offset, 0);
  const onTime = offset <= reservation.grace;
  const due = onTime ? reservation.due : arrive;
  const effective = onTime ? reservation.effective : arrive;
  join(newcomers, plan, reservation.queue, arrive, due, effective);
}

/** Walk-ins of this run that can go ahead of anybody who waits now. */
export function drawWalkIns(newcomers: Newcomers, plan: Plan, queue: QueuePlan, random: Random): void {
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
        join(newcomers, plan, index, at, at, at - ahead);
      }
      from = to;
    }
  }
}

/** By insertion: nearly in order already. */
export function sortByDue({ order, due, count }: Newcomers): void {
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

/** When a desk with nobody to call will have somebody; infinite when never. */
export function nextCallable(newcomers: Newcomers, desk: DeskPlan, now: number): number {
  let first = Number.POSITIVE_INFINITY;
  for (let who = 0; who < newcomers.count; who++) {
    if (newcomers.gone[who] === 1 || desk.serves[newcomers.queue[who] as number] !== 1) continue;
    first = Math.min(first, newcomers.callable[who] as number);
  }
  return Math.max(first, now);
}
