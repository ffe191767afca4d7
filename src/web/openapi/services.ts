import { z } from 'zod';
import { createServiceForm, updateServiceForm } from '../../forms/services.ts';
import { serviceSchema, slotSchema } from '../json.ts';
import { type OperationRow, under } from './operation.ts';

export const serviceOperations: readonly OperationRow[] = [
  {
    id: 'listServices',
    group: 'services',
    method: 'get',
    path: '/api/services',
    who: 'anyone',
    status: 200,
    answer: under(z.array(serviceSchema)),
  },
  {
    id: 'createService',
    group: 'services',
    method: 'post',
    path: '/api/services',
    who: 'admin',
    form: createServiceForm,
    sends: {
      name: 'Passports',
      duration_minutes: 30,
      capacity: 2,
      opening_rules: [{ weekday: 1, opens: '09:00', closes: '12:30' }],
    },
    status: 201,
    answer: under(serviceSchema),
  },
  {
    id: 'getService',
    group: 'services',
    method: 'get',
    path: '/api/services/{id}',
    who: 'anyone',
    status: 200,
    answer: under(serviceSchema),
  },
  {
    id: 'updateService',
    group: 'services',
    method: 'patch',
    path: '/api/services/{id}',
    who: 'admin',
    form: updateServiceForm,
    sends: { capacity: 3, version: 1 },
    status: 200,
    answer: under(serviceSchema),
    answers: { data: { capacity: 3, version: 2 } },
    refuses: ['stale'],
  },
  {
    id: 'retireService',
    group: 'services',
    method: 'delete',
    path: '/api/services/{id}',
    who: 'admin',
    status: 204,
  },
  {
    id: 'listSlots',
    group: 'services',
    method: 'get',
    path: '/api/services/{id}/slots',
    who: 'anyone',
    date: 'required',
    status: 200,
    answer: under(z.array(slotSchema)),
    refuses: ['invalid'],
  },
];
