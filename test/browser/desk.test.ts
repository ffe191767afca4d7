import type { Locator, Page } from '@playwright/test';
import { expect, logIn, test } from '../support/fixtures.ts';

/** Has a line in progress at any hour. */
const QUEUE = '/desk/passports-and-id-cards';

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
  await page.setViewportSize({ width: 1280, height: 600 });
  await page.getByRole('link', { name: 'Add a walk-in' }).click();
  await expect(page.getByLabel('Phone')).toBeVisible();
  // The page scrolls to all of the form: no part of it is hidden in a box of its own.
  const hidden = await page
    .getByRole('complementary')
    .evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
  expect(hidden).toBe(0);
  await page.getByLabel('Phone').fill('not a number');
  await page.getByLabel('Priority').check();
  await page.getByRole('button', { name: 'Add to the line' }).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('Name: Please fill this in.');
  await expect(summary).toContainText('Phone: This is not a phone number.');
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

/** Calls somebody who is not the next one, saying why. */
async function callEarly(page: Page, number: string, reason = 'Has a train to catch'): Promise<void> {
  await page.getByRole('link', { name: `Call… ${number}`, exact: true }).click();
  const form = page.locator('#do-call');
  await form.getByLabel('Reason').fill(reason);
  await form.getByRole('button', { name: `Call ${number} now` }).click();
  await expect(notice(page)).toContainText(`${number} was called.`);
}

/** Does something that only a ticket's own page has a button for. */
async function onTicketPage(page: Page, number: string, button: string): Promise<void> {
  await page.getByRole('link', { name: `More ${number}`, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(number);
  await page.getByRole('button', { name: button }).click();
}

/** Sits down at a desk that nobody else works in these tests, and opens the queue. */
async function openAtDesk(page: Page): Promise<void> {
  await logIn(page, 'staff1@demo.example');
  await page.goto('/desk');
  await page.getByRole('button', { name: /: Desk 1$/ }).click();
  await expect(notice(page)).toContainText('This is your desk now.');
  await page.goto(QUEUE);
  await expect(page.getByText('You are at Desk 1.')).toBeVisible();
}

async function leaveDesk(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Open Desk 1' }).click();
  await page.getByRole('button', { name: 'Leave desk' }).click();
  await expect(page.getByText('You left your desk.')).toBeVisible();
}

test('a ticket is called, called again, started, parked, taken up again, completed', async ({ page }) => {
  await openAtDesk(page);
  const number = await addWalkIn(page, 'Carl Called');
  await callEarly(page, number);
  await page.getByRole('button', { name: `Call again ${number}` }).click();
  await expect(notice(page)).toContainText(`${number} was called again.`);
  await page.getByRole('button', { name: `Start ${number}` }).click();
  await expect(notice(page)).toContainText(`${number} is being served.`);
  await page.getByRole('button', { name: `Park ${number}` }).click();
  await expect(notice(page)).toContainText(`${number} was parked.`);
  await page.getByRole('button', { name: `Start ${number}` }).click();
  await expect(page.locator('.now .number')).toHaveText(number);
  await page.getByRole('button', { name: `Complete ${number}` }).click();
  await expect(notice(page)).toContainText(`${number} was completed.`);
  await leaveDesk(page);
});

test('a call out of order needs a reason', async ({ page }) => {
  await openAtDesk(page);
  const number = await addWalkIn(page, 'Olga Order');
  await page.getByRole('link', { name: `Call… ${number}`, exact: true }).click();
  await expect(page.locator('#do-call').getByLabel('Reason')).toBeFocused();
  await page.getByRole('button', { name: `Call ${number} now` }).click();
  await expect(page.getByRole('alert')).toContainText('Reason: Please fill this in.');
  await page.locator('#do-call').getByLabel('Reason').fill('Feels ill');
  await page.getByRole('button', { name: `Call ${number} now` }).click();
  await expect(notice(page)).toContainText(`${number} was called.`);
  await expect(page.locator('.now')).toContainText('Feels ill');
  await page.getByRole('button', { name: `Skip ${number}` }).click();
  await expect(notice(page)).toContainText(`${number} was skipped.`);
  await leaveDesk(page);
});

test('a skipped ticket comes back to its place', async ({ page }) => {
  await openPanel(page);
  const number = await addWalkIn(page, 'Sara Skipped');
  await onTicketPage(page, number, `Skip ${number}`);
  await expect(notice(page)).toContainText(`${number} was skipped.`);
  await page.getByRole('button', { name: `Reinstate ${number}` }).click();
  await expect(notice(page)).toContainText(`${number} is back in the line.`);
  await expect(page.getByRole('link', { name: `More ${number}`, exact: true })).toBeVisible();
});

test('a tap is taken back, both halves of it', async ({ page }) => {
  await openPanel(page);
  const next = page.getByRole('button', { name: /^Next/ });
  await next.click();
  await expect(notice(page)).toContainText('is being served.');
  const first = (await page.locator('.now .number').innerText()).trim();
  await next.click();
  await expect(notice(page)).toContainText(`${first} was completed.`);
  await notice(page).getByRole('button', { name: 'Undo' }).click();
  await expect(notice(page)).toContainText('Taken back:');
  await expect(page.locator('.now .number')).toHaveText(first);
  await expect(notice(page).getByRole('button')).toHaveCount(0);
});

test('what somebody needs is seen before the call, and a note stays with the ticket', async ({ page }) => {
  await openPanel(page);
  await page.getByRole('link', { name: 'Add a walk-in' }).click();
  await page.getByLabel('Name').fill('Nora Needs');
  await page.getByLabel('Wheelchair').check();
  await page.getByRole('button', { name: 'Add to the line' }).click();
  const row = rowOf(page, 'Nora Needs');
  await expect(row).toContainText('Wheelchair');
  const number = (await row.getByRole('rowheader').innerText()).trim();
  await page.getByRole('link', { name: `More ${number}`, exact: true }).click();
  await expect(page.getByLabel('Wheelchair')).toBeChecked();
  await page.getByLabel('Wheelchair').uncheck();
  await page.getByLabel('Interpreter').check();
  await page.getByLabel('Note').fill('Speaks Portuguese');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(notice(page)).toContainText(`The note of ${number} was saved.`);
  await expect(row).toContainText('Interpreter');
  await expect(row).toContainText('Speaks Portuguese');
  await expect(row).not.toContainText('Wheelchair');
});

test('a ticket is moved, with a reason, and sent to another service with its number', async ({ page }) => {
  await openPanel(page);
  const number = await addWalkIn(page, 'Mia Moved');
  await page.getByRole('link', { name: `More ${number}`, exact: true }).click();
  await page.getByLabel('Stay behind how many').fill('0');
  const move = page.locator('#do-move');
  await move.getByLabel('Reason').fill('Was promised');
  await move.getByRole('button', { name: 'Move' }).click();
  await expect(notice(page)).toContainText(`${number} was moved.`);
  await expect(rowOf(page, 'Mia Moved')).toContainText('moved; Was promised');
  await expect(page.getByRole('button', { name: /^Next/ })).toContainText(`${number} is next.`);

  await page.getByRole('link', { name: `More ${number}`, exact: true }).click();
  const send = page.locator('#do-transfer');
  const there = send.getByRole('option', { name: /^Building advice \(\d+ waiting/ });
  await send.getByLabel('Service').selectOption(await there.getAttribute('value'));
  await send.getByRole('button', { name: 'Send' }).click();
  await expect(notice(page)).toContainText(`${number} was sent to another service.`);
  await expect(rowOf(page, 'Mia Moved')).toHaveCount(0);
  await page.goto('/desk/building-advice');
  await expect(rowOf(page, 'Mia Moved').getByRole('rowheader')).toHaveText(number);
});

test('anybody of the day is found by name and number, and checked in', async ({ page }) => {
  await openPanel(page);
  const number = await addWalkIn(page, 'Félix Found');
  await page.goto('/desk');
  const find = page.getByRole('searchbox', { name: 'Find somebody' });
  await find.fill('felix');
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await expect(page.getByRole('heading', { name: '1 person found for “felix”' })).toBeVisible();
  await expect(find).toHaveValue('felix');
  await find.fill(number.toLowerCase());
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await page.getByRole('link', { name: `Open ${number}`, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${number} Félix Found`);
  await page.goto('/desk?q=nobody-of-that-name');
  await expect(page.getByText('Nobody of today fits.')).toBeVisible();
});

test('the last ticket is given, and a delay told', async ({ page }) => {
  await logIn(page, 'staff1@demo.example');
  await page.goto('/desk/parking-permits');
  await page.getByRole('link', { name: 'Intake and delay' }).click();
  await page.getByRole('button', { name: 'Give no more numbers today' }).click();
  await expect(notice(page)).toContainText('No more numbers are given today.');
  await expect(page.locator('#desk-panel')).toContainText('Parking permits: the last ticket was given at');
  await page.getByRole('link', { name: 'Add a walk-in' }).click();
  const closed = page.locator('#walk-in');
  await expect(closed).toContainText('The last ticket of the day was given.');
  await closed.getByRole('link', { name: 'Intake and delay' }).click();
  await page.getByRole('button', { name: 'Give numbers again' }).click();
  await page.getByRole('link', { name: 'Intake and delay' }).click();
  await page.getByLabel('Minutes late').fill('900');
  await page.getByRole('button', { name: 'Announce' }).click();
  await expect(page.getByRole('alert')).toContainText('Minutes late: This must be 480 or less.');
  await page.getByLabel('Minutes late').fill('25');
  await page.getByLabel('Reason').fill('A colleague is ill');
  await page.getByRole('button', { name: 'Announce' }).click();
  await expect(page.locator('#desk-panel')).toContainText('Parking permits is running 25 minutes late');
});

test('the line stands on paper', async ({ page }) => {
  await openPanel(page);
  const number = await addWalkIn(page, 'Paula Paper');
  await page.getByRole('link', { name: 'Print' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Paula Paper' });
  await expect(row).toContainText(number);
  await page.emulateMedia({ media: 'print' });
  await expect(row).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden();
  // As wide as a sheet of paper.
  await page.setViewportSize({ width: 560, height: 800 });
  const lines = (cell: HTMLElement) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 4))).size;
  };
  for (const each of await page.getByRole('row').filter({ hasText: '☐' }).all())
    for (const column of [1, 3])
      expect(await each.getByRole('cell').nth(column).evaluate(lines)).toBeLessThanOrEqual(1);
});

test('somebody works a desk all day: sits down, taps, pauses, hands over', async ({ page }) => {
  await logIn(page, 'staff1@demo.example');
  await page.goto('/desk');
  await page.getByRole('button', { name: /: Desk 2$/ }).click();
  await expect(notice(page)).toContainText('This is your desk now.');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Desk 2');
  // Both of its services stand in one line.
  const line = page.locator('[aria-labelledby=line]');
  await expect(line).toContainText('Passports and ID cards');
  await expect(line).toContainText('Parking permits');
  await page.getByRole('button', { name: /^Next/ }).click();
  await expect(notice(page)).toContainText('is being served.');
  const serving = (await page.locator('.now .number').innerText()).trim();

  await page.getByRole('button', { name: 'Pause desk' }).click();
  await expect(page.locator('.now')).toContainText('Desk 2 is paused since');
  await expect(page.getByRole('button', { name: /^Next/ })).toHaveCount(0);
  await expect(page.locator('.now .number')).toHaveText(serving);
  await page
    .locator('.now')
    .getByRole('button', { name: /^Resume desk/ })
    .click();
  await expect(page.getByRole('button', { name: /^Next/ })).toBeVisible();

  await elsewhere(page, async (other) => {
    await logIn(other, 'staff2@demo.example');
    await other.goto('/desk');
    await other.getByRole('link', { name: 'Take over: Desk 2' }).click();
    await expect(other.getByRole('alert')).toContainText('has been at this desk since');
    await other.getByRole('button', { name: /^Take over from / }).click();
    await expect(notice(other)).toContainText('This is your desk now.');
    // Whoever was served there still is.
    await expect(other.locator('.now .number')).toHaveText(serving);
    await page.goto(new URL(other.url()).pathname);
    await expect(page.locator('[aria-labelledby=now]')).toContainText('has been at this desk since');
    await expect(page.getByRole('button', { name: /^Next/ })).toHaveCount(0);
    await other.getByRole('button', { name: `Complete ${serving}` }).click();
    await expect(notice(other)).toContainText(`${serving} was completed.`);
    await other.getByRole('button', { name: 'Leave desk' }).click();
    await expect(other.getByRole('status').filter({ hasText: 'You left your desk.' })).toBeVisible();
  });
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
    await slow.getByRole('link', { name: `More ${number}`, exact: true }).click();
    await expect(slow.getByRole('button', { name: `Skip ${number}` })).toBeVisible();
    await callEarly(page, number);

    await slow.getByRole('button', { name: `Skip ${number}` }).click();
    await expect(notice(slow)).toContainText(
      new RegExp(
        `Nothing was changed. Ticket ${number} was already called by Priya Nair at \\d\\d:\\d\\d. Next is [AC]\\d+.`,
      ),
    );
    await expect(slow.getByRole('button', { name: `Start ${number}` })).toBeVisible();
    if (project.name === 'js') await expect(notice(slow).locator('.notice')).toBeFocused();
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

test('an admin sets a desk up, and takes it out of use', async ({ page }, { project }) => {
  const name = `Counter ${project.name}`;
  await logIn(page, 'admin@demo.example');
  await page.goto('/admin');
  await page.getByRole('link', { name: 'Desks', exact: true }).click();
  await page.getByRole('button', { name: 'Add desk' }).click();
  await expect(page.getByRole('alert')).toContainText('Name: Please fill this in.');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Building advice').check();
  await page.getByRole('button', { name: 'Add desk' }).click();
  await expect(page.getByText(`${name} was added.`)).toBeVisible();
  await expect(rowOf(page, name)).toContainText('Building advice');

  await page.getByRole('link', { name: `Edit ${name}` }).click();
  await page.getByLabel('Building advice').uncheck();
  await page.getByLabel('Register a birth').check();
  await page.getByRole('button', { name: 'Save desk' }).click();
  await expect(rowOf(page, name)).toContainText('Register a birth');
  await page.goto('/desk');
  await expect(page.getByRole('button', { name: `Sit down here: ${name}` })).toBeVisible();

  await page.goto('/admin/desks');
  await page.getByRole('link', { name: `Edit ${name}` }).click();
  await page.getByRole('link', { name: 'Retire this desk' }).click();
  await page.getByRole('button', { name: 'Yes, retire it' }).click();
  await expect(page.getByText('The desk was retired.')).toBeVisible();
  await expect(rowOf(page, name)).toHaveCount(0);
});

test('no long word pushes a page sideways on a phone', async ({ page }) => {
  const word = 'Donaudampfschifffahrtsgesellschaftskapitaenswitwen';
  await openPanel(page, 'admin@demo.example');
  await addWalkIn(page, word);
  const ticket = await rowOf(page, word).getByRole('link', { name: /^More/ }).getAttribute('href');
  await page.goto('/admin/desks');
  await page.getByLabel('Name').fill(word);
  await page.getByRole('button', { name: 'Add desk' }).click();
  await expect(rowOf(page, word)).toBeVisible();
  await page.goto('/desk');
  await page.getByRole('button', { name: `Sit down here: ${word}` }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(word);
  const desk = page.url();
  await page.setViewportSize({ width: 360, height: 640 });
  for (const path of [desk, `${desk}/print`, ticket ?? '', '/desk']) {
    await page.goto(path);
    const wider = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(wider, path).toBe(0);
  }
});
