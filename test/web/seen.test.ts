import { describe, expect, test } from 'vitest';
import { buildApp, cookiesOf, openApp, sessionCookie, type TestApp } from '../support/app.ts';
import { book, mondayAt, walkIn } from '../support/builders.ts';
import { heard, onBothDatabases, useDatabase } from '../support/databases.ts';

describe('whoever just changed something, where several instances share a database', () => {
  const open = useDatabase('postgres');

  /** The program, and another instance of it. */
  async function twoInstances(): Promise<[TestApp, TestApp]> {
    const { store, openAnother } = open();
    const here = await buildApp(store);
    const other = openAnother();
    await Promise.all([heard(store), heard(other)]);
    return [here, openApp({ ...here, store: other })];
  }

  test('sees it by whichever instance', async () => {
    const [here, there] = await twoInstances();
    const { id } = await book(here, here.cast.customer, mondayAt('15:00'));
    const session = await sessionCookie(here.store, here.cast.customer);
    const statusThere = async (cookie: string) =>
      (await there.json('GET', `/api/reservations/${id}`, { headers: { cookie } })).body.data.status;
    await expect.poll(() => statusThere(session)).toBe('confirmed');
    const canceled = await here.form(`/reservations/${id}/cancel`, {}, { headers: { cookie: session } });
    expect(canceled.status).toBe(303);
    expect(await statusThere(`${session}; ${cookiesOf(canceled)}`)).toBe('canceled');
  });

  test('sees it in what the API answers too', async () => {
    const [here, there] = await twoInstances();
    const session = await sessionCookie(here.store, here.cast.staff);
    const path = `/api/queues/${here.service.id}`;
    const lengthThere = async (cookie: string) =>
      (await there.json('GET', path, { headers: { cookie } })).body.data.length;
    await expect.poll(() => lengthThere(session)).toBe(0);
    const options = { headers: { cookie: session }, body: { name: 'Ann', priority: 0 } };
    const taken = await here.json('POST', `${path}/entries`, options);
    expect(taken.status).toBe(201);
    expect(await lengthThere(`${session}; ${cookiesOf(taken)}`)).toBe(1);
  });
});

onBothDatabases('the mark of a change', (open) => {
  test('is sent where there may be another instance, and something was changed', async () => {
    const here = await buildApp(open().store);
    const staff = { as: here.cast.staff };
    const marks = (cookies: string) => cookies.includes('now-serving.seen=');
    const path = `/api/queues/${here.service.id}/advance`;
    await walkIn(here);
    const stale = await here.json('POST', path, { ...staff, body: { serving: 'x' } });
    expect([stale.status, marks(cookiesOf(stale))]).toEqual([422, false]);
    const done = await here.json('POST', path, { ...staff, body: {} });
    expect(marks(cookiesOf(done))).toBe(open().dialect === 'postgres');
    expect(cookiesOf(await here.page('/desk', staff))).toBe('');
  });

  test('is waited for a moment at most, whatever it says', async () => {
    const here = await buildApp(open().store);
    for (const mark of ['gone.17', 'x', '.', 'a.b.c', '17', '-', 'x.1e400']) {
      const before = performance.now();
      expect((await here.page('/', { headers: { cookie: `now-serving.seen=${mark}` } })).status).toBe(200);
      expect(performance.now() - before).toBeLessThan(2_000);
    }
  });
});
