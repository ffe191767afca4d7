import { z } from 'zod';
import { en } from '../../views/text/en.ts';
import type { StaffedDesk } from '../domain/desk.ts';
import type { RefusalCode } from '../domain/errors.ts';
import { RESERVATION_STATUSES, type Reservation } from '../domain/reservation.ts';
import { type Person, ROLES } from '../domain/roles.ts';
import type { ServiceWithHours } from '../domain/service.ts';
import type { OpenSlot } from '../domain/slots.ts';
import { ENTRY_STATUSES, type EntryStatus, type QueueEntry } from '../domain/ticket.ts';
import { snakeKeys } from './input.ts';

/** The JSON of each noun: what is answered, and the schema that the API description shows of it. */

const id = z.uuid();
/** RFC 3339 in UTC. */
const time = z.iso.datetime();
const minutes = z.int().min(0);

export const personSchema = z
  .strictObject({ id, name: z.string(), email: z.email(), role: z.enum(ROLES) })
  .meta({
    id: 'Person',
    examples: [
      {
        id: '019aa6d0-5c1e-7a43-9f0e-3b1d2c4e5f60',
        name: 'Carla Customer',
        email: 'carla@example.org',
        role: 'user',
      },
    ],
  });

/** An account in JSON, without what is nobody else's business. */
export function personJson({ id, name, email, role }: Person): z.output<typeof personSchema> {
  return { id, name, email, role };
}

export const serviceSchema = z
  .strictObject({
    id,
    location_id: id,
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    what_to_bring: z.string(),
    prefix: z.string(),
    duration_minutes: minutes,
    buffer_minutes: minutes,
    capacity: z.int().min(1),
    step_minutes: minutes.nullable(),
    lead_minutes: minutes,
    horizon_days: z.int().min(0),
    cancel_minutes: minutes,
    grace_minutes: minutes,
    credit_minutes: minutes,
    priority_minutes: minutes,
    early_call_minutes: minutes.nullable(),
    check_in_before_minutes: minutes,
    check_in_after_minutes: minutes,
    check_in: z.enum(['required', 'none']),
    walk_ins: z.boolean(),
    phone_join: z.boolean(),
    join_limit: z.int().min(1).nullable(),
    join_until: z.string().nullable(),
    ask_name: z.boolean(),
    ask_phone: z.boolean(),
    opening_rules: z.array(
      z.strictObject({ weekday: z.int().min(1).max(7), opens: z.string(), closes: z.string() }),
    ),
    version: z.int().min(1),
    time_zone: z.string(),
    retired: z.boolean(),
  })
  .meta({
    id: 'Service',
    examples: [
      {
        id: '019aa6d0-6b2f-7c11-8d3a-1f2e3d4c5b6a',
        location_id: '019aa6d0-6a00-7b22-9e4b-2a3b4c5d6e7f',
        slug: 'passports',
        name: 'Passports',
        description: 'Apply for a passport or collect it.',
        what_to_bring: 'A photo and your old passport.',
        prefix: 'A',
        duration_minutes: 30,
        buffer_minutes: 0,
        capacity: 2,
        step_minutes: null,
        lead_minutes: 0,
        horizon_days: 60,
        cancel_minutes: 0,
        grace_minutes: 10,
        credit_minutes: 10,
        priority_minutes: 10,
        early_call_minutes: null,
        check_in_before_minutes: 60,
        check_in_after_minutes: 60,
        check_in: 'required',
        walk_ins: true,
        phone_join: true,
        join_limit: 60,
        join_until: '16:30',
        ask_name: true,
        ask_phone: false,
        opening_rules: [{ weekday: 1, opens: '09:00', closes: '12:30' }],
        version: 1,
        time_zone: 'Europe/Berlin',
        retired: false,
      },
    ],
  });

/** A service in JSON, with its weekly hours and the time zone of its location. */
export function serviceJson(service: ServiceWithHours): z.output<typeof serviceSchema> {
  const { location, retiredAt, ...fields } = service;
  return {
    ...(snakeKeys(fields) as Omit<z.output<typeof serviceSchema>, 'time_zone' | 'retired'>),
    time_zone: location.timeZone,
    retired: retiredAt !== null,
  };
}

export const slotSchema = z
  .strictObject({ time_slot: time, capacity: z.int().min(1), available: z.int().min(0) })
  .meta({ id: 'Slot', examples: [{ time_slot: '2026-12-01T08:00:00.000Z', capacity: 2, available: 1 }] });

/** A slot in JSON. */
export function slotJson({ starts, capacity, available }: OpenSlot): z.output<typeof slotSchema> {
  return { time_slot: starts.toISOString(), capacity, available };
}

export const reservationSchema = z
  .strictObject({
    id,
    service_id: id,
    time_slot: time,
    ends_at: time,
    status: z.enum(RESERVATION_STATUSES),
    created_at: time,
    updated_at: time,
  })
  .meta({
    id: 'Reservation',
    examples: [
      {
        id: '019aa6d1-0f3c-7d55-a1b2-c3d4e5f60718',
        service_id: '019aa6d0-6b2f-7c11-8d3a-1f2e3d4c5b6a',
        time_slot: '2026-12-01T08:00:00.000Z',
        ends_at: '2026-12-01T08:30:00.000Z',
        status: 'confirmed',
        created_at: '2026-11-24T16:20:05.120Z',
        updated_at: '2026-11-24T16:20:05.120Z',
      },
    ],
  });

/** A reservation in JSON. */
export function reservationJson(reservation: Reservation): z.output<typeof reservationSchema> {
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

export const entrySchema = z
  .strictObject({
    id,
    reservation_id: id.nullable(),
    service_id: id,
    position: z.int().min(1),
    number: z.string(),
    name: z.string(),
    status: z.enum(ENTRY_STATUSES),
    due_at: time,
    effective_at: time,
    version: z.int().min(1),
    desk_id: id.nullable(),
  })
  .meta({
    id: 'Entry',
    examples: [
      {
        id: '019aa6d2-1a4d-7e66-b2c3-d4e5f6071829',
        reservation_id: '019aa6d1-0f3c-7d55-a1b2-c3d4e5f60718',
        service_id: '019aa6d0-6b2f-7c11-8d3a-1f2e3d4c5b6a',
        position: 12,
        number: 'A12',
        name: 'Carla Customer',
        status: 'waiting',
        due_at: '2026-12-01T08:00:00.000Z',
        effective_at: '2026-12-01T07:50:00.000Z',
        version: 1,
        desk_id: null,
      },
    ],
  });

/** A ticket in JSON. */
export function entryJson(entry: QueueEntry): z.output<typeof entrySchema> {
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

export const advancedSchema = z.strictObject({
  completed: entrySchema.nullable(),
  in_service: entrySchema.nullable(),
});

/** Both halves of an advance in JSON. */
export function advancedJson(advanced: {
  completed: QueueEntry | null;
  inService: QueueEntry | null;
}): z.output<typeof advancedSchema> {
  const { completed, inService } = advanced;
  return { completed: completed && entryJson(completed), in_service: inService && entryJson(inService) };
}

export const deskSchema = z
  .strictObject({
    id,
    location_id: id,
    name: z.string(),
    staffed_by: z.strictObject({ id, name: z.string() }).nullable(),
    staffed_at: time.nullable(),
    paused_at: time.nullable(),
    service_ids: z.array(id),
  })
  .meta({
    id: 'Desk',
    examples: [
      {
        id: '019aa6d0-6c77-7e33-8a5c-3b4c5d6e7f80',
        location_id: '019aa6d0-6a00-7b22-9e4b-2a3b4c5d6e7f',
        name: 'Desk 1',
        staffed_by: { id: '019aa6d0-5d2f-7b54-8a1f-4c2e3d5f6071', name: 'Sam Staff' },
        staffed_at: '2026-12-01T07:55:00.000Z',
        paused_at: null,
        service_ids: ['019aa6d0-6b2f-7c11-8d3a-1f2e3d4c5b6a'],
      },
    ],
  });

/** A desk in JSON, with who sits there. */
export function deskJson(desk: StaffedDesk): z.output<typeof deskSchema> {
  const { staffedBy, staffName } = desk;
  return {
    id: desk.id,
    location_id: desk.locationId,
    name: desk.name,
    staffed_by: staffedBy === null ? null : { id: staffedBy, name: staffName ?? '' },
    staffed_at: desk.staffedAt?.toISOString() ?? null,
    paused_at: desk.pausedAt?.toISOString() ?? null,
    service_ids: [...desk.serviceIds],
  };
}

/** What a line tells besides its tickets. */
export const noticesSchema = z
  .strictObject({ intake_closed_at: time.nullable(), delay_minutes: minutes })
  .meta({ id: 'Notices', examples: [{ intake_closed_at: null, delay_minutes: 25 }] });

/** What a line tells, in JSON. */
export function noticesJson(notices: {
  intakeClosedAt: Date | null;
  delayMinutes: number;
}): z.output<typeof noticesSchema> {
  return {
    intake_closed_at: notices.intakeClosedAt?.toISOString() ?? null,
    delay_minutes: notices.delayMinutes,
  };
}

/** How many entries of the day are in each status, those that are done too. */
export const countsSchema = z.record(z.enum(ENTRY_STATUSES), z.int().min(0)).meta({
  id: 'Counts',
  examples: [
    { waiting: 1, called: 0, in_service: 0, parked: 0, completed: 11, skipped: 0, left: 0 },
  ] satisfies Record<EntryStatus, number>[],
});

/** Every code of an error; `internal` is what nobody expected. */
export const ERROR_CODES = Object.keys(en.refusals) as (RefusalCode | 'internal')[];

export const errorSchema = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(ERROR_CODES),
      message: z.string(),
      fields: z.record(z.string(), z.string()).optional(),
      entry: entrySchema.optional(),
      reservation: reservationSchema.optional(),
      service: serviceSchema.optional(),
    }),
  })
  .meta({ id: 'Error' });
