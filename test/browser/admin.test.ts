import type { Page } from '@playwright/test';
import { violationsIn } from '../support/axe.ts';
import { actAs, bookFor, call, DEMO, expect, test } from '../support/journeys.ts';

test.beforeEach(async ({ context, town }) => {
  await actAs(context, town, await town.login(DEMO.admin));
});

/** The hours of a day in the form. */
const dayOf = (page: Page, day: string) => page.getByRole('listitem').filter({ hasText: day });

async function expectAccessible(page: Page, javaScriptEnabled: boolean): Promise<void> {
  // Axe is a script of its own and needs them to run.
  if (javaScriptEnabled) expect(await violationsIn(page)).toEqual([]);
}

/** The form without the browser's own checks, so that ours can be seen. */
async function sendAnyway(page: Page, button: string): Promise<void> {
  await page.locator('form.stack').evaluate((form: HTMLFormElement) => {
    form.noValidate = true;
  });
  await page.getByRole('button', { name: button }).last().click();
}

test('an admin adds a service with two stretches a day, after a mistake', async ({
  page,
  javaScriptEnabled,
}) => {
  const name = `Bicycle permits ${crypto.randomUUID().slice(0, 8)}`;
  await page.goto('/admin');
  await page.getByRole('link', { name: 'Add a service' }).click();
  await page.getByRole('textbox', { name: /^Name/ }).fill(name);
  await page.getByRole('button', { name: 'Add hours on Monday' }).click();
  await expect(page.getByRole('textbox', { name: /^Name/ })).toHaveValue(name);
  // The new line has the focus, with and without JavaScript.
  await expect(page.getByLabel('Monday, opens (2)')).toBeFocused();
  await page.getByLabel('Monday, closes', { exact: true }).fill('12:00');
  await page.getByLabel('Monday, opens (2)').fill('11:00');
  await page.getByLabel('Monday, closes (2)').fill('16:00');
  await page.getByLabel('Duration, minutes').fill('0');
  // It is put nowhere before somebody says where.
  await expect(page.getByLabel('Location')).toHaveValue('');
  await page.getByLabel('Location').selectOption({ index: 1 });
  await sendAnyway(page, 'Add service');

  const summary = page.getByRole('alert');
  await expect(summary).toContainText('Duration, minutes: This must be 1 or more.');
  await expect(page.getByRole('textbox', { name: /^Name/ })).toHaveValue(name);
  await expectAccessible(page, javaScriptEnabled);
  await page.getByLabel('Duration, minutes').fill('25');
  await sendAnyway(page, 'Add service');
  await expect(summary).toContainText('Monday, opens (2): These hours overlap others of the same day.');
  await summary.getByRole('link').click();
  await expect(page.getByLabel('Monday, opens (2)')).toBeFocused();
  await page.getByLabel('Monday, opens (2)').fill('13:00');
  await page.getByRole('button', { name: 'Remove Friday 09:00 to 17:00' }).click();
  await expect(dayOf(page, 'Friday')).toContainText('Closed');
  // Enter saves: it must not press one of the buttons of the hours.
  await page.getByRole('textbox', { name: /^Name/ }).press('Enter');

  await expect(page.getByRole('status').filter({ hasText: `${name} was added` })).toBeVisible();
  const item = page.getByRole('listitem').filter({ hasText: name });
  await expect(item).toContainText('Mon 09:00 to 12:00, 13:00 to 16:00');
  await expect(item).toContainText('Tue to Thu 09:00 to 17:00');
});

test('new hours are saved over a reservation only after a question', async ({
  page,
  town,
  javaScriptEnabled,
}) => {
  const service = await town.newService();
  const customer = await town.newCustomer('Ines Early');
  const reservation = await bookFor(town, customer, service, service.at(service.tomorrow, '09:00'));
  await page.goto(`/admin/services/${service.id}`);
  await page.getByLabel('Description').fill('Typed before the question.');
  for (const opens of await page.getByLabel(/, opens/).all()) await opens.fill('12:00');
  await page.getByRole('button', { name: 'Save service' }).click();

  const question = page.getByRole('alert');
  await expect(question).toContainText('1 reservation would not fit any more. Nothing is saved yet.');
  await expect(question.getByRole('link', { name: /Ines Early/ })).toHaveAttribute(
    'href',
    `/reservations/${reservation.id}`,
  );
  await expect(page.getByLabel('Description')).toHaveValue('Typed before the question.');
  await expect(page.getByLabel('Monday, opens')).toHaveValue('12:00');
  await expectAccessible(page, javaScriptEnabled);
  await page.getByRole('button', { name: 'Save anyway' }).click();

  await expect(page.getByText(`${service.name} was saved.`)).toBeVisible();
  const { data } = await call(town, customer, 'GET', `/reservations/${reservation.id}`);
  expect(data).toMatchObject({ time_slot: reservation.time_slot, status: 'confirmed' });

  await page.goto(`/admin/services/${service.id}`);
  await expect(page.getByText('1 reservation does not fit these hours and places.')).toBeVisible();
  await expect(page.getByRole('link', { name: /Ines Early/ })).toBeVisible();
  await expectAccessible(page, javaScriptEnabled);
});

test('who is second to save sees what the first one changed', async ({
  page,
  context,
  town,
  javaScriptEnabled,
}) => {
  const service = await town.newService();
  const other = await context.newPage();
  await page.goto(`/admin/services/${service.id}`);
  await other.goto(`/admin/services/${service.id}`);
  await other.getByLabel('Places at a time').fill('3');
  await other.getByRole('button', { name: 'Save service' }).click();
  await expect(other.getByText(`${service.name} was saved.`)).toBeVisible();

  await page.getByLabel('Description').fill('Mine.');
  await page.getByRole('button', { name: 'Save service' }).click();
  await expect(page.getByRole('alert')).toContainText('Stands now: 3');
  await expect(page.getByLabel('Description')).toHaveValue('Mine.');
  await expectAccessible(page, javaScriptEnabled);
  await page.getByLabel('Places at a time').fill('3');
  await page.getByRole('button', { name: 'Save service' }).click();
  await expect(page.getByText(`${service.name} was saved.`)).toBeVisible();
});

test('a desk is saved over another save, retired and put back in use', async ({
  page,
  context,
  javaScriptEnabled,
}) => {
  const name = `Window ${crypto.randomUUID().slice(0, 8)}`;
  await page.goto('/admin/desks');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Location').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Add desk' }).click();
  await page.getByRole('link', { name: `Edit ${name}` }).click();
  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByLabel('Name').fill(`${name} A`);
  await other.getByRole('button', { name: 'Save desk' }).click();
  await expect(other.getByText(`${name} A was saved.`)).toBeVisible();

  await page.getByLabel('Name').fill(`${name} B`);
  await page.getByRole('button', { name: 'Save desk' }).click();
  await expect(page.getByRole('alert')).toContainText(`Stands now: ${name} A`);
  await expect(page.getByLabel('Name')).toHaveValue(`${name} B`);
  await expectAccessible(page, javaScriptEnabled);
  await page.getByRole('button', { name: 'Save desk' }).click();
  await page.getByRole('link', { name: `Edit ${name} B` }).click();
  await page.getByRole('link', { name: 'Retire this desk' }).click();
  await page.getByRole('button', { name: 'Yes, retire it' }).click();
  await expect(page.getByText('The desk was retired.')).toBeVisible();
  await page.getByText(/^Retired: /).click();
  await expectAccessible(page, javaScriptEnabled);
  await page.getByRole('button', { name: `Put back in use ${name} B` }).click();
  await expect(page.getByText(`${name} B is back in use.`)).toBeVisible();
  await expect(page.getByRole('link', { name: `Edit ${name} B` })).toBeVisible();
});

test('a day is closed for one service, and opened again', async ({ page, town, javaScriptEnabled }) => {
  const service = await town.newService({ name: `Closing ${crypto.randomUUID().slice(0, 8)}` });
  await page.goto('/admin');
  await page.getByRole('link', { name: 'Closures' }).click();
  await expectAccessible(page, javaScriptEnabled);
  await page.getByLabel(/^Day/).fill(service.tomorrow);
  await page.getByLabel('Counts for').selectOption(service.id);
  await page.getByLabel('Reason').fill('Staff day');
  await page.getByRole('button', { name: 'Add closure' }).click();
  await expect(page.getByText(`was added: closed (`)).toBeVisible();

  const customerSees = await page.context().newPage();
  await customerSees.goto(`${service.path}?date=${service.tomorrow}`);
  await expect(customerSees.locator('label.slot')).toHaveCount(0);
  await page
    .getByRole('row', { name: service.name })
    .getByRole('link', { name: /^Remove/ })
    .click();
  await expect(page.getByRole('main').getByText(/Staff day$/)).toBeVisible();
  await expectAccessible(page, javaScriptEnabled);
  await page.getByRole('button', { name: 'Yes, remove it' }).click();
  await expect(page.getByText('The usual hours count again.')).toBeVisible();
  await customerSees.reload();
  await expect(customerSees.locator('label.slot').first()).toBeVisible();
});

test('the figures of a day stand below each other on a narrow screen, and several days are one file', async ({
  page,
  javaScriptEnabled,
}) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/admin/days');
  const table = page.locator('table.figures');
  const cells = await table.locator('tbody tr').first().locator('td').all();
  const boxes = await Promise.all(cells.map((cell) => cell.boundingBox()));
  expect(boxes.length).toBe(11);
  boxes.forEach((box, index) => {
    expect(box?.x).toBe(boxes[0]?.x);
    expect(box?.width).toBe(boxes[0]?.width);
    if (index > 0) expect(box?.y).toBeGreaterThan(boxes[index - 1]?.y ?? 0);
  });
  await expectAccessible(page, javaScriptEnabled);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download as CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/-to-\d{4}-\d\d-\d\d\.csv$/);
});

test('a service is retired, and can no longer be booked', async ({ page, town }) => {
  const service = await town.newService({ name: `Retiring ${crypto.randomUUID().slice(0, 8)}` });
  await page.goto('/admin');
  await page.getByRole('link', { name: `Edit ${service.name}` }).click();
  await page.getByRole('link', { name: 'Retire this service' }).click();
  await expect(page.getByText('No reservations stand for it.')).toBeVisible();
  await page.getByRole('button', { name: 'Yes, retire it' }).click();
  await expect(page.getByText(`${service.name} was retired.`)).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: service.name })).toContainText('Retired');
  expect((await page.goto(service.path))?.status()).toBe(404);
});

test('a customer becomes staff, and works at the desk', async ({
  page,
  town,
  browser,
  javaScriptEnabled,
}) => {
  const person = await town.newCustomer('Nadia New');
  await page.goto('/admin/staff');
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Nadia New was saved: Staff.')).toBeVisible();
  await expectAccessible(page, javaScriptEnabled);
  const theirs = await browser.newContext();
  await actAs(theirs, town, person);
  const desk = await theirs.newPage();
  expect((await desk.goto(`${town.app.url}/desk`))?.status()).toBe(200);
  await theirs.close();
});
