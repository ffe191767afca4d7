import { addMinutes, MINUTE } from '../../src/domain/clock.ts';
import type { FinishedService } from '../../src/domain/durations.ts';
import type { LineState, QueueState } from '../../src/domain/estimate.ts';
import { LEAVING_FROM, type PastTicket } from '../../src/domain/habits.ts';
import { chooseAcross, dueTimes } from '../../src/domain/order.ts';
import { type Random, seededRandom, seedFrom } from '../../src/domain/random.ts';
import { drawExponential, drawLognormal, drawNormal } from './draws.ts';
import type { DeskTruth, QueueTruth, Scenario } from './scenarios.ts';

const FIRST_DAY = new Date('2026-03-02T00:00:00Z');
const TICK_MINUTES = 10;

/** A ticket of a simulated day; times in minutes of the day. */
export interface Ticket {
  id: string;
  queue: QueueTruth;
  priority: number;
  slot: number | null;
  arrivedAt: number;
  dueAt: Date;
  effectiveAt: Date;
  status: 'waiting' | 'called' | 'in_service' | 'parked' | 'completed' | 'skipped' | 'left';
  calledAt: number | null;
  /** Moved on by the time it was parked. */
  startedAt: number | null;
  endedAt: number | null;
  /** Minutes that its first desk waited: for it to come, or in vain. */
  atDesk: number | null;
  parkedAt: number | null;
  desk: Desk | null;
}

interface Desk {
  truth: DeskTruth;
  /** Whether nobody is called or in service there. */
  idle: boolean;
  pausedSince: number | null;
  /** The last one to close does not. */
  closes: number;
}

interface Booking {
  queue: QueueTruth;
  slot: number;
  came: boolean;
}

/** What is left of a day when it is over: what the program would find in its database. */
export interface Past {
  queues: ReadonlyMap<
    string,
    {
      services: FinishedService[];
      tickets: PastTicket[];
      parked: FinishedService[];
      missed: number;
      deskMinutes: number;
    }
  >;
  pauses: FinishedService[];
}

/** The line as it stands when somebody looks at it. */
export interface Look {
  now: number;
  state: LineState;
  /** Whose waits are asked for: who just came, or on a tick everybody. */
  asked: readonly Ticket[];
  waiting: readonly Ticket[];
  /** All of the day so far. */
  tickets: readonly Ticket[];
  /** Desks that call now, by queue. */
  openDesks: ReadonlyMap<string, number>;
  finishedToday: ReadonlyMap<string, FinishedService[]>;
}

export interface DayOptions {
  seed: number;
  /** From 0. */
  day: number;
  observe?: (look: Look) => void;
}

interface Day {
  scenario: Scenario;
  day: number;
  random: Random;
  now: number;
  events: { at: number; run: () => void }[];
  tickets: Ticket[];
  waiting: Ticket[];
  /** Parked, and ready to be taken up again. */
  ready: { ticket: Ticket; left: number }[];
  parked: { queue: QueueTruth; minutes: number }[];
  bookings: Booking[];
  desks: Desk[];
  pauses: FinishedService[];
  closes: number;
}

/** Plays one day of a place, event by event. `observe` is asked after each arrival and every ten minutes. */
export function simulateDay(
  scenario: Scenario,
  { seed, day, observe }: DayOptions,
): { past: Past; tickets: Ticket[] } {
  const closes = Math.max(...scenario.desks.map((desk) => desk.closes));
  const last = scenario.desks.find((desk) => desk.closes === closes);
  const course: Day = {
    scenario,
    day,
    random: seededRandom(seedFrom(scenario.name, seed, day)),
    now: 0,
    events: [],
    tickets: [],
    waiting: [],
    ready: [],
    parked: [],
    bookings: [],
    desks: scenario.desks.map((truth) => ({
      truth,
      idle: true,
      pausedSince: null,
      closes: truth === last ? Number.POSITIVE_INFINITY : truth.closes,
    })),
    pauses: [],
    closes,
  };
  for (const queue of scenario.queues) planArrivals(course, queue, observe);
  for (const desk of course.desks) planDesk(course, desk);
  if (observe)
    for (let at = 0; at < 24 * 60; at += TICK_MINUTES) plan(course, at, () => tick(course, observe));
  for (let event = course.events.shift(); event; event = course.events.shift()) {
    course.now = event.at;
    event.run();
  }
  return { past: pastOf(course), tickets: course.tickets };
}

function plan(course: Day, at: number, run: () => void): void {
  const { events } = course;
  let low = 0;
  for (let high = events.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  events.splice(low, 0, { at, run });
}

function planArrivals(course: Day, queue: QueueTruth, observe: DayOptions['observe']): void {
  const { random } = course;
  for (const [hour, rate] of Object.entries(queue.walkIns)) {
    const from = 60 * Number(hour);
    let at = from + drawExponential(60 / Math.max(rate, 1e-9), random);
    for (; at < from + 60; at += drawExponential(60 / rate, random)) {
      const priority = drawPriority(queue, random);
      plan(course, at, () => arrive(course, queue, priority, null, observe));
    }
  }
  const { reservations } = queue;
  if (!reservations) return;
  for (let slot = reservations.from; slot < reservations.to; slot += reservations.step) {
    for (let place = 0; place < reservations.places; place++) {
      if (random() >= reservations.taken) continue;
      const booking = { queue, slot, came: false };
      course.bookings.push(booking);
      const offset = reservations.offset.mean + reservations.offset.sd * drawNormal(random);
      if (random() < reservations.comes)
        plan(course, slot + offset, () => {
          booking.came = true;
          arrive(course, queue, 0, slot, observe);
        });
    }
  }
}

function drawPriority({ priorities = [0, 0, 0] }: QueueTruth, random: Random): number {
  const draw = random();
  let below = 0;
  for (const [index, share] of priorities.entries()) {
    below += share;
    if (draw < below) return index + 1;
  }
  return 0;
}

function planDesk(course: Day, desk: Desk): void {
  const { opens, breaks = [] } = desk.truth;
  for (const at of [opens, ...breaks.map(({ to }) => to)]) plan(course, at, () => dispatch(course));
}

function arrive(
  course: Day,
  queue: QueueTruth,
  priority: number,
  slot: number | null,
  observe: DayOptions['observe'],
): void {
  const timeSlot = slot === null ? null : instant(course, slot);
  const ticket: Ticket = {
    id: `t-${String(course.tickets.length).padStart(5, '0')}`,
    queue,
    priority,
    slot,
    arrivedAt: course.now,
    ...dueTimes(instant(course, course.now), timeSlot, priority, queue.rules),
    status: 'waiting',
    calledAt: null,
    startedAt: null,
    endedAt: null,
    atDesk: null,
    parkedAt: null,
    desk: null,
  };
  course.tickets.push(ticket);
  course.waiting.push(ticket);
  planLeaving(course, ticket);
  const due = minutesOf(course, ticket.dueAt);
  // A whole millisecond later: instants have no finer steps.
  for (const at of [due, due - (queue.rules.earlyCallMinutes ?? 0)])
    if (at > course.now) plan(course, at + 1 / MINUTE, () => dispatch(course));
  dispatch(course);
  // Whoever is called at once never sees an estimate.
  if (observe && ticket.status === 'waiting') observe(look(course, [ticket]));
}

/** Draws when somebody would leave: the minute in which the summed hazard passes an exponential number. */
function planLeaving(course: Day, ticket: Ticket): void {
  let left = drawExponential(1, course.random);
  for (const [step, rate] of ticket.queue.leaving.entries()) {
    const from = LEAVING_FROM[step] ?? 0;
    const length = (LEAVING_FROM[step + 1] ?? Number.POSITIVE_INFINITY) - from;
    if (rate > 0 && left < rate * length) {
      plan(course, ticket.arrivedAt + from + left / rate, () => leave(course, ticket));
      return;
    }
    left -= rate === 0 ? 0 : rate * length;
  }
}

function leave(course: Day, ticket: Ticket): void {
  if (ticket.status !== 'waiting') return;
  ticket.status = 'left';
  ticket.endedAt = course.now;
  course.waiting = course.waiting.filter((other) => other !== ticket);
}

/** Every desk that is free calls whom the rule says. */
function dispatch(course: Day): void {
  for (const desk of course.desks) {
    if (!desk.idle || !calls(course, desk)) continue;
    const back = course.ready.find(({ ticket }) => desk.truth.serves.includes(ticket.queue.id));
    if (back) {
      takeUp(course, desk, back);
      continue;
    }
    const lines = course.scenario.queues
      .filter(({ id }) => desk.truth.serves.includes(id))
      .map((queue) => ({
        waiting: course.waiting.filter((ticket) => ticket.queue === queue),
        earlyCallMinutes: queue.rules.earlyCallMinutes,
      }));
    const next = chooseAcross(lines, instant(course, course.now));
    if (next) call(course, desk, next);
  }
}

function calls(course: Day, { truth, closes, pausedSince }: Desk): boolean {
  const inBreak = (truth.breaks ?? []).some(({ from, to }) => course.now >= from && course.now < to);
  return course.now >= truth.opens && course.now < closes && pausedSince === null && !inBreak;
}

function call(course: Day, desk: Desk, ticket: Ticket): void {
  const { random } = course;
  const { queue } = ticket;
  course.waiting = course.waiting.filter((other) => other !== ticket);
  Object.assign(ticket, { status: 'called', calledAt: course.now, desk });
  desk.idle = false;
  if (random() < queue.noShow) {
    const waitedFor = queue.noShowMinutes * (0.5 + random());
    plan(course, course.now + waitedFor, () => finish(course, desk, ticket, 'skipped'));
    return;
  }
  plan(course, course.now + drawExponential(queue.walkMinutes, random), () => {
    Object.assign(ticket, {
      status: 'in_service',
      startedAt: course.now,
      atDesk: course.now - (ticket.calledAt ?? course.now),
    });
    serve(course, desk, ticket, drawMinutes(course, queue));
  });
}

function serve(course: Day, desk: Desk, ticket: Ticket, minutes: number): void {
  const { parks } = ticket.queue;
  if (!parks || course.random() >= parks.share) {
    plan(course, course.now + minutes, () => finish(course, desk, ticket, 'completed'));
    return;
  }
  const first = minutes * (0.3 + 0.4 * course.random());
  plan(course, course.now + first, () => park(course, desk, ticket, minutes - first, parks));
}

function park(
  course: Day,
  desk: Desk,
  ticket: Ticket,
  left: number,
  parks: NonNullable<QueueTruth['parks']>,
): void {
  const minutes = drawLognormal(parks.minutes, parks.sigma, course.random);
  Object.assign(ticket, { status: 'parked', parkedAt: course.now, desk: null });
  desk.idle = true;
  plan(course, course.now + minutes, () => {
    course.ready.push({ ticket, left });
    course.parked.push({ queue: ticket.queue, minutes });
    dispatch(course);
  });
  dispatch(course);
}

function takeUp(course: Day, desk: Desk, back: Day['ready'][number]): void {
  const { ticket, left } = back;
  course.ready = course.ready.filter((other) => other !== back);
  const startedAt = (ticket.startedAt ?? 0) + course.now - (ticket.parkedAt ?? 0);
  Object.assign(ticket, { status: 'in_service', startedAt, parkedAt: null, desk });
  desk.idle = false;
  plan(course, course.now + left, () => finish(course, desk, ticket, 'completed'));
}

function drawMinutes({ random, now, day }: Day, queue: QueueTruth): number {
  const { forgotten } = queue;
  if (forgotten && random() < forgotten.share) return forgotten.minutes * (0.7 + 0.6 * random());
  return drawLognormal(medianMinutes(queue, day, Math.floor(now / 60)), queue.sigma, random);
}

/** The true median of a service's minutes on this day in this hour. */
export function medianMinutes(queue: QueueTruth, day: number, hour: number): number {
  return queue.configuredMinutes * queue.level(day) * (queue.hourLevel?.(hour % 24) ?? 1);
}

function finish(course: Day, desk: Desk, ticket: Ticket, status: 'skipped' | 'completed'): void {
  Object.assign(ticket, { status, endedAt: course.now });
  ticket.atDesk ??= course.now - (ticket.calledAt ?? course.now);
  desk.idle = true;
  pauseSometimes(course, desk, course.now - (ticket.calledAt ?? course.now));
  dispatch(course);
}

/** A desk begins its unplanned pauses after what it had. */
function pauseSometimes(course: Day, desk: Desk, busyFor: number): void {
  const { pauses } = course.scenario;
  if (!pauses || course.random() >= (pauses.perHour / 60) * busyFor) return;
  const minutes = drawLognormal(pauses.minutes, pauses.sigma, course.random);
  desk.pausedSince = course.now;
  course.pauses.push({ daysAgo: 0, hour: Math.floor(course.now / 60) % 24, minutes });
  plan(course, course.now + minutes, () => {
    desk.pausedSince = null;
    dispatch(course);
  });
}

function tick(course: Day, observe: (look: Look) => void): void {
  if (course.waiting.length > 0) observe(look(course, course.waiting));
}

/** What the program would know at this moment. */
function look(course: Day, asked: readonly Ticket[]): Look {
  const { scenario, now, tickets, waiting } = course;
  const open = course.desks.filter((desk) => calls(course, desk));
  return {
    now,
    asked,
    waiting,
    tickets,
    openDesks: new Map(
      scenario.queues.map(({ id }) => [id, open.filter(({ truth }) => truth.serves.includes(id)).length]),
    ),
    finishedToday: new Map(scenario.queues.map(({ id }) => [id, finishedServices(tickets, id)])),
    state: {
      now: instant(course, now),
      minuteOfDay: now,
      queues: scenario.queues.map((queue) => queueState(course, queue)),
      desks: course.desks
        .filter(({ closes }) => now < closes)
        .map(({ truth, closes, pausedSince }) => ({
          id: truth.id,
          serves: truth.serves,
          closesAt: Number.isFinite(closes) ? instant(course, closes) : null,
          pausedSince: pausedSince === null ? null : instant(course, pausedSince),
          breaks: [{ from: 0, to: truth.opens }, ...(truth.breaks ?? [])].map(({ from, to }) => ({
            from: instant(course, from),
            to: instant(course, to),
          })),
        })),
    },
  };
}

function queueState(course: Day, queue: QueueTruth): QueueState {
  const mine = course.tickets.filter((ticket) => ticket.queue === queue);
  return {
    id: queue.id,
    rules: queue.rules,
    waiting: mine
      .filter(({ status }) => status === 'waiting')
      .map(({ id, dueAt, effectiveAt, arrivedAt }) => ({
        id,
        dueAt,
        effectiveAt,
        arrivedAt: instant(course, arrivedAt),
      })),
    inService: mine
      .filter(({ status }) => status === 'in_service')
      .map(({ desk, startedAt }) => ({
        deskId: desk?.truth.id ?? null,
        startedAt: instant(course, startedAt ?? 0),
      })),
    called: mine
      .filter(({ status }) => status === 'called')
      .map(({ desk }) => ({ deskId: desk?.truth.id ?? null })),
    parked: mine
      .filter(({ status }) => status === 'parked')
      .map(({ parkedAt, startedAt }) => ({
        parkedAt: instant(course, parkedAt ?? 0),
        servedMinutes: (parkedAt ?? 0) - (startedAt ?? 0),
      })),
    expected: course.bookings
      .filter((booking) => booking.queue === queue && !booking.came)
      .map(({ slot }) => ({ timeSlot: instant(course, slot) })),
  };
}

function finishedServices(tickets: readonly Ticket[], queue: string): FinishedService[] {
  return tickets
    .filter((ticket) => ticket.status === 'completed' && ticket.queue.id === queue)
    .map(({ startedAt, endedAt }) => ({
      daysAgo: 0,
      hour: Math.floor((startedAt ?? 0) / 60) % 24,
      minutes: (endedAt ?? 0) - (startedAt ?? 0),
    }));
}

function pastOf(course: Day): Past {
  const { scenario, tickets, bookings, pauses } = course;
  const queues = scenario.queues.map(({ id }) => {
    const desks = scenario.desks.filter(({ serves }) => serves.includes(id));
    return [
      id,
      {
        services: finishedServices(tickets, id),
        tickets: tickets.filter(({ queue }) => queue.id === id).flatMap(pastTicket),
        parked: course.parked
          .filter(({ queue }) => queue.id === id)
          .map(({ minutes }) => ({ daysAgo: 0, hour: 12, minutes })),
        missed: bookings.filter(({ queue, came }) => queue.id === id && !came).length,
        deskMinutes: desks.reduce((sum, { opens, closes }) => sum + closes - opens, 0),
      },
    ] as const;
  });
  return { queues: new Map(queues), pauses };
}

function pastTicket(ticket: Ticket): PastTicket[] {
  const { status, arrivedAt, slot, priority, calledAt, endedAt, atDesk } = ticket;
  const ended = calledAt ?? endedAt;
  if (ended === null) return [];
  return [
    {
      hour: Math.floor(arrivedAt / 60) % 24,
      priority,
      cameAfterSlot: slot === null ? null : arrivedAt - slot,
      waited: ended - arrivedAt,
      outcome: status === 'left' ? 'left' : status === 'skipped' ? 'no_show' : 'served',
      atDesk,
    },
  ];
}

function instant({ day }: Day, minutes: number): Date {
  return addMinutes(FIRST_DAY, day * 24 * 60 + minutes);
}

function minutesOf(course: Day, moment: Date): number {
  return (moment.getTime() - instant(course, 0).getTime()) / MINUTE;
}
