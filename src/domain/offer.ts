import type { LocalDay } from './days.ts';
import type { OpenSlot } from './slots.ts';

/** `outside` is over already, or beyond the service's horizon. */
type DayState = 'outside' | 'closed' | 'full' | 'open';

export interface MonthDay {
  day: LocalDay;
  state: DayState;
  /** Places left over all of its slots. */
  available: number;
}

export interface DayOffer {
  day: LocalDay;
  today: LocalDay;
  /** The days of the month that `day` lies in. */
  month: MonthDay[];
  /** The slots of `day`. */
  slots: OpenSlot[];
  /**
   * Where to look instead when `day` has nothing free: the first day after it that has, or else the first of all, as far
   * as a page looks ahead.
   */
  nextFree: LocalDay | undefined;
}
