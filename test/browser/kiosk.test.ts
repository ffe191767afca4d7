import { codeOf } from '../../src/domain/code.ts';
import { bookFor, expect, nextSlot, type Town, type TownService, test } from '../support/journeys.ts';

async function booked(town: Town, service: TownService, name: string) {
  const slot = await nextSlot(town, service);
  const { id } = await bookFor(town, await town.newCustomer(name), service, slot);
  return { id, slot };
}

test('somebody takes a number by touch and leaves nothing behind', async ({
  page,
  town,
  javaScriptEnabled,
}) => {
  const service = await town.newService({ name: 'Lost keys', askName: false });
  await page.goto(`/kiosk/${service.slug}`);
  await expect(page.getByRole('navigation')).toHaveCount(0);
  await page.getByRole('link', { name: 'Take a number' }).click();
  await page.getByRole('button', { name: service.name }).dblclick();
  await expect(page.getByRole('article', { name: 'Ticket J1' })).toContainText('You are next');
  await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible();
  await expect(page.getByRole('article', { name: 'Ticket J1' })).toBeInViewport();
  await expect(page.locator('meta[http-equiv=refresh]')).toHaveCount(javaScriptEnabled ? 0 : 1);
  await page.getByRole('link', { name: 'Done' }).click();
  await expect(page).toHaveURL(new RegExp(`/kiosk/${service.slug}$`));
});

test('every target is large enough for a finger', async ({ page, town }) => {
  const service = await town.newService({ askPhone: true });
  const start = `/kiosk/${service.slug}`;
  for (const path of [start, `${start}/check-in`, `${start}/take`, `${start}/take?service=${service.slug}`]) {
    await page.goto(path);
    for (const target of await page.locator('a, button, input:not([type=hidden]), summary').all()) {
      if (await target.evaluate((element) => element.matches('.skip') || !element.checkVisibility()))
        continue;
      const box = await target.boundingBox();
      expect(Math.min(box?.height ?? 0, box?.width ?? 0), await target.innerText()).toBeGreaterThanOrEqual(
        64,
      );
    }
  }
});

test('no screen is wider than its own, however large somebody reads', async ({ page, town }) => {
  const service = await town.newService({ name: 'Registration certificates' });
  for (const path of ['', '/check-in', '/take', `/take?service=${service.slug}`]) {
    await page.goto(`/kiosk/${service.slug}${path}`);
    await page.setViewportSize({ width: 360, height: 800 });
    const wide = await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
      const { scrollWidth } = document.documentElement;
      const cut = [...document.querySelectorAll('main :is(a, button)')].filter(
        (el) => el.scrollWidth > el.clientWidth + 1,
      );
      return [scrollWidth, cut.map((el) => el.textContent)];
    });
    expect(wide, path).toEqual([360, []]);
  }
});

test('somebody checks in with the scanner, which types the code and presses Enter', async ({
  page,
  town,
  javaScriptEnabled,
}) => {
  const service = await town.newService();
  const { id } = await booked(town, service, 'Scan Ner');
  await page.goto(`/kiosk/${service.slug}`);
  await page.getByRole('link', { name: 'I have a reservation' }).click();
  await expect(page.getByLabel('Your code')).toBeFocused();
  await page.keyboard.type('ZZZZZZ');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('No reservation of today fits that.');
  // Ready for the next try.
  await expect(page.getByLabel('Your code')).toBeFocused();
  // With scripts the next scan replaces what was wrong.
  if (!javaScriptEnabled) await page.getByLabel('Your code').fill('');
  await page.keyboard.type(codeOf(id));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article', { name: 'Ticket J1' })).toBeVisible();
});

test('somebody checks in with their name and time', async ({ page, town }) => {
  const service = await town.newService();
  const { slot } = await booked(town, service, 'Rosa Delgado Ruiz');
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: service.location.timeZone,
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(slot));
  await page.goto(`/kiosk/${service.slug}/check-in`);
  await page.getByText('Without a code').click();
  await page.getByLabel('Last name').fill('delgado ruiz');
  await page.getByLabel('Time of your reservation').fill(time);
  await page.getByRole('button', { name: 'Check in with name and time' }).click();
  await expect(page.getByRole('article', { name: 'Ticket J1' })).toBeVisible();
});

test.describe('where hours are counted to twelve', () => {
  test.use({ locale: 'en-US' });

  test('the time fits into its field', async ({ page, town }) => {
    const service = await town.newService();
    await page.goto(`/kiosk/${service.slug}/check-in`);
    await page.getByText('Without a code').click();
    const field = page.getByLabel('Time of your reservation');
    const { width, needed } = await field.evaluate((input: HTMLElement) => {
      const { width } = input.getBoundingClientRect();
      input.style.inlineSize = 'max-content';
      input.style.maxInlineSize = 'none';
      return { width, needed: input.getBoundingClientRect().width };
    });
    expect(width).toBeGreaterThanOrEqual(needed);
  });
});
