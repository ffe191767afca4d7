import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { ENTRY_STATUSES } from '../../src/domain/ticket.ts';
import { LiveLines, ON_CHANGE } from '../live.tsx';
import { FormKey } from '../parts.tsx';
import { DeskHead } from './head.tsx';
import {
  BOOST,
  expectedRows,
  frontForm,
  frontOf,
  lineRows,
  needBadges,
  reason,
  skippedRows,
  whyNextText,
} from './rows.ts';
import { clockOf, type DeskView, deskHref, serviceNameOf, worksHere } from './view.ts';
import { WalkIn } from './walk-in.tsx';

/** What went wrong as a whole is told above the panel, which stays. */
const ABOVE = 'target:"#desk-notice" swap:innerHTML';
/** Forms change the panel in place. They wait for each other. */
const FORMS = {
  'hx-sync:inherited': '#desk-panel:queue all',
  'hx-status:403:inherited': ABOVE,
  'hx-status:404:inherited': ABOVE,
  'hx-status:5xx:inherited': ABOVE,
};
const IN_PLACE = { 'hx-boost:inherited': BOOST };

/**
 * A desk's page. Its forms change the panel in place: they wait for each other, and for them a poll gives way. The
 * notice stands outside of the panel, so that no poll takes it from somebody who is reading.
 */
export function DeskPage({ view }: { view: DeskView }) {
  const { watched } = view.scope;
  return (
    <>
      <DeskHead view={view} />
      {!view.paused && watched.length > 0 && <LiveLines slugs={watched.map(({ slug }) => slug)} />}
      <div class="stack" {...FORMS}>
        <div id="desk-notice" role="status">
          <Notice view={view} />
        </div>
        <DeskPanel view={view} />
      </div>
    </>
  );
}

/** The answer to a form of the panel: the panel, what there is to say, and the title. */
export function DeskAnswer({ view }: { view: DeskView }) {
  return (
    <>
      <DeskUpdate view={view} />
      <hx-partial hx-target="#desk-notice" hx-swap="innerHTML">
        <Notice view={view} />
      </hx-partial>
    </>
  );
}

/** The answer to a poll. */
export function DeskUpdate({ view }: { view: DeskView }) {
  const { desk, layout } = view.ui.text;
  const title = desk.panelTitle(view.panel.line.counts.waiting, view.scope.name);
  // A template: JSX would carry the title off to a head that is not here.
  return (
    <>
      {html`<title>${title} · ${layout.product}</title>`}
      <DeskPanel view={view} />
    </>
  );
}

export function DeskPanel({ view }: { view: DeskView }) {
  const t = view.ui.text.desk;
  const { expected, skipped } = view.panel;
  const polls = !view.paused && {
    'hx-get': deskHref(view),
    'hx-trigger': ON_CHANGE,
    'hx-ptag': view.tag,
    'hx-swap': 'outerMorph',
    'hx-sync': 'this:abort',
    'hx-status:5xx': 'swap:none',
  };
  return (
    <div class="desk" id="desk-panel" data-live {...polls}>
      <aside class="stack" aria-label={t.yourDesk} {...IN_PLACE}>
        <Now view={view} />
        <WalkIn view={view} />
        <Counts view={view} />
      </aside>
      <div class="stack">
        <Told view={view} />
        <Line view={view} />
        {expected.length > 0 && (
          <section aria-labelledby="expected" {...IN_PLACE}>
            <h2 id="expected">{t.expectedToday}</h2>
            <Rows view={view} heads={[t.time, t.name]} caption={t.expectedToday}>
              {expectedRows(view)}
            </Rows>
          </section>
        )}
        {skipped.length > 0 && (
          <section aria-labelledby="skipped">
            <h2 id="skipped">{t.skipped}</h2>
            <Rows view={view} heads={[t.ticket, t.name, t.skippedAt]} caption={t.skipped}>
              {skippedRows(view)}
            </Rows>
          </section>
        )}
      </div>
    </div>
  );
}

function Now({ view }: { view: DeskView }) {
  const t = view.ui.text.desk;
  const { scope, panel } = view;
  const { serving } = panel;
  if (!worksHere(scope)) return <NotHere view={view} />;
  const front = frontOf(view);
  return (
    <section class="now" aria-labelledby="now">
      <div class="row between">
        <h2 id="now">{front && !serving ? t.calledHere : t.now}</h2>
        {serving?.startedAt && <span>{t.since(clockOf(view, serving.startedAt))}</span>}
        {front && !serving && front.calledAt && <span>{t.since(clockOf(view, front.calledAt))}</span>}
      </div>
      {front ? (
        <>
          <p class="number">{front.number}</p>
          <p>
            <strong>{front.name || t.unnamed}</strong>
            {front.needs !== '' && <> {needBadges(view.ui, front)}</>}
            <br />
            {[serviceNameOf(scope, front.serviceId), reason(view, front)].filter(Boolean).join(' · ')}
          </p>
          {front.note && <p class="note">{front.note}</p>}
        </>
      ) : (
        <p>{t.nobodyServed}</p>
      )}
      <Tap view={view} />
      {front && frontForm(view, front)}
    </section>
  );
}

/** The one button of the day: the next, or an end to the pause. */
function Tap({ view }: { view: DeskView }) {
  const t = view.ui.text.desk;
  const { scope, panel } = view;
  if (scope.mine?.pausedAt) {
    const since = t.deskPausedSince(scope.mine.name, clockOf(view, scope.mine.pausedAt));
    return scope.desk ? (
      <form method="post" action={deskHref(view, '/resume')} hx-boost="false">
        <button class="next" type="submit" data-key="n">
          {t.resumeDesk} <small>{since}</small>
        </button>
      </form>
    ) : (
      <p>
        {since} <a href={`/desk/${scope.mine.id}`}>{t.toDesk(scope.mine.name)}</a>
      </p>
    );
  }
  return panel.serving || panel.next ? <NextForm view={view} /> : <p>{waitingFor(view)}</p>;
}

/** Somebody else sits at this desk, or nobody. */
function NotHere({ view }: { view: DeskView }) {
  const t = view.ui.text.desk;
  const { desk } = view.scope;
  if (!desk) return null;
  return (
    <section class="now" aria-labelledby="now">
      <h2 id="now">{desk.name}</h2>
      <p>{desk.staffName ? t.staffedBy(desk.staffName) : t.nobodyAtDesk}</p>
      <form method="post" action={deskHref(view, '/take')} hx-boost="false" data-once>
        {desk.staffedBy !== null && <input type="hidden" name="hand_over" value="on" />}
        <button class="next" type="submit">
          {desk.staffName ? t.takeOver(desk.staffName) : t.takeDesk}
        </button>
      </form>
    </section>
  );
}

/** One tap: finishes this ticket and starts the next. It says which one the screen shows, and does its work once. */
function NextForm({ view }: { view: DeskView }) {
  const t = view.ui.text.desk;
  const { serving, next } = view.panel;
  return (
    <form method="post" action={deskHref(view, '/advance')} data-once>
      <FormKey ui={view.ui} />
      <input type="hidden" name="serving" value={serving?.id ?? ''} />
      <button class="next" type="submit" data-key="n">
        {t.next}{' '}
        <small>
          {serving && `${t.finishes(serving.number)} `}
          {nextText(view)}
        </small>
      </button>
      {next && next.status !== 'called' && (
        <p class="hint">
          {[next.name || t.unnamed, serviceNameOf(view.scope, next.serviceId)].filter(Boolean).join(', ')}.{' '}
          {needBadges(view.ui, next)}
          {whyNextText(view, next)}
        </p>
      )}
    </form>
  );
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

function Counts({ view: { ui, panel } }: { view: DeskView }) {
  const counts = ENTRY_STATUSES.map(
    (status) =>
      html`<div><dt>${ui.text.statuses[status]}</dt><dd>${ui.format.number(panel.line.counts[status])}</dd></div>`,
  );
  return html`<dl class="counts">${counts}</dl>`;
}

/** What customers are told of the lines: that no more numbers are given, and how late they run. */
function Told({ view }: { view: DeskView }) {
  const t = view.ui.text.desk;
  const { told, line, expected } = view.panel;
  const sentences = told.flatMap(({ serviceId, intakeClosedAt, delayMinutes }) => {
    const name = view.scope.serviceNames.get(serviceId) ?? '';
    const ofService = (entries: readonly { serviceId: string }[]) =>
      entries.filter((entry) => entry.serviceId === serviceId).length;
    const here = ofService([...line.serving, ...line.called, ...line.parked, ...line.waiting]);
    const closed =
      intakeClosedAt && t.intakeClosed(name, clockOf(view, intakeClosedAt), here, ofService(expected));
    return [closed, delayMinutes > 0 ? t.delayTold(name, delayMinutes) : null].filter(
      (text) => text !== null,
    );
  });
  return (
    <>
      {sentences.map((sentence) => (
        <p class="notice" data-kind="info">
          <span>{sentence}</span>
        </p>
      ))}
    </>
  );
}

function Line({ view }: { view: DeskView }) {
  const { ui, paused } = view;
  const t = ui.text.desk;
  const rows = lineRows(view);
  const time = clockOf(view, ui.now);
  return (
    <section aria-labelledby="line">
      <div class="row between">
        <h2 id="line">{t.line}</h2>
        <p class="hint">{paused ? t.pausedAt(time) : t.asOf(time)}</p>
      </div>
      {rows.length === 0 ? (
        <div class="empty">
          <h3>{t.lineEmpty}</h3>
          <p>{t.lineEmptyText}</p>
        </div>
      ) : (
        <Rows view={view} heads={[t.ticket, t.name, t.why, t.waited]} caption={t.lineCaption}>
          {rows}
        </Rows>
      )}
    </section>
  );
}

/** A table of rows that are templates already. */
function Rows({
  view,
  heads,
  caption,
  children,
}: {
  view: DeskView;
  heads: string[];
  caption: string;
  children: Child;
}) {
  const cells = heads.map((head) => html`<th scope="col">${head}</th>`);
  const { actions } = view.ui.text.desk;
  return html`<table class="rows"><caption class="visually-hidden">${caption}</caption><thead><tr>${cells}<th scope="col"><span class="visually-hidden">${actions}</span></th></tr></thead><tbody>${children}</tbody></table>`;
}

/** What failed takes the focus. The element around it is the page's one live region. */
function Notice({ view }: { view: DeskView }) {
  const { ui, notice } = view;
  if (!notice) return null;
  const failed = notice.kind !== 'success';
  return (
    <div class="notice" data-kind={notice.kind} {...(failed && { tabindex: -1, 'data-focus': 'true' })}>
      <p>
        {failed && <strong>{ui.text.desk.nothingChanged} </strong>}
        {notice.text}
      </p>
      {notice.undo && (
        <form
          class="undo"
          method="post"
          action={deskHref(view, `/entries/${notice.undo.entryId}/undo`)}
          {...{ 'hx-boost': BOOST }}
        >
          <input type="hidden" name="version" value={notice.undo.version} />
          <button type="submit" data-key="u">
            {ui.text.desk.undo}
          </button>
        </form>
      )}
    </div>
  );
}
