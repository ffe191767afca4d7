import { expect, test } from 'vitest';
import { isAdmin, isStaff, worksAt } from '../../src/domain/roles.ts';
import { person } from '../support/cast.ts';

const user = person('U', 'user', ['here']);
const staff = person('S', 'staff', ['here']);
const admin = person('A', 'admin');

test('staff work at their locations, admins at all, customers at none', () => {
  expect([null, user, staff, admin].map((actor) => worksAt(actor, 'here'))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect([null, user, staff, admin].map((actor) => worksAt(actor, 'there'))).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

test('an admin is staff, staff is no admin', () => {
  expect([null, user, staff, admin].map(isStaff)).toEqual([false, false, true, true]);
  expect([null, user, staff, admin].map(isAdmin)).toEqual([false, false, false, true]);
});
