import { expect, test } from 'vitest';
import type { Store } from '../../src/db/store.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { newId } from '../../src/domain/id.ts';
import { type Answer, buildApp, cookiesOf, openApp, type TestApp } from '../support/app.ts';
import { book, mondayAt, walkIn } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

function expectHeaders({ headers }: Answer, https = false): void {
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
    'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(headers.get('strict-transport-security')).toBe(https ? 'max-age=31536000' : null);
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('server')).toBeNull();
  expect(headers.get('access-control-allow-origin')).toBeNull();
}

/** A store that every query of fails as a broken program does. */
function broken(store: Store, error: Error): Store {
  return { ...store, run: () => Promise.reject(error), transaction: () => Promise.reject(error) } as Store;
}

onBothDatabases('security headers', (open) => {
  test('come with every kind of answer', async () => {
    const app = await buildApp(open().store);
    const { service, cast } = app;
    const reservation = await book(app, cast.customer, mondayAt('10:00'));
    const failing = openApp(app, { parts: { store: broken(app.store, new Error('broken')) } });
    const asset = app.parts.assets.url('app.css');
    const page = await app.page(`/reservations/${reservation.id}`, { as: cast.customer });
    const tag = { 'if-none-match': page.headers.get('etag') ?? '' };
    const assetTag = { 'if-none-match': (await app.page(asset)).headers.get('etag') ?? '' };
    const answers: [number, Answer][] = [
      [200, page],
      [200, await app.json('GET', '/api/services')],
      [200, await app.page(asset)],
      [200, await app.page('/healthz')],
      [303, await app.page('/reservations')],
      [304, await app.page(`/reservations/${reservation.id}`, { as: cast.customer, headers: tag })],
      [304, await app.page(asset, { headers: assetTag })],
      [401, await app.json('GET', '/api/me')],
      [403, await app.form('/logout', {}, { headers: { origin: 'https://evil.example' } })],
      [404, await app.page('/nowhere')],
      [404, await app.page('/assets/nothing.css')],
      [404, await app.json('GET', '/api/nowhere')],
      [404, await app.page('/%00')],
      [404, await app.page(`/kiosk/${app.location.slug}/take?service=%00`)],
      [404, await app.json('GET', '/api')],
      [405, await app.json('PUT', '/api/me')],
      [405, await app.json('OPTIONS', '/api/me')],
      [405, await app.form(asset)],
      [413, await app.json('POST', '/api/auth/login', { body: 'x'.repeat(70_000) })],
      [422, await app.form('/register')],
      [500, await failing.page('/')],
      [500, await failing.json('GET', '/api/services')],
      [200, await app.page(`/services/${service.slug}`)],
    ];
    for (const [status, answer] of answers) {
      expect(answer.status).toBe(status);
      expectHeaders(answer);
    }
  });

  test('include HSTS where the site is reached over TLS', async () => {
    const secure = openApp(await buildApp(open().store), { env: { BASE_URL: 'https://queue.example' } });
    for (const path of ['/', '/nowhere', '/api/me', secure.parts.assets.url('app.css')])
      expectHeaders(await secure.page(path), true);
  });

  test('keep personal answers out of every cache', async () => {
    const app = await buildApp(open().store);
    for (const path of ['/', '/login', '/reservations', '/account', '/api/me', '/api/services', '/nowhere']) {
      const { headers } = await app.page(path, { as: app.cast.customer });
      expect(headers.get('cache-control'), path).toBe('private, no-store');
      expect(headers.get('vary'), path).toMatch(/Cookie/);
    }
  });
});

onBothDatabases('what broke', (open) => {
  test('is told as 500 with a number to ask for, and nothing of the inside', async () => {
    const app = await buildApp(open().store);
    const failing = openApp(app, { parts: { store: broken(app.store, new Error('the secret plan')) } });
    const page = await failing.page('/');
    expect(page.status).toBe(500);
    expect(page.text).toContain(page.headers.get('x-request-id'));
    const json = await failing.json('GET', '/api/services');
    expect(json.body).toEqual({ error: { code: 'internal', message: expect.any(String) } });
    for (const { text } of [page, json]) expect(text).not.toMatch(/secret plan|at .*\.ts/);
    expect(failing.lines().join('\n')).toContain('the secret plan');
  });

  test('for a while is told as 503 with Retry-After, on pages and in JSON', async () => {
    const app = await buildApp(open().store);
    const busy = openApp(app, {
      parts: { store: broken(app.store, new Refusal('busy', { retryAfter: 2 })) },
    });
    for (const answer of [
      await busy.page('/'),
      await busy.page('/reservations', { headers: { cookie: 'now-serving.session_token=x' } }),
      await busy.json('GET', '/api/services'),
    ]) {
      if (answer.status === 303) continue;
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('2');
      expectHeaders(answer);
    }
  });
});

onBothDatabases('a page', (open) => {
  const XSS = `"><script>alert('x')</script>&lt;&amp;'`;

  /** The markup's own letters never appear as they were typed. */
  function expectEscaped(text: string): void {
    expect(text).not.toContain('<script>alert');
    expect(text).not.toMatch(/(href|src|action)="(javascript|data:text)/i);
  }

  test('shows what people typed as text and nothing else', async () => {
    const store = open().store;
    const app = await buildApp(store, { service: { name: XSS, description: XSS, whatToBring: XSS } });
    const { service, cast, location } = app;
    await store.transaction(async (tx) => {
      const { users, locations } = tx.tables;
      await tx.write.update(users).set({ name: XSS });
      await tx.write.update(locations).set({ name: XSS });
    });
    const reservation = await book(app, { ...cast.customer, name: XSS }, mondayAt('10:00'));
    await walkIn(app, XSS);
    await app.json('POST', '/admin/closures', { as: cast.admin });
    const seen: Record<string, string[]> = {
      visitor: [
        '/',
        `/services/${service.slug}`,
        `/services/${service.slug}?date=${encodeURIComponent(XSS)}`,
      ],
      customer: [
        '/reservations',
        `/reservations/${reservation.id}`,
        `/reservations/${reservation.id}/cancel`,
        `/reservations/${reservation.id}/reschedule`,
        '/account',
      ],
      staff: [
        '/desk',
        `/desk/${service.slug}`,
        `/desk/${service.slug}/walk-in`,
        `/reservations/${reservation.id}`,
      ],
      admin: [
        '/admin',
        `/admin/services/${service.id}`,
        `/admin/services/${service.id}/retire`,
        '/admin/closures',
        '/admin/locations',
        `/admin/locations/${location.id}`,
        '/admin/staff',
      ],
    };
    let shown = 0;
    for (const [role, paths] of Object.entries(seen)) {
      for (const path of paths) {
        const as = role === 'visitor' ? null : cast[role as keyof typeof cast];
        const answer = await app.page(path, { as, done: [encodeURIComponent(XSS)] });
        if (answer.status === 404) continue;
        expect(answer.status, path).toBe(200);
        expectEscaped(answer.text);
        if (answer.text.includes('&lt;script&gt;alert(')) shown += 1;
      }
    }
    // It was there to be escaped on nearly every page.
    expect(shown).toBeGreaterThan(10);
  });

  test('shows a failed form with what was typed, as text', async () => {
    const app = await buildApp(open().store);
    const typed = { name: XSS, email: XSS, password: 'short', next: `/${XSS}`, token: XSS, time_slot: XSS };
    for (const path of [
      '/login',
      '/register',
      '/forgot-password',
      '/reset-password',
      `/services/${app.service.slug}/reservations`,
    ]) {
      const answer = await app.form(path, typed, {
        as: path.startsWith('/services') ? app.cast.customer : null,
      });
      expect(answer.status, path).toBe(422);
      expectEscaped(answer.text);
      expect(answer.text, path).not.toContain('short"');
    }
    for (const path of [
      `/login?next=${encodeURIComponent(XSS)}`,
      `/reset-password?token=${encodeURIComponent(XSS)}`,
      `/${encodeURIComponent(XSS)}`,
    ])
      expectEscaped((await app.page(path)).text);
  });

  test('never leads to another site after logging in', async () => {
    const app = await buildApp(open().store);
    const who = { name: 'Nora', email: `${newId()}@example.test`, password: 'long enough for us' };
    await app.form('/register', who);
    const next = async (path: string) => {
      const { status, headers } = await app.form('/login', {
        email: who.email,
        password: who.password,
        next: path,
      });
      expect(status, path).toBe(303);
      const location = headers.get('location') ?? '';
      expect(new URL(location, 'http://localhost').origin, path).toBe('http://localhost');
      return location;
    };
    for (const path of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
      ' //evil.example',
      'javascript:alert(1)',
      'evil.example',
      '',
      '/ä',
      '/x\r\nSet-Cookie: a=b',
    ])
      expect(await next(path), path).toBe('/');
    for (const path of [
      '/reservations',
      '/services/x?date=2026-03-02',
      '/%2F/evil.example',
      '/.//evil.example',
    ])
      expect(await next(path)).toBe(path);
    const twice = await app.json('POST', '/login', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `email=${encodeURIComponent(who.email)}&password=long+enough+for+us&next=/a&next=//evil.example`,
    });
    expect(twice.headers.get('location')).toBe('/');
  });

  test('sends whoever has to log in back to where they were', async () => {
    const app = await buildApp(open().store);
    const plain = await app.page('/reservations?x=1');
    expect([plain.status, plain.headers.get('location')]).toEqual([
      303,
      '/login?next=%2Freservations%3Fx%3D1',
    ]);
    const panel = await app.htmx('/reservations?x=1', { target: 'main' });
    expect(panel.headers.get('hx-redirect')).toBe('/login?next=%2Freservations%3Fx%3D1');
    expect(panel.text).toBe('');
  });
});

onBothDatabases('the log', (open) => {
  test('names the route, never an address, a token, a cookie, a password or an id', async () => {
    const app = await buildApp(open().store);
    const { cast, service } = app;
    const who = {
      name: 'Nora Private',
      email: `nora.${newId()}@example.test`,
      password: 'a very private password',
    };
    const registered = await app.json('POST', '/api/auth/register', { body: who });
    const cookie = cookiesOf(registered);
    await app.json('POST', '/api/auth/login', { body: who });
    await app.json('POST', '/api/auth/login', { body: { ...who, password: 'a wrong private password' } });
    await app.form('/forgot-password', { email: who.email });
    await expect.poll(() => app.mails.length).toBe(1);
    const reset = new URL(app.mails[0]?.link ?? 'http://none');
    await app.page(reset.pathname + reset.search);
    const reservation = await book(app, cast.customer, mondayAt('10:00'));
    await app.page(`/reservations/${reservation.id}`, { headers: { cookie } });
    await app.json('GET', `/api/reservations/${reservation.id}`, { as: cast.customer });
    await app.page(`/nowhere/${reservation.id}?email=${who.email}`);
    await app.json('POST', `/api/queues/${service.id}/entries`, {
      as: cast.staff,
      body: { name: 'Wanda Private', phone: '+49 30 123456' },
    });
    const log = app.lines().join('\n');
    expectSilent(log, app, [
      who.email,
      who.name,
      'private password',
      cookie.split('=')[1] as string,
      decodeURIComponent(cookie.split('=')[1] as string).split('.')[0] as string,
      reset.searchParams.get('token') as string,
      reservation.id,
      service.id,
      'Wanda Private',
      '123456',
    ]);
    expect(log).toContain('"route":"/api/reservations/:id"');
    const line = JSON.parse(app.lines()[0] as string);
    expect(line).toMatchObject({
      method: 'POST',
      route: '/api/auth/register',
      status: '201',
      ms: expect.any(Number),
    });
    expect(line.requestId).toBe(registered.headers.get('x-request-id'));
    const { registry } = app.parts.metrics;
    expectSilent(await registry.metrics(), app, [who.email, reservation.id, service.id]);
  });

  test('of a failed query tells which, and none of its values', async () => {
    const database = open();
    const app = await buildApp(database.store);
    await database.raw('ALTER TABLE verifications RENAME TO gone');
    await database.raw('ALTER TABLE answers RENAME TO gone_too');
    try {
      const email = `nora.${newId()}@example.test`;
      const who = { name: 'Nora', email, password: 'a very private password' };
      await app.json('POST', '/api/auth/register', { body: who });
      expect((await app.form('/forgot-password', { email })).status).toBe(303);
      await expect.poll(() => app.lines().join('\n')).toContain('a link could not be sent');
      expect((await app.form('/reset-password', { token: 'sesame', password: who.password })).status).toBe(
        500,
      );
      const booked = await app.json('POST', '/api/reservations', {
        as: app.cast.customer,
        headers: { 'idempotency-key': 'open-sesame' },
        body: { service_id: app.service.id, time_slot: mondayAt('10:00').toISOString() },
      });
      expect(booked.status).toBe(500);
      const log = app.lines().join('\n');
      expect(log).toContain('request failed');
      expectSilent(log, app, [email, 'sesame', 'private', app.cast.customer.id, app.service.id]);
    } finally {
      await database.raw('ALTER TABLE gone RENAME TO verifications');
      await database.raw('ALTER TABLE gone_too RENAME TO answers');
    }
  });

  function expectSilent(log: string, _app: TestApp, secrets: string[]): void {
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(4);
      expect(log).not.toContain(secret);
    }
  }
});
