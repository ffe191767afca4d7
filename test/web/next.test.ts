import { expect, test } from 'vitest';
import { buildApp, leadsTo, type TestApp } from '../support/app.ts';
import { book, mondayAt } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

const LOGGED_OUT = 'You were logged out, so nothing was done. Log in, then do it again.';
const KEPT = 'What you chose is kept.';

/** Where the login leads that an answer sends to, and whether it says that nothing was done. */
function loginOf(answer: Parameters<typeof leadsTo>[0]) {
  const { pathname, searchParams: query } = new URL(leadsTo(answer), 'http://localhost');
  return { pathname, next: query.get('next'), done: query.get('done') };
}

onBothDatabases('a session that ends in the middle of a form', (open) => {
  const cancel = async (app: TestApp, headers: Record<string, string>) =>
    loginOf(await app.form('/reservations/x/cancel', {}, { headers }));

  test('leads over the login to the page of the form, and tells once that nothing was done', async () => {
    const app = await buildApp(open().store);
    const from = { referer: 'http://localhost/reservations/x/cancel?a=1' };
    const answer = await app.form('/reservations/x/cancel', {}, { headers: from });
    expect(loginOf(answer)).toEqual({
      pathname: '/login',
      next: '/reservations/x/cancel?a=1',
      done: 'loggedOut',
    });
    const { text } = await app.nextPage(answer);
    expect(text).toContain(LOGGED_OUT);
    expect(text).toContain('value="/reservations/x/cancel?a=1"');
    expect((await app.page('/login?done=loggedOut')).text).not.toContain(LOGGED_OUT);
    expect(loginOf(await app.page('/reservations'))).toEqual({
      pathname: '/login',
      next: '/reservations',
      done: null,
    });
  });

  test('is left by htmx as by a plain browser', async () => {
    const app = await buildApp(open().store);
    const answer = await app.htmx('/reservations/x/leave', {
      target: 'ticket-panel',
      fields: {},
      headers: { 'hx-current-url': 'http://localhost/reservations/x' },
    });
    expect(answer.status).toBe(204);
    expect(loginOf(answer)).toEqual({ pathname: '/login', next: '/reservations/x', done: 'loggedOut' });
  });

  test('leads to no page of another site, and to none that nobody named', async () => {
    const app = await buildApp(open().store, { env: { BASE_URL: 'https://queue.example' } });
    const nowhere = { pathname: '/login', next: null, done: 'loggedOut' };
    for (const referer of ['https://evil.example/account', 'https://queue.example//evil.example', 'none', ''])
      expect(await cancel(app, { referer }), referer).toEqual(nowhere);
    expect(await cancel(app, {})).toEqual(nowhere);
    const inside = { host: '10.0.0.1:3000' };
    for (const referer of ['https://queue.example/account', 'http://10.0.0.1:3000/account'])
      expect(await cancel(app, { ...inside, referer }), referer).toEqual({ ...nowhere, next: '/account' });
  });

  test('keeps the time that a reservation was to be moved to', async () => {
    const app = await buildApp(open().store);
    const as = app.cast.customer;
    const { id } = await book(app, as, mondayAt('10:00'));
    const fields = { day: '2026-03-03', time_slot: '2026-03-03T09:00:00.000Z' };
    const answer = await app.form(`/reservations/${id}/reschedule`, fields);
    expect((await app.nextPage(answer)).text).toContain(KEPT);
    const { next, done } = loginOf(answer);
    expect(done).toBe('loggedOut');
    const { text } = await app.page(next ?? '', { as });
    expect(text).toContain(`value="${fields.time_slot}" checked`);
  });

  test('is told of to whoever was booking, but not to a visitor', async () => {
    const app = await buildApp(open().store);
    const path = `/services/${app.service.slug}/reservations`;
    const fields = { day: '2026-03-02', time_slot: mondayAt('10:00').toISOString() };
    expect(loginOf(await app.form(path, fields)).done).toBeNull();
    expect(loginOf(await app.form(path, { ...fields, idempotency_key: 'of-a-page' })).done).toBe('loggedOut');
  });
});

onBothDatabases('the login', (open) => {
  test('says that a choice is kept only where one is', async () => {
    const app = await buildApp(open().store);
    const textOf = async (next: string) => (await app.page(`/login?next=${encodeURIComponent(next)}`)).text;
    expect(await textOf('/services/x?date=2026-03-02&time_slot=2026-03-02T09:00:00.000Z')).toContain(KEPT);
    const seen = await textOf('/reservations?a=1');
    expect(seen).toContain('Log in to go on.');
    expect(seen).not.toContain(KEPT);
  });
});
