import { v7 } from 'uuid';
import { addMinutes, type Clock, DAY, MINUTE } from '../domain/clock.ts';
import { addDays, dayEnd, dayStart, instantAt, type LocalDay, localDay, weekday } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import { dueTimes } from '../domain/order.ts';
import type { Role } from '../domain/roles.ts';
import type { Closure, OpeningRule, Service } from '../domain/service.ts';
import { daySlots, openWindows, type Slot } from '../domain/slots.ts';
import { ticketNumber } from '../domain/ticket.ts';
import { query, type Store } from './store.ts';
import type { Tables } from './tables.ts';

export const DEMO_PASSWORD = 'now-serving-demo';
export const DEMO_LOGINS = [
  { email: 'admin@demo.example', name: 'Eleanor Whitfield', role: 'admin' },
  { email: 'staff1@demo.example', name: 'Priya Nair', role: 'staff' },
  { email: 'staff2@demo.example', name: 'Tom Ashworth', role: 'staff' },
  { email: 'customer@demo.example', name: 'Maya Okafor', role: 'user' },
] as const satisfies readonly { email: string; name: string; role: Role }[];

const LOCATION = { name: 'Rivermouth Town Hall', slug: 'rivermouth-town-hall', timeZone: 'Europe/London' };
const ZONE = LOCATION.timeZone;
/** How many days back and ahead there is something to see. */
const SPAN = 14;
/** The two services with a line in progress can be used this long before and after the start, at any hour. */
const LIVE_MINUTES = 180;
/** Another instance fills the same database meanwhile: how often and for how long to look whether it is done. */
const BUSY_TRIES = 40;
const BUSY_PAUSE_MS = 250;

const anyUser = query('any_user', (db, t) => db.select({ id: t.users.id }).from(t.users).limit(1));
const anyService = query('any_service', (db, t) =>
  db.select({ id: t.services.id }).from(t.services).limit(1),
);

/** Whether nobody has used this database yet: no user and no service. */
export async function isEmpty(store: Pick<Store, 'run'>): Promise<boolean> {
  const found = [...(await store.run(anyUser, {})), ...(await store.run(anyService, {}))];
  return found.length === 0;
}

/**
 * Fills an empty database with a town hall in the middle of its day: two lines in progress, two weeks of history, two
 * weeks of bookings. The same moment gives the same data. Does nothing when the database is not empty, nor when another
 * instance is faster. `hashPassword` hashes the one password of the demo logins.
 */
export async function seedDemo(
  store: Store,
  clock: Clock,
  hashPassword: (password: string) => Promise<string>,
): Promise<void> {
  if (!(await isEmpty(store))) return;
  const hashes = await Promise.all(DEMO_LOGINS.map(() => hashPassword(DEMO_PASSWORD)));
  const demo = demoRows(clock(), hashes);
  for (let tries = 1; ; tries++) {
    try {
      return await insertAll(store, demo);
    } catch (error) {
      if (!isBusy(error) || tries === BUSY_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'busy';
}

type Row<K extends keyof Tables> = Tables[K]['$inferInsert'];

/** In the order in which they can be inserted. The queues come first: the reservations' triggers raise their versions. */
interface Rows {
  users: Row<'users'>[];
  accounts: Row<'accounts'>[];
  staffLocations: Row<'staffLocations'>[];
  desks: Row<'desks'>[];
  services: Row<'services'>[];
  openingRules: Row<'openingRules'>[];
  closures: Row<'closures'>[];
  queues: Row<'queues'>[];
  reservations: Row<'reservations'>[];
  queueEntries: Row<'queueEntries'>[];
  events: Row<'events'>[];
}

/** SQLite takes 32,766 parameters a statement, and no table has more than 30 columns. */
const CHUNK = 500;

async function insertAll(
  store: Store,
  { location, rows }: { location: Row<'locations'>; rows: Rows },
): Promise<void> {
  await store.transaction(async (tx) => {
    if (!(await isEmpty(tx))) return;
    // On PostgreSQL this waits for an instance that has just inserted the same slug; no row back means that it won.
    const [won] = await tx.write
      .insert(tx.tables.locations)
      .values(location)
      .onConflictDoNothing()
      .returning({ id: tx.tables.locations.id });
    if (!won) return;
    for (const name of Object.keys(rows) as (keyof Rows)[]) {
      for (let from = 0; from < rows[name].length; from += CHUNK) {
        await tx.write.insert(tx.tables[name]).values(rows[name].slice(from, from + CHUNK) as never);
      }
    }
  });
}

/** What is known while the rows are made. */
interface Town {
  now: Date;
  today: LocalDay;
  locationId: string;
  /** From 0 to 1, the same sequence every time. */
  random: () => number;
  /** An id that sorts by the moment its row was made. */
  id: (at: Date) => string;
  rows: Rows;
  desks: string[];
  staff: string[];
  /** The customer who can sign in; the load of the days leaves them alone. */
  customer: string;
  customers: string[];
  /** How many have walked in so far. */
  walkIns: number;
  services: Record<ServiceKey, DemoService>;
  closures: Closure[];
  bookings: Map<string, Booking[]>;
  visits: Map<string, Visit[]>;
  /** What each customer has on a day. */
  diary: Map<string, Booking[]>;
}

type DemoService = Service & { rules: OpeningRule[]; load: number; walkInsADay: number };
type Booking = Row<'reservations'>;

/** What becomes a queue entry once all of a day's are known and can be numbered. */
interface Visit {
  booking: Booking | null;
  name: string;
  phone: string | null;
  priority: number;
  /** When it got its number. */
  takenAt: Date;
  arrivedAt: Date;
  dueAt: Date;
  effectiveAt: Date;
  status: NonNullable<Row<'queueEntries'>['status']>;
  calledAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  deskId: string | null;
}

function demoRows(now: Date, hashes: readonly string[]): { location: Row<'locations'>; rows: Rows } {
  const random = mulberry32(20_261_122);
  const town = emptyTown(now, random);
  const opened = new Date(now.getTime() - 200 * DAY);
  const dates = { createdAt: opened, updatedAt: opened };

  addPeople(town, hashes);
  addPlace(town, dates);
  addClosures(town, dates);
  bookForCustomer(town);
  for (const service of Object.values(town.services)) {
    for (let offset = -SPAN; offset <= SPAN; offset++) {
      const day = addDays(town.today, offset);
      if (offset < 0) pastDay(town, service, day);
      else if (offset > 0) comingDay(town, service, day, offset);
      else if (isLive(town, service)) liveDay(town, service);
      else quietDay(town, service);
    }
  }
  numberVisits(town);
  return { location: { id: town.locationId, ...LOCATION, ...dates }, rows: town.rows };
}

function emptyTown(now: Date, random: () => number): Town {
  let count = 0;
  const id = (at: Date) => {
    count += 1;
    return v7({
      msecs: at.getTime(),
      seq: count,
      random: Uint8Array.from({ length: 16 }, () => random() * 256),
    });
  };
  return {
    now,
    today: localDay(now, ZONE),
    locationId: id(now),
    random,
    id,
    rows: {
      users: [],
      accounts: [],
      staffLocations: [],
      desks: [],
      services: [],
      openingRules: [],
      closures: [],
      queues: [],
      reservations: [],
      queueEntries: [],
      events: [],
    },
    desks: [],
    staff: [],
    customer: '',
    customers: [],
    walkIns: 0,
    services: {} as Town['services'],
    closures: [],
    bookings: new Map(),
    visits: new Map(),
    diary: new Map(),
  };
}

/** A small generator of numbers from 0 to 1 (Tommy Ettinger's mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// --- people and place ---

// biome-ignore format: a name a line would be a page of names
const CUSTOMER_NAMES = [
  'Adaeze Eze', 'Aisha Rahman', 'Aleksandra Nowak', 'Amira Haddad', 'Andrés Moreno', 'Anneke de Vries',
  'Arjun Mehta', 'Bethan Llewellyn', 'Callum Fraser', 'Carmen Ruiz', 'Chidi Obi', 'Chloé Laurent',
  'Daniel Kowalczyk', 'Dimitra Pappas', 'Elif Yılmaz', 'Emeka Nwosu', 'Erin Gallagher', 'Fatima Zahra',
  'Giulia Romano', 'Gwen Pritchard', 'Hana Sato', 'Harold Finch', 'Ingrid Larsen', 'Ivan Petrov',
  'Jia Chen', 'Joanna Wright', 'Kwame Mensah', 'Leila Farahani', 'Lukas Weber', 'Mateus Oliveira',
  'Mei Tanaka', 'Mohammed Ali', 'Niamh Byrne', 'Nikhil Sharma', 'Olga Ivanova', 'Omar Farouk',
  'Patience Moyo', 'Quỳnh Nguyễn', 'Rosa Delgado', 'Samuel Osei', 'Siobhán Kelly', 'Sunita Rao',
  'Tariq Aziz', 'Tomasz Zieliński', 'Valentina Rossi', 'William Hughes', 'Yusuf Demir', 'Zoë Bennett',
];

/** As the front desk types them. */
// biome-ignore format: a name a line would be a page of names
const WALK_IN_NAMES = [
  'Mrs Patel', 'George Baker', 'Lena Hoffmann', 'Mr Adeyemi', 'Sofia Marino', 'Family Novak',
  'Pat Doyle', 'Ms Green', 'Hassan Karimi', 'Ruth Adler', 'Jean Dupont', 'Marta Silva', 'Mr Thornton',
  'Kim Park', 'Deborah King', 'Ravi Kumar', 'Anna Lindqvist', 'Mr and Mrs Cole', 'Bilal Hussain',
  'Grace Otieno', 'Peter Vance', 'Yara Nasser', 'Len Cartwright', 'Dot Miller',
];

function addPeople(town: Town, hashes: readonly string[]): void {
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

interface Dates {
  createdAt: Date;
  updatedAt: Date;
}

type ServiceKey = 'passports' | 'birth' | 'parking' | 'building' | 'recycling';

/** The two with a line in progress whenever the demo starts, and who works it. */
const LIVE: Partial<Record<ServiceKey, { walkIns: number[]; arrivedForNow: number }>> = {
  passports: { walkIns: [27, 16, 9, 3], arrivedForNow: 2 },
  parking: { walkIns: [8, 5, 1], arrivedForNow: 1 },
};

type ServiceFacts = Pick<
  DemoService,
  | 'slug'
  | 'name'
  | 'description'
  | 'whatToBring'
  | 'prefix'
  | 'durationMinutes'
  | 'capacity'
  | 'rules'
  | 'load'
  | 'walkInsADay'
> &
  Partial<Service>;

const MON_TO_FRI = [1, 2, 3, 4, 5];

const SERVICES: Record<ServiceKey, ServiceFacts> = {
  passports: {
    slug: 'passports-and-id-cards',
    name: 'Passports and ID cards',
    description:
      'Apply for a new passport or identity card, renew one, or report one as lost. We check your papers and your photo with you, so that nothing comes back in the post. Children are welcome and need to come along.',
    whatToBring:
      'Your old passport or card, if you still have it\nOne recent photo, or 6 pounds for our photo booth\nFor a child: the birth certificate, and a parent who can sign',
    prefix: 'A',
    durationMinutes: 20,
    capacity: 3,
    walkInsADay: 9,
    load: 0.36,
    rules: [...weekly(MON_TO_FRI, ['08:00', '18:00']), ...weekly([6], ['09:00', '12:00'])],
  },
  birth: {
    slug: 'register-a-birth',
    name: 'Register a birth',
    description:
      'Congratulations! Register your baby within six weeks. We sit down together in a quiet room, and you take the certificate home the same day. There is space for the pram and a table to change a nappy.',
    whatToBring:
      'The red book or the letter from the hospital\nAn identity card or passport of each parent who comes\nYour marriage certificate, if you have one',
    prefix: 'B',
    durationMinutes: 40,
    bufferMinutes: 5,
    stepMinutes: 45,
    capacity: 1,
    cancelMinutes: 120,
    walkIns: false,
    walkInsADay: 0,
    load: 0.6,
    rules: weekly(MON_TO_FRI, ['09:00', '12:00'], ['13:00', '16:45']),
  },
  parking: {
    slug: 'parking-permits',
    name: 'Parking permits',
    description:
      'Permits for residents, carers and visitors, and changes when you have a new car. It rarely takes longer than a few minutes, and you leave with your permit.',
    whatToBring:
      'Your registration document (V5C)\nSomething with your address on it, such as a council tax letter',
    prefix: 'C',
    durationMinutes: 10,
    capacity: 2,
    walkInsADay: 7,
    load: 0.1,
    rules: [...weekly(MON_TO_FRI, ['08:00', '18:00']), ...weekly([6], ['09:00', '13:00'])],
  },
  building: {
    slug: 'building-advice',
    name: 'Building advice',
    description:
      'Planning an extension, a new roof or a garden wall? Talk it over with a building officer before you spend money on drawings. We read your papers beforehand, so please book and cancel at least a day ahead.',
    whatToBring:
      'A sketch with rough measurements; it need not be pretty\nPhotos of the place\nYour address and, if you know it, the plot number',
    prefix: 'D',
    durationMinutes: 30,
    capacity: 1,
    leadMinutes: 24 * 60,
    cancelMinutes: 24 * 60,
    walkIns: false,
    walkInsADay: 0,
    load: 0.45,
    rules: weekly(MON_TO_FRI, ['09:30', '12:30'], ['14:00', '16:30']),
  },
  recycling: {
    slug: 'recycling-centre',
    name: 'Recycling centre slots',
    description:
      'Drive in with what does not fit into your bins: furniture, garden waste, paint, anything with a plug. No need to check in. Come at your time, and the crew waves you through when a bay is free.',
    whatToBring:
      'Something with your address on it\nGloves, and a helping hand for heavy things\nPaint and oil in closed tins, please',
    prefix: 'E',
    durationMinutes: 15,
    capacity: 6,
    checkIn: 'none',
    earlyCallMinutes: 15,
    walkIns: false,
    walkInsADay: 0,
    load: 0.08,
    rules: [
      ...weekly([...MON_TO_FRI, 6], ['08:00', '12:00'], ['12:30', '17:00']),
      ...weekly([7], ['10:00', '15:00']),
    ],
  },
};

const DEFAULTS = {
  bufferMinutes: 0,
  stepMinutes: null,
  leadMinutes: 0,
  horizonDays: 60,
  cancelMinutes: 0,
  graceMinutes: 10,
  creditMinutes: 10,
  priorityMinutes: 10,
  earlyCallMinutes: null,
  checkInBeforeMinutes: 60,
  checkInAfterMinutes: 60,
  checkIn: 'required' as const,
  walkIns: true,
  retiredAt: null,
  version: 1,
};

function weekly(
  weekdays: readonly number[],
  ...windows: readonly [opens: string, closes: string][]
): OpeningRule[] {
  return weekdays.flatMap((weekday) => windows.map(([opens, closes]) => ({ weekday, opens, closes })));
}

function addPlace(town: Town, dates: Dates): void {
  const { locationId, rows } = town;
  rows.desks = ['Desk 1', 'Desk 2', 'Desk 3'].map((name) => ({
    id: town.id(dates.createdAt),
    locationId,
    name,
    ...dates,
  }));
  town.desks = rows.desks.map(({ id }) => id);
  for (const [key, facts] of Object.entries(SERVICES) as [ServiceKey, ServiceFacts][]) {
    const service = { ...DEFAULTS, ...facts, id: town.id(dates.createdAt), locationId };
    town.services[key] = service;
    const { rules, load: _load, walkInsADay: _walkInsADay, ...columns } = service;
    rows.services.push({ ...columns, ...dates });
    rows.openingRules.push(
      ...rules.map((rule) => ({ id: town.id(dates.createdAt), serviceId: service.id, ...rule })),
    );
  }
}

/** A public closure, a break and a special day ahead; and today open all day where the usual hours are not around now. */
function addClosures(town: Town, dates: Dates): void {
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
        opens: '00:00',
        closes: '24:00',
        reason: 'Open all day',
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
function fullDay(town: Town): LocalDay {
  return nextDay(addDays(town.today, 3), MON_TO_FRI);
}

/** Today, and tomorrow when it is near. */
function liveDays(town: Town): LocalDay[] {
  return [...new Set([town.today, localDay(addMinutes(town.now, LIVE_MINUTES), ZONE)])];
}

function coversLiveTime(town: Town, service: DemoService, day: LocalDay): boolean {
  const from = later(dayStart(day, ZONE), addMinutes(town.now, -LIVE_MINUTES));
  const to = earlier(dayEnd(day, ZONE), addMinutes(town.now, LIVE_MINUTES));
  return openWindows(day, service.rules, []).some((window) => {
    const [opens, closes] = [instantAt(day, window.from, ZONE), instantAt(day, window.to, ZONE)];
    return opens !== undefined && closes !== undefined && opens <= from && to <= closes;
  });
}

function isLive(town: Town, service: DemoService): boolean {
  return service === town.services.passports || service === town.services.parking;
}

// --- days ---

/** The customer who can sign in: one reservation today to check in for, one later, and a few that are over. */
function bookForCustomer(town: Town): void {
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
function pastDay(town: Town, service: DemoService, day: LocalDay): void {
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
function comingDay(town: Town, service: DemoService, day: LocalDay, offset: number): void {
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
function quietDay(town: Town, service: DemoService): void {
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
 * some wait, more are expected. No desk is named, as where there is one counter. Who would have come yesterday comes
 * when the day starts.
 */
function liveDay(town: Town, service: DemoService): void {
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
  const line: Visit[] = [{ ...seated, status: 'in_service', calledAt: since(7), startedAt: since(6) }];
  if (passports) {
    line.push(
      { ...walkIn(town, service, since(36)), status: 'called', calledAt: since(1) },
      {
        ...walkIn(town, service, since(45)),
        status: 'skipped',
        calledAt: since(8),
        endedAt: since(4),
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

function minutesSince(town: Town, slot: Slot | undefined): number {
  return slot ? (town.now.getTime() - slot.starts.getTime()) / MINUTE : 0;
}

function slotsOn(town: Town, service: DemoService, day: LocalDay): Slot[] {
  const closures = town.closures.filter(({ serviceId }) => serviceId === null || serviceId === service.id);
  return daySlots(day, ZONE, service, service.rules, closures);
}

/** Passports are worked at two desks and parking at the third; the other services have rooms or bays of their own. */
function desksOf(town: Town, service: DemoService): (string | null)[] {
  if (service === town.services.passports) return town.desks.slice(0, 2);
  if (service === town.services.parking) return town.desks.slice(2);
  return Array.from({ length: service.capacity }, () => null);
}

// --- bookings ---

/** Books places of these slots, each with the chance `density`, and now and then one that is canceled again. */
function fill(town: Town, service: DemoService, slots: readonly Slot[], density: number): void {
  for (const slot of slots) {
    const free = service.capacity - takenAt(town, service, slot);
    for (let place = 0; place < free; place++) if (chance(town, density)) book(town, service, slot);
    if (service.checkIn === 'required' && chance(town, density * 0.08))
      book(town, service, slot, { status: 'canceled' });
  }
}

/** Undefined when every customer has something else to do then. */
function book(
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
function takenAt(town: Town, service: DemoService, { starts }: Slot): number {
  const ofDay = confirmed(town, service, localDay(starts, ZONE));
  return ofDay.filter(({ timeSlot }) => timeSlot.getTime() === starts.getTime()).length;
}

function confirmed(town: Town, service: DemoService, day: LocalDay): Booking[] {
  return (town.bookings.get(key(service, day)) ?? []).filter(({ status }) => status === 'confirmed');
}

// --- visits ---

/** Where customers check in, most come a few minutes early and some are late; else they are in the line once booked. */
function checkedIn(town: Town, service: DemoService, booking: Booking): Visit {
  const minutes = chance(town, 0.1) ? between(town, 1, 14) : -between(town, 1, 15);
  return reservedVisit(
    service,
    booking,
    later(dayStart(booking.localDay, ZONE), addMinutes(booking.timeSlot, minutes)),
  );
}

function reservedVisit(service: DemoService, booking: Booking, came: Date): Visit {
  const arrivedAt = service.checkIn === 'none' ? booking.timeSlot : came;
  const takenAt = service.checkIn === 'none' ? booking.createdAt : came;
  return { ...newVisit(takenAt, arrivedAt), booking, ...dueTimes(arrivedAt, booking.timeSlot, 0, service) };
}

function walkIn(town: Town, service: DemoService, arrivedAt: Date, priority = 0): Visit {
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
function walkInsOn(town: Town, service: DemoService, day: LocalDay, slots: readonly Slot[]): Visit[] {
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
function serve(
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
function numberVisits(town: Town): void {
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

// --- small things ---

function addVisits(town: Town, service: DemoService, day: LocalDay, visits: readonly Visit[]): void {
  entryIn(town.visits, key(service, day)).push(...visits);
}

function addEvent(town: Town, fact: Fact): void {
  town.rows.events.push({ id: town.id(fact.at), ...fact });
}

function placed(town: Town, service: DemoService, day: LocalDay) {
  return { locationId: town.locationId, serviceId: service.id, localDay: day };
}

function key(service: DemoService, day: LocalDay): string {
  return `${service.slug} ${day}`;
}

function entryIn<T>(map: Map<string, T[]>, name: string): T[] {
  const known = map.get(name) ?? [];
  map.set(name, known);
  return known;
}

function ago(town: Town, minutes: number): Date {
  return addMinutes(town.now, -minutes);
}

function between(town: Town, from: number, to: number): number {
  return from + town.random() * (to - from);
}

function chance(town: Town, share: number): boolean {
  return town.random() < share;
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
