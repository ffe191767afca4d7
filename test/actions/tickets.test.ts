import { describe, expect, test } from 'vitest';
import { lineOf } from '../../src/actions/line.ts';
import { advance } from '../../src/actions/queue.ts';
import { cancelReservation, reachReservation } from '../../src/actions/reservations.ts';
import {
  annotateTicket,
  moveInLine,
  moveTicket,
  reachTicket,
  transferTicket,
} from '../../src/actions/tickets.ts';
import { changeEntry } from '../../src/actions/transition.ts';
import { lastEventOf, lastFactOf } from '../../src/db/events.ts';
import { changesSince } from '../../src/db/history.ts';
import { lockQueue, queueVersion } from '../../src/db/queue.ts';
import { entryById } from '../../src/db/tickets.ts';
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
import { whyNext, whyWorse } from '../../src/domain/why.ts';
import {
  bookAndCheckIn,
  buildScene,
  buildService,
  entriesOf,
  eventsOf,
  mondayAt,
  refusalCode,
  refusalOf,
  type Scene,
  tally,
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
      // Who works elsewhere is a customer here, with their own ticket too.
      const own = await bookAndCheckIn(scene, cast.otherStaff, mondayAt('10:00'));
      const reached = reachTicket(act(cast.otherStaff), own.id, verb);
      if (verb === 'leave') expect((await reached).id).toBe(own.id);
      else expect(await refusalCode(reached)).toBe('not_found');
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
    const moved = moveInLine(scene.act(scene.cast.staff), ticket, { rank: 0, reason: 'Child' });
    expect(await refusalCode(moved)).toBe('wrong_state');
  });

  test('is changed only as it was read', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, service } = scene;
    const ticket = await walkIn(scene);
    const change = (before: QueueEntry) =>
      store.transaction(async (tx) => {
        await lockQueue(tx, { serviceId: service.id, day: ticket.localDay, locationId: ticket.locationId });
        return changeEntry(tx, act(cast.staff), before, { status: 'called' }, { verb: 'call' });
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
      toStatus: 'called',
      at: addMinutes(clock(), 0),
      actorName: cast.admin.name,
    });
    expect(await lastEventOf(store, newId())).toBeUndefined();
  });

  test('takes for the last what was done last, though its request began before', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, store } = scene;
    const ticket = await walkIn(scene);
    const early = act(cast.staff);
    clock.pass(1);
    const called = await moveTicket(act(cast.admin), ticket, 'call');
    await moveTicket(early, called, 'skip');
    expect(await lastEventOf(store, ticket.id)).toMatchObject({ verb: 'skip', actorName: cast.staff.name });
    expect(await lastFactOf(store, ticket.id)).toMatchObject({ verb: 'skip', actorId: cast.staff.id });
  });
});

/** The numbers of a line as the desk would take them, one after the other. */
async function servedOrder({ act, cast, service }: Scene): Promise<string[]> {
  const order: string[] = [];
  for (;;) {
    const { inService } = await advance(act(cast.staff), service, {});
    if (!inService) return order;
    order.push(inService.number);
  }
}

async function line(scene: Scene, count: number): Promise<QueueEntry[]> {
  const tickets: QueueEntry[] = [];
  for (let index = 0; index < count; index++) {
    tickets.push(await walkIn(scene));
    scene.clock.pass(1);
  }
  return tickets;
}

onBothDatabases('the finer steps', (open) => {
  test('put a called ticket back behind the next three', async () => {
    const scene = await buildScene(open().store);
    const [first] = (await line(scene, 6)) as [QueueEntry];
    const { act, cast, deskId } = scene;
    await moveTicket(act(cast.staff), first, 'call', { deskId });
    expect(await moveTicket(act(cast.staff), first, 'requeue')).toMatchObject({
      status: 'waiting',
      placedBy: 'requeue',
      calledAt: null,
      deskId: null,
      dueAt: first.dueAt,
    });
    expect(await servedOrder(scene)).toEqual(['A2', 'A3', 'A4', 'A1', 'A5', 'A6']);
  });

  test('park a ticket, free the desk meanwhile, and take it up again', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, deskId, service, clock } = scene;
    await line(scene, 2);
    const { inService: first } = await advance(act(cast.staff), service, { deskId });
    expect(await moveTicket(act(cast.staff), first as QueueEntry, 'park')).toMatchObject({
      status: 'parked',
      parkedAt: clock(),
      deskId,
    });
    const { completed, inService: second } = await advance(act(cast.staff), service, { deskId });
    expect(completed).toBeNull();
    expect(await refusalCode(moveTicket(act(cast.staff), first as QueueEntry, 'start'))).toBe('desk_busy');
    await moveTicket(act(cast.staff), second as QueueEntry, 'complete');
    expect(await moveTicket(act(cast.staff), first as QueueEntry, 'start')).toMatchObject({
      status: 'in_service',
      parkedAt: null,
      deskId,
    });
  });

  test('send a ticket to another service with its number and its waiting credit', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, location, service, clock, deskId } = scene;
    const parking = await buildService(store, location, { name: 'Parking', prefix: 'P' });
    const [first] = (await line(scene, 2)) as [QueueEntry];
    const later = await walkIn({ ...scene, service: parking });
    const called = await moveTicket(act(cast.staff), first, 'call', { deskId });
    const moved = await transferTicket(act(cast.staff), called, { serviceId: parking.id, version: 2 });
    expect(moved).toMatchObject({
      serviceId: parking.id,
      originServiceId: service.id,
      number: 'A1',
      position: 1,
      status: 'waiting',
      dueAt: first.dueAt,
      effectiveAt: first.effectiveAt,
      deskId: null,
      calledAt: null,
    });
    // Again it is quiet, even from a screen that is behind; and the number of the day stays one of a kind.
    expect(await transferTicket(act(cast.staff), called, { serviceId: parking.id, version: 2 })).toEqual(
      moved,
    );
    expect((await walkIn({ ...scene, service: parking })).number).toBe('P2');
    expect((await advance(act(cast.staff), parking, {})).inService?.id).toBe(first.id);
    expect((await advance(act(cast.staff), parking, {})).inService?.id).toBe(later.id);
    expect((await eventsOf(store, parking)).filter(({ verb }) => verb === 'transfer')).toMatchObject([
      { fromStatus: 'called', toStatus: 'waiting', data: { from: service.id, to: parking.id }, at: clock() },
    ]);
  });

  test('send a ticket whose reservation is then canceled, and the line it stands in hears of it', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, location } = scene;
    const parking = await buildService(store, location);
    const ticket = await bookAndCheckIn(scene, cast.customer, mondayAt('10:00'));
    await transferTicket(act(cast.staff), ticket, { serviceId: parking.id });
    const version = await queueVersion(store, parking.id, ticket.localDay);
    const reached = await reachReservation(act(cast.staff), ticket.reservationId as string);
    await cancelReservation(act(cast.staff), reached);
    expect((await entryById(store, ticket.id))?.status).toBe('left');
    expect(await queueVersion(store, parking.id, ticket.localDay)).toBe(version + 1);
  });

  test('send a ticket that leaves, and its line has nothing to do with its reservation any more', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, location } = scene;
    const parking = await buildService(store, location);
    const ticket = await bookAndCheckIn(scene, cast.customer, mondayAt('10:00'));
    const sent = await transferTicket(act(cast.staff), ticket, { serviceId: parking.id });
    await moveTicket(act(cast.staff), sent, 'leave');
    const version = await queueVersion(store, parking.id, ticket.localDay);
    const reached = await reachReservation(act(cast.staff), ticket.reservationId as string);
    expect((await cancelReservation(act(cast.staff), reached)).status).toBe('canceled');
    expect(await queueVersion(store, parking.id, ticket.localDay)).toBe(version);
  });

  test('send nothing to where it cannot go, nor what is over', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, location, otherLocation, service, clock } = scene;
    const [ticket] = (await line(scene, 1)) as [QueueEntry];
    const elsewhere = await buildService(store, otherLocation);
    const retired = await buildService(store, location, { retiredAt: clock() });
    for (const serviceId of [elsewhere.id, retired.id, newId()])
      expect(await refusalOf(transferTicket(act(cast.staff), ticket, { serviceId }))).toMatchObject({
        code: 'invalid',
        fields: { serviceId: { code: 'unknown_service' } },
      });
    const parking = await buildService(store, location);
    expect((await transferTicket(act(cast.staff), ticket, { serviceId: service.id })).version).toBe(1);
    expect(
      await refusalCode(transferTicket(act(cast.staff), ticket, { serviceId: parking.id, version: 9 })),
    ).toBe('stale');
    await moveTicket(act(cast.staff), ticket, 'skip');
    expect(await refusalCode(transferTicket(act(cast.staff), ticket, { serviceId: parking.id }))).toBe(
      'wrong_state',
    );
  });

  test('send tickets both ways at once without waiting in a circle', async () => {
    for (let round = 0; round < 5; round++) {
      const scene = await buildScene(open().store);
      const { act, cast, store, location, service } = scene;
      const parking = await buildService(store, location, { prefix: 'P' });
      const [mine, theirs] = [await walkIn(scene), await walkIn({ ...scene, service: parking })];
      const there = () => transferTicket(act(cast.staff), mine, { serviceId: parking.id });
      const back = () => transferTicket(act(cast.admin), theirs, { serviceId: service.id });
      const counts = await tally(round % 2 ? [there(), back(), there()] : [back(), there(), back()]);
      expect(counts).toEqual({ ok: 3 });
      expect((await entriesOf(store, service)).map(({ id }) => id)).toEqual([theirs.id]);
      expect((await entriesOf(store, parking)).map(({ id }) => id)).toEqual([mine.id]);
    }
  });

  test('refuse a verb to a ticket that was sent elsewhere a moment ago', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, location } = scene;
    const parking = await buildService(store, location);
    const ticket = await walkIn(scene);
    await transferTicket(act(cast.staff), ticket, { serviceId: parking.id });
    expect(await refusalOf(moveTicket(act(cast.staff), ticket, 'call'))).toMatchObject({
      code: 'stale',
      facts: { entry: { serviceId: parking.id } },
    });
    const third = await buildService(store, location);
    expect(await refusalCode(transferTicket(act(cast.staff), ticket, { serviceId: third.id }))).toBe('stale');
  });

  test('move a ticket with a reason, and call one out of order with another', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, service } = scene;
    const tickets = await line(scene, 4);
    const last = tickets[3] as QueueEntry;
    expect(await moveInLine(act(cast.staff), last, { rank: 1, reason: 'With a baby' })).toMatchObject({
      placedBy: 'move',
      reason: 'With a baby',
      dueAt: last.dueAt,
    });
    const chosen = tickets[2] as QueueEntry;
    expect(await moveTicket(act(cast.staff), chosen, 'call', { reason: 'Has a train' })).toMatchObject({
      status: 'called',
      reason: 'Has a train',
    });
    expect((await eventsOf(store, service)).slice(-2)).toMatchObject([
      { verb: 'move', data: { rank: 1, reason: 'With a baby' } },
      { verb: 'call', data: { reason: 'Has a train' } },
    ]);
    expect(await servedOrder(scene)).toEqual(['A3', 'A1', 'A4', 'A2']);
    expect(await refusalCode(moveInLine(act(cast.staff), chosen, { rank: 0, reason: 'No' }))).toBe(
      'wrong_state',
    );
  });

  test('are why a place got worse, and the line knows', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, service, store } = scene;
    const [first, second, third] = (await line(scene, 3)) as [QueueEntry, QueueEntry, QueueEntry];
    const look = async () => (await lineOf(store, service, first.localDay, clock())).waiting;
    await moveTicket(act(cast.staff), third, 'skip');
    const [before, since] = [await look(), clock()];
    clock.pass(1);
    await moveTicket(act(cast.staff), third, 'reinstate');
    await moveInLine(act(cast.staff), third, { rank: 0, reason: 'Waited outside' });
    await walkIn(scene, 'Urgent', 1);
    const events = await store.run(changesSince, { serviceId: service.id, day: first.localDay, since });
    expect(events).toMatchObject([
      { verb: 'reinstate', entryId: third.id },
      { verb: 'move', entryId: third.id },
      { verb: 'walk-in' },
    ]);
    const after = await look();
    expect(new Set(whyWorse(second.id, before, after, events))).toEqual(new Set(['moved', 'priority']));
    expect(whyNext(after.find(({ id }) => id === third.id) as QueueEntry, clock())).toMatchObject({
      code: 'move',
      reason: 'Waited outside',
    });
  });

  test('move nobody who is not due yet', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock } = scene;
    await line(scene, 1);
    const ticket = await bookAndCheckIn(scene, cast.customer, mondayAt('10:00'));
    clock.set(mondayAt('09:30'));
    expect(await refusalCode(moveInLine(act(cast.staff), ticket, { rank: 0, reason: 'No' }))).toBe(
      'wrong_state',
    );
  });

  test('keep a note and what somebody needs', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store, service } = scene;
    const ticket = await walkIn(scene);
    const noted = await annotateTicket(act(cast.staff), ticket, {
      note: 'Speaks Dari',
      needs: ['interpreter', 'help'],
    });
    expect(noted).toMatchObject({ note: 'Speaks Dari', needs: 'interpreter,help', version: 2 });
    expect(await annotateTicket(act(cast.staff), ticket, { note: 'Speaks Dari', version: 1 })).toEqual(noted);
    expect(await annotateTicket(act(cast.staff), noted, { needs: [] })).toMatchObject({
      note: 'Speaks Dari',
      needs: '',
    });
    expect(await refusalCode(annotateTicket(act(cast.staff), ticket, { note: 'x', version: 1 }))).toBe(
      'stale',
    );
    expect((await eventsOf(store, service)).map(({ verb }) => verb)).toEqual(['walk-in', 'note', 'note']);
  });
});
