import { html, raw } from 'hono/html';
import type { Expected } from '../../src/domain/panel.ts';
import { type EntryStatus, type QueueEntry, verbsFor } from '../../src/domain/ticket.ts';
import type { Ui } from '../ui.ts';
import { clockOf, DESK_VERBS, type DeskVerb, type DeskView, deskHref } from './view.ts';

// There may be a hundred rows on a screen that is rendered every few seconds, so they are templates and not components.

/** Everybody at another desk, called, parked and waiting, in calling order. */
export function lineRows(view: DeskView) {
  const { line, serving, next } = view.panel;
  const elsewhere = line.serving.filter((entry) => entry !== serving);
  const stamp = stampOf(view);
  return [...elsewhere, ...line.called, ...line.parked, ...line.waiting].map((entry) =>
    lineRow(view, stamp, entry, entry === next),
  );
}

function lineRow(view: DeskView, stamp: Stamp, entry: QueueEntry, isNext: boolean) {
  const { ui } = view;
  const t = ui.text.desk;
  const due = clockOf(view, entry.dueAt);
  return html`<tr id="t-${entry.id}"${isNext ? MARKS.next : ''}>${ticketCell(view, entry)}<td>${entry.name || t.unnamed}</td><td>${badge(ui, entry.status)}</td><td data-label="${t.due}"><time datetime="${due}">${due}</time></td><td data-label="${t.why}">${reason(view, entry)}</td><td class="num" data-label="${t.waited}">${t.minutes(ui.format.minutesBetween(entry.arrivedAt, ui.now))}</td><td><div class="row">${stampVerbs(view, stamp, entry)}</div></td></tr>`;
}

export function skippedRows(view: DeskView) {
  const { ui, panel } = view;
  const t = ui.text.desk;
  return panel.skipped.map((entry) => {
    const skipped = entry.endedAt ? clockOf(view, entry.endedAt) : '';
    return html`<tr id="t-${entry.id}">${ticketCell(view, entry)}<td>${entry.name || t.unnamed}</td><td data-label="${t.skippedAt}"><time datetime="${skipped}">${skipped}</time></td><td><div class="row">${verbForms(view, entry)}</div></td></tr>`;
  });
}

export function expectedRows(view: DeskView) {
  const { ui, panel } = view;
  const t = ui.text.desk;
  return panel.expected.map((expected: Expected) => {
    const slot = clockOf(view, expected.timeSlot);
    const name = expected.name ?? t.unnamed;
    return html`<tr id="r-${expected.id}"><th scope="row"><time datetime="${slot}">${slot}</time></th><td>${name}</td><td><form class="row" method="post" action="${deskHref(view, `/reservations/${expected.id}/check-in`)}"><button type="submit">${t.checkIn}<span class="visually-hidden"> ${name}</span></button></form></td></tr>`;
  });
}

/** Why a ticket stands where it does, in one line. */
export function reason(view: DeskView, entry: QueueEntry): string {
  const t = view.ui.text.desk;
  const arrived = clockOf(view, entry.arrivedAt);
  if (entry.reservationId === null) return entry.priority > 0 ? t.priorityWalkIn(arrived) : t.walkIn(arrived);
  const slot = view.panel.slots.get(entry.reservationId);
  if (slot === undefined)
    return entry.dueAt > entry.arrivedAt ? t.onTime(clockOf(view, entry.dueAt)) : t.lateUnknown(arrived);
  return entry.dueAt > slot ? t.late(clockOf(view, slot), arrived) : t.onTime(clockOf(view, slot));
}

/** What a desk can do to a ticket: a form for each verb, for a terminal's browser knows no `formaction`. */
export function verbForms(view: DeskView, entry: QueueEntry) {
  return stampVerbs(view, stampOf(view), entry);
}

/** What is the same in every row, escaped once: three forms a row are most of the panel. */
interface Stamp {
  open: string;
  verbs: Record<DeskVerb, { middle: string; button: string }>;
  menu: string;
}

function stampOf(view: DeskView): Stamp {
  const t = view.ui.text.desk;
  const piece = (verb: DeskVerb) => ({
    middle: `/${verb}${view.paused ? '?pause' : ''}"><input type="hidden" name="version" value="`,
    button: String(
      html`"><button type="submit"${QUIET.has(verb) ? MARKS.quiet : ''}>${t.verbs[verb]}<span class="visually-hidden"> `,
    ),
  });
  return {
    open: String(html`<form method="post" action="/desk/${view.service.slug}/entries/`),
    verbs: Object.fromEntries(DESK_VERBS.map((verb) => [verb, piece(verb)])) as Stamp['verbs'],
    menu: String(html`<details class="menu"><summary>${t.more}<span class="visually-hidden"> ${t.moreFor} `),
  };
}

/** The first verb is the one that leads on; to give a ticket up for good takes one step more. */
function stampVerbs(view: DeskView, stamp: Stamp, entry: QueueEntry) {
  const offered: readonly string[] = verbsFor(entry, view.service, view.ui.now);
  const number = String(html`${entry.number}`);
  const form = (verb: DeskVerb) => {
    const { middle, button } = stamp.verbs[verb];
    return `${stamp.open}${entry.id}${middle}${entry.version}${button}${number}</span></button></form>`;
  };
  const forms = DESK_VERBS.filter((verb) => offered.includes(verb)).map((verb) =>
    verb === 'leave'
      ? `${stamp.menu}${number}</span></summary><div>${form(verb)}</div></details>`
      : form(verb),
  );
  // A terminal's browser draws no borders: the space keeps the buttons apart.
  return raw(forms.join(' '));
}

function ticketCell({ touched }: DeskView, entry: QueueEntry) {
  return html`<th scope="row"${entry.id === touched ? MARKS.focus : ''}>${entry.number}</th>`;
}

function badge(ui: Ui, status: EntryStatus) {
  return html`<strong class="badge" data-status="${status}">${ui.text.statuses[status]}</strong>`;
}

const QUIET: ReadonlySet<DeskVerb> = new Set(['skip', 'leave']);
const MARKS = {
  next: raw(' data-next'),
  quiet: raw(' class="quiet"'),
  focus: raw(' tabindex="-1" data-focus="lost"'),
};
