import { expect, test } from 'vitest';
import type { Store } from '../../src/db/store.ts';
import { DAY } from '../../src/domain/clock.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { forgetOldAnswers } from '../../src/web/once.ts';
import { buildApp, openApp, type TestApp } from '../support/app.ts';
import { book, entriesOf, mondayAt, reservationsOf } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

function booking(app: TestApp, key: string, time = '10:00', as = app.cast.customer) {
  return app.json('POST', '/api/reservations', {
    as,
    headers: { 'idempotency-key': key },
    body: { service_id: app.service.id, time_slot: mondayAt(time).toISOString() },
  });
}

onBothDatabases('a request with an Idempotency-Key', (open) => {
  test('that comes again gets the first answer, to the letter, and does nothing', async () => {
    const app = await buildApp(open().store);
    const first = await booking(app, 'k1');
    expect(first.status).toBe(201);
    app.clock.pass(60);
    for (let again = 0; again < 3; again++) {
      const replayed = await booking(app, 'k1');
      expect(replayed.status).toBe(201);
      expect(replayed.text).toBe(first.text);
      expect(replayed.headers.get('content-type')).toBe('application/json');
    }
    expect(await reservationsOf(app.store, app.service)).toHaveLength(1);
  });

  test('gets the first answer also after things have moved on', async () => {
    const app = await buildApp(open().store);
    const first = await booking(app, 'k1');
    await app.json('POST', `/api/reservations/${first.body.data.id}/cancel`, { as: app.cast.customer });
    expect((await booking(app, 'k1')).text).toBe(first.text);
  });

  test('is refused with 422 when its body is another', async () => {
    const app = await buildApp(open().store);
    await booking(app, 'k1', '10:00');
    const { status, body } = await booking(app, 'k1', '11:00');
    expect(status).toBe(422);
    expect(body).toEqual({ error: { code: 'key_reused', message: expect.any(String) } });
    expect(await reservationsOf(app.store, app.service)).toHaveLength(1);
  });

  test('and its twins at the same moment have one effect and one answer', async () => {
    const app = await buildApp(open().store, { service: { capacity: 10 } });
    const add = () =>
      app.json('POST', `/api/queues/${app.service.id}/entries`, {
        as: app.cast.staff,
        headers: { 'idempotency-key': 'twin' },
        body: { name: 'Wanda' },
      });
    const answers = await Promise.all(Array.from({ length: 8 }, add));
    // A twin waits for the first, or is told to come again in a moment.
    for (const { status } of answers) expect([201, 409, 503]).toContain(status);
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    expect(await entriesOf(app.store, app.service)).toHaveLength(1);
    expect((await add()).text).toBe(made[0]?.text);
  });

  test('that books, and its twins, are all told of the one reservation', async () => {
    const app = await buildApp(open().store, { service: { capacity: 10 } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => booking(app, 'twin')));
    // The second to come is refused, since the first has the place: its answer stands beside that.
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await reservationsOf(app.store, app.service)).toHaveLength(1);
    // With another slot the place is free, and the key is not.
    const others = await Promise.all(['11:00', '12:00'].map((time) => booking(app, 'other', time)));
    expect(others.map(({ status, body }) => body.error?.code ?? status).sort()).toEqual([201, 'key_reused']);
    expect(await reservationsOf(app.store, app.service)).toHaveLength(2);
  });

  test('that was refused is refused again in the same words', async () => {
    const app = await buildApp(open().store);
    const other = await book(app, app.cast.otherCustomer, mondayAt('10:00'));
    const first = await booking(app, 'k1');
    expect(first.status).toBe(409);
    expect(first.body.error.code).toBe('slot_full');
    // The place is free now, but this request was answered.
    await app.json('POST', `/api/reservations/${other.id}/cancel`, { as: app.cast.otherCustomer });
    const again = await booking(app, 'k1');
    expect(again.status).toBe(409);
    expect(again.text).toBe(first.text);
    expect((await booking(app, 'k2')).status).toBe(201);
  });

  test('whose input was wrong is told the same again; what is right needs a key of its own', async () => {
    const app = await buildApp(open().store);
    const wrong = () =>
      app.json('POST', '/api/reservations', {
        as: app.cast.customer,
        headers: { 'idempotency-key': 'k1' },
        body: {},
      });
    const first = await wrong();
    expect([first.status, first.body.error.code]).toEqual([422, 'invalid']);
    expect((await wrong()).body).toEqual(first.body);
    expect((await booking(app, 'k1')).body.error.code).toBe('key_reused');
    expect((await booking(app, 'k2')).status).toBe(201);
  });

  test.each([
    ['a broken program', new Error('broken'), 500],
    ['a busy database', new Refusal('busy', { retryAfter: 2 }), 503],
  ])('that met %s starts afresh', async (_, error, status) => {
    const scene = await buildApp(open().store);
    const app = openApp(scene, { parts: { store: failingOnce(scene.store, error) } });
    expect((await booking(app, 'k1')).status).toBe(status);
    expect((await booking(app, 'k1')).status).toBe(201);
  });

  test('is the same for an id in capitals', async () => {
    const app = await buildApp(open().store);
    const add = (id: string) =>
      app.json('POST', `/api/queues/${id}/entries`, {
        as: app.cast.staff,
        headers: { 'idempotency-key': 'k' },
        body: { name: 'Wanda' },
      });
    const first = await add(app.service.id);
    expect((await add(app.service.id.toUpperCase())).text).toBe(first.text);
    expect(await entriesOf(app.store, app.service)).toHaveLength(1);
  });

  test('belongs to its sender, its path and its method', async () => {
    const app = await buildApp(open().store, { service: { capacity: 2 } });
    const mine = await booking(app, 'same');
    const theirs = await booking(app, 'same', '10:00', app.cast.otherCustomer);
    expect(theirs.status).toBe(201);
    expect(theirs.body.data.id).not.toBe(mine.body.data.id);
    const canceled = await app.json('POST', `/api/reservations/${mine.body.data.id}/cancel`, {
      as: app.cast.customer,
      headers: { 'idempotency-key': 'same' },
    });
    expect(canceled.status).toBe(200);
    expect(canceled.body.data.status).toBe('canceled');
  });

  test('whose work was done already is kept like any other', async () => {
    const app = await buildApp(open().store);
    const { body } = await booking(app, 'k1');
    app.clock.set(mondayAt('10:00'));
    const checkIn = (key?: string, input?: object) =>
      app.json('POST', `/api/reservations/${body.data.id}/check-in`, {
        as: app.cast.customer,
        headers: key ? { 'idempotency-key': key } : {},
        body: input,
      });
    await checkIn();
    const first = await checkIn('again');
    await app.json('POST', `/api/entries/${first.body.data.id}/call`, { as: app.cast.staff });
    expect((await checkIn('again')).text).toBe(first.text);
    expect((await checkIn('again', { other: 1 })).body.error.code).toBe('key_reused');
  });

  test('is forgotten after a day', async () => {
    const app = await buildApp(open().store, { service: { capacity: 5 } });
    const add = () =>
      app.json('POST', `/api/queues/${app.service.id}/entries`, {
        as: app.cast.staff,
        headers: { 'idempotency-key': 'daily' },
        body: { name: 'Wanda' },
      });
    const start = app.clock();
    const first = await add();
    app.clock.set(new Date(start.getTime() + DAY - 1_000));
    await forgetOldAnswers(app.store, app.clock());
    expect((await add()).text).toBe(first.text);
    app.clock.set(new Date(start.getTime() + DAY + 1_000));
    const next = await add();
    expect(next.status).toBe(201);
    expect(next.body.data.id).not.toBe(first.body.data.id);
    expect((await add()).text).toBe(next.text);
  });

  test('that is no key is refused with 422', async () => {
    const app = await buildApp(open().store);
    for (const key of ['', ' ', 'a b', 'x'.repeat(201), 'ä', 'a\tb']) {
      const { status, body } = await booking(app, key);
      expect(status, JSON.stringify(key)).toBe(422);
      expect(Object.keys(body.error.fields)).toEqual(['idempotency_key']);
    }
    expect((await booking(app, 'x'.repeat(200))).status).toBe(201);
  });

  test('is none in JSON but for its header', async () => {
    const app = await buildApp(open().store);
    const body = {
      service_id: app.service.id,
      time_slot: mondayAt('10:00').toISOString(),
      idempotency_key: 5,
    };
    const { status } = await app.json('POST', '/api/reservations', { as: app.cast.customer, body });
    expect(status).toBe(201);
  });

  test('as a form carries it books once, and leads to the same place', async () => {
    const app = await buildApp(open().store, { service: { capacity: 5 } });
    const send = () =>
      app.form(
        `/services/${app.service.slug}/reservations`,
        { time_slot: mondayAt('10:00').toISOString(), idempotency_key: 'f1' },
        { as: app.cast.customer },
      );
    const first = await send();
    expect(first.status).toBe(303);
    const second = await send();
    expect(second.status).toBe(303);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await reservationsOf(app.store, app.service)).toHaveLength(1);
  });
});

/** A store whose first transaction fails. */
function failingOnce(store: Store, error: Error): Store {
  let failed = false;
  return new Proxy(store, {
    get: (target, name) => {
      if ((name === 'transaction' || name === 'sendAll') && !failed)
        return async () => {
          failed = true;
          throw error;
        };
      return Reflect.get(target, name);
    },
  });
}
