import type { Store } from '../../src/db/store.ts';
import { newId } from '../../src/domain/id.ts';
import type { Person, Role } from '../../src/domain/roles.ts';

/** The people that every test knows. */
export interface Cast {
  /** Works everywhere. */
  admin: Person;
  /** Works at the location of the scene. */
  staff: Person;
  /** Works at the other location only. */
  otherStaff: Person;
  customer: Person;
  otherCustomer: Person;
}

/** Puts the cast into a database. Their addresses are new each time, so that tests can share a database. */
export async function addCast(
  store: Store,
  location: { id: string },
  otherLocation: { id: string },
): Promise<Cast> {
  const cast: Cast = {
    admin: person('Ada Admin', 'admin'),
    staff: person('Sam Staff', 'staff', [location.id]),
    otherStaff: person('Olga Otherplace', 'staff', [otherLocation.id]),
    customer: person('Carla Customer', 'user'),
    otherCustomer: person('Otto Customer', 'user'),
  };
  await addPeople(store, Object.values(cast));
  return cast;
}

/** That many more customers. */
export async function addCustomers(store: Store, count: number): Promise<Person[]> {
  const people = Array.from({ length: count }, (_, index) => person(`Customer ${index + 1}`, 'user'));
  await addPeople(store, people);
  return people;
}

/** Somebody who is in no database yet. */
export function person(name: string, role: Role, locationIds: readonly string[] = []): Person {
  const id = newId();
  return {
    id,
    name,
    email: `${name.toLowerCase().replaceAll(' ', '.')}.${id}@example.test`,
    role,
    locationIds,
  };
}

export async function addPeople(store: Store, people: readonly Person[]): Promise<void> {
  const now = new Date('2026-01-01T00:00:00Z');
  await store.transaction(async (tx) => {
    const { users, staffLocations } = tx.tables;
    const rows = people.map(({ locationIds: _, ...user }) => ({ ...user, createdAt: now, updatedAt: now }));
    // SQLite takes so many values in one statement.
    for (let first = 0; first < rows.length; first += 1_000) {
      await tx.write.insert(users).values(rows.slice(first, first + 1_000));
    }
    const places = people.flatMap(({ id, locationIds }) =>
      locationIds.map((locationId) => ({ userId: id, locationId })),
    );
    if (places.length > 0) await tx.write.insert(staffLocations).values(places);
  });
}
