import { z } from 'zod';
import { advanceForm, delayForm, intakeForm, walkInForm } from '../../forms/queue.ts';
import { advancedSchema, countsSchema, entrySchema, noticesSchema } from '../json.ts';
import { type OperationRow, under } from './operation.ts';

export const queueOperations: readonly OperationRow[] = [
  {
    id: 'getQueue',
    group: 'queues',
    method: 'get',
    path: '/api/queues/{id}',
    who: 'staff',
    date: 'optional',
    status: 200,
    answer: z.strictObject({ data: z.array(entrySchema), meta: countsSchema }),
    refuses: ['invalid'],
  },
  {
    id: 'advanceQueue',
    group: 'queues',
    method: 'post',
    path: '/api/queues/{id}/advance',
    who: 'staff',
    form: advanceForm,
    sends: { desk_id: '019aa6d0-6c77-7e33-8a5c-3b4c5d6e7f80', serving: null },
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
    id: 'createEntry',
    group: 'queues',
    method: 'post',
    path: '/api/queues/{id}/entries',
    who: 'staff',
    form: walkInForm,
    sends: { name: 'Wanda Walker', phone: '+49 30 1234567' },
    status: 201,
    answer: under(entrySchema),
    answers: { data: { reservation_id: null, name: 'Wanda Walker', number: 'A13', position: 13 } },
    refuses: ['no_walk_ins', 'intake_closed'],
    linksTicket: true,
  },
  {
    id: 'setIntake',
    group: 'queues',
    method: 'post',
    path: '/api/queues/{id}/intake',
    who: 'staff',
    form: intakeForm,
    sends: { closed: true },
    status: 200,
    answer: under(noticesSchema),
    answers: { data: { intake_closed_at: '2026-12-01T14:30:00.000Z', delay_minutes: 0 } },
  },
  {
    id: 'announceDelay',
    group: 'queues',
    method: 'post',
    path: '/api/queues/{id}/delay',
    who: 'staff',
    form: delayForm,
    sends: { minutes: 25 },
    status: 200,
    answer: under(noticesSchema),
  },
];
