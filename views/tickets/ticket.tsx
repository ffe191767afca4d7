import { html, raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { addMinutes } from '../../src/domain/clock.ts';
import {
  type DelayOffer,
  type HeldTicket,
  type HolderDeed,
  isAway,
  mayChange,
  mustCome,
  type ShownEstimate,
  type StandingTicket,
} from '../../src/domain/held.ts';
import { callableFrom, cameLate } from '../../src/domain/order.ts';
import type { PlacedService } from '../../src/domain/service.ts';
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
  notice?: { kind: 'success' | 'warning'; text: string; deed?: HolderDeed } | undefined;
  /** Whether its reservation can be canceled beside it, which frees the place too: then nobody only leaves the line. */
  cancels?: boolean;
}

/** A page's title while it follows a ticket; `otherwise` unless its holder has to come now. */
export function ticketTitle({ text, now }: Ui, held: HeldTicket, otherwise: string): string {
  return mustCome(held, now) ? text.ticket.turnTitle(held.entry.number) : otherwise;
}

// A line that changed has a phone for each of its tickets, which all ask at once: what they get are templates and not
// components, which cost ten times as much.

/**
 * What changes while somebody waits. `children` stand where there is no ticket. It follows the line of `followed`, by default
 * that of a ticket that may still change.
 */
export function TicketPanel({
  shown,
  held,
  followed = held && mayChange(held, shown.ui.now) ? held.service : undefined,
  children,
}: {
  shown: Omit<ShownTicket, 'held' | 'notice'>;
  held: HeldTicket | undefined;
  followed?: PlacedService | undefined;
  children?: Child;
}) {
  const { ui, path, paused, tag } = shown;
  const t = ui.text.ticket;
  const content = held ? ticket({ ...shown, held }) : children;
  if (!followed) return html`<div id="ticket-panel" class="stack">${content}</div>`;
  const { slug, location } = followed;
  const polls = paused
    ? ''
    : html` hx-get="${path}" hx-trigger="${MARKS.onChange}" hx-swap="outerMorph" hx-sync="this:abort" hx-ptag="${tag}" hx-status:5xx="swap:none" data-live data-lines="${slug}"`;
  const updated = t.updated(ui.format.time(ui.now, location.timeZone));
  return html`<div id="ticket-panel" class="stack"${polls}>${content}<p class="hint updates">${updated} ${held && !paused ? html`<noscript>${t.reload} </noscript>` : ''}<a href="${paused ? path : `${path}?pause`}">${paused ? t.resume : t.pause}</a></p></div>`;
}

function ticket(shown: Omit<ShownTicket, 'notice'>) {
  const { ui, held } = shown;
  const { entry, service } = held;
  return html`<article class="ticket" data-status="${entry.status}" aria-labelledby="ticket-number"><header><p>${service.name}</p><h2 class="number" id="ticket-number"><span class="visually-hidden">${ui.text.ticket.label} </span>${entry.number}</h2>${Badge({ ui, status: entry.status })}</header><div>${standing(shown)}${reasons(ui, held)}${deeds(shown)}</div></article>`;
}

/** Where the ticket stands. One sentence of it is spoken: politely, but for the call. */
function standing({ ui, held, paused }: Omit<ShownTicket, 'notice'>) {
  const t = ui.text.ticket;
  const { entry, service, ahead, desk, estimate, lateMinutes, over } = held;
  if (mustCome(held, ui.now)) {
    // Called once more, it is another element, also within a minute: it is said again, and felt (live.js).
    const call = (entry.calledAt ?? ui.now).getTime();
    return html`${desk ? html`<p class="desk-name">${desk}</p>` : ''}<p id="turn-${call}" class="ahead" data-call="${call}" role="alert">${turnText(ui, held)}</p>`;
  }
  const spoken = (text: string) => html`<p id="standing" class="ahead" role="status">${text}</p>`;
  if (ahead === null)
    return html`${spoken(sentence(ui, held))}${entry.status === 'skipped' && !over ? html`<p>${wayBack(ui, held)}</p>` : ''}`;
  const away = isAway(entry, ui.now) && sentence(ui, held);
  const time = ui.format.time(entry.dueAt, service.location.timeZone);
  const place = away || (isEarly(ui, held) ? t.yourTime(time) : t.ahead(ahead));
  const more = paused ? t.paused : away ? '' : sentence(ui, held);
  const sent = entry.serviceId !== entry.originServiceId ? html`<p>${t.sentHere(service.name)}</p>` : '';
  return html`${spoken(place)}${sent}${estimate ? html`<p class="estimate">${estimateText(ui, held, estimate)}</p>` : ''}${more && html`<p>${more}</p>`}${cameLate(entry, service) ? html`<p>${t.cameLate}</p>` : ''}${lateMinutes > 0 ? html`<p>${t.late(lateMinutes)}</p>` : ''}`;
}

/**
 * Whether its time is told in the place of how many are ahead. Of those, whoever is not due yet passes most once they are, and
 * with nobody ahead they are not "next" as long as their line calls nobody so early.
 */
export function isEarly({ now }: Ui, { entry, service, ahead }: StandingTicket): boolean {
  if (entry.dueAt <= now) return false;
  return ahead !== 0 || isAway(entry, now) || now < callableFrom(entry, service.earlyCallMinutes);
}

function turnText(ui: Ui, { entry, service, desk, recalled }: StandingTicket): string {
  const time = ui.format.time(entry.calledAt ?? ui.now, service.location.timeZone);
  return ui.text.ticket.turn(desk, time, recalled);
}

/** Where a ticket stands, in words, for whoever asks elsewhere than on its page. */
export function standingText(ui: Ui, ticket: StandingTicket): string {
  const isLost = ticket.entry.status === 'skipped' && !ticket.over;
  return isLost ? `${sentence(ui, ticket)} ${wayBack(ui, ticket)}` : sentence(ui, ticket);
}

/** From so many minutes on, nobody has to stay close. */
const LONG = 30;

function sentence(ui: Ui, ticket: StandingTicket): string {
  const { entry, service, desk, estimate, over, toCome } = ticket;
  const t = ui.text.ticket;
  const clock = (instant: Date) => ui.format.time(instant, service.location.timeZone);
  if (toCome && entry.status === 'waiting')
    return t.toCome(ui.format.day(entry.localDay), clock(entry.dueAt));
  if (over && !['completed', 'left', 'skipped'].includes(entry.status)) return t.over;
  if (entry.status === 'in_service' && desk) return t.servedAt(desk);
  if (entry.status === 'called') return turnText(ui, ticket);
  // Nobody missed a call that there was not.
  if (entry.status === 'skipped' && entry.calledAt === null) return t.skippedUncalled;
  if (entry.status !== 'waiting') return t[entry.status];
  if (isAway(entry, ui.now) && entry.awayUntil) return t.away(clock(entry.awayUntil));
  if (entry.dueAt <= ui.now) return estimate && estimate.low > LONG ? t.waitingLong : t.waiting;
  const from = callableFrom(entry, service.earlyCallMinutes);
  if (service.earlyCallMinutes === null)
    return isEarly(ui, ticket) ? t.unlessEmpty : t.notDueYet(clock(entry.dueAt));
  return from > ui.now ? t.notBefore(clock(from)) : t.waiting;
}

/** When somebody is due who is not yet, which is told wherever they keep their number; undefined for others. */
export function timeText(ui: Ui, held: HeldTicket): string | undefined {
  const { entry, service } = held;
  const { status, dueAt } = entry;
  if (status !== 'waiting' || dueAt <= ui.now) return undefined;
  if (isAway(entry, ui.now)) return sentence(ui, held);
  const t = ui.text.ticket;
  const clock = (instant: Date) => ui.format.time(instant, service.location.timeZone);
  if (service.earlyCallMinutes === null) return t.notDueYet(clock(dueAt));
  const from = callableFrom(entry, service.earlyCallMinutes);
  return from > ui.now ? t.notDueBefore(clock(dueAt), clock(from)) : t.yourTime(clock(dueAt));
}

/** When somebody took their number; where nobody checks in it came with the booking, and only its time counts. */
export function takenText({ text, format }: Ui, { entry, service }: StandingTicket): string {
  const moment = format.moment(entry.arrivedAt, service.location.timeZone);
  const isBooked = service.checkIn === 'none' && entry.reservationId !== null;
  return isBooked ? text.ticket.bookedFor(moment) : text.ticket.taken(moment);
}

/** Where whoever came without a reservation and left, or was not there, takes another number. */
function again({ text: { ticket: t } }: Ui, { entry, service, backUntil, over }: HeldTicket) {
  const { reservationId, status } = entry;
  const isGone = status === 'left' || status === 'skipped';
  const { walkIns, phoneJoin, retiredAt } = service;
  if (!isGone || over || reservationId !== null || !walkIns || !phoneJoin || retiredAt !== null) return '';
  // Not asked for, the door's code leads back here as long as the old place can be had.
  if (backUntil)
    return html`<a class="button quiet" href="/join/${service.slug}?new">${t.newNumberStill}</a>`;
  return html`<a class="button" href="/join/${service.slug}">${t.newNumber}</a>`;
}

function wayBack(ui: Ui, { backUntil, service }: StandingTicket): string {
  const t = ui.text.ticket;
  if (backUntil) return t.backUntil(ui.format.time(backUntil, service.location.timeZone));
  return service.retiredAt === null ? t.backOver : t.backNever;
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

/**
 * What its holder can do. Who just left first finds how to take that back, before another number. Leaving stands last and
 * looks least like a button to press.
 */
function deeds(shown: Omit<ShownTicket, 'notice'>) {
  const { ui, held } = shown;
  const t = ui.text.ticket;
  const { entry, delay, service, over, toCome, regretted } = held;
  const undo = regretted
    ? html`<div><p class="hint">${t.undoWithin}</p>${deedForm(shown, 'undo', t.undo[regretted], entry.status === 'left' ? MARKS.primary : '')}</div>`
    : '';
  const back = isAway(entry, ui.now) && !over ? deedForm(shown, 'back', t.back, MARKS.primary) : '';
  const more =
    delay && delay.left > 0 && !isOfNoUse(delay, held)
      ? html`<div><p class="hint" id="delay-cost">${t.delayCost(delay.left, ui.format.time(delay.until, service.location.timeZone), delay.places)}</p>${deedForm(shown, 'delay', t.delay, MARKS.cost)}</div>`
      : '';
  const mayLeave =
    !over && !toCome && !shown.cancels && ['waiting', 'called', 'parked'].includes(entry.status);
  const leave = mayLeave ? deedForm(shown, 'leave', t.leave, MARKS.quiet) : '';
  return html`<div class="deeds">${undo}${again(ui, held)}${back}${more}${leave}</div>`;
}

/** Whether more time costs nothing and gives nothing: nobody would be called before then anyway. */
function isOfNoUse({ places, until }: DelayOffer, { entry, estimate }: HeldTicket): boolean {
  if (entry.status !== 'waiting' || !estimate || places > 0) return false;
  return addMinutes(estimate.at, estimate.low) > until;
}

/** A form of a ticket; it changes the panel in place. `marks` are attributes of its button. */
export function deedForm(
  { ui, held, path, paused }: Omit<ShownTicket, 'notice'>,
  deed: HolderDeed,
  label: string,
  marks: ReturnType<typeof raw> | '' = '',
) {
  return html`<form method="post" action="${path}/${deed}${paused ? '?pause' : ''}" hx-boost='${MARKS.inPlace}' hx-sync="#ticket-panel:queue all" data-once>${FormKey({ ui })}<input type="hidden" name="version" value="${held.entry.version}"><button type="submit"${marks}>${label}</button></form>`;
}

/** Attributes of what stands in a panel. */
export const MARKS = {
  onChange: raw(ON_CHANGE),
  inPlace: raw('target:"#ticket-panel" swap:"outerMorph show:none" push:false'),
  primary: raw(' class="primary"'),
  quiet: raw(' class="quiet"'),
  cost: raw(' aria-describedby="delay-cost"'),
};
