import { html, raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { ENTRY_STATUSES, type QueueEntry } from '../../src/domain/ticket.ts';
import { LiveLines, ON_CHANGE } from '../live.ts';
import { FormKey } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { deskHead, deskName, deskStrip } from './head.ts';
import {
  BOOST,
  expectedRows,
  frontForm,
  frontOf,
  hasNoRow,
  lineRows,
  needBadges,
  reason,
  skippedRows,
  whyNextText,
} from './rows.ts';
import { clockOf, type DeskView, deskHref, serviceNameOf, type Undoable, worksHere } from './view.ts';
import { WalkIn } from './walk-in.tsx';

// Every desk of a line renders its panel after each change of it, so all of it are templates: components take three times
// as long.

/** What went wrong as a whole is told above the panel, which stays. */
const ABOVE = 'target:"#desk-notice" swap:innerHTML';
/** Who may not work here any more sees no more of it, whatever asked: a form, or the panel itself. */
const INSTEAD = 'target:"#desk-panel" swap:innerMorph';
const MARKS = {
  /** Forms change the panel in place. They wait for each other. */
  forms: raw(
    ` hx-sync:inherited="#desk-panel:queue all" hx-status:403:inherited='${INSTEAD}' hx-status:404:inherited='${INSTEAD}' hx-status:5xx:inherited='${ABOVE}'`,
  ),
  boost: raw(` hx-boost='${BOOST}'`),
  inPlace: raw(` hx-boost:inherited='${BOOST}'`),
  lost: raw(' data-focus="lost"'),
  failed: raw(' tabindex="-1" data-focus="true"'),
  told: raw(' tabindex="-1" data-focus="lost"'),
  own: raw(' data-own="true"'),
};

/**
 * A desk's page. Its forms change the panel in place: they wait for each other, and for them a poll gives way. The
 * notice stands outside of the panel, so that no poll takes it from somebody who is reading.
 */
export function deskPage(view: DeskView) {
  const { watched } = view.scope;
  const news =
    view.paused || watched.length === 0 ? '' : LiveLines({ slugs: watched.map(({ slug }) => slug) });
  return html`${deskHead(view)}${news}<div class="stack"${MARKS.forms}><div id="desk-notice" role="status">${notice(view)}</div>${deskPanel(view)}</div>`;
}

/** The answer to a form of the panel: the panel, what there is to say, and the head with the title. */
export function deskAnswer(view: DeskView) {
  return html`${changed(view)}${noticeAnew(notice(view))}${headAnew(view)}`;
}

/** The answer to a poll. Who does not sit here any more reads nothing of what was said to them when they did. */
export function deskUpdate(view: DeskView) {
  return html`${changed(view)}${worksHere(view.scope) ? '' : NO_OWN_NOTICE}${headAnew(view)}`;
}

function changed(view: DeskView) {
  const { desk, layout } = view.ui.text;
  const title = desk.panelTitle(view.panel.line.counts.waiting, view.scope.name);
  return html`<title>${title} · ${layout.product}</title>${deskPanel(view)}`;
}

/** Where somebody sits may change while the panel is open, and so may its name. */
function headAnew(view: DeskView) {
  return html`<hx-partial hx-target="#desk-name" hx-swap="outerMorph">${deskName(view)}</hx-partial><hx-partial hx-target="#desk-strip" hx-swap="outerMorph">${deskStrip(view)}</hx-partial>`;
}

const NO_OWN_NOTICE = raw('<hx-partial hx-target="#desk-notice > [data-own]" hx-swap="delete"></hx-partial>');

function noticeAnew(content: ReturnType<typeof notice>) {
  return html`<hx-partial hx-target="#desk-notice" hx-swap="innerHTML">${content}</hx-partial>`;
}

/**
 * What stands in place of a panel whose desk is gone, or is not its reader's to work any more. What was said and offered
 * above it goes along.
 */
export function panelGone(ui: Ui) {
  return html`${deskGone(ui)}${noticeAnew('')}<hx-partial hx-target="#desk-strip" hx-swap="innerHTML"></hx-partial>`;
}

/** The same in place of the list of all desks. */
export function deskGone({ text: { desk: t } }: Ui) {
  return html`<p class="notice" data-kind="warning" role="alert"><span>${t.gone} <a href="/desk"${MARKS.lost}>${t.allQueues}</a></span></p>`;
}

function deskPanel(view: DeskView) {
  const t = view.ui.text.desk;
  const polls = view.paused
    ? ''
    : html` hx-get="${deskHref(view)}" hx-trigger="${ON_CHANGE}" hx-ptag="${view.tag}" hx-swap="outerMorph" hx-sync="this:abort" hx-status:5xx="swap:none"`;
  return html`<div class="desk" id="desk-panel" data-live="true"${polls}><aside class="stack" aria-label="${t.yourDesk}"${MARKS.inPlace}>${now(view)}${WalkIn({ view })}${counts(view)}</aside><div class="stack">${told(view)}${line(view)}${skipped(view)}${expected(view)}</div></div>`;
}

function now(view: DeskView) {
  const t = view.ui.text.desk;
  const { scope, panel } = view;
  const { serving } = panel;
  if (!worksHere(scope)) return notHere(view);
  const front = frontOf(view);
  const since = serving ? serving.startedAt : front?.calledAt;
  return html`<section class="now" aria-labelledby="now"><div class="row between"><h2 id="now">${front && !serving ? t.calledHere : t.now}</h2>${since ? html`<span>${t.since(clockOf(view, since))}</span>` : ''}</div>${front ? inFront(view, front) : html`<p>${t.nobodyServed}</p>`}${tap(view)}${front ? frontForm(view, front) : ''}</section>`;
}

function inFront(view: DeskView, front: QueueEntry) {
  const t = view.ui.text.desk;
  const needs = front.needs === '' ? '' : html` ${needBadges(view.ui, front)}`;
  const about = [serviceNameOf(view.scope, front.serviceId), reason(view, front)].filter(Boolean).join(' · ');
  return html`<p class="number">${front.number}</p><p><strong>${front.name || t.unnamed}</strong>${needs}<br>${about}</p>${front.note ? html`<p class="note">${front.note}</p>` : ''}`;
}

/** The one button of the day: the next, or an end to the pause. */
function tap(view: DeskView) {
  const t = view.ui.text.desk;
  const { scope, panel } = view;
  if (scope.mine?.pausedAt) {
    const since = t.deskPausedSince(scope.mine.name, clockOf(view, scope.mine.pausedAt));
    return scope.desk
      ? html`<form method="post" action="${deskHref(view, '/resume')}" hx-boost="false"><button class="next" type="submit">${t.resumeDesk} <small>${since}</small></button></form>`
      : html`<p>${since} <a href="/desk/${scope.mine.id}">${t.toDesk(scope.mine.name)}</a></p>`;
  }
  return panel.serving || panel.next ? nextForm(view) : html`<p>${waitingFor(view)}</p>`;
}

/** Somebody else sits at this desk, or nobody. */
function notHere(view: DeskView) {
  const t = view.ui.text.desk;
  const { desk } = view.scope;
  if (!desk) return '';
  const { name, staffName, staffedAt } = desk;
  // Whoever worked there until now is told where they look, and what they press then does nothing.
  if (staffName)
    return html`<section aria-labelledby="now"><h2 id="now">${name}</h2><p class="notice" data-kind="warning"${MARKS.told}><span>${t.staffedBy(staffName, staffedAt && clockOf(view, staffedAt))}</span></p></section>`;
  return html`<section class="now" aria-labelledby="now"><h2 id="now">${name}</h2><p>${t.nobodyAtDesk}</p><form method="post" action="${deskHref(view, '/take')}" hx-boost="false" data-once="true"><button class="next" type="submit">${t.takeDesk}</button></form></section>`;
}

/** One tap: finishes this ticket and starts the next. It says which one the screen shows, and does its work once. */
function nextForm(view: DeskView) {
  const t = view.ui.text.desk;
  const { serving, next } = view.panel;
  const finishes = serving ? `${t.finishes(serving.number)} ` : '';
  return html`<form method="post" action="${deskHref(view, '/advance')}" data-once="true">${FormKey({ ui: view.ui })}<input type="hidden" name="serving" value="${serving?.id ?? ''}"><button class="next" type="submit" data-key="n"${hasNoRow(view) ? MARKS.lost : ''}>${t.next} <small>${finishes}${nextText(view)}</small></button>${next && next.status !== 'called' ? whyNextHint(view, next) : ''}</form>`;
}

function whyNextHint(view: DeskView, next: QueueEntry) {
  const { unnamed } = view.ui.text.desk;
  const who = [next.name || unnamed, serviceNameOf(view.scope, next.serviceId)].filter(Boolean).join(', ');
  return html`<p class="hint">${who}. ${needBadges(view.ui, next)}${whyNextText(view, next)}</p>`;
}

/** What the tap leads to. */
function nextText(view: DeskView): string {
  const t = view.ui.text.desk;
  const { serving, next } = view.panel;
  if (!next) return waitingFor(view);
  return next.status === 'called' && !serving ? t.starts(next.number) : t.isNext(next.number);
}

/** Why nobody can be called now. */
function waitingFor(view: DeskView): string {
  const t = view.ui.text.desk;
  const first = view.panel.line.waiting[0];
  return first ? t.notYet(first.number, clockOf(view, first.dueAt)) : t.nobodyWaits;
}

function counts({ ui, panel }: DeskView) {
  const each = ENTRY_STATUSES.map(
    (status) =>
      html`<div><dt>${ui.text.statuses[status]}</dt><dd>${ui.format.number(panel.line.counts[status])}</dd></div>`,
  );
  return html`<dl class="counts">${each}</dl>`;
}

/** What customers are told of the lines: that no more numbers are given, and how late they run. */
function told(view: DeskView) {
  const t = view.ui.text.desk;
  return view.panel.told.map(({ serviceId, intakeClosedAt, delayMinutes }) => {
    const name = view.scope.serviceNames.get(serviceId) ?? '';
    const closed = intakeClosedAt
      ? t.intakeClosed(name, clockOf(view, intakeClosedAt), ...toServe(view, serviceId))
      : '';
    const late = delayMinutes > 0 ? t.delayTold(name, delayMinutes) : '';
    return [closed, late].map((sentence) =>
      sentence === '' ? '' : html`<p class="notice" data-kind="info"><span>${sentence}</span></p>`,
    );
  });
}

/** How many of a service are here, and how many are still expected. */
function toServe({ panel }: DeskView, serviceId: string): [here: number, expected: number] {
  const { serving, called, parked, waiting } = panel.line;
  const ofService = (entry: { serviceId: string }) => entry.serviceId === serviceId;
  return [
    [...serving, ...called, ...parked, ...waiting].filter(ofService).length,
    panel.expected.filter(ofService).length,
  ];
}

function line(view: DeskView) {
  const { ui, paused } = view;
  const t = ui.text.desk;
  const rows = lineRows(view);
  const time = clockOf(view, ui.now);
  const content =
    rows.length === 0
      ? html`<div class="empty"><h3>${t.lineEmpty}</h3><p>${t.lineEmptyText}</p></div>`
      : table(view, t.lineCaption, [t.ticket, t.name, t.why, t.waited], rows);
  return html`<section aria-labelledby="line"><div class="row between"><h2 id="line">${t.line}</h2><p class="hint">${paused ? t.pausedAt(time) : t.asOf(time)}</p></div>${content}</section>`;
}

function expected(view: DeskView) {
  const t = view.ui.text.desk;
  if (view.panel.expected.length === 0) return '';
  const rows = table(view, t.expectedToday, [t.time, t.name], expectedRows(view));
  return html`<section aria-labelledby="expected"><h2 id="expected">${t.expectedToday}</h2>${rows}</section>`;
}

function skipped(view: DeskView) {
  const t = view.ui.text.desk;
  if (view.panel.skipped.length === 0) return '';
  const rows = table(view, t.skipped, [t.ticket, t.name, t.skippedAt], skippedRows(view));
  return html`<section aria-labelledby="skipped"><h2 id="skipped">${t.skipped}</h2>${rows}</section>`;
}

function table(view: DeskView, caption: string, heads: string[], rows: Child[]) {
  const cells = heads.map((head) => html`<th scope="col">${head}</th>`);
  const { actions } = view.ui.text.desk;
  return html`<table class="rows"><caption class="visually-hidden">${caption}</caption><thead><tr>${cells}<th scope="col"><span class="visually-hidden">${actions}</span></th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** What failed takes the focus. The element around it is the page's one live region. */
function notice(view: DeskView) {
  const { ui, notice } = view;
  if (!notice) return '';
  const failed = notice.kind !== 'success';
  const nothing = failed ? html`<strong>${ui.text.desk.nothingChanged} </strong>` : '';
  return html`<div class="notice" data-kind="${notice.kind}"${worksHere(view.scope) ? MARKS.own : ''}${failed ? MARKS.failed : ''}><p>${nothing}${notice.text}</p>${notice.undo ? undoForm(view, notice.undo) : ''}</div>`;
}

function undoForm(view: DeskView, { entryId, version }: Undoable) {
  const href = deskHref(view, `/entries/${entryId}/undo`);
  return html`<form class="undo" method="post" action="${href}"${MARKS.boost}><input type="hidden" name="version" value="${version}"><button type="submit" data-key="u">${view.ui.text.desk.undo}</button></form>`;
}
