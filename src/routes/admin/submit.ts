import type { ShownCollision } from '../../../views/admin/collisions.tsx';
import type { Retired } from '../../../views/admin/retired.tsx';
import type { FormState } from '../../../views/parts.tsx';
import type { Ui } from '../../../views/ui.ts';
import type { Act } from '../../actions/act.ts';
import type { StandingReservation } from '../../actions/collisions.ts';
import type { Collision } from '../../domain/collisions.ts';
import { Refusal } from '../../domain/errors.ts';
import type { PlacedService } from '../../domain/service.ts';
import { tagOf } from '../../domain/tag.ts';
import { type Attempt, attempt, type Failure, formAgain } from '../../web/attempt.ts';
import type { C } from '../../web/env.ts';
import type { Input } from '../../web/input.ts';
import { locationOf, once } from '../../web/once.ts';

/** A form that was refused, as it was typed. */
export interface Failed {
  typed: Record<string, unknown>;
  failure: Failure;
}

/** What stays out of use, and why. */
export interface Kept {
  kept: Retired;
  failure: Failure;
}

type Collisions = readonly Collision<StandingReservation>[];

/**
 * Does an admin form's work at most once and says where to go then. `location` is given what the work's transaction
 * came to.
 */
export async function submit<T>(
  c: C,
  input: Input,
  work: (act: Act) => Promise<T>,
  location: (result: T) => string,
): Promise<Attempt<string>> {
  return attempt(c, async () => {
    const present = (result: T) => ({ status: 200 as const, body: { location: location(result) } });
    return locationOf(await once(c, input, work, present));
  });
}

/** A failed form as it is shown again. What its screen explains at length gets no sentence of its own. */
export function formOf(ui: Ui, values: Record<string, unknown>, failure: Failure | undefined): FormState {
  if (!failure) return { values, problems: {} };
  const form = formAgain(ui, values, failure);
  const { code } = failure.refusal;
  const isExplained = code === 'collisions' || code === 'stale' || code === 'desk_busy';
  return isExplained ? { ...form, message: undefined } : form;
}

/** Refuses with `collisions` unless exactly these were shown and confirmed before. */
export function askAbout(collisions: Collisions, { fields }: Input): void {
  if (collisions.length > 0 && fields.confirmed !== tagFor(collisions)) {
    throw new Refusal('collisions', { facts: { collisions } });
  }
}

/** Refuses with `stale` when a form was shown something else than what stands. One that says nothing of it takes what stands. */
export function refuseStale(stands: string, { fields }: Input): void {
  const { shown } = single(fields);
  if (shown !== undefined && shown !== stands) throw new Refusal('stale');
}

/** What a screen has to ask after `askAbout` refused. */
export function questionOf(
  failure: Failure | undefined,
  services: readonly PlacedService[],
  several = false,
) {
  if (failure?.refusal.code !== 'collisions') return undefined;
  const collisions = failure.refusal.facts.collisions as Collisions;
  return { collisions: shownCollisions(collisions, services, several), tag: tagFor(collisions) };
}

/** Collisions as a screen lists them; their service is named where there are several. */
export function shownCollisions(
  collisions: Collisions,
  services: readonly PlacedService[],
  several = false,
): ShownCollision[] {
  const byId = new Map(services.map((service) => [service.id, service]));
  return collisions.flatMap(({ booking, why }): ShownCollision[] => {
    const service = byId.get(booking.serviceId);
    if (!service) return [];
    const { id, timeSlot, name, email } = booking;
    const { timeZone } = service.location;
    return [{ id, timeSlot, timeZone, name, email, why, ...(several && { service: service.name }) }];
  });
}

/** A field that came several times counts as it came last. */
export function single(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]),
  );
}

/** A time field cannot say 24:00, so that midnight at the end of something is typed as 00:00. */
export function endTime(typed: unknown): unknown {
  return typed === '00:00' ? '24:00' : typed;
}

function tagFor(collisions: Collisions): string {
  return tagOf(...collisions.map(({ booking, why }) => `${booking.id} ${why}`));
}
