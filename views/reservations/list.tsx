import { type ListedReservation, outcomeOf } from '../../src/domain/reservation.ts';
import { Badge } from '../parts.tsx';
import type { Ui } from '../ui.ts';

/** Somebody's reservations: those to come first, then the earlier and canceled ones, in pages; `upcoming` on the first. */
export function ReservationList({
  ui,
  upcoming,
  past,
}: {
  ui: Ui;
  upcoming: ListedReservation[] | undefined;
  past: { reservations: ListedReservation[]; last: string | null };
}) {
  const t = ui.text.reservations;
  const { reservations, last } = past;
  return (
    <>
      <header>
        <h1>{t.title}</h1>
      </header>
      {upcoming ? (
        <Upcoming ui={ui} upcoming={upcoming} hasPast={reservations.length > 0} />
      ) : (
        <p>
          <a href="/reservations">{t.latest}</a>
        </p>
      )}
      {reservations.length > 0 && (
        <section aria-labelledby="past">
          <h2 id="past">{t.past}</h2>
          <Rows ui={ui} caption={t.past} reservations={reservations} />
          {last !== null && (
            <p>
              <a class="button" rel="next" href={`/reservations?before=${last}`}>
                {t.more}
              </a>
            </p>
          )}
        </section>
      )}
    </>
  );
}

function Upcoming({ ui, upcoming, hasPast }: { ui: Ui; upcoming: ListedReservation[]; hasPast: boolean }) {
  const t = ui.text.reservations;
  return (
    <section aria-labelledby="upcoming">
      <h2 id="upcoming">{t.upcoming}</h2>
      {upcoming.length > 0 ? (
        <Rows ui={ui} caption={t.upcoming} reservations={upcoming} />
      ) : (
        <div class="empty">
          <h3>{hasPast ? t.noneUpcoming : t.none}</h3>
          <p>{hasPast ? t.noneUpcomingText : t.noneText}</p>
          <a class="button primary" href="/">
            {t.book}
          </a>
        </div>
      )}
    </section>
  );
}

function Rows({ ui, caption, reservations }: { ui: Ui; caption: string; reservations: ListedReservation[] }) {
  const t = ui.text.reservations;
  return (
    <table class="rows">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t.when}</th>
          <th scope="col">{t.service}</th>
          <th scope="col">{t.status}</th>
        </tr>
      </thead>
      <tbody>
        {reservations.map((reservation) => (
          <tr>
            <th scope="row">
              <time datetime={reservation.timeSlot.toISOString()}>
                {ui.format.shortMoment(reservation.timeSlot, reservation.service.timeZone)}
              </time>
            </th>
            <td>
              <a href={`/reservations/${reservation.id}`}>{reservation.service.name}</a>
            </td>
            <td>
              <Badge
                ui={ui}
                status={outcomeOf(
                  reservation,
                  reservation.ticketStatus,
                  ui.now,
                  reservation.service.timeZone,
                )}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
