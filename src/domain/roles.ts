export const ROLES = ['user', 'staff', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who acts. Staff carry the locations whose queues they work; an admin reaches every location. */
export interface Person {
  id: string;
  name: string;
  email: string;
  role: Role;
  locationIds: readonly string[];
}

/** Somebody signed in, nobody known, or the program itself (day end, first start). */
export type Actor = Person | null;

/** Whether the actor works the lines of some location; an admin does of each. */
export function isStaff(actor: Actor): actor is Person {
  return actor !== null && (actor.role === 'staff' || actor.role === 'admin');
}

/** Whether the actor may set up everything. */
export function isAdmin(actor: Actor): actor is Person {
  return actor?.role === 'admin';
}

/** Whether the actor works at this location. */
export function worksAt(actor: Actor, locationId: string): boolean {
  if (!isStaff(actor)) return false;
  return actor.role === 'admin' || actor.locationIds.includes(locationId);
}
