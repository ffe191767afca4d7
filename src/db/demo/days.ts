import { addMinutes } from '../../domain/clock.ts';
import { addDays, dayEnd, dayStart, type LocalDay } from '../../domain/days.ts';
import type { Slot } from '../../domain/slots.ts';
import { LIVE, ZONE } from './facts.ts';
import { fullDay } from './place.ts';
import {
  ago,
  type Booking,
  between,
  chance,
  type DemoService,
  earlier,
  later,
  type Town,
  type Visit,
} from './town.ts';
import {
  addVisits,
  book,
  checkedIn,
  confirmed,
  desksOf,
  fill,
  minutesSince,
  reservedVisit,
  serve,
  slotsOn,
  takenAt,
  walkIn,
  walkInsOn,
} from './visits.ts';

/** The customer who can sign in: one reservation today to check in for, one later, and a few that are over. */
export function bookForCustomer(town: Town): void {
  const { passports, parking, building, recycling } = town.services;
  const soon = addMinutes(town.now, 10);
  const days = (from: number, step: 1 | -1) =>
    Array.from({ length: 9 }, (_, index) => addDays(town.today, from + index * step));
  const first = (service: DemoService, among: LocalDay[], index = 0) => {
    const slots = among.map((day) =>
      slotsOn(town, service, day).filter((slot) => slot.starts > soon || day < town.today),
    );
    return slots.find((ofDay) => ofDay.length > index)?.[index];
  };
  const wanted: [DemoService, Slot | undefined, Booking['status']][] = [
    [passports, first(passports, days(0, 1)), 'confirmed'],
    [building, first(building, days(5, 1), 2), 'confirmed'],
    [recycling, first(recycling, days(-2, -1), 7), 'confirmed'],
    [building, first(building, days(-4, -1), 3), 'canceled'],
    [parking, first(parking, days(-5, -1), 8), 'confirmed'],
    [passports, first(passports, days(-7, -1), 5), 'confirmed'],
  ];
  for (const [service, slot, status] of wanted)
    if (slot) book(town, service, slot, { userId: town.customer, status });
}

/** A day that is over: who came was served, one or two did not come, one or two did not wait. */
export function pastDay(town: Town, service: DemoService, day: LocalDay): void {
  const slots = slotsOn(town, service, day);
  if (slots.length === 0) return;
  fill(town, service, slots, service.load * between(town, 0.7, 1.2));
  const booked = confirmed(town, service, day).filter((booking) => comes(town, service, booking));
  const line = [
    ...booked.map((booking) => checkedIn(town, service, booking)),
    ...walkInsOn(town, service, day, slots),
  ];
  addVisits(town, service, day, serve(town, service, line, desksOf(town, service), dayEnd(day, ZONE)));
}

/** Nobody stays away where nobody checks in: the place in the line is made with the booking. */
function comes(town: Town, service: DemoService, { userId }: Booking): boolean {
  return service.checkIn === 'none' || userId === town.customer || chance(town, 0.94);
}

/** Bookings get fewer the farther a day is. One service has a day that is full, another one that nearly is. */
export function comingDay(town: Town, service: DemoService, day: LocalDay, offset: number): void {
  const start = dayStart(day, ZONE);
  const slots = slotsOn(town, service, day).filter(
    ({ starts }) => starts >= addMinutes(start, 8 * 60) && starts < addMinutes(start, 18 * 60),
  );
  const { birth, building, passports } = town.services;
  const usual = service.load * between(town, 0.7, 1.2) * (1 - offset / 25);
  const crowded = (service === birth && offset < 6) || (service === building && offset < 4);
  const packed = service === passports && day === fullDay(town);
  if (service === birth && day === fullDay(town)) fill(town, service, slots, 1);
  else fill(town, service, slots, packed ? 0.88 : crowded ? 0.85 : usual);
  if (service.checkIn === 'none') {
    addVisits(
      town,
      service,
      day,
      confirmed(town, service, day).map((booking) => checkedIn(town, service, booking)),
    );
  }
}

/** Today where no desk is at work in this demo: what is over was served, who is early or due waits. */
export function quietDay(town: Town, service: DemoService): void {
  const { now } = town;
  fill(town, service, slotsOn(town, service, town.today), service.load);
  const line = confirmed(town, service, town.today).map((booking) => checkedIn(town, service, booking));
  const over = line.filter(
    ({ booking }) => booking && booking.endsAt <= now && comes(town, service, booking),
  );
  const waiting = line.filter(({ booking, takenAt }) => booking && booking.endsAt > now && takenAt <= now);
  addVisits(town, service, town.today, [
    ...serve(town, service, over, desksOf(town, service), now),
    ...waiting,
  ]);
}

/**
 * Today with a line in progress, at any hour: some were served, one is being served, one is called, one was skipped,
 * some wait, more are expected. Each is worked at the last of its desks. For passports nobody is said to sit there, so that
 * whoever signs in finds a desk. Who would have come yesterday comes when the day starts.
 */
export function liveDay(town: Town, service: DemoService): void {
  const { now, today: day } = town;
  const passports = service === town.services.passports;
  const facts = LIVE[passports ? 'passports' : 'parking'];
  if (!facts) return;
  const since = (minutes: number) => later(dayStart(day, ZONE), ago(town, minutes));
  const slots = slotsOn(town, service, day);
  const before = slots.filter(({ starts }) => starts <= now && starts >= ago(town, 6 * 60));
  const after = slots.filter(({ starts }) => starts > now && starts <= addMinutes(now, 9 * 60));
  const [current, previous, older] = [before.at(-1), before.at(-2), before.at(-3)];
  const booked = (slot: Slot | undefined, arrivedAt: Date) => {
    const booking = slot && book(town, service, slot);
    return booking ? reservedVisit(service, booking, earlier(arrivedAt, now)) : undefined;
  };

  const seated =
    booked(previous, since(minutesSince(town, previous) + 6)) ?? walkIn(town, service, since(25));
  const deskId = desksOf(town, service).at(-1) ?? null;
  const line: Visit[] = [
    { ...seated, status: 'in_service', calledAt: since(7), startedAt: since(6), deskId },
  ];
  if (passports) {
    line.push(
      { ...walkIn(town, service, since(36)), status: 'called', calledAt: since(1), deskId },
      {
        ...walkIn(town, service, since(45)),
        status: 'skipped',
        calledAt: since(8),
        endedAt: since(4),
        deskId,
      },
    );
  }
  for (let index = 0; index < facts.arrivedForNow; index++) {
    const visit = booked(current, since(minutesSince(town, current) + 4 + 5 * index));
    if (visit) line.push(visit);
  }
  facts.walkIns.forEach((minutes, index) => {
    line.push(walkIn(town, service, since(minutes), index === 2 ? 1 : 0));
  });
  const [next] = after;
  const early =
    next && next.starts <= addMinutes(now, service.checkInBeforeMinutes) ? booked(next, since(5)) : undefined;
  if (early) line.push(early);

  after.forEach((slot, index) => {
    const places = index === 3 ? service.capacity : Math.floor(town.random() * service.capacity);
    while (takenAt(town, service, slot) < places && book(town, service, slot));
  });
  // Not those above: in the night when the clocks go back they can be hours ago.
  const over = before.slice(0, -3).filter(({ starts }) => starts < ago(town, 55));
  fill(town, service, over, Math.max(0.2, service.load));
  const bookings = confirmed(town, service, day).filter(({ timeSlot }) =>
    over.some(({ starts }) => starts === timeSlot),
  );
  const visits = [
    ...bookings.map((booking) => checkedIn(town, service, booking)),
    ...walkInsOn(town, service, day, over),
  ];
  const served = serve(town, service, visits, desksOf(town, service), ago(town, 9));
  if (passports && older) book(town, service, older);
  addVisits(town, service, day, [...served.filter(({ status }) => status !== 'waiting'), ...line]);
}
