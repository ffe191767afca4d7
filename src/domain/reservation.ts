import { addMinutes } from './clock.ts';
import { type LocalDay, localDay } from './days.ts';
import type { Service } from './service.ts';

export const RESERVATION_STATUSES = ['pending', 'confirmed', 'canceled'] as const;
export type ReservationStatus = (typeof RESERVATION_STATUSES)[number];

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
};

/** Until when its customer can cancel or move a reservation. */
export function changeDeadline(
  reservation: Pick<Reservation, 'timeSlot'>,
  service: Pick<Service, 'cancelMinutes'>,
): Date {
  return addMinutes(reservation.timeSlot, -service.cancelMinutes);
}

export function canChange(
  reservation: Pick<Reservation, 'timeSlot' | 'status'>,
  service: Pick<Service, 'cancelMinutes'>,
  now: Date,
): boolean {
  return reservation.status !== 'canceled' && now <= changeDeadline(reservation, service);
}

/** From when to when a customer can check in. */
export function checkInWindow(
  reservation: Pick<Reservation, 'timeSlot'>,
  service: Pick<Service, 'checkInBeforeMinutes' | 'checkInAfterMinutes'>,
): { opens: Date; closes: Date } {
  return {
    opens: addMinutes(reservation.timeSlot, -service.checkInBeforeMinutes),
    closes: addMinutes(reservation.timeSlot, service.checkInAfterMinutes),
  };
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
  const { opens, closes } = checkInWindow(reservation, service);
  return byDesk || (now >= opens && now <= closes);
}
