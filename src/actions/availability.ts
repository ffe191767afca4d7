import { bookingsOf } from '../db/reservations.ts';
import { hoursOf, type PlacedService } from '../db/services.ts';
import type { Reader } from '../db/store.ts';
import { addDays, type LocalDay, localDay, monthDays } from '../domain/days.ts';
import { daySlots, isBookable, type OpenSlot, withAvailability } from '../domain/slots.ts';

/** The slots of a day that can be booked now, full ones included. Three queries, however many slots. */
export async function slotsOf(db: Reader, service: PlacedService, day: LocalDay, now: Date): Promise<OpenSlot[]> {
  return (await slotsBetween(db, service, [day], now)).get(day) ?? [];
}

export type DayState = 'past' | 'closed' | 'full' | 'open';

export interface MonthDay {
  day: LocalDay;
  state: DayState;
  /** Places left over all of its slots. */
  available: number;
}

/** Which days of a month have places. Three queries, however many days. */
export async function monthOf(db: Reader, service: PlacedService, month: LocalDay, now: Date): Promise<MonthDay[]> {
  const days = monthDays(month);
  const slots = await slotsBetween(db, service, days, now);
  const today = localDay(now, service.location.timeZone);
  return days.map((day) => {
    const ofDay = slots.get(day) ?? [];
    const available = ofDay.reduce((sum, slot) => sum + slot.available, 0);
    const state = day < today ? 'past' : ofDay.length === 0 ? 'closed' : available === 0 ? 'full' : 'open';
    return { day, state, available };
  });
}

/** The first day from `from` on with a free slot, within the service's horizon; undefined when there is none. */
export async function firstFreeDay(db: Reader, service: PlacedService, from: LocalDay, now: Date): Promise<LocalDay | undefined> {
  const days = Array.from({ length: SEARCH_DAYS }, (_, index) => addDays(from, index));
  const slots = await slotsBetween(db, service, days, now);
  return days.find((day) => slots.get(day)?.some((slot) => slot.available > 0));
}

/** How far ahead a page looks for the day it opens at; further is the customer's own click. */
const SEARCH_DAYS = 31;

async function slotsBetween(
  db: Reader,
  service: PlacedService,
  days: readonly LocalDay[],
  now: Date,
): Promise<Map<LocalDay, OpenSlot[]>> {
  const zone = service.location.timeZone;
  const today = localDay(now, zone);
  const open = days.filter((day) => day >= today && day <= addDays(today, service.horizonDays));
  const [from, to] = [open[0], open.at(-1)];
  if (from === undefined || to === undefined || service.retiredAt !== null) return new Map();
  const [{ rules, closures }, bookings] = await Promise.all([
    hoursOf(db, service, from, to),
    bookingsOf(db, service.id, from, to, now),
  ]);
  const taken = Map.groupBy(bookings, (booking) => booking.localDay);
  return new Map(
    open.map((day) => {
      const slots = daySlots(day, zone, service, rules, closures).filter((slot) => isBookable(slot.starts, now, zone, service));
      return [day, withAvailability(slots, service.capacity, taken.get(day) ?? [])];
    }),
  );
}
