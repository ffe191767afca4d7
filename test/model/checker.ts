/**
 * Judges a day by what was written down, and by nothing else: the rows of the tickets and the audit facts. It shares no
 * code with the program; the rules stand here a second time, as plainly as they can be said.
 */

export interface Ticket {
  id: string;
  serviceId: string;
  originServiceId: string;
  localDay: string;
  position: number;
  number: string;
  reservationId: string | null;
  version: number;
  [column: string]: unknown;
}

export interface Fact {
  id: string;
  at: Date;
  verb: string;
  actorId: string | null;
  via: string | null;
  serviceId: string | null;
  entryId: string | null;
  fromStatus: string | null;
  toStatus: string | null;
  data: unknown;
  actionId: string | null;
  before: Record<string, unknown> | null;
  undoneAt: Date | null;
}

export interface History {
  tickets: readonly Ticket[];
  /** In the order they were written. */
  facts: readonly Fact[];
  /** Which services each desk serves. */
  desks: ReadonlyMap<string, readonly string[]>;
  /** How early each service lets somebody be called, in minutes; null sets no limit. */
  earlyCall: ReadonlyMap<string, number | null>;
}

/** From which states each verb leads, and where to. Undoing is judged by what it undoes. */
const LEGAL: Record<string, { from: (string | null)[]; to: string[] }> = {
  'walk-in': { from: [null], to: ['waiting'] },
  'check-in': { from: [null], to: ['waiting'] },
  call: { from: ['waiting', 'parked'], to: ['called'] },
  recall: { from: ['called'], to: ['called'] },
  start: { from: ['called', 'parked'], to: ['in_service'] },
  complete: { from: ['in_service', 'parked'], to: ['completed'] },
  skip: { from: ['waiting', 'called', 'in_service', 'parked'], to: ['skipped'] },
  requeue: { from: ['called', 'in_service'], to: ['waiting'] },
  reinstate: { from: ['skipped'], to: ['waiting'] },
  park: { from: ['in_service'], to: ['parked'] },
  leave: { from: ['waiting', 'called', 'parked'], to: ['left'] },
  transfer: { from: ['waiting', 'called', 'in_service'], to: ['waiting'] },
  delay: { from: ['waiting', 'called'], to: ['waiting'] },
  back: { from: ['waiting'], to: ['waiting'] },
  move: { from: ['waiting'], to: ['waiting'] },
};

/** What only these may change. */
const ONLY: Record<string, string[]> = {
  serviceId: ['transfer'],
  dueAt: ['delay', 'back'],
  effectiveAt: ['delay', 'requeue', 'move'],
  delays: ['delay'],
  note: ['note'],
  needs: ['note'],
};

const STATE = [
  'status',
  'serviceId',
  'deskId',
  'dueAt',
  'effectiveAt',
  'calledAt',
  'startedAt',
  'endedAt',
  'parkedAt',
  'awayUntil',
  'delays',
  'placedBy',
  'reason',
  'note',
  'needs',
];

type State = Record<string, string | number | null>;

/** Everything that is wrong with a day; empty when nothing is. */
export function problemsOf(history: History): string[] {
  return [...wrongNumbers(history), ...wrongStories(history), ...wrongMoments(history)];
}

/** No number of a day is given twice, and none is left out. */
function wrongNumbers({ tickets }: History): string[] {
  const problems: string[] = [];
  for (const [queue, given] of Map.groupBy(
    tickets,
    (ticket) => `${ticket.originServiceId} ${ticket.localDay}`,
  )) {
    const positions = given.map(({ position }) => position).sort((a, b) => a - b);
    if (positions.some((position, index) => position !== index + 1))
      problems.push(`numbers of ${queue}: ${positions.join(' ')}`);
  }
  const live = tickets.filter(({ reservationId, status }) => reservationId !== null && status !== 'left');
  if (new Set(live.map(({ reservationId }) => reservationId)).size !== live.length)
    problems.push('a reservation has two tickets');
  return problems;
}

/** Each ticket's story: made once, each fact begins where the one before ended, and the row is where the last one ended. */
function wrongStories(history: History): string[] {
  const problems: string[] = [];
  const stories = Map.groupBy(
    history.facts.filter(({ entryId }) => entryId !== null),
    ({ entryId }) => entryId as string,
  );
  const known = new Set(history.tickets.map(({ id }) => id));
  for (const id of stories.keys()) if (!known.has(id)) problems.push(`the ticket ${id} is lost`);
  for (const ticket of history.tickets) {
    const story = stories.get(ticket.id) ?? [];
    const say = (what: string) => problems.push(`${ticket.number}: ${what}`);
    if (story.length !== ticket.version) say(`version ${ticket.version} after ${story.length} facts`);
    for (const [index, fact] of story.entries()) {
      const after = stateAfter(ticket, story, index);
      const before = fact.before && stateIn(fact.before);
      if ((index === 0) !== (before === null)) say(`made by ${fact.verb}, as number ${index} of its facts`);
      if (fact.fromStatus !== (before?.status ?? null))
        say(`${fact.verb} from ${fact.fromStatus}, was ${before?.status}`);
      if (fact.toStatus !== after.status) say(`${fact.verb} to ${fact.toStatus}, is ${after.status}`);
      if (before && fact.before?.version !== index)
        say(`${fact.verb} at version ${fact.before?.version} of ${index}`);
      const next = story[index + 1];
      if (fact.undoneAt !== null && (next?.verb !== 'undo' || next.at.getTime() !== fact.undoneAt.getTime()))
        say(`${fact.verb} was undone, and is not`);
      if (Number(after.delays) > 2) say('more than two delays');
      if (fact.verb === 'undo') problems.push(...wrongUndo(ticket, story, index, after));
      else if (!isLegal(fact)) say(`${fact.verb} from ${fact.fromStatus} to ${fact.toStatus}`);
      else if (before) {
        for (const [field, verbs] of Object.entries(ONLY))
          if (before[field] !== after[field] && !verbs.includes(fact.verb))
            say(`${fact.verb} changed ${field}`);
      }
    }
  }
  return problems;
}

function isLegal({ verb, fromStatus, toStatus }: Fact): boolean {
  if (verb === 'note') return fromStatus === toStatus;
  if (verb === 'advance')
    return (
      (fromStatus === 'in_service' && toStatus === 'completed') ||
      (['waiting', 'called'].includes(fromStatus ?? '') && toStatus === 'in_service')
    );
  const legal = LEGAL[verb];
  return Boolean(legal?.from.includes(fromStatus) && legal.to.includes(toStatus ?? ''));
}

/** Undoing follows at once what it undoes, within 30 seconds, by the same person, and puts back every column. */
function wrongUndo(ticket: Ticket, story: readonly Fact[], index: number, after: State): string[] {
  const [fact, undone] = [story[index] as Fact, story[index - 1]];
  const say = (what: string) => [`${ticket.number}: ${what}`];
  if (!undone || undone.verb === 'undo') return say('undo of nothing');
  if (undone.undoneAt?.getTime() !== fact.at.getTime()) return say('undone, and not marked');
  if (fact.at.getTime() - undone.at.getTime() > 30_000) return say('undone too late');
  if (fact.actorId !== undone.actorId || fact.via !== undone.via) return say('undone by somebody else');
  if (undone.before === null) return after.status === 'left' ? [] : say('undone, and still in the line');
  const expected = stateIn(undone.before);
  return STATE.filter((field) => expected[field] !== after[field]).flatMap((field) =>
    say(`undo of ${undone.verb} left ${field} at ${after[field]}, was ${expected[field]}`),
  );
}

/** The day played again: who was served where, who was next, and which desks and lines were open. */
function wrongMoments(history: History): string[] {
  const problems: string[] = [];
  const states = new Map<string, State>();
  const done = new Map<string, number>();
  const stories = Map.groupBy(history.facts, ({ entryId }) => entryId ?? '');
  const tickets = new Map(history.tickets.map((ticket) => [ticket.id, ticket]));
  const [paused, closed] = [new Set<string>(), new Set<string>()];
  for (const fact of history.facts) {
    const deskId = String((fact.data as { deskId?: string } | null)?.deskId);
    if (fact.verb === 'pause-desk') paused.add(deskId);
    if (fact.verb === 'resume-desk') paused.delete(deskId);
    if (fact.verb === 'close-intake') closed.add(String(fact.serviceId));
    if (fact.verb === 'open-intake') closed.delete(String(fact.serviceId));
    const ticket = tickets.get(fact.entryId ?? '');
    if (!ticket) continue;
    const index = done.get(ticket.id) ?? 0;
    done.set(ticket.id, index + 1);
    const after = stateAfter(ticket, stories.get(ticket.id) ?? [], index);
    const say = (what: string) => problems.push(`${ticket.number} at ${fact.at.toISOString()}: ${what}`);
    if (fact.verb === 'walk-in' && closed.has(ticket.originServiceId)) say('taken after the last ticket');
    const taken = ['call', 'start', 'advance'].includes(fact.verb) && fact.toStatus !== 'completed';
    if (taken && paused.has(String(after.deskId))) say('taken by a paused desk');
    if (fact.verb === 'advance' && fact.fromStatus === 'waiting') {
      const rightful = rightfulNext(history, states, after, fact.at);
      if (rightful !== ticket.id) say(`started before ${tickets.get(rightful ?? '')?.number}`);
    }
    states.set(ticket.id, after);
    if (after.status !== 'in_service' || after.deskId === null) continue;
    const here = [...states].filter(
      ([, { status, deskId: at }]) => status === 'in_service' && at === after.deskId,
    );
    if (here.length > 1) say('a second one served at its desk');
  }
  return problems;
}

/** Whom a desk has to start: whom it called, or else the first of the lines it serves. */
function rightfulNext(
  { desks, earlyCall }: History,
  states: ReadonlyMap<string, State>,
  { deskId, serviceId }: State,
  now: Date,
): string | undefined {
  const services = deskId === null ? [String(serviceId)] : (desks.get(String(deskId)) ?? []);
  const all = [...states].map(([id, state]) => ({ id, ...state }) as State & { id: string });
  const called = all.find(
    (each) =>
      each.status === 'called' && each.deskId === deskId && (deskId !== null || each.serviceId === serviceId),
  );
  if (called) return called.id;
  const waiting = all.filter(
    (each) => each.status === 'waiting' && services.includes(String(each.serviceId)),
  );
  const time = (value: string | number | null | undefined) => Date.parse(String(value));
  const first = (by: 'effectiveAt' | 'dueAt', of: typeof waiting) =>
    of.toSorted((a, b) => time(a[by]) - time(b[by]) || (a.id < b.id ? -1 : 1))[0]?.id;
  const due = waiting.filter((each) => time(each.dueAt) <= now.getTime());
  if (due.length > 0) return first('effectiveAt', due);
  const early = waiting.filter((each) => {
    const limit = earlyCall.get(String(each.serviceId)) ?? null;
    const away = each.awayUntil !== null && time(each.awayUntil) > now.getTime();
    return !away && (limit === null || time(each.dueAt) - now.getTime() <= limit * 60_000);
  });
  return first('dueAt', early);
}

/** What a ticket was after a fact: what the next one found, or else what its row says. */
function stateAfter(ticket: Ticket, story: readonly Fact[], index: number): State {
  return stateIn(story[index + 1]?.before ?? ticket);
}

function stateIn(row: Record<string, unknown>): State {
  return Object.fromEntries(
    STATE.map((field) => {
      const value = row[field];
      return [field, value instanceof Date ? value.toISOString() : (value as string | number | null)];
    }),
  );
}
