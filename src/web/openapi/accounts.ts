import { loginForm, registerForm } from '../../forms/accounts.ts';
import { personSchema } from '../json.ts';
import { type OperationRow, under } from './operation.ts';

export const accountOperations: readonly OperationRow[] = [
  {
    id: 'register',
    group: 'accounts',
    method: 'post',
    path: '/api/auth/register',
    who: 'anyone',
    form: registerForm,
    sends: { name: 'Carla Customer', email: 'carla@example.org', password: 'seven green umbrellas' },
    status: 201,
    answer: under(personSchema),
    refuses: ['too_many'],
  },
  {
    id: 'login',
    group: 'accounts',
    method: 'post',
    path: '/api/auth/login',
    who: 'anyone',
    form: loginForm,
    sends: { email: 'carla@example.org', password: 'seven green umbrellas' },
    status: 200,
    answer: under(personSchema),
    refuses: ['wrong_credentials', 'too_many'],
  },
  {
    id: 'logout',
    group: 'accounts',
    method: 'post',
    path: '/api/auth/logout',
    who: 'anyone',
    status: 200,
    answer: under(personSchema.nullable()),
  },
  {
    id: 'getMe',
    group: 'accounts',
    method: 'get',
    path: '/api/me',
    who: 'user',
    status: 200,
    answer: under(personSchema),
  },
];
