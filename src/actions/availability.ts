import { bookingsTopic, CATALOG } from '../db/changes.ts';
import { hoursOf } from '../db/hours.ts';
import { bookingsOf } from '../db/reservations.ts';
import type { Store } from '../db/store.ts';
import { minuteOf } from '../domain/clock.ts';
import { addDays, type LocalDay, localDay, monthDays } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import type { DayOffer, MonthDay } from '../domain/offer.ts';
import type { PlacedService } from '../domain/service.ts';
import { bookable, daySlots, type OpenSlot, withAvailability } from '../domain/slots.ts';

/** A service that customers can still come for. Refuses with `retired`. */
export function stillOffered(service: PlacedService): PlacedService {
  if (service.retiredAt !== null) throw new Refusal('retired');
  return service;
}

/** The slots of a day that can be booked now, full ones included. Two queries, however many slots. */
export async function slotsOf(
  store: Store,
  service: PlacedService,
  day: LocalDay,
  now: Date,
): Promise<OpenSlot[]> {
  return (await slotsBetween(store, service, [day], now)).get(day) ?? [];
}

/**
 * What a customer chooses from: the slots of a day and which days of its month have places. Without a day it is the
 * first one with a free slot. Two queries, however many days and slots; two or four more where there is nothing free.
 */
export async function offerOf(
  store: Store,
  service: PlacedService,
  wanted: LocalDay | undefined,
  now: Date,
): Promise<DayOffer> {
  const today = localDay(now, service.location.timeZone);
  const month = await slotsBetween(store, service, monthDays(wanted ?? today), now);
  const first = wanted ?? firstFree(month);
  if (first !== undefined && hasFree(month.get(first))) return offer(first, today, month, undefined);

  const freeFrom = async (from: LocalDay) => {
    const ahead = Array.from({ length: SEARCH_DAYS }, (_, index) => addDays(from, index));
    return firstFree(await slotsBetween(store, service, ahead, now));
  };
  const later = wanted !== undefined && wanted > today ? await freeFrom(wanted) : undefined;
  const nextFree = later ?? (await freeFrom(today));
  const day = wanted ?? nextFree ?? today;
  const shown = monthDays(day).includes(wanted ?? today)
    ? month
    : await slotsBetween(store, service, monthDays(day), now);
  return offer(day, today, shown, nextFree === day ? undefined : nextFree);
}

/** How far ahead a page looks for a free day; further is the customer's own click. */
const SEARCH_DAYS = 31;

type SlotsByDay = ReadonlyMap<LocalDay, OpenSlot[]>;

function offer(day: LocalDay, today: LocalDay, slots: SlotsByDay, nextFree: LocalDay | undefined): DayOffer {
  const month = monthDays(day).map((each) => monthDay(each, slots.get(each)));
  return { day, today, nextFree, slots: slots.get(day) ?? [], month };
}

function firstFree(slots: SlotsByDay): LocalDay | undefined {
  return [...slots].find(([, ofDay]) => hasFree(ofDay))?.[0];
}

function hasFree(slots: OpenSlot[] = []): boolean {
  return slots.some((slot) => slot.available > 0);
}

function monthDay(day: LocalDay, slots: OpenSlot[] | undefined): MonthDay {
  if (!slots) return { day, state: 'outside', available: 0 };
  const available = slots.reduce((sum, slot) => sum + slot.available, 0);
  return { day, state: slots.length === 0 ? 'closed' : available === 0 ? 'full' : 'open', available };
}

/**
 * The slots of those days, which follow each other, that can be booked at all: from today to the horizon. The same for
 * everybody until a place is taken or freed, hours change or the minute ends.
 */
async function slotsBetween(
  store: Store,
  service: PlacedService,
  days: readonly LocalDay[],
  now: Date,
): Promise<SlotsByDay> {
  const zone = service.location.timeZone;
  const today = localDay(now, zone);
  const last = addDays(today, service.horizonDays);
  const open = days.filter((day) => day >= today && day <= last);
  const [from, to] = [open[0], open.at(-1)];
  if (from === undefined || to === undefined || service.retiredAt !== null) return new Map();
  return store.keep(
    `slots ${service.id} ${from} ${to} ${minuteOf(now)}`,
    () => [CATALOG, bookingsTopic(service.id)],
    async () => {
      const [{ rules, closures }, bookings] = await Promise.all([
        hoursOf(store, service, from, to),
        bookingsOf(store, service.id, from, to, now),
      ]);
      const taken = Map.groupBy(bookings, (booking) => booking.localDay);
      const isBookable = bookable(now, zone, service);
      return new Map(
        open.map((day) => {
          const slots = daySlots(day, zone, service, rules, closures).filter((slot) =>
            isBookable(slot.starts),
          );
          return [day, withAvailability(slots, service.capacity, taken.get(day) ?? [])];
        }),
      );
    },
  );
}
