import { html, raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { cameLate } from '../../src/domain/order.ts';
import type { Expected, Panel } from '../../src/domain/panel.ts';
import { type EntryStatus, needsOf, type QueueEntry, type Verb } from '../../src/domain/ticket.ts';
import { type WhyNext, whyNext } from '../../src/domain/why.ts';
import { Badge } from '../parts.tsx';
import type { PieceUi } from '../ui.ts';
import {
  clockOf,
  type DeskView,
  deskHref,
  isAtDesk,
  type Scope,
  serviceNameOf,
  takesNobody,
  worksHere,
} from './view.ts';

// There may be a hundred rows on a screen that is rendered every few seconds, so they are templates and not components.

/** Everybody at another desk, called, parked and waiting, in calling order. */
export function lineRows(view: DeskView): Child[] {
  const { line, next } = view.panel;
  const front = worksHere(view.scope) ? frontOf(view) : undefined;
  const tickets = ticketsOf(line);
  const special = new Set([front?.id, next?.id, view.touched]);
  const from = tickets.findLastIndex(({ id }) => special.has(id)) + 1;
  const rest = view.rows.rest(tickets.slice(from));
  const rows = (rest ? tickets.slice(0, from) : tickets)
    .filter(({ id }) => id !== front?.id)
    .map((entry) => lineRow(view, entry, entry.id === next?.id));
  return rest ? [...rows, view.ui.embed(rest)] : rows;
}

/**
 * The rows of a line as everybody sees them who looks at it, made once for all its desks: but for the next there and who
 * was just acted on, which stand at the head of a line.
 */
export class KeptRows {
  readonly #tickets: readonly QueueEntry[];
  readonly #rows: readonly string[];
  readonly #rests = new Map<number, ReturnType<typeof raw>>();

  constructor(view: RowView) {
    this.#tickets = ticketsOf(view.panel.line);
    this.#rows = this.#tickets.map((entry) => String(lineRow(view, entry, false)));
  }

  /** The rows of the last `tickets` of the line, as one piece; undefined when these are others. */
  rest(tickets: readonly QueueEntry[]): ReturnType<typeof raw> | undefined {
    const from = this.#tickets.length - tickets.length;
    const isKept = ({ id, version }: QueueEntry, index: number) => {
      const kept = this.#tickets[from + index];
      return kept?.id === id && kept.version === version;
    };
    if (tickets.length === 0 || !tickets.every(isKept)) return undefined;
    const rest = this.#rests.get(from) ?? raw(this.#rows.slice(from).join(''));
    this.#rests.set(from, rest);
    return rest;
  }
}

type RowView = Pick<DeskView, 'scope' | 'panel' | 'paused' | 'touched'> & { ui: PieceUi };

function ticketsOf({ serving, called, parked, waiting }: Panel['line']): QueueEntry[] {
  return [...serving, ...called, ...parked, ...waiting];
}

/** Whether the ticket that was just acted on has no row of its own that could have the focus. */
export function hasNoRow(view: DeskView): boolean {
  const { touched, panel } = view;
  const front = worksHere(view.scope) ? frontOf(view) : undefined;
  return touched !== undefined && (touched === front?.id || !hasRow(panel, touched));
}

function hasRow({ line, expected }: Panel, id: string): boolean {
  return ticketsOf(line).some((entry) => entry.id === id) || expected.some(({ entry }) => entry?.id === id);
}

/** Whom a desk has in front of it: who is served there, or who was called there. */
export function frontOf({ panel: { serving, next } }: Pick<DeskView, 'panel'>): QueueEntry | undefined {
  return serving ?? (next?.status === 'called' ? next : undefined);
}

function lineRow(view: RowView, entry: QueueEntry, isNext: boolean) {
  const { ui } = view;
  const t = ui.text.desk;
  const until = entry.status === 'waiting' ? ui.now : (entry.calledAt ?? ui.now);
  const waited = t.minutes(ui.format.minutesBetween(entry.arrivedAt, until));
  return html`<tr id="t-${entry.id}"${isNext ? MARKS.next : ''}>${ticketCell(view, entry)}<td>${who(view, entry)}</td><td data-label="${t.why}">${reason(view, entry)}</td><td class="num" data-label="${t.waited}">${waited}</td><td>${rowActions(view, entry, isNext)}</td></tr>`;
}

/** Those who were not there when they were called, and can still come back. */
export function skippedRows(view: DeskView) {
  const t = view.ui.text.desk;
  return view.panel.skipped.map((entry) => {
    const skipped = entry.endedAt ? clockOf(view, entry.endedAt) : '';
    return html`<tr id="t-${entry.id}"><th scope="row">${entry.number}</th><td>${who(view, entry)}</td><td data-label="${t.skippedAt}"><time datetime="${skipped}">${skipped}</time></td><td>${rowForm(view, entry, ['reinstate'])}</td></tr>`;
  });
}

/** Those with a reservation today who are not here yet. */
export function expectedRows(view: DeskView) {
  const t = view.ui.text.desk;
  return view.panel.expected.map((expected: Expected) => {
    if (expected.entry) return bookedRow(view, expected.entry);
    const slot = clockOf(view, expected.timeSlot);
    const name = expected.name ?? t.unnamed;
    const service = serviceNameOf(view.scope, expected.serviceId);
    const late = view.ui.format.minutesBetween(expected.timeSlot, view.ui.now);
    const overdue = late > 0 ? html` <small>${t.overdue(late)}</small>` : '';
    return html`<tr id="r-${expected.id}"><th scope="row"><time datetime="${slot}">${slot}</time>${overdue}</th><td>${name}${service ? html` <small>${service}</small>` : ''}</td><td><form class="row" method="post" action="${deskHref(view, `/reservations/${expected.id}/check-in`)}" hx-boost='${MARKS.boost}'><button type="submit" aria-label="${t.checkIn} ${name}">${t.checkIn}</button></form></td></tr>`;
  });
}

/** Somebody whose ticket came with the booking: nobody checks them in, and whoever calls them now says why. */
function bookedRow(view: DeskView, entry: QueueEntry) {
  const due = clockOf(view, entry.dueAt);
  return html`<tr id="t-${entry.id}"><th scope="row"${focusOf(view, entry)}><time datetime="${due}">${due}</time> <small>${entry.number}</small></th><td>${who(view, entry)}</td><td>${rowActions(view, entry, false)}</td></tr>`;
}

/** Why a ticket stands where it does, in one line. */
export function reason(view: Pick<RowView, 'ui' | 'scope' | 'panel'>, entry: QueueEntry): string {
  const t = view.ui.text.desk;
  const placed = entry.placedBy === null ? undefined : t.placed[entry.placedBy];
  const said = [arrival(view, entry), placed, entry.reason].filter(Boolean);
  return said.join('; ');
}

function arrival(view: Pick<RowView, 'ui' | 'scope' | 'panel'>, entry: QueueEntry): string {
  const t = view.ui.text.desk;
  const arrived = clockOf(view, entry.arrivedAt);
  if (entry.reservationId === null) return entry.priority > 0 ? t.priorityWalkIn(arrived) : t.walkIn(arrived);
  const slot = view.panel.slots.get(entry.reservationId);
  // Whose place was changed since may have come late or not: when they came says it.
  if (entry.placedBy !== null) return t.reserved(slot && clockOf(view, slot), arrived);
  // Who stands at this desk may be of a line that it does not show.
  const service = view.scope.services.find(({ id }) => id === entry.serviceId) ?? CHECKS_IN;
  if (cameLate(entry, service)) return t.late(slot && clockOf(view, slot), arrived);
  // Sent here by another service, on time: they are due at their slot.
  return t.onTime(clockOf(view, slot ?? entry.dueAt));
}

const CHECKS_IN = { checkIn: 'required' as const };

/** Why the next one is next, in one line. */
export function whyNextText(view: DeskView, entry: QueueEntry): string {
  const t = view.ui.text.desk;
  if (entry.status === 'called') return t.whyCalled(entry.number);
  const why: WhyNext = whyNext(entry, view.ui.now);
  return t.whyNext[why.code](entry.number, clockOf(view, why.dueAt), why.aheadMinutes);
}

/** The name, where it stands if it does not wait, and what one should know before the call. */
function who(view: Pick<RowView, 'ui' | 'scope'>, entry: QueueEntry) {
  const { ui, scope } = view;
  const service = serviceNameOf(scope, entry.serviceId);
  const needs = entry.needs === '' ? '' : html` ${needBadges(ui, entry)}`;
  return html`${entry.name || ui.text.desk.unnamed}${entry.status === 'waiting' ? '' : html` ${Badge({ ui, status: entry.status })}`}${deskName(view, entry)}${needs}${service ? html` <small>${service}</small>` : ''}${entry.note ? html` <small class="note">${entry.note}</small>` : ''}`;
}

/** What somebody should be ready for before they call a ticket. */
export function needBadges(ui: PieceUi, entry: Pick<QueueEntry, 'needs'>) {
  return needsOf(entry).map((need) => html`<strong class="need">${ui.text.desk.needs[need]}</strong> `);
}

function deskName({ scope }: Pick<DeskView, 'scope'>, entry: QueueEntry) {
  const name = isAtDesk(entry) && scope.deskNames.get(entry.deskId ?? '');
  return name ? html` <small>${name}</small>` : '';
}

/** What a row of the line has buttons for; everything else is on the ticket's own page. */
const OF_ROWS: Partial<Record<EntryStatus, readonly Verb[]>> = {
  called: ['start', 'recall', 'skip'],
  parked: ['start', 'complete'],
  in_service: ['complete'],
};

function rowActions(view: RowView, entry: QueueEntry, isNext: boolean) {
  const verbs = isNext && entry.status === 'waiting' ? (['call'] as const) : OF_ROWS[entry.status];
  if (verbs) return rowForm(view, entry, possible(view.scope, verbs));
  const href = deskHref(view, `/entries/${entry.id}`);
  const t = view.ui.text.desk;
  // Before others: that needs a reason, which the ticket's page asks for. A browser puts the focus on the field it is led to.
  const early = takesNobody(view.scope)
    ? ''
    : html`<a class="button" href="${href}#call-reason" aria-label="${t.callEarly} ${entry.number}">${t.callEarly}</a> `;
  return html`<div class="row">${early}<a class="button quiet" href="${href}" aria-label="${t.more} ${entry.number}">${t.more}</a></div>`;
}

/** Those of the verbs that would not be refused because the desk is paused. */
export function possible(scope: Scope, verbs: readonly Verb[]): Verb[] {
  return verbs.filter((verb) => !takesNobody(scope) || (verb !== 'call' && verb !== 'start'));
}

function rowForm(view: Pick<RowView, 'ui' | 'scope' | 'paused'>, entry: QueueEntry, verbs: readonly Verb[]) {
  const more = view.ui.text.desk.more;
  const href = deskHref(view, `/entries/${entry.id}`);
  return html`<form class="row" method="post" action="${href}" hx-boost='${MARKS.boost}'><input type="hidden" name="version" value="${entry.version}">${verbButtons(view.ui, entry, verbs)}<a class="button quiet" href="${href}" hx-boost="false" aria-label="${more} ${entry.number}">${more}</a></form>`;
}

/** The form of the ticket in front of a desk. Its keys are told by the script that makes them work. */
export function frontForm(view: DeskView, entry: QueueEntry) {
  const verbs: readonly Verb[] =
    entry.status === 'called'
      ? ['start', 'recall', 'requeue', 'skip']
      : ['complete', 'park', 'requeue', 'skip'];
  const href = deskHref(view, `/entries/${entry.id}`);
  const more = view.ui.text.desk.more;
  return html`<form class="row steps" method="post" action="${href}"><input type="hidden" name="version" value="${entry.version}">${verbButtons(view.ui, entry, possible(view.scope, verbs), KEYS)}<a class="button quiet" href="${href}" hx-boost="false" data-key="m" aria-label="${more} ${entry.number}">${more}</a></form>`;
}

/** A button for each verb, of one form: a terminal's browser knows names of buttons, but no `formaction`. */
export function verbButtons(
  { text: { desk } }: PieceUi,
  { number }: QueueEntry,
  verbs: readonly Verb[],
  keys: Partial<Record<Verb, string>> = {},
) {
  return verbs.map((verb) => {
    const key = keys[verb];
    const label = desk.verbs[verb];
    // A terminal's browser draws no borders: the space keeps the buttons apart.
    return html`<button type="submit" name="verb" value="${verb}"${QUIET.has(verb) ? MARKS.quiet : ''}${key ? html` data-key="${key}"` : ''} aria-label="${label} ${number}">${label}</button> `;
  });
}

function ticketCell(view: Pick<DeskView, 'touched'>, entry: QueueEntry) {
  return html`<th scope="row"${focusOf(view, entry)}>${entry.number}</th>`;
}

function focusOf({ touched }: Pick<DeskView, 'touched'>, { id }: QueueEntry) {
  return id === touched ? MARKS.focus : '';
}

/** What changes the panel in place, for forms among links that lead away. */
export const BOOST = 'target:"#desk-panel" swap:"outerMorph show:none" push:false';

const KEYS: Partial<Record<Verb, string>> = {
  start: 's',
  recall: 'r',
  complete: 'c',
  park: 'p',
  requeue: 'b',
  skip: 'k',
};
const QUIET: ReadonlySet<Verb> = new Set(['skip', 'leave']);
const MARKS = {
  next: raw(' data-next'),
  quiet: raw(' class="quiet"'),
  boost: raw(BOOST),
  focus: raw(' tabindex="-1" data-focus="lost"'),
};
