import { describe, expect, test } from 'vitest';
import { actOf } from '../../src/actions/act.ts';
import { createDesk, reachAnyDesk, restoreDesk, retireDesk } from '../../src/actions/desk-setup.ts';
import { takeDesk } from '../../src/actions/desks.ts';
import { cancelReservation, reachReservation } from '../../src/actions/reservations.ts';
import { changeStaff } from '../../src/actions/staff.ts';
import { moveTicket, transferTicket } from '../../src/actions/tickets.ts';
import { undo } from '../../src/actions/undo.ts';
import { deskWithServices } from '../../src/db/desks.ts';
import { lockQueue } from '../../src/db/queue.ts';
import { lockReservation } from '../../src/db/reservations.ts';
import type { Store } from '../../src/db/store.ts';
import { entryById } from '../../src/db/tickets.ts';
import type { StaffedDesk } from '../../src/domain/desk.ts';
import type { RefusalCode } from '../../src/domain/errors.ts';
import type { Person } from '../../src/domain/roles.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import {
  bookAndCheckIn,
  buildDesk,
  buildScene,
  buildService,
  mondayAt,
  refusalCode,
  refusalOf,
  type Scene,
  walkIn,
} from '../support/builders.ts';
import { addPeople, person } from '../support/cast.ts';
import { useDatabase } from '../support/databases.ts';
import { gate, isWaiting, meanwhile } from '../support/meanwhile.ts';

const SLOT = mondayAt('10:00');

// What one action looks at first, to know what to lock, another may change before it has the locks. SQLite has one writer:
// there nobody comes in between.

describe('between the look and the locks, on postgres,', () => {
  const open = useDatabase('postgres');
  let another: Store | undefined;

  /** What somebody does at another instance. */
  function elsewhere({ clock }: Scene, person: Person) {
    another ??= open().openAnother();
    return actOf(another, clock, person);
  }

  test('another desk may take a ticket that is being started', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, deskId, location, store } = scene;
    const second = await buildDesk(store, location, 'Desk 2');
    const ticket = await moveTicket(act(cast.staff), await walkIn(scene), 'call', { deskId });
    const other = elsewhere(scene, cast.admin);
    const starting = meanwhile(act(cast.staff), 'lock_desk', async () => {
      await moveTicket(other, ticket, 'requeue');
      await moveTicket(other, ticket, 'call', { deskId: second });
    });
    expect(await refusalOf(moveTicket(starting, ticket, 'start'))).toMatchObject({
      code: 'stale',
      facts: { entry: { deskId: second } },
    });
    expect(await entryById(store, ticket.id)).toMatchObject({ status: 'called', deskId: second });
  });

  test('somebody may do something to a ticket whose last step is being taken back', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store } = scene;
    const ticket = await moveTicket(act(cast.staff), await walkIn(scene), 'call');
    const undoing = meanwhile(act(cast.staff), 'last_fact_of_entry', () =>
      moveTicket(elsewhere(scene, cast.admin), ticket, 'skip'),
    );
    expect(await refusalOf(undo(undoing, ticket))).toMatchObject({
      code: 'stale',
      facts: { entry: { status: 'skipped' } },
    });
    expect((await entryById(store, ticket.id))?.status).toBe('skipped');
  });

  /** A ticket of a reservation that was sent to the line of another service. */
  async function sentElsewhere(scene: Scene) {
    const { act, cast, location, store } = scene;
    const ticket = await bookAndCheckIn(scene, cast.customer, SLOT);
    const parking = await buildService(store, location, { name: 'Parking' });
    const sent = await transferTicket(act(cast.staff), ticket, { serviceId: parking.id });
    return { parking, sent, reached: await reachReservation(act(cast.staff), sent.reservationId as string) };
  }

  /** The states of a reservation and its ticket. */
  async function statesOf({ act, cast, store }: Scene, { id, reservationId }: QueueEntry) {
    const { reservation } = await reachReservation(act(cast.staff), reservationId as string);
    return [reservation.status, (await entryById(store, id))?.status];
  }

  test('a ticket may be sent elsewhere whose reservation is being canceled', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, location, store } = scene;
    const ticket = await bookAndCheckIn(scene, cast.customer, SLOT);
    const parking = await buildService(store, location);
    const reached = await reachReservation(act(cast.staff), ticket.reservationId as string);
    const canceling = meanwhile(act(cast.staff), 'entry_by_reservation', () =>
      transferTicket(elsewhere(scene, cast.admin), ticket, { serviceId: parking.id }),
    );
    expect(await refusalCode(cancelReservation(canceling, reached))).toBe('stale');
    expect(await statesOf(scene, ticket)).toEqual(['confirmed', 'waiting']);
    expect((await cancelReservation(act(cast.staff), reached)).status).toBe('canceled');
  });

  test.each(['reservation', 'line'])(
    'who cancels waits for the %s before the line that the ticket was sent to',
    async (first) => {
      const scene = await buildScene(open().store);
      const { act, cast, service, store } = scene;
      const { parking, sent, reached } = await sentElsewhere(scene);
      const { passed, open: letGo } = gate();
      const { passed: isHeld, open: hold } = gate();
      const { reservationId: id, localDay: day, locationId } = sent;
      const holding = elsewhere(scene, cast.admin).transaction(async (tx) => {
        if (first === 'reservation') await tx.run(lockReservation, { id: id as string });
        else await lockQueue(tx, { serviceId: service.id, day, locationId });
        hold();
        await passed;
      });
      await isHeld;
      const canceled = cancelReservation(act(cast.staff), reached);
      expect(await isWaiting(canceled)).toBe(true);
      expect((await walkIn({ ...scene, service: parking })).status).toBe('waiting');
      letGo();
      await Promise.all([holding, canceled]);
      expect((await entryById(store, sent.id))?.status).toBe('left');
    },
  );

  test('nobody cancels the reservation of a ticket that is coming back, not even to another line', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock } = scene;
    const { sent, reached } = await sentElsewhere(scene);
    await moveTicket(act(cast.staff), sent, 'leave');
    clock.set(new Date(clock().getTime() + 1_000));
    let canceled: Promise<unknown> | undefined;
    const undoing = meanwhile(act(cast.staff), 'reservation_by_id', async () => {
      canceled = cancelReservation(elsewhere(scene, cast.admin), reached);
      expect(await isWaiting(canceled)).toBe(true);
    });
    expect((await undo(undoing, sent)).status).toBe('waiting');
    await canceled;
    expect(await statesOf(scene, sent)).toEqual(['canceled', 'left']);
  });

  test('another may take over the desk of somebody who loses it', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, location, store } = scene;
    const next = person('Nina Next', 'staff', [location.id]);
    await addPeople(store, [next]);
    await takeDesk(act(cast.staff), await deskOf(scene));
    const changing = meanwhile(act(cast.admin), 'desk_of_person', async () =>
      takeDesk(elsewhere(scene, next), await deskOf(scene), { handOver: true }),
    );
    await changeStaff(changing, { email: cast.staff.email, role: 'user', locationIds: [] });
    expect((await deskOf(scene)).staffedBy).toBe(next.id);
  });

  test('somebody may be called to a desk that is being lost, and that is told', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, deskId } = scene;
    await takeDesk(act(cast.staff), await deskOf(scene));
    const ticket = await walkIn(scene);
    const told: string[] = [];
    let changed: Promise<unknown> | undefined;
    const calling = meanwhile(elsewhere(scene, cast.staff), 'set_entry_state', async () => {
      const change = { email: cast.staff.email, role: 'user' as const, locationIds: [] };
      changed = changeStaff(act(cast.admin), change, ({ held }) => told.push(...held));
      expect(await isWaiting(changed)).toBe(true);
    });
    await moveTicket(calling, ticket, 'call', { deskId });
    await changed;
    expect(told).toEqual([ticket.number]);
  });

  test('a desk may be made with the name of one that is being put back in use', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, deskId, location, store } = scene;
    await retireDesk(act(cast.admin), await deskOf(scene));
    const retired = await reachAnyDesk(act(cast.admin), deskId);
    let restored: Promise<RefusalCode> | undefined;
    const making = meanwhile(elsewhere(scene, cast.admin), 'insert_desk', async () => {
      restored = refusalCode(restoreDesk(act(cast.admin), retired));
      expect(await isWaiting(restored)).toBe(true);
    });
    await createDesk(making, { name: 'Desk 1', locationId: location.id, serviceIds: [] });
    expect(await restored).toBe('invalid');
    expect(await deskWithServices(store, deskId)).toBeUndefined();
  });
});

async function deskOf({ store, deskId }: Scene): Promise<StaffedDesk> {
  return (await deskWithServices(store, deskId)) as StaffedDesk;
}
