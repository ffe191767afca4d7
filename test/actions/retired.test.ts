import { expect, test } from 'vitest';
import { findBoard, readBoard } from '../../src/actions/board.ts';
import { servicesAt } from '../../src/actions/desks.ts';
import { workedQueues } from '../../src/actions/panel.ts';
import { addWalkIn, advanceDesk } from '../../src/actions/queue.ts';
import { cancelReservation } from '../../src/actions/reservations.ts';
import { hereNow, retireService } from '../../src/actions/services.ts';
import { moveTicket, transferTicket } from '../../src/actions/tickets.ts';
import { undo } from '../../src/actions/undo.ts';
import { deskWithServices } from '../../src/db/desks.ts';
import type { StaffedDesk } from '../../src/domain/desk.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import {
  book,
  buildScene,
  buildService,
  checkInTo,
  mondayAt,
  refusalCode,
  reload,
  type Scene,
  walkIn,
} from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

async function retire(scene: Scene, service: PlacedService): Promise<PlacedService> {
  await retireService(scene.act(scene.cast.admin), service);
  return reload(scene.store, service);
}

/** Where a service is worked now: by its desk, in the list, and on the board of its place. */
async function placesOf(scene: Scene): Promise<string[]> {
  const { act, cast, store, location, service, clock } = scene;
  const board = await findBoard(store, location.slug);
  const { lines } = board ? await readBoard(store, board, clock()) : { lines: [] };
  const shown = {
    desk: (await servicesAt(store, await deskOf(scene))).some(({ id }) => id === service.id),
    list: (await workedQueues(act(cast.staff))).some((queue) => queue.service.id === service.id),
    board: lines.some(({ serviceId }) => serviceId === service.id),
  };
  return Object.entries(shown).flatMap(([place, isThere]) => (isThere ? place : []));
}

async function deskOf({ store, deskId }: Scene): Promise<StaffedDesk> {
  return (await deskWithServices(store, deskId)) as StaffedDesk;
}

onBothDatabases('a retired service', (open) => {
  test('is worked until its line is empty, and again when somebody is put back', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, service } = scene;
    clock.set(mondayAt('10:00'));
    await walkIn(scene, 'Anna');
    await walkIn(scene, 'Berta');
    expect(await hereNow(act(cast.admin), service)).toBe(2);
    await retire(scene, service);
    expect(await placesOf(scene)).toEqual(['desk', 'list', 'board']);

    const desk = await deskOf(scene);
    const first = await advanceDesk(act(cast.staff), desk);
    expect(first.inService?.name).toBe('Anna');
    const second = await advanceDesk(act(cast.staff), desk, { serving: first.inService?.id });
    expect([second.completed?.name, second.inService?.name]).toEqual(['Anna', 'Berta']);
    expect(await placesOf(scene)).toEqual(['desk', 'list', 'board']);
    const last = await advanceDesk(act(cast.staff), desk, { serving: second.inService?.id });
    expect([last.completed?.name, last.inService]).toEqual(['Berta', null]);
    expect(await hereNow(act(cast.admin), service)).toBe(0);
    expect(await placesOf(scene)).toEqual([]);

    const done = last.completed as QueueEntry;
    await undo(act(cast.staff), done, { version: done.version });
    expect(await placesOf(scene)).toEqual(['desk', 'list', 'board']);
  });

  test('is worked while somebody is still to come, today or later, and takes nobody else', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, store, location, service } = scene;
    const today = await book(scene, cast.customer, mondayAt('11:00'));
    const later = await book(scene, cast.otherCustomer, new Date('2026-03-04T11:00:00+01:00'));
    const other = await walkIn({ ...scene, service: await buildService(store, location, { prefix: 'P' }) });
    const retired = await retire(scene, service);
    expect(await placesOf(scene)).toEqual(['desk', 'list']);
    clock.set(mondayAt('11:00'));
    const entry = await checkInTo(act(cast.staff), today);
    expect(await placesOf(scene)).toEqual(['desk', 'list', 'board']);
    await moveTicket(act(cast.staff), entry, 'leave');
    expect(await placesOf(scene)).toEqual(['desk', 'list']);

    expect(await refusalCode(book(scene, cast.customer, mondayAt('12:00')))).toBe('slot_unavailable');
    expect(
      await refusalCode(addWalkIn(act(cast.staff), retired, { name: 'Wanda', phone: null, priority: 0 })),
    ).toBe('no_walk_ins');
    expect(await refusalCode(transferTicket(act(cast.staff), other, { serviceId: service.id }))).toBe(
      'invalid',
    );

    await cancelReservation(act(cast.otherCustomer), { reservation: later, service: retired });
    expect(await placesOf(scene)).toEqual([]);
  });

  test('leaves nobody at a desk that serves nothing else', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, store, deskId, service } = scene;
    clock.set(mondayAt('10:00'));
    await store.transaction((tx) =>
      tx.write.insert(tx.tables.deskServices).values({ deskId, serviceId: service.id }),
    );
    const elsewhere = await buildService(store, scene.location, { prefix: 'P' });
    const ticket = await walkIn({ ...scene, service: elsewhere }, 'Paul');
    const called = await moveTicket(act(cast.staff), ticket, 'call', { deskId });
    const started = await moveTicket(act(cast.staff), called, 'start', { deskId });
    await retire(scene, service);
    await retire(scene, elsewhere);
    const { completed } = await advanceDesk(act(cast.staff), await deskOf(scene), { serving: started.id });
    expect(completed?.name).toBe('Paul');
  });
});
