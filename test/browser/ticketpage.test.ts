import type { Page } from '@playwright/test';
import {
  actAs,
  bookFor,
  call,
  DEMO,
  expect,
  nextSlot,
  type Someone,
  type Town,
  type TownService,
  test,
} from '../support/journeys.ts';

/** The path of a walk-in's ticket, and its id. */
async function walkIn(town: Town, staff: Someone, service: TownService, name: string, priority = 0) {
  const { data, location } = await call<{ id: string }>(
    town,
    staff,
    'POST',
    `/queues/${service.id}/entries`,
    {
      name,
      priority,
    },
  );
  return { id: data.id, path: location ?? '' };
}

/** Without JavaScript the page loads itself again after a while; nobody waits for that here. */
async function look(page: Page, scripts: boolean | undefined): Promise<void> {
  if (!scripts) await page.reload();
}

test('a ticket is followed, delayed, called and served, by its link alone', async ({
  page,
  town,
  javaScriptEnabled,
}) => {
  const service = await town.newService();
  const staff = await town.login(DEMO.staff);
  await walkIn(town, staff, service, 'Ann');
  const { id, path } = await walkIn(town, staff, service, 'Wanda');
  await walkIn(town, staff, service, 'Ben');
  await page.goto(path);
  const ticket = page.getByRole('article', { name: 'Ticket J2' });
  await expect(page.getByRole('status').filter({ visible: true })).toHaveText('1 person ahead of you');
  await walkIn(town, staff, service, 'Prio', 3);
  await look(page, javaScriptEnabled);
  await expect(ticket).toContainText('2 people ahead of you');
  await expect(ticket).toContainText('somebody with priority goes before you');

  await page.getByRole('button', { name: 'I need ten more minutes' }).click();
  await expect(page.getByText('You have more time: nobody calls you before')).toBeVisible();
  await expect(ticket).toContainText('You asked for time. Nobody calls you before');
  await expect(ticket).not.toContainText('people ahead of you');
  await expect(ticket).toContainText('you asked for more time');
  await page.getByRole('button', { name: 'I am back' }).click();
  await expect(page.getByText('you are back in the line')).toBeVisible();
  await expect(page.getByRole('button', { name: 'I am back' })).toHaveCount(0);

  const whenCalled = page.getByRole('heading', { name: 'When it is your turn' });
  await expect(whenCalled).toBeVisible();
  await call(town, staff, 'POST', `/entries/${id}/call`);
  await look(page, javaScriptEnabled);
  await expect(whenCalled).toBeHidden();
  await expect(ticket.getByRole('alert')).toHaveText(
    /^It is your turn. Please come to the desk now. Called at \d\d:\d\d\.$/,
  );
  await expect(ticket.getByRole('status')).toHaveCount(0);
  await call(town, staff, 'POST', `/entries/${id}/start`);
  await look(page, javaScriptEnabled);
  await expect(ticket.getByRole('status')).toHaveText('You are being served.');
  await call(town, staff, 'POST', `/entries/${id}/complete`);
  await look(page, javaScriptEnabled);
  await expect(ticket).toContainText('You were served.');
});

test('who was skipped, and is back in the line, sees that on the same page, and the next call', async ({
  page,
  town,
  javaScriptEnabled,
}) => {
  const service = await town.newService();
  const staff = await town.login(DEMO.staff);
  const { id, path } = await walkIn(town, staff, service, 'Wanda');
  await page.goto(path);
  for (const [verb, text] of [
    ['call', 'It is your turn'],
    ['skip', 'You were called and did not come'],
    ['reinstate', 'You are next'],
    ['call', 'It is your turn'],
    ['start', 'You are being served'],
    ['complete', 'You were served'],
    ['undo', 'You are being served'],
  ] as const) {
    await call(town, staff, 'POST', `/entries/${id}/${verb}`);
    await look(page, javaScriptEnabled);
    await expect(page.getByRole('article')).toContainText(text);
    await expect(page.getByRole('heading', { name: 'When it is your turn' })).toBeVisible({
      visible: verb === 'reinstate',
    });
  }
});

test('a reservation that the desk checks in, and calls, says so on the page that was open before', async ({
  page,
  context,
  town,
  javaScriptEnabled,
}) => {
  const service = await town.newService();
  const [staff, customer] = await Promise.all([town.login(DEMO.staff), town.newCustomer()]);
  const { id } = await bookFor(town, customer, service, await nextSlot(town, service));
  await actAs(context, town, customer);
  await page.goto(`/reservations/${id}`);
  await expect(page.getByRole('button', { name: 'Check in: I am here' })).toBeVisible();
  const { data } = await call<{ id: string }>(town, staff, 'POST', `/reservations/${id}/check-in`);
  await call(town, staff, 'POST', `/entries/${data.id}/call`);
  await look(page, javaScriptEnabled);
  await expect(page.getByRole('article').getByRole('alert')).toHaveText(/It is your turn/);
  await expect(page.getByRole('button', { name: 'Check in: I am here' })).toHaveCount(0);
});

test('who is sent to another line follows that one', async ({ page, town, javaScriptEnabled }) => {
  const service = await town.newService();
  const other = await town.newService({ name: 'Residence permits' });
  const staff = await town.login(DEMO.staff);
  const { id, path } = await walkIn(town, staff, service, 'Wanda');
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(service.name);
  await call(town, staff, 'POST', `/entries/${id}/transfer`, { service_id: other.id });
  await look(page, javaScriptEnabled);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(other.name);
  await call(town, staff, 'POST', `/entries/${id}/call`);
  await look(page, javaScriptEnabled);
  await expect(page.getByRole('article').getByRole('alert')).toHaveText(/It is your turn/);
});

test('leaving is undone by whoever did it', async ({ page, town }) => {
  const service = await town.newService();
  const { path } = await walkIn(town, await town.login(DEMO.staff), service, 'Wanda');
  await page.goto(path);
  await page.getByRole('button', { name: 'Leave the line' }).click();
  await expect(page.getByText('You left the line.')).toBeVisible();
  await focusIsKept(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('article', { name: 'Ticket J1' })).toContainText('You are next');
});

test('an old page does nothing, and shows how it stands', async ({ page, town }) => {
  const service = await town.newService();
  const staff = await town.login(DEMO.staff);
  const { id, path } = await walkIn(town, staff, service, 'Wanda');
  await page.goto(`${path}?pause`);
  await call(town, staff, 'POST', `/entries/${id}/call`);
  await page.getByRole('button', { name: 'Leave the line' }).click();
  await expect(page.getByText('Nothing was done; this is how it stands.')).toBeVisible();
  await expect(page.getByRole('article', { name: 'Ticket J1' })).toContainText('It is your turn.');
});

test('its number stays on one line, however large somebody reads', async ({ page, town }) => {
  const service = await town.newService();
  const { path } = await walkIn(town, await town.login(DEMO.staff), service, 'Wanda');
  for (const address of [path, `${path}?print`]) {
    await page.goto(address);
    for (const [size, width] of [
      ['200%', 360],
      ['175%', 320],
      ['200%', 1280],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      const [lines, wide, clipped] = await page.locator('.number').evaluate((number, size) => {
        document.documentElement.style.fontSize = size;
        // As long as a number gets: a service gives less than a thousand a day.
        number.textContent = 'W123';
        const { fontSize } = getComputedStyle(number);
        const card = number.closest('article') as HTMLElement;
        return [
          number.getBoundingClientRect().height / Number.parseFloat(fontSize),
          document.documentElement.scrollWidth,
          number.scrollWidth > card.clientWidth,
        ] as const;
      }, size);
      expect(lines, `${size} at ${width}`).toBeLessThan(1.5);
      expect(wide).toBeLessThanOrEqual(width);
      expect(clipped).toBe(false);
    }
  }
});

test('a service of one long word stays inside, and its number in the middle', async ({ page, town }) => {
  const service = await town.newService({ name: 'Bürgersteuerrückerstattungsantragsbearbeitung' });
  const { path } = await walkIn(town, await town.login(DEMO.staff), service, 'Wanda');
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(path);
  const [outside, offCenter] = await page.locator('.ticket').evaluate((card) => {
    const [head, number] = [card.querySelector('header p'), card.querySelector('.number')] as HTMLElement[];
    const middle = (box?: Element) => {
      const { left, right } = (box as Element).getBoundingClientRect();
      return (left + right) / 2;
    };
    const range = document.createRange();
    range.selectNodeContents(head as HTMLElement);
    const edge = card.getBoundingClientRect().right;
    return [range.getBoundingClientRect().right - edge, Math.abs(middle(number) - middle(card))] as const;
  });
  expect(outside).toBeLessThan(0);
  expect(offCenter).toBeLessThan(2);
});

test('it is worked by keyboard alone', async ({ page, town }) => {
  const service = await town.newService();
  const { path } = await walkIn(town, await town.login(DEMO.staff), service, 'Wanda');
  await page.goto(path);
  const button = page.getByRole('button', { name: 'I need ten more minutes' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('You have more time: nobody calls you before')).toBeVisible();
});

/** With JavaScript, the focus goes to what was done rather than nowhere. */
async function focusIsKept(page: Page): Promise<void> {
  const scripts = await page.locator('[data-focus]').count();
  if (scripts === 0) await expect(page.locator('.notice')).toBeFocused();
}
