import { expect, test } from '../support/fixtures.ts';

const QUEUE = '/desk/parking-permits';

test.beforeEach(async ({ page }) => {
  await page.goto('/login');
  await page.getByLabel('E-mail address').fill('staff1@demo.example');
  await page.getByLabel('Password').fill('now-serving-demo');
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
});

test('the panel loads itself again at its own address, until it is paused', async ({ page }) => {
  const refresh = page.locator('meta[http-equiv=refresh]');
  await page.goto(`${QUEUE}?done=call-A1`);
  await expect(refresh).toHaveAttribute('content', `30; url=${QUEUE}`);
  await page.goto(QUEUE);
  await expect(refresh).toHaveAttribute('content', `10; url=${QUEUE}`);
  await page.getByRole('link', { name: 'Pause updates' }).click();
  await expect(refresh).toHaveCount(0);
  await expect(page.locator('#desk-panel')).toContainText('Paused at');
});

test('no page with the walk-in form loads itself again', async ({ page }) => {
  const refresh = page.locator('meta[http-equiv=refresh]');
  await page.goto(`${QUEUE}/walk-in`);
  await expect(page.getByLabel('Name')).toBeVisible();
  await expect(refresh).toHaveCount(0);
  await page.getByRole('button', { name: 'Add to the line' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(refresh).toHaveCount(0);
});

test('the address cannot make the page say what it likes', async ({ page }) => {
  await page.goto(`${QUEUE}?done=call-A1%3Cb%3E&done=send-A1&done=call-you`);
  await expect(page.locator('#desk-notice')).toBeEmpty();
});
