import type { Page, Response } from '@playwright/test';
import { addDays } from '../../src/domain/days.ts';
import {
  bookFor,
  call,
  DEMO,
  fillIn,
  nextSlot,
  type Someone,
  type Town,
  type TownService,
} from './journeys.ts';

/** Who looks at a page. A newcomer is a customer with nothing booked yet. */
export type Who = 'visitor' | 'newcomer' | 'customer' | 'staff' | 'admin';

/** A page of the program in one of its states. */
export interface PageCase {
  name: string;
  /** The pattern of its GET route, as the app knows it. Undefined where no route answers. */
  route?: string;
  path: string | ((world: World) => string);
  who: Who;
  /** What the form that led there did. */
  done?: string;
  /** What it answers; by default 200. */
  status?: number;
  /** Leads from that page to the state meant, by a form; answers the form's response. It is done more than once. */
  act?: (page: Page, world: World) => Promise<Response>;
  /** Shown by a program in which nothing is set up, but for an admin. */
  empty?: true;
}

/** What the pages show. */
export interface World {
  town: Town;
  people: Record<Who, Someone | undefined>;
  service: TownService;
  /** A service with one place a slot, to be taken by somebody else. */
  narrow: TownService;
  /** A service with a single slot a day, which is taken tomorrow. */
  full: TownService;
  /** Reservations of the customer. */
  coming: string;
  open: string;
  canceled: string;
  /** A day on which a service is closed. */
  closure: string;
  waiting: string;
  called: string;
  served: string;
  left: string;
  /** Of a walk-in who waits behind another for `service`. */
  atDesk: string;
  /** The desk where the staff member sits. */
  desk: string;
  /** The paths of walk-ins' tickets. */
  tickets: Record<'waits' | 'isCalled' | 'isSkipped', string>;
  /** Gives numbers by phone. */
  join: TownService;
}

/** Every page that people can open, in the states that look different. A new page gets a line here. */
export const PAGES: PageCase[] = [
  { name: 'services', route: '/', path: '/', who: 'visitor' },
  { name: 'no services', route: '/', path: '/', who: 'visitor', empty: true },
  {
    name: 'days and slots',
    route: '/services/:slug',
    path: ({ service }) => `${service.path}?date=${service.tomorrow}`,
    who: 'visitor',
  },
  {
    name: 'days and slots of a demo service',
    route: '/services/:slug',
    path: '/services/passports-and-id-cards',
    who: 'customer',
  },
  {
    name: 'a day without slots',
    route: '/services/:slug',
    path: ({ service }) => `${service.path}?date=2020-01-01`,
    who: 'visitor',
  },
  {
    name: 'a day that is full',
    route: '/services/:slug',
    path: ({ full }) => `${full.path}?date=${full.tomorrow}`,
    who: 'visitor',
  },
  {
    name: 'a slot that was taken',
    path: ({ narrow }) => `${narrow.path}?date=${narrow.tomorrow}`,
    who: 'newcomer',
    status: 409,
    act: takenSlot,
  },
  { name: 'reservations', route: '/reservations', path: '/reservations', who: 'customer' },
  { name: 'no reservations', route: '/reservations', path: '/reservations', who: 'newcomer' },
  ...(['coming', 'open', 'canceled', 'waiting', 'called', 'served', 'left'] as const).map(
    (state): PageCase => ({
      name: `a reservation: ${state}`,
      route: '/reservations/:id',
      path: (world) => `/reservations/${world[state]}`,
      done: 'booked',
      who: 'customer',
    }),
  ),
  ...(['waits', 'isCalled', 'isSkipped'] as const).map(
    (state): PageCase => ({
      name: `a ticket: ${state}`,
      route: '/t/:token',
      path: ({ tickets }) => tickets[state],
      done: 'delay',
      who: 'visitor',
    }),
  ),
  {
    name: 'a ticket, printed',
    route: '/t/:token',
    path: ({ tickets }) => `${tickets.waits}?print`,
    who: 'visitor',
  },
  { name: 'join a line', route: '/join/:slug', path: ({ join }) => `/join/${join.slug}`, who: 'visitor' },
  {
    name: 'join a line that gives no numbers by phone',
    route: '/join/:slug',
    path: ({ service }) => `/join/${service.slug}`,
    who: 'visitor',
  },
  {
    name: 'join a line, wrong',
    path: ({ join }) => `/join/${join.slug}`,
    who: 'visitor',
    status: 422,
    act: (page) => send(page, { 'Your name': 'Jo', 'Your phone number': 'none' }, 'Take a number'),
  },
  {
    name: 'the poster to join a line',
    route: '/join/:slug/poster',
    path: ({ join }) => `/join/${join.slug}/poster`,
    who: 'staff',
  },
  ...(['', '/check-in', '/take'] as const).map(
    (screen): PageCase => ({
      name: `the kiosk: ${screen || 'start'}`,
      route: `/kiosk/:slug${screen}`,
      path: ({ join }) => `/kiosk/${join.slug}${screen}`,
      done: 'have-A12',
      who: 'visitor',
    }),
  ),
  {
    name: 'the kiosk: questions, wrong',
    path: ({ join }) => `/kiosk/${join.slug}/take?service=${join.slug}`,
    who: 'visitor',
    status: 422,
    act: (page) => send(page, { 'Your name': 'Jo', 'Your phone number': 'none' }, 'Take a number'),
  },
  {
    name: 'the kiosk: nothing found',
    path: ({ join }) => `/kiosk/${join.slug}/check-in`,
    who: 'visitor',
    status: 422,
    act: (page) => send(page, { 'Your code': 'ABC123' }, 'Check in with the code'),
  },
  {
    name: 'the kiosk: a number',
    route: '/kiosk/:slug/t/:token',
    path: ({ join, tickets }) => `/kiosk/${join.slug}${tickets.waits}`,
    who: 'visitor',
  },
  {
    name: 'move a reservation',
    route: '/reservations/:id/reschedule',
    path: ({ coming }) => `/reservations/${coming}/reschedule`,
    who: 'customer',
  },
  {
    name: 'cancel a reservation',
    route: '/reservations/:id/cancel',
    path: ({ coming }) => `/reservations/${coming}/cancel`,
    who: 'customer',
  },
  { name: 'log in', route: '/login', path: '/login', who: 'visitor' },
  { name: 'log in, logged out', route: '/login', path: '/login', done: 'loggedOut', who: 'visitor' },
  { name: 'log in after a reset', route: '/login', path: '/login', done: 'reset', who: 'visitor' },
  {
    name: 'log in, wrong',
    path: '/login',
    who: 'visitor',
    status: 422,
    act: (page) => send(page, { 'E-mail address': 'jo@nowhere', Password: 'x' }, 'Log in'),
  },
  { name: 'register', route: '/register', path: '/register', who: 'visitor' },
  {
    name: 'register, wrong',
    path: '/register',
    who: 'visitor',
    status: 422,
    act: (page) => send(page, { Name: 'Jo', 'E-mail address': 'jo@nowhere', Password: 'short' }, 'Register'),
  },
  { name: 'forgot password', route: '/forgot-password', path: '/forgot-password', who: 'visitor' },
  { name: 'link sent', route: '/forgot-password', path: '/forgot-password?sent', who: 'visitor' },
  { name: 'new password', route: '/reset-password', path: '/reset-password?token=x', who: 'visitor' },
  { name: 'new password, link cut off', route: '/reset-password', path: '/reset-password', who: 'visitor' },
  {
    name: 'new password, link too old',
    path: '/reset-password?token=x',
    who: 'visitor',
    status: 422,
    act: (page) => send(page, { 'New password': 'long enough to be good' }, 'Set password'),
  },
  { name: 'account', route: '/account', path: '/account', who: 'customer' },
  {
    name: 'account, wrong password',
    path: '/account',
    who: 'newcomer',
    status: 422,
    act: (page) =>
      send(
        page,
        { 'Current password': 'wrong', 'New password': 'long enough to be good' },
        'Change password',
      ),
  },
  { name: 'nothing here', path: '/nothing/here', who: 'customer', status: 404 },
  { name: 'not for this account', route: '/desk', path: '/desk', who: 'customer', status: 403 },

  { name: 'desks', route: '/desk', path: '/desk', who: 'staff' },
  {
    name: 'a desk with a line',
    route: '/desk/:slug',
    path: '/desk/passports-and-id-cards',
    who: 'staff',
  },
  {
    name: 'a desk without a line',
    route: '/desk/:slug',
    path: ({ narrow }) => `/desk/${narrow.slug}`,
    who: 'staff',
  },
  {
    name: 'add a walk-in',
    route: '/desk/:slug/walk-in',
    path: '/desk/passports-and-id-cards/walk-in',
    who: 'staff',
  },
  {
    name: 'add a walk-in at a desk of several services',
    path: ({ desk }) => `/desk/${desk}/walk-in`,
    who: 'staff',
  },
  {
    name: 'add a walk-in at a desk of somebody else',
    path: ({ desk }) => `/desk/${desk}/walk-in`,
    who: 'admin',
    status: 409,
  },

  { name: 'a board', route: '/board/:slug', path: '/board/rivermouth-town-hall', who: 'visitor' },
  { name: 'a board of one service', path: ({ narrow }) => `/board/${narrow.slug}`, who: 'visitor' },
  { name: 'somebody found', route: '/desk', path: '/desk?q=an', who: 'staff' },
  { name: 'nobody found', route: '/desk', path: '/desk?q=xyzzy', who: 'staff' },
  {
    name: 'a desk of one’s own',
    route: '/desk/:slug',
    path: ({ desk }) => `/desk/${desk}`,
    done: 'desk-taken',
    who: 'staff',
  },
  {
    name: 'a desk of somebody else',
    route: '/desk/:slug',
    path: ({ desk }) => `/desk/${desk}`,
    who: 'admin',
  },
  {
    name: 'take a desk over',
    route: '/desk/:slug/take',
    path: ({ desk }) => `/desk/${desk}/take`,
    who: 'admin',
  },
  {
    name: 'a ticket at the desk',
    route: '/desk/:slug/entries/:id',
    path: (world) => `/desk/${world.service.slug}/entries/${world.atDesk}`,
    who: 'staff',
  },
  {
    name: 'a ticket at the desk, called without a reason',
    path: (world) => `/desk/${world.service.slug}/entries/${world.atDesk}`,
    who: 'staff',
    status: 422,
    act: (page) => press(page, /^Call .* now$/),
  },
  {
    name: 'intake and delay',
    route: '/desk/:slug/line',
    path: ({ service }) => `/desk/${service.slug}/line`,
    who: 'staff',
  },
  {
    name: 'intake and delay at a desk of several services',
    path: ({ desk }) => `/desk/${desk}/line`,
    who: 'staff',
  },
  {
    name: 'intake and delay of one line of a desk',
    path: ({ desk }) => `/desk/${desk}/line?of=passports-and-id-cards`,
    who: 'staff',
  },
  {
    name: 'the line on paper',
    route: '/desk/:slug/print',
    path: '/desk/passports-and-id-cards/print',
    who: 'staff',
  },
  { name: 'administration', route: '/admin', path: '/admin', who: 'admin' },
  { name: 'new service', route: '/admin/new-service', path: '/admin/new-service', who: 'admin' },
  {
    name: 'edit a service',
    route: '/admin/services/:id',
    path: ({ service }) => `/admin/services/${service.id}`,
    who: 'admin',
  },
  {
    name: 'retire a service',
    route: '/admin/services/:id/retire',
    path: ({ service }) => `/admin/services/${service.id}/retire`,
    who: 'admin',
  },
  { name: 'closures', route: '/admin/closures', path: '/admin/closures', who: 'admin' },
  {
    name: 'remove a closure',
    route: '/admin/closures/:id/remove',
    path: ({ closure }) => `/admin/closures/${closure}/remove`,
    who: 'admin',
  },
  { name: 'locations', route: '/admin/locations', path: '/admin/locations', who: 'admin' },
  {
    name: 'a location',
    route: '/admin/locations/:id',
    path: ({ service }) => `/admin/locations/${service.locationId}`,
    who: 'admin',
  },
  {
    name: 'retire a location',
    route: '/admin/locations/:id/retire',
    path: ({ service }) => `/admin/locations/${service.locationId}/retire`,
    who: 'admin',
  },
  { name: 'desks to set up', route: '/admin/desks', path: '/admin/desks', who: 'admin' },
  { name: 'no desks to set up', route: '/admin/desks', path: '/admin/desks', who: 'admin', empty: true },
  {
    name: 'a desk to set up',
    route: '/admin/desks/:id',
    path: (world) => `/admin/desks/${world.desk}`,
    who: 'admin',
  },
  {
    name: 'retire a desk',
    route: '/admin/desks/:id/retire',
    path: (world) => `/admin/desks/${world.desk}/retire`,
    who: 'admin',
  },
  { name: 'staff', route: '/admin/staff', path: '/admin/staff', who: 'admin' },
  { name: 'administration of nothing yet', route: '/admin', path: '/admin', who: 'admin', empty: true },
  {
    name: 'new service, the first',
    route: '/admin/new-service',
    path: '/admin/new-service',
    who: 'admin',
    empty: true,
  },
  { name: 'no closures', route: '/admin/closures', path: '/admin/closures', who: 'admin', empty: true },
  {
    name: 'a single location',
    route: '/admin/locations',
    path: '/admin/locations',
    who: 'admin',
    empty: true,
  },
  { name: 'nobody else works here', route: '/admin/staff', path: '/admin/staff', who: 'admin', empty: true },
  { name: 'no days yet', route: '/admin/days', path: '/admin/days', who: 'admin', empty: true },
  { name: 'no desks', route: '/desk', path: '/desk', who: 'admin', empty: true },
  { name: 'days', route: '/admin/days', path: '/admin/days', who: 'admin' },
  { name: 'days of a place', path: ({ service }) => daysOf(service), who: 'admin' },
  {
    name: 'a day',
    route: '/admin/days/:day',
    path: ({ service }) => daysOf(service, service.today),
    who: 'admin',
  },
  {
    name: 'a day on which nobody came',
    route: '/admin/days/:day',
    path: ({ service }) => daysOf(service, '2020-01-01'),
    who: 'admin',
  },
  { name: 'API', route: '/api/docs', path: '/api/docs', who: 'visitor' },
];

/** GET routes that answer no page of their own. */
export const NO_PAGES: ReadonlySet<string> = new Set([
  '/healthz',
  '/readyz',
  '/metrics',
  '/assets/*',
  '/favicon.svg',
  '/robots.txt',
  '/live/boards/:slug', // a stream
  '/live/lines/:slugs', // a stream
  '/admin/services', // leads to /admin
  '/admin/days.csv', // a file
]);

/** How the days went at a service's location. */
function daysOf({ location }: TownService, day?: string): string {
  return `/admin/days${day ? `/${day}` : ''}?location=${location.slug}`;
}

/** Closes a service on a day that no page shows, as an admin's form does. */
async function close({ app }: Town, admin: Someone, service: TownService): Promise<string> {
  const day = addDays(service.today, 300);
  const fields = { scope: service.id, hours: 'day', day, reason: 'The whole building is painted' };
  const answer = await fetch(`${app.url}/admin/closures`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: admin.cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });
  return /added-([0-9a-f-]+)/.exec(answer.headers.getSetCookie().join())?.[1] ?? '';
}

/** Makes what the pages show. */
export async function furnish(town: Town): Promise<World> {
  const [customer, newcomer, staff, admin] = await Promise.all([
    town.newCustomer('Maximiliane Featherstonehaugh'),
    town.newCustomer('Li Wu'),
    town.login(DEMO.staff),
    town.login(DEMO.admin),
  ]);
  const service = await town.newService({
    name: 'Passports and identity cards',
    description: 'Apply for a new passport, renew one, or report one as lost.',
    whatToBring: 'Your old passport\nA recent photo',
    capacity: 4,
  });
  const book = async (of: TownService, time: string) => (await bookFor(town, customer, of, time)).id;
  const inLine = async (verb?: string) => {
    const other = await town.newService({ name: 'Parking permits', whatToBring: 'Your papers' });
    const id = await book(other, await nextSlot(town, other));
    const { data } = await call<{ id: string }>(town, customer, 'POST', `/reservations/${id}/check-in`);
    if (verb === 'advance') await call(town, staff, 'POST', `/queues/${other.id}/advance`);
    else if (verb)
      await call(town, verb === 'leave' ? customer : staff, 'POST', `/entries/${data.id}/${verb}`);
    if (verb === 'advance') await call(town, staff, 'POST', `/entries/${data.id}/complete`);
    return id;
  };
  const ticket = async (verb?: string) => {
    const other = await town.newService({ name: 'Parking permits', whatToBring: 'Your papers' });
    const walkIn = { name: 'Pat Doyle' };
    const { data, location } = await call<{ id: string }>(
      town,
      staff,
      'POST',
      `/queues/${other.id}/entries`,
      walkIn,
    );
    await call(town, staff, 'POST', `/queues/${other.id}/entries`, { ...walkIn, priority: 2 });
    if (verb) await call(town, staff, 'POST', `/entries/${data.id}/${verb}`);
    return location ?? '';
  };
  const atDesk = await walkIns(town, staff, service);
  const desk = await sitDown(town, staff);
  const rules = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '09:00', closes: '09:20' }));
  const full = await town.newService({ name: 'Weddings', capacity: 1, rules });
  await book(full, full.at(full.tomorrow, '09:00'));
  const canceled = await book(service, service.at(service.tomorrow, '09:00'));
  await call(town, customer, 'POST', `/reservations/${canceled}/cancel`);
  return {
    town,
    people: { visitor: undefined, newcomer, customer, staff, admin },
    service,
    narrow: await town.newService({ name: 'Legal advice', capacity: 1 }),
    full,
    coming: await book(service, service.at(service.tomorrow, '10:00')),
    open: await book(service, await nextSlot(town, service)),
    canceled,
    closure: await close(town, admin, service),
    waiting: await inLine(),
    called: await inLine('call'),
    served: await inLine('advance'),
    left: await inLine('leave'),
    atDesk,
    desk,
    tickets: { waits: await ticket(), isCalled: await ticket('call'), isSkipped: await ticket('skip') },
    join: await town.newService({ name: 'Lost property', phoneJoin: true, askPhone: true }),
  };
}

async function send(page: Page, values: Record<string, string>, button: string): Promise<Response> {
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await fillIn(page, values, button);
  return answer;
}

async function press(page: Page, button: RegExp): Promise<Response> {
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: button }).click();
  return answer;
}

/** Somebody waits, and then somebody with needs and a note, who is answered. */
async function walkIns(town: Town, staff: Someone, { id }: TownService): Promise<string> {
  const add = async (body: object) => {
    const path = `/queues/${id}/entries`;
    return (await call<{ id: string }>(town, staff, 'POST', path, body)).data.id;
  };
  await add({ name: 'Wanda Walker' });
  return add({ name: 'Nora Needs', phone: '+44 20 7946 0000', needs: ['wheelchair'], note: 'Brings a dog' });
}

/** The desk that somebody sits at from now on. */
async function sitDown(town: Town, staff: Someone): Promise<string> {
  const { data } = await call<{ id: string; name: string }[]>(town, staff, 'GET', '/desks');
  const id = data.find(({ name }) => name === 'Desk 2')?.id ?? '';
  await call(town, staff, 'POST', `/desks/${id}/take`);
  return id;
}

/** Chooses the last free slot, which somebody else then takes. */
async function takenSlot(page: Page, { town, narrow }: World): Promise<Response> {
  const radio = page.locator('[name=time_slot]:enabled').last();
  await radio.check({ force: true });
  await bookFor(town, await town.newCustomer(), narrow, await radio.inputValue());
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: 'Book this time' }).click();
  return answer;
}
