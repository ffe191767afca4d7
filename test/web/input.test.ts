import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, buildApp, sessionCookie, type TestApp } from '../support/app.ts';
import { mondayAt } from '../support/builders.ts';
import { onBothDatabases, SOAK, useDatabase } from '../support/databases.ts';

const LIMIT = 64 * 1024;

onBothDatabases('a body', (open) => {
  const post = (app: TestApp, body: string | Uint8Array, type = 'application/json') =>
    app.json('POST', `/api/queues/${app.service.id}/entries`, {
      as: app.cast.staff,
      body,
      headers: { 'content-type': type },
    });

  test('is read with any parameters of its type, and in any case', async () => {
    const app = await buildApp(open().store);
    for (const type of [
      'application/json; charset=utf-8',
      'Application/JSON',
      'application/json;charset=UTF-8',
    ])
      expect((await post(app, '{"name":"Wanda"}', type)).status, type).toBe(201);
    const form = 'application/x-www-form-urlencoded;charset=UTF-8';
    expect((await post(app, 'name=Wanda', form)).status).toBe(201);
  });

  test('as large as allowed is read, a byte more is not', async () => {
    const app = await buildApp(open().store);
    const filled = (size: number) => `{"name":"Wanda","x":"${'y'.repeat(size - 23)}"}`;
    expect(filled(LIMIT)).toHaveLength(LIMIT);
    expect((await post(app, filled(LIMIT))).status).toBe(201);
    const { status, body } = await post(app, filled(LIMIT + 1));
    expect(status).toBe(413);
    expect(body).toEqual({ error: { code: 'too_large', message: expect.any(String) } });
  });

  test('of more fields than any form has is refused at once, without naming them all', async () => {
    const app = await buildApp(open().store);
    const names = Array.from({ length: 12_000 }, (_, index) => index.toString(36).padStart(3, 'x'));
    const form = names.map((name) => `${name}=1`).join('&');
    const json = JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])));
    for (const [body, type] of [
      [form, 'application/x-www-form-urlencoded'],
      [json.slice(0, LIMIT).replace(/,[^,]*$/, '}'), 'application/json'],
    ] as const) {
      const { status, text } = await post(app, body, type);
      expect([status, text.length < 200], type).toEqual([413, true]);
    }
    const few = names.slice(0, 490).map((name) => `${name}=1`);
    expect((await post(app, `name=Wanda&${few.join('&')}`, 'application/x-www-form-urlencoded')).status).toBe(
      201,
    );
  });

  test('nested without end is refused, and nothing breaks', async () => {
    const app = await buildApp(open().store);
    const depth = 30_000;
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = open === '[' ? depth : 10_000;
      const bomb = `${open.repeat(deep)}1${close.repeat(deep)}`;
      const { status } = await post(app, `{"name":${bomb}}`);
      expect([400, 422], open).toContain(status);
    }
  });

  test('cannot reach the prototype of anything', async () => {
    const app = await buildApp(open().store);
    const text =
      '{"name":"Wanda","__proto__":{"priority":2,"polluted":1},"constructor":{"prototype":{"polluted":1}},"_proto_":1}';
    const { status, body } = await post(app, text);
    expect(status).toBe(201);
    expect(body.data.effective_at).toBe(body.data.due_at);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const register = await app.json('POST', '/api/auth/register', {
      body: '{"name":"P","email":"p@example.test","password":"0123456789","__proto__":{"role":"admin"}}',
    });
    expect(register.status).toBe(422);
    const form = 'application/x-www-form-urlencoded';
    expect((await post(app, 'name=Wanda&__proto__=x&constructor=y&toString=z', form)).status).toBe(201);
  });

  test('with a field twice: the last of JSON, in a form no single value', async () => {
    const app = await buildApp(open().store);
    const json = await post(app, '{"name":"One","name":"Two"}');
    expect(json.body.data.name).toBe('Two');
    const form = await post(app, 'name=One&name=Two', 'application/x-www-form-urlencoded');
    expect(form.status).toBe(422);
    expect(Object.keys(form.body.error.fields)).toEqual(['name']);
  });

  test('of JSON that calls itself a form is refused, for it would say nothing', async () => {
    const app = await buildApp(open().store);
    for (const body of ['{"name":"Wanda"}', ' [1]'])
      expect((await post(app, body, 'application/x-www-form-urlencoded')).status, body).toBe(400);
  });

  test('that is not UTF-8 is refused, and odd text is kept as it is', async () => {
    const app = await buildApp(open().store);
    const broken = Buffer.concat([
      Buffer.from('{"name":"'),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from('"}'),
    ]);
    expect((await post(app, new Uint8Array(broken))).status).toBe(400);
    for (const name of [
      'Ωmega 漢字 🙂',
      'e\u0301',
      'नमस्\u200dते',
      "O'Hara; DROP TABLE users;--",
      '%00',
      '\\u0000',
    ]) {
      const { status, body } = await post(app, JSON.stringify({ name }));
      expect(status, name).toBe(201);
      expect(body.data.name).toBe(name);
    }
    for (const [name, kept] of [
      ['\u202eevil', 'evil'],
      ['\u200bWan\u00adda\ufeff', 'Wanda'],
    ])
      expect((await post(app, JSON.stringify({ name }))).body.data.name).toBe(kept);
    const lone = await post(app, '{"name":"\\ud800"}');
    expect([201, 422]).toContain(lone.status);
    for (const name of ['a\u0000b', '\u0007', 'a\r\nb', '\u200b', ' \u200d\u200c '])
      expect((await post(app, JSON.stringify({ name }))).status).toBe(422);
  });

  test('of broken percent-encoding is a form all the same', async () => {
    const app = await buildApp(open().store);
    const form = 'application/x-www-form-urlencoded';
    const { status, body } = await post(app, 'name=100%+%zz', form);
    expect(status).toBe(201);
    expect(body.data.name).toBe('100% %zz');
    // What it encodes has to be text, as it has in JSON.
    for (const raw of ['name=%ff', 'name=%E0%A4%A', '%ff=Wanda&name=Wanda'])
      expect((await post(app, raw, form)).status, raw).toBe(400);
    expect((await post(app, 'name=%EF%BF%BD', form)).body.data.name).toBe('\ufffd');
  });

  test('of a NUL in any field of any form is refused, not failed on', async () => {
    const app = await buildApp(open().store);
    const nul = 'a\u0000b';
    const calls: [string, object][] = [
      ['/api/auth/login', { email: `${nul}@example.test`, password: nul }],
      ['/api/auth/login', { email: 'x@example.test', password: nul }],
      ['/api/auth/register', { name: nul, email: nul, password: 'long enough' }],
      ['/api/services', { name: nul, description: nul, duration_minutes: nul, what_to_bring: nul }],
      ['/api/reservations', { service_id: nul, time_slot: nul }],
      [`/api/queues/${app.service.id}/entries`, { name: 'Bo', phone: nul }],
      [`/api/queues/${app.service.id}/advance`, { desk_id: nul, serving: nul }],
    ];
    for (const [path, body] of calls) {
      const { status } = await app.json('POST', path, { as: app.cast.admin, body });
      expect([401, 422], path).toContain(status);
    }
    for (const path of ['/login', '/register', '/forgot-password', '/reset-password', '/account/password']) {
      const { status } = await app.form(
        path,
        { name: nul, email: nul, password: 'long enough', current_password: nul, token: nul, next: nul },
        { as: app.cast.customer },
      );
      expect(status, path).toBe(422);
    }
  });

  test('of whatever JSON there is never breaks the program', async () => {
    const app = await buildApp(open().store);
    const fields = fc.dictionary(
      fc.constantFrom('name', 'phone', 'priority', 'idempotency_key', '__proto__', 'toString', 'x'),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(fields, async (body) => {
        const { status } = await app.json('POST', `/api/queues/${app.service.id}/entries`, {
          as: app.cast.staff,
          body,
        });
        expect([201, 422]).toContain(status);
      }),
      { numRuns: SOAK ? 1_000 : 60 },
    );
    const role = fc.dictionary(
      fc.constantFrom('name', 'email', 'role', 'constructor', 'toString'),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(role, async (body) => {
        const answer = await app.json('POST', '/api/auth/register', { body });
        expect(answer.status).toBe(422);
        expect(Object.keys(answer.body.error.fields).length).toBeGreaterThan(0);
      }),
      { numRuns: SOAK ? 1_000 : 60 },
    );
  });
});

describe('over a socket', () => {
  const database = useDatabase('sqlite');
  let app: TestApp;
  let server: ServerType;
  let port: number;
  let cookie: string;

  beforeAll(async () => {
    app = await buildApp(database().store);
    cookie = await sessionCookie(app.store, app.cast.staff);
    await new Promise<void>((resolve) => {
      server = serve({ fetch: app.app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve());
    });
    port = (server.address() as AddressInfo).port;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const entries = () => `/api/queues/${app.service.id}/entries`;

  /** Sends the chunks as `Transfer-Encoding: chunked`, without a length. */
  function chunked(chunks: string[]): Promise<Pick<Answer, 'status' | 'text'>> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          port,
          host: '127.0.0.1',
          path: entries(),
          method: 'POST',
          headers: { cookie, 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        },
      );
      request.on('error', reject);
      for (const chunk of chunks) request.write(chunk);
      request.end();
    });
  }

  /** Sends bytes as they are and reads until the server is silent or hangs up. */
  function raw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.end(text));
      socket.setEncoding('utf8').on('data', (part: string) => {
        answer += part;
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });
  }

  test('a body in chunks is read, and cut off at the limit', async () => {
    const small = await chunked(['{"name":', '"Wa', 'nda"}']);
    expect(small.status).toBe(201);
    const large = await chunked(['{"name":"', ...Array.from({ length: 80 }, () => 'x'.repeat(1024)), '"}']);
    expect(large.status).toBe(413);
    expect(JSON.parse(large.text).error.code).toBe('too_large');
  });

  test('a body announced as too large is refused before it is sent', async () => {
    const answer = await raw(
      `POST ${entries()} HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n{`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('nonsense and smuggling are refused by the parser', async () => {
    for (const head of [
      'Content-Length: -1',
      'Content-Length: 5\r\nTransfer-Encoding: chunked',
      'Content-Length: 5\r\nContent-Length: 6',
    ]) {
      const answer = await raw(`POST ${entries()} HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n{}`);
      expect(answer, head).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect(await raw('GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw('GET /services/a\u0000b HTTP/1.1\r\nHost: localhost\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(await raw(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 4(14|31) /,
    );
  });

  test('a Host of somebody else is no matching Origin of ours', async () => {
    const send = (headers: string) =>
      raw(`POST /api/auth/logout HTTP/1.1\r\n${headers}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    expect(await send(`Host: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}`)).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    expect(await send(`Host: 127.0.0.1:${port}\r\nOrigin: http://localhost`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await send(`Host: 127.0.0.1:${port}\r\nOrigin: http://evil.example`)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await send(`Host: 127.0.0.1:${port}\r\nOrigin: null`)).toMatch(/^HTTP\/1\.1 403 /);
    const old = await raw('POST /api/auth/logout HTTP/1.0\r\nOrigin: null\r\nContent-Length: 0\r\n\r\n');
    expect(old).toMatch(/^HTTP\/1\.[01] 40[03] /);
  });

  test('a path of odd encodings is a page that is not there', async () => {
    for (const path of [
      '/%E0%A4%A',
      '/services/%ff',
      '/%00',
      '/services/%2e%2e%2f',
      '//evil.example',
      '/%2f%2fevil.example',
    ])
      expect(
        (await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)).slice(0, 13),
        path,
      ).toBe('HTTP/1.1 404 ');
  });

  test('an absolute target and a fixed slot are served as ever', async () => {
    const answer = await raw(
      `GET http://localhost/api/services/${app.service.id}/slots?date=2026-03-02 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain(mondayAt('09:00').toISOString());
  });
});
