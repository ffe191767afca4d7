import { type ListedReservation, outcomeOf } from '../../src/domain/reservation.ts';
import { Badge } from '../parts.tsx';
import type { Ui } from '../ui.ts';

/** Somebody's reservations: those to come first, then what was canceled, and the earlier ones. */
export function ReservationList({
  ui,
  upcoming,
  past,
}: {
  ui: Ui;
  upcoming: ListedReservation[];
  past: ListedReservation[];
}) {
  const t = ui.text.reservations;
  const isCanceled = ({ status }: ListedReservation) => status === 'canceled';
  const standing = upcoming.filter((reservation) => !isCanceled(reservation));
  const over = [...upcoming.filter(isCanceled), ...past];
  return (
    <>
      <header>
        <h1>{t.title}</h1>
      </header>
      <section aria-labelledby="upcoming">
        <h2 id="upcoming">{t.upcoming}</h2>
        {standing.length > 0 ? (
          <Rows ui={ui} caption={t.upcoming} reservations={standing} />
        ) : (
          <div class="empty">
            <h3>{over.length > 0 ? t.noneUpcoming : t.none}</h3>
            <p>{over.length > 0 ? t.noneUpcomingText : t.noneText}</p>
            <a class="button primary" href="/">
              {t.book}
            </a>
          </div>
        )}
      </section>
      {over.length > 0 && (
        <section aria-labelledby="past">
          <h2 id="past">{t.past}</h2>
          <Rows ui={ui} caption={t.past} reservations={over} />
        </section>
      )}
    </>
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
