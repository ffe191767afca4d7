import { addMinutes, MINUTE } from '../../domain/clock.ts';
import { addDays, dayEnd, dayStart, type LocalDay, localDay } from '../../domain/days.ts';
import { dueTimes } from '../../domain/order.ts';
import { daySlots, type Slot } from '../../domain/slots.ts';
import { ticketNumber } from '../../domain/ticket.ts';
import { SPAN, WALK_IN_NAMES, ZONE } from './facts.ts';
import {
  ago,
  type Booking,
  between,
  chance,
  type DemoService,
  earlier,
  entryIn,
  key,
  later,
  placed,
  type Row,
  type Town,
  type Visit,
} from './town.ts';

/** How many minutes ago the slot began; negative for one to come, 0 for none. */
export function minutesSince(town: Town, slot: Slot | undefined): number {
  return slot ? (town.now.getTime() - slot.starts.getTime()) / MINUTE : 0;
}

/** The slots that a service offers on a day of the demo. */
export function slotsOn(town: Town, service: DemoService, day: LocalDay): Slot[] {
  const closures = town.closures.filter(({ serviceId }) => serviceId === null || serviceId === service.id);
  return daySlots(day, ZONE, service, service.rules, closures);
}

/** Passports are worked at two desks and parking at the third; the other services have rooms or bays of their own. */
export function desksOf(town: Town, service: DemoService): (string | null)[] {
  if (service === town.services.passports) return town.desks.slice(0, 2);
  if (service === town.services.parking) return town.desks.slice(2);
  return Array.from({ length: service.capacity }, () => null);
}

/** Books places of these slots, each with the chance `density`, and now and then one that is canceled again. */
export function fill(town: Town, service: DemoService, slots: readonly Slot[], density: number): void {
  for (const slot of slots) {
    const free = service.capacity - takenAt(town, service, slot);
    for (let place = 0; place < free; place++) if (chance(town, density)) book(town, service, slot);
    if (service.checkIn === 'required' && chance(town, density * 0.08))
      book(town, service, slot, { status: 'canceled' });
  }
}

/** Undefined when every customer has something else to do then. */
export function book(
  town: Town,
  service: DemoService,
  { starts, ends }: Slot,
  {
    userId = freeCustomer(town, service, starts, ends),
    status = 'confirmed',
  }: Partial<Pick<Booking, 'userId' | 'status'>> = {},
): Booking | undefined {
  if (!userId) return undefined;
  const day = localDay(starts, ZONE);
  const deadline = addMinutes(
    starts,
    -Math.max(service.leadMinutes, service.cancelMinutes) - between(town, 60, 9 * 24 * 60),
  );
  const createdAt = earlier(deadline, ago(town, between(town, 50, 600)));
  const canceledAt = earlier(addMinutes(createdAt, between(town, 5, 50)), town.now);
  const booking: Booking = {
    id: town.id(createdAt),
    serviceId: service.id,
    locationId: town.locationId,
    userId,
    localDay: day,
    timeSlot: starts,
    endsAt: ends,
    status,
    createdAt,
    updatedAt: status === 'canceled' ? canceledAt : createdAt,
  };
  town.rows.reservations.push(booking);
  entryIn(town.bookings, key(service, day)).push(booking);
  entryIn(town.diary, `${userId} ${day}`).push(booking);
  const fact = { actorId: userId, ...placed(town, service, day), reservationId: booking.id };
  addEvent(town, { ...fact, at: createdAt, verb: 'book', toStatus: 'confirmed' });
  if (status === 'canceled') {
    addEvent(town, {
      ...fact,
      at: canceledAt,
      verb: 'cancel',
      fromStatus: 'confirmed',
      toStatus: 'canceled',
    });
  }
  return booking;
}

/** Somebody with nothing else that day, else somebody with nothing else at that time. */
function freeCustomer(town: Town, service: DemoService, starts: Date, ends: Date): string | undefined {
  const day = localDay(starts, ZONE);
  const from = Math.floor(town.random() * town.customers.length);
  const inTurn = [...town.customers.slice(from), ...town.customers.slice(0, from)];
  const diaryOf = (id: string) => town.diary.get(`${id} ${day}`) ?? [];
  return (
    inTurn.find((id) => diaryOf(id).length === 0) ??
    inTurn.find((id) =>
      diaryOf(id).every((other) => other.serviceId !== service.id && isApart(other, starts, ends)),
    ) ??
    inTurn.find((id) => diaryOf(id).every((other) => isApart(other, starts, ends)))
  );
}

function isApart({ timeSlot, endsAt }: Booking, starts: Date, ends: Date): boolean {
  return endsAt <= starts || timeSlot >= ends;
}

/** No grid of this demo has slots that overlap, so those that start together are all that count. */
export function takenAt(town: Town, service: DemoService, { starts }: Slot): number {
  const ofDay = confirmed(town, service, localDay(starts, ZONE));
  return ofDay.filter(({ timeSlot }) => timeSlot.getTime() === starts.getTime()).length;
}

/** The reservations of a day that stand. */
export function confirmed(town: Town, service: DemoService, day: LocalDay): Booking[] {
  return (town.bookings.get(key(service, day)) ?? []).filter(({ status }) => status === 'confirmed');
}

/** Where customers check in, most come a few minutes early and some are late; else they are in the line once booked. */
export function checkedIn(town: Town, service: DemoService, booking: Booking): Visit {
  const minutes = chance(town, 0.1) ? between(town, 1, 14) : -between(town, 1, 15);
  return reservedVisit(
    service,
    booking,
    later(dayStart(booking.localDay, ZONE), addMinutes(booking.timeSlot, minutes)),
  );
}

/** The visit of somebody with a reservation. `came` is when they checked in. */
export function reservedVisit(service: DemoService, booking: Booking, came: Date): Visit {
  const arrivedAt = service.checkIn === 'none' ? booking.timeSlot : came;
  const takenAt = service.checkIn === 'none' ? booking.createdAt : came;
  return { ...newVisit(takenAt, arrivedAt), booking, ...dueTimes(arrivedAt, booking.timeSlot, 0, service) };
}

/** The visit of somebody without a reservation. */
export function walkIn(town: Town, service: DemoService, arrivedAt: Date, priority = 0): Visit {
  // In turn, so that a name comes once in a line.
  const name = WALK_IN_NAMES[town.walkIns++ % WALK_IN_NAMES.length] ?? '';
  // Numbers that Ofcom keeps free for stories.
  const phone = chance(town, 0.5) ? `07700 900${Math.floor(between(town, 100, 999))}` : null;
  return {
    ...newVisit(arrivedAt, arrivedAt),
    name,
    phone,
    priority,
    ...dueTimes(arrivedAt, null, priority, service),
  };
}

function newVisit(takenAt: Date, arrivedAt: Date): Visit {
  return {
    booking: null,
    name: '',
    phone: null,
    priority: 0,
    takenAt,
    arrivedAt,
    dueAt: arrivedAt,
    effectiveAt: arrivedAt,
    status: 'waiting',
    calledAt: null,
    startedAt: null,
    endedAt: null,
    deskId: null,
  };
}

/** Walk-ins at any time during these slots; on a part of a day, fewer. */
export function walkInsOn(town: Town, service: DemoService, day: LocalDay, slots: readonly Slot[]): Visit[] {
  const [from, to] = [slots[0]?.starts, slots.at(-1)?.starts];
  if (!from || !to) return [];
  const hours = (to.getTime() - from.getTime()) / (60 * MINUTE);
  const count = Math.round(service.walkInsADay * Math.min(1, hours / 8) * between(town, 0.7, 1.3));
  const start = dayStart(day, ZONE);
  return Array.from({ length: count }, () =>
    walkIn(town, service, later(start, addMinutes(from, between(town, 0, hours * 60)))),
  );
}

/** Serves a line in its order at these desks; who would not be done by `until` still waits. */
export function serve(
  town: Town,
  service: DemoService,
  line: Visit[],
  desks: (string | null)[],
  until: Date,
): Visit[] {
  const freeAt = desks.map(() => new Date(0));
  const inOrder = line.toSorted((a, b) => a.effectiveAt.getTime() - b.effectiveAt.getTime());
  const served = inOrder.map((visit): Visit => {
    const isCustomers = visit.booking?.userId === town.customer;
    if (!visit.booking && chance(town, 0.04)) {
      return { ...visit, status: 'left', endedAt: addMinutes(visit.arrivedAt, between(town, 8, 15)) };
    }
    const desk = freeAt.reduce((least, free, index) => (free < (freeAt[least] ?? free) ? index : least), 0);
    const ready = [visit.arrivedAt, visit.dueAt, freeAt[desk] ?? visit.dueAt].reduce(later);
    const calledAt = addMinutes(ready, between(town, 0.1, 0.7));
    if (!isCustomers && service.checkIn === 'required' && chance(town, 0.03)) {
      const endedAt = addMinutes(calledAt, between(town, 2, 4));
      freeAt[desk] = endedAt;
      return { ...visit, status: 'skipped', deskId: desks[desk] ?? null, calledAt, endedAt };
    }
    const startedAt = chance(town, 0.4) ? addMinutes(calledAt, between(town, 0.3, 1.3)) : calledAt;
    const endedAt = addMinutes(startedAt, service.durationMinutes * serviceLength(town));
    freeAt[desk] = endedAt;
    return { ...visit, status: 'completed', deskId: desks[desk] ?? null, calledAt, startedAt, endedAt };
  });
  return served.map((visit, index) =>
    visit.endedAt && visit.endedAt <= until ? visit : (inOrder[index] ?? visit),
  );
}

/** A share of the planned duration: most are done well before its end, a few need more. */
function serviceLength(town: Town): number {
  return 0.4 + 0.45 * town.random() + 0.25 * town.random() ** 3;
}

/** Gives every visit its number, in the order in which they took one, and writes the lines with their events. */
export function numberVisits(town: Town): void {
  for (const service of Object.values(town.services)) {
    for (let offset = -SPAN; offset <= SPAN; offset++) {
      const day = addDays(town.today, offset);
      const visits = (town.visits.get(key(service, day)) ?? []).toSorted(
        (a, b) => a.takenAt.getTime() - b.takenAt.getTime(),
      );
      if (visits.length === 0 && !town.bookings.has(key(service, day))) continue;
      const changes = visits.map((visit, index) => addEntry(town, service, day, visit, index + 1));
      town.rows.queues.push({
        serviceId: service.id,
        localDay: day,
        locationId: town.locationId,
        version: changes.reduce((sum, version) => sum + version, 1),
        lastPosition: visits.length,
        endedAt: offset < 0 ? dayEnd(day, ZONE) : null,
      });
    }
  }
}

/** Answers the entry's version: how often it was written. */
function addEntry(town: Town, service: DemoService, day: LocalDay, visit: Visit, position: number): number {
  const { booking, takenAt, ...columns } = visit;
  const id = town.id(takenAt);
  const place = { ...placed(town, service, day), reservationId: booking?.id ?? null };
  const facts = eventsOf(town, visit);
  town.rows.queueEntries.push({
    id,
    originServiceId: service.id,
    ...place,
    ...columns,
    position,
    number: ticketNumber(service.prefix, position),
    version: facts.length,
    createdAt: takenAt,
    updatedAt: facts.at(-1)?.at ?? takenAt,
  });
  for (const fact of facts) addEvent(town, { ...place, entryId: id, ...fact });
  return facts.length;
}

type Fact = Omit<Row<'events'>, 'id'>;

function eventsOf(town: Town, visit: Visit): Fact[] {
  const { booking, status, takenAt, calledAt, startedAt, endedAt } = visit;
  const staff = town.staff[visit.deskId === town.desks[0] ? 0 : 1] ?? null;
  const byHand = calledAt !== null && calledAt.getTime() !== startedAt?.getTime();
  const facts: Fact[] = [
    {
      at: takenAt,
      actorId: booking ? (booking.userId ?? null) : (town.staff[0] ?? null),
      verb: booking ? 'check-in' : 'walk-in',
      toStatus: 'waiting',
    },
  ];
  const add = (at: Date, verb: string, fromStatus: string, toStatus: string, actorId = staff) =>
    facts.push({ at, actorId, verb, fromStatus, toStatus });
  if (byHand) add(calledAt, 'call', 'waiting', 'called');
  if (startedAt) add(startedAt, byHand ? 'start' : 'advance', byHand ? 'called' : 'waiting', 'in_service');
  if (endedAt && status === 'completed')
    add(endedAt, byHand ? 'complete' : 'advance', 'in_service', 'completed');
  if (endedAt && status === 'skipped') add(endedAt, 'skip', 'called', 'skipped');
  if (endedAt && status === 'left') add(endedAt, 'leave', 'waiting', 'left');
  return facts;
}

/** Puts visits among those of the day, to be written later in the order in which they came. */
export function addVisits(town: Town, service: DemoService, day: LocalDay, visits: readonly Visit[]): void {
  entryIn(town.visits, key(service, day)).push(...visits);
}

function addEvent(town: Town, fact: Fact): void {
  town.rows.events.push({ id: town.id(fact.at), ...fact });
}
