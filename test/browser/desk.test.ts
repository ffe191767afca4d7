import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';

/** Has a line in progress at any hour. */
const QUEUE = '/desk/passports-and-id-cards';
const PASSWORD = 'now-serving-demo';

async function logIn(page: Page, email: string): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
}

async function openPanel(page: Page, email = 'staff1@demo.example'): Promise<void> {
  await logIn(page, email);
  await page.goto(QUEUE);
}

/** Adds somebody by the form, and answers their number. */
async function addWalkIn(page: Page, name: string): Promise<string> {
  await page.getByRole('link', { name: 'Add a walk-in' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Add to the line' }).click();
  await expect(rowOf(page, name)).toBeVisible();
  return (await rowOf(page, name).getByRole('rowheader').innerText()).trim();
}

function rowOf(page: Page, text: string): Locator {
  return page.getByRole('row').filter({ hasText: text });
}

function notice(page: Page): Locator {
  return page.locator('#desk-notice');
}

test('the list leads to the queue', async ({ page }) => {
  await logIn(page, 'staff1@demo.example');
  await page.goto('/desk');
  await page.getByRole('link', { name: 'Passports and ID cards', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Passports and ID cards');
  await expect(page).toHaveTitle(/^\d+ waiting · Passports and ID cards · Now Serving$/);
});

test('one tap finishes a ticket and starts the next', async ({ page }) => {
  await openPanel(page);
  const next = page.getByRole('button', { name: /^Next/ });
  await next.click();
  await expect(notice(page)).toContainText('is being served.');
  const first = (await page.locator('.now .number').innerText()).trim();
  await expect(next).toContainText(`Finishes ${first}.`);
  await next.click();
  await expect(notice(page)).toContainText(`${first} was completed.`);
  await expect(page.locator('.now .number')).not.toHaveText(first);
});

test('somebody expected is checked in', async ({ page }) => {
  await openPanel(page);
  const row = page.locator('[aria-labelledby=expected] tbody tr').first();
  const name = await row.getByRole('cell').first().innerText();
  const button = row.getByRole('button', { name: `Check in ${name}` });
  await button.click();
  await expect(notice(page)).toContainText('Checked in as A');
  await expect(page.getByRole('button', { name: `Check in ${name}` })).toHaveCount(0);
  await expect(
    page.locator('[aria-labelledby=line]').getByRole('row').filter({ hasText: name }),
  ).toBeVisible();
});

test('a walk-in with a mistake, then right', async ({ page }) => {
  await openPanel(page);
  await page.getByRole('link', { name: 'Add a walk-in' }).click();
  await page.getByLabel('Phone').fill('not a number');
  await page.getByLabel('Priority').check();
  await page.getByRole('button', { name: 'Add to the line' }).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('Name: Please fill this in.');
  await expect(summary).toContainText('Phone: This cannot be used here.');
  await expect(page.getByLabel('Phone')).toHaveValue('not a number');
  await expect(page.getByLabel('Priority')).toBeChecked();
  await expect(page.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');

  await page.getByLabel('Name').fill('Wanda <b>Walker</b>');
  await page.getByLabel('Phone').fill('+44 20 7946 0000');
  await page.getByRole('button', { name: 'Add to the line' }).click();
  await expect(notice(page)).toContainText('Added to the line as A');
  await expect(rowOf(page, 'Wanda <b>Walker</b>')).toContainText('Priority walk-in, arrived');
  await expect(page.getByRole('link', { name: 'Add a walk-in' })).toBeVisible();
});

test('a ticket is called, started, completed', async ({ page }) => {
  await openPanel(page);
  const number = await addWalkIn(page, 'Carl Called');
  await page.getByRole('button', { name: `Call ${number}` }).click();
  await expect(notice(page)).toContainText(`${number} was called.`);
  await page.getByRole('button', { name: `Start ${number}` }).click();
  await expect(notice(page)).toContainText(`${number} is being served.`);
  await page.getByRole('button', { name: `Complete ${number}` }).click();
  await expect(notice(page)).toContainText(`${number} was completed.`);
});

test('a skipped ticket comes back to its place', async ({ page }) => {
  await openPanel(page);
  const number = await addWalkIn(page, 'Sara Skipped');
  await page.getByRole('button', { name: `Skip ${number}` }).click();
  await expect(notice(page)).toContainText(`${number} was skipped.`);
  await page.getByRole('button', { name: `Reinstate ${number}` }).click();
  await expect(notice(page)).toContainText(`${number} is back in the line.`);
  await expect(page.getByRole('button', { name: `Call ${number}` })).toBeVisible();
});

/** A second browser, with its own session; it may use JavaScript if the first may. */
async function elsewhere(page: Page, work: (other: Page) => Promise<void>): Promise<void> {
  const { use } = test.info().project;
  const context = await page
    .context()
    .browser()
    ?.newContext({
      baseURL: new URL(page.url()).origin,
      javaScriptEnabled: use.javaScriptEnabled ?? true,
    });
  if (!context) throw new Error('No browser');
  try {
    await work(await context.newPage());
  } finally {
    await context.close();
  }
}

test('the slower of two desks is told who was faster', async ({ page }, { project }) => {
  await openPanel(page);
  const number = await addWalkIn(page, 'Rita Raced');
  await elsewhere(page, async (slow) => {
    await openPanel(slow, 'admin@demo.example');
    // A paused screen stays stale, with JavaScript too.
    await slow.getByRole('link', { name: 'Pause updates' }).click();
    await expect(slow.getByRole('link', { name: 'Resume updates' })).toBeVisible();
    await page.getByRole('button', { name: `Call ${number}` }).click();
    await expect(notice(page)).toContainText(`${number} was called.`);

    await slow.getByRole('button', { name: `Skip ${number}` }).click();
    await expect(notice(slow)).toContainText(
      new RegExp(
        `Nothing was changed. Ticket ${number} was already called by Priya Nair at \\d\\d:\\d\\d. Next is A\\d+.`,
      ),
    );
    await expect(slow.getByRole('button', { name: `Start ${number}` })).toBeVisible();
    if (project.name === 'js') await expect(notice(slow).locator('p')).toBeFocused();
  });
});

test('two desks that both tap Next do not skip anybody', async ({ page }) => {
  await openPanel(page);
  await elsewhere(page, async (slow) => {
    await openPanel(slow, 'admin@demo.example');
    await slow.getByRole('link', { name: 'Pause updates' }).click();
    await expect(slow.getByRole('link', { name: 'Resume updates' })).toBeVisible();
    await page.getByRole('button', { name: /^Next/ }).click();
    await expect(notice(page)).toContainText('is being served.');
    const serving = await page.locator('.now .number').innerText();

    await slow.getByRole('button', { name: /^Next/ }).click();
    await expect(notice(slow)).toContainText('Nothing was changed.');
    await expect(slow.locator('.now .number')).toHaveText(serving);
  });
});

test('a customer has no desk', async ({ page }) => {
  await logIn(page, 'customer@demo.example');
  const answer = await page.goto(QUEUE);
  expect(answer?.status()).toBe(403);
});
