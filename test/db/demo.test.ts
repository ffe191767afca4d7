import { expect, test } from 'vitest';
import { actOf } from '../../src/actions/act.ts';
import { slotsOf } from '../../src/actions/availability.ts';
import { endPastDays } from '../../src/actions/day-end.ts';
import { advance } from '../../src/actions/queue.ts';
import { DEMO_LOGINS, DEMO_PASSWORD } from '../../src/db/demo/facts.ts';
import { isEmpty, seedDemo } from '../../src/db/demo/seed.ts';
import { hoursOf } from '../../src/db/hours.ts';
import { standingReservationsOf } from '../../src/db/own-reservations.ts';
import { activeServices, serviceBySlug } from '../../src/db/services.ts';
import { query, type Reader, type Store } from '../../src/db/store.ts';
import { addMinutes, MINUTE } from '../../src/domain/clock.ts';
import { addDays, dayEnd, dayStart, localDay, weekday } from '../../src/domain/days.ts';
import { checkInWindow } from '../../src/domain/reservation.ts';
import type { Person, Role } from '../../src/domain/roles.ts';
import { daySlots, peakLoad } from '../../src/domain/slots.ts';
import { ticketNumber } from '../../src/domain/ticket.ts';
import { checkInTo } from '../support/builders.ts';
import { DIALECTS, onBothDatabases, openDatabase, SOAK, type TestDatabase } from '../support/databases.ts';

const ZONE = 'Europe/London';
const SUNDAY_HOURS = Array.from(
  { length: 24 },
  (_, hour) => `2026-11-22T${String(hour).padStart(2, '0')}:07:31.250Z`,
);
const MIDNIGHTS = [
  '2026-11-22T00:00:00Z',
  '2026-11-23T00:05:00Z',
  '2026-11-23T23:55:00Z',
  '2026-11-22T23:59:59.999Z',
];
const CLOCK_CHANGES = [
  '2027-03-28T00:30:00Z', // half an hour before the clocks go forward
  '2027-03-28T01:05:00Z', // 02:05, just after the hour that does not exist
  '2027-03-28T11:00:00Z',
  '2027-03-27T22:30:00Z', // the hour that does not exist is near
  '2026-10-25T00:30:00Z', // 01:30, the first time
  '2026-10-25T01:30:00Z', // 01:30, the second time
  '2026-10-25T12:00:00Z',
];
const OTHER_DAYS = [
  '2028-02-29T10:00:00Z',
  '2026-11-24T12:30:00Z', // a Tuesday, everything is open
  '2026-11-25T08:02:00Z',
  '2026-11-26T16:20:00Z',
  '2026-11-28T10:40:00Z', // a Saturday
  '2026-12-24T15:00:00Z',
];
const ALL_MOMENTS = [...SUNDAY_HOURS, ...MIDNIGHTS, ...CLOCK_CHANGES, ...OTHER_DAYS];
/** Where the day has a kink, and two days as they mostly are. */
const MOMENTS = [SUNDAY_HOURS[3], ...MIDNIGHTS, ...CLOCK_CHANGES, ...OTHER_DAYS.slice(0, 2)];
/** PostgreSQL stores the same rows; a few moments prove it. */
const FEW_MOMENTS = [MIDNIGHTS[2], CLOCK_CHANGES[1], CLOCK_CHANGES[5], OTHER_DAYS[1]];

const hash = async (password: string) => `hashed:${password}`;

for (const dialect of DIALECTS) {
  const moments = SOAK ? ALL_MOMENTS : dialect === 'sqlite' ? MOMENTS : FEW_MOMENTS;
  test.each(moments)(`the demo started at %s, on ${dialect}`, async (moment) => {
    const now = new Date(moment as string);
    const database = await openDatabase(dialect);
    try {
      await seedDemo(database.store, () => now, hash);
      const demo = await everything(database.store);
      await expectGrid(database.store, demo, now);
      expectCapacity(demo);
      expectLines(demo, now);
      expectLiveLine(demo, now);
      expectHistory(demo, now);
      expectEvents(demo, now);
      await expectBookable(database.store, now);
      await expectCustomer(database.store, demo, now);
      if (dialect === 'sqlite') expect(await database.raw('PRAGMA foreign_key_check')).toEqual([]);
    } finally {
      await database.close();
    }
  });
}

onBothDatabases('an empty database', (open) => {
  const now = new Date('2026-11-22T03:00:00Z');

  test('is filled once, whoever starts at the same moment', async () => {
    const { store, openAnother } = open();
    expect(await isEmpty(store)).toBe(true);
    let hashes = 0;
    const countingHash = (password: string) => {
      hashes += 1;
      return hash(password);
    };
    // Different moments, as two instances have them: not even an id is the same.
    const seeds = [store, openAnother(), openAnother()].map((instance, index) =>
      seedDemo(instance, () => addMinutes(now, index), countingHash),
    );
    await Promise.all(seeds);
    expect(await isEmpty(store)).toBe(false);
    const { users, services, locations } = await everything(store);
    expect([locations.length, services.length]).toEqual([1, 5]);
    expect(users.filter(({ role }) => role !== 'user')).toHaveLength(3);
    expect(hashes).toBe(3 * DEMO_LOGINS.length);
  });

  test('is not empty any more, and nothing happens to it', async () => {
    const { store } = open();
    const before = await everything(store);
    await seedDemo(
      store,
      () => addMinutes(now, 600),
      () => Promise.reject(new Error('No password is hashed')),
    );
    expect(await everything(store)).toEqual(before);
  });
});

onBothDatabases('a database that somebody uses', (open) => {
  const now = new Date('2026-11-22T03:00:00Z');

  test('gets no demo data, not even when the first user comes while it is made', async () => {
    const { store } = open();
    await seedDemo(
      store,
      () => now,
      async () => {
        if (await isEmpty(store)) await addFirstUser(store, now).catch(() => undefined);
        return 'hashed';
      },
    );
    const { users, locations } = await everything(store);
    expect([users.length, locations.length]).toEqual([1, 0]);
  });

  test('gets none later either', async () => {
    const { store } = open();
    expect(await isEmpty(store)).toBe(false);
    await seedDemo(store, () => now, hash);
    const { users, locations } = await everything(store);
    expect([users.length, locations.length]).toEqual([1, 0]);
  });
});

onBothDatabases('the demo', (open) => {
  const now = new Date('2026-11-22T03:00:00Z'); // a Sunday night
  const act = (actor: Person, minutes = 0) => actOf(open().store, () => addMinutes(now, minutes), actor);

  test('is the same each time it is made for a moment', async () => {
    const { store } = open();
    await seedDemo(store, () => now, hash);
    const twin = await openDatabase(store.dialect);
    try {
      await seedDemo(twin.store, () => now, hash);
      expect(await everything(twin.store)).toEqual(await everything(store));
    } finally {
      await twin.close();
    }
  });

  test('has the four logins with one password', async () => {
    const { users, accounts, staffLocations } = await everything(open().store);
    expect(DEMO_PASSWORD.length).toBeGreaterThanOrEqual(10);
    const logins = accounts.map((account) => {
      const user = users.find(({ id }) => id === account.userId);
      expect(account).toMatchObject({
        providerId: 'credential',
        accountId: user?.id,
        password: `hashed:${DEMO_PASSWORD}`,
      });
      return { email: user?.email, name: user?.name, role: user?.role };
    });
    expect(logins.sort(byEmail)).toEqual([...DEMO_LOGINS].sort(byEmail));
    expect(DEMO_LOGINS.map(({ email }) => email)).toEqual(
      ['admin', 'staff1', 'staff2', 'customer'].map((name) => `${name}@demo.example`),
    );
    expect(new Set(users.map(({ email }) => email)).size).toBe(users.length);
    for (const { email } of users) expect(email).toMatch(/^[a-z0-9.]+@demo\.example$/);
    expect(staffLocations).toHaveLength(2);
  });

  test('has no line of a past day left to end', async () => {
    expect(await endPastDays({ ...act(await login(open(), 'admin')), actor: null })).toBe(0);
  });

  test('can be worked at once: the next one is called, and the customer checks in', async () => {
    const { store } = open();
    const staff = await login(open(), 'staff1');
    const customer = await login(open(), 'customer');
    const service = await passports(store);
    const { entries } = await everything(store);
    const ofNow = (status: string) =>
      entries.find((entry) => entry.serviceId === service.id && entry.status === status);
    const [serving, called] = ['in_service', 'called'].map(ofNow);
    const { completed, inService } = await advance(act(staff), service, { deskId: serving?.deskId ?? null });
    expect([completed?.id, inService?.id]).toEqual([serving?.id, called?.id]);
    const [soon] = await store.run(standingReservationsOf, { userId: customer.id, since: now });
    const ticket = await checkInTo(act(customer, 1), { id: soon?.id ?? '' });
    expect(ticket).toMatchObject({ status: 'waiting', reservationId: soon?.id });
  });

  test('has a closure, a break and a special day ahead, and a full day of a service', async () => {
    const { closures, services, reservations } = await everything(open().store);
    const today = localDay(now, ZONE);
    const ahead = closures.filter(({ day }) => day > today);
    const publicClosure = ahead.find(
      ({ serviceId, kind, opens }) => serviceId === null && kind === 'closed' && opens === null,
    );
    expect(weekday(publicClosure?.day ?? '2026-01-03')).toBeLessThan(6);
    expect(reservations.filter(({ localDay }) => localDay === publicClosure?.day)).toEqual([]);
    expect(ahead.some(({ kind, opens }) => kind === 'closed' && opens !== null)).toBe(true);
    expect(ahead.some(({ kind }) => kind === 'special')).toBe(true);
    const birth = services.find(({ slug }) => slug === 'register-a-birth');
    const hours = birth && (await hoursOf(open().store, birth, today, addDays(today, 14)));
    const full = Array.from({ length: 14 }, (_, offset) => addDays(today, offset + 1)).filter((day) => {
      const slots = birth && hours ? daySlots(day, ZONE, birth, hours.rules, hours.closures) : [];
      const taken = reservations.filter(
        (other) => isStanding(other) && other.serviceId === birth?.id && other.localDay === day,
      );
      return slots.length > 0 && slots.length === taken.length;
    });
    expect(full.length).toBeGreaterThanOrEqual(1);
  });
});

// What holds at every moment.

type Demo = Awaited<ReturnType<typeof everything>>;

/** Every reservation stands on the grid of its day, and was booked in time by somebody who was there. */
async function expectGrid(store: Store, demo: Demo, now: Date): Promise<void> {
  const days = demo.reservations.map((reservation) => reservation.localDay).sort();
  const grids = new Map<string, Map<number, number>>();
  for (const service of await store.run(activeServices, {})) {
    const { rules, closures } = await hoursOf(store, service, days[0] ?? '', days.at(-1) ?? '');
    for (const day of new Set(days)) {
      const slots = daySlots(day, service.location.timeZone, service, rules, closures);
      grids.set(
        `${service.id} ${day}`,
        new Map(slots.map(({ starts, ends }) => [starts.getTime(), ends.getTime()])),
      );
    }
  }
  const off = demo.reservations.filter(
    ({ serviceId, localDay: day, timeSlot, endsAt }) =>
      localDay(timeSlot, ZONE) !== day ||
      grids.get(`${serviceId} ${day}`)?.get(timeSlot.getTime()) !== endsAt.getTime(),
  );
  expect(off).toEqual([]);
  const members = new Map(demo.users.map((user) => [user.id, user.createdAt]));
  const leads = new Map(demo.services.map((service) => [service.id, service.leadMinutes]));
  const early = demo.reservations.filter(
    ({ userId, serviceId, createdAt, updatedAt, timeSlot }) =>
      createdAt > now ||
      updatedAt > now ||
      updatedAt < createdAt ||
      createdAt > addMinutes(timeSlot, -(leads.get(serviceId) ?? 0)) ||
      createdAt < (members.get(userId ?? '') ?? now),
  );
  expect(early).toEqual([]);
}

function expectCapacity({ reservations, services }: Demo): void {
  const standing = Map.groupBy(
    reservations.filter(isStanding),
    ({ serviceId, localDay: day }) => `${serviceId} ${day}`,
  );
  for (const ofDay of standing.values()) {
    const capacity = services.find(({ id }) => id === ofDay[0]?.serviceId)?.capacity ?? 0;
    const peaks = ofDay.map(({ timeSlot, endsAt }) => peakLoad(ofDay, timeSlot, endsAt));
    expect(Math.max(...peaks)).toBeLessThanOrEqual(capacity);
    for (const ofPerson of Map.groupBy(ofDay, ({ userId }) => userId).values()) {
      for (const { timeSlot, endsAt, party } of ofPerson)
        expect(peakLoad(ofPerson, timeSlot, endsAt)).toBe(party);
    }
  }
}

/** Every line is in order: numbers, states and times agree, and a desk serves one at a time. */
function expectLines({ entries, queues, services, reservations }: Demo, now: Date): void {
  const today = localDay(now, ZONE);
  const lines = Map.groupBy(entries, ({ serviceId, localDay: day }) => `${serviceId} ${day}`);
  for (const [name, line] of lines) {
    const queue = queues.find(({ serviceId, localDay: day }) => `${serviceId} ${day}` === name);
    expect(line.map(({ position }) => position).sort((a, b) => a - b)).toEqual(
      line.map((_, index) => index + 1),
    );
    expect(queue?.lastPosition).toBe(line.length);
    expect(queue?.version).toBeGreaterThan(line.length);
  }
  for (const queue of queues) {
    expect(queue.endedAt).toEqual(queue.localDay < today ? dayEnd(queue.localDay, ZONE) : null);
  }
  for (const entry of entries) {
    const service = services.find(({ id }) => id === entry.serviceId);
    const reservation = reservations.find(({ id }) => id === entry.reservationId);
    const [start, end] = [dayStart(entry.localDay, ZONE), dayEnd(entry.localDay, ZONE)];
    expect(entry.number).toBe(ticketNumber(service?.prefix ?? '', entry.position));
    if (entry.reservationId)
      expect(reservation).toMatchObject({
        serviceId: entry.serviceId,
        localDay: entry.localDay,
        status: 'confirmed',
      });
    else expect(entry.name).not.toBe('');
    if (service?.checkIn === 'none') expect(entry.arrivedAt).toEqual(reservation?.timeSlot);
    else
      expect(entry).toSatisfy(
        ({ arrivedAt, createdAt }) => arrivedAt <= now && createdAt.getTime() === arrivedAt.getTime(),
      );
    if (!service?.walkIns) expect(entry.reservationId).not.toBeNull();
    expect(entry.arrivedAt >= start && entry.arrivedAt < end).toBe(true);
    expect(entry.createdAt <= now && entry.updatedAt <= now && entry.updatedAt >= entry.createdAt).toBe(true);
    expectTimes(entry, now);
    if (entry.localDay !== today && service?.checkIn !== 'none')
      expect(['completed', 'skipped', 'left']).toContain(entry.status);
    if (entry.localDay > today) expect(entry.status).toBe('waiting');
  }
  const served = entries.filter(({ status }) => status === 'in_service');
  expect(new Set(served.map(({ serviceId, deskId }) => `${serviceId} ${deskId}`)).size).toBe(served.length);
}

function expectTimes(
  { status, arrivedAt, calledAt, startedAt, endedAt, localDay: day }: Demo['entries'][number],
  now: Date,
): void {
  const times = [calledAt, startedAt, endedAt].filter((time) => time !== null);
  const inOrder = [arrivedAt, ...times];
  if (times.length > 0) expect(inOrder).toEqual(inOrder.toSorted((a, b) => a.getTime() - b.getTime()));
  for (const time of times) expect(time <= now && localDay(time, ZONE) === day).toBe(true);
  const has = [calledAt, startedAt, endedAt].map((time) => (time ? 1 : 0)).join('');
  expect({ status, has }).toEqual({
    status,
    has: {
      waiting: '000',
      called: '100',
      in_service: '110',
      completed: '111',
      skipped: '101',
      left: '001',
      parked: '',
    }[status],
  });
}

/** Passports and parking have people at the desks and people who wait, some of them due. */
function expectLiveLine({ entries, services, desks }: Demo, now: Date): void {
  const today = localDay(now, ZONE);
  const line = (slug: string) => {
    const service = services.find((candidate) => candidate.slug === slug);
    return entries.filter(({ serviceId, localDay: day }) => serviceId === service?.id && day === today);
  };
  const count = (slug: string, status: string) =>
    line(slug).filter((entry) => entry.status === status).length;
  const [main, second] = ['passports-and-id-cards', 'parking-permits'];
  expect(count(main, 'in_service')).toBe(1);
  expect(count(main, 'called')).toBe(1);
  expect(count(main, 'skipped')).toBeGreaterThanOrEqual(1);
  expect(count(main, 'waiting')).toBeGreaterThanOrEqual(6);
  expect(count(main, 'waiting')).toBeLessThanOrEqual(8);
  expect(count(second, 'in_service')).toBe(1);
  expect(count(second, 'waiting')).toBeGreaterThanOrEqual(4);
  const atDesks = [main, second]
    .flatMap(line)
    .filter(({ status }) => ['in_service', 'called'].includes(status));
  expect(atDesks.filter(({ deskId }) => deskId === null)).toEqual([]);
  const serving = atDesks.filter(({ status }) => status === 'in_service').map(({ deskId }) => deskId);
  expect(new Set(serving).size).toBe(serving.length);
  // Whoever signs in as staff finds a desk at which nobody is.
  expect(
    desks.some(({ id, staffedBy }) => staffedBy === null && !atDesks.some(({ deskId }) => deskId === id)),
  ).toBe(true);
  for (const slug of [main, second]) {
    const waiting = line(slug).filter(({ status }) => status === 'waiting');
    expect(waiting.filter(({ dueAt }) => dueAt <= now).length).toBeGreaterThanOrEqual(3);
    expect(waiting.some(({ reservationId }) => reservationId)).toBe(true);
    expect(waiting.some(({ reservationId }) => !reservationId)).toBe(true);
    if (now >= addMinutes(dayStart(today, ZONE), 4 * 60))
      expect(count(slug, 'completed')).toBeGreaterThanOrEqual(3);
  }
}

/** Two weeks of days that are over, with plausible lengths of service, and two weeks ahead. */
function expectHistory({ entries, services, reservations }: Demo, now: Date): void {
  const today = localDay(now, ZONE);
  for (const { id, durationMinutes } of services) {
    const completed = entries.filter(
      ({ serviceId, status, localDay: day }) => serviceId === id && status === 'completed' && day < today,
    );
    expect(new Set(completed.map(({ localDay: day }) => day)).size).toBeGreaterThanOrEqual(8);
    const lengths = completed.map(
      ({ startedAt, endedAt }) => ((endedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)) / MINUTE,
    );
    const mean = lengths.reduce((total, length) => total + length, 0) / lengths.length;
    expect(mean).toBeGreaterThan(durationMinutes * 0.5);
    expect(mean).toBeLessThan(durationMinutes);
    const coming = reservations.filter(({ serviceId, timeSlot }) => serviceId === id && timeSlot > now);
    expect(coming.length).toBeGreaterThan(10);
  }
}

/** Each ticket's events lead from its number to the state it is in. */
function expectEvents({ events, entries, reservations, services, users }: Demo, now: Date): void {
  const known = (rows: readonly { id: string }[]) =>
    new Set<string | null>([null, ...rows.map(({ id }) => id)]);
  const [entryIds, reservationIds, serviceIds, userIds] = [entries, reservations, services, users].map(known);
  const stray = events.filter(
    ({ at, entryId, reservationId, serviceId, actorId }) =>
      at > now ||
      !entryIds?.has(entryId) ||
      !reservationIds?.has(reservationId) ||
      !serviceIds?.has(serviceId) ||
      !userIds?.has(actorId),
  );
  expect(stray).toEqual([]);
  const ofEntry = Map.groupBy(
    events.filter(({ entryId }) => entryId),
    ({ entryId }) => entryId,
  );
  for (const { id, status, version } of entries) {
    const facts = (ofEntry.get(id) ?? []).toSorted(
      (a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1),
    );
    expect(facts.map(({ fromStatus }) => fromStatus)).toEqual([
      null,
      ...facts.slice(0, -1).map(({ toStatus }) => toStatus),
    ]);
    expect(facts.at(-1)?.toStatus).toBe(status);
    expect(version).toBe(facts.length);
  }
  expect(events.filter(({ verb }) => verb === 'book')).toHaveLength(reservations.length);
}

/** Somebody who opens the page now finds a free place soon, whatever the hour. */
async function expectBookable(store: Store, now: Date): Promise<void> {
  const today = localDay(now, ZONE);
  for (const slug of ['passports-and-id-cards', 'parking-permits']) {
    const service = await serviceBySlug(store, slug);
    if (!service) throw new Error(`No service ${slug}`);
    const days = await Promise.all(
      [today, addDays(today, 1)].map((day) => slotsOf(store, service, day, now)),
    );
    const soon = days.flat().filter(({ starts }) => starts <= addMinutes(now, 180));
    expect(soon.length).toBeGreaterThanOrEqual(5);
    expect(soon.filter(({ available }) => available > 0).length).toBeGreaterThanOrEqual(3);
    const { rules, closures } = await hoursOf(store, service, today, today);
    const around = daySlots(today, ZONE, service, rules, closures).filter(
      ({ starts }) => Math.abs(starts.getTime() - now.getTime()) <= 90 * MINUTE,
    );
    expect(around.length).toBeGreaterThanOrEqual(3);
  }
}

async function expectCustomer(
  store: Store,
  { reservations, entries, users }: Demo,
  now: Date,
): Promise<void> {
  const customer = users.find(({ email }) => email === 'customer@demo.example');
  const upcoming = await store.run(standingReservationsOf, { userId: customer?.id ?? '', since: now });
  expect(upcoming.map(({ status }) => status)).toEqual(['confirmed', 'confirmed']);
  const [soon, laterOne] = upcoming;
  const today = localDay(now, ZONE);
  const lastSlot = addMinutes(dayEnd(today, ZONE), -30);
  if (soon && now < lastSlot) {
    expect(soon.localDay).toBe(today);
    const { opens, closes } = checkInWindow(soon, await passports(store), ZONE);
    // On the night the clocks go back the repeated hour has no slots.
    if (now.toISOString().slice(0, 10) !== '2026-10-25') expect(opens <= now && now <= closes).toBe(true);
  }
  expect(laterOne && laterOne.localDay > addDays(today, 3)).toBe(true);
  expect(entries.filter(({ reservationId }) => upcoming.some(({ id }) => id === reservationId))).toEqual([]);
  const past = reservations.filter(({ userId, timeSlot }) => userId === customer?.id && timeSlot <= now);
  expect(past.length).toBeGreaterThanOrEqual(3);
}

// Reading.

const readers = {
  users: query('test_users', (db, t) => db.select().from(t.users).orderBy(t.users.id)),
  accounts: query('test_accounts', (db, t) => db.select().from(t.accounts).orderBy(t.accounts.id)),
  locations: query('test_locations', (db, t) => db.select().from(t.locations).orderBy(t.locations.id)),
  staffLocations: query('test_staff', (db, t) =>
    db.select().from(t.staffLocations).orderBy(t.staffLocations.userId),
  ),
  desks: query('test_desks', (db, t) => db.select().from(t.desks).orderBy(t.desks.id)),
  services: query('test_services', (db, t) => db.select().from(t.services).orderBy(t.services.id)),
  closures: query('test_closures', (db, t) => db.select().from(t.closures).orderBy(t.closures.id)),
  reservations: query('test_reservations', (db, t) =>
    db.select().from(t.reservations).orderBy(t.reservations.id),
  ),
  queues: query('test_queues', (db, t) =>
    db.select().from(t.queues).orderBy(t.queues.serviceId, t.queues.localDay),
  ),
  entries: query('test_entries', (db, t) => db.select().from(t.queueEntries).orderBy(t.queueEntries.id)),
  events: query('test_events', (db, t) => db.select().from(t.events).orderBy(t.events.id)),
};

async function everything(db: Reader) {
  return {
    users: await db.run(readers.users, {}),
    accounts: await db.run(readers.accounts, {}),
    locations: await db.run(readers.locations, {}),
    staffLocations: await db.run(readers.staffLocations, {}),
    desks: await db.run(readers.desks, {}),
    services: await db.run(readers.services, {}),
    closures: await db.run(readers.closures, {}),
    reservations: await db.run(readers.reservations, {}),
    queues: await db.run(readers.queues, {}),
    entries: await db.run(readers.entries, {}),
    events: await db.run(readers.events, {}),
  };
}

/** Throws the second time. */
async function addFirstUser(store: Store, now: Date): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.write.insert(tx.tables.users).values({
      id: '0193570e-0000-7000-8000-000000000001',
      name: 'First Admin',
      email: 'first@example.test',
      role: 'admin',
      createdAt: now,
      updatedAt: now,
    });
  });
}

async function passports(store: Store) {
  const service = await serviceBySlug(store, 'passports-and-id-cards');
  if (!service) throw new Error('No passports');
  return service;
}

async function login({ store }: TestDatabase, name: string): Promise<Person> {
  const { users, staffLocations } = await everything(store);
  const user = users.find(({ email }) => email === `${name}@demo.example`);
  if (!user) throw new Error(`No ${name}`);
  const locationIds = staffLocations
    .filter(({ userId }) => userId === user.id)
    .map(({ locationId }) => locationId);
  return { id: user.id, name: user.name, email: user.email, role: user.role as Role, locationIds };
}

function isStanding({ status }: { status: string }): boolean {
  return status !== 'canceled';
}

function byEmail(a: { email: string | undefined }, b: { email: string | undefined }): number {
  return (a.email ?? '').localeCompare(b.email ?? '');
}
