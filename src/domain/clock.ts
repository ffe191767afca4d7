/** Tells the time. Passed in everywhere, so that a test can stand at any moment. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** The instant `minutes` after `instant` (before it, when negative). */
export function addMinutes(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * MINUTE);
}

/** The minute that an instant lies in, counted from 1970: screens that count in minutes stay the same within one. */
export function minuteOf(instant: Date): number {
  return Math.floor(instant.getTime() / MINUTE);
}

/** The instant at which the present minute began. */
export function startOfMinute(instant: Date): Date {
  return new Date(minuteOf(instant) * MINUTE);
}
