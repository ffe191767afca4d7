import { addMinutes } from '../../domain/clock.ts';
import {
  addDays,
  dayEnd,
  dayStart,
  instantAt,
  type LocalDay,
  localDay,
  localHour,
  weekday,
} from '../../domain/days.ts';
import type { Role } from '../../domain/roles.ts';
import type { Closure, OpeningRule } from '../../domain/service.ts';
import { openWindows } from '../../domain/slots.ts';
import {
  CUSTOMER_NAMES,
  type Dates,
  DEFAULTS,
  DEMO_LOGINS,
  LIVE_MINUTES,
  MON_TO_FRI,
  SERVICES,
  type ServiceFacts,
  type ServiceKey,
  ZONE,
} from './facts.ts';
import { ago, type DemoService, earlier, later, type Row, type Town } from './town.ts';

/** The demo logins, and customers to fill the days with. `hashes` are of the logins' one password, a salt each. */
export function addPeople(town: Town, hashes: readonly string[]): void {
  const add = (name: string, email: string, role: Role) => {
    const createdAt = ago(town, (30 + Math.floor(town.random() * 160)) * 24 * 60);
    const id = town.id(createdAt);
    town.rows.users.push({ id, name, email, emailVerified: true, role, createdAt, updatedAt: createdAt });
    return { id, createdAt };
  };
  const logins = DEMO_LOGINS.map(({ name, email, role }, index) => {
    const { id, createdAt } = add(name, email, role);
    town.rows.accounts.push({
      id: town.id(createdAt),
      accountId: id,
      providerId: 'credential',
      userId: id,
      password: hashes[index] ?? null,
      createdAt,
      updatedAt: createdAt,
    });
    return id;
  });
  town.staff = logins.slice(1, 3);
  town.customer = logins[3] ?? '';
  town.rows.staffLocations = town.staff.map((userId) => ({ userId, locationId: town.locationId }));
  town.customers = CUSTOMER_NAMES.map((name) => add(name, `${mailName(name)}@demo.example`, 'user').id);
}

function mailName(name: string): string {
  const plain = name.normalize('NFKD').replace(/[̀-ͯ]/g, '').replaceAll('ı', 'i').toLowerCase();
  return plain.replace(/[^a-z]+/g, '.');
}

/** The same windows, in local time, on each of these weekdays. */
export function weekly(
  weekdays: readonly number[],
  ...windows: readonly [opens: string, closes: string][]
): OpeningRule[] {
  return weekdays.flatMap((weekday) => windows.map(([opens, closes]) => ({ weekday, opens, closes })));
}

/** The town hall: its desks, services and their hours. */
export function addPlace(town: Town, dates: Dates): void {
  const { locationId, rows } = town;
  rows.desks = ['Desk 1', 'Desk 2', 'Desk 3'].map((name) => ({
    id: town.id(dates.createdAt),
    locationId,
    name,
    ...dates,
  }));
  town.desks = rows.desks.map(({ id }) => id);
  // Somebody sits at the last desk; one who signs in as the other chooses.
  Object.assign(rows.desks[2] ?? {}, { staffedBy: town.staff[1], staffedAt: ago(town, 95) });
  for (const [key, facts] of Object.entries(SERVICES) as [ServiceKey, ServiceFacts][]) {
    const service = { ...DEFAULTS, ...facts, id: town.id(dates.createdAt), locationId };
    town.services[key] = service;
    const { rules, load: _load, walkInsADay: _walkInsADay, ...columns } = service;
    rows.services.push({ ...columns, ...dates });
    rows.openingRules.push(
      ...rules.map((rule) => ({ id: town.id(dates.createdAt), serviceId: service.id, ...rule })),
    );
  }
  rows.deskServices = servedAt(town);
}

/** Passports at the first desk, parking at the third, both at the one between. */
function servedAt({ desks, services: { passports, parking } }: Town): Row<'deskServices'>[] {
  const served = [[passports], [passports, parking], [parking]];
  return desks.flatMap((deskId, index) =>
    (served[index] ?? []).map((service) => ({ deskId, serviceId: service.id })),
  );
}

/** A public closure, a break and a special day ahead; and extra hours today where the usual ones are not around now. */
export function addClosures(town: Town, dates: Dates): void {
  const { passports, birth } = town.services;
  const add = (closure: Omit<Closure, 'id'>) =>
    town.closures.push({ id: town.id(dates.createdAt), ...closure });
  const ahead = (offset: number, weekdays: readonly number[]) =>
    nextDay(addDays(town.today, offset), weekdays);

  add({
    serviceId: null,
    day: closedDay(town),
    kind: 'closed',
    opens: null,
    closes: null,
    reason: 'Staff training day',
  });
  add({
    serviceId: passports.id,
    day: ahead(2, MON_TO_FRI),
    kind: 'closed',
    opens: '12:00',
    closes: '13:00',
    reason: 'Fire drill',
  });
  add({
    serviceId: birth.id,
    day: ahead(2, [6]),
    kind: 'special',
    opens: '10:00',
    closes: '13:00',
    reason: 'Saturday opening',
  });
  for (const service of Object.values(town.services).filter((service) => isLive(town, service))) {
    for (const day of liveDays(town).filter((day) => !coversLiveTime(town, service, day))) {
      add({
        serviceId: service.id,
        day,
        kind: 'special',
        ...liveHours(town, day),
        reason: 'Extra hours',
      });
    }
  }
  town.rows.closures = town.closures.map((closure) => ({
    ...closure,
    locationId: town.locationId,
    ...dates,
  }));
}

function nextDay(from: LocalDay, weekdays: readonly number[]): LocalDay {
  return weekdays.includes(weekday(from)) ? from : nextDay(addDays(from, 1), weekdays);
}

function closedDay(town: Town): LocalDay {
  return nextDay(addDays(town.today, 6), MON_TO_FRI);
}

/** A day on which nothing is left of the service that takes one at a time. */
export function fullDay(town: Town): LocalDay {
  return nextDay(addDays(town.today, 3), MON_TO_FRI);
}

/** Today, and tomorrow when it is near. */
function liveDays(town: Town): LocalDay[] {
  return [...new Set([town.today, localDay(addMinutes(town.now, LIVE_MINUTES), ZONE)])];
}

function coversLiveTime(town: Town, service: DemoService, day: LocalDay): boolean {
  const { from, to } = liveTime(town, day);
  return openWindows(day, service.rules, []).some((window) => {
    const [opens, closes] = [instantAt(day, window.from, ZONE), instantAt(day, window.to, ZONE)];
    return opens !== undefined && closes !== undefined && opens <= from && to <= closes;
  });
}

/** The part of a day that is around now. */
function liveTime(town: Town, day: LocalDay): { from: Date; to: Date } {
  return {
    from: later(dayStart(day, ZONE), addMinutes(town.now, -LIVE_MINUTES)),
    to: earlier(dayEnd(day, ZONE), addMinutes(town.now, LIVE_MINUTES)),
  };
}

/** In whole hours: as long as a working day, so that the demo is still alive hours later. */
function liveHours(town: Town, day: LocalDay): { opens: string; closes: string } {
  const { from, to } = liveTime(town, day);
  const opens = localHour(from, ZONE);
  const ends = to < dayEnd(day, ZONE) ? localHour(to, ZONE) + 1 : 24;
  const closes = Math.min(24, Math.max(ends, opens + EXTRA_HOURS));
  const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
  return { opens: clock(opens), closes: clock(closes) };
}

const EXTRA_HOURS = 12;

/** Whether there is a line of this service at whatever hour the demo is started. */
export function isLive(town: Town, service: DemoService): boolean {
  return service === town.services.passports || service === town.services.parking;
}
