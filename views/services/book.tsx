import { html, raw } from 'hono/html';
import { addDays, type LocalDay, monthDays, weekday } from '../../src/domain/days.ts';
import type { MonthDay } from '../../src/domain/offer.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import type { OpenSlot } from '../../src/domain/slots.ts';
import { FormKey, Notice } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { ServiceFacts, WhatToBring } from './list.tsx';

/** A day of a service to choose a slot from, to book it or to move a reservation to it. */
export interface DayChoice {
  service: PlacedService;
  day: LocalDay;
  today: LocalDay;
  month: MonthDay[];
  slots: OpenSlot[];
  /** Where to look when this day has nothing. */
  nextFree: LocalDay | undefined;
  /** The slot that was chosen in a form that failed. */
  chosen?: string | undefined;
  /** Why the form failed. */
  problem?: string | undefined;
  /** The reservation that stands already at the slot that was chosen. */
  standing?: string | undefined;
  /** The reservation that is being moved. */
  moving?: { id: string; timeSlot: Date } | undefined;
}

/** A day, and a slot on it: to book, or for a reservation that is moved. */
export function BookPage({ ui, choice }: { ui: Ui; choice: DayChoice }) {
  const t = ui.text.booking;
  const { service, moving, problem, standing } = choice;
  return (
    <>
      {problem && (
        <Notice kind="error">
          {problem} {standing && <a href={`/reservations/${standing}`}>{t.seeStanding}</a>}{' '}
          <a href="#day">{t.choose}</a>
        </Notice>
      )}
      <header>
        <h1>{service.name}</h1>
        <p class="lede">{service.description || t.lede}</p>
        <ServiceFacts ui={ui} service={service} showPlace={false} />
        <WhatToBring ui={ui} service={service} />
      </header>
      <Unbooked ui={ui} choice={choice} />
      {moving && (
        <Notice kind="info">
          {t.reschedule(ui.format.moment(moving.timeSlot, service.location.timeZone))}
        </Notice>
      )}
      <DayPicker ui={ui} choice={choice} />
    </>
  );
}

/** Who chose before they logged in is not done yet, and on a phone would not see the button. */
function Unbooked({ ui, choice }: { ui: Ui; choice: DayChoice }) {
  const { service, day, slots, chosen, problem, moving } = choice;
  const t = ui.text.booking;
  const slot = slots.find(({ starts, available }) => starts.toISOString() === chosen && available > 0);
  if (!ui.actor || !slot || problem || moving) return null;
  return (
    <form class="notice" data-kind="info" method="post" action={bookPath(service)} data-once>
      <p>{t.notBooked(ui.format.moment(slot.starts, service.location.timeZone))}</p>
      <FormKey ui={ui} />
      <input type="hidden" name="day" value={day} />
      <input type="hidden" name="time_slot" value={chosen} />
      <p>
        <button class="primary" type="submit">
          {t.reserveAt(ui.format.time(slot.starts, service.location.timeZone))}
        </button>
      </p>
    </form>
  );
}

function bookPath({ slug }: PlacedService): string {
  return `/services/${slug}/reservations`;
}

/** Calendar and slots: links without JavaScript, swapped in place with it. */
export function DayPicker({ ui, choice }: { ui: Ui; choice: DayChoice }) {
  return (
    <div
      class="split"
      id="day-picker"
      hx-target:inherited="#day-picker"
      hx-swap:inherited="outerMorph"
      hx-push-url:inherited="true"
    >
      <Calendar ui={ui} choice={choice} />
      <SlotChoice ui={ui} choice={choice} />
    </div>
  );
}

function Calendar({ ui, choice }: { ui: Ui; choice: DayChoice }) {
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

/** Until when the service can be booked. */
function lastDay({ today, service }: DayChoice): LocalDay {
  return addDays(today, service.horizonDays);
}

/** There are forty of them and a hundred slots, so they are templates and not components. */
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

const MARKS = {
  today: raw(' class="today"'),
  full: raw(' class="full"'),
  chosen: raw(' aria-current="date"'),
  disabled: raw(' disabled'),
  checked: raw(' checked'),
};

/** The slots of the day as a form to choose one from. */
function SlotChoice({ ui, choice }: { ui: Ui; choice: DayChoice }) {
  const { day, slots } = choice;
  const shown = ui.format.day(day);
  const free = slots.filter((slot) => isFree(choice, slot)).length;
  return (
    <section class="stack" aria-labelledby="day">
      <h2 id="day">{shown}</h2>
      {/* Whoever sees no swap hears what the day has that they chose. */}
      <p class="visually-hidden" role="status" id="times">
        {ui.text.booking.timesFree(shown, free)}
      </p>
      {free === 0 ? <NoTimes ui={ui} choice={choice} /> : <SlotForm ui={ui} choice={choice} />}
    </section>
  );
}

function SlotForm({ ui, choice }: { ui: Ui; choice: DayChoice }) {
  const { service, day, moving } = choice;
  const t = ui.text.booking;
  const action = moving ? `/reservations/${moving.id}/reschedule` : bookPath(service);
  return (
    // Of each day its own: morphed into those of another, times would stay chosen that nobody chose.
    <form class="stack" id={`slots-${day}`} method="post" action={action} data-once>
      {/* Without an account the form only leads to the login. */}
      {ui.actor && <FormKey ui={ui} />}
      <input type="hidden" name="day" value={day} />
      {partsOfDay(ui, choice).map(({ legend, slots }) => (
        <fieldset class="slots">
          <legend>{legend}</legend>
          {slots.map((slot) => slotLabel(ui, choice, slot))}
        </fieldset>
      ))}
      <div class="row">
        <button class="primary" type="submit">
          {moving ? t.move : ui.actor ? t.reserve : t.loginToReserve}
        </button>{' '}
        <WayBack ui={ui} choice={choice} />
      </div>
    </form>
  );
}

function WayBack({ ui: { text }, choice: { moving } }: { ui: Ui; choice: DayChoice }) {
  return (
    <a class="button quiet" href={moving ? `/reservations/${moving.id}` : '/'}>
      {moving ? text.booking.keep : text.booking.back}
    </a>
  );
}

function NoTimes({ ui, choice }: { ui: Ui; choice: DayChoice }) {
  const t = ui.text.booking;
  const href = choice.nextFree && dayHref(choice, choice.nextFree);
  const last = lastDay(choice);
  return (
    <div class="empty">
      <h3>{choice.slots.length === 0 ? t.noTimes : t.allFull}</h3>
      <p>{choice.day > last ? t.horizon(ui.format.day(last)) : t.noTimesText}</p>
      {href && choice.nextFree && (
        <a class="button" href={href} hx-get={href}>
          {t.nextFree(ui.format.day(choice.nextFree))}
        </a>
      )}
      {choice.day.slice(0, 7) > last.slice(0, 7) && (
        <a class="button" href={dayHref(choice, last)} hx-get={dayHref(choice, last)}>
          {t.lastMonth(ui.format.month(last))}
        </a>
      )}
      <WayBack ui={ui} choice={choice} />
    </div>
  );
}

function slotLabel(ui: Ui, choice: DayChoice, slot: OpenSlot) {
  const { service, chosen } = choice;
  const t = ui.text.booking;
  const value = slot.starts.toISOString();
  const clock = ui.format.time(slot.starts, service.location.timeZone);
  const note = isOwn(choice, slot) ? t.yours : slot.available === 0 ? t.full : t.placesLeft(slot.available);
  const state = !isFree(choice, slot) ? MARKS.disabled : value === chosen ? MARKS.checked : '';
  return html`<div><label class="slot"><input type="radio" name="time_slot" value="${value}"${state} required> <b>${clock}</b> <small>${note}</small></label></div>`;
}

/** Whether it is the time of the reservation that is being moved. */
function isOwn({ moving }: DayChoice, { starts }: OpenSlot): boolean {
  return moving?.timeSlot.getTime() === starts.getTime();
}

function isFree(choice: DayChoice, slot: OpenSlot): boolean {
  return slot.available > 0 && !isOwn(choice, slot);
}

function partsOfDay(ui: Ui, { service, slots }: DayChoice): { legend: string; slots: OpenSlot[] }[] {
  const t = ui.text.booking;
  const hour = (slot: OpenSlot) => Number(ui.format.time(slot.starts, service.location.timeZone).slice(0, 2));
  return [
    { legend: t.morning, slots: slots.filter((slot) => hour(slot) < 12) },
    { legend: t.afternoon, slots: slots.filter((slot) => hour(slot) >= 12 && hour(slot) < 18) },
    { legend: t.evening, slots: slots.filter((slot) => hour(slot) >= 18) },
  ].filter((part) => part.slots.length > 0);
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

function dayHref({ service, moving }: DayChoice, day: LocalDay): string {
  return moving
    ? `/reservations/${moving.id}/reschedule?date=${day}`
    : `/services/${service.slug}?date=${day}`;
}
