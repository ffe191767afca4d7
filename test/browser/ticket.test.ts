import {
  actAs,
  bookFor,
  call,
  DEMO,
  expect,
  nextSlot,
  type Town,
  type TownService,
  test,
} from '../support/journeys.ts';

test('a customer checks in, moves up in the line, is called and served', async ({
  page,
  context,
  town,
  javaScriptEnabled,
}) => {
  const service = await town.newService({ capacity: 3 });
  const staff = await town.login(DEMO.staff);
  const person = await town.newCustomer();
  const reservation = await bookFor(town, person, service, await nextSlot(town, service));
  await lineUp(town, service, ['Ann', 'Ben']);
  await actAs(context, town, person);
  await page.goto(`/reservations/${reservation.id}`);
  await page.getByRole('button', { name: 'Check in: I am here' }).click();
  await expect(page.getByText('You are checked in.')).toBeVisible();
  const ticket = page.getByRole('article', { name: 'Ticket J3' });
  // Its slot is still to come: how many of those are ahead would not hold.
  await expect(ticket).toContainText(/Your time is \d\d:\d\d/);
  await expect(page).toHaveTitle(/^J3 · /);
  await expect(page.locator('meta[http-equiv=refresh]')).toHaveCount(javaScriptEnabled ? 0 : 1);

  const advance = () => call(town, staff, 'POST', `/queues/${service.id}/advance`);
  // The stream tells htmx at once; without JavaScript the page loads itself again every twenty seconds.
  const look = async () => (javaScriptEnabled ? undefined : void (await page.reload()));
  await advance();
  await look();
  await expect(ticket).toContainText(/Your time is \d\d:\d\d/);
  await advance();
  await look();
  await expect(ticket).toContainText('You are next');
  await advance();
  await look();
  await expect(ticket).toContainText('It is your turn.');
  await expect(page).toHaveTitle(/^Your turn: J3 · /);
  // What stands beside it says the same.
  await expect(page.getByRole('region', { name: 'Your reservation' })).toContainText('In service');
  await advance();
  await look();
  await expect(ticket).toContainText('You were served.');
});

test('updates can be paused', async ({ page, context, town }) => {
  const service = await town.newService();
  const person = await town.newCustomer();
  await actAs(context, town, person);
  await page.goto(`/reservations/${await checkedIn(town, service, person)}`);
  await page.getByRole('link', { name: 'Pause updates' }).click();
  await expect(page).toHaveURL(/\?pause$/);
  await expect(page.locator('meta[http-equiv=refresh]')).toHaveCount(0);
  await expect(page.locator('[data-live]')).toHaveCount(0);
  await page.getByRole('link', { name: 'Resume updates' }).click();
  await expect(page.locator('[data-live]')).toHaveCount(1);
});

test('a customer leaves the line, and can check in again', async ({ page, context, town }) => {
  const service = await town.newService();
  const person = await town.newCustomer();
  await actAs(context, town, person);
  await page.goto(`/reservations/${await checkedIn(town, service, person)}`);
  await page.getByRole('button', { name: 'Leave the line' }).click();
  await expect(page.getByText('You left the line.')).toBeVisible();
  await page.getByRole('button', { name: 'Check in: I am here' }).click();
  await expect(page.getByRole('article', { name: 'Ticket J2' })).toContainText('Waiting');
});

test('checking in before its time is not offered', async ({ page, context, town }) => {
  const service = await town.newService({ checkInBeforeMinutes: 30 });
  const person = await town.newCustomer();
  const { id } = await bookFor(town, person, service, service.at(service.tomorrow, '09:00'));
  await actAs(context, town, person);
  await page.goto(`/reservations/${id}`);
  await expect(page.getByText(/You can check in here from .*08:30/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Check in' })).toHaveCount(0);
});

test('a ticket that changed meanwhile is not left by an old page', async ({ page, context, town }) => {
  const service = await town.newService();
  const person = await town.newCustomer();
  await actAs(context, town, person);
  await page.goto(`/reservations/${await checkedIn(town, service, person)}?pause`);
  await call(town, await town.login(DEMO.staff), 'POST', `/queues/${service.id}/advance`);
  await page.getByRole('button', { name: 'Leave the line' }).click();
  await expect(page.getByText('Nothing was done; this is how it stands.')).toBeVisible();
  await expect(page.getByRole('article', { name: 'Ticket J1' })).toContainText('It is your turn.');
});

test('nobody sees the reservation of somebody else', async ({ page, context, town }) => {
  const service = await town.newService();
  const { id } = await bookFor(
    town,
    await town.newCustomer(),
    service,
    service.at(service.tomorrow, '09:00'),
  );
  await actAs(context, town, await town.newCustomer());
  const answer = await page.goto(`/reservations/${id}`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
});

async function checkedIn(
  town: Town,
  service: TownService,
  person: Awaited<ReturnType<Town['newCustomer']>>,
): Promise<string> {
  const { id } = await bookFor(town, person, service, await nextSlot(town, service));
  expect((await call(town, person, 'POST', `/reservations/${id}/check-in`)).status).toBe(201);
  return id;
}

/** People who walk in before anybody else. */
async function lineUp(town: Town, service: TownService, names: string[]): Promise<void> {
  const staff = await town.login(DEMO.staff);
  for (const name of names) {
    const { status } = await call(town, staff, 'POST', `/queues/${service.id}/entries`, { name });
    expect(status).toBe(201);
  }
}
