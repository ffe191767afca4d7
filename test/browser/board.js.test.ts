import type { Locator, Page } from '@playwright/test';
import { forwardTo } from '../support/forwarder.ts';
import { call, DEMO, expect, type Someone, type Town, type TownService, test } from '../support/journeys.ts';

/** A line with people in it, and somebody at the desk. */
async function openLine(town: Town, waiting: number): Promise<{ line: TownService; staff: Someone }> {
  const [line, staff] = await Promise.all([town.newService(), town.login(DEMO.staff)]);
  for (let count = 0; count < waiting; count++) {
    await post(town, staff, `/api/queues/${line.id}/entries`, { name: `Walk-in ${count}` });
  }
  return { line, staff };
}

async function post(town: Town, { cookie }: Someone, path: string, body: object = {}) {
  const response = await fetch(town.app.url + path, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.ok, `${path}: ${response.status}`).toBe(true);
  return ((await response.json()) as { data: { id: string; in_service: { id: string } | null } }).data;
}

const callNext = (town: Town, staff: Someone, line: TownService) =>
  post(town, staff, `/api/queues/${line.id}/advance`);

/** The tickets that wait, in the order in which they are called. */
async function waitingIn(town: Town, staff: Someone, line: TownService): Promise<string[]> {
  const { data } = await call<{ id: string; status: string }[]>(town, staff, 'GET', `/queues/${line.id}`);
  return data.filter(({ status }) => status === 'waiting').map(({ id }) => id);
}

/** Opens the board in a browser that notes what it speaks, instead of speaking. */
async function openBoard(page: Page, line: TownService, base = ''): Promise<void> {
  await page.addInitScript(() => {
    const spoken: string[] = [];
    Object.assign(window, { spoken });
    speechSynthesis.speak = (words) => {
      spoken.push(`begin ${words.text}`);
      setTimeout(() => {
        spoken.push(`end ${words.text}`);
        words.onend?.(new Event('end') as SpeechSynthesisEvent);
      }, 300);
    };
  });
  await page.goto(`${base.replace(/\/$/, '')}/board/${line.slug}`);
}

/** The minute of the day that a text ends with. */
async function minuteIn(text: Locator): Promise<number> {
  const [hour = Number.NaN, minute = 0] = (await text.innerText()).slice(-5).split(':').map(Number);
  return hour * 60 + minute;
}

const spoken = (page: Page) => page.evaluate(() => (window as unknown as { spoken: string[] }).spoken);

test('a call is on every board within a second', async ({ town, context, page }) => {
  const { line, staff } = await openLine(town, 3);
  const other = await context.newPage();
  await Promise.all([openBoard(page, line), openBoard(other, line)]);
  for (const number of ['J1', 'J2']) {
    await callNext(town, staff, line);
    const called = Date.now();
    for (const board of [page, other]) {
      await expect(board.locator('.calls .number').first()).toHaveText(number, { timeout: 1_000 });
    }
    expect(Date.now() - called).toBeLessThan(1_000);
  }
  await expect(page.locator('.next-numbers li')).toHaveText(['J3']);
});

test('calls are spoken one after another, none cut off, and none that stood there before', async ({
  town,
  page,
}) => {
  const { line, staff } = await openLine(town, 3);
  await callNext(town, staff, line);
  await openBoard(page, line);
  await page.getByRole('button', { name: 'Turn sound on' }).click();
  await expect(page.getByText('Sound is on.')).toBeVisible();
  const ids = await waitingIn(town, staff, line);
  for (const id of ids) await post(town, staff, `/api/entries/${id}/call`);
  const words = ['This is a test.', 'Number J 2.', 'Number J 3.'];
  await expect
    .poll(() => spoken(page), { timeout: 15_000 })
    .toEqual(words.flatMap((text) => [`begin ${text}`, `end ${text}`]));
  await page.getByRole('button', { name: 'Turn sound off' }).click();
  await expect(page.getByRole('button', { name: 'Turn sound on' })).toBeFocused();
});

test('a call that was taken back before its turn came is not spoken', async ({ town, page }) => {
  const { line, staff } = await openLine(town, 3);
  await openBoard(page, line);
  await page.getByRole('button', { name: 'Turn sound on' }).click();
  const ids = await waitingIn(town, staff, line);
  for (const id of ids) await post(town, staff, `/api/entries/${id}/call`);
  const numbers = page.locator('.calls .number');
  await expect(numbers).toHaveText(['J3', 'J2', 'J1']);
  await post(town, staff, `/api/entries/${ids[1]}/requeue`);
  await expect(numbers).toHaveText(['J3', 'J1']);
  await expect.poll(() => spoken(page), { timeout: 15_000 }).toContain('end Number J 3.');
  expect(await spoken(page)).toContain('end Number J 1.');
  expect(await spoken(page)).not.toContain('begin Number J 2.');
});

test('a board fits a screen that nobody scrolls, however much there is', async ({ town, page }) => {
  const { line, staff } = await openLine(town, 20);
  for (let count = 0; count < 8; count++) {
    const [next] = await waitingIn(town, staff, line);
    await post(town, staff, `/api/entries/${next}/call`);
  }
  for (const viewport of [
    { width: 1280, height: 720 },
    { width: 1920, height: 1080 },
    { width: 1024, height: 768 },
  ]) {
    await page.setViewportSize(viewport);
    await page.goto(`/board/${line.slug}`);
    await expect(page.locator('[data-call]')).toHaveCount(8);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(viewport.height);
    for (const part of [page.locator('[data-call]').last(), page.getByText(/^As of/)])
      await expect(part).toBeInViewport({ ratio: 1 });
  }
});

test('a long name stays in its own call', async ({ town, page }) => {
  const { line, staff } = await openLine(town, 1);
  await callNext(town, staff, line);
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 720 });
    await page.goto(`/board/${line.slug}`);
    const [outside, wide] = await page.locator('[data-call]').evaluate((call) => {
      const name = document.createElement('small');
      name.textContent = 'W'.repeat(80);
      call.append(name);
      const [inner, outer] = [name, call].map((box) => box.getBoundingClientRect().right);
      return [(inner ?? 0) - (outer ?? 0), document.documentElement.scrollWidth] as const;
    });
    expect(outside).toBeLessThan(0);
    expect(wide).toBe(width);
  }
});

test('a board without a connection admits it, and says afterwards what it missed', async ({ town, page }) => {
  const { line, staff } = await openLine(town, 2);
  const way = await forwardTo(town.app.url);
  await way.open();
  try {
    await openBoard(page, line, way.url);
    await page.getByRole('button', { name: 'Turn sound on' }).click();
    await expect.poll(() => spoken(page)).toContain('end This is a test.');
    const stale = page.getByText(/^No connection since \d\d:\d\d$/);
    await expect(stale).toBeHidden();
    await way.cut();
    await expect(stale).toBeVisible();
    // Not as the clock of the screen has it, which is set to another zone.
    const [since, asOf] = [await minuteIn(stale), await minuteIn(page.getByText(/^As of/))];
    expect(Math.abs(since - asOf)).toBeLessThan(3);
    await callNext(town, staff, line);
    await page.waitForTimeout(500);
    await expect(page.locator('.calls .number')).toHaveCount(0);
    await way.open();
    await expect(page.locator('.calls .number').first()).toHaveText('J1', { timeout: 15_000 });
    await expect(stale).toBeHidden();
    await expect.poll(() => spoken(page), { timeout: 10_000 }).toContain('end Number J 1.');
  } finally {
    await way.cut();
  }
});

test('a board to which no stream comes through asks for itself, and is not called stale', async ({
  town,
  page,
}) => {
  test.setTimeout(60_000);
  const { line, staff } = await openLine(town, 2);
  await page.route('**/live/**', (route) => route.fulfill({ status: 503, headers: { 'retry-after': '5' } }));
  const polls: number[] = [];
  page.on('response', (response) => {
    if (response.request().headers()['hx-request'] === 'true' && response.url().includes('/board/'))
      polls.push(response.status());
  });
  await openBoard(page, line);
  await expect.poll(() => polls, { timeout: 15_000 }).toContain(304);
  await callNext(town, staff, line);
  await expect(page.locator('.calls .number').first()).toHaveText('J1', { timeout: 15_000 });
  await expect(page.locator('[data-board-said]')).toHaveText('Number J 1.');
  await expect(page.getByText(/^No connection since/)).toBeHidden();

  // Once streams come through again, one is opened.
  const opened = page.waitForRequest('**/live/**', { timeout: 35_000 });
  await page.unroute('**/live/**');
  await opened;
  await callNext(town, staff, line);
  await expect(page.locator('.calls .number').first()).toHaveText('J2', { timeout: 1_000 });
});

test('a ticket that is called again is said again', async ({ town, page }) => {
  const { line, staff } = await openLine(town, 1);
  await openBoard(page, line);
  const [id] = await waitingIn(town, staff, line);
  await post(town, staff, `/api/entries/${id}/call`);
  const said = page.locator('[data-board-said]');
  await expect(said).toHaveText('Number J 1.');
  await page.evaluate(() => {
    const element = document.querySelector('[data-board-said]');
    if (element) element.textContent = '';
  });
  await post(town, staff, `/api/entries/${id}/recall`);
  await expect(said).toHaveText('Number J 1.');
});
