import type { Page } from '@playwright/test';
import { forwardTo } from '../support/forwarder.ts';
import { actAs, bookFor, call, DEMO, expect, nextSlot, slot, test } from '../support/journeys.ts';

test('days and months are swapped in place', async ({ page, town }) => {
  const service = await town.newService();
  await page.goto(service.path);
  const stayed = await watch(page);
  const month = page.getByRole('navigation', { name: 'Month' });
  await month.getByRole('link').last().click();
  await expect(page).not.toHaveURL(service.path);
  const first = page.url();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('A');

  const second = page.getByRole('link', { name: /^2 / });
  await second.click();
  await expect(page).toHaveURL(/-02$/);
  await expect(second).toHaveAttribute('aria-current', 'date');
  await expect(second).toBeFocused();
  await expect(page.getByRole('heading', { level: 2, name: / 2 / })).toBeVisible();
  expect(await stayed()).toBe(true);

  await page.goBack();
  await expect(page).toHaveURL(first);
  await expect(page.getByRole('link', { name: /^1 / })).toHaveAttribute('aria-current', 'date');
  await page.goBack();
  await expect(page).toHaveURL(service.path);
  await expect(page.locator('[aria-current=date] time')).toHaveAttribute('datetime', service.today);
  await page.goForward();
  await expect(page).toHaveURL(first);
  await expect(page.getByRole('link', { name: /^1 / })).toHaveAttribute('aria-current', 'date');
});

test('whoever pages by keyboard stays on the next month, and is told what the day has', async ({
  page,
  town,
}) => {
  const service = await town.newService({ horizonDays: 150 });
  await page.goto(service.path);
  const links = page.getByRole('navigation', { name: 'Month' }).getByRole('link');
  const status = page.locator('#day-picker').getByRole('status');
  const element = await status.elementHandle();
  for (let count = 0; count < 2; count++) {
    const { date } = Object.fromEntries(
      new URL((await links.last().getAttribute('href')) ?? '', page.url()).searchParams,
    );
    await links.last().focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`${service.path}?date=${date}`);
    await expect(links).toHaveCount(2);
    await expect(links.last()).toBeFocused();
    const day = await page.getByRole('heading', { level: 2, name: / 1 / }).textContent();
    await expect(status).toHaveText(`${day}: 30 times free`);
  }
  // The same element: one that is put in anew would not be read.
  expect(await status.evaluate((now, before) => now === before, element)).toBe(true);
});

test('without a connection the page says so, stays, and recovers', async ({ page, context, town }) => {
  const service = await town.newService();
  await page.goto(`${service.path}?date=${service.tomorrow}`);
  const banner = page.getByText('No connection.');
  await expect(banner).toBeHidden();
  await context.setOffline(true);
  const month = page.getByRole('navigation', { name: 'Month' }).getByRole('link').last();
  await month.click();
  await expect(banner).toBeVisible();
  await expect(slot(page, '09:00')).toBeVisible();
  // Nothing here asks again by itself.
  await expect(banner).toHaveText('No connection. What you see may be out of date.');
  await context.setOffline(false);
  await expect(banner).toBeHidden();
  await month.click();
  await expect(page).not.toHaveURL(new RegExp(service.tomorrow));
  await expect(banner).toBeHidden();
});

test('a form that is sent without a connection stays as it was filled in, and can be sent again', async ({
  page,
  context,
  town,
}) => {
  const service = await town.newService();
  await actAs(context, town, await town.newCustomer());
  await page.goto(`${service.path}?date=${service.tomorrow}`);
  await slot(page, '09:00').check();
  await context.setOffline(true);
  const book = page.getByRole('button', { name: 'Book this time' });
  await book.click();
  const unsent = page.getByText('No connection: this was not sent yet.');
  await expect(unsent).toBeVisible();
  await expect(slot(page, '09:00')).toBeChecked();
  await context.setOffline(false);
  await expect(unsent).toBeHidden();
  await book.click();
  await expect(page.getByText('Your time is booked.')).toBeVisible();
});

test('a form to a server that is gone stays as it was filled in, and is sent once when it is back', async ({
  page,
  context,
  town,
}) => {
  const service = await town.newService();
  await actAs(context, town, await town.login(DEMO.admin));
  const way = await forwardTo(town.app.url);
  await way.open();
  await page.goto(`${way.url}admin/services/${service.id}`);
  const description = page.getByLabel('Description');
  const save = page.getByRole('button', { name: 'Save service' });
  const unsent = page.getByText('No connection: this was not sent yet.');
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(request.url());
  });
  await description.fill('Typed with care');
  await way.cut();
  await save.click();
  await expect(unsent).toBeVisible();
  await expect(description).toHaveValue('Typed with care');
  // A proxy that is still there says no more than that.
  await page.route('**/readyz', (route) => route.fulfill({ status: 502 }));
  await save.click();
  await expect(save).toBeEnabled();
  await expect(page.locator('form[aria-busy]')).toHaveCount(0);
  await expect(unsent).toBeVisible();
  await page.unroute('**/readyz');
  expect(posts).toEqual([]);

  await way.open();
  // Slow enough to press again while it is asked.
  await page.route('**/readyz', async (route) => {
    await page.waitForTimeout(500);
    await route.continue();
  });
  await save.click();
  await save.click();
  await expect(page.getByText(`${service.name} was saved.`)).toBeVisible();
  await expect(unsent).toBeHidden();
  expect(posts).toHaveLength(1);
  await way.cut();
});

test('a ticket keeps asking while there is no connection', async ({ page, context, town }) => {
  const service = await town.newService();
  const person = await town.newCustomer();
  const { id } = await bookFor(town, person, service, await nextSlot(town, service));
  await call(town, person, 'POST', `/reservations/${id}/check-in`);
  await actAs(context, town, person);
  await page.goto(`/reservations/${id}`);
  const leave = page.getByRole('button', { name: 'Leave the line' });
  await leave.focus();
  await context.setOffline(true);
  await expect(page.getByText('No connection.')).toHaveText(/we keep trying/);
  await expect(page.getByRole('article', { name: 'Ticket J1' })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('No connection.')).toBeHidden();
  await expect(leave).toBeFocused();
});

test('where only the stream does not come through, nobody is told of a lost connection', async ({
  page,
  town,
}) => {
  const service = await town.newService();
  const staff = await town.login(DEMO.staff);
  const { location = '' } = await call(town, staff, 'POST', `/queues/${service.id}/entries`, { name: 'Ann' });
  await page.route('**/live/**', (route) => route.abort());
  await page.addInitScript(() =>
    addEventListener('DOMContentLoaded', () => {
      const banner = document.querySelector('[data-offline]') as Element;
      new MutationObserver(() => Object.assign(window, { flashed: true })).observe(banner, {
        childList: true,
      });
    }),
  );
  const refused = page.waitForEvent('requestfailed', (request) => request.url().includes('/live/'));
  await page.goto(location);
  await refused;
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => 'flashed' in window)).toBe(false);
});

test('a session that ended leads a live ticket to the login page', async ({ page, context, town }) => {
  const service = await town.newService();
  const person = await town.newCustomer();
  const { id } = await bookFor(town, person, service, await nextSlot(town, service));
  await call(town, person, 'POST', `/reservations/${id}/check-in`);
  await actAs(context, town, person);
  await page.goto(`/reservations/${id}`);
  await context.clearCookies();
  await expect(page).toHaveURL(/\/login\?next=/, { timeout: 15_000 });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Log in');
});

test('a walk-in that is being typed stays though its service takes none any more, and says so when it is sent', async ({
  page,
  context,
  town,
}) => {
  const service = await town.newService();
  await actAs(context, town, await town.login(DEMO.staff));
  await page.goto(`/desk/${service.slug}`);
  await page.getByRole('link', { name: 'Add a walk-in' }).click();
  await page.getByLabel('Name').fill('Hanna Half-ty');
  await page.getByLabel('Note').fill('Brings a dog');
  const admin = await town.login(DEMO.admin);
  const asked = page.waitForResponse((answer) => answer.url().endsWith(service.slug) && answer.ok());
  const { status } = await call(town, admin, 'PATCH', `/services/${service.id}`, { walk_ins: false });
  expect(status).toBe(200);
  await asked;
  await page.waitForTimeout(300);
  await expect(page.getByLabel('Name')).toHaveValue('Hanna Half-ty');
  await page.getByRole('button', { name: 'Add to the line' }).click();
  await expect(page.locator('#desk-notice')).toContainText('This service takes no walk-ins.');
  await expect(page.getByLabel('Name')).toHaveValue('Hanna Half-ty');
  await expect(page.getByLabel('Note')).toHaveValue('Brings a dog');
});

/** Marks the page's window; the answer tells whether it is still the same one. */
async function watch(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => document.documentElement.setAttribute('data-watched', ''));
  return () => page.evaluate(() => document.documentElement.hasAttribute('data-watched'));
}
