import { html, raw } from 'hono/html';
import type { PlacedService } from '../../src/domain/service.ts';
import type { OpenSlot } from '../../src/domain/slots.ts';
import { FormKey, Notice } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { Calendar } from './calendar.tsx';
import { type DayChoice, dayHref, lastDay } from './choice.ts';
import { ServiceFacts, WhatToBring } from './list.tsx';

/** A day, and a slot on it: to book, or for a reservation that is moved. */
export function BookPage({ ui, choice }: { ui: Ui; choice: DayChoice }) {
  const t = ui.text.booking;
  const { service, moving, problem, standing } = choice;
  return (
    <>
      {problem && (
        <Notice kind="error">
          {problem} {standing && <Standing ui={ui} id={standing.id} />} <a href="#day">{t.choose}</a>
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

function Standing({ ui, id }: { ui: Ui; id: string }) {
  return <a href={`/reservations/${id}`}>{ui.text.booking.seeStanding}</a>;
}

/**
 * Who chose before they logged in is not done yet, and on a phone would not see the button. Who comes back to that page
 * after they booked is told that they did.
 */
function Unbooked({ ui, choice }: { ui: Ui; choice: DayChoice }) {
  const { service, day, slots, chosen, problem, moving, standing } = choice;
  const t = ui.text.booking;
  if (standing && !problem && !moving) {
    return (
      <Notice kind="info">
        {t.youBooked(ui.format.moment(standing.timeSlot, service.location.timeZone))}{' '}
        <Standing ui={ui} id={standing.id} />
      </Notice>
    );
  }
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

/** There may be a hundred of them, so they are templates and not components. */
function slotLabel(ui: Ui, choice: DayChoice, slot: OpenSlot) {
  const { service, chosen, standing } = choice;
  const t = ui.text.booking;
  const value = slot.starts.toISOString();
  const clock = ui.format.time(slot.starts, service.location.timeZone);
  const note = isOwn(choice, slot) ? t.yours : slot.available === 0 ? t.full : t.placesLeft(slot.available);
  const state = !isFree(choice, slot) ? MARKS.disabled : value === chosen && !standing ? MARKS.checked : '';
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

const MARKS = {
  disabled: raw(' disabled'),
  checked: raw(' checked'),
};
