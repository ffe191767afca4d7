import { html, raw } from 'hono/html';
import { addDays, type LocalDay, monthDays, weekday } from '../../src/domain/days.ts';
import type { MonthDay } from '../../src/domain/offer.ts';
import type { Ui } from '../ui.ts';
import { type DayChoice, dayHref, lastDay } from './choice.ts';

/** The month of the day that is shown, with what each of its days has. */
export function Calendar({ ui, choice }: { ui: Ui; choice: DayChoice }) {
  const { day, today, month } = choice;
  const t = ui.text.booking;
  const first = month[0]?.day ?? day;
  const before = addDays(first, -1);
  const after = addDays(month.at(-1)?.day ?? day, 1);
  const last = lastDay(choice);
  // Weeks that are over would only push the days that can be booked off a small screen.
  const from = day < today ? day : today;
  const weeks = weeksOf(month).filter((week) => week.some((cell) => cell && cell.day >= from));
  return (
    <section class="calendar" aria-labelledby="month">
      <div class="row between">
        <h2 id="month">{ui.format.month(day)}</h2>
        <nav class="row" aria-label={t.months}>
          {before >= today.slice(0, 8) && (
            <MonthLink
              ui={ui}
              choice={choice}
              day={before < today ? today : (monthDays(before > last ? last : before)[0] ?? before)}
              id="month-before"
              arrow="←"
            />
          )}{' '}
          {after <= last && <MonthLink ui={ui} choice={choice} day={after} id="month-after" arrow="→" />}
        </nav>
      </div>
      <table>
        <caption class="visually-hidden">{t.month(ui.format.month(day))}</caption>
        <thead>
          <tr>
            {[1, 2, 3, 4, 5, 6, 7].map((number) => {
              const short = ui.format.weekday(number, 'short').slice(0, 2);
              return html`<th scope="col"><abbr title="${ui.format.weekday(number)}">${short}</abbr></th>`;
            })}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => {
            const cells = week.map((cell) => (cell ? dayCell(ui, choice, cell) : html`<td></td>`));
            return html`<tr>${cells}</tr>`;
          })}
        </tbody>
      </table>
    </section>
  );
}

/** By its id a swap knows it again: whoever pages by keyboard stays on the same one. */
function MonthLink({
  ui,
  choice,
  day,
  id,
  arrow,
}: {
  ui: Ui;
  choice: DayChoice;
  day: LocalDay;
  id: string;
  arrow: '←' | '→';
}) {
  const href = dayHref(choice, day);
  return (
    <a class="button quiet" id={id} href={href} hx-get={href}>
      {arrow === '←' && <span aria-hidden="true">← </span>}
      <span>
        {ui.format.shortMonth(day)}
        <span class="visually-hidden"> {day.slice(0, 4)}</span>
      </span>
      {arrow === '→' && <span aria-hidden="true"> →</span>}
    </a>
  );
}

/** There are forty of them, so they are templates and not components. */
function dayCell(ui: Ui, choice: DayChoice, cell: MonthDay) {
  const number = Number(cell.day.slice(8));
  const time = html`<time datetime="${cell.day}">${number}</time>`;
  const today = cell.day === choice.today ? MARKS.today : '';
  const note = dayNote(ui, cell);
  const isChosen = cell.day === choice.day;
  if (cell.state !== 'open' && cell.state !== 'full' && !isChosen)
    return html`<td${today}><span>${time} ${note === '' ? '' : html`<small>${note}</small>`}</span></td>`;
  const href = dayHref(choice, cell.day);
  const marks = [cell.state === 'full' ? MARKS.full : '', isChosen ? MARKS.chosen : ''];
  return html`<td${today}><a href="${href}#day" hx-get="${href}"${marks}>${time} <small>${note}</small></a></td>`;
}

function dayNote({ text: { booking: t } }: Ui, { state, available }: MonthDay): string {
  if (state === 'open') return t.left(available);
  if (state === 'full') return t.full;
  return state === 'closed' ? t.closed : '';
}

/** Weeks from Monday to Sunday; cells of other months are undefined. */
function weeksOf(month: MonthDay[]): (MonthDay | undefined)[][] {
  const lead = month[0] ? weekday(month[0].day) - 1 : 0;
  const cells = [...Array<undefined>(lead).fill(undefined), ...month];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, index) =>
    cells.slice(index * 7, index * 7 + 7),
  );
  return weeks.map((week) => [...week, ...Array<undefined>(7 - week.length).fill(undefined)]);
}

const MARKS = {
  today: raw(' class="today"'),
  full: raw(' class="full"'),
  chosen: raw(' aria-current="date"'),
};
