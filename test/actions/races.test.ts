import { eq } from 'drizzle-orm';
import pg from 'pg';
import { expect, test } from 'vitest';
import { type Act, actOf } from '../../src/actions/act.ts';
import { checkIn } from '../../src/actions/check-in.ts';
import { addWalkIn, advance } from '../../src/actions/queue.ts';
import {
  bookReservation,
  cancelReservation,
  reachReservation,
  rescheduleReservation,
} from '../../src/actions/reservations.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { changeEntry } from '../../src/actions/transition.ts';
import { headsOfLine } from '../../src/db/queue.ts';
import type { Store } from '../../src/db/store.ts';
import { entryById } from '../../src/db/tickets.ts';
import { addMinutes, MINUTE } from '../../src/domain/clock.ts';
import { chooseNext } from '../../src/domain/order.ts';
import type { Actor, Person } from '../../src/domain/roles.ts';
import { type QueueEntry, VERBS } from '../../src/domain/ticket.ts';
import {
  alterService,
  book,
  buildDesk,
  buildScene,
  checkInTo,
  entriesOf,
  eventsOf,
  mondayAt,
  reservationsOf,
  type Scene,
  tally,
  walkIn,
} from '../support/builders.ts';
import { addCustomers } from '../support/cast.ts';
import { onBothDatabases, SOAK, type TestDatabase } from '../support/databases.ts';

const SLOT = mondayAt('10:00');
const ROUNDS = SOAK ? 100 : 10;

const pools = new WeakMap<TestDatabase, Store[]>();

/** Acts of many at once: on PostgreSQL by turns through two stores, which are two pools, as two servers are. */
function crowd(database: TestDatabase, { clock }: Scene): (index: number, actor: Actor) => Act {
  const stores =
    pools.get(database) ??
    (database.dialect === 'postgres' ? [database.store, database.openAnother()] : [database.store]);
  pools.set(database, stores);
  return (index, actor) => actOf(stores[index % stores.length] as Store, clock, actor);
}

/** The most places that are taken at any minute, counted minute by minute. */
function mostAtOnce(rows: { timeSlot: Date; endsAt: Date; party: number; status: string }[]): number {
  const load = new Map<number, number>();
  for (const { timeSlot, endsAt, party } of rows.filter(({ status }) => status !== 'canceled')) {
    for (let at = timeSlot.getTime(); at < endsAt.getTime(); at += MINUTE)
      load.set(at, (load.get(at) ?? 0) + party);
  }
  return Math.max(0, ...load.values());
}

async function raceForSlot(
  database: TestDatabase,
  scene: Scene,
  racers: Person[],
): Promise<Record<string, number>> {
  const as = crowd(database, scene);
  return tally(
    racers.map((racer, index) =>
      bookReservation(as(index, racer), { serviceId: scene.service.id, timeSlot: SLOT }),
    ),
  );
}

onBothDatabases('a race', (open) => {
  test('of 200 for a slot of 10 has 10 winners', async () => {
    const racers = await addCustomers(open().store, 200);
    for (let round = 0; round < (SOAK ? 10 : 1); round++) {
      const scene = await buildScene(open().store, { capacity: 10 });
      expect(await raceForSlot(open(), scene, racers)).toEqual({ ok: 10, slot_full: 190 });
      expect(mostAtOnce(await reservationsOf(scene.store, scene.service))).toBe(10);
      expect((await eventsOf(scene.store, scene.service)).length).toBe(10);
    }
  });

  test('of one person with themselves has one winner', async () => {
    const scene = await buildScene(open().store, { capacity: 50 });
    const racers = Array.from({ length: 30 }, () => scene.cast.customer);
    expect(await raceForSlot(open(), scene, racers)).toEqual({ ok: 1, already_booked: 29 });
  });

  test('for slots of unequal length never exceeds capacity at any moment', async () => {
    const scene = await buildScene(open().store, { capacity: 3, durationMinutes: 30 });
    const as = crowd(open(), scene);
    const customers = await addCustomers(scene.store, 60);
    const lengths = [
      { durationMinutes: 30, stepMinutes: 15 },
      { durationMinutes: 45, stepMinutes: 20 },
      { durationMinutes: 20, stepMinutes: 10 },
      { durationMinutes: 90, stepMinutes: 30, bufferMinutes: 15 },
      { durationMinutes: 5, stepMinutes: 5, bufferMinutes: 0 },
    ];
    const counts: Record<string, number> = {};
    for (const change of lengths) {
      const { id, stepMinutes } = await alterService(scene.store, scene.service, change);
      // Between 9 and 12 every slot is asked for by many, in no order.
      const attempts = customers.map((customer, index) => {
        const minutes = ((index * 7) % (180 / (stepMinutes as number))) * (stepMinutes as number);
        return bookReservation(as(index, customer), {
          serviceId: id,
          timeSlot: addMinutes(mondayAt('09:00'), minutes),
        });
      });
      for (const [code, count] of Object.entries(await tally(attempts)))
        counts[code] = (counts[code] ?? 0) + count;
      expect(mostAtOnce(await reservationsOf(scene.store, scene.service))).toBeLessThanOrEqual(3);
    }
    // However they fall: in the first round three bookings keep out others for 45 of the 180 minutes at most.
    expect(counts.ok).toBeGreaterThanOrEqual(12);
    expect(counts.slot_full).toBeGreaterThan(20);
    expect(Object.keys(counts).sort()).toEqual(expect.arrayContaining(['ok', 'slot_full']));
    expect(mostAtOnce(await reservationsOf(scene.store, scene.service))).toBe(3);
  });

  test('of moving against booking takes each place once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const scene = await buildScene(open().store);
      const as = crowd(open(), scene);
      const { cast, store, service } = scene;
      const [third] = (await addCustomers(store, 1)) as [Person];
      const mine = await book(scene, cast.customer, SLOT);
      const theirs = await book(scene, third, mondayAt('12:00'));
      const to = (index: number, person: Person, id: string) =>
        reachReservation(as(index, person), id).then((reached) =>
          rescheduleReservation(as(index, person), reached, { timeSlot: mondayAt('11:00') }),
        );
      const counts = await tally([
        to(0, cast.customer, mine.id),
        to(1, third, theirs.id),
        bookReservation(as(2, cast.otherCustomer), { serviceId: service.id, timeSlot: mondayAt('11:00') }),
        bookReservation(as(3, cast.staff), { serviceId: service.id, timeSlot: SLOT }),
      ]);
      expect(counts.slot_full).toBeGreaterThanOrEqual(2);
      const rows = await reservationsOf(store, service);
      expect(mostAtOnce(rows)).toBe(1);
      expect(rows.filter(({ timeSlot }) => timeSlot.getTime() === mondayAt('11:00').getTime())).toHaveLength(
        1,
      );
    }
  });

  test('of two who swap days against each other ends without a deadlock', async () => {
    const tuesday = new Date('2026-03-03T10:00:00+01:00');
    for (let round = 0; round < ROUNDS; round++) {
      const scene = await buildScene(open().store, { capacity: 2 });
      const as = crowd(open(), scene);
      const { cast, store } = scene;
      const first = await book(scene, cast.customer, SLOT);
      const second = await book(scene, cast.otherCustomer, tuesday);
      const to = (index: number, person: Person, id: string, timeSlot: Date) =>
        reachReservation(as(index, person), id).then((reached) =>
          rescheduleReservation(as(index, person), reached, { timeSlot }),
        );
      expect(
        await tally([to(0, cast.customer, first.id, tuesday), to(1, cast.otherCustomer, second.id, SLOT)]),
      ).toEqual({ ok: 2 });
      expect((await reservationsOf(store, scene.service)).map(({ timeSlot }) => timeSlot)).toEqual([
        tuesday,
        SLOT,
      ]);
    }
  });

  test('of checking in against canceling leaves no open ticket of a canceled reservation', async () => {
    for (let round = 0; round < ROUNDS * 2; round++) {
      const scene = await buildScene(open().store);
      const as = crowd(open(), scene);
      const { cast, store, service } = scene;
      const { id } = await book(scene, cast.customer, SLOT);
      scene.clock.set(addMinutes(SLOT, -10));
      const reached = await reachReservation(as(0, cast.customer), id);
      const [checked, canceled] = [
        () => checkIn(as(0, cast.customer), reached),
        () => cancelReservation(as(1, cast.customer), reached),
      ];
      const work = round % 2 ? [checked(), canceled()] : [canceled(), checked()];
      const counts = await tally(work);
      expect((await reservationsOf(store, service))[0]?.status).toBe('canceled');
      expect((await entriesOf(store, service)).filter(({ status }) => status !== 'left')).toEqual([]);
      for (const code of Object.keys(counts)) expect(['ok', 'stale', 'wrong_state']).toContain(code);
    }
  });

  test('of twenty check-ins of one reservation makes one ticket', async () => {
    for (let round = 0; round < Math.ceil(ROUNDS / 3); round++) {
      const scene = await buildScene(open().store);
      const as = crowd(open(), scene);
      const { id } = await book(scene, scene.cast.customer, SLOT);
      scene.clock.set(SLOT);
      const tickets = await Promise.all(
        Array.from({ length: 20 }, (_, index) => checkInTo(as(index, scene.cast.customer), { id })),
      );
      expect(new Set(tickets.map((ticket) => ticket.id)).size).toBe(1);
      expect(await entriesOf(scene.store, scene.service)).toHaveLength(1);
      expect(
        (await eventsOf(scene.store, scene.service)).filter(({ verb }) => verb === 'check-in'),
      ).toHaveLength(1);
    }
  });

  test('of 100 walk-ins gives the numbers 1 to 100', async () => {
    const scene = await buildScene(open().store);
    const as = crowd(open(), scene);
    const tickets = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        addWalkIn(as(index, scene.cast.staff), scene.service, {
          name: `W${index}`,
          phone: null,
          priority: 0,
        }),
      ),
    );
    expect(tickets.map(({ position }) => position).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  test('of 50 desks for a line of 30 serves each ticket once', async () => {
    for (let round = 0; round < Math.ceil(ROUNDS / 10); round++) {
      const scene = await lineOf(open(), 30);
      const as = crowd(open(), scene);
      const desks = await Promise.all(
        Array.from({ length: 50 }, (_, index) => buildDesk(scene.store, scene.location, `Desk ${index}`)),
      );
      const results = await Promise.all(
        desks.map((deskId, index) => advance(as(index, scene.cast.staff), scene.service, { deskId })),
      );
      const started = results.flatMap(({ inService }) => inService ?? []);
      expect(started).toHaveLength(30);
      expect(new Set(started.map(({ id }) => id)).size).toBe(30);
      expect(new Set(started.map(({ deskId }) => deskId)).size).toBe(30);
      expect(results.every(({ completed }) => completed === null)).toBe(true);
      expect(await startsPerTicket(scene)).toEqual(Array(30).fill(1));
    }
  });

  test('of 50 taps at the desk that has no name serves each ticket once', async () => {
    const scene = await lineOf(open(), 30);
    const as = crowd(open(), scene);
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) => advance(as(index, scene.cast.staff), scene.service, {})),
    );
    const started = results.flatMap(({ inService }) => inService?.id ?? []);
    const completed = results.flatMap((result) => result.completed?.id ?? []);
    expect([started.length, new Set(started).size, completed.length, new Set(completed).size]).toEqual([
      30, 30, 30, 30,
    ]);
    expect(await startsPerTicket(scene)).toEqual(Array(30).fill(1));
    expect((await entriesOf(scene.store, scene.service)).every(({ status }) => status === 'completed')).toBe(
      true,
    );
  });

  test('of 20 taps on one screen moves on once', async () => {
    const scene = await lineOf(open(), 10);
    const as = crowd(open(), scene);
    const { deskId } = scene;
    const { inService } = await advance(as(0, scene.cast.staff), scene.service, { deskId });
    const serving = inService?.id ?? null;
    const counts = await tally(
      Array.from({ length: 20 }, (_, index) =>
        advance(as(index, scene.cast.staff), scene.service, { deskId, serving }),
      ),
    );
    expect(counts).toEqual({ ok: 1, stale: 19 });
  });

  test('of every verb with every other leaves each ticket with a story that holds', async () => {
    for (let round = 0; round < Math.ceil(ROUNDS / 10); round++) {
      const scene = await lineOf(open(), 12);
      const as = crowd(open(), scene);
      const { store, service, cast } = scene;
      const desks = await Promise.all(
        [1, 2, 3].map((index) => buildDesk(store, scene.location, `Desk ${index}`)),
      );
      const tickets = (await entriesOf(store, service)) as QueueEntry[];
      // A fixed shuffle: the same storm each time it is run.
      const attempts = Array.from({ length: 240 }, (_, index) => {
        const dice = (index * 7919) % 1009;
        if (dice % 4 === 0)
          return advance(as(index, cast.staff), service, { deskId: desks[dice % 3] ?? null });
        const verb = VERBS[dice % VERBS.length] as (typeof VERBS)[number];
        return moveTicket(as(index, cast.admin), tickets[dice % tickets.length] as QueueEntry, verb);
      });
      const counts = await tally(attempts);
      expect(
        Object.keys(counts).every((code) => ['ok', 'wrong_state'].includes(code)),
        JSON.stringify(counts),
      ).toBe(true);
      const events = await eventsOf(store, service);
      for (const entry of await entriesOf(store, service)) {
        const story = events.filter(({ entryId }) => entryId === entry.id);
        // Each change left the state that another had led to: as often entered as left, but for the last.
        for (const state of new Set(story.map(({ toStatus }) => toStatus))) {
          const entered = story.filter(({ toStatus }) => toStatus === state).length;
          const gone = story.filter(({ fromStatus }) => fromStatus === state).length;
          expect(entered - gone, `${entry.number} ${state}`).toBe(state === entry.status ? 1 : 0);
        }
        expect(entry.version, entry.number).toBe(story.length);
      }
      const serving = (await entriesOf(store, service)).filter(
        (entry) => entry.status === 'in_service' && entry.deskId !== null,
      );
      expect(new Set(serving.map(({ deskId }) => deskId)).size).toBe(serving.length);
    }
  });
});

onBothDatabases('with its guard taken out', (open) => {
  test('the race for a slot oversells it', async () => {
    const { raw, dialect, store } = open();
    const scene = await buildScene(store, { capacity: 10 });
    const racers = await addCustomers(store, 200);
    if (dialect === 'postgres') await raw('ALTER TABLE reservations DISABLE TRIGGER reservations_capacity');
    else await raw('DROP TRIGGER reservations_capacity_insert');
    const { ok } = await raceForSlot(open(), scene, racers);
    expect(ok).toBe(200);
    if (dialect === 'postgres') await raw('ALTER TABLE reservations ENABLE TRIGGER reservations_capacity');
  });

  test('reading who is next and starting them in two steps starts somebody fifty times', async () => {
    const scene = await lineOf(open(), 30);
    const next = await Promise.all(Array.from({ length: 50 }, () => headOf(scene)));
    await Promise.all(next.map((entry) => carelessStart(scene, entry)));
    expect(await startsPerTicket(scene)).toEqual([50, ...Array(29).fill(0)]);
  });

  test('the guarded write alone keeps a ticket from being started twice, but turns desks away', async () => {
    const scene = await lineOf(open(), 30);
    const act = actOf(scene.store, scene.clock, scene.cast.staff);
    const next = await Promise.all(Array.from({ length: 50 }, () => headOf(scene)));
    const counts = await tally(
      next.map((entry) =>
        act.transaction((tx) => changeEntry(tx, act, entry, { status: 'in_service' }, { verb: 'advance' })),
      ),
    );
    expect(counts).toEqual({ ok: 1, stale: 49 });
    expect(await startsPerTicket(scene)).toEqual([1, ...Array(29).fill(0)]);
  });

  test('counting without the lock oversells, on PostgreSQL', async () => {
    const { raw, dialect, store } = open();
    if (dialect !== 'postgres') return expect(dialect).toBe('sqlite'); // One writer at a time: there is no lock to take out.
    const [{ definition } = {}] = await raw(
      `SELECT pg_get_functiondef('reservations_guard'::regproc) AS definition`,
    );
    const racers = await addCustomers(store, 60);
    // Both wait for the barrier between the count and the answer; only the lock is different.
    const held = String(definition).replace(
      'IF COALESCE(peak',
      `PERFORM pg_advisory_xact_lock_shared(${BARRIER});\n  IF COALESCE(peak`,
    );
    const unlocked = held.replace(/INSERT INTO queues[\s\S]*?version \+ 1;/, 'NULL;');
    expect(unlocked).not.toBe(held);
    await raw(held);
    expect(await raceFromBarrier(open(), racers)).toEqual({ ok: 10, slot_full: 50 });
    await raw(unlocked);
    expect((await raceFromBarrier(open(), racers)).ok).toBeGreaterThan(10);
    await raw(String(definition));
  });
});

/** Any number. */
const BARRIER = 4_711;

/** A race for ten places on PostgreSQL, in which nobody gets past the barrier before more than ten wait, there or for a lock. */
async function raceFromBarrier(database: TestDatabase, racers: Person[]): Promise<Record<string, number>> {
  const barrier = new pg.Client({ connectionString: database.url });
  await barrier.connect();
  try {
    await barrier.query(`SELECT pg_advisory_lock(${BARRIER})`);
    const race = raceForSlot(database, await buildScene(database.store, { capacity: 10 }), racers);
    const waiting = async () => {
      const { rowCount } = await barrier.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rowCount;
    };
    await expect.poll(waiting, { timeout: 4_000 }).toBeGreaterThan(10);
    await barrier.query(`SELECT pg_advisory_unlock(${BARRIER})`);
    return await race;
  } finally {
    await barrier.end();
  }
}

async function lineOf({ store }: TestDatabase, length: number): Promise<Scene> {
  const scene = await buildScene(store);
  for (let index = 0; index < length; index++) await walkIn(scene, `Ticket ${index + 1}`);
  return scene;
}

/** How often each ticket of the line was started, by what was written down. */
async function startsPerTicket({ store, service }: Scene): Promise<number[]> {
  const starts = (await eventsOf(store, service)).filter(({ toStatus }) => toStatus === 'in_service');
  return (await entriesOf(store, service)).map(
    ({ id }) => starts.filter(({ entryId }) => entryId === id).length,
  );
}

/** What advance would see without the row of its queue: whoever is next for now. */
async function headOf({ store, service, clock }: Scene): Promise<QueueEntry> {
  const next = chooseNext(await headsOfLine(store, service.id, '2026-03-02', clock()), clock(), null);
  return (await entryById(store, next?.id as string)) as QueueEntry;
}

/** Writes what was seen, and asks for nothing. */
async function carelessStart({ store, service, clock }: Scene, entry: QueueEntry): Promise<void> {
  await store.transaction(async (tx) => {
    const { queueEntries, events } = tx.tables;
    await tx.write.update(queueEntries).set({ status: 'in_service' }).where(eq(queueEntries.id, entry.id));
    await tx.write.insert(events).values({
      id: crypto.randomUUID(),
      at: clock(),
      verb: 'advance',
      serviceId: service.id,
      entryId: entry.id,
      toStatus: 'in_service',
    });
  });
}
