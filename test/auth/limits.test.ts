import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { type Asking, buildApp, leadsTo, openApp, type TestApp } from '../support/app.ts';
import { onBothDatabases } from '../support/databases.ts';
import { gate } from '../support/meanwhile.ts';

const PASSWORD = 'correct horse battery';

async function account(app: TestApp): Promise<string> {
  const email = `nora.${newId()}@example.test`;
  const { status } = await app.json('POST', '/api/auth/register', {
    body: { name: 'Nora', email, password: PASSWORD },
  });
  expect(status).toBe(201);
  return email;
}

async function login(app: TestApp, email: string, password: string, asking: Asking = {}) {
  return app.json('POST', '/api/auth/login', { body: { email, password }, ...asking });
}

/** Fails until told to wait; answers how often that went. */
async function failures(app: TestApp, email: string, asking: (index: number) => Asking): Promise<number> {
  for (let index = 0; index < 30; index++) {
    const answer = await login(app, email, 'wrong one', asking(index));
    if (answer.status === 429) {
      expect(answer.body).toEqual({ error: { code: 'too_many', message: expect.any(String) } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      return index;
    }
    expect(answer.status).toBe(401);
  }
  return 30;
}

onBothDatabases('failed logins', (open) => {
  test('of an account from an address are limited, the right password too then', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    expect(await failures(app, email, () => ({ from: '203.0.113.7' }))).toBe(8);
    const right = await login(app, email, PASSWORD, { from: '203.0.113.7' });
    expect(right.status).toBe(429);
    expect(right.headers.getSetCookie()).toEqual([]);
    // Its owner, from elsewhere, is not locked out by it.
    expect((await login(app, email, PASSWORD, { from: '198.51.100.1' })).status).toBe(200);
    const form = await app.form('/login', { email, password: PASSWORD }, { from: '203.0.113.7' });
    expect(form.status).toBe(429);
    expect(form.text).toContain('Please wait 15 minutes.');
    expect(Number(form.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('are counted by the socket, whatever X-Forwarded-For says', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    const rotating = (index: number) => ({
      from: '203.0.113.7',
      headers: {
        'x-forwarded-for': `10.0.0.${index}`,
        'x-real-ip': `10.0.1.${index}`,
        forwarded: `for=10.0.2.${index}`,
        'x-now-serving-address': `10.0.3.${index}`,
      },
    });
    expect(await failures(app, email, rotating)).toBe(8);
  });

  test('are counted by what a trusted proxy says, from the nearest on', async () => {
    const scene = await buildApp(open().store);
    const app = openApp(scene, { env: { TRUSTED_PROXIES: '10.1.0.0/16, 127.0.0.1' } });
    const email = await account(app);
    const through = (client: string) => ({ from: '10.1.2.3', headers: { 'x-forwarded-for': client } });
    // What stands before the client's own address, the client wrote.
    expect(await failures(app, email, (index) => through(`10.9.9.${index}, 203.0.113.7, 10.1.0.9`))).toBe(8);
    expect((await login(app, email, PASSWORD, through('198.51.100.1'))).status).toBe(200);
    expect((await login(app, email, PASSWORD, through('203.0.113.7'))).status).toBe(429);
  });

  test('are counted by the client, however a trusted proxy writes its address', async () => {
    const scene = await buildApp(open().store);
    const app = openApp(scene, { env: { TRUSTED_PROXIES: '10.1.0.0/16' } });
    const email = await account(app);
    const through = (client: string) => ({
      from: '::ffff:10.1.2.3',
      headers: { 'x-forwarded-for': client },
    });
    const written = (index: number) => ['::ffff:203.0.113.7', `203.0.113.7:${4000 + index}`][index % 2] ?? '';
    expect(await failures(app, email, (index) => through(written(index)))).toBe(8);
    expect((await login(app, email, PASSWORD, through('::ffff:198.51.100.9'))).status).toBe(200);
    const six = (index: number) => through(`[2001:db8:0:7::1]:${4000 + index}`);
    expect(await failures(app, email, six)).toBe(8);
  });

  test('are counted by the network of an IPv6 address, whose owner has all of it', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    const rotating = (index: number) => ({ from: `2001:db8:0:7::${index.toString(16)}:1` });
    expect(await failures(app, email, rotating)).toBe(8);
    expect((await login(app, email, PASSWORD, { from: '2001:db8:0:8::1' })).status).toBe(200);
    expect((await login(app, email, PASSWORD, { from: '2001:DB8::7:ffff:0:0:1' })).status).toBe(429);
  });

  test('at the same moment meet the limit as well', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    const answers = await Promise.all(Array.from({ length: 30 }, () => login(app, email, 'wrong one')));
    const tried = answers.filter(({ status }) => status === 401).length;
    expect(tried).toBeLessThanOrEqual(8 + 3);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30 - tried);
  });

  test('are forgotten after a right one', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 7; index++) await app.parts.limits.failedLogin(email, '127.0.0.1');
      expect((await login(app, email, PASSWORD)).status).toBe(200);
    }
  });

  test('of many accounts from one address are limited; right ones of an office never are', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    const from = '203.0.113.7';
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => login(app, email, PASSWORD, { from })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { limits } = app.parts;
    for (let index = 0; index < 200; index++) await limits.failedLogin(`a${index}@example.test`, from);
    expect((await login(app, email, PASSWORD, { from })).status).toBe(429);
    expect((await login(app, email, PASSWORD, { from: '198.51.100.1' })).status).toBe(200);
  });

  test('of one account from everywhere are limited', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    expect((await login(app, email, PASSWORD, { from: '10.0.1.2' })).status).toBe(200);
    for (let index = 0; index < 50; index++) await app.parts.limits.failedLogin(email, `10.0.0.${index}`);
    expect((await login(app, email, PASSWORD, { from: '10.0.1.1' })).status).toBe(429);
    // But not where its owner has logged in before; there the bound is on wrong ones from there.
    expect((await login(app, email, PASSWORD, { from: '10.0.1.2' })).status).toBe(200);
    expect(await failures(app, email, () => ({ from: '10.0.1.2' }))).toBe(8);
  });

  test('count as well for the old password of a change', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    const cookie = (await login(app, email, PASSWORD)).headers.getSetCookie()[0]?.split(';')[0] as string;
    const change = (current: string) =>
      app.form(
        '/account/password',
        { current_password: current, password: 'another password' },
        { headers: { cookie } },
      );
    for (let index = 0; index < 7; index++) await app.parts.limits.failedLogin(email, '127.0.0.1');
    expect((await change('wrong one')).status).toBe(422);
    expect((await change(PASSWORD)).status).toBe(429);
  });
});

onBothDatabases('registrations', (open) => {
  test('of one address are limited, and known addresses sooner', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    const register = (from: string) =>
      app.json('POST', '/api/auth/register', { body: { name: 'Nora', email, password: PASSWORD }, from });
    for (let index = 0; index < 20; index++) await app.parts.limits.knownAddress('203.0.113.7');
    const { status, headers } = await register('203.0.113.7');
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await register('198.51.100.1')).status).toBe(422);
    for (let index = 0; index < 100; index++) await app.parts.limits.register('203.0.113.8');
    expect((await register('203.0.113.8')).status).toBe(429);
  });
});

onBothDatabases('a forgotten password', (open) => {
  test('is set by a mailed link, once; every session ends', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    const cookie = (await login(app, email, PASSWORD)).headers.getSetCookie()[0]?.split(';')[0] as string;
    const sent = await app.form('/forgot-password', { email });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/forgot-password?sent']);
    await expect.poll(() => app.mails.length).toBe(1);
    const link = new URL(app.mails[0]?.link ?? '');
    expect(link.origin + link.pathname).toBe('http://localhost/reset-password');
    const token = link.searchParams.get('token') as string;
    // Nobody opens the link who only reads the table.
    const kept = JSON.stringify(await open().raw('SELECT identifier, value FROM verifications'));
    expect(kept).not.toContain(token);
    const set = () => app.form('/reset-password', { token, password: 'a new password' });
    const done = await set();
    expect([done.status, leadsTo(done)]).toEqual([303, '/login?done=reset']);
    expect((await app.nextPage(done)).text).toContain('class="notice');
    expect((await app.json('GET', '/api/me', { headers: { cookie } })).status).toBe(401);
    expect((await login(app, email, PASSWORD)).status).toBe(401);
    expect((await login(app, email, 'a new password')).status).toBe(200);
    const again = await set();
    expect(again.status).toBe(422);
    expect(again.text).toContain('This link was used or is too old.');
    expect(again.text).toContain('<a href="/forgot-password">Ask for a new link</a>');
    // The form would be refused for ever.
    expect(again.text).not.toContain('name="password"');
  });

  test('loses nobody on the way to a time', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    const next = `/services/${app.service.slug}?date=2026-03-02&time_slot=2026-03-02T09%3A00%3A00.000Z`;
    const query = `next=${encodeURIComponent(next)}`;
    const hidden = `name="next" value="${next.replace('&', '&amp;')}"`;
    expect((await app.page(`/login?${query}`)).text).toContain(`href="/forgot-password?${query}"`);
    expect((await app.page(`/forgot-password?${query}`)).text).toContain(hidden);
    const sent = await app.form('/forgot-password', { email, next });
    expect(leadsTo(sent)).toBe(`/forgot-password?sent&${query}`);
    expect((await app.nextPage(sent)).text).toContain(`href="/login?${query}"`);
    await expect.poll(() => app.mails.length).toBe(1);
    const link = new URL(app.mails[0]?.link ?? '');
    expect(link.searchParams.get('next')).toBe(next);
    expect((await app.page(link.pathname + link.search)).text).toContain(hidden);
    const token = link.searchParams.get('token') as string;
    const done = await app.form('/reset-password', { token, next, password: 'a new password' });
    expect(new URL(leadsTo(done), link).searchParams.get('next')).toBe(next);
    await app.form('/forgot-password', { email, next: 'https://evil.example/' });
    await expect.poll(() => app.mails.length).toBe(2);
    expect(app.mails[1]?.link).not.toContain('next');
  });

  test('and a new one are called so where they are wrong', async () => {
    const app = await buildApp(open().store);
    const wrong = 'New password: At least 10 characters';
    const fields = { token: 'x', currentPassword: 'x', password: 'short' };
    expect((await app.form('/reset-password', fields)).text).toContain(wrong);
    const asCustomer = { as: app.cast.customer };
    expect((await app.form('/account/password', fields, asCustomer)).text).toContain(wrong);
    expect((await app.form('/register', fields)).text).not.toContain(wrong);
  });

  test('that was mistaken for long is one no more where a new one was set', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    const from = '203.0.113.9';
    expect(await failures(app, email, () => ({ from }))).toBe(8);
    await app.form('/forgot-password', { email }, { from });
    await expect.poll(() => app.mails.length).toBe(1);
    const token = new URL(app.mails[0]?.link ?? '').searchParams.get('token') as string;
    const done = await app.form('/reset-password', { token, password: 'a new password' }, { from });
    expect(done.status).toBe(303);
    expect((await login(app, email, 'a new password', { from })).status).toBe(200);
  });

  test('is set when it is the turn of whoever sets it', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    await app.form('/forgot-password', { email });
    await expect.poll(() => app.mails.length).toBe(1);
    const token = new URL(app.mails[0]?.link ?? '').searchParams.get('token') as string;
    const { passed, open: letGo } = gate();
    const others = [1, 2, 3, 4].map(() => app.parts.limits.inTurn('203.0.113.9', () => passed));
    const set = app.form('/reset-password', { token, password: 'a new password' });
    await expect(Promise.race([set, sleep(1_000, 'waits')])).resolves.toBe('waits');
    letGo();
    await Promise.all(others);
    expect((await set).status).toBe(303);
  });

  test('discloses no account: the same answer, and mail only where there is one', async () => {
    const app = await buildApp(open().store);
    const email = await account(app);
    const known = await app.form('/forgot-password', { email });
    const unknown = await app.form('/forgot-password', { email: `not.${email}` });
    expect([unknown.status, unknown.headers.get('location'), unknown.text]).toEqual([
      known.status,
      known.headers.get('location'),
      known.text,
    ]);
    for (let index = 0; index < 7; index++)
      expect((await app.form('/forgot-password', { email })).status).toBe(303);
    await expect.poll(() => app.mails.length).toBe(5);
  });
});
