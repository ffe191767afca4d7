import type { Child } from 'hono/jsx';
import {
  type HeldTicket,
  type HolderDeed,
  isAway,
  isLive,
  type ShownEstimate,
} from '../../src/domain/held.ts';
import { ON_CHANGE } from '../live.tsx';
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

/** What changes while somebody waits. `children` stand where there is no ticket yet. */
export function TicketPanel({
  shown: { ui, path, paused, tag },
  held,
  children,
}: {
  shown: Omit<ShownTicket, 'held' | 'notice'>;
  held: HeldTicket | undefined;
  children?: Child;
}) {
  const t = ui.text.ticket;
  const live = held !== undefined && isLive(held);
  return (
    <div
      id="ticket-panel"
      class="stack"
      {...(live &&
        !paused && {
          'hx-get': path,
          'hx-trigger': ON_CHANGE,
          'hx-swap': 'outerMorph',
          'hx-ptag': tag,
          'hx-status:5xx': 'swap:none',
          'data-live': true,
        })}
    >
      {held ? <Ticket shown={{ ui, held, path, paused, tag }} /> : children}
      {live && (
        <p class="hint">
          {t.updated(ui.format.time(ui.now, held.service.location.timeZone))}{' '}
          <a href={paused ? path : `${path}?pause`}>{paused ? t.resume : t.pause}</a>
        </p>
      )}
    </div>
  );
}

function Ticket({ shown }: { shown: ShownTicket }) {
  const { ui, held } = shown;
  const { entry, service } = held;
  return (
    <article class="ticket" data-status={entry.status} aria-labelledby="ticket-number">
      <header>
        <p>{service.name}</p>
        <h2 class="number" id="ticket-number">
          <span class="visually-hidden">{ui.text.ticket.label} </span>
          {entry.number}
        </h2>
        <Badge ui={ui} status={entry.status} />
      </header>
      <div>
        <Standing shown={shown} />
        <Reasons shown={shown} />
        <Deeds shown={shown} />
      </div>
    </article>
  );
}

/** Where the ticket stands. One sentence of it is spoken: politely, but for the call. */
function Standing({ shown: { ui, held } }: { shown: ShownTicket }) {
  const t = ui.text.ticket;
  const { entry, ahead, desk, lateMinutes, over } = held;
  if (entry.status === 'called' && !over) {
    return (
      <>
        {desk && <p class="desk-name">{desk}</p>}
        <p id="turn" class="ahead" role="alert">
          {desk ? t.calledTo(desk) : t.called}
        </p>
      </>
    );
  }
  return (
    <>
      <p id="standing" class="ahead" role="status">
        {ahead !== null && !over ? t.ahead(ahead) : sentence(ui, held)}
      </p>
      {ahead !== null && !over && (
        <>
          {held.estimate && <p class="estimate">{estimateText(ui, held, held.estimate)}</p>}
          <p>{sentence(ui, held)}</p>
          {lateMinutes > 0 && <p>{t.late(lateMinutes)}</p>}
        </>
      )}
      {entry.status === 'skipped' && !over && <p>{wayBack(ui, held)}</p>}
    </>
  );
}

function sentence(ui: Ui, { entry, service, over, toCome }: HeldTicket): string {
  const t = ui.text.ticket;
  if (toCome && entry.status === 'waiting') return t.toCome(ui.format.day(entry.localDay));
  const clock = (instant: Date) => ui.format.time(instant, service.location.timeZone);
  if (over && !['completed', 'left', 'skipped'].includes(entry.status)) return t.over;
  if (entry.status !== 'waiting') return t[entry.status];
  if (isAway(entry, ui.now) && entry.awayUntil) return t.away(clock(entry.awayUntil));
  return entry.dueAt > ui.now ? t.notDueYet(clock(entry.dueAt)) : t.waiting;
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
function Reasons({ shown: { ui, held } }: { shown: ShownTicket }) {
  const t = ui.text.ticket;
  if (held.worse.length === 0) return null;
  return (
    <section class="reasons" aria-labelledby="reasons">
      <h3 id="reasons">{t.worseTitle}</h3>
      <ul>
        {held.worse.map(({ at, codes, ahead }) => (
          <li>
            {t.worseAt(
              ui.format.time(at, held.service.location.timeZone),
              codes.map((code) => t.worse[code]).join('; '),
              ahead,
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What its holder can do. Leaving stands last and looks least like a button to press. */
function Deeds({ shown }: { shown: ShownTicket }) {
  const { ui, held } = shown;
  const t = ui.text.ticket;
  const { entry, delay, service, over, toCome, canUndo } = held;
  const away = isAway(entry, ui.now);
  return (
    <div class="deeds">
      {canUndo && <DeedForm shown={shown} deed="undo" label={t.undo} />}
      {away && !over && <DeedForm shown={shown} deed="back" label={t.back} primary />}
      {delay && delay.left > 0 && (
        <div>
          <p class="hint" id="delay-cost">
            {t.delayCost(delay.left, ui.format.time(delay.until, service.location.timeZone), delay.places)}
          </p>
          <DeedForm shown={shown} deed="delay" label={t.delay} describedBy="delay-cost" />
        </div>
      )}
      {!over && !toCome && ['waiting', 'called', 'parked'].includes(entry.status) && (
        <DeedForm shown={shown} deed="leave" label={t.leave} quiet />
      )}
    </div>
  );
}

interface DeedProps {
  shown: ShownTicket;
  deed: HolderDeed;
  label: string;
  describedBy?: string;
  primary?: true;
  quiet?: true;
}

/** A form of a ticket; it changes the panel in place. */
export function DeedForm({ shown: { ui, held, path }, deed, label, describedBy, primary, quiet }: DeedProps) {
  return (
    <form
      method="post"
      action={`${path}/${deed}`}
      hx-boost={IN_PLACE}
      hx-sync="#ticket-panel:queue all"
      data-once
    >
      <FormKey ui={ui} />
      <input type="hidden" name="version" value={String(held.entry.version)} />
      <button
        type="submit"
        class={primary ? 'primary' : quiet ? 'quiet' : undefined}
        aria-describedby={describedBy}
      >
        {label}
      </button>
    </form>
  );
}

/** A ticket's form changes it in place. */
const IN_PLACE = 'target:"#ticket-panel" swap:"outerMorph show:none" push:false';
