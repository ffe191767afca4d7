import type { Child } from 'hono/jsx';
import {
  AIM,
  FEWEST_COMPARED,
  type Figures,
  type HourFigures,
  type ToldFigures,
} from '../../src/domain/report.ts';
import type { Ui } from '../ui.ts';

const COUNTS = ['booked', 'checkedIn', 'walkIns', 'served', 'skipped', 'left', 'unused'] as const;
const WAITS = ['median', 'p80', 'longest'] as const;

/** The heading of each figure of a day or a service; `first` stands over their names. */
export function Headings({ ui, first }: { ui: Ui; first: string }) {
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

/** The figures of a day or a service, as they stand under these headings. */
export function Cells({ ui, figures, isOver, planned }: CellsProps) {
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

/** When people came and how long they waited, by hour: drawn, and as a table. */
export function Hours({ ui, hours }: { ui: Ui; hours: readonly HourFigures[] }) {
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
export function Told({ ui, told: { told, compared, inTime, medianError } }: { ui: Ui; told: ToldFigures }) {
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
