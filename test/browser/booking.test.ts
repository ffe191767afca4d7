import type { Page } from '@playwright/test';
import {
  actAs,
  bookFor,
  chooseTime,
  expect,
  fillIn,
  PASSWORD,
  reservationsOf,
  slot,
  type TownService,
  tabTo,
  test,
} from '../support/journeys.ts';

const BOOKED = 'Your time is booked.';

test('on a phone the button is at hand once a time is chosen, and hides none that has the focus', async ({
  page,
  town,
}) => {
  const service = await town.newService();
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto(`${service.path}?date=${service.tomorrow}`);
  const button = page.getByRole('button', { name: 'Log in and book' });
  await expect(button).not.toBeInViewport();
  await chooseTime(page, '09:20');
  await expect(button).toBeInViewport({ ratio: 1 });
  for (let count = 0; count < 12; count++) await page.keyboard.press('ArrowDown');
  const [times, bar] = await Promise.all([
    page.locator('.slot:has(:checked)').boundingBox(),
    button.boundingBox(),
  ]);
  expect((times?.y ?? 0) + (times?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
});

test('another day has no time chosen', async ({ page, town }) => {
  const service = await town.newService();
  await page.goto(`${service.path}?date=${service.tomorrow}`);
  await chooseTime(page, '09:20');
  const links = page.locator('#day-picker td a:not([aria-current])');
  if ((await links.count()) === 0) await page.locator('#month-after').click();
  else await links.last().click();
  await expect(page.locator('#day-picker [aria-current=date]')).not.toHaveText(
    new RegExp(`^${Number(service.tomorrow.slice(8))}\\b`),
  );
  await expect(page.locator('.slots input').first()).toBeAttached();
  await expect(page.locator('.slots input:checked')).toHaveCount(0);
});

test('a visitor chooses a time, logs in, and books it', async ({ page, town }) => {
  const person = await town.newCustomer();
  const service = await town.newService({ name: 'Bike repair' });
  await page.goto('/');
  await page.getByRole('link', { name: 'Book a time: Bike repair' }).click();
  await showDay(page, service, () => page.locator('#month-after').click());
  await dayIn(page, service).click();
  await expect(page).toHaveURL(pageOf(service, service.tomorrow));
  await chooseTime(page, '09:20');
  await page.getByRole('button', { name: 'Log in and book' }).click();

  await expect(page).toHaveURL(/\/login\?next=/);
  await expect(page.getByText('What you chose is kept.')).toBeVisible();
  await fillIn(page, { 'E-mail address': person.email, Password: PASSWORD }, 'Log in');

  await expect(slot(page, '09:20')).toBeChecked();
  await page.getByRole('button', { name: 'Book this time' }).click();
  await expect(page.getByText(BOOKED)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Bike repair');
  const [reservation] = await reservationsOf(town, person);
  expect(reservation).toMatchObject({
    time_slot: service.at(service.tomorrow, '09:20'),
    status: 'confirmed',
  });

  await page.getByRole('link', { name: 'My reservations' }).click();
  await expect(page.getByRole('row', { name: /Bike repair/ })).toContainText('Confirmed');
});

test('a visitor without an account registers on the way, and the time stays chosen', async ({
  page,
  town,
}) => {
  const service = await town.newService();
  await page.goto(`${service.path}?date=${service.tomorrow}`);
  await chooseTime(page, '10:00');
  await page.getByRole('button', { name: 'Log in and book' }).click();
  await page.getByRole('main').getByRole('link', { name: 'Register' }).click();
  const email = `amy.${crypto.randomUUID()}@example.test`;
  await fillIn(page, { Name: 'Amy March', 'E-mail address': email, Password: PASSWORD }, 'Register');
  await expect(page.getByText('10:00 is chosen, but not booked yet.')).toBeInViewport();
  await expect(slot(page, '10:00')).toBeChecked();
  await page.getByRole('button', { name: 'Book 10:00' }).click();
  await expect(page.getByText(BOOKED)).toBeVisible();
});

test('a time that somebody else took meanwhile is refused, and another one is booked', async ({
  page,
  context,
  town,
  javaScriptEnabled,
}) => {
  const [slow, quick] = [await town.newCustomer(), await town.newCustomer()];
  const service = await town.newService({ capacity: 1 });
  await actAs(context, town, slow);
  await page.goto(`${service.path}?date=${service.tomorrow}`);
  await chooseTime(page, '11:00');
  await bookFor(town, quick, service, service.at(service.tomorrow, '11:00'));

  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    page.getByRole('button', { name: 'Book this time' }).click(),
  ]);
  expect(answer.status()).toBe(409);
  const notice = page.getByRole('alert');
  await expect(notice).toContainText('Somebody was faster');
  if (javaScriptEnabled) await expect(notice).toBeFocused();
  await expect(
    page.getByRole('heading', { level: 2, name: new RegExp(dayOf(service.tomorrow)) }),
  ).toBeVisible();
  await expect(slot(page, '11:00')).toBeDisabled();
  await expect(slot(page, '11:00')).toHaveAccessibleName(/Full/);
  expect(await reservationsOf(town, slow)).toEqual([]);

  await chooseTime(page, '11:20');
  await page.getByRole('button', { name: 'Book this time' }).click();
  await expect(page.getByText(BOOKED)).toBeVisible();
});

test('the same time twice is refused with a reason', async ({ page, context, town }) => {
  const person = await town.newCustomer();
  const service = await town.newService({ capacity: 3 });
  await bookFor(town, person, service, service.at(service.tomorrow, '09:00'));
  await actAs(context, town, person);
  await page.goto(`${service.path}?date=${service.tomorrow}`);
  await chooseTime(page, '09:00');
  await page.getByRole('button', { name: 'Book this time' }).click();
  await expect(page.getByRole('alert')).toContainText('You already have a reservation at that time.');
});

test('somebody moves a reservation', async ({ page, context, town }) => {
  const person = await town.newCustomer();
  const service = await town.newService({ capacity: 1 });
  const { id } = await bookFor(town, person, service, service.at(service.tomorrow, '09:00'));
  await actAs(context, town, person);
  await page.goto('/reservations');
  await page.getByRole('link', { name: service.name }).click();
  await page.getByRole('link', { name: 'Move to another time' }).click();
  await expect(page.getByText('It stays yours until you have chosen another time.')).toBeVisible();
  await expect(slot(page, '09:00')).toBeDisabled();

  await chooseTime(page, '15:40');
  await page.getByRole('button', { name: 'Move to this time' }).click();
  await expect(page).toHaveURL(`/reservations/${id}`);
  await expect(page.getByText('Your reservation was moved.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: service.name })).toBeVisible();
  await expect(page.getByText('Your reservation was moved.')).toHaveCount(0);
  expect(await reservationsOf(town, person)).toMatchObject([
    { id, time_slot: service.at(service.tomorrow, '15:40') },
  ]);
});

test('moving to a time that was taken meanwhile keeps the old one', async ({ page, context, town }) => {
  const [slow, quick] = [await town.newCustomer(), await town.newCustomer()];
  const service = await town.newService({ capacity: 1 });
  const { id } = await bookFor(town, slow, service, service.at(service.tomorrow, '09:00'));
  await actAs(context, town, slow);
  await page.goto(`/reservations/${id}/reschedule`);
  await chooseTime(page, '10:40');
  await bookFor(town, quick, service, service.at(service.tomorrow, '10:40'));
  await page.getByRole('button', { name: 'Move to this time' }).click();
  await expect(page.getByRole('alert')).toContainText('Somebody was faster');
  await expect(slot(page, '10:40')).toBeDisabled();
  expect(await reservationsOf(town, slow)).toMatchObject([
    { id, time_slot: service.at(service.tomorrow, '09:00') },
  ]);
  await page.getByRole('link', { name: 'Keep it as it is' }).click();
  await expect(page).toHaveURL(`/reservations/${id}`);
});

test('somebody cancels a reservation, after being asked', async ({ page, context, town }) => {
  const person = await town.newCustomer();
  const service = await town.newService({ capacity: 1 });
  const { id } = await bookFor(town, person, service, service.at(service.tomorrow, '09:00'));
  await actAs(context, town, person);
  await page.goto(`/reservations/${id}`);
  await page.getByRole('link', { name: 'Cancel reservation' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cancel this reservation?');
  await page.getByRole('link', { name: 'No, keep it' }).click();
  await expect(page).toHaveURL(`/reservations/${id}`);

  await page.getByRole('link', { name: 'Cancel reservation' }).click();
  await page.getByRole('button', { name: 'Yes, cancel it' }).click();
  await expect(page.getByText('Your reservation was canceled.')).toBeVisible();
  expect(await reservationsOf(town, person)).toMatchObject([{ id, status: 'canceled' }]);
  await page.getByRole('link', { name: 'Book another time' }).click();
  await page.goto(`${service.path}?date=${service.tomorrow}`);
  await expect(slot(page, '09:00')).toBeEnabled();
});

test('going back after booking does not book again', async ({ page, context, town }) => {
  const person = await town.newCustomer();
  const service = await town.newService({ capacity: 3 });
  await actAs(context, town, person);
  await page.goto(`${service.path}?date=${service.tomorrow}`);
  await chooseTime(page, '09:00');
  await page.getByRole('button', { name: 'Book this time' }).click();
  await expect(page.getByText(BOOKED)).toBeVisible();

  await page.goBack();
  await expect(page).toHaveURL(pageOf(service, service.tomorrow));
  await page.locator('label.slot', { hasText: '09:00' }).click();
  await page.getByRole('button', { name: 'Book this time' }).click();
  await expect(
    page.getByText(/You already have a reservation at that time\.|Your time is booked\./),
  ).toBeVisible();
  expect(await reservationsOf(town, person)).toHaveLength(1);
});

test('a double click makes one reservation', async ({ page, context, town }) => {
  const person = await town.newCustomer();
  const service = await town.newService({ capacity: 3 });
  await actAs(context, town, person);
  await page.goto(`${service.path}?date=${service.tomorrow}`);
  await chooseTime(page, '09:00');
  await page.getByRole('button', { name: 'Book this time' }).dblclick();
  await expect(page.getByText(BOOKED)).toBeVisible();
  expect(await reservationsOf(town, person)).toHaveLength(1);
});

test('a day without times leads to the next one that has some', async ({ page, town }) => {
  const service = await town.newService({ rules: [] });
  await page.goto(service.path);
  await expect(page.getByRole('heading', { name: 'No times on this day' })).toBeVisible();

  const weekly = await town.newService({ rules: [{ weekday: 3, opens: '09:00', closes: '12:00' }] });
  const monday = nextMonday(weekly.today);
  await page.goto(`${weekly.path}?date=${monday}`);
  await page.getByRole('link', { name: /Next day with free times: Wednesday/ }).click();
  await expect(page.getByRole('heading', { level: 2, name: /^Wednesday/ })).toBeVisible();
  await expect(slot(page, '09:00')).toBeEnabled();
});

test('days and months are links', async ({ page, town }) => {
  const service = await town.newService();
  await page.goto(service.path);
  const next = nextMonth(service.today);
  await page.getByRole('navigation', { name: 'Month' }).getByRole('link').last().click();
  await expect(page).toHaveURL(pageOf(service, next));
  await page.getByRole('link', { name: /^2 / }).click();
  await expect(page).toHaveURL(pageOf(service, `${next.slice(0, 8)}02`));
  await page.goBack();
  await expect(page).toHaveURL(pageOf(service, next));
  await expect(page.getByRole('link', { name: /^1 / })).toHaveAttribute('aria-current', 'date');
});

test('a reservation is booked with the keyboard alone', async ({ page, context, town }) => {
  const person = await town.newCustomer();
  const service = await town.newService({ name: 'Alteration of clothes' });
  await actAs(context, town, person);
  await page.goto('/');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('link', { name: 'Alteration of clothes', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alteration of clothes');

  const day = dayIn(page, service);
  await showDay(page, service, () => page.goto(`${service.path}?date=${service.tomorrow}`));
  await tabTo(page, day);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(pageOf(service, service.tomorrow));
  await expect(day).toHaveAttribute('aria-current', 'date');

  await tabTo(page, slot(page, '08:00'));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(slot(page, '08:40')).toBeChecked();
  await tabTo(page, page.getByRole('button', { name: 'Book this time' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText(BOOKED)).toBeVisible();
  expect(await reservationsOf(town, person)).toMatchObject([
    { time_slot: service.at(service.tomorrow, '08:40') },
  ]);
});

/** A day's page; as a plain link it leads to the times on it. */
function pageOf({ path }: { path: string }, day: string): RegExp {
  return new RegExp(`${path}\\?date=${day}(#day)?$`);
}

/** The day that a service is booked for here, in the calendar. */
function dayIn(page: Page, { tomorrow }: TownService) {
  return page.getByRole('link', { name: new RegExp(`^${dayOf(tomorrow)}`) });
}

/** On the last day of a month the next one is on the next page, to which `turn` leads. */
async function showDay(page: Page, service: TownService, turn: () => Promise<unknown>): Promise<void> {
  if (service.tomorrow.endsWith('-01')) await turn();
  await expect(dayIn(page, service)).toBeVisible();
}

function dayOf(day: string): string {
  return `${Number(day.slice(8))} `;
}

function nextMonday(today: string): string {
  const date = new Date(`${today}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + ((8 - date.getUTCDay()) % 7 || 7));
  return date.toISOString().slice(0, 10);
}

function nextMonth(today: string): string {
  const date = new Date(`${today.slice(0, 8)}01T12:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 10);
}

test('services and their days are read however large, also on a small screen', async ({ page, town }) => {
  const service = await town.newService();
  await page.setViewportSize({ width: 360, height: 800 });
  for (const path of ['/', service.path]) {
    await page.goto(path);
    const [wide, cut] = await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
      const texts = [...document.querySelectorAll('.calendar :is(th abbr, time, small), .services h2 a')];
      const cut = texts.filter((text) => {
        const box = text.closest('td, th, li') as Element;
        const [inner, outer] = [text.getBoundingClientRect(), box.getBoundingClientRect()];
        return inner.left < outer.left - 1 || inner.right > outer.right + 1;
      });
      return [document.documentElement.scrollWidth, cut.map((text) => text.textContent)] as const;
    });
    expect([path, wide]).toEqual([path, 360]);
    expect(cut).toEqual([]);
  }
});
