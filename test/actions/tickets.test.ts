import { describe, expect, test } from 'vitest';
import { advance } from '../../src/actions/queue.ts';
import { changeEntry, moveTicket, reachTicket } from '../../src/actions/tickets.ts';
import { lastEventOf } from '../../src/db/events.ts';
import { entryById, lockQueue } from '../../src/db/queue.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { newId } from '../../src/domain/id.ts';
import {
  ENTRY_STATUSES,
  type EntryStatus,
  outcomeOf,
  type QueueEntry,
  TRANSITIONS,
  VERBS,
} from '../../src/domain/ticket.ts';
import {
  bookAndCheckIn,
  buildScene,
  eventsOf,
  mondayAt,
  refusalCode,
  refusalOf,
  type Scene,
  walkIn,
} from '../support/builders.ts';
import { onBothDatabases, type TestDatabase } from '../support/databases.ts';

/** A walk-in's ticket in a state, as if it had got there. */
async function ticketIn(scene: Scene, { raw }: TestDatabase, status: EntryStatus): Promise<QueueEntry> {
  const { id } = await walkIn(scene);
  const ended = ['completed', 'skipped', 'left'].includes(status) ? 'arrived_at' : 'NULL';
  await raw(`UPDATE queue_entries SET status = '${status}', ended_at = ${ended} WHERE id = '${id}'`);
  return (await entryById(scene.store, id)) as QueueEntry;
}

onBothDatabases('a verb', (open) => {
  describe.each(VERBS)('%s', (verb) => {
    test('goes from where it can, is quiet where its work is done, and refused elsewhere', async () => {
      const scene = await buildScene(open().store);
      const { store, service, act, cast } = scene;
      for (const status of ENTRY_STATUSES) {
        const ticket = await ticketIn(scene, open(), status);
        const before = (await eventsOf(store, service)).length;
        const outcome = outcomeOf(verb, status);
        if (outcome === 'refused') {
          const refusal = await refusalOf(moveTicket(act(cast.staff), ticket, verb));
          expect(refusal).toMatchObject({ code: 'wrong_state', facts: { entry: { id: ticket.id, status } } });
          expect(await entryById(store, ticket.id)).toEqual(ticket);
        } else {
          const moved = await moveTicket(act(cast.staff), ticket, verb, { version: ticket.version });
          expect(moved).toMatchObject({ status: TRANSITIONS[verb].to, version: outcome === 'go' ? 2 : 1 });
          expect(await entryById(store, ticket.id)).toEqual(moved);
        }
        const written = (await eventsOf(store, service)).slice(before);
        if (outcome === 'go') {
          expect(written).toMatchObject([
            {
              verb,
              entryId: ticket.id,
              fromStatus: status,
              toStatus: TRANSITIONS[verb].to,
              actorId: cast.staff.id,
            },
          ]);
        } else {
          expect(written, `${verb} from ${status}`).toEqual([]);
        }
      }
    });

    test('twice is once, but for a recall', async () => {
      const scene = await buildScene(open().store);
      const { store, service, act, cast } = scene;
      const ticket = await ticketIn(scene, open(), TRANSITIONS[verb].from[0] as EntryStatus);
      const first = await moveTicket(act(cast.staff), ticket, verb, { version: 1 });
      scene.clock.pass(1);
      const before = (await eventsOf(store, service)).length;
      if (verb === 'recall') {
        expect(await refusalCode(moveTicket(act(cast.staff), ticket, verb, { version: 1 }))).toBe('stale');
        expect((await moveTicket(act(cast.staff), ticket, verb)).version).toBe(3);
      } else {
        // Even from a screen that is behind.
        expect(await moveTicket(act(cast.staff), ticket, verb, { version: 1 })).toEqual(first);
        expect((await eventsOf(store, service)).length).toBe(before);
      }
    });

    test('is refused to a screen that is behind', async () => {
      const scene = await buildScene(open().store);
      const ticket = await ticketIn(scene, open(), TRANSITIONS[verb].from[0] as EntryStatus);
      const refusal = await refusalOf(moveTicket(scene.act(scene.cast.staff), ticket, verb, { version: 7 }));
      expect(refusal).toMatchObject({ code: 'stale', facts: { entry: { id: ticket.id, version: 1 } } });
    });

    test('is done by the staff of its place and admins', async () => {
      const scene = await buildScene(open().store);
      const { act, cast } = scene;
      const { id } = await walkIn(scene);
      for (const who of [cast.staff, cast.admin]) expect((await reachTicket(act(who), id, verb)).id).toBe(id);
      expect(await refusalCode(reachTicket(act(cast.otherStaff), id, verb))).toBe('not_found');
      expect(await refusalCode(reachTicket(act(cast.customer), id, verb))).toBe(
        verb === 'leave' ? 'not_found' : 'forbidden',
      );
      expect(await refusalCode(reachTicket(act(null), id, verb))).toBe('unauthenticated');
      for (const unknown of ['x', newId()])
        expect(await refusalCode(reachTicket(act(cast.admin), unknown, verb))).toBe('not_found');
    });
  });
});

onBothDatabases('a ticket', (open) => {
  test('can be left by the customer whose it is', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, service } = scene;
    const { id } = await bookAndCheckIn(scene, cast.customer, mondayAt('10:00'));
    expect(await refusalCode(reachTicket(act(cast.otherCustomer), id, 'leave'))).toBe('not_found');
    expect(await refusalCode(reachTicket(act(cast.customer), id, 'skip'))).toBe('forbidden');
    const left = await moveTicket(
      act(cast.customer),
      await reachTicket(act(cast.customer), id, 'leave'),
      'leave',
    );
    expect(left).toMatchObject({ status: 'left', endedAt: scene.clock() });
    expect(await advance(act(cast.staff), service, {})).toEqual({ completed: null, inService: null });
  });

  test('keeps its times as it goes', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, deskId, service } = scene;
    const staff = () => act(cast.staff);
    const ticket = await walkIn(scene);
    clock.pass(1);
    const calledAt = clock();
    expect(await moveTicket(staff(), ticket, 'call')).toMatchObject({
      calledAt,
      startedAt: null,
      endedAt: null,
    });
    clock.pass(1);
    const startedAt = clock();
    expect(await moveTicket(staff(), ticket, 'start')).toMatchObject({ calledAt, startedAt, endedAt: null });
    clock.pass(1);
    const endedAt = clock();
    expect(await moveTicket(staff(), ticket, 'complete')).toMatchObject({ calledAt, startedAt, endedAt });
    const other = await walkIn(scene);
    await advance(staff(), service, { deskId });
    await moveTicket(staff(), other, 'skip');
    expect(await moveTicket(staff(), other, 'reinstate')).toMatchObject({
      status: 'waiting',
      calledAt: null,
      startedAt: null,
      endedAt: null,
      deskId: null,
      dueAt: other.dueAt,
      effectiveAt: other.effectiveAt,
    });
  });

  test('that was skipped comes back within the grace period, at its old place', async () => {
    const scene = await buildScene(open().store, { graceMinutes: 10 });
    const { act, cast, clock, service } = scene;
    const [first, second] = [await walkIn(scene), await walkIn(scene)];
    await moveTicket(act(cast.staff), first, 'skip');
    await moveTicket(act(cast.staff), second, 'skip');
    clock.pass(10);
    await walkIn(scene);
    await moveTicket(act(cast.staff), first, 'reinstate');
    expect((await advance(act(cast.staff), service, {})).inService?.id).toBe(first.id);
    clock.pass(1);
    expect(await refusalCode(moveTicket(act(cast.staff), second, 'reinstate'))).toBe('wrong_state');
  });

  test('of a day that is over cannot be moved', async () => {
    const scene = await buildScene(open().store);
    const ticket = await walkIn(scene);
    scene.clock.pass(24 * 60);
    for (const verb of ['call', 'skip', 'leave'] as const) {
      expect(await refusalCode(moveTicket(scene.act(scene.cast.staff), ticket, verb))).toBe('wrong_state');
    }
  });

  test('is changed only as it was read', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, service } = scene;
    const ticket = await walkIn(scene);
    const change = (before: QueueEntry) =>
      store.transaction(async (tx) => {
        await lockQueue(tx, { serviceId: service.id, day: ticket.localDay, locationId: ticket.locationId });
        return changeEntry(tx, act(cast.staff), before, { status: 'called' }, 'call');
      });
    expect(await refusalCode(change({ ...ticket, version: 9 }))).toBe('stale');
    expect(await refusalCode(change({ ...ticket, status: 'parked' }))).toBe('stale');
    expect((await change(ticket)).status).toBe('called');
    expect(await refusalCode(change(ticket))).toBe('stale');
  });

  test('knows who did something to it last', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, store } = scene;
    const ticket = await walkIn(scene);
    clock.pass(1);
    await moveTicket(act(cast.admin), ticket, 'call');
    expect(await lastEventOf(store, ticket.id)).toEqual({
      verb: 'call',
      at: addMinutes(clock(), 0),
      actorName: cast.admin.name,
    });
    expect(await lastEventOf(store, newId())).toBeUndefined();
  });
});
