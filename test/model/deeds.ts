import fc from 'fast-check';
import { type Act, actOf } from '../../src/actions/act.ts';
import { leaveDesk, pauseWork, resumeWork, takeDesk } from '../../src/actions/desks.ts';
import { delayTicket, reachTicketByToken, returnTicket } from '../../src/actions/holder.ts';
import {
  type Advanced,
  addWalkIn,
  advance,
  advanceDesk,
  announceDelay,
  setIntake,
  takeTicket,
} from '../../src/actions/queue.ts';
import { bookReservation, cancelReservation, reachReservation } from '../../src/actions/reservations.ts';
import { annotateTicket, moveInLine, moveTicket, transferTicket } from '../../src/actions/tickets.ts';
import { undo } from '../../src/actions/undo.ts';
import { deskWithServices } from '../../src/db/desks.ts';
import type { Store } from '../../src/db/store.ts';
import { entryById, heldAtDesk } from '../../src/db/tickets.ts';
import type { StaffedDesk } from '../../src/domain/desk.ts';
import type { Person } from '../../src/domain/roles.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import { NEEDS, type QueueEntry, VERBS } from '../../src/domain/ticket.ts';
import { buildDesk, buildScene, buildService, checkInTo, mondayAt, type Scene } from '../support/builders.ts';
import { addCustomers, addPeople, person } from '../support/cast.ts';
import type { TestDatabase } from '../support/databases.ts';

/** The day on which it happens. */
const DAY = '2026-03-02';

/** A place where things happen: two services, four desks, some staff and customers. */
export interface Place {
  scene: Scene;
  services: readonly [PlacedService, PlacedService];
  /** The first serves one service, the second the other, the last two both. */
  desks: readonly StaffedDesk[];
  staff: readonly Person[];
  customers: readonly Person[];
  /** Every ticket that somebody was given, with its token where it has one. */
  tickets: { id: string; token?: string }[];
  /** The tickets of the latest taps, completed and started. */
  tapped: string[];
  as(actor: Person | null): Act;
}

export async function buildPlace({ store, dialect }: TestDatabase, other: Store): Promise<Place> {
  const scene = await buildScene(store, { capacity: 5, earlyCallMinutes: 30, prefix: 'A' });
  const second = await buildService(store, scene.location, { capacity: 5, name: 'Parking', prefix: 'P' });
  const staff = [1, 2, 3].map((index) => person(`Staff ${index}`, 'staff', [scene.location.id]));
  await addPeople(store, staff);
  const served = [[scene.service], [second], [scene.service, second], [scene.service, second]];
  const desks: StaffedDesk[] = [];
  for (const [index, services] of served.entries()) {
    const deskId = await buildDesk(store, scene.location, `Desk ${index}`);
    await store.transaction((tx) =>
      tx.write.insert(tx.tables.deskServices).values(services.map(({ id }) => ({ deskId, serviceId: id }))),
    );
    desks.push((await deskWithServices(store, deskId)) as StaffedDesk);
  }
  scene.clock.set(mondayAt('09:00'));
  // On PostgreSQL by turns through two pools, as two servers are.
  let turn = 0;
  const stores = dialect === 'postgres' ? [store, other] : [store];
  return {
    scene,
    services: [scene.service, second],
    desks,
    staff,
    customers: await addCustomers(store, 6),
    tickets: [],
    tapped: [],
    as: (actor) => actOf(stores[turn++ % stores.length] as Store, scene.clock, actor),
  };
}

/** Something that somebody does; the numbers choose who, to which ticket, at which desk. */
export interface Deed {
  name: string;
  who: number;
  /** Whether it is done to what the desk has, or to one of the tickets that were given. */
  atDesk: boolean;
  ticket: number;
  place: number;
  dice: number;
}

const NAMES = [
  'walk-in',
  'kiosk',
  'book',
  'advance',
  'advance',
  'advance nowhere',
  'advance desk',
  'advance desk',
  'verb',
  'verb',
  'verb',
  'verb',
  'call here',
  'call here',
  'call here',
  'note tapped',
  'undo tapped',
  'undo tapped',
  'transfer',
  'transfer',
  'move',
  'note',
  'undo',
  'undo',
  'undo',
  'delay',
  'delay',
  'back',
  'leave by link',
  'undo by link',
  'cancel',
  'pause',
  'resume',
  'resume',
  'take',
  'get up',
  'close',
  'open',
  'late',
] as const;

export const deed: fc.Arbitrary<Deed> = fc.record({
  name: fc.constantFrom(...NAMES),
  // Only who did something can undo it.
  who: fc.constantFrom(0, 0, 0, 1, 2),
  atDesk: fc.boolean(),
  // The newest are the ones that something is done to.
  ticket: fc.oneof(fc.nat(3), fc.nat(20)),
  place: fc.nat(3),
  dice: fc.nat(8),
});

/** Does it. What it refuses is thrown. */
export async function doDeed(place: Place, deed: Deed): Promise<unknown> {
  const { name, who, atDesk, ticket, place: where, dice } = deed;
  const { as, services, desks, staff, customers, tickets } = place;
  const member = staff[who % staff.length] as Person;
  const act = as(member);
  const service = services[where % 2] as PlacedService;
  const desk = desks[where % desks.length] as StaffedDesk;
  // The one whose only service this is: one that serves several is tapped for all of them.
  const own = desks[where % 2] as StaffedDesk;
  const to = async <T>(work: (entry: QueueEntry) => Promise<T>) => {
    const held = atDesk ? await act.db.run(heldAtDesk, { deskId: desk.id, day: DAY }) : [];
    const chosen = held[ticket % Math.max(1, held.length)] ?? pick(tickets, ticket);
    const entry = chosen && (await entryById(act.db, chosen.id));
    return entry && work(entry);
  };
  const onTapped = async <T>(work: (entry: QueueEntry) => Promise<T>) => {
    const id = pick(place.tapped, dice % 3);
    const entry = id === undefined ? undefined : await entryById(act.db, id);
    return entry && work(entry);
  };
  const byLink = async <T>(work: (held: Act, entry: QueueEntry) => Promise<T>) => {
    const linked = tickets.filter((each) => each.token !== undefined);
    const token = pick(linked, ticket % 3)?.token;
    if (token === undefined) return undefined;
    const held = await reachTicketByToken(as(null), token);
    return work(held.act, held.entry);
  };
  switch (name) {
    case 'walk-in':
      return keep(place, await addWalkIn(act, service, walker(dice)));
    case 'kiosk': {
      const taken = await takeTicket({ ...as(null), via: 'kiosk' }, service, walker(dice));
      tickets.push({ id: taken.entry.id, token: taken.token });
      return taken;
    }
    case 'book': {
      const customer = as(customers[dice % customers.length] as Person);
      const timeSlot = mondayAt(`${10 + (dice % 4)}:00`);
      const booked = await bookReservation(customer, { serviceId: service.id, timeSlot });
      return keep(place, await checkInTo(act, booked));
    }
    case 'advance':
      return tap(
        place,
        await advance(act, service, { deskId: own.id, ...(dice === 0 && { serving: null }) }),
      );
    case 'advance nowhere':
      return tap(place, await advance(act, service, {}));
    case 'advance desk':
      return tap(place, await advanceDesk(act, desks[2 + (where % 2)] as StaffedDesk));
    case 'undo tapped':
      return onTapped((entry) => undo(act, entry));
    case 'note tapped':
      return onTapped((entry) => annotateTicket(act, entry, { note: `Tapped ${dice}` }));
    case 'verb':
      return to((entry) => {
        const verb = VERBS[dice % VERBS.length] as (typeof VERBS)[number];
        return moveTicket(act, entry, verb, where === 0 ? { version: entry.version } : {});
      });
    case 'call here':
      return to((entry) =>
        moveTicket(act, entry, dice % 2 ? 'call' : 'start', { deskId: desk.id, reason: 'Chosen' }),
      );
    case 'transfer':
      return to((entry) => transferTicket(act, entry, { serviceId: service.id }));
    case 'move':
      return to((entry) => moveInLine(act, entry, { rank: dice, reason: 'Moved' }));
    case 'note':
      return to((entry) =>
        annotateTicket(act, entry, { note: `Note ${dice}`, needs: NEEDS.slice(dice % 3) }),
      );
    case 'undo':
      return to((entry) => undo(act, entry));
    case 'delay':
      return byLink((held, entry) => delayTicket(held, entry));
    case 'back':
      return byLink((held, entry) => returnTicket(held, entry));
    case 'leave by link':
      return byLink((held, entry) => moveTicket(held, entry, 'leave'));
    case 'undo by link':
      return byLink((held, entry) => undo(held, entry));
    case 'cancel':
      return to(async ({ reservationId }) =>
        reservationId === null
          ? undefined
          : cancelReservation(act, await reachReservation(act, reservationId)),
      );
    case 'pause':
      return pauseWork(act, desk);
    case 'resume':
      return resumeWork(act, desk);
    case 'take':
      return takeDesk(act, desk, { handOver: dice % 2 === 0 });
    case 'get up':
      return leaveDesk(act, desk);
    case 'close':
      return setIntake(act, service, true);
    case 'open':
      return setIntake(act, service, false);
    case 'late':
      return announceDelay(act, service, { minutes: dice * 5 });
    default:
      throw new Error(`Nobody knows how to ${name}`);
  }
}

function tap({ tapped }: Place, advanced: Advanced): Advanced {
  for (const entry of [advanced.completed, advanced.inService]) if (entry) tapped.push(entry.id);
  return advanced;
}

/** Counted from the newest. */
function pick<T>(all: readonly T[], index: number): T | undefined {
  return all.at(-1 - (index % Math.max(1, all.length)));
}

function walker(dice: number) {
  return { name: `Walker ${dice}`, phone: null, priority: dice === 8 ? 1 : 0 };
}

function keep({ tickets }: Place, entry: QueueEntry): QueueEntry {
  if (!tickets.some(({ id }) => id === entry.id)) tickets.push({ id: entry.id });
  return entry;
}
