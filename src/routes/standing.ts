import type { DayChoice } from '../../views/services/book.tsx';
import { upcomingReservationsOf } from '../db/reservations.ts';
import type { Failure } from '../web/attempt.ts';
import type { C } from '../web/env.ts';

/** The reservation that somebody has already at the time that they chose, where they were refused for it. */
export async function standingAtChosen(
  c: C,
  userId: string | null | undefined,
  { service, slots, chosen, moving }: DayChoice,
  { refusal }: Failure,
): Promise<string | undefined> {
  const slot = slots.find(({ starts }) => starts.toISOString() === chosen);
  if (refusal.code !== 'already_booked' || !userId || !slot) return undefined;
  const { store, clock } = c.get('parts');
  const upcoming = await store.run(upcomingReservationsOf, { userId, now: clock() });
  return upcoming.find(
    ({ id, serviceId, status, timeSlot, endsAt }) =>
      id !== moving?.id &&
      serviceId === service.id &&
      status !== 'canceled' &&
      timeSlot < slot.ends &&
      endsAt > slot.starts,
  )?.id;
}
