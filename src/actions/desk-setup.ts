import {
  addDeskService,
  allDesks,
  clearDeskServices,
  deskWithServices,
  insertDesk,
  lockDesk,
  namedDesk,
  renameDesk,
  restoreDesk as restore,
  retireDesk as retire,
} from '../db/desks.ts';
import { record } from '../db/events.ts';
import { lockLocation } from '../db/locations.ts';
import { activeServices } from '../db/services.ts';
import type { Tx } from '../db/store.ts';
import { heldAtDesk } from '../db/tickets.ts';
import { type LocalDay, localDay } from '../domain/days.ts';
import type { Desk, StaffedDesk } from '../domain/desk.ts';
import { Refusal } from '../domain/errors.ts';
import { isId, newId } from '../domain/id.ts';
import { isTaken } from '../domain/names.ts';
import type { DeskSetup } from '../forms/desks.ts';
import { type Act, adminOnly, found, type Look } from './act.ts';
import { placeOf } from './desks.ts';
import { chooseLocation, requireInUse, unknownLocation } from './locations.ts';

/**
 * Makes a desk at a location (the only one there is when none is named; see `chooseLocation`). The services are of
 * that location and in use (`fields.serviceIds`); none means all of them. No two desks of a location have one name
 * (`fields.name`).
 */
export async function createDesk(act: Act, input: DeskSetup): Promise<Desk> {
  adminOnly(act.actor);
  const { id: locationId } = await chooseLocation(act.db, input.locationId ?? undefined);
  await requireServices(act, locationId, input.serviceIds);
  const id = newId();
  return act.transaction(async (tx) => {
    // Nobody retires the location meanwhile.
    if ((await tx.run(lockLocation, { id: locationId })).length === 0) throw unknownLocation();
    await requireFree(tx, { id, locationId }, input.name);
    await tx.run(insertDesk, { id, locationId, name: input.name, now: act.now });
    await setServices(tx, id, input.serviceIds);
    write(tx, act, { id, locationId }, 'create');
    return found(await deskWithServices(tx, id));
  });
}

/**
 * Renames a desk and says what it serves, retired services too that it has. What is served there stays. Nobody changes what
 * `look` was told.
 */
export async function updateDesk(
  act: Act,
  desk: Desk,
  input: DeskSetup,
  look?: Look<StaffedDesk>,
): Promise<Desk> {
  adminOnly(act.actor);
  await requireServices(act, desk.locationId, input.serviceIds, desk.serviceIds);
  return act.transaction(async (tx) => {
    await tx.run(lockLocation, { id: desk.locationId });
    found((await tx.run(lockDesk, { id: desk.id }))[0]);
    const standing = found(await deskWithServices(tx, desk.id));
    look?.(standing);
    if (input.name !== standing.name) await requireFree(tx, desk, input.name);
    await tx.run(renameDesk, { id: desk.id, name: input.name, now: act.now });
    await tx.run(clearDeskServices, { deskId: desk.id });
    await setServices(tx, desk.id, input.serviceIds);
    write(tx, act, desk, 'update');
    return found(await deskWithServices(tx, desk.id));
  });
}

/** Takes a desk out of use; refused with `in_use` while somebody is called to it or served there. */
export async function retireDesk(act: Act, desk: Desk): Promise<void> {
  adminOnly(act.actor);
  const day = await todayAt(act, desk);
  await act.transaction(async (tx) => {
    // Nobody comes to the desk while its row is held.
    if ((await tx.run(lockDesk, { id: desk.id })).length === 0) return;
    if ((await tx.run(heldAtDesk, { deskId: desk.id, day })).length > 0) throw new Refusal('in_use');
    await tx.run(retire, { id: desk.id, now: act.now });
    write(tx, act, desk, 'retire');
  });
}

type NamedDesk = Pick<Desk, 'id' | 'locationId' | 'name'> & { locationName: string };

/** Loads what a desk is called and where it stands, of a retired one too, for an admin. */
export async function reachAnyDesk({ db, actor }: Act, id: string): Promise<NamedDesk> {
  adminOnly(actor);
  return found(isId(id) && (await db.run(namedDesk, { id }))[0]);
}

/**
 * Puts a retired desk back in use. Refused where its location is retired (`fields.locationId`), and where another desk
 * took its name (`fields.name`). Twice is a quiet no-op.
 */
export async function restoreDesk(act: Act, desk: NamedDesk): Promise<void> {
  adminOnly(act.actor);
  await act.transaction(async (tx) => {
    await requireInUse(tx, desk.locationId);
    if ((await tx.run(restore, { id: desk.id, now: act.now })).length === 0) return;
    await requireFree(tx, desk, desk.name);
    write(tx, act, desk, 'restore');
  });
}

/** The numbers that are called to a desk or served there now. */
export async function heldNow(act: Act, desk: Desk): Promise<string[]> {
  adminOnly(act.actor);
  const held = await act.db.run(heldAtDesk, { deskId: desk.id, day: await todayAt(act, desk) });
  return held.map(({ number }) => number);
}

async function todayAt({ db, now }: Act, desk: Desk): Promise<LocalDay> {
  return localDay(now, (await placeOf(db, desk)).timeZone);
}

/** @param had those that a desk has already: it keeps what was retired meanwhile */
async function requireServices(
  { db }: Act,
  locationId: string,
  ids: readonly string[],
  had: readonly string[] = [],
): Promise<void> {
  const services = await db.run(activeServices, {});
  const here = new Set([
    ...services.flatMap((each) => (each.locationId === locationId ? each.id : [])),
    ...had,
  ]);
  if (ids.every((id) => here.has(id))) return;
  throw new Refusal('invalid', { fields: { serviceIds: { code: 'unknown_service' } } });
}

/** Under the lock of the location: two that are named at once get two names. */
async function requireFree(
  tx: Tx,
  { id, locationId }: Pick<Desk, 'id' | 'locationId'>,
  name: string,
): Promise<void> {
  const others = (await allDesks(tx)).filter((other) => other.locationId === locationId && other.id !== id);
  if (isTaken(name, others)) throw new Refusal('invalid', { fields: { name: { code: 'name_taken' } } });
}

async function setServices(tx: Tx, deskId: string, serviceIds: readonly string[]): Promise<void> {
  for (const serviceId of new Set(serviceIds)) await tx.run(addDeskService, { deskId, serviceId });
}

function write(tx: Tx, act: Act, desk: Pick<Desk, 'id' | 'locationId'>, verb: string): void {
  record(tx, act.actor, act.now, { verb, locationId: desk.locationId, data: { deskId: desk.id } });
}
