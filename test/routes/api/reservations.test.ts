import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { addMinutes, DAY } from '../../../src/domain/clock.ts';
import { newId } from '../../../src/domain/id.ts';
import type { Reservation } from '../../../src/domain/reservation.ts';
import { buildApp, type TestApp } from '../../support/app.ts';
import { book, mondayAt, reservationsOf } from '../../support/builders.ts';
import { heard, onBothDatabases, useDatabase } from '../../support/databases.ts';

const RFC_3339_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function bodyOf({ service }: Pick<TestApp, 'service'>, time: string | Date) {
  return {
    service_id: service.id,
    time_slot: typeof time === 'string' ? mondayAt(time).toISOString() : time.toISOString(),
  };
}

onBothDatabases('POST /api/reservations', (open) => {
  test('books a place', async () => {
    const app = await buildApp(open().store);
    const { status, body, headers } = await app.json('POST', '/api/reservations', {
      as: app.cast.customer,
      body: bodyOf(app, '10:00'),
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      data: {
        id: expect.any(String),
        service_id: app.service.id,
        time_slot: '2026-03-02T09:00:00.000Z',
        ends_at: '2026-03-02T09:30:00.000Z',
        status: 'confirmed',
        created_at: '2026-03-02T07:00:00.000Z',
        updated_at: '2026-03-02T07:00:00.000Z',
      },
    });
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('private, no-store');
    for (const field of ['time_slot', 'ends_at', 'created_at', 'updated_at'])
      expect(body.data[field]).toMatch(RFC_3339_UTC);
    const again = await app.json('GET', `/api/reservations/${body.data.id}`, { as: app.cast.customer });
    expect(again.body).toEqual(body);
  });

  test('takes an instant with any offset', async () => {
    const app = await buildApp(open().store);
    const { status, body } = await app.json('POST', '/api/reservations', {
      as: app.cast.customer,
      body: { service_id: app.service.id, time_slot: '2026-03-02T14:30:00+05:30' },
    });
    expect(status).toBe(201);
    expect(body.data.time_slot).toBe('2026-03-02T09:00:00.000Z');
  });

  test('takes an instant in small letters, and ids in capitals, everywhere the same', async () => {
    const app = await buildApp(open().store);
    const capitals = app.service.id.toUpperCase();
    const slots = async (id: string) =>
      (await app.json('GET', `/api/services/${id}/slots?date=2026-03-02`)).body.data[2].available;
    expect(await slots(capitals)).toBe(1);
    const { status, body } = await app.json('POST', '/api/reservations', {
      as: app.cast.customer,
      body: { service_id: capitals, time_slot: '2026-03-02t09:00:00z' },
    });
    expect([status, body.data.service_id]).toEqual([201, app.service.id]);
    expect([await slots(capitals), await slots(app.service.id)]).toEqual([0, 0]);
    const own = `/api/reservations/${body.data.id.toUpperCase()}`;
    expect((await app.json('GET', own, { as: app.cast.customer })).status).toBe(200);
  });

  test('books for whoever is logged in, whatever the body says', async () => {
    const app = await buildApp(open().store);
    const { body } = await app.json('POST', '/api/reservations', {
      as: app.cast.customer,
      body: { ...bodyOf(app, '10:00'), user_id: app.cast.otherCustomer.id, status: 'pending', party: 5 },
    });
    const [row] = await reservationsOf(app.store, app.service);
    expect(row).toMatchObject({
      id: body.data.id,
      userId: app.cast.customer.id,
      status: 'confirmed',
      party: 1,
    });
  });

  test.each([false, true])('refuses a full slot with 409 slot_full (with a key: %s)', async (withKey) => {
    const app = await buildApp(open().store);
    await book(app, app.cast.customer, mondayAt('10:00'));
    const { status, body } = await app.json('POST', '/api/reservations', {
      as: app.cast.otherCustomer,
      body: bodyOf(app, '10:00'),
      ...(withKey && { headers: { 'Idempotency-Key': 'late' } }),
    });
    expect(status).toBe(409);
    expect(body).toEqual({ error: { code: 'slot_full', message: expect.any(String) } });
  });

  test('refuses a second place of the same person with 409 already_booked', async () => {
    const app = await buildApp(open().store, { service: { capacity: 5, stepMinutes: 10 } });
    await book(app, app.cast.customer, mondayAt('10:00'));
    for (const time of ['10:00', '10:20', '09:40']) {
      const { status, body } = await app.json('POST', '/api/reservations', {
        as: app.cast.customer,
        body: bodyOf(app, time),
      });
      expect(status, time).toBe(409);
      expect(body).toEqual({ error: { code: 'already_booked', message: expect.any(String) } });
    }
  });

  test('refuses what is no slot with 422 slot_unavailable', async () => {
    const app = await buildApp(open().store, { service: { horizonDays: 30 } });
    app.clock.set(mondayAt('11:00'));
    for (const time of [
      mondayAt('10:00'),
      mondayAt('12:05'),
      mondayAt('17:00'),
      mondayAt('03:00'),
      addMinutes(mondayAt('12:00'), 31 * 24 * 60),
      new Date('9999-12-31T23:59:59Z'),
      new Date('0000-01-01T00:00:00Z'),
    ]) {
      const { status, body } = await app.json('POST', '/api/reservations', {
        as: app.cast.customer,
        body: bodyOf(app, time),
      });
      expect(status, time.toISOString()).toBe(422);
      expect(body).toEqual({ error: { code: 'slot_unavailable', message: expect.any(String) } });
    }
  });

  test.each([
    ['nothing', {}, ['service_id', 'time_slot']],
    ['no slot', { time_slot: undefined }, ['time_slot']],
    ['a slot in words', { time_slot: 'tomorrow' }, ['time_slot']],
    ['a slot without an offset', { time_slot: '2026-03-02T10:00:00' }, ['time_slot']],
    ['a day', { time_slot: '2026-03-02' }, ['time_slot']],
    ['a number', { time_slot: 1_772_442_000 }, ['time_slot']],
    ['a list', { time_slot: ['2026-03-02T09:00:00Z'] }, ['time_slot']],
    ['an impossible day', { time_slot: '2026-02-30T09:00:00Z' }, ['time_slot']],
    ['a year of five digits', { time_slot: '12026-03-02T09:00:00Z' }, ['time_slot']],
    ['a service in words', { service_id: 'passports' }, ['service_id']],
    ['an unknown service', { service_id: newId() }, ['service_id']],
    ['a service as an object', { service_id: { id: 1 } }, ['service_id']],
    ['null', { service_id: null, time_slot: null }, ['service_id', 'time_slot']],
  ])('refuses %s with the fields', async (name, change, fields) => {
    const app = await buildApp(open().store);
    const { status, body } = await app.json('POST', '/api/reservations', {
      as: app.cast.customer,
      body: name === 'nothing' ? {} : { ...bodyOf(app, '10:00'), ...change },
    });
    expect(status).toBe(422);
    expect(body.error.code).toBe('invalid');
    expect(Object.keys(body.error.fields).sort()).toEqual(fields);
  });
});

onBothDatabases('GET /api/reservations', (open) => {
  test('lists mine alone, canceled ones too', async () => {
    const app = await buildApp(open().store, { service: { capacity: 3 } });
    const { cast } = app;
    const first = await book(app, cast.customer, mondayAt('10:00'));
    const second = await book(app, cast.customer, mondayAt('12:00'));
    await book(app, cast.otherCustomer, mondayAt('10:00'));
    await app.json('POST', `/api/reservations/${first.id}/cancel`, { as: cast.customer });
    const { status, body } = await app.json('GET', '/api/reservations', { as: cast.customer });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['data']);
    const byId = new Map(body.data.map((each: { id: string; status: string }) => [each.id, each.status]));
    expect(byId).toEqual(
      new Map([
        [first.id, 'canceled'],
        [second.id, 'confirmed'],
      ]),
    );
    for (const each of body.data)
      expect(Object.keys(each)).toEqual([
        'id',
        'service_id',
        'time_slot',
        'ends_at',
        'status',
        'created_at',
        'updated_at',
      ]);
    expect((await app.json('GET', '/api/reservations', { as: cast.admin })).body).toEqual({ data: [] });
  });
});

onBothDatabases('GET /api/reservations/{id}', (open) => {
  test('shows it to its customer, the staff of its place and admins', async () => {
    const app = await buildApp(open().store);
    const { cast } = app;
    const { id } = await book(app, cast.customer, mondayAt('10:00'));
    const statusFor = async (as: TestApp['cast']['customer'] | undefined) =>
      (await app.json('GET', `/api/reservations/${id}`, { as })).status;
    expect(await statusFor(cast.customer)).toBe(200);
    expect(await statusFor(cast.staff)).toBe(200);
    expect(await statusFor(cast.admin)).toBe(200);
    expect(await statusFor(cast.otherCustomer)).toBe(404);
    expect(await statusFor(cast.otherStaff)).toBe(404);
    expect(await statusFor(undefined)).toBe(401);
  });
});

onBothDatabases('PATCH /api/reservations/{id}', (open) => {
  test('moves it to another slot', async () => {
    const app = await buildApp(open().store);
    const { id } = await book(app, app.cast.customer, mondayAt('10:00'));
    app.clock.pass(5);
    const { status, body } = await app.json('PATCH', `/api/reservations/${id}`, {
      as: app.cast.customer,
      body: { time_slot: mondayAt('11:00').toISOString() },
    });
    expect(status).toBe(200);
    expect(body.data).toEqual({
      id,
      service_id: app.service.id,
      time_slot: '2026-03-02T10:00:00.000Z',
      ends_at: '2026-03-02T10:30:00.000Z',
      status: 'confirmed',
      created_at: '2026-03-02T07:00:00.000Z',
      updated_at: '2026-03-02T07:05:00.000Z',
    });
    // Its old place is free again.
    await book(app, app.cast.otherCustomer, mondayAt('10:00'));
  });

  test('refuses a full slot, what is no slot, a canceled one, and one that is too close', async () => {
    const app = await buildApp(open().store, { service: { cancelMinutes: 60 } });
    const { cast } = app;
    const { id } = await book(app, cast.customer, mondayAt('10:00'));
    await book(app, cast.otherCustomer, mondayAt('11:00'));
    const move = (time: string) =>
      app.json('PATCH', `/api/reservations/${id}`, {
        as: cast.customer,
        body: { time_slot: mondayAt(time).toISOString() },
      });
    const refused = async (time: string) => {
      const { status, body } = await move(time);
      return `${status} ${body.error?.code}`;
    };
    expect(await refused('11:00')).toBe('409 slot_full');
    expect(await refused('11:01')).toBe('422 slot_unavailable');
    app.clock.set(mondayAt('09:30'));
    expect(await refused('12:00')).toBe('409 too_late');
    await app.json('POST', `/api/reservations/${id}/cancel`, { as: cast.staff });
    expect(await refused('12:00')).toBe('409 wrong_state');
  });
});

onBothDatabases('POST /api/reservations/{id}/cancel', (open) => {
  test('cancels it and frees its place; twice is the same answer', async () => {
    const app = await buildApp(open().store);
    const { id } = await book(app, app.cast.customer, mondayAt('10:00'));
    app.clock.pass(5);
    const first = await app.json('POST', `/api/reservations/${id}/cancel`, { as: app.cast.customer });
    expect(first.status).toBe(200);
    expect(first.body.data).toMatchObject({ id, status: 'canceled', updated_at: '2026-03-02T07:05:00.000Z' });
    app.clock.pass(5);
    const second = await app.json('POST', `/api/reservations/${id}/cancel`, { as: app.cast.customer });
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    await book(app, app.cast.otherCustomer, mondayAt('10:00'));
  });

  test('is refused to the customer when it is too late, never to the desk', async () => {
    const app = await buildApp(open().store, { service: { cancelMinutes: 120 } });
    const { id } = await book(app, app.cast.customer, mondayAt('09:30'));
    app.clock.set(mondayAt('09:00'));
    const mine = await app.json('POST', `/api/reservations/${id}/cancel`, { as: app.cast.customer });
    expect(mine.status).toBe(409);
    expect(mine.body.error.code).toBe('too_late');
    const theirs = await app.json('POST', `/api/reservations/${id}/cancel`, { as: app.cast.staff });
    expect(theirs.status).toBe(200);
  });
});

onBothDatabases('POST /api/reservations/{id}/check-in', (open) => {
  test('answers 201 with the entry; twice is the same entry', async () => {
    const app = await buildApp(open().store, { service: { prefix: 'P' } });
    const { id } = await book(app, app.cast.customer, mondayAt('10:00'));
    app.clock.set(mondayAt('09:50'));
    const first = await app.json('POST', `/api/reservations/${id}/check-in`, { as: app.cast.customer });
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      data: {
        id: expect.any(String),
        reservation_id: id,
        service_id: app.service.id,
        position: 1,
        number: 'P1',
        name: expect.any(String),
        status: 'waiting',
        due_at: '2026-03-02T09:00:00.000Z',
        effective_at: '2026-03-02T08:50:00.000Z',
        version: 1,
        desk_id: null,
      },
    });
    app.clock.pass(1);
    const second = await app.json('POST', `/api/reservations/${id}/check-in`, { as: app.cast.customer });
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
  });

  test('is refused with the ticket to who was skipped or served: it does not bring them back', async () => {
    const app = await buildApp(open().store);
    const { id } = await book(app, app.cast.customer, mondayAt('10:00'));
    app.clock.set(mondayAt('10:00'));
    const checkIn = () => app.json('POST', `/api/reservations/${id}/check-in`, { as: app.cast.customer });
    const entry = (await checkIn()).body.data;
    for (const [verb, status] of [
      ['skip', 'skipped'],
      ['reinstate', 'waiting'],
      ['call', 'called'],
      ['start', 'in_service'],
      ['complete', 'completed'],
    ] as const) {
      await app.json('POST', `/api/entries/${entry.id}/${verb}`, { as: app.cast.staff });
      const again = await checkIn();
      if (status === 'skipped' || status === 'completed')
        expect(again.body.error).toMatchObject({ code: 'wrong_state', entry: { id: entry.id, status } });
      else expect(again.body.data).toMatchObject({ status });
    }
  });

  test('is refused with 409 outside_window to the customer, and on the day not to the desk', async () => {
    const app = await buildApp(open().store, { service: { checkInBeforeMinutes: 30 } });
    const { id } = await book(app, app.cast.customer, mondayAt('10:00'));
    const early = await app.json('POST', `/api/reservations/${id}/check-in`, { as: app.cast.customer });
    expect(early.status).toBe(409);
    expect(early.body).toEqual({ error: { code: 'outside_window', message: expect.any(String) } });
    app.clock.set(new Date(mondayAt('10:00').getTime() - DAY));
    const dayBefore = await app.json('POST', `/api/reservations/${id}/check-in`, { as: app.cast.staff });
    expect(dayBefore.body.error.code).toBe('outside_window');
    app.clock.set(mondayAt('08:00'));
    const byDesk = await app.json('POST', `/api/reservations/${id}/check-in`, { as: app.cast.staff });
    expect(byDesk.status).toBe(201);
  });

  test('is refused for a canceled one', async () => {
    const app = await buildApp(open().store);
    const { id } = await book(app, app.cast.customer, mondayAt('10:00'));
    await app.json('POST', `/api/reservations/${id}/cancel`, { as: app.cast.customer });
    app.clock.set(mondayAt('10:00'));
    const { status, body } = await app.json('POST', `/api/reservations/${id}/check-in`, {
      as: app.cast.customer,
    });
    expect(status).toBe(409);
    expect(body.error.code).toBe('wrong_state');
  });
});

describe('on postgres, what another instance did a moment ago, which was not heard of yet,', () => {
  const open = useDatabase('postgres');

  async function unheard(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: open().url });
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  test('is no reason to say that nothing is left to do', async () => {
    const app = await buildApp(open().store, { service: { checkInBeforeMinutes: 600 } });
    await heard(app.store);
    const as = app.cast.customer;
    const moved = await book(app, as, mondayAt('10:00'));
    const checkedIn = await book(app, as, mondayAt('12:00'));
    const path = (one: Reservation) => `/api/reservations/${one.id}`;
    expect((await app.json('POST', `${path(checkedIn)}/check-in`, { as })).status).toBe(201);
    for (const one of [moved, checkedIn]) await app.page(`/reservations/${one.id}`, { as });
    for (const one of [moved, checkedIn]) await app.json('GET', path(one), { as });
    await unheard(`UPDATE reservations SET status = 'canceled' WHERE id = '${moved.id}'`);
    await unheard(`UPDATE queue_entries SET status = 'left' WHERE reservation_id = '${checkedIn.id}'`);

    const back = await app.json('PATCH', path(moved), { as, body: { time_slot: mondayAt('10:00') } });
    expect([back.status, back.body.error?.code]).toEqual([409, 'wrong_state']);
    const again = await app.json('POST', `${path(checkedIn)}/check-in`, { as });
    expect(again.status).toBe(201);
    const open_ = await open().raw(
      `SELECT id FROM queue_entries WHERE reservation_id = '${checkedIn.id}' AND status = 'waiting'`,
    );
    expect(open_).toEqual([{ id: again.body.data.id }]);
  });

  test('may have closed the slot that somebody asks for, or moves to', async () => {
    const app = await buildApp(open().store);
    await heard(app.store);
    const as = app.cast.customer;
    const { id } = await book(app, as, mondayAt('10:00'));
    await app.json('GET', `/api/services/${app.service.id}/slots?date=2026-03-02`);
    await unheard(`DELETE FROM opening_rules WHERE service_id = '${app.service.id}' AND weekday = 1`);
    await unheard(`UPDATE services SET version = version + 1 WHERE id = '${app.service.id}'`);
    const moved = await app.json('PATCH', `/api/reservations/${id}`, {
      as,
      body: { time_slot: mondayAt('11:00') },
    });
    expect([moved.status, moved.body.error?.code]).toEqual([422, 'slot_unavailable']);
    const booked = await app.json('POST', '/api/reservations', {
      as: app.cast.otherCustomer,
      body: bodyOf(app, '12:00'),
    });
    expect([booked.status, booked.body.error?.code]).toEqual([422, 'slot_unavailable']);
  });

  test('may have opened the slot that somebody asks for', async () => {
    const app = await buildApp(open().store, { service: { rules: [] } });
    await heard(app.store);
    const slots = () => app.json('GET', `/api/services/${app.service.id}/slots?date=2026-03-02`);
    expect((await slots()).body.data).toEqual([]);
    const answer = () =>
      app.json('POST', '/api/reservations', { as: app.cast.customer, body: bodyOf(app, '10:00') });
    expect((await answer()).status).toBe(422);
    await unheard(
      `INSERT INTO opening_rules (id, service_id, weekday, opens, closes) VALUES ('${newId()}', '${app.service.id}', 1, '09:00', '17:00')`,
    );
    expect((await answer()).status).toBe(201);
  });
});
