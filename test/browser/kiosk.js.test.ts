import { expect, test } from '../support/journeys.ts';

test('a screen that nobody touches goes back to the start, one that somebody uses does not', async ({
  page,
  town,
}) => {
  const service = await town.newService();
  const start = new RegExp(`/kiosk/${service.slug}$`);
  await page.clock.install();
  await page.goto(`/kiosk/${service.slug}/check-in`);
  await page.clock.runFor(50_000);
  await page.getByLabel('Your code').fill('A');
  await page.clock.runFor(50_000);
  await expect(page.getByLabel('Your code')).toHaveValue('A');
  await page.clock.runFor(15_000);
  await expect(page).toHaveURL(start);
});

test('while nothing answers, a screen stays as it is', async ({ page, context, town }) => {
  const service = await town.newService();
  await page.clock.install();
  await page.goto(`/kiosk/${service.slug}/check-in`);
  await context.setOffline(true);
  await page.clock.runFor(70_000);
  await expect(page.getByLabel('Your code')).toBeVisible();
  await context.setOffline(false);
  await page.clock.runFor(70_000);
  await expect(page).toHaveURL(new RegExp(`/kiosk/${service.slug}$`));
});

test('a tap while nothing answers leaves the screen as it is, and says so', async ({
  page,
  context,
  town,
}) => {
  const service = await town.newService();
  await page.goto(`/kiosk/${service.slug}`);
  await context.setOffline(true);
  await page.getByRole('link', { name: 'Take a number' }).click();
  await expect(page.getByText('No connection.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Take a number' })).toBeVisible();
  await context.setOffline(false);
  await page.getByRole('link', { name: 'I have a reservation' }).click();
  await page.getByLabel('Your code').fill('ABC234');
  await context.setOffline(true);
  await page.getByLabel('Your code').press('Enter');
  await expect(page.getByText('No connection: this was not sent yet.')).toBeVisible();
  await expect(page.getByLabel('Your code')).toHaveValue('ABC234');
  await context.setOffline(false);
  await page.getByLabel('Your code').press('Enter');
  await expect(page.getByText('No reservation of today fits that.')).toBeVisible();
});

test('a start that was touched in vain says so no longer than nothing answers', async ({ page, town }) => {
  const service = await town.newService();
  const banner = page.getByText('No connection.');
  await page.clock.install();
  await page.goto(`/kiosk/${service.slug}`);
  // The server is gone, not the network: the browser tells of nothing.
  await page.route('**/kiosk/**', (route) => route.abort());
  await page.getByRole('link', { name: 'Take a number' }).click();
  await expect(banner).toBeVisible();
  await page.clock.runFor(10_000);
  await expect(banner).toBeVisible();
  await page.unroute('**/kiosk/**');
  await page.clock.runFor(10_000);
  await expect(banner).toBeHidden();
});

test('going back shows nobody the ticket of whoever stood there before', async ({ page, town }) => {
  const service = await town.newService({ askName: false });
  await page.goto(`/kiosk/${service.slug}`);
  await page.getByRole('link', { name: 'Take a number' }).click();
  await page.getByRole('button', { name: new RegExp(service.name) }).click();
  const number = page.locator('.receipt .number');
  await expect(number).toBeVisible();
  await page.getByRole('link', { name: 'Done' }).click();
  await expect(page).toHaveURL(new RegExp(`/kiosk/${service.slug}$`));
  for (let times = 0; times < 4; times++) {
    await page.goBack().catch(() => undefined);
    await expect(number).toHaveCount(0);
  }
});
