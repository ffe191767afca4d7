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
