import { ne } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { newId } from '../../../src/domain/id.ts';
import { buildApp, type TestApp } from '../../support/app.ts';
import { book, buildService, mondayAt, reload } from '../../support/builders.ts';
import { onBothDatabases } from '../../support/databases.ts';

const KEYS = [
  'ask_name',
  'ask_phone',
  'buffer_minutes',
  'cancel_minutes',
  'capacity',
  'check_in',
  'check_in_after_minutes',
  'check_in_before_minutes',
  'credit_minutes',
  'description',
  'duration_minutes',
  'early_call_minutes',
  'grace_minutes',
  'horizon_days',
  'id',
  'join_limit',
  'join_until',
  'lead_minutes',
  'location_id',
  'name',
  'opening_rules',
  'phone_join',
  'prefix',
  'priority_minutes',
  'retired',
  'slug',
  'step_minutes',
  'time_zone',
  'version',
  'walk_ins',
  'what_to_bring',
];

const WALK_IN = { name: 'Walk-in desk', duration_minutes: 15 };

/** The scene has two locations, so a new service has to say which one it is for. */
function newService(app: TestApp, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { name: `Renewals ${newId()}`, duration_minutes: 20, location_id: app.location.id, ...more };
}

onBothDatabases('GET /api/services', (open) => {
  test('lists what can be reserved, to everybody', async () => {
    const app = await buildApp(open().store);
    const retired = await buildService(app.store, app.location, { retiredAt: app.clock() });
    for (const as of [undefined, app.cast.customer, app.cast.admin]) {
      const { status, body } = await app.json('GET', '/api/services', { as });
      expect(status).toBe(200);
      expect(Object.keys(body)).toEqual(['data']);
      const ids = body.data.map(({ id }: { id: string }) => id);
      expect(ids).toContain(app.service.id);
      expect(ids).not.toContain(retired.id);
      for (const service of body.data) expect(Object.keys(service).sort()).toEqual(KEYS);
    }
  });

  test('tells the weekly hours of all with one query more', async () => {
    const app = await buildApp(open().store);
    const hours = [
      { weekday: 1, opens: '09:00', closes: '12:00' },
      { weekday: 1, opens: '13:00', closes: '17:00' },
      { weekday: 5, opens: '09:00', closes: '12:00' },
    ];
    const split = await buildService(app.store, app.location, { rules: hours.toReversed() });
    const never = await buildService(app.store, app.location, { rules: [] });
    const before = app.store.queries;
    const { body } = await app.json('GET', '/api/services');
    expect(app.store.queries - before).toBeLessThanOrEqual(2);
    const rulesOf = (service: { id: string }) =>
      body.data.find(({ id }: { id: string }) => id === service.id).opening_rules;
    expect(rulesOf(split)).toEqual(hours);
    expect(rulesOf(never)).toEqual([]);
  });
});

onBothDatabases('GET /api/services/{id}', (open) => {
  test('answers one service, a retired one too', async () => {
    const app = await buildApp(open().store, { service: { capacity: 3, description: 'New and renewed' } });
    const { status, body } = await app.json('GET', `/api/services/${app.service.id}`);
    expect(status).toBe(200);
    expect(Object.keys(body.data).sort()).toEqual(KEYS);
    expect(body.data).toMatchObject({
      id: app.service.id,
      name: 'Passports',
      description: 'New and renewed',
      duration_minutes: 30,
      capacity: 3,
      check_in: 'required',
      time_zone: 'Europe/Berlin',
      retired: false,
      walk_ins: true,
    });
    const retired = await buildService(app.store, app.location, { retiredAt: app.clock() });
    expect((await app.json('GET', `/api/services/${retired.id}`)).body.data.retired).toBe(true);
  });

  test('answers 404 to what is not there, and to what is no id', async () => {
    const app = await buildApp(open().store);
    for (const id of [newId(), 'passports', '1', '%00', "'", `${app.service.id}x`, '%E0%A4%A', '%ff']) {
      for (const path of [`/api/services/${id}`, `/api/services/${id}/slots?date=2026-03-02`]) {
        const { status, body } = await app.json('GET', path);
        expect(status, path).toBe(404);
        expect(body).toEqual({ error: { code: 'not_found', message: expect.any(String) } });
      }
    }
  });
});

onBothDatabases('POST /api/services', (open) => {
  test('adds a service that is open from Monday to Friday, nine to five', async () => {
    const app = await buildApp(open().store);
    const input = newService(app);
    const { status, body } = await app.json('POST', '/api/services', { as: app.cast.admin, body: input });
    expect(status).toBe(201);
    expect(Object.keys(body)).toEqual(['data']);
    expect(Object.keys(body.data).sort()).toEqual(KEYS);
    expect(body.data).toMatchObject({
      ...input,
      description: '',
      capacity: 1,
      check_in: 'required',
      retired: false,
      version: 1,
    });
    const slots = async (date: string) =>
      (await app.json('GET', `/api/services/${body.data.id}/slots?date=${date}`)).body.data;
    expect(await slots('2026-03-03')).toHaveLength(24);
    expect((await slots('2026-03-03'))[0].time_slot).toBe('2026-03-03T08:00:00.000Z');
    expect((await slots('2026-03-03')).at(-1).time_slot).toBe('2026-03-03T15:40:00.000Z');
    expect(await slots('2026-03-07')).toEqual([]);
    expect((await app.json('GET', `/api/services/${body.data.id}`)).body).toEqual(body);
  });

  test('takes every field, and opening rules of its own', async () => {
    const app = await buildApp(open().store);
    const input = newService(app, {
      description: 'One\nTwo',
      capacity: 4,
      check_in: 'none',
      opening_rules: [{ weekday: 6, opens: '10:00', closes: '11:00' }],
    });
    const { status, body } = await app.json('POST', '/api/services', { as: app.cast.admin, body: input });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({ ...input, early_call_minutes: 15 });
    const saturday = await app.json('GET', `/api/services/${body.data.id}/slots?date=2026-03-07`);
    expect(saturday.body.data).toEqual([
      { time_slot: '2026-03-07T09:00:00.000Z', capacity: 4, available: 4 },
      { time_slot: '2026-03-07T09:20:00.000Z', capacity: 4, available: 4 },
      { time_slot: '2026-03-07T09:40:00.000Z', capacity: 4, available: 4 },
    ]);
  });

  test('takes null for what may be left out', async () => {
    const app = await buildApp(open().store);
    const nothing = { description: null, capacity: null, check_in: null, opening_rules: null, prefix: null };
    const { status, body } = await app.json('POST', '/api/services', {
      as: app.cast.admin,
      body: newService(app, nothing),
    });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({ description: '', capacity: 1, check_in: 'required' });
    expect(body.data.opening_rules).toHaveLength(5);
    const changed = await app.json('PATCH', `/api/services/${body.data.id}`, {
      as: app.cast.admin,
      body: { ...nothing, name: null, duration_minutes: null, step_minutes: 5, version: null },
    });
    expect(changed.body).toEqual({ data: { ...body.data, step_minutes: 5, version: 2 } });
    const again = await app.json('PATCH', `/api/services/${body.data.id}`, {
      as: app.cast.admin,
      body: { step_minutes: null },
    });
    expect(again.body).toEqual({ data: { ...body.data, version: 3 } });
  });

  test.each([
    ['no name', { name: undefined }, 'name'],
    ['null for a name', { name: null }, 'name'],
    ['a blank name', { name: '  ' }, 'name'],
    ['a long name', { name: 'x'.repeat(101) }, 'name'],
    ['a name of several lines', { name: 'a\nb' }, 'name'],
    ['a name with a NUL', { name: 'a\u0000b' }, 'name'],
    ['a long description', { description: 'x'.repeat(2001) }, 'description'],
    ['no duration', { duration_minutes: undefined }, 'duration_minutes'],
    ['a duration of nothing', { duration_minutes: 0 }, 'duration_minutes'],
    ['a duration below nothing', { duration_minutes: -30 }, 'duration_minutes'],
    ['half a minute', { duration_minutes: 0.5 }, 'duration_minutes'],
    ['a duration in words', { duration_minutes: 'long' }, 'duration_minutes'],
    ['an endless duration', { duration_minutes: 1e9 }, 'duration_minutes'],
    ['no capacity', { capacity: 0 }, 'capacity'],
    ['a huge capacity', { capacity: 1_001 }, 'capacity'],
    ['an unknown check-in', { check_in: 'maybe' }, 'check_in'],
    ['rules that are none', { opening_rules: 'always' }, 'opening_rules'],
    [
      'an eighth day',
      { opening_rules: [{ weekday: 8, opens: '09:00', closes: '10:00' }] },
      'opening_rules.0.weekday',
    ],
    [
      'a window reversed',
      { opening_rules: [{ weekday: 1, opens: '10:00', closes: '09:00' }] },
      'opening_rules.0.closes',
    ],
    ['an unknown location', { location_id: newId() }, 'location_id'],
    ['no location of several', { location_id: undefined }, 'location_id'],
  ])('refuses %s', async (_, change, field) => {
    const app = await buildApp(open().store);
    const { status, body } = await app.json('POST', '/api/services', {
      as: app.cast.admin,
      body: newService(app, change),
    });
    expect(status).toBe(422);
    expect(body.error.code).toBe('invalid');
    expect(body.error.fields).toEqual({ [field]: expect.any(String) });
  });
});

onBothDatabases('PATCH /api/services/{id}', (open) => {
  test('changes only what is given', async () => {
    const app = await buildApp(open().store, { service: { capacity: 2 } });
    const before = (await app.json('GET', `/api/services/${app.service.id}`)).body.data;
    const { status, body } = await app.json('PATCH', `/api/services/${app.service.id}`, {
      as: app.cast.admin,
      body: { name: 'Passports and more' },
    });
    expect(status).toBe(200);
    expect(body).toEqual({ data: { ...before, name: 'Passports and more', version: before.version + 1 } });
  });

  test('answers the hours that it wrote, in order', async () => {
    const app = await buildApp(open().store);
    const opening_rules = [
      { weekday: 2, opens: '10:00', closes: '12:00' },
      { weekday: 4, opens: '10:00', closes: '24:00' },
    ];
    const { status, body } = await app.json('PATCH', `/api/services/${app.service.id}`, {
      as: app.cast.admin,
      body: { opening_rules: opening_rules.toReversed() },
    });
    expect([status, body.data.opening_rules]).toEqual([200, opening_rules]);
    expect((await app.json('GET', `/api/services/${app.service.id}`)).body).toEqual(body);
  });

  test('refuses a version that is not the latest, with nothing changed', async () => {
    const app = await buildApp(open().store);
    const { status, body } = await app.json('PATCH', `/api/services/${app.service.id}`, {
      as: app.cast.admin,
      body: { capacity: 9, version: app.service.version + 1 },
    });
    expect(status).toBe(409);
    const { data } = (await app.json('GET', `/api/services/${app.service.id}`)).body;
    expect(body.error).toMatchObject({ code: 'stale', service: data });
    expect((await reload(app.store, app.service)).capacity).toBe(1);
  });

  test('refuses values that are no values of theirs', async () => {
    const app = await buildApp(open().store);
    const { status, body } = await app.json('PATCH', `/api/services/${app.service.id}`, {
      as: app.cast.admin,
      body: { capacity: 0, duration_minutes: '', name: '' },
    });
    expect(status).toBe(422);
    expect(Object.keys(body.error.fields).sort()).toEqual(['capacity', 'duration_minutes', 'name']);
  });
});

onBothDatabases('DELETE /api/services/{id}', (open) => {
  test('retires: 204, what was booked stays, nothing more can be', async () => {
    const app = await buildApp(open().store);
    const { cast, service } = app;
    const { id } = await book(app, cast.customer, mondayAt('10:00'));
    for (const _ of [1, 2]) {
      const { status, text, headers } = await app.json('DELETE', `/api/services/${service.id}`, {
        as: cast.admin,
      });
      expect(status).toBe(204);
      expect(text).toBe('');
      expect(headers.get('content-type')).toBeNull();
    }
    expect((await app.json('GET', `/api/services/${service.id}`)).body.data.retired).toBe(true);
    expect((await app.json('GET', `/api/reservations/${id}`, { as: cast.customer })).status).toBe(200);
    expect((await app.json('GET', `/api/services/${service.id}/slots?date=2026-03-03`)).body.data).toEqual(
      [],
    );
    const again = await app.json('POST', '/api/reservations', {
      as: cast.otherCustomer,
      body: { service_id: service.id, time_slot: mondayAt('10:00').toISOString() },
    });
    expect(again.status).toBe(422);
    expect(again.body.error.code).toBe('slot_unavailable');
  });
});

onBothDatabases('GET /api/services/{id}/slots', (open) => {
  test('answers the slots of a day with what is free, times in UTC', async () => {
    const app = await buildApp(open().store, { service: { durationMinutes: 240, capacity: 2 } });
    await book(app, app.cast.customer, mondayAt('13:00'));
    const { status, body } = await app.json('GET', `/api/services/${app.service.id}/slots?date=2026-03-02`);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: [
        { time_slot: '2026-03-02T08:00:00.000Z', capacity: 2, available: 2 },
        { time_slot: '2026-03-02T12:00:00.000Z', capacity: 2, available: 1 },
      ],
    });
  });

  test('answers a full slot as one, and keeps 09:00 where it is when the clocks change', async () => {
    const app = await buildApp(open().store, { service: { durationMinutes: 480 } });
    await book(app, app.cast.customer, mondayAt('09:00'));
    const slots = async (date: string) =>
      (await app.json('GET', `/api/services/${app.service.id}/slots?date=${date}`)).body.data;
    expect(await slots('2026-03-02')).toEqual([
      { time_slot: '2026-03-02T08:00:00.000Z', capacity: 1, available: 0 },
    ]);
    expect(await slots('2026-03-30')).toEqual([
      { time_slot: '2026-03-30T07:00:00.000Z', capacity: 1, available: 1 },
    ]);
  });

  test('answers an empty list for a day that is over, closed or too far', async () => {
    const app = await buildApp(open().store, { service: { rules: [] } });
    for (const date of ['2026-03-02', '2026-03-01', '1999-12-31', '2027-03-02', '9999-12-31', '1000-01-01']) {
      const { status, body } = await app.json('GET', `/api/services/${app.service.id}/slots?date=${date}`);
      expect(status, date).toBe(200);
      expect(body).toEqual({ data: [] });
    }
  });

  test('refuses a day that is none', async () => {
    const app = await buildApp(open().store);
    for (const query of [
      '',
      '?date=',
      '?date=today',
      '?date=2026-02-30',
      '?date=2026-13-01',
      '?date=2026-3-2',
      '?date=2026-03-02T09:00:00Z',
      '?date=%00',
      '?date=%E0%A4%A',
      '?date=2026-03-02%00',
      '?date=99999-01-01',
      '?date=0000-01-01',
      '?date=0999-12-31',
      '?date=-2026-03-02',
    ]) {
      const { status, body } = await app.json('GET', `/api/services/${app.service.id}/slots${query}`);
      expect(status, query).toBe(422);
      expect(body.error).toEqual({
        code: 'invalid',
        message: expect.any(String),
        fields: { date: expect.any(String) },
      });
    }
  });
});

onBothDatabases('a service of the only location', (open) => {
  test('need not name it', async () => {
    const { store } = open();
    const app = await buildApp(store);
    await keepOnly(app);
    const { status, body } = await app.json('POST', '/api/services', { as: app.cast.admin, body: WALK_IN });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({ ...WALK_IN, slug: 'walk-in-desk', location_id: app.location.id });
  });

  /** Takes every other location out of use. */
  async function keepOnly(app: TestApp): Promise<void> {
    await app.store.transaction((tx) => {
      const { locations } = tx.tables;
      return tx.write
        .update(locations)
        .set({ retiredAt: app.clock() })
        .where(ne(locations.id, app.location.id));
    });
  }
});
