import { MINUTE } from './clock.ts';
import { callingOrder, type Ranked } from './order.ts';
import type { QueueEntry, TicketState } from './ticket.ts';
import { type Happened, type Waiting, type WorseCode, whyWorse } from './why.ts';

/** A ticket as far as its place in a line goes. */
export type Placed = Ranked & Waiting & Pick<QueueEntry, 'status' | 'serviceId'>;

/** What was done to a ticket, and what of its place it changed; null where it made the ticket. */
export interface Change extends Happened {
  at: Date;
  before: Pick<TicketState, (typeof PLACE_FIELDS)[number]> | null;
}

const PLACE_FIELDS = [
  'status',
  'serviceId',
  'dueAt',
  'effectiveAt',
  'awayUntil',
  'placedBy',
] as const satisfies readonly (keyof TicketState)[];

/** A line at a moment when it changed, or when somebody became due. */
export class Step {
  readonly at: Date;
  /** In calling order. */
  readonly waiting: readonly Placed[];
  readonly called: ReadonlySet<string>;
  /** What happened since the step before. */
  readonly events: readonly Happened[];
  /** Whether somebody may have more ahead than at the step before: most steps make nobody's place worse. */
  mayBeWorse = false;
  #ahead: Map<string, number> | undefined;

  constructor({ at, waiting, called, events }: Pick<Step, 'at' | 'waiting' | 'called' | 'events'>) {
    this.at = at;
    this.waiting = waiting;
    this.called = called;
    this.events = events;
  }

  /** How many are ahead of a ticket; undefined unless it waits. Counted for all when the first is asked for, which is rare. */
  aheadOf(id: string): number | undefined {
    this.#ahead ??= new Map(this.waiting.map((ticket, index) => [ticket.id, index]));
    return this.#ahead.get(id);
  }
}

/** A place that got worse: when, why, and how many were ahead from then on. */
export interface Worsening {
  at: Date;
  codes: WorseCode[];
  ahead: number;
}

/** How far back a line is looked at, and in how many steps at most: what is older was seen, or is of no use any more. */
export const HISTORY_MS = 15 * MINUTE;
const MOST_STEPS = 60;

/**
 * A line as it stood at each moment since `since`, the first step being that one. It is told backwards: from the day's
 * tickets of the line as they are now, and from what each change found. `changes` are those after `since`, the oldest first.
 */
export function stepsOf(
  serviceId: string,
  tickets: readonly Placed[],
  changes: readonly Change[],
  since: Date,
  now: Date,
): Step[] {
  // In the order as it is now, which is nearly that of each earlier moment: then sorting is little more than looking.
  const state = new Map(callingOrder(tickets, now).map((ticket) => [ticket.id, ticket]));
  const moments = momentsOf(tickets, changes, since, now);
  /** How many of the changes had happened by each moment. */
  const happened = moments.map((at) => changes.findLastIndex((change) => change.at <= at) + 1);
  const steps: Step[] = [];
  moments.forEach((at, index) => {
    const [by, before, after = changes.length] = [
      happened[index] as number,
      happened[index + 1],
      happened[index - 1],
    ];
    for (const change of changes.slice(by, after).reverse()) takeBack(state, change);
    const there: Placed[] = [];
    const called = new Set<string>();
    for (const ticket of state.values()) {
      if (ticket.serviceId !== serviceId) continue;
      if (ticket.status === 'waiting') there.push(ticket);
      else if (ticket.status === 'called') called.add(ticket.id);
    }
    const events = before === undefined ? [] : changes.slice(before, by);
    steps.push(new Step({ at, waiting: callingOrder(there, at), called, events }));
  });
  steps.reverse();
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    step.mayBeWorse = before !== undefined && !onlyGoesOn(before, step);
  }
  return steps;
}

/** Whether a line lost some and got new ones at its end, and is in the same order otherwise. Then nobody's place got worse. */
function onlyGoesOn(before: Step, { waiting }: Step): boolean {
  let place = 0;
  for (const { id } of waiting) {
    while (place < before.waiting.length && before.waiting[place]?.id !== id) place += 1;
    if (place < before.waiting.length) place += 1;
    else if (before.called.has(id) || before.aheadOf(id) !== undefined) return false;
  }
  return true;
}

/**
 * When a ticket's place got worse, and why, the latest first; whoever was called and waits again had nobody ahead.
 *
 * @param most of them at most
 */
export function worsenings(id: string, steps: readonly Step[], most = Number.POSITIVE_INFINITY): Worsening[] {
  const found: Worsening[] = [];
  for (let index = steps.length - 1; index > 0 && found.length < most; index--) {
    const [before, step] = [steps[index - 1] as Step, steps[index] as Step];
    if (!step.mayBeWorse) continue;
    const wasCalled = before.called.has(id);
    const [was, ahead] = [wasCalled ? 0 : before.aheadOf(id), step.aheadOf(id)];
    if (was === undefined || ahead === undefined || ahead <= was) continue;
    const self = step.waiting[ahead] as Placed;
    const codes = whyWorse(
      id,
      wasCalled ? [self, ...before.waiting] : before.waiting,
      step.waiting,
      step.events,
    );
    if (codes.length === 0) continue;
    // Of one who is not due yet no place is told but the first: most of those ahead they pass once they are.
    if (self.dueAt > step.at && was > 0 && !codes.includes('delayed')) continue;
    const told = sinceReturn(id, { at: step.at, codes, ahead }, before, steps.slice(index + 1));
    const isTold = found.some(({ at, codes }) => at === told?.at && codes.includes('returned'));
    if (told && !isTold) found.push(told);
  }
  return found.sort((a, b) => b.at.getTime() - a.at.getTime());
}

/**
 * What more time cost, once its holder is back from it: they are due again, and yet as much later in the order as they asked
 * for. From then on it is told as `returned`, where somebody went ahead by it who was not ahead before, and else not at all.
 */
function sinceReturn(
  id: string,
  worse: Worsening,
  before: Step,
  after: readonly Step[],
): Worsening | undefined {
  if (!worse.codes.includes('delayed')) return worse;
  const back = after.find(({ events }) =>
    events.some(({ entryId, verb, undone }) => entryId === id && verb === 'back' && !undone),
  );
  const ahead = back?.aheadOf(id);
  if (!back || ahead === undefined) return worse;
  const known = new Set(before.waiting.slice(0, before.aheadOf(id) ?? 0).map((ticket) => ticket.id));
  const isPassed = back.waiting.slice(0, ahead).some((ticket) => !known.has(ticket.id));
  return isPassed ? { at: back.at, codes: ['returned'], ahead } : undefined;
}

/** The moments at which places can change, the latest first; `since` comes last. */
function momentsOf(tickets: readonly Placed[], changes: readonly Change[], since: Date, now: Date): Date[] {
  const times = [
    ...changes.flatMap(({ at, before }) => (before ? [at, before.dueAt] : [at])),
    ...tickets.map(({ dueAt }) => dueAt),
  ].filter((time) => time > since && time <= now);
  const latest = [...new Set([...times, now].map(Number))].sort((a, b) => b - a).slice(0, MOST_STEPS);
  return [...latest.map((time) => new Date(time)), since];
}

function takeBack(state: Map<string, Placed>, { entryId, before }: Change): void {
  const ticket = entryId === null ? undefined : state.get(entryId);
  if (!ticket) return;
  if (before === null) state.delete(ticket.id);
  else state.set(ticket.id, { ...ticket, ...before });
}
