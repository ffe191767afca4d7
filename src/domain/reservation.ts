import { addMinutes } from './clock.ts';
import { dayEnd, dayStart, type LocalDay, localDay } from './days.ts';
import type { Location, Service } from './service.ts';
import { type EntryStatus, isOpen, type QueueEntry } from './ticket.ts';

export const RESERVATION_STATUSES = ['pending', 'confirmed', 'canceled'] as const;
type ReservationStatus = (typeof RESERVATION_STATUSES)[number];

/** A customer's place in a slot. Whether the customer came is read from its queue entry. */
export interface Reservation {
  id: string;
  serviceId: string;
  locationId: string;
  /** Null once the customer's account is erased. */
  userId: string | null;
  localDay: LocalDay;
  timeSlot: Date;
  /** Frozen when it is made, buffer included. */
  endsAt: Date;
  party: number;
  status: ReservationStatus;
  /** A pending reservation with this is a hold: it keeps its place until then. */
  holdExpiresAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** A reservation with what a list of them shows. */
export type ListedReservation = Reservation & {
  service: { name: string; slug: string; timeZone: string; locationName: string };
  /** The state of its ticket; null without one. */
  ticketStatus: EntryStatus | null;
};

/** What became of a reservation: where it stands, or where its ticket does, or that it was not used. */
export type Outcome = ReservationStatus | EntryStatus | 'unused';

/**
 * A ticket that was left before the reservation moved to another time says nothing about that time, and one that is void
 * nothing at all.
 */
export function isTicketOf(
  { updatedAt }: Pick<Reservation, 'updatedAt'>,
  { status, endedAt, voided }: Pick<QueueEntry, 'status' | 'endedAt' | 'voided'>,
): boolean {
  if (voided) return false;
  return status !== 'left' || endedAt === null || endedAt >= updatedAt;
}

/**
 * What became of a reservation, told by its ticket's state. One that nobody used is told so when its day is over; a
 * ticket made with the booking says nothing before its day.
 */
export function outcomeOf(
  { status, localDay: day }: Pick<Reservation, 'status' | 'localDay'>,
  ticketStatus: EntryStatus | null,
  now: Date,
  zone: string,
): Outcome {
  if (status !== 'confirmed') return status;
  const today = localDay(now, zone);
  if (ticketStatus === null) return day < today ? 'unused' : status;
  return ticketStatus === 'waiting' && day > today ? status : ticketStatus;
}

/** Whether its customer still has to come, or is here: one of today is, until it is over. Who left can come back until then. */
export function isToCome({ ticketStatus, service, ...reservation }: ListedReservation, now: Date): boolean {
  if (reservation.status === 'canceled') return false;
  const today = localDay(now, service.timeZone);
  if (reservation.localDay !== today) return reservation.localDay > today;
  if (ticketStatus === 'left') return reservation.timeSlot > now;
  return ticketStatus === null || isOpen(ticketStatus);
}

/** Whether its day is over: what became of it then stands, for everybody. */
export function isOver(
  { localDay: day }: Pick<Reservation, 'localDay'>,
  now: Date,
  { timeZone }: Pick<Location, 'timeZone'>,
): boolean {
  return day < localDay(now, timeZone);
}

/** Whether there may be a ticket of it yet, made on its page, at a kiosk or at the desk: it is of today and has none. */
export function mayCheckInToday(
  { status, localDay: day }: Pick<Reservation, 'status' | 'localDay'>,
  ticketStatus: EntryStatus | null,
  now: Date,
  zone: string,
): boolean {
  if (status !== 'confirmed' || day !== localDay(now, zone)) return false;
  return ticketStatus === null || ticketStatus === 'left';
}

/** Until when its customer can cancel or move a reservation. */
export function changeDeadline(
  reservation: Pick<Reservation, 'timeSlot'>,
  service: Pick<Service, 'cancelMinutes'>,
): Date {
  return addMinutes(reservation.timeSlot, -service.cancelMinutes);
}

/** Whether its customer can still move or cancel it. */
export function canChange(
  reservation: Pick<Reservation, 'timeSlot' | 'status'>,
  service: Pick<Service, 'cancelMinutes'>,
  now: Date,
): boolean {
  return reservation.status !== 'canceled' && now <= changeDeadline(reservation, service);
}

/**
 * What can still be done about a reservation on its pages: nothing once its time came, nor while somebody deals with its ticket,
 * in the state `ticketStatus`. `mayChange`: the actor is in time, or works there.
 */
export function waysOut(
  { status, timeSlot }: Pick<Reservation, 'status' | 'timeSlot'>,
  { checkIn, retiredAt }: Pick<Service, 'checkIn' | 'retiredAt'>,
  ticketStatus: EntryStatus | null,
  mayChange: boolean,
  now: Date,
): { isOpen: boolean; canCancel: boolean; canMove: boolean } {
  const isFree = ticketStatus === null || ticketStatus === 'waiting' || ticketStatus === 'left';
  const isOpen = status !== 'canceled' && timeSlot > now && isFree;
  const isInLine = ticketStatus === 'waiting' && checkIn === 'required';
  const canCancel = isOpen && mayChange;
  return { isOpen, canCancel, canMove: canCancel && !isInLine && retiredAt === null };
}

/** From when to when a customer can check in: around the slot, on its own day, since a line ends at midnight. */
export function checkInWindow(
  reservation: Pick<Reservation, 'timeSlot' | 'localDay'>,
  service: Pick<Service, 'checkInBeforeMinutes' | 'checkInAfterMinutes'>,
  zone: string,
): { opens: Date; closes: Date } {
  const opens = addMinutes(reservation.timeSlot, -service.checkInBeforeMinutes);
  const closes = addMinutes(reservation.timeSlot, service.checkInAfterMinutes);
  const [begins, ends] = [dayStart(reservation.localDay, zone), dayEnd(reservation.localDay, zone)];
  return { opens: opens < begins ? begins : opens, closes: closes > ends ? ends : closes };
}

/** Customers check in within the window; the desk can check in anybody on the day itself. */
export function canCheckIn(
  reservation: Pick<Reservation, 'timeSlot' | 'localDay' | 'status'>,
  service: Pick<Service, 'checkInBeforeMinutes' | 'checkInAfterMinutes'>,
  now: Date,
  zone: string,
  byDesk: boolean,
): boolean {
  if (reservation.status !== 'confirmed' || reservation.localDay !== localDay(now, zone)) return false;
  const { opens, closes } = checkInWindow(reservation, service, zone);
  return byDesk || (now >= opens && now <= closes);
}
