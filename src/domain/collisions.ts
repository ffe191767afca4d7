import type { LocalDay } from './days.ts';
import type { Closure, OpeningRule } from './service.ts';
import { type Booking, openTimes, peakLoad } from './slots.ts';

/** The rules that a service would have. */
export interface ProposedRules {
  capacity: number;
  rules: readonly OpeningRule[];
  closures: readonly Closure[];
}

export interface Collision<B> {
  booking: B;
  /** Outside the opening hours, or more people than places. */
  why: 'closed' | 'over_capacity';
}

/**
 * The standing bookings that new rules would not have allowed: those that no opening window covers, and those during
 * which more places are taken than there would be. They stay valid; the admin decides what to do about them.
 */
export function collisions<B extends Booking & { localDay: LocalDay }>(
  bookings: readonly B[],
  zone: string,
  { capacity, rules, closures }: ProposedRules,
): Collision<B>[] {
  const byDay = Map.groupBy(bookings, (booking) => booking.localDay);
  return [...byDay].flatMap(([day, ofDay]) => {
    const windows = openTimes(day, zone, rules, closures);
    return ofDay.flatMap((booking): Collision<B>[] => {
      if (!windows.some(({ from, to }) => from <= booking.timeSlot && booking.endsAt <= to))
        return [{ booking, why: 'closed' }];
      return peakLoad(ofDay, booking.timeSlot, booking.endsAt) > capacity
        ? [{ booking, why: 'over_capacity' }]
        : [];
    });
  });
}
