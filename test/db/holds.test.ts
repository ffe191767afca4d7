import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { lockQueue, queueVersion } from '../../src/db/queue.ts';
import { cancelReservation, insertReservation, moveReservation } from '../../src/db/reservations.ts';
import type { Store, Tx } from '../../src/db/store.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { newId } from '../../src/domain/id.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { projectRoot } from '../../src/root.ts';
import {
  alterService,
  book,
  buildScene,
  MONDAY,
  mondayAt,
  refusalCode,
  reservationsOf,
  type Scene,
  tally,
  written,
} from '../support/builders.ts';
import { onBothDatabases, SOAK, type TestDatabase, useDatabase } from '../support/databases.ts';

const DAY = '2026-03-02';
const SLOT = mondayAt('10:00');
const EXPIRES = addMinutes(MONDAY, 10);
const LATE = addMinutes(MONDAY, 20);

interface Times {
  timeSlot?: Date;
  endsAt?: Date;
  userId?: string | null;
}

function placeIn({ service, location }: Scene, { timeSlot = SLOT, ...others }: Times = {}) {
  return {
    id: newId(),
    serviceId: service.id,
    locationId: location.id,
    userId: null,
    localDay: DAY,
    timeSlot,
    endsAt: addMinutes(timeSlot, 30),
    ...others,
  };
}

/** Holds a place from MONDAY until EXPIRES. */
async function hold(scene: Scene, times?: Times): Promise<Reservation> {
  const place = placeIn(scene, times);
  await scene.store.transaction((tx) =>
    tx.write.insert(tx.tables.reservations).values({
      ...place,
      status: 'pending',
      holdExpiresAt: EXPIRES,
      createdAt: MONDAY,
      updatedAt: MONDAY,
    }),
  );
  const held = (await reservationsOf(scene.store, scene.service)).find(({ id }) => id === place.id);
  if (!held) throw new Error('The hold is not there');
  return held;
}

/** What somebody does to a hold at the moment `now`. */
type Change = (tx: Tx, held: Reservation, now: Date) => Promise<unknown>;

const confirm: Change = (tx, held, updatedAt) => update(tx, held, { status: 'confirmed', updatedAt });

const keepLonger: Change = (tx, held, updatedAt) =>
  update(tx, held, { holdExpiresAt: addMinutes(LATE, 10), updatedAt });

const move: Change = (tx, held, now) =>
  tx.run(moveReservation, {
    ...held,
    timeSlot: addMinutes(held.timeSlot, 120),
    endsAt: addMinutes(held.endsAt, 120),
    was: held.timeSlot,
    oldDay: held.localDay,
    rulesVersion: null,
    now,
  });

const cancel: Change = (tx, held, now) => tx.run(cancelReservation, { ...held, now });

function update(tx: Tx, { id }: Reservation, values: Partial<Reservation>): Promise<unknown> {
  const { reservations } = tx.tables;
  return tx.write.update(reservations).set(values).where(eq(reservations.id, id));
}

function change(store: Store, how: Change, held: Reservation, now = LATE): Promise<unknown> {
  return store.transaction((tx) => how(tx, held, now));
}

/** Those that are not canceled, each as its state and when it starts. */
async function standing({ store, service }: Scene): Promise<string[]> {
  return (await reservationsOf(store, service))
    .filter(({ status }) => status !== 'canceled')
    .map(({ status, timeSlot }) => `${status} ${timeSlot.toISOString().slice(11, 16)}`);
}

onBothDatabases('a hold', (open) => {
  test('is confirmed in time, and late as well while its place is free', async () => {
    const scene = await buildScene(open().store);
    await change(scene.store, confirm, await hold(scene), MONDAY);
    await change(scene.store, confirm, await hold(scene, { timeSlot: mondayAt('11:00') }));
    expect(await standing(scene)).toEqual(['confirmed 09:00', 'confirmed 10:00']);
  });

  test('that is late is not confirmed once its place is taken, and keeping it longer takes no place', async () => {
    const scene = await buildScene(open().store);
    const held = await hold(scene);
    expect(await refusalCode(book(scene, scene.cast.otherCustomer, SLOT))).toBe('slot_full');
    scene.clock.set(LATE);
    await book(scene, scene.cast.otherCustomer, SLOT);
    expect(await refusalCode(change(scene.store, confirm, held))).toBe('slot_full');
    await change(scene.store, keepLonger, held);
    expect(await standing(scene)).toEqual(['confirmed 09:00']);
  });

  test('that is late gives its place to a reservation that is moved there', async () => {
    const scene = await buildScene(open().store);
    const { cast, store } = scene;
    const reservation = await book(scene, cast.customer, mondayAt('12:00'));
    await hold(scene, { timeSlot: mondayAt('14:00') });
    expect(await refusalCode(change(store, move, reservation, MONDAY))).toBe('slot_full');
    await change(store, move, reservation);
    expect(await standing(scene)).toEqual(['confirmed 13:00']);
  });

  test('that is late does not come beside another place of the same person', async () => {
    const scene = await buildScene(open().store, { capacity: 5 });
    const { customer } = scene.cast;
    const held = await hold(scene, { userId: customer.id });
    expect(await refusalCode(book(scene, customer, SLOT))).toBe('already_booked');
    scene.clock.set(LATE);
    await book(scene, customer, SLOT);
    expect(await refusalCode(change(scene.store, confirm, held))).toBe('already_booked');
  });

  test('is no promise: when the service has fewer places, not all are confirmed or kept longer', async () => {
    const scene = await buildScene(open().store, { capacity: 2 });
    const [first, second] = [await hold(scene), await hold(scene)];
    await alterService(scene.store, scene.service, { capacity: 1 });
    for (const how of [confirm, keepLonger])
      expect(await refusalCode(change(scene.store, how, first, MONDAY))).toBe('slot_full');
    await change(scene.store, cancel, second, MONDAY);
    await change(scene.store, confirm, first, MONDAY);
    expect(await standing(scene)).toEqual(['confirmed 09:00']);
  });

  test('that is kept longer keeps its place, and the screens of its day learn of it', async () => {
    const scene = await buildScene(open().store);
    const held = await hold(scene);
    const before = await queueVersion(scene.store, scene.service.id, DAY);
    await change(scene.store, keepLonger, held, MONDAY);
    expect(await queueVersion(scene.store, scene.service.id, DAY)).toBeGreaterThan(before);
    scene.clock.set(LATE);
    expect(await refusalCode(book(scene, scene.cast.otherCustomer, SLOT))).toBe('slot_full');
    scene.clock.pass(10);
    await book(scene, scene.cast.otherCustomer, SLOT);
    expect(await standing(scene)).toEqual(['confirmed 09:00']);
  });
});

/**
 * A booking that has the line's row already, while somebody who has the hold's row waits for it: the one wants what the
 * other has. Answers what became of the change and of the booking.
 */
async function cross(database: TestDatabase, scene: Scene, held: Reservation, how: Change) {
  const other = database.openAnother(1);
  let changing: Promise<unknown> = Promise.resolve();
  const booking = scene.store.transaction(async (tx) => {
    await lockQueue(tx, { serviceId: scene.service.id, day: DAY, locationId: scene.location.id });
    changing = change(other, how, held);
    changing.catch(() => undefined);
    await somebodyWaits(database);
    await tx.run(insertReservation, written(placeIn(scene, { userId: held.userId }), LATE));
  });
  const [booked, changed] = [await endOf(booking), await endOf(changing)];
  await other.close();
  return { changed, booked };
}

/** The same scene when every hold is over, those that were kept longer too. */
function laterOn(scene: Scene): Scene {
  scene.clock.set(addMinutes(LATE, 10));
  return scene;
}

async function endOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code === 'busy' ? String(error.facts?.cause) : error.code;
  }
}

/** Returns when a connection to this database waits for a lock. */
async function somebodyWaits({ raw }: TestDatabase): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const waiting = await raw(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) return;
    await sleep(10);
  }
  throw new Error('Nobody waits for a lock');
}

/** Many who change expired holds, each their own, while others book and so let them expire. */
async function storm(database: TestDatabase, scene: Scene, stores: Store[]): Promise<Record<string, number>> {
  const holds: Reservation[] = [];
  for (let minute = 0; minute < 12; minute++) {
    const timeSlot = addMinutes(mondayAt('09:00'), minute);
    holds.push(await hold(scene, { timeSlot, endsAt: addMinutes(timeSlot, 1) }));
  }
  const storeOf = (index: number) => stores[index % stores.length] ?? database.store;
  const ways = [move, cancel, confirm, keepLonger];
  const changes = holds.map((held, index) => change(storeOf(index), ways[index % 4] ?? move, held));
  const bookings = [1, 2, 3, 4].map((index) =>
    storeOf(index).transaction((tx) =>
      tx.run(insertReservation, written(placeIn(scene, { timeSlot: mondayAt('14:00') }), LATE)),
    ),
  );
  return tally([...changes, ...bookings]);
}

describe('on postgres, a booking and a change of an expired hold that cross each other', () => {
  const open = useDatabase('postgres');

  test.each([
    ['confirmed', confirm, 'slot_full'],
    ['kept longer', keepLonger, 'slot_full'],
    ['moved', move, 'ok'],
    ['canceled', cancel, 'ok'],
  ] as const)('both end when it is %s, and the place is sold once', async (_, how, end) => {
    const scene = await buildScene(open().store);
    expect(await cross(open(), scene, await hold(scene), how)).toEqual({ booked: 'ok', changed: end });
    await book(laterOn(scene), scene.cast.customer, mondayAt('15:00'));
    // The hold itself is gone, wherever it stood: it expired, and the day's next booking saw to that.
    expect(await standing(scene)).toEqual(['confirmed 09:00', 'confirmed 14:00']);
  });

  test('both end when they are one person’s, who has one place then', async () => {
    const scene = await buildScene(open().store, { capacity: 5 });
    const held = await hold(scene, { userId: scene.cast.customer.id });
    expect(await cross(open(), scene, held, confirm)).toEqual({ booked: 'ok', changed: 'already_booked' });
  });

  test('end in any number, and the next booking cancels what was passed over', async () => {
    const scene = await buildScene(open().store, { capacity: 1_000 });
    const stores = [open().store, open().openAnother()];
    for (let round = 0; round < (SOAK ? 100 : 10); round++)
      expect(await storm(open(), scene, stores)).toEqual({ ok: 16 });
    await book(laterOn(scene), scene.cast.customer, mondayAt('16:00'));
    expect((await standing(scene)).filter((row) => row.startsWith('pending'))).toEqual([]);
  });
});

describe('on postgres, with the trigger that waits for holds', () => {
  const open = useDatabase('postgres');

  beforeAll(async () => {
    // PostgreSQL looks for a circle only after a second, and each one costs that long.
    await open().raw(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''20ms''', current_database()); END $$`,
    );
    const former = readFileSync(join(projectRoot, 'migrations/postgres/0004_holds.down.sql'), 'utf8');
    await open().raw(former.replaceAll('--> statement-breakpoint', ''));
  });

  test('they wait for each other', async () => {
    const scene = await buildScene(open().store);
    const ends = await cross(open(), scene, await hold(scene), move);
    expect(Object.values(ends).sort()).toEqual([expect.stringMatching(/deadlock/), 'ok']);
  });

  test('some of many wait for each other', async () => {
    const scene = await buildScene(open().store, { capacity: 1_000 });
    const stores = [open().store, open().openAnother()];
    let busy = 0;
    for (let round = 0; round < 20 && busy === 0; round++)
      busy = (await storm(open(), scene, stores)).busy ?? 0;
    expect(busy).toBeGreaterThan(0);
  });
});
