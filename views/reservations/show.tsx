import type { Outcome, Reservation } from '../../src/domain/reservation.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import { Badge, FormKey, Notice } from '../parts.tsx';
import { WhatToBring } from '../services/list.tsx';
import type { Ui } from '../ui.ts';

/** A reservation as its customer sees it, and its ticket once there is one. */
export interface ShownReservation {
  reservation: Reservation;
  service: PlacedService;
  entry: QueueEntry | undefined;
  outcome: Outcome;
  /** How many will be called before; null unless waiting. */
  ahead: number | null;
  canChange: boolean;
  changeUntil: Date;
  /** Now, later, or no more; null where nobody checks in. */
  checkIn: 'open' | 'later' | 'over' | null;
  checkInFrom: Date;
  paused: boolean;
  /** What this screen stands for, so that it is only sent again when it would differ. */
  tag: string;
  notice: string | undefined;
  problem: string | undefined;
}

export function ReservationPage({ ui, shown }: { ui: Ui; shown: ShownReservation }) {
  const { reservation, service, entry, notice, problem } = shown;
  const t = ui.text.reservations;
  const zone = service.location.timeZone;
  return (
    <>
      <header>
        <h1>{service.name}</h1>
        <p class="when">
          <time datetime={reservation.timeSlot.toISOString()}>
            {ui.format.moment(reservation.timeSlot, zone)}
          </time>
        </p>
      </header>
      {notice && <Notice kind="success">{notice}</Notice>}
      {problem && <Notice kind="warning">{problem}</Notice>}
      <div class={entry ? 'split' : 'stack'}>
        <LivePanel ui={ui} shown={shown} />
        <section class="card" aria-labelledby="details">
          <h2 id="details">{t.details}</h2>
          <dl>
            <dt>{t.when}</dt>
            <dd>
              {ui.format.moment(reservation.timeSlot, zone)}{' '}
              {t.until(ui.format.time(reservation.endsAt, zone))}
            </dd>
            <dt>{t.status}</dt>
            <dd>
              <Badge ui={ui} status={shown.outcome} />
            </dd>
          </dl>
          <WhatToBring ui={ui} service={service} />
          <Changes ui={ui} shown={shown} />
        </section>
      </div>
    </>
  );
}

/** What changes while somebody waits: the ticket, or the way to get one. */
export function LivePanel({ ui, shown }: { ui: Ui; shown: ShownReservation }) {
  const { reservation, entry, paused, tag } = shown;
  const path = `/reservations/${reservation.id}`;
  const live = !paused && isLive(shown);
  return (
    <div
      id="ticket-panel"
      class="stack"
      {...(live && {
        'hx-get': path,
        'hx-trigger': 'every 5s',
        'hx-swap': 'outerMorph',
        'hx-ptag': tag,
        'data-live': true,
      })}
    >
      {entry ? <Ticket ui={ui} shown={shown} entry={entry} /> : <CheckIn ui={ui} shown={shown} />}
      {isLive(shown) && (
        <p class="hint">
          {ui.text.ticket.updated(ui.format.time(ui.now, shown.service.location.timeZone))}{' '}
          <a href={paused ? path : `${path}?pause`}>
            {paused ? ui.text.ticket.resume : ui.text.ticket.pause}
          </a>
        </p>
      )}
    </div>
  );
}

/** Whether the line can still do something to this ticket. */
export function isLive({ entry }: Pick<ShownReservation, 'entry'>): boolean {
  return entry !== undefined && !['completed', 'left', 'skipped'].includes(entry.status);
}

function Ticket({ ui, shown, entry }: { ui: Ui; shown: ShownReservation; entry: QueueEntry }) {
  const t = ui.text.ticket;
  const { service, ahead, reservation } = shown;
  const early = entry.status === 'waiting' && entry.dueAt > ui.now;
  const status = entry.status;
  return (
    <article class="ticket" data-status={status} aria-labelledby="ticket-number">
      <header>
        <p>{service.name}</p>
        <h2 class="number" id="ticket-number">
          <span class="visually-hidden">{t.label} </span>
          {entry.number}
        </h2>
        <Badge ui={ui} status={status} />
      </header>
      <div>
        {ahead !== null && (
          <p class="ahead" role="status">
            {t.ahead(ahead)}
          </p>
        )}
        <p role={status === 'called' ? 'alert' : undefined}>
          {early ? t.notDueYet(ui.format.time(entry.dueAt, service.location.timeZone)) : t[status]}
        </p>
        {(status === 'waiting' || status === 'called') && (
          <form class="row" method="post" action={`/reservations/${reservation.id}/leave`}>
            <FormKey ui={ui} />
            <input type="hidden" name="version" value={String(entry.version)} />
            <button class="quiet" type="submit">
              {t.leave}
            </button>
          </form>
        )}
      </div>
    </article>
  );
}

function CheckIn({ ui, shown }: { ui: Ui; shown: ShownReservation }) {
  const t = ui.text.reservations;
  const { reservation, service, checkIn, checkInFrom, outcome } = shown;
  if (reservation.status !== 'confirmed') return null;
  if (outcome === 'unused') return <p class="hint">{t.unusedText}</p>;
  if (checkIn === null) return <p class="hint">{t.noCheckIn}</p>;
  if (checkIn === 'over') return <p class="hint">{t.checkInOver}</p>;
  if (checkIn === 'later')
    return <p class="hint">{t.checkInFrom(ui.format.moment(checkInFrom, service.location.timeZone))}</p>;
  return (
    <form method="post" action={`/reservations/${reservation.id}/check-in`} data-once>
      <FormKey ui={ui} />
      <button class="primary" type="submit">
        {t.checkIn}
      </button>
    </form>
  );
}

function Changes({ ui, shown }: { ui: Ui; shown: ShownReservation }) {
  const t = ui.text.reservations;
  const { reservation, service, canChange, changeUntil, entry } = shown;
  if (reservation.status === 'canceled') {
    return (
      <div class="stack">
        <p>{t.canceledText}</p>
        <p>
          <a class="button" href={`/services/${service.slug}`}>
            {t.bookAgain}
          </a>
        </p>
      </div>
    );
  }
  if (reservation.timeSlot <= ui.now || (entry && entry.status !== 'waiting')) return null;
  if (!canChange) return <p class="hint">{t.tooLate}</p>;
  return (
    <div class="stack">
      <p class="hint">{t.changeUntil(ui.format.moment(changeUntil, service.location.timeZone))}</p>
      <p class="row">
        {(!entry || service.checkIn === 'none') && (
          <a class="button" href={`/reservations/${reservation.id}/reschedule`}>
            {t.reschedule}
          </a>
        )}{' '}
        <a class="button quiet" href={`/reservations/${reservation.id}/cancel`}>
          {t.cancel}
        </a>
      </p>
    </div>
  );
}

/** Asks once more before a place is given away. */
export function CancelPage({
  ui,
  reservation,
  service,
  problem,
}: {
  ui: Ui;
  reservation: Reservation;
  service: PlacedService;
  problem?: string | undefined;
}) {
  const t = ui.text.reservations;
  return (
    <>
      <header>
        <h1>{t.cancelTitle}</h1>
        <p class="lede">{service.name}</p>
        <p class="when">{ui.format.moment(reservation.timeSlot, service.location.timeZone)}</p>
      </header>
      {problem && <Notice kind="warning">{problem}</Notice>}
      <form class="stack" method="post" action={`/reservations/${reservation.id}/cancel`} data-once>
        <FormKey ui={ui} />
        <p>{t.cancelText}</p>
        <p class="row">
          <button class="danger" type="submit">
            {t.cancelYes}
          </button>{' '}
          <a class="button quiet" href={`/reservations/${reservation.id}`}>
            {t.cancelNo}
          </a>
        </p>
      </form>
    </>
  );
}
