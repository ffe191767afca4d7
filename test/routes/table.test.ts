import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.tsx';
import { newId } from '../../src/domain/id.ts';
import type { Actor } from '../../src/domain/roles.ts';
import { type Answer, type Asking, buildApp, type TestApp } from '../support/app.ts';
import { onBothDatabases } from '../support/databases.ts';
import { ASKERS, type Asker, formFields, ROWS, type Row } from './table.ts';

const SERVICE = { capacity: 1_000, checkInBeforeMinutes: 1_440, checkInAfterMinutes: 1_440 };
const HEADERS = {
  'content-security-policy': expect.stringContaining("default-src 'none'"),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': expect.any(String),
  'x-request-id': expect.any(String),
};
const UNSAFE = ROWS.filter(({ route }) => !route.startsWith('GET '));
/** They read a body, and an admin comes as far as that. */
const READING = UNSAFE.filter(({ bodyless }) => !bodyless);

test('every route of the program has a row, and every row a route', () => {
  const { routes } = createApp({ config: { baseUrl: 'http://localhost' } } as never);
  // What counts for all methods is wired before the routes.
  const found = routes.flatMap(({ method, path }) => (method === 'ALL' ? [] : [`${method} ${path}`]));
  expect([...new Set(found)].sort()).toEqual(ROWS.map(({ route }) => route).sort());
});

onBothDatabases('the table of routes', (open) => {
  test('every path is found by the fast router', async () => {
    // It cannot tell a fixed name from a parameter in the same place; then all of them would be looked for by a slower one.
    const app = await buildApp(open().store);
    await app.page('/healthz');
    expect(app.app.router.name).toBe('SmartRouter + RegExpRouter');
  });

  test.each(ROWS)('$route answers each role', async (row) => {
    const app = await buildApp(open().store, { service: SERVICE });
    for (const [index, asker] of ASKERS.entries()) {
      const answer = await ask(app, row, { as: actorOf(app, asker) });
      expect(said(answer), `${asker}: ${answer.text.slice(0, 300)}`).toBe(row.answers[index]);
      expect(Object.fromEntries(answer.headers)).toMatchObject(HEADERS);
      expectNoLeak(row, answer);
    }
  });

  test.each(UNSAFE)('$route does nothing for another site', async (row) => {
    const app = await buildApp(open().store, { service: SERVICE });
    const path = await row.path(app);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost.evil.example' },
      { origin: 'http://localhost:81' },
      { origin: '' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ]) {
      const answer = await ask(app, { ...row, path: () => path }, { as: app.cast.admin, headers });
      expect(answer.status, JSON.stringify(headers)).toBe(403);
      expect(answer.text).toContain(isApi(row) ? '"foreign_origin"' : '<!DOCTYPE html>');
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    for (const headers of [
      { origin: 'http://localhost' },
      { origin: 'http://localhost', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      {},
    ]) {
      const answer = await ask(app, { ...row, path: () => path }, { as: app.cast.admin, headers });
      expect(answer.status, JSON.stringify(headers)).not.toBe(403);
      expect(answer.status).toBeLessThan(500);
    }
  });

  test.each(READING)('$route checks who asks before it reads, and reads before it does', async (row) => {
    const app = await buildApp(open().store, { service: SERVICE });
    const path = await row.path(app);
    const huge = { fields: undefined, raw: 'x'.repeat(64 * 1024 + 1) };
    for (const [index, asker] of ASKERS.entries()) {
      const expected = row.answers[index];
      const answer = await ask(app, { ...row, path: () => path }, { as: actorOf(app, asker) }, huge.raw);
      const refused = expected === 'login' || expected === 401 || expected === 403 || expected === 404;
      const loginItself = /\/login$/.test(row.route);
      const wanted = refused && !loginItself ? expected : 413;
      // A visitor who books or moves is asked to log in after the slot was read, so that it is kept.
      const late =
        row.route === 'POST /services/:slug/reservations' ||
        (row.route === 'POST /reservations/:id/reschedule' && asker === 'visitor');
      if (late) expect(answer.status).toBe(413);
      else expect(said(answer), asker).toBe(wanted);
    }
    for (const [type, body] of [
      ['application/json', '{"a":'],
      ['application/json', '[1]'],
      ['application/json', '"text"'],
      ['application/json', 'null'],
      ['application/json', ''.padEnd(3, ' ')],
      ['application/xml', '<a/>'],
      ['text/plain', '{}'],
      ['multipart/form-data; boundary=x', '--x--'],
      ['', 'a=b'],
    ] as const) {
      const answer = await ask(
        app,
        { ...row, path: () => path },
        { as: app.cast.admin, headers: { 'content-type': type } },
        body,
      );
      expect(answer.status, `${type} ${body}`).toBe(400);
      if (isApi(row))
        expect(answer.body).toEqual({ error: { code: 'unreadable', message: expect.any(String) } });
    }
  });

  const withId = ROWS.filter(({ route }) => /\/:(id|slug)(\/|$)/.test(route));
  test.each(withId)('$route answers 404 to what is not there', async (row) => {
    const app = await buildApp(open().store, { service: SERVICE });
    const pattern = row.route.split(' ')[1] as string;
    for (const id of [newId(), 'x', '0', '%00', '%27%22%3E', 'a%00b', '%E0%A4%A', '%ff', `${newId()}%0a`]) {
      const path = pattern.replace(/:(id|slug)/g, id);
      const answer = await ask(app, { ...row, path: () => path }, { as: app.cast.admin });
      // A body that lacks a field would be refused after that.
      expect(answer.status, path).toBe(404);
      expect(Object.fromEntries(answer.headers)).toMatchObject(HEADERS);
    }
  });

  const patterns = [...Map.groupBy(ROWS, ({ route }) => route.split(' ')[1] as string)];
  test.each(patterns)('%s answers other methods with 405 and the ones it has', async (_pattern, rows) => {
    const app = await buildApp(open().store, { service: SERVICE });
    const path = await (rows[0] as Row).path(app);
    const allowed = methodsAt(path);
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      if (allowed.includes(method)) continue;
      const answer = await app.json(method, path, { as: app.cast.admin });
      // Where only a form is sent to, whoever opens the address sees the page of the form.
      if (method === 'GET' && !isApi(rows[0] as Row)) {
        const page = answer.headers.get('location') ?? '';
        expect([answer.status, methodsAt(page).includes('GET')]).toEqual([303, true]);
        expect(path === page || page === '/' || path.startsWith(`${page}/`)).toBe(true);
        continue;
      }
      expect(answer.status, method).toBe(405);
      const allow = answer.headers.get('allow')?.split(', ') ?? [];
      expect(allow.filter((each) => each !== 'HEAD').sort()).toEqual([...allowed].sort());
      expect(Object.fromEntries(answer.headers)).toMatchObject(HEADERS);
    }
  });

  const reads = ROWS.filter(({ route }) => route.startsWith('GET '));
  test.each(reads)('$route answers HEAD like GET, without a body', async (row) => {
    const app = await buildApp(open().store, { service: SERVICE });
    const path = await row.path(app);
    const get = await ask(app, { ...row, path: () => path }, { as: app.cast.admin });
    const head = await app.json('HEAD', path, { as: app.cast.admin });
    expect(head.status).toBe(get.status);
    expect(head.text).toBe('');
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
  });
});

describe('the table itself', () => {
  test('names each route once', () => {
    expect(new Set(ROWS.map(({ route }) => route)).size).toBe(ROWS.length);
  });
});

/** The methods of every pattern that a path fits. */
function methodsAt(path: string): string[] {
  const fitting = ROWS.map(({ route }) => route.split(' ') as [string, string]).filter(([, pattern]) =>
    new RegExp(`^${pattern.replaceAll('.', '\\.').replace('*', '.+').replace(/:\w+/g, '[^/]+')}$`).test(
      path.split('?')[0] as string,
    ),
  );
  return [...new Set(fitting.map(([method]) => method))];
}

function actorOf(app: TestApp, asker: Asker): Actor {
  return asker === 'visitor' ? null : app.cast[asker];
}

function isApi({ route }: Row): boolean {
  return / \/api\/(?!docs$)/.test(route);
}

/** Asks as the clients of that route do: a program in JSON, a browser with a form. */
async function ask(app: TestApp, row: Row, asking: Asking, raw?: string): Promise<Answer> {
  const [method = ''] = row.route.split(' ');
  const path = await row.path(app);
  if (isApi(row)) return app.json(method, path, { ...asking, body: raw ?? (await row.fields?.(app)) });
  if (method === 'GET') return app.page(path, asking);
  if (raw === undefined) return app.form(path, formFields((await row.fields?.(app)) ?? {}), asking);
  const type = { 'content-type': 'application/x-www-form-urlencoded', ...asking.headers };
  return app.json(method, path, { ...asking, headers: type, body: raw });
}

function said({ status, headers }: Answer): number | 'login' {
  return status === 303 && headers.get('location')?.startsWith('/login') ? 'login' : status;
}

/** An error tells what a person or a program can use, and nothing of the inside. */
function expectNoLeak(row: Row, { status, text, body }: Answer): void {
  if (status < 400) return;
  expect(text).not.toMatch(/node_modules|\.tsx?:|SELECT |INSERT |[Dd]rizzle|[Bb]etter.?[Aa]uth/);
  if (!isApi(row)) return;
  expect(Object.keys(body)).toEqual(['error']);
  expect(body.error).toMatchObject({ code: expect.any(String), message: expect.stringMatching(/\w.*\.$/) });
}
