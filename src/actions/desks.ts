import { allDesks, deskOfPerson, deskWithServices, lockDesk, pauseDesk, staffDesk } from '../db/desks.ts';
import { record } from '../db/events.ts';
import { locationById } from '../db/locations.ts';
import { lockQueues } from '../db/queue.ts';
import { workedServices } from '../db/services.ts';
import type { Reader, Tx } from '../db/store.ts';
import { heldAtDesk } from '../db/tickets.ts';
import { locationsOfUser, lockUser } from '../db/users.ts';
import { localDay } from '../domain/days.ts';
import { type Desk, type StaffedDesk, servesAt } from '../domain/desk.ts';
import { Refusal } from '../domain/errors.ts';
import { isId } from '../domain/id.ts';
import { type Person, type Role, worksAt } from '../domain/roles.ts';
import type { PlacedService } from '../domain/service.ts';
import { type Act, found, type Look, staffOnly } from './act.ts';

/** The desks in use where the actor works, by name. Refuses with `forbidden`. */
export async function listDesks({ db, actor }: Act): Promise<StaffedDesk[]> {
  const person = staffOnly(actor);
  return (await allDesks(db)).filter(({ locationId }) => worksAt(person, locationId));
}

/** Loads a desk where the actor works. Refuses with `forbidden` or `not_found`. */
export async function reachDesk({ db, actor }: Act, id: string): Promise<StaffedDesk> {
  const person = staffOnly(actor);
  const desk = found(isId(id) && (await deskWithServices(db, id)));
  found(worksAt(person, desk.locationId));
  return desk;
}

/** Where a desk stands. */
export async function placeOf(db: Reader, { locationId }: Pick<Desk, 'locationId'>) {
  return found((await db.run(locationById, { id: locationId }))[0]);
}

/** The services that a desk serves, by name; retired ones until their lines are empty. */
export async function servicesAt(db: Reader, desk: Desk): Promise<PlacedService[]> {
  const services = await workedServices(db);
  return services.filter((service) => service.locationId === desk.locationId && servesAt(desk, service.id));
}

/**
 * The actor sits down at a desk and gets up from where they were. Where somebody else sits it refuses with `desk_taken`,
 * unless they hand over. At one's own desk it is a quiet no-op.
 */
export async function takeDesk(
  act: Act,
  desk: Desk,
  input: { handOver?: boolean | undefined } = {},
): Promise<StaffedDesk> {
  const person = staffOnly(act.actor);
  const services = await servicesAt(act.db, desk);
  return act.transaction(async (tx) => {
    // One desk at a time for each person: two would wait for each other at the index that lets nobody sit at both.
    const [user] = await tx.run(lockUser, { id: person.id });
    // Somebody may have taken them off this place a moment ago.
    const places = await tx.run(locationsOfUser, { userId: person.id });
    const locationIds = places.map(({ locationId }) => locationId);
    if (!user || !worksAt({ ...person, role: user.role as Role, locationIds }, desk.locationId))
      throw new Refusal('forbidden');
    const [old] = await tx.run(deskOfPerson, { userId: person.id });
    const rows = new Map<string, { staffedBy: string | null }>();
    for (const id of [...new Set([desk.id, ...(old ? [old.id] : [])])].sort()) {
      const [row] = await tx.run(lockDesk, { id });
      if (row) rows.set(id, row);
    }
    const { staffedBy } = found(rows.get(desk.id));
    if (staffedBy === person.id) return found(await deskWithServices(tx, desk.id));
    if (staffedBy !== null && !input.handOver) throw new Refusal('desk_taken', { facts: { staffedBy } });
    const leaves =
      old && rows.get(old.id)?.staffedBy === person.id ? await deskWithServices(tx, old.id) : undefined;
    const lines = leaves?.locationId === desk.locationId ? await servicesAt(tx, leaves) : [];
    tellLines(tx, act, desk, [...services, ...lines]);
    if (leaves) await seat(tx, act, leaves.id, null);
    await seat(tx, act, desk.id, person.id);
    write(tx, act, desk, 'take-desk', { ...(staffedBy !== null && { from: staffedBy }) });
    return found(await deskWithServices(tx, desk.id));
  });
}

/** The actor gets up. Nothing happens when nobody sits there; where somebody else sits it refuses with `desk_taken`. */
export async function leaveDesk(act: Act, desk: Desk): Promise<StaffedDesk> {
  const person = staffOnly(act.actor);
  const services = await servicesAt(act.db, desk);
  return act.transaction(async (tx) => {
    const [row] = await tx.run(lockDesk, { id: desk.id });
    const { staffedBy } = found(row);
    if (staffedBy !== null) {
      if (staffedBy !== person.id) throw new Refusal('desk_taken', { facts: { staffedBy } });
      tellLines(tx, act, desk, services);
      await seat(tx, act, desk.id, null);
      write(tx, act, desk, 'leave-desk');
    }
    return found(await deskWithServices(tx, desk.id));
  });
}

/** The desk that somebody has to leave, and the numbers that are called to it or served there. */
export interface LostDesk {
  id: string;
  name: string;
  staffName: string | null;
  held: readonly string[];
}

/**
 * Frees the desk of somebody who does not work there any more; `look` is told of it, if somebody is served there. Their row
 * must be locked: nobody sits down meanwhile.
 */
export async function leaveDeskElsewhere(
  tx: Tx,
  act: Act,
  person: Person,
  look?: Look<LostDesk>,
): Promise<void> {
  const [seated] = await tx.run(deskOfPerson, { userId: person.id });
  const desk = seated && (await deskWithServices(tx, seated.id));
  if (!desk || worksAt(person, desk.locationId)) return;
  const [row] = await tx.run(lockDesk, { id: desk.id });
  if (row?.staffedBy !== person.id) return;
  if (look) await tellLost(tx, act, desk, look);
  tellLines(tx, act, desk, await servicesAt(tx, desk));
  await seat(tx, act, desk.id, null);
  write(tx, act, desk, 'leave-desk', { from: person.id });
}

/** Nobody is called to the desk while its row is held. */
async function tellLost(tx: Tx, act: Act, desk: StaffedDesk, look: Look<LostDesk>): Promise<void> {
  const { id: deskId, name, staffName } = desk;
  const day = localDay(act.now, (await placeOf(tx, desk)).timeZone);
  const held = (await tx.run(heldAtDesk, { deskId, day })).map(({ number }) => number);
  if (held.length > 0) look({ id: deskId, name, staffName, held });
}

/** A paused desk takes nobody new; whom it serves stays. Twice is once. Where somebody else sits it refuses with `desk_taken`. */
export function pauseWork(act: Act, desk: Desk): Promise<StaffedDesk> {
  return setPaused(act, desk, true);
}

/** Ends a pause. Twice is once. Where somebody else sits it refuses with `desk_taken`. */
export function resumeWork(act: Act, desk: Desk): Promise<StaffedDesk> {
  return setPaused(act, desk, false);
}

async function setPaused(act: Act, desk: Desk, paused: boolean): Promise<StaffedDesk> {
  const person = staffOnly(act.actor);
  const services = await servicesAt(act.db, desk);
  return act.transaction(async (tx) => {
    const [row] = await tx.run(lockDesk, { id: desk.id });
    const { staffedBy, pausedAt } = found(row);
    if (staffedBy !== null && staffedBy !== person.id)
      throw new Refusal('desk_taken', { facts: { staffedBy } });
    if ((pausedAt !== null) !== paused) {
      tellLines(tx, act, desk, services);
      await tx.run(pauseDesk, { id: desk.id, pausedAt: paused ? act.now : null, now: act.now });
      write(tx, act, desk, paused ? 'pause-desk' : 'resume-desk');
    }
    return found(await deskWithServices(tx, desk.id));
  });
}

/** The lines a desk works tell their screens: how soon somebody is called depends on it. */
function tellLines(tx: Tx, act: Act, desk: Desk, services: readonly PlacedService[]): void {
  const [first] = services;
  if (!first) return;
  const day = localDay(act.now, first.location.timeZone);
  lockQueues(
    tx,
    services.map(({ id }) => id),
    { day, locationId: desk.locationId },
  );
}

async function seat(tx: Tx, act: Act, id: string, userId: string | null): Promise<void> {
  await tx.run(staffDesk, { id, userId, at: userId === null ? null : act.now, now: act.now });
}

function write(tx: Tx, act: Act, desk: Desk, verb: string, data: Record<string, unknown> = {}): void {
  record(tx, act.actor, act.now, {
    verb,
    locationId: desk.locationId,
    data: { deskId: desk.id, ...data },
  });
}
