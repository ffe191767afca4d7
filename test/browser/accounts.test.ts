import { actAs, DEMO, expect, fillIn, PASSWORD, type Town, test } from '../support/journeys.ts';

const NEW_PASSWORD = 'a brand new password';

test('somebody registers, after mistakes that keep what was typed', async ({ page, javaScriptEnabled }) => {
  await page.goto('/');
  await page.getByRole('navigation').getByRole('link', { name: 'Register' }).click();
  const email = `jo.${crypto.randomUUID()}@example.test`;
  await fillIn(page, { Name: 'Jo March', 'E-mail address': 'jo@nowhere', Password: 'short' }, 'Register');

  await expect(page).toHaveURL('/register');
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('Please check your answers');
  if (javaScriptEnabled) await expect(summary).toBeFocused();
  await expect(page.getByLabel('Name')).toHaveValue('Jo March');
  await expect(page.getByLabel('E-mail address')).toHaveValue('jo@nowhere');
  await expect(page.getByLabel('Password')).toHaveValue('');
  const address = page.getByLabel('E-mail address');
  await expect(address).toHaveAttribute('aria-invalid', 'true');
  await expect(address).toHaveAccessibleDescription(/name@example.org/);
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription(/At least 10 characters, please/);
  await expect(page.getByLabel('Name')).not.toHaveAttribute('aria-invalid');

  await summary.getByRole('link', { name: /E-mail address/ }).click();
  await expect(address).toBeFocused();

  await fillIn(page, { 'E-mail address': email, Password: PASSWORD }, 'Register');
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('link', { name: 'Jo March' })).toBeVisible();
});

test('an address that has an account is not registered again', async ({ page, town }) => {
  const { email } = await town.newCustomer();
  await page.goto('/register');
  await fillIn(page, { Name: 'Somebody Else', 'E-mail address': email, Password: PASSWORD }, 'Register');
  await expect(page.getByLabel('E-mail address')).toHaveAccessibleDescription(/account with this address/);
});

test('somebody logs in, wrong first, and comes to where they wanted', async ({
  page,
  town,
  javaScriptEnabled,
}) => {
  const { email, name } = await town.newCustomer();
  await page.goto('/reservations');
  await expect(page).toHaveURL('/login?next=%2Freservations');

  await fillIn(page, { 'E-mail address': email, Password: 'not the password' }, 'Log in');
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('do not match');
  if (javaScriptEnabled) await expect(summary).toBeFocused();
  await expect(page.getByLabel('E-mail address')).toHaveValue(email);

  await fillIn(page, { Password: PASSWORD }, 'Log in');
  await expect(page).toHaveURL('/reservations');
  await expect(page.getByRole('link', { name })).toBeVisible();
});

test('a next that leads to another site is not followed', async ({ page, town }) => {
  const { email } = await town.newCustomer();
  await page.goto('/login?next=https://example.com/');
  await fillIn(page, { 'E-mail address': email, Password: PASSWORD }, 'Log in');
  await expect(page).toHaveURL('/');
});

test('staff find themselves at the desk, an admin where everything is set up', async ({ page }) => {
  for (const [email, path] of [
    [DEMO.staff, '/desk'],
    [DEMO.admin, '/admin'],
  ] as const) {
    await page.goto('/login');
    await fillIn(page, { 'E-mail address': email, Password: PASSWORD }, 'Log in');
    await expect(page).toHaveURL(path);
  }
  await page.goto('/login?next=%2Freservations');
  await fillIn(page, { 'E-mail address': DEMO.staff, Password: PASSWORD }, 'Log in');
  await expect(page).toHaveURL('/reservations');
});

test('somebody logs out', async ({ page, context, town }) => {
  await actAs(context, town, await town.newCustomer());
  await page.goto('/reservations');
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('link', { name: 'Log in' })).toBeVisible();
  await page.goto('/reservations');
  await expect(page).toHaveURL(/\/login/);
});

test('on a phone, a long name stays beside the name of the house', async ({ page, context, town }) => {
  const name = 'Bartholomew Maximilian Featherstonehaugh-Cholmondeley of Rivermouth';
  await actAs(context, town, await town.newCustomer(name));
  for (const width of [320, 360]) {
    await page.setViewportSize({ width, height: 640 });
    await page.goto('/');
    const banner = page.getByRole('banner');
    const [house, who] = await Promise.all([
      banner.getByRole('link', { name: 'Now Serving' }).boundingBox(),
      banner.getByRole('link', { name }).boundingBox(),
    ]);
    expect(who?.y).toBe(house?.y);
    expect(who?.height).toBeLessThan(45);
    expect(who?.width).toBeGreaterThanOrEqual(44);
  }
});

test('somebody changes their password, and their other sessions end', async ({
  page,
  context,
  browser,
  town,
}) => {
  const person = await town.newCustomer();
  const other = await browser.newContext({ baseURL: town.app.url });
  await actAs(other, town, await town.login(person.email));
  await actAs(context, town, person);
  await page.goto('/');
  await page.getByRole('link', { name: person.name }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account');

  await fillIn(page, { 'Current password': 'wrong', 'New password': NEW_PASSWORD }, 'Change password');
  await expect(page.getByLabel('Current password')).toHaveAccessibleDescription(/not your current password/);

  await fillIn(page, { 'Current password': PASSWORD, 'New password': NEW_PASSWORD }, 'Change password');
  await expect(page.getByRole('status').filter({ hasText: 'Your password was changed' })).toBeVisible();
  await page.goto('/reservations');
  await expect(page).toHaveURL('/reservations');

  const elsewhere = await other.newPage();
  await elsewhere.goto('/reservations');
  await expect(elsewhere).toHaveURL(/\/login/);
  await fillIn(elsewhere, { 'E-mail address': person.email, Password: NEW_PASSWORD }, 'Log in');
  await expect(elsewhere).toHaveURL('/reservations');
  await other.close();
});

test('somebody who forgot their password sets a new one by a link', async ({ page, browser, town }) => {
  const person = await town.newCustomer();
  const other = await browser.newContext({ baseURL: town.app.url });
  await actAs(other, town, person);

  await page.goto('/login');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await fillIn(page, { 'E-mail address': person.email }, 'Send the link');
  await expect(page.getByRole('status').filter({ hasText: 'a link is on its way' })).toBeVisible();

  await expect.poll(() => mailedLink(town, person.email)).toContain(`${town.app.url}/reset-password?token=`);
  const link = mailedLink(town, person.email);
  await page.goto(link);
  await fillIn(page, { 'New password': 'short' }, 'Set password');
  await expect(page.getByLabel('New password')).toHaveAccessibleDescription(/At least 10 characters, please/);
  await fillIn(page, { 'New password': NEW_PASSWORD }, 'Set password');
  await expect(page.getByText('Your new password is set.')).toBeVisible();
  await fillIn(page, { 'E-mail address': person.email, Password: NEW_PASSWORD }, 'Log in');
  await expect(page.getByRole('link', { name: person.name })).toBeVisible();

  const elsewhere = await other.newPage();
  await elsewhere.goto('/reservations');
  await expect(elsewhere).toHaveURL(/\/login/);
  await other.close();

  await page.goto(link);
  await fillIn(page, { 'New password': 'yet another password' }, 'Set password');
  await expect(page.getByRole('alert')).toContainText('This link was used or is too old');
});

test('nobody learns whether an address has an account', async ({ page, town }) => {
  await page.goto('/forgot-password');
  await fillIn(page, { 'E-mail address': 'nobody@example.test' }, 'Send the link');
  await expect(page.getByRole('status').filter({ hasText: 'a link is on its way' })).toBeVisible();
  expect(mailedLink(town, 'nobody@example.test')).toBe('');
});

/** The link in the newest mail to somebody: without a mail server it stands in the server's log. */
function mailedLink({ app }: Town, email: string): string {
  const mails = app
    .log()
    .split('\n')
    .filter((line) => line.includes('"mail"'))
    .map((line) => (JSON.parse(line) as { mail: { to: string; text: string } }).mail);
  return (
    mails
      .filter(({ to }) => to === email)
      .at(-1)
      ?.text.match(/http\S+/)?.[0] ?? ''
  );
}
