import { expect, test } from 'vitest';
import { ensureAdmin } from '../../src/auth/auth.ts';
import type { Store } from '../../src/db/store.ts';
import { userByEmail } from '../../src/db/users.ts';
import { newId } from '../../src/domain/id.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { buildScene } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

const PASSWORD = 'correct horse battery';

onBothDatabases('the first admin', (open) => {
  /** A program with nobody in its database who is an admin. */
  async function nobodyYet(): Promise<TestApp> {
    const scene = await buildScene(open().store);
    await open().raw("UPDATE users SET role = 'user'");
    return openApp(scene);
  }

  async function roleOf(store: Store, email: string): Promise<string | undefined> {
    return (await store.run(userByEmail, { email }))[0]?.role;
  }

  function ensure({ auth, store, clock }: TestApp, email: string, password = PASSWORD): Promise<boolean> {
    return ensureAdmin(auth, store, clock, { email, password });
  }

  test('is made once, and can log in', async () => {
    const app = await nobodyYet();
    const email = `boss.${newId()}@example.test`;
    expect(await ensure(app, email.toUpperCase())).toBe(true);
    expect(await ensure(app, email)).toBe(true);
    expect(await roleOf(app.store, email)).toBe('admin');
    expect((await app.json('POST', '/api/auth/login', { body: { email, password: PASSWORD } })).status).toBe(
      200,
    );
  });

  test('is one, however many instances start at once', async () => {
    const app = await nobodyYet();
    const email = `boss.${newId()}@example.test`;
    await Promise.all([ensure(app, email), ensure(app, email), ensure(app, email)]);
    expect(await roleOf(app.store, email)).toBe('admin');
  });

  test('gets the role at the next start, when the first was cut off before it', async () => {
    const app = await nobodyYet();
    const email = `boss.${newId()}@example.test`;
    await app.json('POST', '/api/auth/register', { body: { name: 'Admin', email, password: PASSWORD } });
    expect(await ensure(app, email)).toBe(true);
    expect(await roleOf(app.store, email)).toBe('admin');
  });

  test('is not whoever had the address before, with a password of their own', async () => {
    const app = await nobodyYet();
    const email = `boss.${newId()}@example.test`;
    await app.json('POST', '/api/auth/register', { body: { name: 'Nora', email, password: PASSWORD } });
    expect(await ensure(app, email, 'another password')).toBe(false);
    expect(await roleOf(app.store, email)).toBe('user');
  });

  test('stays without the role that another admin took away', async () => {
    const app = await nobodyYet();
    const email = `boss.${newId()}@example.test`;
    await ensure(app, email);
    await ensure(app, `other.${newId()}@example.test`);
    await open().raw(`UPDATE users SET role = 'user' WHERE email = '${email}'`);
    await open().raw(`UPDATE users SET role = 'admin' WHERE email LIKE 'other.%'`);
    expect(await ensure(app, email)).toBe(true);
    expect(await roleOf(app.store, email)).toBe('user');
  });
});
