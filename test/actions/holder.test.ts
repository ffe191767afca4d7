import { expect, test } from 'vitest';
import { heldTicket } from '../../src/actions/held.ts';
import { delayTicket, reachTicketByToken, returnTicket } from '../../src/actions/holder.ts';
import { advance, takeTicket } from '../../src/actions/queue.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { visitsOfDays } from '../../src/db/report.ts';
import { repeatsOfDays } from '../../src/db/waits.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { visitsOf } from '../../src/domain/report.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import { hashToken, newToken } from '../../src/domain/token.ts';
import {
  book,
  bookAndCheckIn,
  buildScene,
  checkInTo,
  entriesOf,
  eventsOf,
  mondayAt,
  refusalCode,
  type Scene,
  verbsOf,
  walkIn,
} from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

const WANDA = { name: 'Wanda', phone: null, priority: 0 };

async function take({ act, cast, service }: Scene) {
  return takeTicket(act(cast.staff), service, WANDA);
}

onBothDatabases('the link of a ticket', (open) => {
  test('leads to it; only the hash of its token is stored', async () => {
    const scene = await buildScene(open().store);
    const { entry, token } = await take(scene);
    const other = await take(scene);
    expect(token).not.toBe(other.token);
    const reached = await reachTicketByToken(scene.act(null), token);
    expect(reached.entry).toEqual(entry);
    expect(reached.act.via).toBe('ticket');
    const rows = await entriesOf(scene.store, scene.service);
    expect(rows[0]?.tokenHash).toBe(hashToken(token));
    expect(JSON.stringify([rows, await eventsOf(scene.store, scene.service)])).not.toContain(token);
    for (const wrong of [
      newToken(),
      '',
      'x',
      token.slice(1),
      `${token}x`,
      hashToken(token),
      `${token.slice(1)}'`,
    ])
      expect(await refusalCode(reachTicketByToken(scene.act(null), wrong))).toBe('not_found');
  });

  test('lets its holder leave, which says how it was done', async () => {
    const scene = await buildScene(open().store);
    const { entry, token } = await take(scene);
    const held = await reachTicketByToken(scene.act(null), token);
    expect((await moveTicket(held.act, entry, 'leave')).status).toBe('left');
    expect((await eventsOf(scene.store, scene.service)).at(-1)).toMatchObject({
      verb: 'leave',
      actorId: null,
      via: 'ticket',
    });
  });
});

onBothDatabases('ten more minutes', (open) => {
  test('cost what was told, and keep the ticket from being called until then', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, service } = scene;
    const { entry } = await take(scene);
    clock.pass(3);
    const second = await walkIn(scene);
    clock.pass(12);
    const third = await walkIn(scene);
    expect((await heldTicket(act(null), entry, service)).delay).toEqual({
      left: 2,
      places: 2,
      until: addMinutes(clock(), 10),
    });
    const delayedTicket = await delayTicket(act(null), entry, { version: 1 });
    expect(delayedTicket).toMatchObject({
      status: 'waiting',
      dueAt: addMinutes(clock(), 10),
      effectiveAt: addMinutes(entry.effectiveAt, 10),
      awayUntil: addMinutes(clock(), 10),
      delays: 1,
      placedBy: 'delay',
      version: 2,
    });
    expect((await advance(act(cast.staff), service, {})).inService?.id).toBe(second.id);
    clock.pass(10);
    // Behind who came within ten minutes after it, ahead of who came later.
    expect((await advance(act(cast.staff), service, {})).inService?.id).toBe(entry.id);
    expect((await advance(act(cast.staff), service, {})).inService?.id).toBe(third.id);
  });

  test('are kept from being called early, even where nobody else waits', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, service } = scene;
    const { entry } = await take(scene);
    await delayTicket(act(null), entry);
    clock.pass(9);
    expect((await advance(act(cast.staff), service, {})).inService).toBeNull();
    clock.pass(1);
    expect((await advance(act(cast.staff), service, {})).inService?.id).toBe(entry.id);
  });

  test('can be had twice, also once called, and not of a ticket that is served', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, deskId, store, service } = scene;
    const { entry } = await take(scene);
    const called = await moveTicket(act(cast.staff), entry, 'call', { deskId });
    expect(await delayTicket(act(null), called)).toMatchObject({
      status: 'waiting',
      calledAt: null,
      deskId: null,
      delays: 1,
    });
    expect(await refusalCode(delayTicket(act(null), entry, { version: 1 }))).toBe('stale');
    clock.pass(5);
    const twice = await delayTicket(act(null), entry);
    expect(twice).toMatchObject({ delays: 2, dueAt: addMinutes(entry.dueAt, 20) });
    expect((await heldTicket(act(null), twice, service)).delay?.left).toBe(0);
    expect(await refusalCode(delayTicket(act(null), entry))).toBe('no_more_delays');
    clock.pass(30);
    await advance(act(cast.staff), service, { deskId });
    expect(await refusalCode(delayTicket(act(null), entry))).toBe('wrong_state');
    expect(await verbsOf(store, service)).toEqual(['walk-in', 'call', 'delay', 'delay', 'advance']);
  });

  test('are given back by who is back sooner, but for the place', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, service, store } = scene;
    const { entry } = await take(scene);
    await delayTicket(act(null), entry);
    clock.pass(4);
    expect(await returnTicket(act(null), entry)).toMatchObject({
      awayUntil: null,
      dueAt: clock(),
      effectiveAt: addMinutes(entry.effectiveAt, 10),
    });
    expect((await returnTicket(act(null), entry)).version).toBe(3);
    expect(await verbsOf(store, service)).toEqual(['walk-in', 'delay', 'back']);
    expect((await advance(act(cast.staff), service, {})).inService?.id).toBe(entry.id);
  });

  test('asked for twice are given back both', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock } = scene;
    const { entry } = await take(scene);
    await delayTicket(act(null), entry);
    clock.pass(1);
    await delayTicket(act(null), entry);
    clock.pass(1);
    expect((await returnTicket(act(null), entry)).dueAt).toEqual(clock());
    const reservation = await book(scene, cast.customer, mondayAt('11:00'));
    clock.set(mondayAt('10:30'));
    const ticket = await checkInTo(act(cast.customer), reservation);
    await delayTicket(act(cast.customer), ticket);
    await delayTicket(act(cast.customer), ticket);
    expect((await returnTicket(act(cast.customer), ticket)).dueAt).toEqual(mondayAt('11:00'));
  });

  test('of a reservation start at its slot, and end there again', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock } = scene;
    const slot = mondayAt('11:00');
    const reservation = await book(scene, cast.customer, slot);
    clock.set(mondayAt('10:30'));
    const ticket: QueueEntry = await checkInTo(act(cast.customer), reservation);
    expect((await delayTicket(act(cast.customer), ticket)).dueAt).toEqual(addMinutes(slot, 10));
    expect((await returnTicket(act(cast.customer), ticket)).dueAt).toEqual(slot);
  });

  test('are not waited for, and take nothing from the wait before them', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, location, store } = scene;
    clock.set(mondayAt('09:00'));
    const [away, called, back] = [await walkIn(scene), await walkIn(scene), await walkIn(scene)];
    const serve = async (time: string, entry: QueueEntry) => {
      clock.set(mondayAt(time));
      await moveTicket(act(cast.staff), await moveTicket(act(cast.staff), entry, 'call'), 'start');
    };
    clock.set(mondayAt('09:40'));
    const atDesk = await moveTicket(act(cast.staff), called, 'call');
    await delayTicket(act(null), away);
    await delayTicket(act(null), atDesk);
    await delayTicket(act(null), back);
    clock.set(mondayAt('09:41'));
    await returnTicket(act(null), back);
    await serve('09:45', back);
    await serve('09:51', away);
    await serve('09:51', called);
    const days = { locationId: location.id, from: '2026-03-02', to: '2026-03-02' };
    const rows = await store.run(visitsOfDays, days);
    const visits = visitsOf(rows, await repeatsOfDays(store, days), location.timeZone, clock());
    const of = (entry: QueueEntry) => visits.find(({ id }) => id === entry.id);
    expect(of(away)).toMatchObject({ waited: 41, firstCalled: mondayAt('09:51') });
    expect(of(called)).toMatchObject({ waited: 40, firstCalled: mondayAt('09:40') });
    expect(of(back)).toMatchObject({ waited: 44, firstCalled: mondayAt('09:45') });
  });

  test('are about today', async () => {
    const scene = await buildScene(open().store);
    const ticket = await bookAndCheckIn(scene, scene.cast.customer, mondayAt('10:00'));
    scene.clock.pass(24 * 60);
    expect(await refusalCode(delayTicket(scene.act(null), ticket))).toBe('wrong_state');
    scene.clock.set(mondayAt('23:55'));
    const { entry } = await take(scene);
    await delayTicket(scene.act(null), entry);
    scene.clock.pass(6);
    expect(await refusalCode(returnTicket(scene.act(null), entry))).toBe('wrong_state');
  });
});
