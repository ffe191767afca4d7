import { expect, test } from 'vitest';
import { actWithin } from '../../src/actions/act.ts';
import { endPastDays } from '../../src/actions/day-end.ts';
import { addWalkIn, advance } from '../../src/actions/queue.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import {
  bookAndCheckIn,
  buildScene,
  buildService,
  entriesOf,
  eventsOf,
  mondayAt,
  walkIn,
} from '../support/builders.ts';
import { DIALECTS, openDatabase } from '../support/databases.ts';

test.each(DIALECTS)('the end of a day closes its line where it is midnight, once, on %s', async (dialect) => {
  const database = await openDatabase(dialect);
  try {
    const scene = await buildScene(database.store, { capacity: 2 });
    const west = await buildScene(database.store, {}, 'America/New_York');
    const { cast, service, store, clock, act } = scene;
    const booked = await bookAndCheckIn(scene, cast.customer, mondayAt('10:00'));
    for (let index = 0; index < 3; index++) await walkIn(scene);
    const [, called, parked] = await entriesOf(store, service);
    await advance(act(cast.staff), service, {});
    await moveTicket(
      act(cast.staff),
      (await entriesOf(store, service)).find(({ id }) => id === called?.id) as never,
      'call',
    );
    await database.raw(`UPDATE queue_entries SET status = 'parked' WHERE id = '${parked?.id}'`);
    west.clock.set(mondayAt('10:00'));
    await walkIn(west);

    clock.set(new Date('2026-03-02T22:59:00Z'));
    expect(await endPastDays(act(null))).toBe(0);
    clock.set(new Date('2026-03-02T23:00:00Z'));
    // Several instances on PostgreSQL; SQLite serves one program.
    const others = [1, 2].map(() => (dialect === 'postgres' ? database.openAnother() : store));
    const { actOf } = await import('../../src/actions/act.ts');
    const ended = await Promise.all(
      [act(null), ...others.map((other) => actOf(other, clock, null))].map(endPastDays),
    );
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(1);
    const entries = await entriesOf(store, service);
    const served = entries.filter(({ status }) => status === 'completed');
    expect(served.map(({ id }) => id)).toEqual([booked.id]);
    expect(entries.filter(({ status }) => status === 'left')).toHaveLength(3);
    expect(entries.every(({ endedAt }) => endedAt?.getTime() === clock().getTime())).toBe(true);
    const facts = (await eventsOf(store, service)).filter(({ verb }) => verb === 'end-day');
    expect(facts).toHaveLength(4);
    expect(facts.find(({ entryId }) => entryId === booked.id)).toMatchObject({
      fromStatus: 'in_service',
      toStatus: 'completed',
      reservationId: booked.reservationId,
      actorId: null,
      data: { reason: 'day_ended' },
    });
    expect(facts.map(({ fromStatus }) => fromStatus).sort()).toEqual([
      'called',
      'in_service',
      'parked',
      'waiting',
    ]);
    expect((await entriesOf(store, west.service))[0]?.status).toBe('waiting');
    expect(await endPastDays(act(null))).toBe(0);
    clock.set(new Date('2026-03-03T05:00:00Z'));
    expect(await endPastDays(act(null))).toBe(1);
    expect((await entriesOf(store, west.service))[0]?.status).toBe('left');

    // One that cannot be ended does not keep the others.
    const elsewhere = await buildScene(database.store);
    elsewhere.clock.set(mondayAt('10:00'));
    await walkIn(elsewhere);
    await walkIn({ ...elsewhere, service: await buildService(database.store, elsewhere.location) });
    let broken = true;
    const failing = actWithin(act(null), async (run) => {
      if (!broken) return database.store.transaction(run);
      broken = false;
      throw new Error('broken');
    });
    await expect(endPastDays(failing)).rejects.toThrow('broken');
    expect(await endPastDays(act(null))).toBe(1);

    // A ticket that was being taken at midnight.
    const late = { ...act(cast.staff), now: new Date('2026-03-02T22:59:59Z') };
    const { id } = await addWalkIn(late, service, { name: 'Late', phone: null, priority: 0 });
    expect(await endPastDays(act(null))).toBe(1);
    expect((await entriesOf(store, service)).find((entry) => entry.id === id)?.status).toBe('left');
    expect(await endPastDays(act(null))).toBe(0);
  } finally {
    await database.close();
  }
});
