import { type Hours, hoursOf } from '../db/hours.ts';
import { standingReservations } from '../db/reservations.ts';
import { type Collision, collisions } from '../domain/collisions.ts';
import { localDay } from '../domain/days.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Closure, PlacedService } from '../domain/service.ts';
import type { ServiceChange } from '../forms/services.ts';
import { type Act, adminOnly, type Look } from './act.ts';

/** Is told of the reservations that a change collides with before it is made, and refuses it by throwing. */
export type Ask = Look<readonly Collision<StandingReservation>[]>;

/** With whose it is, and how to reach them; null once the account is erased. */
export type StandingReservation = Reservation & { name: string | null; email: string | null };

/** What of a service's rules becomes another; `closures` is given those that it has. */
export type RulesChange = Pick<ServiceChange, 'capacity' | 'openingRules'> & {
  closures?: (standing: readonly Closure[]) => readonly Closure[];
};

/** The standing reservations that a change of a service would not have allowed; empty when it changes no such rule. */
export async function collisionsOf(
  act: Act,
  service: PlacedService,
  change: RulesChange,
): Promise<Collision<StandingReservation>[]> {
  return colliding(await standingOf(act, service), service, change);
}

/** Those that collide with a change and did not before it: what an admin has to be asked about. */
export async function newCollisionsOf(
  act: Act,
  service: PlacedService,
  change: RulesChange,
): Promise<Collision<StandingReservation>[]> {
  const standing = await standingOf(act, service);
  const after = colliding(standing, service, change);
  if (after.length === 0) return [];
  const before = new Set(colliding(standing, service, {}).map(({ booking }) => booking.id));
  return after.filter(({ booking }) => !before.has(booking.id));
}

interface Standing extends Pick<Hours, 'rules' | 'closures'> {
  bookings: readonly StandingReservation[];
}

/** What stands of a service from today on, and the hours of these days. */
async function standingOf(act: Act, service: PlacedService): Promise<Standing> {
  adminOnly(act.actor);
  const from = localDay(act.now, service.location.timeZone);
  const bookings = await act.db.run(standingReservations, { serviceId: service.id, from, now: act.now });
  const last = bookings.at(-1);
  if (!last) return { bookings, rules: [], closures: [] };
  return { bookings, ...(await hoursOf(act.db, service, from, last.localDay)) };
}

function colliding(
  { bookings, rules, closures }: Standing,
  service: PlacedService,
  change: RulesChange,
): Collision<StandingReservation>[] {
  return collisions(bookings, service.location.timeZone, {
    capacity: change.capacity ?? service.capacity,
    rules: change.openingRules ?? rules,
    closures: change.closures?.(closures) ?? closures,
  });
}
