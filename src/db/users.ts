import { asc, eq, inArray, lte } from 'drizzle-orm';
import { byName } from '../domain/names.ts';
import type { Person, Role } from '../domain/roles.ts';
import { hashToken } from '../domain/token.ts';
import { changesNothing, PEOPLE, SESSIONS } from './changes.ts';
import { inOrder, type P, query, type Reader, statement } from './store.ts';

/** A person's rows, one for each location they work at. */
const personRows = query(
  'person_by_session',
  (db, t, p: P<{ token: string }>) =>
    db
      .select({
        id: t.users.id,
        name: t.users.name,
        email: t.users.email,
        role: t.users.role,
        locationId: t.staffLocations.locationId,
        expiresAt: t.sessions.expiresAt,
      })
      .from(t.sessions)
      .innerJoin(t.users, eq(t.users.id, t.sessions.userId))
      .leftJoin(t.staffLocations, eq(t.staffLocations.userId, t.users.id))
      .where(eq(t.sessions.token, p.token)),
  () => [SESSIONS, PEOPLE],
);

/** Sessions that are over are of no use to anybody, and tell where somebody was. */
export const forgetSessions = statement(
  'forget_sessions',
  (db, t, p: P<{ now: Date }>) => db.delete(t.sessions).where(lte(t.sessions.expiresAt, p.now)),
  changesNothing,
);

/** Whom a session belongs to; null when it is unknown or over. */
export async function personBySession(db: Reader, token: string, now: Date): Promise<Person | null> {
  const [first, ...more] = await db.run(personRows, { token });
  return first && first.expiresAt > now ? personOf([first, ...more]) : null;
}

type PersonRow = Omit<Person, 'role' | 'locationIds'> & { role: string; locationId: string | null };

function personOf(rows: readonly [PersonRow, ...PersonRow[]]): Person {
  const [{ id, name, email, role }] = rows;
  return { id, name, email, role: role as Role, locationIds: rows.flatMap((row) => row.locationId ?? []) };
}

export const userByEmail = query('user_by_email', (db, t, p: P<{ email: string }>) =>
  db
    .select({ id: t.users.id, name: t.users.name, role: t.users.role })
    .from(t.users)
    .where(eq(t.users.email, p.email)),
);

export const setRole = statement(
  'set_role',
  (db, t, p: P<{ id: string; role: string; now: Date }>) =>
    db
      .update(t.users)
      .set({ role: p.role, updatedAt: p.now })
      .where(eq(t.users.id, p.id))
      .returning({ id: t.users.id }),
  () => [PEOPLE],
);

export const giveLocation = statement(
  'give_location',
  (db, t, p: P<{ userId: string; locationId: string }>) =>
    db.insert(t.staffLocations).values({ userId: p.userId, locationId: p.locationId }).onConflictDoNothing(),
  () => [PEOPLE],
);

/** Where somebody works. */
export const locationsOfUser = query('locations_of_user', (db, t, p: P<{ userId: string }>) =>
  db
    .select({ locationId: t.staffLocations.locationId })
    .from(t.staffLocations)
    .where(eq(t.staffLocations.userId, p.userId)),
);

export const takeLocations = statement(
  'take_locations',
  (db, t, p: P<{ userId: string }>) =>
    db.delete(t.staffLocations).where(eq(t.staffLocations.userId, p.userId)),
  () => [PEOPLE],
);

/** Holds somebody's row until the transaction ends, and says which role they have in it. */
export const lockUser = statement(
  'lock_user',
  (db, t, p: P<{ id: string }>) =>
    db.update(t.users).set({ id: t.users.id }).where(eq(t.users.id, p.id)).returning({ role: t.users.role }),
  changesNothing,
);

/** Staff and admins by name, a row for each location they work at. */
const staffRows = inOrder(
  query('staff_rows', (db, t) =>
    db
      .select({
        id: t.users.id,
        name: t.users.name,
        email: t.users.email,
        role: t.users.role,
        locationId: t.staffLocations.locationId,
      })
      .from(t.users)
      .leftJoin(t.staffLocations, eq(t.staffLocations.userId, t.users.id))
      .where(inArray(t.users.role, ['staff', 'admin']))
      .orderBy(asc(t.users.id)),
  ),
  byName,
);

/** Everybody who is staff or admin, by name. */
export async function staffPeople(db: Reader): Promise<Person[]> {
  const people = Map.groupBy(await db.run(staffRows, {}), ({ id }) => id);
  return [...people.values()].map((rows) => personOf(rows as [(typeof rows)[number]]));
}

export const userById = query('user_by_id', (db, t, p: P<{ id: string }>) =>
  db
    .select({ id: t.users.id, name: t.users.name, email: t.users.email, role: t.users.role })
    .from(t.users)
    .where(eq(t.users.id, p.id)),
);

const resetOf = query('reset_of_token', (db, t, p: P<{ identifier: string }>) =>
  db
    .select({ userId: t.verifications.value })
    .from(t.verifications)
    .where(eq(t.verifications.identifier, p.identifier)),
);

/** The address of the account whose password a mailed link sets; undefined for a link that is none. */
export async function emailOfReset(db: Reader, token: string): Promise<string | undefined> {
  const [reset] = await db.run(resetOf, { identifier: hashToken(`reset-password:${token}`) });
  return reset && (await db.run(userById, { id: reset.userId }))[0]?.email;
}
