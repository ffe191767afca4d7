import { codeOf } from '../../src/domain/code.ts';
import type { HeldTicket } from '../../src/domain/held.ts';
import { type Outcome, type Reservation, waysOut } from '../../src/domain/reservation.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import { LiveLines } from '../live.ts';
import { Badge, FormKey, MailLink, Notice } from '../parts.tsx';
import { Qr } from '../qr.tsx';
import { WhatToBring } from '../services/list.tsx';
import { TicketNotice } from '../tickets/notice.tsx';
import { deedForm, MARKS, type ShownTicket, TicketPanel } from '../tickets/ticket.tsx';
import type { Ui } from '../ui.ts';

/** A reservation as its customer sees it, and its ticket once there is one. */
export interface ShownReservation {
  reservation: Reservation;
  service: PlacedService;
  /** Whose it is, for those who work there. */
  customer: { name: string; email: string } | undefined;
  /** Its ticket; undefined when there is none, and when it was left and another can be had. */
  held: HeldTicket | undefined;
  /** The ticket that was left. */
  left: HeldTicket | undefined;
  /** The service in whose line something may still happen to it today; undefined for none. */
  followed: PlacedService | undefined;
  /** How late today's line runs, as announced to who is still to come, in minutes. */
  lateMinutes: number;
  outcome: Outcome;
  canChange: boolean;
  changeUntil: Date;
  /** Whether one can check in who has no ticket: now, later, or no more. */
  checkIn: 'open' | 'later' | 'over';
  checkInFrom: Date;
  paused: boolean;
  /** What this screen stands for, so that it is only sent again when it would differ. */
  tag: string;
  notice: string | undefined;
  /** What a form of the ticket did, or why it did not. */
  deedNotice: ShownTicket['notice'];
  problem: string | undefined;
}

/** A reservation with all that can be done to it; from check-in on, the ticket in its place. */
export function ReservationPage({ ui, shown }: { ui: Ui; shown: ShownReservation }) {
  const { reservation, service, followed, notice, problem } = shown;
  const zone = service.location.timeZone;
  return (
    <>
      {followed && !shown.paused && <LiveLines slugs={[followed.slug]} rings />}
      <header>
        <h1>{service.name}</h1>
        <p class="when">
          <time datetime={reservation.timeSlot.toISOString()}>
            {ui.format.moment(reservation.timeSlot, zone)}
          </time>
        </p>
      </header>
      <TicketNotice notice={shown.deedNotice}>
        {notice && <Notice kind="success">{notice}</Notice>}
        {problem && <Notice kind="warning">{problem}</Notice>}
      </TicketNotice>
      <div class="split">
        <LivePanel ui={ui} shown={shown} />
        <Details ui={ui} shown={shown} />
      </div>
    </>
  );
}

/** What was booked, what became of it, and what can still be done about it. */
function Details({ ui, shown }: { ui: Ui; shown: ShownReservation }) {
  const { reservation, service, customer } = shown;
  const t = ui.text.reservations;
  const zone = service.location.timeZone;
  return (
    <section class="card" id="reservation" aria-labelledby="details">
      <h2 id="details">{customer ? t.detailsOf : t.details}</h2>
      <dl>
        {customer && (
          <>
            <dt>{t.customer}</dt>
            <dd>
              {customer.name} <MailLink email={customer.email} />
            </dd>
          </>
        )}
        <dt>{t.when}</dt>
        <dd>
          {ui.format.moment(reservation.timeSlot, zone)} {t.until(ui.format.time(reservation.endsAt, zone))}
        </dd>
        <dt>{t.status}</dt>
        <dd>
          <Badge ui={ui} status={shown.outcome} />
        </dd>
        {!shown.held && (shown.outcome === 'confirmed' || shown.left) && (
          <>
            <dt>{t.code}</dt>
            <dd class="code">
              <strong>{codeOf(reservation.id)}</strong> <span class="hint">{t.codeText}</span>
              <Qr text={codeOf(reservation.id)} label={t.codeQr} />
            </dd>
          </>
        )}
      </dl>
      {!OVER.has(shown.outcome) && <WhatToBring ui={ui} service={service} />}
      <Changes ui={ui} shown={shown} />
    </section>
  );
}

/** Nobody needs to bring anything any more. */
const OVER: ReadonlySet<Outcome> = new Set(['canceled', 'completed', 'left', 'unused']);

/** The answer to a poll or to a form of the ticket: what changes, and what stands beside it. */
export function LiveAnswer({ ui, shown }: { ui: Ui; shown: ShownReservation }) {
  return (
    <>
      <LivePanel ui={ui} shown={shown} />
      <hx-partial hx-target="#reservation" hx-swap="outerMorph">
        <Details ui={ui} shown={shown} />
      </hx-partial>
    </>
  );
}

/** What changes while somebody waits: the ticket, or the way to get one. */
function LivePanel({ ui, shown }: { ui: Ui; shown: ShownReservation }) {
  const { reservation, held, left, followed, lateMinutes, paused, tag } = shown;
  const cancels = held?.service.checkIn === 'none' && ways(ui, shown).canCancel;
  const screen = { ui, path: `/reservations/${reservation.id}`, paused, tag, cancels };
  const t = ui.text;
  return (
    <TicketPanel shown={screen} held={held} followed={followed}>
      {left && <p>{t.reservations.leftText}</p>}
      {left?.regretted && (
        <div>
          <p class="hint">{t.ticket.undoWithin}</p>
          {deedForm({ ...screen, held: left }, 'undo', t.ticket.undoLeave, MARKS.primary)}
        </div>
      )}
      {lateMinutes > 0 && <p>{t.ticket.late(lateMinutes)}</p>}
      <CheckIn ui={ui} shown={shown} />
    </TicketPanel>
  );
}

function CheckIn({ ui, shown }: { ui: Ui; shown: ShownReservation }) {
  const t = ui.text.reservations;
  const { reservation, service, left, checkIn, checkInFrom, outcome } = shown;
  if (reservation.status !== 'confirmed') return null;
  if (outcome === 'unused') return <p class="hint">{t.unusedText}</p>;
  if (checkIn === 'over') return <p class="hint">{t.checkInOver}</p>;
  if (checkIn === 'later')
    return <p class="hint">{t.checkInFrom(ui.format.moment(checkInFrom, service.location.timeZone))}</p>;
  return (
    <form method="post" action={`/reservations/${reservation.id}/check-in`} data-once>
      <FormKey ui={ui} />
      {/* The old place is better than a new one, as long as it can be had. */}
      <button class={left?.regretted ? undefined : 'primary'} type="submit">
        {t.checkIn}
      </button>
    </form>
  );
}

function ways({ now }: Ui, { reservation, service, held, canChange }: ShownReservation) {
  return waysOut(reservation, service, held?.entry.status ?? null, canChange, now);
}

function Changes({ ui, shown }: { ui: Ui; shown: ShownReservation }) {
  const t = ui.text.reservations;
  const { reservation, service, changeUntil } = shown;
  const { isOpen, canCancel, canMove } = ways(ui, shown);
  if (reservation.status === 'canceled') {
    return (
      <div class="stack">
        <p>{t.canceledText}</p>
        <p>
          {service.retiredAt === null ? (
            <a class="button" href={`/services/${service.slug}`}>
              {t.bookAgain}
            </a>
          ) : (
            ui.text.booking.retired
          )}
        </p>
      </div>
    );
  }
  if (!isOpen) return null;
  if (!canCancel) return <p class="hint">{t.tooLate}</p>;
  const until = ui.format.moment(changeUntil, service.location.timeZone);
  return (
    <div class="stack">
      <p class="hint">{canMove ? t.changeUntil(until) : t.cancelUntil(until)}</p>
      {service.retiredAt !== null && <p class="hint">{t.unmovable}</p>}
      <p class="row">
        {canMove && (
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
