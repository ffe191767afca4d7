import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';

const QUEUE = '/desk/parking-permits';

async function openPanel(page: Page, email = 'staff1@demo.example'): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('now-serving-demo');
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
  await page.goto(QUEUE);
}

/** Somebody takes a number at another desk. */
async function walkInElsewhere(page: Page, name: string): Promise<void> {
  const answer = await page.request.post(`${QUEUE}/entries`, {
    form: { name },
    headers: { Origin: new URL(page.url()).origin },
  });
  expect(answer.ok()).toBe(true);
}

test.beforeEach(async ({ page }) => {
  await openPanel(page);
});

test('news from elsewhere appear, without anything in between', async ({ page }) => {
  const title = await page.title();
  await walkInElsewhere(page, 'Nina News');
  await expect(page.getByRole('row').filter({ hasText: 'Nina News' })).toBeVisible();
  expect(await page.title()).not.toBe(title);
  const polls: number[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith(QUEUE)) polls.push(response.status());
  });
  await expect
    .poll(() => polls.filter((status) => status === 304).length, { timeout: 12_000 })
    .toBeGreaterThan(1);
});

test('what is being typed survives a poll, and so does the caret', async ({ page }) => {
  await page.getByRole('link', { name: 'Add a walk-in' }).click();
  await page.getByLabel('Priority').check();
  await page.getByLabel('Name').click();
  await page.keyboard.type('Hanna Half-ty');
  await page.keyboard.press('ArrowLeft');
  await walkInElsewhere(page, 'Peter Poll');
  await expect(page.getByRole('row').filter({ hasText: 'Peter Poll' })).toBeVisible();
  await expect(page.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('--');
  await expect(page.getByLabel('Name')).toHaveValue('Hanna Half-t--y');
  await expect(page.getByLabel('Priority')).toBeChecked();
  // Nor does another form of the panel take it.
  await page.getByRole('button', { name: /^Next/ }).click();
  await expect(page.locator('#desk-notice')).toContainText('is being served.');
  await expect(page.getByLabel('Name')).toHaveValue('Hanna Half-t--y');
});

test('an open menu stays open, and the focus where it is', async ({ page }) => {
  const menu = page.locator('details.menu').last();
  const label = await menu.locator('summary').innerText();
  await menu.locator('summary').click();
  await walkInElsewhere(page, 'Mona Menu');
  await expect(page.getByRole('row').filter({ hasText: 'Mona Menu' })).toBeVisible();
  await expect(page.locator('details.menu[open]')).toHaveCount(1);
  await expect(page.locator('details.menu[open] summary')).toHaveText(label);
  await expect(page.locator('details.menu[open] summary')).toBeFocused();
});

test('the focus follows a ticket whose button is gone', async ({ page }) => {
  await walkInElsewhere(page, 'Fred Focus');
  const row = page.getByRole('row').filter({ hasText: 'Fred Focus' });
  const number = await row.getByRole('rowheader').innerText();
  await row.getByRole('button', { name: `Skip ${number}` }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: `Reinstate ${number}` })).toBeVisible();
  await expect(page.getByRole('rowheader', { name: number, exact: true })).toBeFocused();
  // Next stays where it is.
  await page.getByRole('button', { name: /^Next/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#desk-notice')).toContainText('is being served.');
  await expect(page.getByRole('button', { name: /^Next/ })).toBeFocused();
});

test('a double click on Next is one tap', async ({ page }) => {
  const advances: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') advances.push(request.url());
  });
  await page.getByRole('button', { name: /^Next/ }).click({ clickCount: 2, delay: 60 });
  await expect(page.locator('#desk-notice')).toContainText('is being served.');
  await page.waitForTimeout(500);
  expect(advances).toHaveLength(1);
});

test('a paused panel asks for nothing, and stays paused after a form', async ({ page }) => {
  await page.getByRole('link', { name: 'Pause updates' }).click();
  await expect(page.getByRole('link', { name: 'Resume updates' })).toBeVisible();
  const polls: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'GET') polls.push(request.url());
  });
  await page.getByRole('button', { name: /^Next/ }).click();
  await expect(page.locator('#desk-notice')).toContainText('is being served.');
  await page.waitForTimeout(3_600);
  expect(polls).toEqual([]);
  await expect(page.locator('#desk-panel')).not.toHaveAttribute('hx-get');
});

test('who is logged out elsewhere is sent to log in by the next poll', async ({ page }) => {
  await page.context().clearCookies();
  await expect(page).toHaveURL(/\/login\?next=%2Fdesk%2Fparking-permits$/, { timeout: 10_000 });
});
