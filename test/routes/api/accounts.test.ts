import { expect, test } from 'vitest';
import type { Store, Tx } from '../../../src/db/store.ts';
import { userByEmail } from '../../../src/db/users.ts';
import { DAY } from '../../../src/domain/clock.ts';
import { newId } from '../../../src/domain/id.ts';
import { buildApp, cookiesOf, openApp, type TestApp } from '../../support/app.ts';
import { onBothDatabases } from '../../support/databases.ts';

const PASSWORD = 'correct horse battery';

function newcomer(name = 'Nora Newcomer') {
  return { name, email: `nora.${newId()}@example.test`, password: PASSWORD };
}

async function registered(app: TestApp) {
  const who = newcomer();
  const answer = await app.json('POST', '/api/auth/register', { body: who });
  expect(answer.status).toBe(201);
  return { ...who, id: answer.body.data.id as string, cookie: cookiesOf(answer), answer };
}

const SIGN_UPS = 4;

/**
 * How many accounts are lost of those that are made while another change is open, which then rolls back. They are written
 * through the store's gate, or past it, into that change.
 */
async function lostBesideRollbacks(store: Store, way: 'through the gate' | 'past it'): Promise<number> {
  let change: Tx | undefined;
  let held = Promise.withResolvers<void>();
  const writingStore: Store = Object.create(store, {
    transaction: {
      value: (work: (tx: Tx) => Promise<unknown>) => {
        if (way === 'past it') return work(change as Tx);
        // Its one writer is busy, so this waits for the change to end.
        if (store.dialect === 'sqlite') held.resolve();
        return store.transaction(work);
      },
    },
  });
  const app = await buildApp(store);
  const writing = openApp({ ...app, store: writingStore });
  let lost = 0;
  for (let turn = 0; turn < SIGN_UPS; turn++) {
    const opened = Promise.withResolvers<void>();
    const over = Promise.withResolvers<never>();
    held = Promise.withResolvers<void>();
    const rolledBack = store.transaction(async (tx) => {
      change = tx;
      opened.resolve();
      await over.promise;
    });
    await opened.promise;
    const who = newcomer();
    const answer = writing.json('POST', '/api/auth/register', { body: who });
    await Promise.race([answer, held.promise]);
    over.reject(new Error('rolled back'));
    await expect(rolledBack).rejects.toThrow('rolled back');
    await answer.catch(() => undefined);
    const { email } = who;
    const login = await app.json('POST', '/api/auth/login', { body: { email, password: PASSWORD } });
    if (login.status !== 200) lost += 1;
  }
  return lost;
}

/** No part of a session or a password. */
function expectNoSecret(text: string, cookie: string, password: string): void {
  const token = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] as string;
  expect(token.length).toBeGreaterThan(20);
  expect(text).not.toContain(token);
  expect(text).not.toContain(password);
  expect(text).not.toMatch(/token|session/i);
}

onBothDatabases('POST /api/auth/register', (open) => {
  test('answers 201 with the person and a session', async () => {
    const app = await buildApp(open().store);
    const { answer, cookie, email, name } = await registered(app);
    expect(answer.body).toEqual({ data: { id: expect.any(String), name, email, role: 'user' } });
    expectNoSecret(answer.text, cookie, PASSWORD);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    const me = await app.json('GET', '/api/me', { headers: { cookie } });
    expect(me.status).toBe(200);
    expect(me.body).toEqual(answer.body);
  });

  test('takes the address in lower case and without spaces around it', async () => {
    const app = await buildApp(open().store);
    const who = newcomer();
    const { body } = await app.json('POST', '/api/auth/register', {
      body: { ...who, name: `  ${who.name} `, email: ` ${who.email.toUpperCase()} ` },
    });
    expect(body.data).toMatchObject({ name: who.name, email: who.email });
  });

  test('refuses a role, and whatever else nobody registers with', async () => {
    const app = await buildApp(open().store);
    for (const extra of [{ role: 'admin' }, { role: 'user' }, { id: newId() }, { email_verified: true }]) {
      const { status, body } = await app.json('POST', '/api/auth/register', {
        body: { ...newcomer(), ...extra },
      });
      expect(status).toBe(422);
      expect(body.error.code).toBe('invalid');
      expect(Object.keys(body.error.fields)).toEqual(Object.keys(extra));
    }
  });

  test('names every field that is wrong', async () => {
    const app = await buildApp(open().store);
    const { status, body, headers } = await app.json('POST', '/api/auth/register', {
      body: { name: ' ', email: 'nobody', password: 'short' },
    });
    expect(status).toBe(422);
    expect(body.error).toEqual({
      code: 'invalid',
      message: expect.any(String),
      fields: { name: expect.any(String), email: expect.any(String), password: expect.any(String) },
    });
    expect(headers.getSetCookie()).toEqual([]);
  });

  test('answers a known address with 422 and the field, in any case of its letters', async () => {
    const app = await buildApp(open().store);
    const { email } = await registered(app);
    for (const again of [email, email.toUpperCase()]) {
      const { status, body, headers } = await app.json('POST', '/api/auth/register', {
        body: { ...newcomer(), email: again },
      });
      expect(status).toBe(422);
      expect(body.error.code).toBe('invalid');
      expect(Object.keys(body.error.fields)).toEqual(['email']);
      expect(headers.getSetCookie()).toEqual([]);
    }
  });

  test('loses no account to a change that rolls back beside it', async () => {
    expect(await lostBesideRollbacks(open().store, 'through the gate')).toBe(0);
  });

  test('would lose each of them if it wrote past the gate', async () => {
    expect(await lostBesideRollbacks(open().store, 'past it')).toBe(SIGN_UPS);
  });

  test('leaves a connection to others while many choose passwords', async () => {
    const store = open().openAnother(6);
    const app = await buildApp(store);
    let done = 0;
    const registering = Array.from({ length: 30 }, async () => {
      expect((await app.json('POST', '/api/auth/register', { body: newcomer() })).status).toBe(201);
      done += 1;
    });
    // By now all others stand wherever they have to wait.
    await Promise.race(registering);
    await store.run(userByEmail, { email: 'somebody@example.test' });
    expect(done).toBeLessThan(10);
    await Promise.all(registering);
  });

  test('makes one account of two registrations at the same moment', async () => {
    const app = await buildApp(open().store);
    const who = newcomer();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => app.json('POST', '/api/auth/register', { body: who })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422]);
    for (const { status, body } of answers)
      if (status === 422) expect(Object.keys(body.error.fields)).toEqual(['email']);
  });
});

onBothDatabases('POST /api/auth/login', (open) => {
  test('answers 200 with the person and a session of its own', async () => {
    const app = await buildApp(open().store);
    const { id, name, email, cookie: first } = await registered(app);
    const answer = await app.json('POST', '/api/auth/login', {
      body: { email: email.toUpperCase(), password: PASSWORD },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ data: { id, name, email, role: 'user' } });
    const cookie = cookiesOf(answer);
    expect(cookie).not.toBe(first);
    expectNoSecret(answer.text, cookie, PASSWORD);
    expect((await app.json('GET', '/api/me', { headers: { cookie } })).body).toEqual(answer.body);
  });

  test('answers an unknown address and a wrong password alike', async () => {
    const app = await buildApp(open().store);
    const { email } = await registered(app);
    const wrong = await app.json('POST', '/api/auth/login', { body: { email, password: 'not this one' } });
    const unknown = await app.json('POST', '/api/auth/login', {
      body: { email: `not.${email}`, password: PASSWORD },
    });
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual({ error: { code: 'wrong_credentials', message: expect.any(String) } });
    expect(unknown.status).toBe(401);
    expect(unknown.body).toEqual(wrong.body);
    for (const { headers } of [wrong, unknown]) expect(headers.getSetCookie()).toEqual([]);
    const names = (headers: Headers) => [...headers.keys()].sort();
    expect(names(unknown.headers)).toEqual(names(wrong.headers));
  });

  test('hashes a password for an unknown address too', async () => {
    const app = await buildApp(open().store);
    const { email } = await registered(app);
    const time = async (address: string) => {
      const started = performance.now();
      await app.json('POST', '/api/auth/login', { body: { email: address, password: 'not this one' } });
      return performance.now() - started;
    };
    const known = [await time(email), await time(email), await time(email)];
    const unknown = [await time(`a${email}`), await time(`b${email}`), await time(`c${email}`)];
    // Without hashing it would be a hundredth of the time.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 4);
    expect(Math.min(...known)).toBeGreaterThan(Math.min(...unknown) / 4);
  });

  test('names the fields that are missing', async () => {
    const app = await buildApp(open().store);
    const { status, body } = await app.json('POST', '/api/auth/login', { body: {} });
    expect(status).toBe(422);
    expect(Object.keys(body.error.fields).sort()).toEqual(['email', 'password']);
  });

  test('logs nobody in who has no password', async () => {
    const app = await buildApp(open().store);
    for (const password of ['', 'null', 'undefined']) {
      const { status } = await app.json('POST', '/api/auth/login', {
        body: { email: app.cast.admin.email, password },
      });
      expect(status).toBe(password === '' ? 422 : 401);
    }
  });
});

onBothDatabases('POST /api/auth/logout', (open) => {
  test('ends the session on the server', async () => {
    const app = await buildApp(open().store);
    const { email, cookie } = await registered(app);
    const other = cookiesOf(
      await app.json('POST', '/api/auth/login', { body: { email, password: PASSWORD } }),
    );
    const answer = await app.json('POST', '/api/auth/logout', { headers: { cookie } });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ data: expect.objectContaining({ email, role: 'user' }) });
    expect(answer.headers.getSetCookie().join()).toMatch(/session_token=;.*Max-Age=0/i);
    expect((await app.json('GET', '/api/me', { headers: { cookie } })).status).toBe(401);
    expect((await app.json('GET', '/api/me', { headers: { cookie: other } })).status).toBe(200);
  });

  test('is a quiet no-op without a session, or with one that is over', async () => {
    const app = await buildApp(open().store);
    const { cookie } = await registered(app);
    for (const headers of [{}, { cookie }, { cookie }, { cookie: 'now-serving.session_token=nonsense' }])
      expect((await app.json('POST', '/api/auth/logout', { headers: headers as never })).status).toBe(200);
  });
});

onBothDatabases('a session', (open) => {
  test('is kept from scripts and other sites, and over TLS alone where the site is', async () => {
    const app = await buildApp(open().store);
    const secure = openApp(app, { env: { BASE_URL: 'https://queue.example' } });
    const [plainCookie] = (await registered(app)).answer.headers.getSetCookie();
    expect(plainCookie).toMatch(/^now-serving\.session_token=/);
    expect(plainCookie).toMatch(/; HttpOnly/i);
    expect(plainCookie).toMatch(/; SameSite=Lax/i);
    expect(plainCookie).toMatch(/; Path=\//i);
    expect(plainCookie).toMatch(/; Max-Age=2592000/i);
    expect(plainCookie).not.toMatch(/; Secure|; Domain/i);
    const { cookie, answer } = await registered(secure);
    for (const line of answer.headers.getSetCookie()) {
      expect(line).toMatch(/^__Secure-now-serving\./);
      expect(line).toMatch(/; Secure/i);
      expect(line).toMatch(/; HttpOnly/i);
    }
    expect((await secure.json('GET', '/api/me', { headers: { cookie } })).status).toBe(200);
  });

  test('is over after thirty days', async () => {
    const app = await buildApp(open().store);
    const { cookie } = await registered(app);
    const me = async () => (await app.json('GET', '/api/me', { headers: { cookie } })).status;
    // Better Auth reads the machine's own clock when it makes the session.
    app.clock.set(new Date(Date.now() + 30 * DAY - 60_000));
    expect(await me()).toBe(200);
    app.clock.set(new Date(Date.now() + 30 * DAY + 60_000));
    expect(await me()).toBe(401);
  });

  test('counts only with our signature', async () => {
    const app = await buildApp(open().store);
    const { cookie } = await registered(app);
    const [name, value = ''] = cookie.split('=');
    const [token = '', signature = ''] = decodeURIComponent(value).split('.');
    const forged = [
      token,
      `${token}.`,
      `${token}.${signature.slice(0, -4)}AAA=`,
      `${token}x.${signature}`,
      `.${signature}`,
      '%E0%A4%A',
      '',
    ];
    for (const value of forged) {
      const answer = await app.json('GET', '/api/me', { headers: { cookie: `${name}=${value}` } });
      expect(answer.status, value).toBe(401);
    }
    expect(
      (await app.json('GET', '/api/me', { headers: { cookie: `other=1; ${cookie}; more=2` } })).status,
    ).toBe(200);
  });
});

onBothDatabases('GET /api/me', (open) => {
  test('answers whoever asks, and nobody with 401', async () => {
    const app = await buildApp(open().store);
    for (const person of [app.cast.customer, app.cast.staff, app.cast.admin]) {
      const { locationIds: _, ...data } = person;
      expect((await app.json('GET', '/api/me', { as: person })).body).toEqual({ data });
    }
    const { status, body, headers } = await app.json('GET', '/api/me');
    expect(status).toBe(401);
    expect(body).toEqual({ error: { code: 'unauthenticated', message: expect.any(String) } });
    // Answered like a page it would be a redirect, which no program can read.
    expect(headers.get('location')).toBeNull();
  });
});

onBothDatabases('a sign-up that breaks off', (open) => {
  const breaking = {
    sqlite: [
      `CREATE TRIGGER broken BEFORE INSERT ON accounts BEGIN SELECT RAISE(ABORT, 'broken'); END`,
      'DROP TRIGGER broken',
    ],
    postgres: [
      `CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
       CREATE TRIGGER broken BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION broken()`,
      'DROP TRIGGER broken ON accounts',
    ],
  } as const;

  test('leaves nothing of the account, which can be made again', async () => {
    const app = await buildApp(open().store);
    const [breakIt, mendIt] = breaking[app.store.dialect];
    const who = newcomer();
    await open().raw(breakIt);
    const broken = await app.json('POST', '/api/auth/register', { body: who });
    expect(broken.status).toBeGreaterThanOrEqual(500);
    await open().raw(mendIt);
    expect(await app.store.run(userByEmail, { email: who.email })).toEqual([]);
    expect((await app.json('POST', '/api/auth/register', { body: who })).status).toBe(201);
    expect((await app.json('POST', '/api/auth/login', { body: who })).status).toBe(200);
  });
});
