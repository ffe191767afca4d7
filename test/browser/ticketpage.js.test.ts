import type { Page } from '@playwright/test';
import { actAs, bookFor, call, DEMO, expect, nextSlot, type Town, test } from '../support/journeys.ts';

/** Somebody's ticket in a line of its own, and what others do there. */
async function inLine(town: Town) {
  const service = await town.newService();
  const staff = await town.login(DEMO.staff);
  const post = (path: string, body?: object) => call<{ id: string }>(town, staff, 'POST', path, body);
  const walkIn = (name: string, priority: number) =>
    post(`/queues/${service.id}/entries`, { name, priority });
  const { location = '', data } = await walkIn('Wanda', 0);
  return { location, id: data.id, walkIn, post };
}

/** As on a phone that has the other scripts from the page before: what asks for itself listens for news first. */
async function liveComesLate(page: Page): Promise<void> {
  await page.route('**/live.*.js', async (route) => {
    await new Promise((go) => setTimeout(go, 500));
    await route.continue();
  });
}

test('news come at once, also where the script of the stream came late', async ({ page, town }) => {
  const { location, walkIn } = await inLine(town);
  await liveComesLate(page);
  const stream = page.waitForRequest('**/live/**', { timeout: 5_000 });
  await page.goto(location);
  await stream;
  await walkIn('Prio', 3);
  // The page asks by itself only every ten seconds.
  await expect(page.locator('#standing')).toHaveText('1 person ahead of you', { timeout: 6_000 });
});

test('news are asked for once, also where the script of the stream came late', async ({ page, town }) => {
  const { location } = await inLine(town);
  await liveComesLate(page);
  const polls: string[] = [];
  page.on('request', (request) => {
    if (request.headers()['hx-request'] === 'true' && request.url().endsWith(location))
      polls.push(request.url());
  });
  const stream = page.waitForRequest('**/live/**', { timeout: 5_000 });
  await page.goto(location);
  await stream;
  await page.waitForTimeout(3_000);
  // A stream begins with news; ten seconds may be over, too.
  expect(polls.length).toBeGreaterThan(0);
  expect(polls.length).toBeLessThanOrEqual(3);
});

test('whoever is called feels it, and whoever is called again', async ({ page, town }) => {
  const { location, id, walkIn, post } = await inLine(town);
  await page.addInitScript(() => {
    Object.assign(window, { felt: 0 });
    Object.assign(navigator, { vibrate: () => ++(window as unknown as { felt: number }).felt });
  });
  await page.goto(location);
  const felt = () => page.evaluate(() => (window as unknown as { felt: number }).felt);
  await walkIn('Willi', 0);
  expect(await felt()).toBe(0);
  await post(`/entries/${id}/call`);
  await expect(page.locator('#ticket-panel')).toContainText('It is your turn.');
  expect(await felt()).toBe(1);
  const alert = page.getByRole('alert').filter({ hasText: 'It is your turn.' });
  // Mostly within the minute of the call: what is said is another element, or nobody would hear it again.
  for (const times of [2, 3]) {
    const before = await alert.elementHandle();
    await post(`/entries/${id}/recall`);
    await expect.poll(felt).toBe(times);
    await expect(alert).toContainText('Called again at');
    expect(await before?.evaluate((element) => element.isConnected)).toBe(false);
  }
});

test('news that come in a crowd are asked for once or twice, and none is missed', async ({ page, town }) => {
  const { location, walkIn } = await inLine(town);
  const path = new URL(location, 'http://none').pathname;
  await page.goto(location);
  await expect(page.locator('#live')).toBeAttached();
  let polls = 0;
  await page.route(`**${path}`, async (route) => {
    polls += 1;
    await new Promise((go) => setTimeout(go, 400));
    await route.continue();
  });
  await walkIn('Prio', 3);
  await expect.poll(() => polls).toBe(1);
  // While the first answer is on its way.
  await Promise.all(['Petra', 'Paul', 'Pia'].map((name) => walkIn(name, 3)));
  await expect(page.locator('#standing')).toHaveText('4 people ahead of you', { timeout: 6_000 });
  await page.waitForTimeout(3_000);
  // A crowd may come in two parts, and ten seconds may be over.
  expect(polls).toBeLessThanOrEqual(5);
  await page.context().setOffline(true);
  const before = polls;
  const news = () => page.evaluate(() => document.getElementById('live')?.dispatchEvent(new Event('news')));
  await Promise.all([news(), news(), news()]);
  await page.waitForTimeout(1_500);
  expect(polls - before).toBeLessThanOrEqual(5);
});

test('whoever was called and leaves reads so in the title at once', async ({ page, town }) => {
  const { location, id, post } = await inLine(town);
  await post(`/entries/${id}/call`);
  await page.goto(location);
  await expect(page).toHaveTitle(/^Your turn: J1 · /);
  await page.getByRole('button', { name: 'Leave the line' }).click();
  await expect(page).toHaveTitle(/^J1 · /, { timeout: 2_000 });
});

test('more time that was given up elsewhere is told of no more', async ({ page, context, town }) => {
  const { location } = await inLine(town);
  await page.goto(location);
  await page.getByRole('button', { name: 'I need ten more minutes' }).click();
  const told = page.getByText('You have more time');
  await expect(told).toBeVisible();
  const other = await context.newPage();
  await other.goto(location);
  await other.getByRole('button', { name: 'I am back' }).click();
  await expect(told).toHaveCount(0);
  await expect(other.getByText('you are back in the line')).toBeVisible();
});

test('whom the desk takes back reads no more that they left', async ({ page, context, town }) => {
  const service = await town.newService();
  const [staff, customer] = await Promise.all([town.login(DEMO.staff), town.newCustomer()]);
  const { id } = await bookFor(town, customer, service, await nextSlot(town, service));
  const checkIn = () => call(town, staff, 'POST', `/reservations/${id}/check-in`);
  await checkIn();
  await actAs(context, town, customer);
  await page.goto(`/reservations/${id}`);
  await page.getByRole('button', { name: 'Leave the line' }).click();
  const told = page.getByText('You left the line.');
  await expect(told).toBeVisible();
  await checkIn();
  await expect(page.getByRole('article', { name: 'Ticket J2' })).toBeVisible();
  await expect(told).toHaveCount(0);
});
