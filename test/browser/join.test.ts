import { actAs, call, DEMO, expect, test } from '../support/journeys.ts';

test('a phone takes one number, and the code at the door then leads back to it', async ({ page, town }) => {
  const service = await town.newService({ phoneJoin: true });
  await page.goto(`/join/${service.slug}`);
  await expect(page.getByText('Nobody waits.')).toBeVisible();
  await page.getByLabel('Your name').fill('Wanda');
  await page.getByRole('button', { name: 'Take a number' }).dblclick();
  await expect(page).toHaveURL(/\/t\/[A-Za-z0-9_-]{24}$/);
  await expect(page.getByRole('article', { name: 'Ticket J1' })).toContainText('You are next');
  const ticket = page.url();
  await page.goto(`/join/${service.slug}`);
  await expect(page).toHaveURL(ticket);
  const staff = await town.login(DEMO.staff);
  const { data } = await call<unknown[]>(town, staff, 'GET', `/queues/${service.id}`);
  expect(data).toHaveLength(1);

  await page.getByRole('button', { name: 'Leave the line' }).click();
  await expect(page.getByText('You left the line.')).toBeVisible();
  await page.goto(`/join/${service.slug}`);
  await page.getByLabel('Your name').fill('Wanda');
  await page.getByRole('button', { name: 'Take a number' }).click();
  await expect(page.getByRole('article', { name: 'Ticket J2' })).toBeVisible();
});

test('what is missing is said beside it, and what was typed stays', async ({ page, town }) => {
  const service = await town.newService({ phoneJoin: true, askPhone: true });
  await page.goto(`/join/${service.slug}`);
  await page.getByLabel('Your name').fill('Wanda');
  await page.getByLabel('Your phone number').fill('none');
  await page.getByRole('button', { name: 'Take a number' }).click();
  await expect(page.getByRole('alert')).toContainText('Your phone number');
  await expect(page.getByLabel('Your name')).toHaveValue('Wanda');
  await page.getByLabel('Your phone number').fill('030 1234567');
  await page.getByRole('button', { name: 'Take a number' }).click();
  await expect(page.getByRole('article', { name: 'Ticket J1' })).toBeVisible();
});

test('the poster for the door is for staff', async ({ page, context, town }) => {
  const service = await town.newService({ phoneJoin: true });
  await actAs(context, town, await town.login(DEMO.staff));
  await page.goto(`/join/${service.slug}/poster`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(service.name);
  await expect(page.getByRole('img', { name: `/join/${service.slug}` })).toBeVisible();
});
