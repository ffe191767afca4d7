import type { Page } from '@playwright/test';
import { expect, logIn, test } from '../support/fixtures.ts';
import { tabTo } from '../support/journeys.ts';

const QUEUE = '/desk/parking-permits';

async function openPanel(page: Page, email = 'staff1@demo.example'): Promise<void> {
  await logIn(page, email);
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
  // Told by the stream: no poll is that fast.
  await expect(page.getByRole('row').filter({ hasText: 'Nina News' })).toBeVisible({ timeout: 6_000 });
  expect(await page.title()).not.toBe(title);
  const polls: number[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith(QUEUE)) polls.push(response.status());
  });
  // Waiting times count whole minutes: of two polls in a row, one at most finds that a minute is over.
  await expect
    .poll(() => polls.filter((status) => status === 304).length, { timeout: 22_000 })
    .toBeGreaterThan(0);
});

test('the list is as fresh as its time says, and leaves what is typed alone', async ({ page }) => {
  await page.goto('/desk');
  const row = page.getByRole('row').filter({ hasText: 'Parking permits' }).last();
  const waiting = row.getByRole('cell').first();
  const before = Number(await waiting.innerText());
  await page.getByRole('searchbox').click();
  await page.keyboard.type('half-ty');
  await walkInElsewhere(page, 'Lena List');
  await expect(waiting).toHaveText(String(before + 1), { timeout: 15_000 });
  await expect(page.getByRole('searchbox')).toBeFocused();
  await expect(page.getByRole('searchbox')).toHaveValue('half-ty');
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

test('whose desk is taken over keeps what they type, and is told', async ({ page, browser }) => {
  await page.goto('/desk');
  await page
    .getByRole('button', { name: /^Sit down here: / })
    .first()
    .click();
  await expect(page.getByText('This is your desk now.')).toBeVisible();
  await page.getByRole('link', { name: 'Add a walk-in' }).click();
  await page.getByLabel('Name').fill('Hanna Half-ty');
  const other = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const elsewhere = await other.newPage();
  await logIn(elsewhere, 'staff2@demo.example');
  await elsewhere.goto(new URL(page.url()).pathname);
  await elsewhere.getByRole('button', { name: /^Take over/ }).click();
  await expect(page.getByText(/ has been at this desk since [\d:]+\.$/)).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveValue('Hanna Half-ty');
  await expect(page.getByText('This is your desk now.')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Leave desk' })).toHaveCount(0);
  await expect(page.getByRole('complementary').locator('[aria-labelledby=now] button')).toHaveCount(0);
  await page.getByRole('button', { name: 'Add to the line' }).click();
  await expect(page.locator('#desk-notice')).toContainText('Added to the line');
  // Said by now, it stays whatever happens at the desk.
  const served = page.locator('.rows tr', { hasText: 'In service' });
  const before = await served.count();
  await elsewhere.getByRole('button', { name: /^Next/ }).click();
  await expect(served).toHaveCount(before + 1);
  await expect(page.locator('#desk-notice')).toContainText('Added to the line');
  await other.close();
});

test('whose desk is taken over is told in place of Next, and a habit takes nothing back', async ({
  page,
  browser,
}) => {
  await page.goto('/desk');
  await page
    .getByRole('button', { name: /^Sit down here: / })
    .first()
    .click();
  const next = page.getByRole('button', { name: /^Next/ });
  await next.focus();
  const { x, y, width, height } = (await next.boundingBox()) as {
    [side in 'x' | 'y' | 'width' | 'height']: number;
  };
  const other = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const elsewhere = await other.newPage();
  await logIn(elsewhere, 'staff2@demo.example');
  await elsewhere.goto(new URL(page.url()).pathname);
  await elsewhere.getByRole('button', { name: /^Take over/ }).click();
  await expect(page.locator('[aria-labelledby=now] .notice')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('n');
  await page.mouse.click(x + width / 2, y + height / 2);
  await page.waitForTimeout(500);
  await expect(page.locator('[aria-labelledby=now] .notice')).toContainText('has been at this desk since');
  await elsewhere.getByRole('button', { name: 'Leave desk' }).click();
  await expect(page.getByText('Nobody is there.')).toBeVisible();
  await other.close();
});

test('the focus follows a ticket whose button is gone', async ({ page }) => {
  await walkInElsewhere(page, 'Fred Focus');
  const call = page.locator('tr[data-next] button[value=call]');
  const number = (await call.getAttribute('aria-label'))?.slice('Call '.length) ?? '';
  await call.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#desk-notice')).toContainText(`${number} was called.`);
  const skip = page.getByRole('button', { name: `Skip ${number}` });
  await skip.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: `Reinstate ${number}` })).toBeVisible();
  // It left the line: what comes next has the focus, and what was done can be read and taken back.
  await expect(page.getByRole('button', { name: /^Next/ })).toBeFocused();
  await expect(page.locator('#desk-notice').getByRole('button', { name: 'Undo' })).toBeInViewport({
    ratio: 1,
  });
  await page.keyboard.press('Enter');
  await expect(page.locator('#desk-notice')).toContainText('is being served.');
  await expect(page.getByRole('button', { name: /^Next/ })).toBeFocused();
});

test('what was said does not lie over what was pressed, on a narrow screen and a wide one', async ({
  page,
}) => {
  const notice = page.locator('#desk-notice .notice');
  const next = page.getByRole('button', { name: /^Next/ });
  const edges = (locator: typeof next) =>
    locator.evaluate((el) => {
      const { top, bottom } = el.getBoundingClientRect();
      return { top, bottom };
    });
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 640 });
    // What the head of a screen was scrolled away for stands at its very top.
    await next.evaluate((el) => scrollTo(0, scrollY + el.getBoundingClientRect().top - 4));
    await next.click();
    await expect(notice).toContainText(/served|completed/);
    await expect
      .poll(async () => (await edges(next)).top - (await edges(notice)).bottom)
      .toBeGreaterThanOrEqual(0);
    await expect(next).toBeInViewport({ ratio: 1 });
    await page.reload();
  }
});

test('a narrow screen has all its links in sight, and a long note in two lines', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  const links = page.getByRole('navigation', { name: 'This screen' }).getByRole('link');
  await expect(links).toHaveCount(5);
  for (const link of await links.all()) await expect(link).toBeInViewport({ ratio: 1 });

  await page.request.post(`${QUEUE}/entries`, {
    form: { name: 'Nora Note', note: 'Brings a dog and an interpreter. '.repeat(12) },
    headers: { Origin: new URL(page.url()).origin },
  });
  const note = page.getByRole('row').filter({ hasText: 'Nora Note' }).locator('.note');
  await expect(note).toBeVisible();
  const lines = await note.evaluate(
    (el) => el.clientHeight / Number.parseFloat(getComputedStyle(el).lineHeight),
  );
  expect(Math.round(lines)).toBe(2);
});

test.describe('a screen for fingers', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 640 } });

  test('shows no keys, and no switch for them', async ({ page }) => {
    const next = page.getByRole('button', { name: /^Next/ });
    await expect(next).toBeVisible();
    expect(await next.evaluate((el) => getComputedStyle(el, '::after').content)).toBe('none');
    await expect(page.getByRole('button', { name: 'Shortcuts' })).toHaveCount(0);
  });
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
  await expect(page).toHaveURL(/\/login\?next=%2Fdesk%2Fparking-permits$/, { timeout: 15_000 });
});

test('the steps have keys: deaf while something is typed, and off when they are switched off', async ({
  page,
}) => {
  const next = page.getByRole('button', { name: /^Next/ });
  const front = page.locator('.now .number');
  await next.click();
  await expect(page.locator('#desk-notice')).toContainText('is being served.');
  const number = (await front.innerText()).trim();
  await page.keyboard.press('n');
  await expect(page.locator('#desk-notice')).toContainText(`${number} was completed.`);
  await page.keyboard.press('u');
  await expect(page.locator('#desk-notice')).toContainText('Taken back:');
  await expect(front).toHaveText(number);
  await page.keyboard.press('Control+n');
  await page.keyboard.press('w');
  await expect(page.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('nuns');
  await expect(page.getByLabel('Name')).toHaveValue('nuns');
  await expect(front).toHaveText(number);

  // Each button shows its key, beside its name and not in it.
  const shown = () => next.evaluate((el) => getComputedStyle(el, '::after').content);
  expect(await shown()).toContain('"n"');
  await expect(next).toHaveAccessibleName(/^Next Finishes [A-Z]\d+\. [A-Z]\d+ is (next|due at [\d:]+)\.$/);
  const toggle = page.getByRole('button', { name: 'Shortcuts' });
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
  expect(await shown()).toBe('none');
  await page.reload();
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
  await page.locator('body').press('n');
  await page.waitForTimeout(400);
  await expect(front).toHaveText(number);
  await toggle.click();
  await page.locator('h1').click();
  await page.keyboard.press('n');
  await expect(page.locator('#desk-notice')).toContainText(`${number} was completed.`);
});

test('a walk-in that is half typed is thrown away by no key, and by no link without a question', async ({
  page,
}) => {
  await page.getByRole('button', { name: /^Next/ }).click();
  await expect(page.locator('#desk-notice')).toContainText('is being served.');
  await page.keyboard.press('w');
  await expect(page.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('Hanna Half-ty');
  const panel = page.url();
  await page.locator('h1').click();
  for (const key of ['f', 'm']) await page.keyboard.press(key);
  await page.waitForTimeout(500);
  expect(page.url()).toBe(panel);
  const asked: string[] = [];
  let leave = false;
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    return leave ? dialog.accept() : dialog.dismiss();
  });
  const allDesks = page.getByRole('link', { name: 'All desks' });
  await allDesks.click();
  await expect.poll(() => asked).toEqual(['beforeunload']);
  await expect(page.getByLabel('Name')).toHaveValue('Hanna Half-ty');
  leave = true;
  await allDesks.click();
  await expect(page).toHaveURL(/\/desk$/);
  expect(asked).toHaveLength(2);

  // Who cancels it, sends it or has typed nothing is not asked.
  await page.goto(`${QUEUE}/walk-in`);
  await page.getByLabel('Name').fill('Hanna Half-ty');
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(page.getByRole('link', { name: 'Add a walk-in' })).toBeVisible();
  await page.keyboard.press('w');
  await expect(page.getByLabel('Name')).toBeFocused();
  await page.locator('h1').click();
  await page.keyboard.press('f');
  await expect(page).toHaveURL(/\/desk#q$/);
  expect(asked).toHaveLength(2);
});

test('a walk-in is sent without a question where htmx did not come', async ({ page }) => {
  await page.route('**/assets/app.*.js', (route) => route.abort());
  await page.goto(`${QUEUE}/walk-in`);
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    return dialog.dismiss();
  });
  await page.getByLabel('Name').fill('Willa Whole');
  await page.getByRole('button', { name: 'Add to the line' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Willa Whole' })).toBeVisible();
  expect(asked).toEqual([]);
});

test('a key that is pressed twice in a hurry counts once, whatever stands under it by then', async ({
  page,
}) => {
  const front = page.locator('.now .number');
  /** A press at so many milliseconds, whatever the clock of this machine says. */
  const press = (key: string, at: number) =>
    page.evaluate(
      ([key, at]) => {
        const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
        Object.defineProperty(event, 'timeStamp', { value: at });
        document.body.dispatchEvent(event);
      },
      [key, at] as const,
    );
  await press('n', 10_000);
  await expect(page.locator('#desk-notice')).toContainText('is being served.');
  const number = (await front.innerText()).trim();
  await press('n', 10_300);
  await page.waitForTimeout(700);
  await expect(front).toHaveText(number);
  await press('n', 11_000);
  await expect(page.locator('#desk-notice')).toContainText(`${number} was completed.`);
});

test('a lost network shows at once, keeps what is typed, and the panel is right again after', async ({
  page,
  context,
}) => {
  await page.getByRole('link', { name: 'Add a walk-in' }).click();
  await page.getByLabel('Name').fill('Otto Offline');
  const banner = page.getByText('No connection. What you see');
  await expect(banner).toBeHidden();
  await context.setOffline(true);
  await expect(banner).toBeVisible({ timeout: 1_000 });
  await page.getByRole('button', { name: 'Add to the line' }).click();
  const inVain = page.getByText('what you pressed last may not have been done');
  await expect(inVain).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveValue('Otto Offline');
  // Asked from outside the page, which is what has no network.
  await walkInElsewhere(page, 'Nadia Network');
  await context.setOffline(false);
  // No poll is that fast.
  await expect(page.getByRole('row').filter({ hasText: 'Nadia Network' })).toBeVisible({ timeout: 6_000 });
  await expect(banner).toBeHidden();
  await expect(inVain).toBeHidden();
  const again = page.getByText('What you pressed may not have been done: this is how it stands now.');
  await expect(again).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveValue('Otto Offline');
  await page.getByRole('button', { name: 'Add to the line' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Otto Offline' })).toHaveCount(1);
  await expect(again).toBeHidden();
});

test('a link that is followed without a network leaves the panel as it is', async ({ page, context }) => {
  await page.getByRole('link', { name: 'Add a walk-in' }).click();
  await page.getByLabel('Name').fill('Otto Offline');
  await context.setOffline(true);
  const link = page.getByRole('navigation', { name: 'This screen' }).getByRole('link', { name: 'Print' });
  await link.click();
  await expect(page.getByText('No connection. What you see')).toBeVisible();
  // On the page itself, it leads where it did.
  await page.getByRole('link', { name: 'Skip to content' }).press('Enter');
  await expect(page).toHaveURL(/#main$/);
  await expect(page.getByLabel('Name')).toHaveValue('Otto Offline');
  await context.setOffline(false);
  await link.click();
  await expect(page).toHaveURL(/\/print/);
});

test('a server that is silent is told of in twenty seconds, and what was pressed in vain sooner', async ({
  page,
}) => {
  const banner = page.locator('[data-offline]');
  const again = 'What you pressed may not have been done: this is how it stands now.';
  // What was under way runs into its limit first: second by second, so that what is asked next is answered in between.
  const soon = (look: () => Promise<void>) =>
    expect(async () => {
      await page.clock.runFor(1_000);
      await look();
    }).toPass({ timeout: 10_000 });
  await page.clock.install();
  await page.reload();
  // Neither an answer nor a refusal.
  await page.route(`**${QUEUE}**`, () => {});
  await page.clock.runFor(20_000);
  await expect(banner).toHaveText('No connection. What you see may be out of date; we keep trying.');
  await page.unroute(`**${QUEUE}**`);
  await soon(() => expect(banner).toBeHidden({ timeout: 200 }));

  await page.route(`**${QUEUE}/**`, () => {});
  await page.getByRole('button', { name: /^Next/ }).click();
  await page.clock.runFor(1_000);
  await expect(banner).toBeHidden();
  await page.clock.runFor(1_500);
  await expect(banner).toHaveText('Sending…');
  await page.clock.runFor(8_000);
  await expect(banner).toHaveText('No connection: what you pressed last may not have been done.');
  await page.unroute(`**${QUEUE}/**`);
  await soon(() => expect(banner).toContainText(again, { timeout: 200 }));
  await page.getByRole('button', { name: /^Next/ }).click();
  await expect(page.locator('#desk-notice')).toContainText('is being served.');
  await expect(banner).toBeHidden();
});

test('a form that takes long says so only until its answer, whatever that is', async ({ page }) => {
  const sending = page.getByText('Sending…');
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(`**${QUEUE}/advance`, async (route) => {
    await answered;
    await route.fulfill({ status: 503, body: '<p class="notice">Later.</p>', contentType: 'text/html' });
  });
  await page.getByRole('button', { name: /^Next/ }).click();
  await expect(sending).toBeVisible();
  answer();
  await expect(page.getByText('Later.')).toBeVisible();
  await expect(sending).toBeHidden();
});

test('a panel to which only refusals of a proxy come says that it may be out of date', async ({ page }) => {
  const banner = page.getByText('No connection. What you see');
  // What is under way when time flies would run into its limit.
  const fly = async (milliseconds: number) => {
    await expect(page.locator('.htmx-request')).toHaveCount(0);
    await page.clock.runFor(milliseconds);
  };
  await page.clock.install();
  await page.route('**/live/**', (route) => route.fulfill({ status: 502 }));
  await page.reload();
  await page.route(`**${QUEUE}`, (route) => route.fulfill({ status: 502 }));
  await fly(10_000);
  await expect(banner).toBeHidden();
  await fly(10_000);
  await expect(banner).toBeVisible();
  await page.unroute(`**${QUEUE}`);
  await fly(10_000);
  await expect(banner).toBeHidden();
  // One that is paused asks nothing, and has nothing to miss.
  await page.getByRole('link', { name: 'Pause updates' }).click();
  await expect(page.getByRole('link', { name: 'Resume updates' })).toBeVisible();
  await fly(40_000);
  await expect(banner).toBeHidden();
});

test('a ticket is worked by the keyboard alone, without shortcuts', async ({ page }) => {
  const notice = page.locator('#desk-notice');
  await tabTo(page, page.getByRole('button', { name: 'Shortcuts' }));
  await page.keyboard.press('Enter');
  const next = page.getByRole('button', { name: /^Next/ });
  await tabTo(page, next);
  await page.keyboard.press('Enter');
  await expect(notice).toContainText('is being served.');
  // Where the focus was, so that one can go on.
  await expect(next).toBeFocused();
  const number = (await page.locator('.now .number').innerText()).trim();
  await tabTo(page, page.getByRole('button', { name: `Put back ${number}` }));
  await page.keyboard.press('Space');
  await expect(notice).toContainText(`${number} was put back into the line.`);
  await page.keyboard.press('Shift+Tab');
  await tabTo(page, notice.getByRole('button', { name: 'Undo' }));
  await page.keyboard.press('Enter');
  await expect(notice).toContainText(`Taken back: ${number} is as it was.`);
  await expect(page.locator('.now .number')).toHaveText(number);
  await tabTo(page, page.getByRole('link', { name: `More ${number}` }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByLabel('Note'));
  await page.keyboard.type('By hand');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('.now')).toContainText('By hand');
});

test('Undo is there for half a minute', async ({ page }) => {
  await page.getByRole('button', { name: /^Next/ }).click();
  const undo = page.locator('#desk-notice').getByRole('button', { name: 'Undo' });
  await expect(undo).toBeVisible();
  const until = await undo.evaluate((el) => {
    const all = [el.closest('form'), el.closest('.notice')].flatMap((one) => one?.getAnimations() ?? []);
    const ends = all.map((animation) => Number(animation.effect?.getComputedTiming().endTime));
    for (const animation of all) animation.finish();
    return ends.map((end) => Math.round(end / 1000));
  });
  expect(until).toEqual([30, 30]);
  await expect(undo).toBeHidden();
  // What was done then may not be true any more.
  await expect(page.locator('#desk-notice .notice')).toBeHidden();
  // Its key is dead, too.
  await page.keyboard.press('u');
  await page.waitForTimeout(300);
  await expect(page.locator('#desk-notice')).not.toContainText('Taken back');
});

test('a panel whose desk is gone says so in its place, and leads on', async ({ page, browser, app }) => {
  const elsewhere = await browser.newContext({ baseURL: app.url });
  const admin = await elsewhere.newPage();
  await logIn(admin, 'admin@demo.example');
  await admin.goto('/admin/desks');
  await admin.getByLabel('Name').fill('Desk 99');
  await admin.getByRole('button', { name: 'Add desk' }).click();
  await page.goto('/desk');
  await page.getByRole('button', { name: 'Sit down here: Desk 99' }).click();
  const panel = page.locator('#desk-panel');
  await expect(panel).toContainText('Nobody at this desk.');
  // It asks for nothing by itself.
  const paused = await page.context().newPage();
  await paused.goto(`${page.url()}?pause`);
  await admin.getByRole('link', { name: 'Edit Desk 99' }).click();
  await admin.getByLabel('Name').fill('Desk 100');
  await admin.getByRole('button', { name: 'Save desk' }).click();
  const heading = page.getByRole('heading', { level: 1 });
  await page.bringToFront();
  await expect(heading).toHaveText('Desk 100', { timeout: 15_000 });
  // There is something to take back, too.
  await walkInElsewhere(page, 'Gina Gone');
  await page.getByRole('button', { name: /^Next/ }).click();
  await page
    .locator('.now')
    .getByRole('button', { name: /^Complete / })
    .click();
  await expect(page.locator('#desk-notice')).toContainText('was completed.');
  await admin.bringToFront();
  await admin.getByRole('link', { name: 'Edit Desk 100' }).click();
  await admin.getByRole('link', { name: 'Retire this desk' }).click();
  await expect(admin.getByText('is at this desk now')).toBeVisible();
  await admin.getByRole('button', { name: 'Yes, retire it' }).click();
  await expect(admin.getByText('The desk was retired.')).toBeVisible();
  await elsewhere.close();

  const gone = /^You cannot work here any more: .* All desks$/;
  await paused.getByRole('button', { name: /^Next/ }).click();
  await expect(paused.locator('#desk-panel')).toHaveText(gone);
  await expect(paused.locator('#desk-strip')).toBeEmpty();
  await paused.close();

  await page.bringToFront();
  await expect(panel).toHaveText(gone, { timeout: 15_000 });
  // Nothing above it says otherwise, or offers to go on.
  await expect(page.locator('#desk-strip')).toBeEmpty();
  await expect(page.locator('#desk-notice')).toBeEmpty();
  const link = panel.getByRole('link', { name: 'All desks' });
  // The next poll leaves it as it is.
  await page.waitForResponse((answer) => answer.request().method() === 'GET' && answer.status() === 404);
  await expect(page.getByRole('alert')).toHaveCount(1);
  await link.click();
  await expect(page).toHaveURL(/\/desk$/);
});
