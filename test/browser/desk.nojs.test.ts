import type { Page } from '@playwright/test';
import { doneCookie } from '../../src/web/notice.ts';
import { expect, logIn, test } from '../support/fixtures.ts';

const QUEUE = '/desk/parking-permits';

test.beforeEach(async ({ page }) => {
  await logIn(page, 'staff1@demo.example');
  await page.goto('/desk');
});

test('the panel loads itself again at its own address, until it is paused', async ({ page }) => {
  const refresh = page.locator('meta[http-equiv=refresh]');
  await tellDone(page, 'call-A1');
  await page.goto(QUEUE);
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

test('what was done is told once, and only what we would have written', async ({ page }) => {
  const notice = page.locator('#desk-notice');
  await tellDone(page, 'call-A1.start-A2');
  await page.goto(QUEUE);
  await expect(notice).not.toBeEmpty();
  await page.reload();
  await expect(notice).toBeEmpty();
  await page.goto(`${QUEUE}?done=call-A1`);
  await expect(notice).toBeEmpty();
  await tellDone(page, 'send-A1.call-you');
  await page.goto(QUEUE);
  await expect(notice).toBeEmpty();
});

/** Leaves what a form did for the page of the queue, as its answer would. */
async function tellDone(page: Page, done: string): Promise<void> {
  const { hostname } = new URL(page.url());
  const cookie = { name: doneCookie(QUEUE), value: done, domain: hostname, path: QUEUE };
  await page.context().addCookies([cookie]);
}
