import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { FormKey } from '../parts.tsx';
import { expectedRows, lineRows, reason, skippedRows, verbForms } from './rows.ts';
import { clockOf, type DeskView, deskHref } from './view.ts';
import { WalkIn } from './walk-in.tsx';

/** How often the panel looks for news. */
const POLL = 'every 3s';

/** What went wrong as a whole is told above the panel, which stays. */
const ABOVE = 'target:"#desk-notice" swap:innerHTML';
/** Every form and link below changes the panel in place. They wait for each other. */
const FORMS = {
  'hx-boost:inherited': 'target:"#desk-panel" swap:"outerMorph show:none" push:false',
  'hx-sync:inherited': '#desk-panel:queue all',
  'hx-status:403:inherited': ABOVE,
  'hx-status:404:inherited': ABOVE,
  'hx-status:5xx:inherited': ABOVE,
};

/**
 * A desk's page. Its forms change the panel in place: they wait for each other, and for them a poll gives way. The
 * notice stands outside of the panel, so that no poll takes it from somebody who is reading.
 */
export function DeskPage({ view }: { view: DeskView }) {
  const t = view.ui.text.desk;
  const { service, paused } = view;
  return (
    <>
      <div class="row between">
        <h1>{service.name}</h1>
        <p class="row">
          <a class="button quiet" href={`/desk/${service.slug}${paused ? '' : '?pause'}`}>
            {paused ? t.resume : t.pause}
          </a>{' '}
          <a class="button quiet" href="/desk">
            {t.allQueues}
          </a>
        </p>
      </div>
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
  const title = desk.panelTitle(view.panel.line.counts.waiting, view.service.name);
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
    'hx-trigger': POLL,
    'hx-ptag': view.tag,
    'hx-swap': 'outerMorph',
    'hx-sync': 'this:abort',
    'hx-status:5xx': 'swap:none',
  };
  return (
    <div class="desk" id="desk-panel" data-live {...polls}>
      <aside class="stack" aria-label={t.yourDesk}>
        <Now view={view} />
        <WalkIn view={view} />
        <Counts view={view} />
      </aside>
      <div class="stack">
        <Line view={view} />
        {expected.length > 0 && (
          <section aria-labelledby="expected">
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
  const { serving, next } = view.panel;
  return (
    <section class="now" aria-labelledby="now">
      <div class="row between">
        <h2 id="now">{t.now}</h2>
        {serving?.startedAt && <span>{t.since(clockOf(view, serving.startedAt))}</span>}
      </div>
      {serving ? (
        <>
          <p class="number">{serving.number}</p>
          <p>
            <strong>{serving.name || t.unnamed}</strong>
            <br />
            {reason(view, serving)}
          </p>
        </>
      ) : (
        <p>{t.nobodyServed}</p>
      )}
      {serving || next ? <NextForm view={view} /> : <p>{waitingFor(view)}</p>}
      {serving && <div class="row">{verbForms(view, serving)}</div>}
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
      <button class="next" type="submit">
        {t.next}{' '}
        <small>
          {serving && `${t.finishes(serving.number)} `}
          {next ? t.isNext(next.number) : waitingFor(view)}
        </small>
      </button>
    </form>
  );
}

/** Why nobody can be called now. */
function waitingFor(view: DeskView): string {
  const t = view.ui.text.desk;
  const first = view.panel.line.waiting[0];
  return first ? t.notYet(first.number, clockOf(view, first.dueAt)) : t.nobodyWaits;
}

const COUNTED = ['waiting', 'called', 'in_service', 'completed', 'skipped', 'left'] as const;

function Counts({ view }: { view: DeskView }) {
  const { ui, panel } = view;
  return (
    <dl class="counts">
      {COUNTED.map((status) => (
        <div>
          <dt>{ui.text.statuses[status]}</dt>
          <dd>{ui.format.number(panel.line.counts[status])}</dd>
        </div>
      ))}
    </dl>
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
        <Rows
          view={view}
          heads={[t.ticket, t.name, t.status, t.due, t.why, t.waited]}
          caption={t.lineCaption}
        >
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
  return (
    <table class="rows">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col">{head}</th>
          ))}
          <th scope="col">
            <span class="visually-hidden">{view.ui.text.desk.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** What failed takes the focus. The element around it is the page's one live region. */
function Notice({ view: { ui, notice } }: { view: DeskView }) {
  if (!notice) return null;
  const failed = notice.kind !== 'success';
  return (
    <p class="notice" data-kind={notice.kind} {...(failed && { tabindex: -1, 'data-focus': 'true' })}>
      <span>
        {failed && <strong>{ui.text.desk.nothingChanged} </strong>}
        {notice.text}
      </span>
    </p>
  );
}
