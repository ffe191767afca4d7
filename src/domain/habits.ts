import { type DurationModel, type FinishedService, learnDurations, median, withToday } from './durations.ts';

/** A ticket of a past day, or one of today that is over. */
export interface PastTicket {
  /** The local hour (0 to 23) in which it was made. */
  hour: number;
  priority: number;
  /** How long after its slot a reservation checked in, in minutes, negative when early; null for a walk-in. */
  cameAfterSlot: number | null;
  /** Minutes from arrival to the call, or to leaving. */
  waited: number;
  /** `no_show` was called and skipped, `left` went before the call. */
  outcome: 'served' | 'no_show' | 'left';
  /** Minutes from the call to the first start or to being skipped; null for who was not called. */
  atDesk: number | null;
}

/** What a line was like in recent weeks: two to four are enough. */
export interface LineHistory {
  services: readonly FinishedService[];
  tickets: readonly PastTicket[];
  /** On how many local days it was open. */
  days: number;
  /** Confirmed reservations of those days that never checked in. */
  missed: number;
  /** How long tickets stayed parked, in minutes. */
  parked: readonly FinishedService[];
  /** How long its desks paused without a plan, in minutes; empty where nobody knows how long they were open. */
  pauses: readonly FinishedService[];
  /** How long its desks were open in all, in minutes. */
  deskMinutes: number;
}

/** All that an estimate needs to know about a line beyond its present state. */
export interface LineModel {
  durations: DurationModel;
  /** The share of the called who do not come, and how long their desk waits for them, in minutes. */
  noShow: number;
  noShowMinutes: number;
  /** Mean minutes from the call to the start. */
  walkMinutes: number;
  /** Of those waiting, how many leave in a minute, by how long they have waited: see LEAVING_FROM. */
  leaving: Float64Array;
  /** The share of reservations that come, … */
  comes: number;
  /** … and how many minutes after their slot, in ascending order, each as likely as the next. */
  cameAfterSlot: Float64Array;
  /** Walk-ins in a minute by local hour, one row of 24 for each priority. */
  walkIns: readonly Float64Array[];
  parked: DurationModel;
  pauses: DurationModel;
  /** Unplanned pauses that begin in a minute of an open desk. */
  pauseRate: number;
}

/** Where the steps of `leaving` begin, in minutes of waiting. */
export const LEAVING_FROM = [0, 5, 10, 20, 40, 80] as const;

/** Nobody has told how long a pause or a parked ticket takes: a first guess. */
const PAUSE_MINUTES = 15;
/** First guesses, and how many observations they count as. */
const NO_SHOW = { share: 0.05, count: 20 };
const COMES = { share: 0.9, count: 10 };
const NO_SHOW_MINUTES = { mean: 2, count: 5 };
const WALK_MINUTES = { mean: 0.5, count: 5 };
/** One of a thousand minutes of waiting ends with leaving. */
const LEAVING = { rate: 0.001, minutes: 500 };
const CAME_AFTER_SLOT = [-20, -15, -10, -8, -6, -5, -4, -2, 0, 5];
/** So many points tell how early and late people come. */
const MOST_POINTS = 64;
/** No pause in so many minutes, before there is data. */
const QUIET_MINUTES = 2000;
const PRIORITIES = [0, 1, 2, 3] as const;

/**
 * Learns a line from recent weeks; `configuredMinutes` is the duration of its service. Once a day is enough, a
 * millisecond for 2,000 services: `followToday` adds what has been finished since.
 */
export function learnLine(history: LineHistory, configuredMinutes: number): LineModel {
  const { tickets } = history;
  const called = tickets.filter(({ outcome }) => outcome !== 'left');
  const absent = called.filter(({ outcome }) => outcome === 'no_show');
  const booked = tickets.flatMap(({ cameAfterSlot }) => (cameAfterSlot === null ? [] : [cameAfterSlot]));
  return {
    durations: learnDurations(history.services, configuredMinutes),
    noShow: (absent.length + NO_SHOW.share * NO_SHOW.count) / (called.length + NO_SHOW.count),
    noShowMinutes: meanOf(minutesAtDesk(absent), NO_SHOW_MINUTES),
    walkMinutes: meanOf(minutesAtDesk(called.filter(({ outcome }) => outcome === 'served')), WALK_MINUTES),
    leaving: leavingRates(tickets),
    comes: (booked.length + COMES.share * COMES.count) / (booked.length + history.missed + COMES.count),
    cameAfterSlot: spreadPoints([...booked, ...CAME_AFTER_SLOT]),
    walkIns: PRIORITIES.map((priority) => walkInRates(tickets, priority, history.days)),
    parked: learnDurations(history.parked, PAUSE_MINUTES),
    pauses: learnDurations(history.pauses, PAUSE_MINUTES),
    pauseRate: history.pauses.length / (history.deskMinutes + QUIET_MINUTES),
  };
}

/** The model with today's finished services counted, all of them each time. Costs microseconds. */
export function followToday(model: LineModel, today: readonly FinishedService[]): LineModel {
  return { ...model, durations: withToday(model.durations, today) };
}

/** Without what was forgotten: nobody walks five times as long as others do. */
function minutesAtDesk(tickets: readonly PastTicket[]): number[] {
  const minutes = tickets.flatMap(({ atDesk }) => (atDesk === null ? [] : [atDesk]));
  const most = 5 * Math.max(median(minutes), 0.5);
  return minutes.map((value) => Math.min(value, most));
}

function meanOf(values: readonly number[], guess: { mean: number; count: number }): number {
  const minutes = values.reduce((sum, value) => sum + value, guess.mean * guess.count);
  return minutes / (values.length + guess.count);
}

/** Those who left, by the minutes that all spent in each step; steps with little data lean on the line's own rate. */
function leavingRates(tickets: readonly PastTicket[]): Float64Array {
  const left = new Float64Array(LEAVING_FROM.length);
  const minutes = new Float64Array(LEAVING_FROM.length);
  for (const { waited, outcome } of tickets) {
    for (const [step, from] of LEAVING_FROM.entries()) {
      const to = LEAVING_FROM[step + 1] ?? Number.POSITIVE_INFINITY;
      if (waited <= from) break;
      minutes[step] = (minutes[step] ?? 0) + Math.min(waited, to) - from;
      if (outcome === 'left' && waited <= to) left[step] = (left[step] ?? 0) + 1;
    }
  }
  const overall = (total(left) + LEAVING.rate * LEAVING.minutes) / (total(minutes) + LEAVING.minutes);
  return left.map(
    (count, step) => (count + overall * LEAVING.minutes) / ((minutes[step] ?? 0) + LEAVING.minutes),
  );
}

function walkInRates(tickets: readonly PastTicket[], priority: number, days: number): Float64Array {
  const rates = new Float64Array(24);
  if (days <= 0) return rates;
  for (const ticket of tickets) {
    if (ticket.cameAfterSlot === null && Math.min(ticket.priority, 3) === priority)
      rates[ticket.hour] = (rates[ticket.hour] ?? 0) + 1 / (days * 60);
  }
  return rates;
}

/** The values in order, thinned out evenly to what is quick to draw from. */
function spreadPoints(values: readonly number[]): Float64Array {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length <= MOST_POINTS) return sorted;
  return Float64Array.from(
    { length: MOST_POINTS },
    (_, point) => sorted[Math.floor(((point + 0.5) * sorted.length) / MOST_POINTS)] ?? 0,
  );
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
