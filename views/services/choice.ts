import { addDays, type LocalDay } from '../../src/domain/days.ts';
import type { MonthDay } from '../../src/domain/offer.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import type { OpenSlot } from '../../src/domain/slots.ts';

/** A day of a service to choose a slot from, to book it or to move a reservation to it. */
export interface DayChoice {
  service: PlacedService;
  day: LocalDay;
  today: LocalDay;
  month: MonthDay[];
  slots: OpenSlot[];
  /** Where to look when this day has nothing. */
  nextFree: LocalDay | undefined;
  /** The slot that was chosen, in a form that failed or before logging in. */
  chosen?: string | undefined;
  /** Why the form failed. */
  problem?: string | undefined;
  /** The reservation that its customer has already at the slot that was chosen. */
  standing?: { id: string; timeSlot: Date } | undefined;
  /** The reservation that is being moved. */
  moving?: { id: string; timeSlot: Date } | undefined;
}

/** Until when the service can be booked. */
export function lastDay({ today, service }: DayChoice): LocalDay {
  return addDays(today, service.horizonDays);
}

/** Where the same choice is made on another day. */
export function dayHref({ service, moving }: DayChoice, day: LocalDay): string {
  return moving
    ? `/reservations/${moving.id}/reschedule?date=${day}`
    : `/services/${service.slug}?date=${day}`;
}
