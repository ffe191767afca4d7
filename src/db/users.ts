import { and, eq, gt } from 'drizzle-orm';
import type { Person, Role } from '../domain/roles.ts';
import { type P, query, type Reader, statement } from './store.ts';

/** A person's rows, one for each location they work at. */
const personRows = query('person_by_session', (db, t, p: P<{ token: string; now: Date }>) =>
  db
    .select({
      id: t.users.id,
      name: t.users.name,
      email: t.users.email,
      role: t.users.role,
      locationId: t.staffLocations.locationId,
    })
    .from(t.sessions)
    .innerJoin(t.users, eq(t.users.id, t.sessions.userId))
    .leftJoin(t.staffLocations, eq(t.staffLocations.userId, t.users.id))
    .where(and(eq(t.sessions.token, p.token), gt(t.sessions.expiresAt, p.now))),
);

/** Whom a session belongs to; null when it is unknown or over. */
export async function personBySession(db: Reader, token: string, now: Date): Promise<Person | null> {
  const rows = await db.run(personRows, { token, now });
  const [first] = rows;
  if (!first) return null;
  const locationIds = rows.flatMap((row) => row.locationId ?? []);
  return { id: first.id, name: first.name, email: first.email, role: first.role as Role, locationIds };
}

export const userByEmail = query('user_by_email', (db, t, p: P<{ email: string }>) =>
  db.select({ id: t.users.id, role: t.users.role }).from(t.users).where(eq(t.users.email, p.email)),
);

export const setRole = statement('set_role', (db, t, p: P<{ id: string; role: string; now: Date }>) =>
  db
    .update(t.users)
    .set({ role: p.role, updatedAt: p.now })
    .where(eq(t.users.id, p.id))
    .returning({ id: t.users.id }),
);

export const giveLocation = statement(
  'give_location',
  (db, t, p: P<{ userId: string; locationId: string }>) =>
    db.insert(t.staffLocations).values({ userId: p.userId, locationId: p.locationId }).onConflictDoNothing(),
);
