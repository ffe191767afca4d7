import { z } from 'zod';
import { bookForm, rescheduleForm } from '../../forms/reservations.ts';
import { entrySchema, reservationSchema } from '../json.ts';
import { type OperationRow, under } from './operation.ts';

export const reservationOperations: readonly OperationRow[] = [
  {
    id: 'listReservations',
    group: 'reservations',
    method: 'get',
    path: '/api/reservations',
    who: 'user',
    pages: true,
    status: 200,
    answer: under(z.array(reservationSchema)),
    refuses: ['not_found'],
  },
  {
    id: 'createReservation',
    group: 'reservations',
    method: 'post',
    path: '/api/reservations',
    who: 'user',
    form: bookForm,
    sends: { service_id: '019aa6d0-6b2f-7c11-8d3a-1f2e3d4c5b6a', time_slot: '2026-12-01T09:00:00+01:00' },
    status: 201,
    answer: under(reservationSchema),
    refuses: ['slot_unavailable', 'slot_full', 'already_booked', 'stale'],
  },
  {
    id: 'getReservation',
    group: 'reservations',
    method: 'get',
    path: '/api/reservations/{id}',
    who: 'user',
    status: 200,
    answer: under(reservationSchema),
  },
  {
    id: 'rescheduleReservation',
    group: 'reservations',
    method: 'patch',
    path: '/api/reservations/{id}',
    who: 'user',
    form: rescheduleForm,
    sends: { time_slot: '2026-12-01T08:30:00Z' },
    status: 200,
    answer: under(reservationSchema),
    answers: {
      data: {
        time_slot: '2026-12-01T08:30:00.000Z',
        ends_at: '2026-12-01T09:00:00.000Z',
        updated_at: '2026-11-25T09:41:00.000Z',
      },
    },
    refuses: ['slot_unavailable', 'slot_full', 'already_booked', 'too_late', 'stale', 'wrong_state'],
  },
  {
    id: 'cancelReservation',
    group: 'reservations',
    method: 'post',
    path: '/api/reservations/{id}/cancel',
    who: 'user',
    status: 200,
    answer: under(reservationSchema),
    answers: { data: { status: 'canceled', updated_at: '2026-11-25T09:41:00.000Z' } },
    refuses: ['too_late', 'stale', 'wrong_state'],
  },
  {
    id: 'checkInReservation',
    group: 'reservations',
    method: 'post',
    path: '/api/reservations/{id}/check-in',
    who: 'user',
    status: 201,
    answer: under(entrySchema),
    refuses: ['outside_window', 'stale', 'wrong_state'],
  },
];
