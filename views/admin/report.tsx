import type { Child } from 'hono/jsx';
import { addDays, type LocalDay } from '../../src/domain/days.ts';
import {
  AIM,
  FEWEST_COMPARED,
  type Figures,
  type HourFigures,
  type ToldFigures,
} from '../../src/domain/report.ts';
import type { Location, PlacedService } from '../../src/domain/service.ts';
import { MailLink } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { dayText } from './closures.tsx';
import { AdminHead } from './parts.tsx';

/** Which location is shown, of those there are. */
interface Place {
  location: Location;
  locations: readonly Location[];
  today: LocalDay;
}

interface WeekProps {
  ui: Ui;
  /** Undefined as long as there is no location. */
  place: Place | undefined;
  /** The latest first. */
  days: readonly { day: LocalDay; figures: Figures }[];
  to: LocalDay;
}

export interface DayScreen extends Place {
  day: LocalDay;
  services: readonly { service: PlacedService; figures: Figures }[];
  total: Figures;
  /** Who is booked, as long as the day is not over. */
  coming: readonly {
    id: string;
    timeSlot: Date;
    name: string | null;
    email: string | null;
    service: string;
  }[];
  hours: readonly HourFigures[];
  told: ToldFigures;
}

/** Days in a row, each with a link to how it went in detail. */
export function WeekPage({ ui, place, days, to }: WeekProps) {
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
      <AdminHead ui={ui} title={t.title} lede={t.lede} section="days" />
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
        <caption>{t.week(dayText(ui, from, today), dayText(ui, to, today))}</caption>
        <Headings ui={ui} first={t.columns.day} />
        <tbody>
          {days.map(({ day, figures }) => (
            <tr>
              <th scope="row">
                <a href={dayHref(place, day)}>
                  <time datetime={day}>{dayText(ui, day, today)}</time>
                </a>
              </th>
              <Cells ui={ui} figures={figures} isOver={day < today} />
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** A day that is over went; today goes on, and a coming one is only booked. */
export function titleOfDay(ui: Ui, { day, today }: Pick<DayScreen, 'day' | 'today'>): string {
  const t = ui.text.report;
  const text = dayText(ui, day, today);
  if (day > today) return t.comingTitle(text);
  return day < today ? t.dayTitle(text) : t.todayTitle(text);
}

/** How a day went, by service and by hour. */
export function DayPage({ ui, screen }: { ui: Ui; screen: DayScreen }) {
  const t = ui.text.report;
  const { day, today, services, total, hours, told } = screen;
  return (
    <>
      <AdminHead ui={ui} title={titleOfDay(ui, screen)} section="days" />
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
      {day >= today && services.length > 0 && <p>{t.goOn(total.open, total.unused)}</p>}
      {services.length === 0 ? (
        <div class="empty">
          <h2>{t.none}</h2>
          <p>{t.noneText}</p>
        </div>
      ) : (
        <ServiceTable ui={ui} screen={screen} />
      )}
      {hours.length > 0 && <Hours ui={ui} hours={hours} />}
      {screen.coming.length > 0 && <Coming ui={ui} screen={screen} />}
      {services.length > 0 && <Told ui={ui} told={told} />}
    </>
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

const COUNTS = ['booked', 'checkedIn', 'walkIns', 'served', 'skipped', 'left', 'unused'] as const;
const WAITS = ['median', 'p80', 'longest'] as const;

function Headings({ ui, first }: { ui: Ui; first: string }) {
  const { columns } = ui.text.report;
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {[...COUNTS, ...WAITS, 'serviceMinutes' as const].map((name) => (
          <th scope="col" class="num">
            {columns[name]}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface CellsProps {
  ui: Ui;
  figures: Figures;
  /** As long as a day lasts, nobody can say who does not come. */
  isOver: boolean;
  planned?: number;
}

function Cells({ ui, figures, isOver, planned }: CellsProps) {
  const { columns: t, nobody, ofPlanned } = ui.text.report;
  const { waits, serviceMinutes } = figures;
  return (
    <>
      {COUNTS.map((name) => (
        <Cell label={t[name]}>{name === 'unused' && !isOver ? nobody : ui.format.number(figures[name])}</Cell>
      ))}
      {WAITS.map((name) => (
        <Cell label={t[name]}>{minutesText(ui, waits?.[name])}</Cell>
      ))}
      <Cell label={t.serviceMinutes}>
        {serviceMinutes !== null && planned !== undefined
          ? ofPlanned(ui.format.number(Math.round(serviceMinutes)), ui.format.number(planned))
          : minutesText(ui, serviceMinutes)}
      </Cell>
    </>
  );
}

function Cell({ label, children }: { label: string; children: Child }) {
  return (
    <td class="num" data-label={label}>
      {children}
    </td>
  );
}

function minutesText(ui: Ui, minutes: number | null | undefined): string {
  const t = ui.text.report;
  return minutes == null ? t.nobody : t.minutes(ui.format.number(Math.round(minutes)));
}

function Coming({ ui, screen: { coming, location } }: { ui: Ui; screen: DayScreen }) {
  const t = ui.text.report;
  return (
    <table class="rows">
      <caption>{t.coming}</caption>
      <thead>
        <tr>
          <th scope="col">{t.time}</th>
          <th scope="col">{t.name}</th>
          <th scope="col">{t.columns.service}</th>
          <th scope="col">{t.email}</th>
        </tr>
      </thead>
      <tbody>
        {coming.map(({ id, timeSlot, name, email, service }) => (
          <tr>
            <th scope="row">{ui.format.time(timeSlot, location.timeZone)}</th>
            <td>
              <a href={`/reservations/${id}`}>{name ?? t.guest}</a>
            </td>
            <td>{service}</td>
            <td>
              <MailLink email={email} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Hours({ ui, hours }: { ui: Ui; hours: readonly HourFigures[] }) {
  const t = ui.text.report;
  const busiest = hours.reduce((most, hour) => (hour.arrived > most.arrived ? hour : most));
  return (
    <section aria-labelledby="by-hour">
      <h2 id="by-hour">{t.hours}</h2>
      <p>{t.busiest(hourText(busiest.hour), busiest.arrived)}</p>
      <HourChart ui={ui} hours={hours} most={busiest.arrived} />
      <table class="rows figures">
        <caption class="visually-hidden">{t.hours}</caption>
        <thead>
          <tr>
            {(['hour', 'arrived', 'started', 'median'] as const).map((name) => (
              <th scope="col" class={name === 'hour' ? undefined : 'num'}>
                {t.columns[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hours.map(({ hour, arrived, started, wait }) => (
            <tr>
              <th scope="row">{hourText(hour)}</th>
              <Cell label={t.columns.arrived}>{ui.format.number(arrived)}</Cell>
              <Cell label={t.columns.started}>{ui.format.number(started)}</Cell>
              <Cell label={t.columns.median}>{minutesText(ui, wait)}</Cell>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The sizes of the chart, in the units of its drawing. */
const BAR = 40;
const GAP = 8;
const HEIGHT = 120;
const LABEL = 20;

function HourChart({ ui, hours, most }: { ui: Ui; hours: readonly HourFigures[]; most: number }) {
  const width = hours.length * (BAR + GAP) + GAP;
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${width} ${HEIGHT + 2 * LABEL}`}
      width={width}
      height={HEIGHT + 2 * LABEL}
      role="img"
      aria-label={ui.text.report.chart}
    >
      {hours.map(({ hour, arrived }, index) => {
        const height = most === 0 ? 0 : Math.round((arrived / most) * HEIGHT);
        const x = GAP + index * (BAR + GAP);
        const middle = x + BAR / 2;
        const top = LABEL + HEIGHT - height;
        return (
          <>
            <rect x={x} y={top} width={BAR} height={height} rx="3" />
            <text x={middle} y={top - 5}>
              {ui.format.number(arrived)}
            </text>
            <text x={middle} y={HEIGHT + 2 * LABEL - 4}>
              {String(hour).padStart(2, '0')}
            </text>
          </>
        );
      })}
    </svg>
  );
}

/** How the estimates of the day did: in a sentence, and in figures. */
function Told({ ui, told: { told, compared, inTime, medianError } }: { ui: Ui; told: ToldFigures }) {
  const t = ui.text.report.told;
  const share = inTime === null ? null : inTime / compared;
  const cells = {
    told: ui.format.number(told),
    compared: ui.format.number(compared),
    inTime: share === null ? ui.text.report.nobody : t.percent(Math.round(share * 100)),
    medianError: minutesText(ui, medianError),
  };
  return (
    <section aria-labelledby="told">
      <h2 id="told">{t.title}</h2>
      <p>{told === 0 ? t.none : verdict(ui, compared, share)}</p>
      {told > 0 && (
        <table class="rows figures">
          <caption class="visually-hidden">{t.title}</caption>
          <thead>
            <tr>
              {Object.values(t.columns).map((name) => (
                <th scope="col" class="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              {(['told', 'compared', 'inTime', 'medianError'] as const).map((name) => (
                <Cell label={t.columns[name]}>{cells[name]}</Cell>
              ))}
            </tr>
          </tbody>
        </table>
      )}
      {told > 0 && <p class="hint">{t.hint}</p>}
    </section>
  );
}

function verdict({ text }: Ui, compared: number, share: number | null): string {
  const t = text.report.told;
  if (share === null || compared < FEWEST_COMPARED) return t.few(compared);
  if (share < AIM.from) return t.tooShort;
  return share > AIM.to ? t.tooLong : t.good;
}

function hourText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** With several locations, the way to the others. */
function Locations({ ui, place, path }: { ui: Ui; place: Place; path: string }) {
  const { location, locations } = place;
  if (locations.length < 2) return null;
  return (
    <nav class="row" aria-label={ui.text.report.locations}>
      {locations.map((one) => (
        <>
          <a
            class={one.id === location.id ? 'button' : 'button quiet'}
            href={`${path}?location=${one.slug}`}
            aria-current={one.id === location.id ? 'true' : undefined}
          >
            {one.name}
          </a>{' '}
        </>
      ))}
    </nav>
  );
}

function GoTo({ ui, place, day }: { ui: Ui; place: Place; day: LocalDay }) {
  const t = ui.text.report;
  const { location, locations } = place;
  return (
    <form class="row" method="get" action="/admin/days">
      {locations.length > 1 && <input type="hidden" name="location" value={location.slug} />}
      <label for="date">{t.goTo}</label>
      <input type="date" id="date" name="date" value={day} required />
      <button type="submit">{t.go}</button>
    </form>
  );
}

function dayHref(place: Place, day: LocalDay, kind = ''): string {
  return `/admin/days/${day}${kind}${query(place, {})}`;
}

function weekHref(place: Place, to: LocalDay): string {
  return `/admin/days${query(place, to < place.today ? { to } : {})}`;
}

function query({ location, locations }: Place, fields: Record<string, string>): string {
  const all = new URLSearchParams({ ...(locations.length > 1 && { location: location.slug }), ...fields });
  return all.size > 0 ? `?${all}` : '';
}
