import { hoursOf } from '../db/hours.ts';
import { standingReservations } from '../db/reservations.ts';
import { type Collision, collisions } from '../domain/collisions.ts';
import { addDays, localDay } from '../domain/days.ts';
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
  adminOnly(act.actor);
  const zone = service.location.timeZone;
  const today = localDay(act.now, zone);
  const standing = await act.db.run(standingReservations, {
    serviceId: service.id,
    from: today,
    now: act.now,
  });
  if (standing.length === 0) return [];
  const last = standing.at(-1)?.localDay ?? addDays(today, service.horizonDays);
  const hours = await hoursOf(act.db, service, today, last);
  return collisions(standing, zone, {
    capacity: change.capacity ?? service.capacity,
    rules: change.openingRules ?? hours.rules,
    closures: change.closures?.(hours.closures) ?? hours.closures,
  });
}

/** Those that collide with a change and did not before it: what an admin has to be asked about. */
export async function newCollisionsOf(
  act: Act,
  service: PlacedService,
  change: RulesChange,
): Promise<Collision<StandingReservation>[]> {
  const after = await collisionsOf(act, service, change);
  if (after.length === 0) return [];
  const before = new Set((await collisionsOf(act, service, {})).map(({ booking }) => booking.id));
  return after.filter(({ booking }) => !before.has(booking.id));
}
