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
  /** Outside the opening hours, or beyond the places that there are. */
  why: 'closed' | 'over_capacity';
}

/**
 * The standing bookings that new rules would not have allowed: those that no opening window covers, and those for whom
 * there is no place left, which are the ones that were made last. They stay valid; the admin decides what to do about them.
 */
export function collisions<B extends Booking & { id: string; localDay: LocalDay }>(
  bookings: readonly B[],
  zone: string,
  { capacity, rules, closures }: ProposedRules,
): Collision<B>[] {
  const byDay = Map.groupBy(bookings, (booking) => booking.localDay);
  return [...byDay].flatMap(([day, ofDay]) => {
    const windows = openTimes(day, zone, rules, closures);
    const tooMany = withoutPlace(ofDay, capacity);
    return ofDay.flatMap((booking): Collision<B>[] => {
      if (!windows.some(({ from, to }) => from <= booking.timeSlot && booking.endsAt <= to))
        return [{ booking, why: 'closed' }];
      return tooMany.has(booking) ? [{ booking, why: 'over_capacity' }] : [];
    });
  });
}

/** Ids grow with time, so whoever booked first keeps their place. */
function withoutPlace<B extends Booking & { id: string }>(
  bookings: readonly B[],
  capacity: number,
): ReadonlySet<B> {
  const placed: B[] = [];
  const without = new Set<B>();
  for (const booking of bookings.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (peakLoad(placed, booking.timeSlot, booking.endsAt) + booking.party <= capacity) placed.push(booking);
    else without.add(booking);
  }
  return without;
}
