import { BookPage, DayPicker } from '../../views/services/book.tsx';
import type { DayChoice } from '../../views/services/choice.ts';
import type { Ui } from '../../views/ui.ts';
import { offerOf } from '../actions/availability.ts';
import { standingReservationsOf } from '../db/own-reservations.ts';
import { addMinutes } from '../domain/clock.ts';
import { parseDay } from '../domain/days.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { PlacedService } from '../domain/service.ts';
import { type Failure, slotProblem } from '../web/attempt.ts';
import type { C } from '../web/env.ts';
import { statusOf } from '../web/errors.ts';
import type { Screen } from '../web/render.tsx';

interface Picked {
  service: PlacedService;
  /** What was asked for in the address, or sent by the form. */
  fields: Record<string, unknown>;
  /** Why the form was refused. */
  failure?: Failure | undefined;
  /** The reservation that is moved, where none is made. */
  moving?: Reservation;
}

/** The page to pick a day and a slot, with what was chosen, and why it could not be had. */
export async function pickerScreen(
  c: C,
  ui: Ui,
  title: string,
  { service, fields, failure, moving }: Picked,
): Promise<Screen> {
  const wanted = parseDay(String(fields.day ?? fields.date ?? '')) ?? moving?.localDay;
  const choice: DayChoice = {
    service,
    ...(await offerOf(c.get('parts').store, service, wanted, ui.now)),
    chosen: typeof fields.timeSlot === 'string' ? fields.timeSlot : undefined,
    moving,
    problem: failure && slotProblem(ui, failure),
  };
  choice.standing = await standingAt(c, moving ? moving.userId : ui.actor?.id, choice);
  return {
    title,
    ...(failure && { status: statusOf(failure.refusal) }),
    main: () => <BookPage ui={ui} choice={choice} />,
    parts: { 'day-picker': () => <DayPicker ui={ui} choice={choice} /> },
  };
}

/** The reservation that somebody has already at the time that they chose. */
async function standingAt(
  c: C,
  userId: string | null | undefined,
  { service, slots, chosen, moving }: DayChoice,
): Promise<DayChoice['standing']> {
  const slot = slots.find(({ starts }) => starts.toISOString() === chosen);
  if (!userId || !slot) return undefined;
  // One that began earlier that day may last until then.
  const since = addMinutes(slot.starts, -DAY);
  const standing = await c.get('parts').store.run(standingReservationsOf, { userId, since });
  return standing.find(
    ({ id, serviceId, timeSlot, endsAt }) =>
      id !== moving?.id && serviceId === service.id && timeSlot < slot.ends && endsAt > slot.starts,
  );
}

/** In minutes; no reservation is longer. */
const DAY = 24 * 60;
