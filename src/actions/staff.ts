import { record } from '../db/events.ts';
import { allLocations } from '../db/locations.ts';
import type { Tx } from '../db/store.ts';
import {
  giveLocation,
  locationsOfUser,
  lockUser,
  setRole,
  staffPeople,
  takeLocations,
  userByEmail,
} from '../db/users.ts';
import { type Problem, Refusal } from '../domain/errors.ts';
import type { Person } from '../domain/roles.ts';
import type { StaffChange } from '../forms/staff.ts';
import { type Act, adminOnly, found, type Look } from './act.ts';
import { type LostDesk, leaveDeskElsewhere } from './desks.ts';

/** Everybody who works here. */
export function listStaff({ db, actor }: Act): Promise<Person[]> {
  adminOnly(actor);
  return staffPeople(db);
}

/**
 * Says what an account may do and where it works; the only way to become staff. The account must exist (`fields.email`),
 * staff work at a location or more (`fields.locationIds`; the only one there is when none is named), and admins cannot
 * take their own role away (`fields.role`), so that one always stays. Nobody stays seated where they work no more: `look` is
 * told of the desk, if somebody is served there. Saying the same again is a quiet no-op.
 */
export async function changeStaff(
  act: Act,
  input: StaffChange,
  look?: Look<LostDesk>,
): Promise<{ id: string; name: string }> {
  const admin = adminOnly(act.actor);
  const [user] = await act.db.run(userByEmail, { email: input.email });
  if (!user) throw refused('email', 'no_account');
  if (user.id === admin.id && input.role !== 'admin') throw refused('role', 'own_role');
  const locationIds = input.role === 'staff' ? await chooseLocations(act, input.locationIds) : [];

  return act.transaction(async (tx) => {
    const role = await lockBoth(tx, admin, user.id);
    const before = (await tx.run(locationsOfUser, { userId: user.id })).map(({ locationId }) => locationId);
    if (role === input.role && sameIds(before, locationIds)) return user;
    await tx.run(setRole, { id: user.id, role: input.role, now: act.now });
    await tx.run(takeLocations, { userId: user.id });
    for (const locationId of locationIds) await tx.run(giveLocation, { userId: user.id, locationId });
    await leaveDeskElsewhere(tx, act, { ...user, ...input, locationIds }, look);
    record(tx, admin, act.now, {
      verb: 'change_role',
      fromStatus: role,
      toStatus: input.role,
      data: { userId: user.id, locationIds },
    });
    return user;
  });
}

/**
 * Locks both people and answers the role of the one who is changed. Two admins who demote each other at the same moment
 * wait here, in the order of their ids, and the second finds to be no admin any more.
 */
async function lockBoth(tx: Tx, admin: Person, userId: string): Promise<string> {
  const roles = new Map<string, string>();
  for (const id of [...new Set([admin.id, userId])].sort()) {
    roles.set(id, found((await tx.run(lockUser, { id }))[0]).role);
  }
  if (roles.get(admin.id) !== 'admin') throw new Refusal('forbidden');
  return roles.get(userId) as string;
}

async function chooseLocations(act: Act, ids: readonly string[]): Promise<string[]> {
  const locations = (await act.db.run(allLocations, {})).map(({ id }) => id);
  const [only, another] = locations;
  if (ids.length === 0 && only && !another) return [only];
  if (ids.length === 0) throw refused('locationIds', 'no_location');
  if (ids.some((id) => !locations.includes(id))) throw refused('locationIds', 'unknown_location');
  return [...new Set(ids)];
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

function refused(field: keyof StaffChange, code: Problem['code']): Refusal {
  return new Refusal('invalid', { fields: { [field]: { code } } });
}
