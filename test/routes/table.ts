import { addClosure } from '../../src/actions/closures.ts';
import { takeTicket } from '../../src/actions/queue.ts';
import { codeOf } from '../../src/domain/code.ts';
import { HOLDER_DEEDS } from '../../src/domain/held.ts';
import { newId } from '../../src/domain/id.ts';
import { VERBS } from '../../src/domain/ticket.ts';
import type { Fields, TestApp } from '../support/app.ts';
import { book, buildDesk, buildLocation, buildService, mondayAt, walkIn } from '../support/builders.ts';

/** Who asks, in the order of a row's answers. The customer owns what the rows are about. */
export const ASKERS = ['visitor', 'customer', 'staff', 'otherStaff', 'admin'] as const;
export type Asker = (typeof ASKERS)[number];

/** A status, or being sent to log in. */
export type Expected = number | 'login';

/** A route with what each asker is answered: add one for every route of the program. */
export interface Row {
  /** Method and pattern as Hono has them. */
  route: string;
  answers: readonly [Expected, Expected, Expected, Expected, Expected];
  /** A path that is there, with whatever has to be there first. */
  path: (app: TestApp) => string | Promise<string>;
  /** What is sent: a form to a page, JSON to the API. */
  fields?: (app: TestApp) => object | Promise<object>;
  /** A POST that takes no notice of its body. */
  bodyless?: true;
}

type Answers = Row['answers'];

const PUBLIC: Answers = [200, 200, 200, 200, 200];
const MEMBERS: Answers = ['login', 200, 200, 200, 200];
/** Their own, or that of a place they work at. */
const OWN: Answers = ['login', 200, 200, 404, 200];
const OWN_DONE: Answers = ['login', 303, 303, 404, 303];
const OWN_API: Answers = [401, 200, 200, 404, 200];
const OWN_API_MADE: Answers = [401, 201, 201, 404, 201];
const DESK: Answers = ['login', 403, 200, 404, 200];
const DESK_DONE: Answers = ['login', 403, 303, 404, 303];
/** Only who did something takes it back. */
const DESK_UNDONE: Answers = ['login', 403, 303, 404, 409];
const DESK_API: Answers = [401, 403, 200, 404, 200];
const DESK_API_MADE: Answers = [401, 403, 201, 404, 201];
const ADMIN: Answers = ['login', 403, 403, 403, 200];
const ADMIN_DONE: Answers = ['login', 403, 403, 403, 303];
const ADMIN_INVALID: Answers = ['login', 403, 403, 403, 422];
const ADMIN_API: Answers = [401, 403, 403, 403, 200];

let slots = 0;

/** The next half hour of the day that nobody has asked for; the service has places for everybody. */
export function freeSlot(app: TestApp): string {
  const start = new Date(mondayAt('09:00').getTime() + (slots++ % 16) * app.service.durationMinutes * 60_000);
  return start.toISOString();
}

async function reservation(app: TestApp): Promise<string> {
  // The customer may hold the slot already, from an earlier row.
  for (;;) {
    const made = await book(app, app.cast.customer, new Date(freeSlot(app))).catch(() => undefined);
    if (made) return made.id;
    const { body } = await app.json('GET', '/api/reservations', { as: app.cast.customer });
    for (const { id } of body.data)
      await app.json('POST', `/api/reservations/${id}/cancel`, { as: app.cast.admin });
  }
}

async function entry(app: TestApp, state?: string): Promise<string> {
  const { id } = await walkIn(app);
  for (const verb of TO_STATE[state ?? ''] ?? []) {
    await app.json('POST', `/api/entries/${id}/${verb}`, { as: app.cast.staff });
  }
  return id;
}

/** What has to be done to a waiting ticket so that a verb can be done next. */
const TO_STATE: Record<string, string[]> = {
  recall: ['call'],
  start: ['call'],
  complete: ['call', 'start'],
  reinstate: ['skip'],
  requeue: ['call'],
  park: ['call', 'start'],
};

async function checkedIn(app: TestApp): Promise<string> {
  const id = await reservation(app);
  await app.json('POST', `/api/reservations/${id}/check-in`, { as: app.cast.staff });
  return id;
}

async function ownEntry(app: TestApp): Promise<string> {
  const id = await reservation(app);
  const { body } = await app.json('POST', `/api/reservations/${id}/check-in`, { as: app.cast.staff });
  return body.data.id;
}

/** The token of a ticket's link. */
async function token(app: TestApp): Promise<string> {
  return (await takeTicket(app.act(app.cast.staff), app.service, WANDA)).token;
}

const WANDA = { name: 'Wanda', phone: null, priority: 0 };

async function newService(app: TestApp): Promise<string> {
  const { body } = await app.json('POST', '/api/services', {
    as: app.cast.admin,
    body: { name: `Made ${newId()}`, duration_minutes: 30, location_id: app.location.id },
  });
  return body.data.id;
}

async function closure(app: TestApp): Promise<string> {
  const { id } = await addClosure(app.act(app.cast.admin), {
    serviceId: app.service.id,
    kind: 'closed',
    day: '2026-04-01',
    opens: null,
    closes: null,
    reason: '',
  });
  return id;
}

const credentials = { email: 'nobody@example.test', password: 'not a password' };

export const ROWS: readonly Row[] = [
  { route: 'GET /healthz', answers: PUBLIC, path: () => '/healthz' },
  { route: 'GET /readyz', answers: PUBLIC, path: () => '/readyz' },
  { route: 'GET /metrics', answers: PUBLIC, path: () => '/metrics' },
  { route: 'GET /assets/*', answers: PUBLIC, path: ({ parts }) => parts.assets.url('app.css') },
  { route: 'GET /favicon.svg', answers: PUBLIC, path: () => '/favicon.svg' },
  { route: 'GET /robots.txt', answers: PUBLIC, path: () => '/robots.txt' },

  { route: 'GET /', answers: PUBLIC, path: () => '/' },
  { route: 'GET /board/:slug', answers: PUBLIC, path: ({ location }) => `/board/${location.slug}` },
  { route: 'GET /live/boards/:slug', answers: PUBLIC, path: ({ service }) => `/live/boards/${service.slug}` },
  { route: 'GET /live/lines/:slugs', answers: PUBLIC, path: ({ service }) => `/live/lines/${service.slug}` },
  { route: 'GET /services/:slug', answers: PUBLIC, path: ({ service }) => `/services/${service.slug}` },
  {
    route: 'POST /services/:slug/reservations',
    answers: ['login', 303, 303, 303, 303],
    path: ({ service }) => `/services/${service.slug}/reservations`,
    fields: (app) => ({ time_slot: freeSlot(app) }),
  },

  { route: 'GET /reservations', answers: MEMBERS, path: () => '/reservations' },
  {
    route: 'GET /reservations/:id',
    answers: OWN,
    path: async (app) => `/reservations/${await reservation(app)}`,
  },
  {
    route: 'POST /reservations/:id/check-in',
    answers: OWN_DONE,
    path: async (app) => `/reservations/${await reservation(app)}/check-in`,
  },
  ...HOLDER_DEEDS.map(
    (deed): Row => ({
      route: `POST /reservations/:id/${deed}`,
      // Staff checked it in, which they alone take back.
      answers: deed === 'undo' ? ['login', 409, 303, 404, 409] : OWN_DONE,
      path: async (app) => `/reservations/${await checkedIn(app)}/${deed}`,
    }),
  ),
  {
    route: 'GET /reservations/:id/cancel',
    answers: OWN,
    path: async (app) => `/reservations/${await reservation(app)}/cancel`,
  },
  {
    route: 'POST /reservations/:id/cancel',
    answers: OWN_DONE,
    path: async (app) => `/reservations/${await reservation(app)}/cancel`,
  },
  {
    route: 'GET /reservations/:id/reschedule',
    answers: OWN,
    path: async (app) => `/reservations/${await reservation(app)}/reschedule`,
  },
  {
    route: 'POST /reservations/:id/reschedule',
    answers: OWN_DONE,
    path: async (app) => `/reservations/${await reservation(app)}/reschedule`,
    fields: (app) => ({ time_slot: freeSlot(app) }),
  },

  { route: 'GET /t/:token', answers: PUBLIC, path: async (app) => `/t/${await token(app)}` },
  ...HOLDER_DEEDS.map(
    (deed): Row => ({
      route: `POST /t/:token/${deed}`,
      answers: deed === 'undo' ? [409, 409, 409, 409, 409] : [303, 303, 303, 303, 303],
      path: async (app) => `/t/${await token(app)}/${deed}`,
    }),
  ),

  { route: 'GET /join/:slug', answers: PUBLIC, path: ({ service }) => `/join/${service.slug}` },
  {
    route: 'POST /join/:slug',
    answers: [303, 303, 303, 303, 303],
    path: async (app) => `/join/${(await buildService(app.store, app.location, { phoneJoin: true })).slug}`,
    fields: () => ({ name: 'Wanda' }),
  },
  {
    route: 'GET /join/:slug/poster',
    answers: DESK,
    path: ({ service }) => `/join/${service.slug}/poster`,
  },

  { route: 'GET /kiosk/:slug', answers: PUBLIC, path: ({ location }) => `/kiosk/${location.slug}` },
  {
    route: 'GET /kiosk/:slug/check-in',
    answers: PUBLIC,
    path: ({ location }) => `/kiosk/${location.slug}/check-in`,
  },
  {
    route: 'POST /kiosk/:slug/check-in/code',
    answers: [303, 303, 303, 303, 303],
    path: ({ location }) => `/kiosk/${location.slug}/check-in/code`,
    fields: async (app) => ({ code: codeOf(await reservation(app)) }),
  },
  {
    route: 'POST /kiosk/:slug/check-in/name',
    answers: [422, 422, 422, 422, 422],
    path: ({ location }) => `/kiosk/${location.slug}/check-in/name`,
    fields: () => ({ last_name: 'Nobody', time: '09:00' }),
  },
  { route: 'GET /kiosk/:slug/take', answers: PUBLIC, path: ({ location }) => `/kiosk/${location.slug}/take` },
  {
    route: 'POST /kiosk/:slug/take',
    answers: [303, 303, 303, 303, 303],
    path: ({ location }) => `/kiosk/${location.slug}/take`,
    fields: ({ service }) => ({ service_id: service.id, name: 'Wanda' }),
  },
  {
    route: 'GET /kiosk/:slug/t/:token',
    answers: PUBLIC,
    path: async (app) => `/kiosk/${app.location.slug}/t/${await token(app)}`,
  },

  { route: 'GET /login', answers: PUBLIC, path: () => '/login' },
  {
    route: 'POST /login',
    answers: [401, 401, 401, 401, 401],
    path: () => '/login',
    fields: () => credentials,
  },
  { route: 'GET /register', answers: PUBLIC, path: () => '/register' },
  {
    route: 'POST /register',
    answers: [422, 422, 422, 422, 422],
    path: () => '/register',
    fields: () => ({}),
  },
  {
    route: 'POST /logout',
    answers: [303, 303, 303, 303, 303],
    path: () => '/logout',
    bodyless: true,
  },
  { route: 'GET /forgot-password', answers: PUBLIC, path: () => '/forgot-password' },
  {
    route: 'POST /forgot-password',
    answers: [303, 303, 303, 303, 303],
    path: () => '/forgot-password',
    fields: () => ({ email: credentials.email }),
  },
  { route: 'GET /reset-password', answers: PUBLIC, path: () => '/reset-password?token=x' },
  {
    route: 'POST /reset-password',
    answers: [422, 422, 422, 422, 422],
    path: () => '/reset-password',
    fields: () => ({ token: 'none of ours', password: credentials.password }),
  },
  { route: 'GET /account', answers: MEMBERS, path: () => '/account' },
  {
    route: 'POST /account/password',
    answers: ['login', 422, 422, 422, 422],
    path: () => '/account/password',
    fields: () => ({}),
  },

  {
    route: 'POST /api/auth/register',
    answers: [422, 422, 422, 422, 422],
    path: () => '/api/auth/register',
    fields: () => ({}),
  },
  {
    route: 'POST /api/auth/login',
    answers: [401, 401, 401, 401, 401],
    path: () => '/api/auth/login',
    fields: () => credentials,
  },
  { route: 'POST /api/auth/logout', answers: PUBLIC, path: () => '/api/auth/logout', bodyless: true },
  { route: 'GET /api/me', answers: [401, 200, 200, 200, 200], path: () => '/api/me' },

  { route: 'GET /api/services', answers: PUBLIC, path: () => '/api/services' },
  {
    route: 'POST /api/services',
    answers: [401, 403, 403, 403, 201],
    path: () => '/api/services',
    fields: ({ location }) => ({ name: `Made ${newId()}`, duration_minutes: 30, location_id: location.id }),
  },
  { route: 'GET /api/services/:id', answers: PUBLIC, path: ({ service }) => `/api/services/${service.id}` },
  {
    route: 'PATCH /api/services/:id',
    answers: ADMIN_API,
    path: async (app) => `/api/services/${await newService(app)}`,
    fields: () => ({ description: 'Changed' }),
  },
  {
    route: 'DELETE /api/services/:id',
    answers: [401, 403, 403, 403, 204],
    path: async (app) => `/api/services/${await newService(app)}`,
    bodyless: true,
  },
  {
    route: 'GET /api/services/:id/slots',
    answers: PUBLIC,
    path: ({ service }) => `/api/services/${service.id}/slots?date=2026-03-02`,
  },

  { route: 'GET /api/reservations', answers: [401, 200, 200, 200, 200], path: () => '/api/reservations' },
  {
    route: 'POST /api/reservations',
    answers: [401, 201, 201, 201, 201],
    path: () => '/api/reservations',
    fields: (app) => ({ service_id: app.service.id, time_slot: freeSlot(app) }),
  },
  {
    route: 'GET /api/reservations/:id',
    answers: OWN_API,
    path: async (app) => `/api/reservations/${await reservation(app)}`,
  },
  {
    route: 'PATCH /api/reservations/:id',
    answers: OWN_API,
    path: async (app) => `/api/reservations/${await reservation(app)}`,
    fields: (app) => ({ time_slot: freeSlot(app) }),
  },
  {
    route: 'POST /api/reservations/:id/cancel',
    answers: OWN_API,
    path: async (app) => `/api/reservations/${await reservation(app)}/cancel`,
  },
  {
    route: 'POST /api/reservations/:id/check-in',
    answers: OWN_API_MADE,
    path: async (app) => `/api/reservations/${await reservation(app)}/check-in`,
  },

  { route: 'GET /api/queues/:id', answers: DESK_API, path: ({ service }) => `/api/queues/${service.id}` },
  {
    route: 'POST /api/queues/:id/advance',
    answers: DESK_API,
    path: ({ service }) => `/api/queues/${service.id}/advance`,
  },
  {
    route: 'POST /api/queues/:id/entries',
    answers: DESK_API_MADE,
    path: ({ service }) => `/api/queues/${service.id}/entries`,
    fields: () => ({ name: 'Wanda' }),
  },
  {
    route: 'POST /api/queues/:id/intake',
    answers: DESK_API,
    path: ({ service }) => `/api/queues/${service.id}/intake`,
    fields: () => ({ closed: false }),
  },
  {
    route: 'POST /api/queues/:id/delay',
    answers: DESK_API,
    path: ({ service }) => `/api/queues/${service.id}/delay`,
    fields: () => ({ minutes: 25 }),
  },
  { route: 'GET /api/desks', answers: [401, 403, 200, 200, 200], path: () => '/api/desks' },
  ...['advance', 'take', 'leave', 'pause', 'resume'].map(
    (verb): Row => ({
      route: `POST /api/desks/:id/${verb}`,
      answers: DESK_API,
      path: async (app) => `/api/desks/${await buildDesk(app.store, app.location)}/${verb}`,
    }),
  ),
  {
    route: 'POST /api/entries/:id/transfer',
    answers: DESK_API,
    path: async (app) => `/api/entries/${await entry(app)}/transfer`,
    fields: async (app) => ({ service_id: (await buildService(app.store, app.location)).id }),
  },
  {
    route: 'POST /api/entries/:id/move',
    answers: DESK_API,
    path: async (app) => `/api/entries/${await entry(app)}/move`,
    fields: () => ({ rank: 0, reason: 'With a small child' }),
  },
  {
    route: 'POST /api/entries/:id/note',
    answers: DESK_API,
    path: async (app) => `/api/entries/${await entry(app)}/note`,
    fields: () => ({ note: 'Speaks Dari' }),
  },
  {
    // Whoever did it takes it back; of the others, those who reach the ticket are refused.
    route: 'POST /api/entries/:id/undo',
    answers: [401, 409, 200, 404, 409],
    path: async (app) => `/api/entries/${await ownEntry(app)}/undo`,
  },
  ...VERBS.map(
    (verb): Row => ({
      route: `POST /api/entries/:id/${verb}`,
      answers: verb === 'leave' ? OWN_API : DESK_API,
      path: async (app) =>
        `/api/entries/${await (verb === 'leave' ? ownEntry(app) : entry(app, verb))}/${verb}`,
    }),
  ),

  { route: 'GET /desk', answers: ['login', 403, 200, 200, 200], path: () => '/desk' },
  { route: 'GET /desk/:slug', answers: DESK, path: ({ service }) => `/desk/${service.slug}` },
  { route: 'GET /desk/:slug/walk-in', answers: DESK, path: ({ service }) => `/desk/${service.slug}/walk-in` },
  {
    route: 'POST /desk/:slug/advance',
    answers: DESK_DONE,
    path: ({ service }) => `/desk/${service.slug}/advance`,
  },
  {
    route: 'POST /desk/:slug/entries',
    answers: DESK_DONE,
    path: ({ service }) => `/desk/${service.slug}/entries`,
    fields: () => ({ name: 'Wanda' }),
  },
  {
    route: 'POST /desk/:slug/reservations/:id/check-in',
    answers: DESK_DONE,
    path: async (app) => `/desk/${app.service.slug}/reservations/${await reservation(app)}/check-in`,
  },
  {
    route: 'GET /desk/:slug/entries/:id',
    answers: DESK,
    path: async (app) => `/desk/${app.service.slug}/entries/${await entry(app)}`,
  },
  {
    route: 'POST /desk/:slug/entries/:id',
    answers: DESK_DONE,
    path: async (app) => `/desk/${app.service.slug}/entries/${await entry(app)}`,
    fields: () => ({ verb: 'skip' }),
  },
  {
    route: 'POST /desk/:slug/entries/:id/undo',
    answers: DESK_UNDONE,
    path: async (app) => `/desk/${app.service.slug}/entries/${await entry(app)}/undo`,
  },
  {
    route: 'POST /desk/:slug/entries/:id/call',
    answers: DESK_DONE,
    path: async (app) => `/desk/${app.service.slug}/entries/${await entry(app)}/call`,
    fields: () => ({ reason: 'Faints' }),
  },
  {
    route: 'POST /desk/:slug/entries/:id/move',
    answers: DESK_DONE,
    path: async (app) => `/desk/${app.service.slug}/entries/${await entry(app)}/move`,
    fields: () => ({ rank: '0', reason: 'Was promised' }),
  },
  {
    route: 'POST /desk/:slug/entries/:id/transfer',
    answers: DESK_DONE,
    path: async (app) => `/desk/${app.service.slug}/entries/${await entry(app)}/transfer`,
    fields: async (app) => ({ service_id: await newService(app) }),
  },
  {
    route: 'POST /desk/:slug/entries/:id/note',
    answers: DESK_DONE,
    path: async (app) => `/desk/${app.service.slug}/entries/${await entry(app)}/note`,
    fields: () => ({ note: 'Brings a dog' }),
  },
  { route: 'GET /desk/:slug/line', answers: DESK, path: ({ service }) => `/desk/${service.slug}/line` },
  { route: 'GET /desk/:slug/print', answers: DESK, path: ({ service }) => `/desk/${service.slug}/print` },
  {
    route: 'POST /desk/:slug/intake',
    answers: DESK_DONE,
    path: ({ service }) => `/desk/${service.slug}/intake`,
    fields: () => ({ closed: 'true' }),
  },
  {
    route: 'POST /desk/:slug/delay',
    answers: DESK_DONE,
    path: ({ service }) => `/desk/${service.slug}/delay`,
    fields: () => ({ minutes: '25', reason: 'Power cut' }),
  },
  { route: 'GET /desk/:slug/take', answers: DESK, path: ({ deskId }) => `/desk/${deskId}/take` },
  {
    route: 'POST /desk/:slug/take',
    answers: DESK_DONE,
    path: async ({ store, location }) => `/desk/${await buildDesk(store, location)}/take`,
  },
  ...['leave', 'pause', 'resume'].map(
    (verb): Row => ({
      route: `POST /desk/:slug/${verb}`,
      answers: DESK_DONE,
      path: async ({ store, location }) => `/desk/${await buildDesk(store, location)}/${verb}`,
    }),
  ),

  { route: 'GET /admin', answers: ADMIN, path: () => '/admin' },
  { route: 'GET /admin/services', answers: ADMIN_DONE, path: () => '/admin/services' },
  { route: 'GET /admin/new-service', answers: ADMIN, path: () => '/admin/new-service' },
  { route: 'POST /admin/services', answers: ADMIN_INVALID, path: () => '/admin/services' },
  {
    route: 'GET /admin/services/:id',
    answers: ADMIN,
    path: async (app) => `/admin/services/${await newService(app)}`,
  },
  {
    route: 'POST /admin/services/:id',
    answers: ['login', 403, 403, 403, 409],
    path: async (app) => `/admin/services/${await newService(app)}`,
  },
  {
    route: 'GET /admin/services/:id/retire',
    answers: ADMIN,
    path: async (app) => `/admin/services/${await newService(app)}/retire`,
  },
  {
    route: 'POST /admin/services/:id/retire',
    answers: ADMIN_DONE,
    path: async (app) => `/admin/services/${await newService(app)}/retire`,
    bodyless: true,
  },
  {
    route: 'POST /admin/services/:id/restore',
    answers: ADMIN_DONE,
    path: async (app) => `/admin/services/${await newService(app)}/restore`,
  },
  { route: 'GET /admin/closures', answers: ADMIN, path: () => '/admin/closures' },
  { route: 'POST /admin/closures', answers: ADMIN_INVALID, path: () => '/admin/closures' },
  {
    route: 'GET /admin/closures/:id/remove',
    answers: ADMIN,
    path: async (app) => `/admin/closures/${await closure(app)}/remove`,
  },
  {
    route: 'POST /admin/closures/:id/remove',
    answers: ADMIN_DONE,
    path: async (app) => `/admin/closures/${await closure(app)}/remove`,
  },
  { route: 'GET /admin/locations', answers: ADMIN, path: () => '/admin/locations' },
  { route: 'POST /admin/locations', answers: ADMIN_INVALID, path: () => '/admin/locations' },
  {
    route: 'GET /admin/locations/:id',
    answers: ADMIN,
    path: ({ location }) => `/admin/locations/${location.id}`,
  },
  {
    route: 'POST /admin/locations/:id',
    answers: ADMIN_INVALID,
    path: ({ location }) => `/admin/locations/${location.id}`,
  },
  {
    route: 'GET /admin/locations/:id/retire',
    answers: ADMIN,
    path: ({ location }) => `/admin/locations/${location.id}/retire`,
  },
  {
    route: 'POST /admin/locations/:id/retire',
    answers: ADMIN_DONE,
    path: async (app) => `/admin/locations/${(await buildLocation(app.store)).id}/retire`,
  },
  {
    route: 'POST /admin/locations/:id/restore',
    answers: ADMIN_DONE,
    path: ({ otherLocation }) => `/admin/locations/${otherLocation.id}/restore`,
  },
  { route: 'GET /admin/desks', answers: ADMIN, path: () => '/admin/desks' },
  { route: 'POST /admin/desks', answers: ADMIN_INVALID, path: () => '/admin/desks' },
  {
    route: 'GET /admin/desks/:id',
    answers: ADMIN,
    path: ({ deskId }) => `/admin/desks/${deskId}`,
  },
  {
    route: 'POST /admin/desks/:id',
    answers: ADMIN_INVALID,
    path: ({ deskId }) => `/admin/desks/${deskId}`,
  },
  {
    route: 'GET /admin/desks/:id/retire',
    answers: ADMIN,
    path: ({ deskId }) => `/admin/desks/${deskId}/retire`,
  },
  {
    route: 'POST /admin/desks/:id/retire',
    answers: ADMIN_DONE,
    path: async ({ store, location }) => `/admin/desks/${await buildDesk(store, location)}/retire`,
  },
  {
    route: 'POST /admin/desks/:id/restore',
    answers: ADMIN_DONE,
    path: ({ deskId }) => `/admin/desks/${deskId}/restore`,
  },
  { route: 'GET /admin/staff', answers: ADMIN, path: () => '/admin/staff' },
  { route: 'GET /admin/days', answers: ADMIN, path: () => '/admin/days' },
  {
    route: 'GET /admin/days.csv',
    answers: ADMIN,
    path: () => '/admin/days.csv?from=2026-03-01&to=2026-03-02',
  },
  { route: 'GET /admin/days/:day', answers: ADMIN, path: () => '/admin/days/2026-03-02' },
  { route: 'POST /admin/staff', answers: ADMIN_INVALID, path: () => '/admin/staff' },

  { route: 'GET /api/openapi.json', answers: PUBLIC, path: () => '/api/openapi.json' },
  { route: 'GET /api/docs', answers: PUBLIC, path: () => '/api/docs' },
];

/** The fields as a form sends them. */
export function formFields(fields: object): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value as string]));
}
