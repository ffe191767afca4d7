import { bookingsOf } from '../db/reservations.ts';
import { hoursOf } from '../db/services.ts';
import type { Reader } from '../db/store.ts';
import { addDays, type LocalDay, localDay, monthDays } from '../domain/days.ts';
import type { DayOffer, MonthDay } from '../domain/offer.ts';
import type { PlacedService } from '../domain/service.ts';
import { daySlots, isBookable, type OpenSlot, withAvailability } from '../domain/slots.ts';

/** The slots of a day that can be booked now, full ones included. Two queries, however many slots. */
export async function slotsOf(
  db: Reader,
  service: PlacedService,
  day: LocalDay,
  now: Date,
): Promise<OpenSlot[]> {
  return (await slotsBetween(db, service, [day], now)).get(day) ?? [];
}

/**
 * What a customer chooses from: the slots of a day and which days of its month have places. Without a day it is the
 * first one with a free slot. Two queries, however many days and slots.
 */
export async function offerOf(
  db: Reader,
  service: PlacedService,
  wanted: LocalDay | undefined,
  now: Date,
): Promise<DayOffer> {
  const today = localDay(now, service.location.timeZone);
  const ahead = Array.from({ length: SEARCH_DAYS }, (_, index) => addDays(today, index));
  const shown = wanted
    ? monthDays(wanted)
    : [...monthDays(today), ...monthDays(addDays(today, SEARCH_DAYS - 1))];
  const slots = await slotsBetween(db, service, [...new Set([...ahead, ...shown])].sort(), now);
  const nextFree = ahead.find((day) => slots.get(day)?.some((slot) => slot.available > 0));
  const day = wanted ?? nextFree ?? today;
  return {
    day,
    today,
    nextFree,
    slots: slots.get(day) ?? [],
    month: monthDays(day).map((each) => monthDay(each, today, slots.get(each))),
  };
}

/** How far ahead a page looks for a free day; further is the customer's own click. */
const SEARCH_DAYS = 31;

function monthDay(day: LocalDay, today: LocalDay, slots: OpenSlot[] = []): MonthDay {
  const available = slots.reduce((sum, slot) => sum + slot.available, 0);
  const state = day < today ? 'past' : slots.length === 0 ? 'closed' : available === 0 ? 'full' : 'open';
  return { day, state, available };
}

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
      const slots = daySlots(day, zone, service, rules, closures).filter((slot) =>
        isBookable(slot.starts, now, zone, service),
      );
      return [day, withAvailability(slots, service.capacity, taken.get(day) ?? [])];
    }),
  );
}
