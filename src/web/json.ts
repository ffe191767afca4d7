import type { Reservation } from '../domain/reservation.ts';
import type { Person } from '../domain/roles.ts';
import type { PlacedService } from '../domain/service.ts';
import type { OpenSlot } from '../domain/slots.ts';
import type { QueueEntry } from '../domain/ticket.ts';
import { snakeKeys } from './input.ts';

/** The JSON of each noun, as docs/api describes it. */

export function personJson({ id, name, email, role }: Person) {
  return { id, name, email, role };
}

export function serviceJson(service: PlacedService) {
  const { location, retiredAt, ...fields } = service;
  return {
    ...(snakeKeys(fields) as Record<string, unknown>),
    time_zone: location.timeZone,
    retired: retiredAt !== null,
  };
}

export function slotJson({ starts, capacity, available }: OpenSlot) {
  return { time_slot: starts.toISOString(), capacity, available };
}

export function reservationJson(reservation: Reservation) {
  return {
    id: reservation.id,
    service_id: reservation.serviceId,
    time_slot: reservation.timeSlot.toISOString(),
    ends_at: reservation.endsAt.toISOString(),
    status: reservation.status,
    created_at: reservation.createdAt.toISOString(),
    updated_at: reservation.updatedAt.toISOString(),
  };
}

export function entryJson(entry: QueueEntry) {
  return {
    id: entry.id,
    reservation_id: entry.reservationId,
    service_id: entry.serviceId,
    position: entry.position,
    number: entry.number,
    name: entry.name,
    status: entry.status,
    due_at: entry.dueAt.toISOString(),
    effective_at: entry.effectiveAt.toISOString(),
    version: entry.version,
    desk_id: entry.deskId,
  };
}
