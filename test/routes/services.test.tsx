import { expect, test } from 'vitest';
import { buildApp, type TestApp } from '../support/app.ts';
import { onBothDatabases } from '../support/databases.ts';

onBothDatabases('the calendar', (open) => {
  /** The days that it shows. */
  async function daysOf(app: TestApp, query = ''): Promise<string[]> {
    const { text } = await app.page(`/services/${app.service.slug}${query}`);
    const table = /<table>.*?<\/table>/s.exec(text)?.[0] ?? '';
    return [...table.matchAll(/<time datetime="([^"]+)"/g)].map(([, day = '']) => day);
  }

  test('begins with the week of today, and shows an earlier one only when it is asked for', async () => {
    const app = await buildApp(open().store);
    // A Wednesday.
    app.clock.set(new Date('2026-11-25T09:00:00Z'));
    const days = await daysOf(app);
    expect([days[0], days.at(-1)]).toEqual(['2026-11-23', '2026-11-30']);
    expect((await daysOf(app, '?date=2026-12-02'))[0]).toBe('2026-12-01');
    const past = await daysOf(app, '?date=2026-11-04');
    expect(past.slice(0, 8)).toEqual([...'2345678'].map((day) => `2026-11-0${day}`).concat('2026-11-23'));
  });
});
