import { call, DEMO, expect, test } from '../support/journeys.ts';

test('news come at once, also where the script of the stream came late', async ({ page, town }) => {
  const service = await town.newService();
  const staff = await town.login(DEMO.staff);
  const walkIn = (name: string, priority: number) =>
    call(town, staff, 'POST', `/queues/${service.id}/entries`, { name, priority });
  const { location } = await walkIn('Wanda', 0);
  await page.route('**/live.*.js', async (route) => {
    await new Promise((go) => setTimeout(go, 500));
    await route.continue();
  });
  const stream = page.waitForRequest('**/live/**', { timeout: 5_000 });
  await page.goto(location ?? '');
  await stream;
  await walkIn('Prio', 3);
  // The page asks by itself only every ten seconds.
  await expect(page.locator('#standing')).toHaveText('1 person ahead of you', { timeout: 6_000 });
});
