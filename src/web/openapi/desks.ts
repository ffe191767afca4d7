import { z } from 'zod';
import { deskAdvanceForm, takeForm } from '../../forms/desks.ts';
import { advancedSchema, deskSchema } from '../json.ts';
import { type OperationRow, under } from './operation.ts';

export const deskOperations: readonly OperationRow[] = [
  {
    id: 'listDesks',
    group: 'desks',
    method: 'get',
    path: '/api/desks',
    who: 'staff',
    status: 200,
    answer: under(z.array(deskSchema)),
  },
  {
    id: 'advanceDesk',
    group: 'desks',
    method: 'post',
    path: '/api/desks/{id}/advance',
    who: 'staff',
    form: deskAdvanceForm,
    sends: { serving: null },
    status: 200,
    answer: under(advancedSchema),
    answers: {
      data: {
        completed: null,
        in_service: { status: 'in_service', version: 2, desk_id: '019aa6d0-6c77-7e33-8a5c-3b4c5d6e7f80' },
      },
    },
    refuses: ['stale'],
  },
  {
    id: 'takeDesk',
    group: 'desks',
    method: 'post',
    path: '/api/desks/{id}/take',
    who: 'staff',
    form: takeForm,
    sends: { hand_over: true },
    status: 200,
    answer: under(deskSchema),
    refuses: ['desk_taken'],
  },
  {
    id: 'leaveDesk',
    group: 'desks',
    method: 'post',
    path: '/api/desks/{id}/leave',
    who: 'staff',
    status: 200,
    answer: under(deskSchema),
    answers: { data: { staffed_by: null, staffed_at: null } },
    refuses: ['desk_taken'],
  },
  {
    id: 'pauseDesk',
    group: 'desks',
    method: 'post',
    path: '/api/desks/{id}/pause',
    who: 'staff',
    status: 200,
    answer: under(deskSchema),
    answers: { data: { paused_at: '2026-12-01T11:00:00.000Z' } },
    refuses: ['desk_taken'],
  },
  {
    id: 'resumeDesk',
    group: 'desks',
    method: 'post',
    path: '/api/desks/{id}/resume',
    who: 'staff',
    status: 200,
    answer: under(deskSchema),
    refuses: ['desk_taken'],
  },
];
