import { Validator } from '@seriousme/openapi-schema-validator';
import type { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { createApp } from '../../../src/app.tsx';
import { createAuth, hashPassword } from '../../../src/auth/auth.ts';
import { createLimits } from '../../../src/auth/limits.ts';
import type { RefusalCode } from '../../../src/domain/errors.ts';
import { newId } from '../../../src/domain/id.ts';
import type { Person } from '../../../src/domain/roles.ts';
import { VERBS } from '../../../src/domain/ticket.ts';
import { createLog } from '../../../src/log.ts';
import { projectRoot } from '../../../src/root.ts';
import { loadAssets } from '../../../src/web/assets.ts';
import type { Env } from '../../../src/web/env.ts';
import { camelKeys } from '../../../src/web/input.ts';
import { ERROR_CODES, errorSchema } from '../../../src/web/json.ts';
import { createMetrics } from '../../../src/web/metrics.ts';
import { codesOf, describeApi, OPERATIONS, statusOfCode } from '../../../src/web/openapi/index.ts';
import type { Operation } from '../../../src/web/openapi/operation.ts';
import { type ApiAnswer, type ApiSchema, resolve } from '../../../views/api/document.ts';
import { en } from '../../../views/text/en.ts';
import {
  alterService,
  buildScene,
  buildService,
  MONDAY,
  mondayAt,
  reload,
  type Scene,
} from '../../support/builders.ts';
import { useDatabase } from '../../support/databases.ts';

const BASE_URL = 'http://localhost:3000';
/** These two are the description. */
const DESCRIPTION = ['GET /api/openapi.json', 'GET /api/docs'];

const open = useDatabase('sqlite');
const document = describeApi(BASE_URL);

function partsOf(clock: () => Date) {
  const { store } = open();
  const config = {
    baseUrl: BASE_URL,
    authSecret: 'x'.repeat(32),
    trustedProxies: { isTrusted: () => false },
  };
  return {
    store,
    hub: {} as never,
    clock,
    config: { ...config, metricsToken: undefined } as never,
    auth: createAuth({ store, config, clock, sendResetLink: () => undefined, log: () => undefined }),
    limits: createLimits(),
    assets: loadAssets(projectRoot),
    log: createLog('silent'),
    metrics: createMetrics(),
    ready: async () => true,
  };
}

const appAt = (clock = () => MONDAY) => createApp(partsOf(clock));

describe('the document', () => {
  test('is valid OpenAPI', async () => {
    const result = await new Validator().validate(structuredClone(document) as never);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  test('describes every route under /api, and nothing else', () => {
    const routes = appAt()
      .routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
      .filter((route) => !DESCRIPTION.includes(route));
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.length).toBeGreaterThan(20);
    expect(described.toSorted()).toEqual([...new Set(routes)].toSorted());
  });

  test('gives every field a meaning, and no text is left over', () => {
    const used = new Set<string>();
    const missing: string[] = [];
    const look = (owner: string, { properties = {}, items }: ApiSchema) => {
      if (items) look(owner, items);
      for (const [name, property] of Object.entries(properties)) {
        const key = `${owner}.${name}` in en.api.fields ? `${owner}.${name}` : name;
        if (property.description === en.api.fields[key]) used.add(key);
        if (!property.description) missing.push(`${owner}.${name}`);
        look(owner, property);
      }
    };
    for (const [name, schema] of Object.entries(document.components.schemas)) look(name, schema);
    for (const { id, formName, method, path, status } of OPERATIONS) {
      const operation = document.paths[path]?.[method];
      const answer = operation?.responses[status] as ApiAnswer;
      look(formName ?? id, operation?.requestBody?.content['application/json']?.schema ?? {});
      look(id, answer.content?.['application/json']?.schema ?? {});
    }
    expect(missing).toEqual([]);
    expect(Object.keys(en.api.fields).filter((key) => !used.has(key))).toEqual([]);
    expect(Object.keys(en.api.objects).toSorted()).toEqual(
      Object.keys(document.components.schemas).toSorted(),
    );
  });

  test('has a row for every text', () => {
    const ids = OPERATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const texts = [...Object.keys(en.api.operations), ...VERBS.map((verb) => `${verb}Entry`)];
    expect(ids.toSorted()).toEqual(texts.toSorted());
  });

  test.each(OPERATIONS.map((operation) => [operation.id, operation] as const))(
    'shows examples that %s takes and gives',
    (_, { method, path, form, sends, status, answer }) => {
      const described = document.paths[path]?.[method];
      if (form) expect(form.safeParse(camelKeys(sends)).error).toBeUndefined();
      expect(Boolean(sends)).toBe(Boolean(form));
      const good = described?.responses[status] as ApiAnswer;
      if (answer) expect(answer.safeParse(good.content?.['application/json']?.example).error).toBeUndefined();
      else expect(good.content).toBeUndefined();
      for (const part of Object.values(described?.responses ?? {})) {
        const { content } = resolve<ApiAnswer>(document, part);
        for (const { value } of Object.values(content?.['application/json']?.examples ?? {}))
          expect(errorSchema.safeParse(value).error).toBeUndefined();
      }
    },
  );

  test('names what a form requires, its defaults and its formats', () => {
    const schemaOf = (path: string, method: string) =>
      document.paths[path]?.[method]?.requestBody?.content['application/json']?.schema;
    const service = schemaOf('/api/services', 'post');
    expect(service?.required).toEqual(['name', 'duration_minutes']);
    expect(service?.properties?.capacity).toMatchObject({ type: 'integer', minimum: 1, default: 1 });
    expect(service?.properties?.opening_rules?.items?.required).toEqual(['weekday', 'opens', 'closes']);
    expect(schemaOf('/api/services/{id}', 'patch')?.required).toBeUndefined();
    expect(schemaOf('/api/reservations', 'post')).toMatchObject({
      required: ['service_id', 'time_slot'],
      properties: { service_id: { format: 'uuid' }, time_slot: { format: 'date-time' } },
    });
  });

  test('knows the status of every code', () => {
    for (const code of ERROR_CODES) expect(statusOfCode(code)).toBeGreaterThanOrEqual(400);
  });
});

describe('what is served', () => {
  test('the document, with a tag and compressed', async () => {
    const app = appAt();
    const answer = await app.request('/api/openapi.json');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(document)));
    const tag = answer.headers.get('etag') ?? '';
    const again = await app.request('/api/openapi.json', { headers: { 'If-None-Match': tag } });
    expect(again.status).toBe(304);
    const br = await app.request('/api/openapi.json', { headers: { 'Accept-Encoding': 'br' } });
    expect(br.headers.get('content-encoding')).toBe('br');
    expect(br.headers.get('etag')).not.toBe(tag);
  });

  test('the page, with every operation and every error', async () => {
    const answer = await appAt().request('/api/docs');
    expect(answer.status).toBe(200);
    const html = await answer.text();
    for (const { id } of OPERATIONS) expect(html).toContain(`id="${id}"`);
    for (const code of ERROR_CODES) expect(html).toContain(`id="error-${code}"`);
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.filter((id) => !html.includes(`id="${id}"`))).toEqual([]);
    expect(html).not.toMatch(/ style=|<script>|undefined|\[object/);
  });
});

/** Whoever calls, with the cookies of whoever is logged in. */
interface Caller {
  app: Hono<Env>;
  cookie: string;
}

/** Sends a request and compares the answer to what the document says of it. */
async function call(
  { app, cookie }: Caller,
  id: string,
  options: {
    id?: string;
    query?: string;
    body?: unknown;
    raw?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<{ status: number; body: { data: never; error?: { code: RefusalCode } }; headers: Headers }> {
  const operation = OPERATIONS.find((known) => known.id === id) as Operation;
  const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const answer = await app.request(
    `${operation.path.replace('{id}', options.id ?? '')}${options.query ? `?${options.query}` : ''}`,
    {
      method: operation.method.toUpperCase(),
      headers: {
        cookie,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body !== undefined && { body }),
    },
  );
  const text = await answer.text();
  const result = {
    status: answer.status,
    body: text ? JSON.parse(text) : undefined,
    headers: answer.headers,
  };
  expectDescribed(operation, result);
  return result;
}

function expectDescribed(operation: Operation, { status, body }: { status: number; body: unknown }): void {
  const good = status < 400;
  if (good) expect(status, operation.id).toBe(operation.status);
  const schema: z.ZodType | undefined = good ? operation.answer : errorSchema;
  if (!schema) expect(body).toBeUndefined();
  else expect(schema.safeParse(body).error, `${operation.id} ${JSON.stringify(body)}`).toBeUndefined();
  if (good) return;
  const { code } = (body as { error: { code: RefusalCode } }).error;
  expect(codesOf(operation), operation.id).toContain(code);
  expect(status).toBe(statusOfCode(code));
}

describe('every answer is as described:', () => {
  const PASSWORD = 'seven green umbrellas';

  async function stage() {
    const scene = await buildScene(open().store);
    const app = appAt(scene.clock);
    const nobody: Caller = { app, cookie: '' };
    return { scene, app, nobody };
  }

  /** Gives somebody of the cast a password and logs them in. */
  async function enter(scene: Scene, app: Hono<Env>, person: Person): Promise<Caller> {
    const password = await hashPassword(PASSWORD);
    await scene.store.transaction((tx) =>
      tx.write.insert(tx.tables.accounts).values({
        id: newId(),
        accountId: person.id,
        providerId: 'credential',
        userId: person.id,
        password,
        createdAt: MONDAY,
        updatedAt: MONDAY,
      }),
    );
    const { headers } = await call({ app, cookie: '' }, 'login', {
      body: { email: person.email, password: PASSWORD },
    });
    const cookie = headers.getSetCookie().map((line) => line.split(';', 1)[0]);
    return { app, cookie: cookie.join('; ') };
  }

  test('accounts', async () => {
    const { nobody, app } = await stage();
    const email = `${newId()}@example.test`;
    const registered = await call(nobody, 'register', { body: { name: 'Nora', email, password: PASSWORD } });
    expect(registered.status).toBe(201);
    const scheme = document.components.securitySchemes.session;
    const cookies = registered.headers.getSetCookie();
    expect(cookies.some((line) => line.startsWith(`${scheme?.name}=`))).toBe(true);
    const nora = { app, cookie: cookies.map((line) => line.split(';', 1)[0]).join('; ') };
    expect((await call(nora, 'getMe')).body.data).toMatchObject({ email });
    expect((await call(nora, 'listReservations')).body.data).toEqual([]);
    expect((await call(nora, 'logout')).status).toBe(200);
    expect((await call(nobody, 'getMe')).status).toBe(401);
    const known = { name: 'Nora', email, password: PASSWORD };
    expect((await call(nobody, 'register', { body: known })).status).toBe(422);
    expect((await call(nobody, 'register', { body: { ...known, role: 'admin' } })).status).toBe(422);
    expect((await call(nobody, 'register', { raw: '[' })).status).toBe(400);
    expect((await call(nobody, 'register', { raw: 'x'.repeat(70_000) })).status).toBe(413);
    const foreign = { body: known, headers: { origin: 'https://elsewhere.example' } };
    expect((await call(nobody, 'register', foreign)).status).toBe(403);
    for (let tries = 0; tries < 8; tries++)
      expect((await call(nobody, 'login', { body: { email, password: 'wrong' } })).status).toBe(401);
    const limited = await call(nobody, 'login', { body: { email, password: 'wrong' } });
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('services', async () => {
    const { scene, app, nobody } = await stage();
    const admin = await enter(scene, app, scene.cast.admin);
    const staff = await enter(scene, app, scene.cast.staff);
    const body = { name: `Licences ${newId()}`, duration_minutes: 20, location_id: scene.location.id };
    const made = await call(admin, 'createService', { body });
    const { id } = made.body.data as { id: string };
    expect((await call(nobody, 'createService', { body })).status).toBe(401);
    expect((await call(staff, 'createService', { body })).status).toBe(403);
    expect((await call(admin, 'createService', { body: {} })).status).toBe(422);
    expect((await call(nobody, 'listServices')).body.data).toContainEqual(made.body.data);
    expect((await call(nobody, 'getService', { id })).body.data).toEqual(made.body.data);
    expect((await call(nobody, 'getService', { id: 'nothing' })).status).toBe(404);
    expect((await call(nobody, 'listSlots', { id, query: 'date=2026-03-03' })).body.data).not.toEqual([]);
    expect((await call(nobody, 'listSlots', { id })).status).toBe(422);
    expect((await call(admin, 'updateService', { id, body: { capacity: 4, version: 1 } })).status).toBe(200);
    expect((await call(admin, 'updateService', { id, body: { capacity: 5, version: 1 } })).status).toBe(409);
    expect((await call(admin, 'retireService', { id })).status).toBe(204);
    expect((await call(admin, 'retireService', { id: newId() })).status).toBe(404);
  });

  test('reservations', async () => {
    const { scene, app, nobody } = await stage();
    const carla = await enter(scene, app, scene.cast.customer);
    const otto = await enter(scene, app, scene.cast.otherCustomer);
    const body = { service_id: scene.service.id, time_slot: mondayAt('10:00').toISOString() };
    const headers = { 'idempotency-key': 'book-1' };
    const booked = await call(carla, 'createReservation', { body, headers });
    const { id } = booked.body.data as { id: string };
    expect((await call(carla, 'createReservation', { body, headers })).body).toEqual(booked.body);
    const other = { ...body, time_slot: mondayAt('11:00').toISOString() };
    const reused = await call(carla, 'createReservation', { body: other, headers });
    expect(reused.body.error?.code).toBe('key_reused');
    expect((await call(nobody, 'createReservation', { body })).status).toBe(401);
    expect((await call(carla, 'createReservation', { body })).body.error?.code).toBe('already_booked');
    expect((await call(otto, 'createReservation', { body })).body.error?.code).toBe('slot_full');
    const odd = { ...body, time_slot: mondayAt('10:07').toISOString() };
    expect((await call(otto, 'createReservation', { body: odd })).body.error?.code).toBe('slot_unavailable');
    const { store } = scene;
    const restless = Object.create(store, {
      sendAll: {
        value: async (work: never) => {
          const { version } = await reload(store, scene.service);
          await alterService(store, scene.service, { version: version + 1 });
          return store.sendAll(work);
        },
      },
    });
    const changing = { ...otto, app: createApp({ ...partsOf(scene.clock), store: restless }) };
    expect((await call(changing, 'createReservation', { body: other })).body.error?.code).toBe('stale');
    expect((await call(carla, 'listReservations')).body.data).toEqual([booked.body.data]);
    expect((await call(carla, 'getReservation', { id })).status).toBe(200);
    expect((await call(otto, 'getReservation', { id })).status).toBe(404);
    const moved = { time_slot: mondayAt('09:30').toISOString() };
    expect((await call(carla, 'rescheduleReservation', { id, body: moved })).status).toBe(200);
    expect((await call(carla, 'checkInReservation', { id })).body.error?.code).toBe('outside_window');
    await alterService(scene.store, scene.service, { cancelMinutes: 600 });
    expect((await call(carla, 'cancelReservation', { id })).body.error?.code).toBe('too_late');
    await alterService(scene.store, scene.service, { cancelMinutes: 0 });
    scene.clock.set(mondayAt('09:15'));
    expect((await call(carla, 'checkInReservation', { id })).status).toBe(201);
    expect((await call(carla, 'rescheduleReservation', { id, body: other })).body.error?.code).toBe(
      'wrong_state',
    );
    expect((await call(carla, 'cancelReservation', { id })).status).toBe(200);
  });

  test('queues and tickets', async () => {
    const { scene, app, nobody } = await stage();
    const staff = await enter(scene, app, scene.cast.staff);
    const elsewhere = await enter(scene, app, scene.cast.otherStaff);
    const carla = await enter(scene, app, scene.cast.customer);
    const { id } = scene.service;
    scene.clock.set(mondayAt('10:00'));
    expect((await call(staff, 'advanceQueue', { id })).body.data).toEqual({
      completed: null,
      in_service: null,
    });
    const add = async () =>
      (await call(staff, 'createEntry', { id, body: { name: 'Wanda' } })).body.data as { id: string };
    const [first, second, third] = [await add(), await add(), await add()];
    expect((await call(staff, 'createEntry', { id, body: {} })).status).toBe(422);
    const next = await call(staff, 'advanceQueue', { id, body: { desk_id: scene.deskId } });
    expect(next.body.data).toMatchObject({ completed: null, in_service: { id: first.id } });
    const stale = await call(staff, 'advanceQueue', { id, body: { desk_id: scene.deskId, serving: null } });
    expect(stale.body.error?.code).toBe('stale');
    for (const verb of ['call', 'recall', 'start', 'complete'])
      expect((await call(staff, `${verb}Entry`, { id: second.id, body: {} })).status).toBe(200);
    const refused = await call(staff, 'callEntry', { id: second.id });
    expect(refused.body.error).toMatchObject({ code: 'wrong_state', entry: { id: second.id } });
    expect((await call(staff, 'skipEntry', { id: third.id, body: { version: 9 } })).status).toBe(409);
    const parking = await buildService(scene.store, scene.location, { name: 'Parking' });
    const sent = await call(staff, 'transferEntry', { id: third.id, body: { service_id: parking.id } });
    expect(sent.body.data).toMatchObject({ service_id: parking.id });
    expect((await call(staff, 'transferEntry', { id: third.id, body: { service_id: newId() } })).status).toBe(
      422,
    );
    expect((await call(staff, 'undoEntry', { id: third.id, body: { version: 2 } })).status).toBe(200);
    expect((await call(carla, 'undoEntry', { id: third.id })).status).toBe(404);
    const note = { note: 'Shy', needs: ['hearing'], version: 3 };
    expect((await call(staff, 'noteEntry', { id: third.id, body: note })).status).toBe(200);
    expect((await call(staff, 'noteEntry', { id: third.id, body: { needs: ['gold'] } })).status).toBe(422);
    const place = { rank: 0, reason: 'With a child' };
    expect((await call(staff, 'moveEntry', { id: third.id, body: place })).status).toBe(200);
    expect((await call(staff, 'moveEntry', { id: second.id, body: place })).body.error?.code).toBe(
      'wrong_state',
    );
    for (const verb of ['skip', 'reinstate', 'leave'])
      expect((await call(staff, `${verb}Entry`, { id: third.id })).status).toBe(200);
    expect((await call(staff, 'getQueue', { id })).body).toMatchObject({ data: [{ id: first.id }] });
    expect((await call(staff, 'getQueue', { id, query: 'date=never' })).status).toBe(422);
    expect((await call(nobody, 'getQueue', { id })).status).toBe(401);
    expect((await call(carla, 'getQueue', { id })).status).toBe(403);
    expect((await call(elsewhere, 'getQueue', { id })).status).toBe(404);
    const made = await call(staff, 'createEntry', { id, body: { name: 'W' } });
    expect(made.headers.get('location')).toMatch(/^\/t\/[\w-]{24}$/);
    expect((await call(staff, 'setIntake', { id, body: { closed: true } })).status).toBe(200);
    expect((await call(staff, 'createEntry', { id, body: { name: 'W' } })).body.error?.code).toBe(
      'intake_closed',
    );
    expect((await call(staff, 'announceDelay', { id, body: { minutes: 25 } })).body.data).toMatchObject({
      delay_minutes: 25,
    });
    expect((await call(staff, 'announceDelay', { id, body: { minutes: -1 } })).status).toBe(422);
    await alterService(scene.store, scene.service, { walkIns: false });
    expect((await call(staff, 'createEntry', { id, body: { name: 'W' } })).body.error?.code).toBe(
      'no_walk_ins',
    );
  });

  test('desks', async () => {
    const { scene, app, nobody } = await stage();
    const staff = await enter(scene, app, scene.cast.staff);
    const admin = await enter(scene, app, scene.cast.admin);
    const elsewhere = await enter(scene, app, scene.cast.otherStaff);
    const id = scene.deskId;
    expect((await call(staff, 'listDesks')).body.data).toMatchObject([
      { id, service_ids: [], staffed_by: null },
    ]);
    expect((await call(nobody, 'listDesks')).status).toBe(401);
    expect((await call(elsewhere, 'takeDesk', { id })).status).toBe(404);
    expect((await call(staff, 'takeDesk', { id })).body.data).toMatchObject({
      staffed_by: { id: scene.cast.staff.id, name: scene.cast.staff.name },
    });
    expect((await call(admin, 'takeDesk', { id })).body.error?.code).toBe('desk_taken');
    for (const deed of ['leaveDesk', 'pauseDesk', 'resumeDesk'])
      expect((await call(admin, deed, { id })).body.error?.code, deed).toBe('desk_taken');
    expect((await call(admin, 'takeDesk', { id, body: { hand_over: true } })).status).toBe(200);
    expect((await call(admin, 'leaveDesk', { id })).body.data).toMatchObject({ staffed_by: null });
    const { data } = (await call(staff, 'createEntry', { id: scene.service.id, body: { name: 'W' } })).body;
    const ticket = data as { id: string };
    expect((await call(staff, 'pauseDesk', { id })).status).toBe(200);
    expect((await call(staff, 'advanceDesk', { id })).body.data).toEqual({
      completed: null,
      in_service: null,
    });
    const toDesk = { id: ticket.id, body: { desk_id: id, reason: 'In pain' } };
    expect((await call(staff, 'callEntry', toDesk)).body.error?.code).toBe('desk_paused');
    expect((await call(staff, 'resumeDesk', { id })).body.data).toMatchObject({ paused_at: null });
    expect((await call(staff, 'callEntry', toDesk)).body.data).toMatchObject({ desk_id: id });
    expect((await call(staff, 'advanceDesk', { id, body: { serving: newId() } })).body.error?.code).toBe(
      'stale',
    );
    expect((await call(staff, 'advanceDesk', { id, body: { serving: null } })).body.data).toMatchObject({
      completed: null,
      in_service: { id: ticket.id, desk_id: id },
    });
    const another = (await call(staff, 'createEntry', { id: scene.service.id, body: { name: 'V' } })).body;
    const { id: next } = another.data as { id: string };
    await call(staff, 'callEntry', { id: next, body: { desk_id: id } });
    expect((await call(staff, 'startEntry', { id: next })).body.error).toMatchObject({ code: 'desk_busy' });
  });

  test('everything that takes a key says so', async () => {
    const { scene, app } = await stage();
    const admin = await enter(scene, app, scene.cast.admin);
    for (const { id, path, method } of OPERATIONS) {
      const names = (document.paths[path]?.[method]?.parameters ?? []).map((part) => JSON.stringify(part));
      const takes = method === 'post' && !path.startsWith('/api/auth/');
      expect(
        names.some((name) => name.includes('IdempotencyKey')),
        id,
      ).toBe(takes);
    }
    const headers = { 'idempotency-key': 'not a key' };
    const body = { name: `Keys ${newId()}`, duration_minutes: 5, location_id: scene.location.id };
    const answer = await call(admin, 'createService', { body, headers });
    expect(answer.body.error).toMatchObject({
      code: 'invalid',
      fields: { idempotency_key: expect.any(String) },
    });
  });
});
