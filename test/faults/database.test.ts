import { expect, inject, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { type Answer, buildApp, openApp } from '../support/app.ts';
import { mondayAt } from '../support/builders.ts';
import { openDatabase } from '../support/databases.ts';
import { forwardTo } from '../support/forwarder.ts';
import { endWaiting, holdMigrations, whoWaits } from '../support/migrating.ts';
import { createDatabase, dropDatabase } from '../support/postgres.ts';
import { startServer } from '../support/server.ts';

function expectBusy(what: string, answer: Answer): void {
  expect(answer.status, what).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  if (answer.body) expect(answer.body).toEqual({ error: { code: 'busy', message: expect.any(String) } });
}

test('a database that goes away is told as 503 everywhere, and all is well once it is back', async () => {
  const database = await openDatabase('postgres');
  const way = await forwardTo(database.url);
  await way.open();
  const store = openStore({ url: way.url, poolSize: 4, onIdleError: () => undefined });
  try {
    const scene = await buildApp(store, { service: { capacity: 50 } });
    const app = openApp({ ...scene, store });
    const { cast, service } = app;
    const who = { name: 'Nora', email: 'nora.newcomer@example.test', password: 'long enough for us' };
    const cookie = (await app.json('POST', '/api/auth/register', { body: who })).headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const book = (time: string) =>
      app.json('POST', '/api/reservations', {
        headers: { cookie, 'idempotency-key': `at-${time}` },
        body: { service_id: service.id, time_slot: mondayAt(time).toISOString() },
      });
    expect((await book('09:00')).status).toBe(201);
    for (let round = 0; round < 3; round++) {
      await way.cut();
      const time = `1${round}:00`;
      expect((await app.page('/healthz')).status).toBe(200);
      const ready = await app.page('/readyz');
      expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '2']);
      expectBusy('book', await book(time));
      expectBusy('/', await app.page('/'));
      expectBusy('/reservations', await app.page('/reservations', { headers: { cookie } }));
      expectBusy('/api/services', await app.json('GET', '/api/services'));
      expectBusy('/api/me', await app.json('GET', '/api/me', { headers: { cookie } }));
      expectBusy(
        '/api/auth/login',
        await app.json('POST', '/api/auth/login', { body: { email: who.email, password: who.password } }),
      );
      expectBusy(
        '/api/auth/register',
        await app.json('POST', '/api/auth/register', { body: { ...who, email: `n${round}@example.test` } }),
      );
      expectBusy('/login', await app.form('/login', { email: who.email, password: who.password }));
      expectBusy('/logout', await app.form('/logout', {}, { headers: { cookie } }));
      expectBusy('/api/auth/logout', await app.json('POST', '/api/auth/logout', { headers: { cookie } }));
      expectBusy('/forgot-password', await app.form('/forgot-password', { email: who.email }));
      expect((await app.page(app.parts.assets.url('app.css'))).status).toBe(200);
      await way.open();
      expect((await app.page('/readyz')).status).toBe(200);
      // The 503 was not kept under the key.
      expect((await book(time)).status).toBe(201);
      expect((await app.json('GET', `/api/queues/${service.id}`, { as: cast.admin })).status).toBe(200);
    }
    const login = await app.json('POST', '/api/auth/login', {
      body: { email: who.email, password: who.password },
    });
    expect(login.status).toBe(200);
    expect(app.lines().join('\n')).not.toContain(who.email);
  } finally {
    await store.close().catch(() => undefined);
    await way.cut();
    await database.close();
  }
}, 60_000);

test('a start waits for a database that comes up later', async () => {
  const admin = inject('postgresUrl');
  const url = await createDatabase(admin);
  const way = await forwardTo(url);
  try {
    const starting = startServer({ database: 'postgres', databaseUrl: way.url, env: { DEMO: '0' } });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await way.open();
    const server = await starting;
    expect((await fetch(`${server.url}/api/services`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  } finally {
    await way.cut();
    await dropDatabase(admin, url);
  }
}, 120_000);

test('a start waits for one that migrates for long, and goes on when PostgreSQL is stopped meanwhile', async () => {
  const admin = inject('postgresUrl');
  const url = await createDatabase(admin);
  const letGo = await holdMigrations(url);
  try {
    const starting = startServer({ database: 'postgres', databaseUrl: url, env: { DEMO: '0' } });
    await whoWaits(url);
    // Longer than one try waits for the lock.
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    await endWaiting(url);
    await letGo();
    const server = await starting;
    expect(server.log()).toContain('canceling statement due to lock timeout');
    expect(server.log()).toContain('terminating connection');
    expect(await server.stop()).toBe(0);
  } finally {
    await letGo();
    await dropDatabase(admin, url);
  }
}, 120_000);

test('a program whose database says nothing any more still ends when it is told to', async () => {
  const admin = inject('postgresUrl');
  const url = await createDatabase(admin);
  const way = await forwardTo(url);
  try {
    await way.open();
    const env = { DEMO: '0', SHUTDOWN_SECONDS: '1' };
    const server = await startServer({ database: 'postgres', databaseUrl: way.url, env });
    const hangUp = way.silence();
    const asked = fetch(`${server.url}/readyz`).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const told = performance.now();
    expect(await server.stop()).toBe(0);
    const took = performance.now() - told;
    expect(await asked).toBeUndefined();
    // It waited for the database, but for no answer of it: that would come after twelve seconds.
    expect(took).toBeGreaterThan(4_000);
    expect(took).toBeLessThan(10_000);
    hangUp();
  } finally {
    await way.cut();
    await dropDatabase(admin, url);
  }
}, 60_000);
