import { html, raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import {
  type HeldTicket,
  type HolderDeed,
  isAway,
  mayChange,
  mustCome,
  type ShownEstimate,
} from '../../src/domain/held.ts';
import { callableFrom } from '../../src/domain/order.ts';
import { ON_CHANGE } from '../live.ts';
import { Badge, FormKey } from '../parts.tsx';
import type { Ui } from '../ui.ts';

/** A ticket on its holder's screen. */
export interface ShownTicket {
  ui: Ui;
  held: HeldTicket;
  /** The page that it stands on; its forms lead below it. */
  path: string;
  paused: boolean;
  /** What this screen stands for, so that it is only sent again when it would differ. */
  tag: string;
  /** What a form of this ticket did, or why it did not. */
  notice?: { kind: 'success' | 'warning'; text: string } | undefined;
}

/** What a form of the ticket did. It stands outside of the panel, so that no news take it from somebody who reads. */
export function TicketNotice({ notice }: Pick<ShownTicket, 'notice'>) {
  return (
    <div id="ticket-notice" class="stack">
      <NoticeText notice={notice} />
    </div>
  );
}

/** The answer to a poll, with the title: it is all that somebody sees who looks at another tab. */
export function ticketUpdate({ text: { layout } }: Ui, title: string, panel: Child) {
  return html`<title>${title} · ${layout.product}</title>${panel}`;
}

/** A page's title while it follows a ticket; `otherwise` unless its holder has to come now. */
export function ticketTitle({ text, now }: Ui, held: HeldTicket, otherwise: string): string {
  return mustCome(held, now) ? text.ticket.turnTitle(held.entry.number) : otherwise;
}

/** The answer to a form of the panel: the panel, and what there is to say. */
export function TicketAnswer({ notice, children }: Pick<ShownTicket, 'notice'> & { children: Child }) {
  return (
    <>
      {children}
      <hx-partial hx-target="#ticket-notice" hx-swap="innerHTML">
        <NoticeText notice={notice} />
      </hx-partial>
    </>
  );
}

function NoticeText({ notice }: Pick<ShownTicket, 'notice'>) {
  if (!notice) return null;
  return (
    <p class="notice" data-kind={notice.kind} tabindex={-1} data-focus>
      <span>{notice.text}</span>
    </p>
  );
}

// A line that changed has a phone for each of its tickets, which all ask at once: what they get are templates and not
// components, which cost ten times as much.

/** What changes while somebody waits. `children` stand where there is no ticket yet. */
export function TicketPanel({
  shown,
  held,
  children,
}: {
  shown: Omit<ShownTicket, 'held' | 'notice'>;
  held: HeldTicket | undefined;
  children?: Child;
}) {
  const { ui, path, paused, tag } = shown;
  const t = ui.text.ticket;
  if (!held || !mayChange(held, ui.now))
    return html`<div id="ticket-panel" class="stack">${held ? ticket({ ...shown, held }) : children}</div>`;
  const polls = paused
    ? ''
    : html` hx-get="${path}" hx-trigger="${MARKS.onChange}" hx-swap="outerMorph" hx-ptag="${tag}" hx-status:5xx="swap:none" data-live data-lines="${held.service.slug}"`;
  const updated = t.updated(ui.format.time(ui.now, held.service.location.timeZone));
  return html`<div id="ticket-panel" class="stack"${polls}>${ticket({ ...shown, held })}<p class="hint">${updated} <a href="${paused ? path : `${path}?pause`}">${paused ? t.resume : t.pause}</a></p></div>`;
}

function ticket(shown: Omit<ShownTicket, 'notice'>) {
  const { ui, held } = shown;
  const { entry, service } = held;
  return html`<article class="ticket" data-status="${entry.status}" aria-labelledby="ticket-number"><header><p>${service.name}</p><h2 class="number" id="ticket-number"><span class="visually-hidden">${ui.text.ticket.label} </span>${entry.number}</h2>${Badge({ ui, status: entry.status })}</header><div>${standing(ui, held)}${reasons(ui, held)}${deeds(shown)}</div></article>`;
}

/** Where the ticket stands. One sentence of it is spoken: politely, but for the call. */
function standing(ui: Ui, held: HeldTicket) {
  const t = ui.text.ticket;
  const { entry, service, ahead, desk, estimate, lateMinutes, over } = held;
  if (mustCome(held, ui.now))
    return html`${desk ? html`<p class="desk-name">${desk}</p>` : ''}<p id="turn" class="ahead" role="alert">${desk ? t.calledTo(desk) : t.called}</p>`;
  const spoken = (text: string) => html`<p id="standing" class="ahead" role="status">${text}</p>`;
  if (ahead === null)
    return html`${spoken(sentence(ui, held))}${entry.status === 'skipped' && !over ? html`<p>${wayBack(ui, held)}</p>` : ''}`;
  const { dueAt } = entry;
  // Nobody is before them, and yet they are not called for hours: "next" would keep them at the door.
  const isEarly = ahead === 0 && ui.now < callableFrom(entry, service.earlyCallMinutes);
  const place = isEarly ? t.yourTime(ui.format.time(dueAt, service.location.timeZone)) : t.ahead(ahead);
  return html`${spoken(place)}${estimate ? html`<p class="estimate">${estimateText(ui, held, estimate)}</p>` : ''}<p>${sentence(ui, held)}</p>${lateMinutes > 0 ? html`<p>${t.late(lateMinutes)}</p>` : ''}`;
}

function sentence(ui: Ui, { entry, service, desk, over, toCome }: HeldTicket): string {
  const t = ui.text.ticket;
  if (toCome && entry.status === 'waiting') return t.toCome(ui.format.day(entry.localDay));
  const clock = (instant: Date) => ui.format.time(instant, service.location.timeZone);
  if (over && !['completed', 'left', 'skipped'].includes(entry.status)) return t.over;
  if (entry.status === 'in_service' && desk) return t.servedAt(desk);
  if (entry.status !== 'waiting') return t[entry.status];
  if (isAway(entry, ui.now) && entry.awayUntil) return t.away(clock(entry.awayUntil));
  if (entry.dueAt <= ui.now) return t.waiting;
  const { earlyCallMinutes } = service;
  if (earlyCallMinutes !== null) return t.notBefore(clock(callableFrom(entry, earlyCallMinutes)));
  return t.notDueYet(clock(entry.dueAt));
}

function wayBack(ui: Ui, { backUntil, service }: HeldTicket): string {
  const t = ui.text.ticket;
  return backUntil ? t.backUntil(ui.format.time(backUntil, service.location.timeZone)) : t.backOver;
}

/** How long it may still take, with its age. */
export function estimateText(ui: Ui, { service }: HeldTicket, { low, high, at }: ShownEstimate): string {
  const t = ui.text.ticket;
  return t.estimateAt(t.estimate(low, high), ui.format.time(at, service.location.timeZone));
}

/** A place never gets worse without a word. */
function reasons(ui: Ui, { worse, service }: HeldTicket) {
  if (worse.length === 0) return '';
  const t = ui.text.ticket;
  const items = worse.map(({ at, codes, ahead }) => {
    const time = ui.format.time(at, service.location.timeZone);
    return html`<li>${t.worseAt(time, codes.map((code) => t.worse[code]).join('; '), ahead)}</li>`;
  });
  return html`<section class="reasons" aria-labelledby="reasons"><h3 id="reasons">${t.worseTitle}</h3><ul>${items}</ul></section>`;
}

/** What its holder can do. Leaving stands last and looks least like a button to press. */
function deeds(shown: Omit<ShownTicket, 'notice'>) {
  const { ui, held } = shown;
  const t = ui.text.ticket;
  const { entry, delay, service, over, toCome, canUndo } = held;
  const undo = canUndo ? deedForm(shown, 'undo', t.undo) : '';
  const back = isAway(entry, ui.now) && !over ? deedForm(shown, 'back', t.back, MARKS.primary) : '';
  const more =
    delay && delay.left > 0
      ? html`<div><p class="hint" id="delay-cost">${t.delayCost(delay.left, ui.format.time(delay.until, service.location.timeZone), delay.places)}</p>${deedForm(shown, 'delay', t.delay, MARKS.cost)}</div>`
      : '';
  const mayLeave = !over && !toCome && ['waiting', 'called', 'parked'].includes(entry.status);
  const leave = mayLeave ? deedForm(shown, 'leave', t.leave, MARKS.quiet) : '';
  return html`<div class="deeds">${undo}${back}${more}${leave}</div>`;
}

/** A form of a ticket; it changes the panel in place. `marks` are attributes of its button. */
export function deedForm(
  { ui, held, path }: Omit<ShownTicket, 'notice'>,
  deed: HolderDeed,
  label: string,
  marks: ReturnType<typeof raw> | '' = '',
) {
  return html`<form method="post" action="${path}/${deed}" hx-boost='${MARKS.inPlace}' hx-sync="#ticket-panel:queue all" data-once>${FormKey({ ui })}<input type="hidden" name="version" value="${held.entry.version}"><button type="submit"${marks}>${label}</button></form>`;
}

const MARKS = {
  onChange: raw(ON_CHANGE),
  inPlace: raw('target:"#ticket-panel" swap:"outerMorph show:none" push:false'),
  primary: raw(' class="primary"'),
  quiet: raw(' class="quiet"'),
  cost: raw(' aria-describedby="delay-cost"'),
};
