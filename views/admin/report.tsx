import { addDays, type LocalDay } from '../../src/domain/days.ts';
import type { Figures, HourFigures, ToldFigures } from '../../src/domain/report.ts';
import type { Outcome } from '../../src/domain/reservation.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import { Badge, type FormState, MailLink } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { hoursText, type ListedClosure, scopeText } from './closures.tsx';
import { Download, dayHref, GoTo, Locations, type Place, weekHref } from './days.tsx';
import { Cells, Headings, Hours, Told } from './figures.tsx';
import { AdminHead, hasFailed } from './parts.tsx';

interface WeekProps {
  ui: Ui;
  /** Undefined as long as there is no location. */
  place: Place | undefined;
  /** The latest first. */
  days: readonly { day: LocalDay; figures: Figures }[];
  to: LocalDay;
  /** Which days are wanted as a file. */
  form: FormState;
}

export interface DayScreen extends Place {
  day: LocalDay;
  closures: readonly ListedClosure[];
  /** What was announced of its lines, in that order. */
  delays: readonly {
    at: Date;
    service: string;
    minutes: number;
    actorName: string | null;
    reason: string | null;
  }[];
  services: readonly { service: PlacedService; figures: Figures }[];
  total: Figures;
  /** Who is booked, and what became of it. */
  reservations: readonly {
    id: string;
    timeSlot: Date;
    name: string | null;
    email: string | null;
    service: string;
    outcome: Outcome;
  }[];
  hours: readonly HourFigures[];
  told: ToldFigures;
}

/** Days in a row, each with a link to how it went in detail. */
export function WeekPage({ ui, place, days, to, form }: WeekProps) {
  const t = ui.text.report;
  if (!place)
    return (
      <>
        <AdminHead ui={ui} title={t.title} lede={t.lede} section="days" />
        <div class="empty">
          <h2>{t.noLocation}</h2>
          <p>{t.noLocationText}</p>
        </div>
      </>
    );
  const { today } = place;
  const from = days.at(-1)?.day ?? to;
  return (
    <>
      <AdminHead ui={ui} title={t.title} lede={t.lede} section="days">
        {to >= today && <AsOf ui={ui} place={place} />}
      </AdminHead>
      {hasFailed(form) && <Download ui={ui} place={place} form={form} />}
      <Locations ui={ui} place={place} path="/admin/days" />
      <nav class="row" aria-label={t.days}>
        <a class="button" rel="prev" href={weekHref(place, addDays(from, -1))}>
          {t.earlier}
        </a>{' '}
        {to < today && (
          <a class="button" rel="next" href={weekHref(place, addDays(to, days.length))}>
            {t.later}
          </a>
        )}
      </nav>
      <GoTo ui={ui} place={place} day={to} />
      <table class="rows figures">
        <caption>{t.week(ui.format.day(from), ui.format.day(to))}</caption>
        <Headings ui={ui} first={t.columns.day} />
        <tbody>
          {days.map(({ day, figures }) => (
            <tr>
              <th scope="row">
                <a href={dayHref(place, day)}>
                  <time datetime={day}>{ui.format.day(day)}</time>
                </a>
              </th>
              <Cells ui={ui} figures={figures} isOver={day < today} />
            </tr>
          ))}
        </tbody>
      </table>
      {!hasFailed(form) && <Download ui={ui} place={place} form={form} />}
    </>
  );
}

/** A day that is over went; today goes on, and a coming one is only booked. */
export function titleOfDay(ui: Ui, { day, today }: Pick<DayScreen, 'day' | 'today'>): string {
  const t = ui.text.report;
  const text = ui.format.day(day);
  if (day > today) return t.comingTitle(text);
  return day < today ? t.dayTitle(text) : t.todayTitle(text);
}

/** How a day went, by service and by hour. */
export function DayPage({ ui, screen }: { ui: Ui; screen: DayScreen }) {
  const t = ui.text.report;
  const { day, today, services, total, hours, told } = screen;
  return (
    <>
      <AdminHead ui={ui} title={titleOfDay(ui, screen)} section="days">
        {day === today && <AsOf ui={ui} place={screen} />}
      </AdminHead>
      <Closures ui={ui} screen={screen} />
      <Delays ui={ui} screen={screen} />
      <Locations ui={ui} place={screen} path={`/admin/days/${day}`} />
      <nav class="row" aria-label={t.days}>
        <a class="button" rel="prev" href={dayHref(screen, addDays(day, -1))}>
          {t.dayBefore}
        </a>{' '}
        {day < today && (
          <>
            <a class="button" rel="next" href={dayHref(screen, addDays(day, 1))}>
              {t.dayAfter}
            </a>{' '}
          </>
        )}
        <a class="button quiet" href={weekHref(screen, day)}>
          {t.days}
        </a>{' '}
        {services.length > 0 && (
          <a class="button quiet" href={dayHref(screen, day, '.csv')} download>
            {t.download}
          </a>
        )}
      </nav>
      {day === today && services.length > 0 && <p>{t.goOn(total.open, total.unused)}</p>}
      {day > today && services.length > 0 && <p>{t.ahead(total.unused)}</p>}
      {services.length === 0 ? (
        <div class="empty">
          <h2>{day > today ? t.noneAhead : t.none}</h2>
          <p>{day > today ? t.noneAheadText : t.noneText}</p>
        </div>
      ) : (
        <ServiceTable ui={ui} screen={screen} />
      )}
      {hours.length > 0 && <Hours ui={ui} hours={hours} />}
      {screen.reservations.length > 0 && <Reservations ui={ui} screen={screen} />}
      {day <= today && services.length > 0 && <Told ui={ui} told={told} />}
    </>
  );
}

/** Such a page may stay open all day. */
function AsOf({ ui, place: { location } }: { ui: Ui; place: Place }) {
  return <p class="facts">{ui.text.report.asOf(ui.format.time(ui.now, location.timeZone))}</p>;
}

/** What was another way than in other weeks. */
function Closures({ ui, screen: { closures } }: { ui: Ui; screen: DayScreen }) {
  const t = ui.text.report;
  if (closures.length === 0) return null;
  return (
    <div class="notice" data-kind="info">
      <strong>{t.closures}</strong>
      <ul>
        {closures.map((closure) => (
          <li>{t.closure(hoursText(ui, closure), scopeText(ui, closure, false), closure.reason)}</li>
        ))}
      </ul>
    </div>
  );
}

/** What those still to come were told, and what nobody but a colleague was: why. */
function Delays({ ui, screen: { delays, location } }: { ui: Ui; screen: DayScreen }) {
  const t = ui.text.report;
  if (delays.length === 0) return null;
  return (
    <div class="notice" data-kind="info">
      <strong>{t.delays}</strong>
      <ul>
        {delays.map(({ at, ...delay }) => (
          <li>{t.delay({ time: ui.format.time(at, location.timeZone), ...delay })}</li>
        ))}
      </ul>
    </div>
  );
}

function ServiceTable({ ui, screen }: { ui: Ui; screen: DayScreen }) {
  const t = ui.text.report;
  const { services, total, day, today } = screen;
  return (
    <table class="rows figures">
      <caption>{t.services}</caption>
      <Headings ui={ui} first={t.columns.service} />
      <tbody>
        {services.map(({ service, figures }) => (
          <tr>
            <th scope="row">{service.name}</th>
            <Cells ui={ui} figures={figures} isOver={day < today} planned={service.durationMinutes} />
          </tr>
        ))}
        {services.length > 1 && (
          <tr>
            <th scope="row">{t.total}</th>
            <Cells ui={ui} figures={total} isOver={day < today} />
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** With how to reach whoever can still be told of a change: afterwards nobody needs that. */
function Reservations({ ui, screen }: { ui: Ui; screen: DayScreen }) {
  const t = ui.text.report;
  const { reservations, location, day, today } = screen;
  const isOver = day < today;
  return (
    <table class="rows">
      <caption>{t.reservations}</caption>
      <thead>
        <tr>
          <th scope="col">{t.time}</th>
          <th scope="col">{t.name}</th>
          <th scope="col">{t.columns.service}</th>
          {!isOver && <th scope="col">{t.email}</th>}
          <th scope="col">{t.outcome}</th>
        </tr>
      </thead>
      <tbody>
        {reservations.map(({ id, timeSlot, name, email, service, outcome }) => (
          <tr>
            <th scope="row">{ui.format.time(timeSlot, location.timeZone)}</th>
            <td>
              <a href={`/reservations/${id}`}>{name ?? t.guest}</a>
            </td>
            <td>{service}</td>
            {!isOver && (
              <td>
                <MailLink email={email} />
              </td>
            )}
            <td>
              <Badge ui={ui} status={outcome} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
