// Makes the pictures of docs/images, from a program with demo data: npm run screenshots
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import {
  actAs,
  call,
  DEMO,
  enter,
  expect,
  PASSWORD,
  reservationsOf,
  type Someone,
  type Town,
  test,
} from '../support/journeys.ts';
import { startServer } from '../support/server.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));
/** No picture may weigh more, in bytes. */
const LIMIT = 150_000;

interface View {
  who?: Someone;
  width: 360 | 1280;
  height: number;
  dark?: true;
  /** What is done on the page first. */
  act?: (page: Page) => Promise<unknown>;
}

test.describe.configure({ timeout: 120_000 });

test('pictures for the documents', async ({ browser, town }) => {
  // The demo alone: the second place of the journeys has no business in a picture.
  const app = await startServer({ database: 'sqlite' });
  const demo: Town = { ...town, app };
  try {
    mkdirSync(FOLDER, { recursive: true });
    // Drawings by others stay.
    for (const name of readdirSync(FOLDER)) if (name.endsWith('.png')) rmSync(FOLDER + name);
    const [customer, staff, admin] = await Promise.all(
      [DEMO.customer, DEMO.staff, DEMO.admin].map((email) =>
        enter(app, '/api/auth/login', { email, password: PASSWORD }),
      ),
    );
    if (!customer || !staff || !admin) throw new Error('The demo has no logins');
    const take = (name: string, path: string, view: View) => picture(browser, demo, name, path, view);
    const booking = `/services/passports-and-id-cards?date=${await busyDay(demo)}`;
    const ticket = await soonest(demo, customer);
    const edit = `/admin/services/${(await serviceOf(demo)).id}`;

    await take('services', '/', { width: 1280, height: 1000 });
    await take('booking', booking, { who: customer, width: 1280, height: 920, act: chooseSlot });
    await take('booking-phone-dark', booking, {
      who: customer,
      width: 360,
      height: 900,
      dark: true,
      act: scrollToDays,
    });
    await take('reservation-phone', ticket, { who: customer, width: 360, height: 780 });
    await take('ticket-phone', ticket, { who: customer, width: 360, height: 900, act: checkIn });
    const desk = await sitDown(demo, staff);
    await take('desk', desk, { who: staff, width: 1280, height: 660 });
    await take('desk-phone', desk, { who: staff, width: 360, height: 900 });
    await take('board', '/board/rivermouth-town-hall', { width: 1280, height: 660 });
    await take('kiosk', '/kiosk/rivermouth-town-hall', { width: 1280, height: 660 });
    await take('admin-service', edit, { who: admin, width: 1280, height: 1000 });
  } finally {
    await app.stop();
  }
});

async function picture(browser: Browser, demo: Town, name: string, path: string, view: View): Promise<void> {
  const { who, width, height, dark, act } = view;
  const context = await browser.newContext({
    baseURL: demo.app.url,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
  });
  if (who) await actAs(context, demo, who);
  const page = await context.newPage();
  const response = await page.goto(path);
  expect(response?.status()).toBe(200);
  await act?.(page);
  const file = `${FOLDER}${name}.png`;
  await page.screenshot({ path: file });
  expect(statSync(file).size, name).toBeLessThan(LIMIT);
  await context.close();
}

async function chooseSlot(page: Page): Promise<void> {
  await page.locator('label.slot:has(:enabled)').nth(4).click();
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
}

async function scrollToDays(page: Page): Promise<void> {
  await page.locator('.calendar').evaluate((calendar) => calendar.scrollIntoView());
}

async function checkIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Check in' }).click();
  await expect(page.getByRole('article')).toBeVisible();
}

/** Somebody works at the first desk from now on: who was called there is being served. Answers the address of its panel. */
async function sitDown(demo: Town, staff: Someone): Promise<string> {
  const desks = await call<{ id: string; name: string }[]>(demo, staff, 'GET', '/desks');
  const desk = desks.data.find(({ name }) => name === 'Desk 1');
  const { id } = await serviceOf(demo);
  const line = await call<{ id: string; status: string }[]>(demo, staff, 'GET', `/queues/${id}`);
  const of = (status: string) => line.data.find((entry) => entry.status === status)?.id;
  for (const [path, body] of [
    [`/desks/${desk?.id}/take`, {}],
    [`/entries/${of('in_service')}/complete`, {}],
    [`/entries/${of('called')}/start`, { desk_id: desk?.id }],
  ] as const)
    expect((await call(demo, staff, 'POST', path, body)).status).toBe(200);
  return `/desk/${desk?.id}`;
}

/** The customer's next reservation: the demo makes one that can be checked in for. */
async function soonest(demo: Town, customer: Someone): Promise<string> {
  const coming = (await reservationsOf(demo, customer))
    .filter(({ status, time_slot }) => status === 'confirmed' && Date.parse(time_slot) > Date.now() - 900_000)
    .toSorted((a, b) => a.time_slot.localeCompare(b.time_slot));
  return `/reservations/${coming[0]?.id}`;
}

async function serviceOf({ app }: Town): Promise<{ id: string }> {
  const response = await fetch(`${app.url}/api/services`);
  const { data } = (await response.json()) as { data: { id: string; name: string }[] };
  const service = data.find(({ name }) => name.startsWith('Passports'));
  if (!service) throw new Error('The demo has no passports');
  return service;
}

/** A day of this or next month with some slots taken. */
async function busyDay(demo: Town): Promise<string> {
  const { id } = await serviceOf(demo);
  for (let ahead = 2; ahead < 14; ahead++) {
    const day = new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    const response = await fetch(`${demo.app.url}/api/services/${id}/slots?date=${day}`);
    const { data } = (await response.json()) as { data: { available: number }[] };
    if (data.length > 12 && data.some(({ available }) => available === 0)) return day;
  }
  throw new Error('No day of the demo is busy');
}
