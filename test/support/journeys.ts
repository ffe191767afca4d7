import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import { openStore } from '../../src/db/open.ts';
import type { Store } from '../../src/db/store.ts';
import { addDays, type LocalDay, localDay } from '../../src/domain/days.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import { buildLocation, buildService, type ServiceOptions } from './builders.ts';
import { test as base } from './fixtures.ts';
import { type Server, startServer } from './server.ts';

/** The password of the demo logins, and of everybody that a journey registers. */
export const PASSWORD = 'now-serving-demo';

export const DEMO = {
  admin: 'admin@demo.example',
  staff: 'staff1@demo.example',
  customer: 'customer@demo.example',
};

/** Somebody with a session, as the JSON API sees them. */
export interface Someone {
  id: string;
  name: string;
  email: string;
  /** The `Cookie` header of their session. */
  cookie: string;
}

/** A server with demo data, and a second place in it where it is the middle of the day, whenever the tests run. */
export interface Town {
  app: Server;
  /** Registers a customer nobody else uses. */
  newCustomer(name?: string): Promise<Someone>;
  login(email: string, password?: string): Promise<Someone>;
  /** Opens a service from eight to six every day, 20 minutes a slot; the demo's staff work there. */
  newService(options?: ServiceOptions): Promise<TownService>;
}

export interface TownService extends PlacedService {
  path: string;
  today: LocalDay;
  tomorrow: LocalDay;
  /** A wall-clock time there as the API and the forms write it. */
  at(day: LocalDay, time: string): string;
}

export interface ApiAnswer<T> {
  status: number;
  data: T;
  error?: { code: string };
  /** The `Location` header, where there is one. */
  location?: string | undefined;
}

type TownFixtures = { town: Town };

/**
 * For the customers' journeys: `town`, and `app` as a server of their own, so that no other file's tests meet the
 * second place.
 */
export const test = base.extend<object, TownFixtures>({
  app: [
    async ({ database }, use) => {
      const server = await startServer({ database });
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  town: [
    async ({ app }, use) => {
      const store = openStore({ url: app.databaseUrl, poolSize: 2 });
      await use(await openTown(app, store));
      await store.close();
    },
    { scope: 'worker' },
  ],
});

export { expect };

async function openTown(app: Server, store: Store): Promise<Town> {
  const location = await buildLocation(store, middayZone(new Date()));
  const staff = await enter(app, '/api/auth/login', { email: DEMO.staff, password: PASSWORD });
  await store.transaction((tx) =>
    tx.write.insert(tx.tables.staffLocations).values({ userId: staff.id, locationId: location.id }),
  );
  let customers = 0;
  let services = 0;
  return {
    app,
    newCustomer: async (name = `Robin Rowe ${++customers}`) => {
      const email = `${name.toLowerCase().replaceAll(' ', '.')}.${crypto.randomUUID().slice(0, 8)}@example.test`;
      return enter(app, '/api/auth/register', { name, email, password: PASSWORD });
    },
    login: (email, password = PASSWORD) => enter(app, '/api/auth/login', { email, password }),
    newService: async (options) => {
      const service = await buildService(store, location, {
        name: `Journey ${++services}`,
        prefix: 'J',
        durationMinutes: 20,
        checkInBeforeMinutes: 12 * 60,
        rules: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '08:00', closes: '18:00' })),
        ...options,
      });
      const { timeZone } = location;
      const today = localDay(new Date(), timeZone);
      return {
        ...service,
        path: `/services/${service.slug}`,
        today,
        tomorrow: addDays(today, 1),
        at: (day, time) =>
          new Date(Date.parse(`${day}T${time}:00Z`) - offsetOf(timeZone) * 3_600_000).toISOString(),
      };
    },
  };
}

/** A zone without clock changes in which it is between ten and eleven now: no test stands on the edge of a day. */
function middayZone(now: Date): string {
  const offset = 10 - now.getUTCHours();
  const ahead = offset < -12 ? offset + 24 : offset;
  // The sign is the other way round in these names.
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

function offsetOf(zone: string): number {
  return -Number(zone.slice('Etc/GMT'.length) || 0);
}

/** Logs somebody in or registers them, through the API. */
export async function enter(
  app: Server,
  path: string,
  body: { name?: string; email: string; password: string },
): Promise<Someone> {
  const response = await fetch(app.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { data?: Omit<Someone, 'cookie'> };
  if (!response.ok || !answer.data) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  return { ...answer.data, cookie };
}

/** Calls the JSON API as somebody. */
export async function call<T = Record<string, unknown>>(
  { app }: Town,
  who: Someone,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: unknown,
): Promise<ApiAnswer<T>> {
  const response = await fetch(`${app.url}/api${path}`, {
    method,
    headers: { cookie: who.cookie, 'content-type': 'application/json' },
    ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
  });
  const answer = (await response.json()) as { data: T; error?: { code: string } };
  return { status: response.status, location: response.headers.get('location') ?? undefined, ...answer };
}

export interface ReservationJson {
  id: string;
  time_slot: string;
  status: string;
}

/** Books through the API. */
export async function bookFor(
  town: Town,
  who: Someone,
  service: TownService,
  timeSlot: string,
): Promise<ReservationJson> {
  const { status, data } = await call<ReservationJson>(town, who, 'POST', '/reservations', {
    service_id: service.id,
    time_slot: timeSlot,
  });
  expect(status).toBe(201);
  return data;
}

/** What somebody has booked, through the API. */
export async function reservationsOf(town: Town, who: Someone): Promise<ReservationJson[]> {
  return (await call<ReservationJson[]>(town, who, 'GET', '/reservations')).data;
}

/** The next slot of today: something to check in for. */
export async function nextSlot(town: Town, service: TownService): Promise<string> {
  const response = await fetch(`${town.app.url}/api/services/${service.id}/slots?date=${service.today}`);
  const { data } = (await response.json()) as { data: { time_slot: string; available: number }[] };
  const slot = data.find(({ time_slot, available }) => available > 0 && Date.parse(time_slot) > Date.now());
  if (!slot) throw new Error('Nothing is free today');
  return slot.time_slot;
}

/** Gives a browser somebody's session, without the way through the login form. */
export async function actAs(
  context: BrowserContext,
  { app }: Pick<Town, 'app'>,
  who: Someone,
): Promise<void> {
  await context.addCookies(
    who.cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: app.url };
    }),
  );
}

/** Chooses a slot by its time, as a pointer does: the radio itself is invisible. */
export async function chooseTime(page: Page, time: string): Promise<void> {
  await page.locator('label.slot', { hasText: time }).click();
  await expect(slot(page, time)).toBeChecked();
}

/** The radio of a slot. */
export function slot(page: Page, time: string): Locator {
  return page.getByRole('radio', { name: time });
}

/** Fills a form by its labels and sends it. */
export async function fillIn(page: Page, values: Record<string, string>, button: string): Promise<void> {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label).fill(value);
  await page.getByRole('main').getByRole('button', { name: button, exact: true }).click();
}

/** Presses Tab until something has the focus, as somebody without a pointer does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not reach ${target}`);
}
