import { expect, test } from 'vitest';
import { newId } from '../../../src/domain/id.ts';
import { VERBS } from '../../../src/domain/ticket.ts';
import { buildApp } from '../../support/app.ts';
import { bookAndCheckIn, buildDesk, eventsOf, mondayAt, walkIn } from '../../support/builders.ts';
import { onBothDatabases } from '../../support/databases.ts';

const ENTRY = [
  'id',
  'reservation_id',
  'service_id',
  'position',
  'number',
  'name',
  'status',
  'due_at',
  'effective_at',
  'version',
  'desk_id',
];

onBothDatabases('GET /api/queues/{service_id}', (open) => {
  test('answers the open entries in their order, and a count per status', async () => {
    const app = await buildApp(open().store);
    const { cast, service } = app;
    const [first, second, third, fourth] = [
      await walkIn(app, 'First'),
      await walkIn(app, 'Second'),
      await walkIn(app, 'Third'),
      await walkIn(app, 'Fourth', 1),
    ];
    const verb = (entry: { id: string }, name: string) =>
      app.json('POST', `/api/entries/${entry.id}/${name}`, { as: cast.staff });
    await verb(third, 'call');
    await app.json('POST', `/api/queues/${service.id}/advance`, { as: cast.staff, body: {} });
    const gone = await walkIn(app, 'Gone');
    await verb(gone, 'leave');
    const { status, body } = await app.json('GET', `/api/queues/${service.id}`, { as: cast.staff });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['data', 'meta']);
    // The priority one is first in line; it was advanced to, or the called one was where a desk is not told apart.
    const shown = body.data.map(({ id, status }: { id: string; status: string }) => [id, status]);
    expect(shown.slice(-2)).toEqual([
      [first.id, 'waiting'],
      [second.id, 'waiting'],
    ]);
    expect(shown).toHaveLength(body.meta.in_service + body.meta.called + body.meta.waiting);
    expect(shown.map(([, each]: [string, string]) => each)).toEqual(
      ['in_service', 'called', 'parked', 'waiting'].flatMap((each) =>
        Array.from({ length: body.meta[each] }, () => each),
      ),
    );
    expect(shown.map(([id]: [string, string]) => id)).toContain(fourth.id);
    expect(body.meta).toMatchObject({ left: 1, completed: 0, skipped: 0 });
    for (const entry of body.data) expect(Object.keys(entry)).toEqual(ENTRY);
    expect(body.meta.in_service).toBe(1);
  });

  test('answers another day, an empty one too, and refuses what is none', async () => {
    const app = await buildApp(open().store);
    await walkIn(app);
    const on = (date: string) =>
      app.json('GET', `/api/queues/${app.service.id}?date=${date}`, { as: app.cast.admin });
    expect((await on('2026-03-02')).body.data).toHaveLength(1);
    for (const far of ['1000-01-01', '9999-12-31']) expect((await on(far)).body.data, far).toEqual([]);
    const empty = (await on('2026-03-01')).body;
    expect(empty.data).toEqual([]);
    expect(empty.meta).toEqual({
      waiting: 0,
      called: 0,
      in_service: 0,
      parked: 0,
      completed: 0,
      skipped: 0,
      left: 0,
    });
    for (const date of ['', 'today', '2026-02-30', '0000-01-01', '%00']) {
      const { status, body } = await on(date);
      expect(status, date).toBe(422);
      expect(Object.keys(body.error.fields)).toEqual(['date']);
    }
  });
});

onBothDatabases('POST /api/queues/{service_id}/advance', (open) => {
  test('completes one and starts the next; both may be null', async () => {
    const app = await buildApp(open().store);
    const advance = async (body?: object) =>
      app.json('POST', `/api/queues/${app.service.id}/advance`, { as: app.cast.staff, body });
    expect((await advance()).body).toEqual({ data: { completed: null, in_service: null } });
    const entry = await walkIn(app);
    const started = await advance({});
    expect(started.status).toBe(200);
    expect(started.body.data.completed).toBeNull();
    expect(Object.keys(started.body.data.in_service)).toEqual(ENTRY);
    expect(started.body.data.in_service).toMatchObject({
      id: entry.id,
      status: 'in_service',
      version: entry.version + 1,
    });
    const done = await advance({});
    expect(done.body.data).toMatchObject({
      completed: { id: entry.id, status: 'completed' },
      in_service: null,
    });
  });

  test('refuses a screen that is behind with 409 stale', async () => {
    const app = await buildApp(open().store);
    const entry = await walkIn(app);
    const advance = (body: object) =>
      app.json('POST', `/api/queues/${app.service.id}/advance`, { as: app.cast.staff, body });
    await advance({});
    for (const serving of [null, newId()]) {
      const { status, body } = await advance({ serving });
      expect(status).toBe(409);
      expect(body.error).toMatchObject({ code: 'stale', entry: { id: entry.id, status: 'in_service' } });
    }
    expect((await advance({ serving: entry.id.toUpperCase() })).body.data.completed.id).toBe(entry.id);
    expect((await advance({ serving: entry.id })).body.error.entry).toMatchObject({
      id: entry.id,
      status: 'completed',
    });
    await walkIn(app);
    await advance({});
    const { error } = (await advance({ serving: entry.id })).body;
    expect(error).toMatchObject({ code: 'stale', entry: { id: entry.id, status: 'completed' } });
    expect(error.message).toContain(entry.number);
  });

  test('finishes the one of several that the screen showed, where no desk is told apart', async () => {
    const app = await buildApp(open().store);
    const tickets = [await walkIn(app), await walkIn(app), await walkIn(app)];
    for (const { id } of tickets) {
      for (const verb of ['call', 'start'])
        await app.json('POST', `/api/entries/${id}/${verb}`, { as: app.cast.staff });
    }
    for (const { id } of tickets.toReversed()) {
      const { body } = await app.json('POST', `/api/queues/${app.service.id}/advance`, {
        as: app.cast.staff,
        body: { serving: id },
      });
      expect(body.data.completed.id).toBe(id);
    }
  });

  test('keeps the lines of desks apart, and knows its own desks only', async () => {
    const app = await buildApp(open().store);
    const { cast, service, deskId } = app;
    const other = await buildDesk(app.store, app.location, 'Desk 2');
    await walkIn(app, 'First');
    await walkIn(app, 'Second');
    const advance = (desk_id: unknown) =>
      app.json('POST', `/api/queues/${service.id}/advance`, { as: cast.staff, body: { desk_id } });
    const [one, two] = await Promise.all([advance(deskId), advance(other)]);
    expect(one.body.data.in_service.desk_id).toBe(deskId);
    expect(two.body.data.in_service.desk_id).toBe(other);
    expect(one.body.data.in_service.id).not.toBe(two.body.data.in_service.id);
    for (const desk of [newId(), 'Desk 1', await buildDesk(app.store, app.otherLocation)]) {
      const { status, body } = await advance(desk);
      expect(status).toBe(422);
      expect(Object.keys(body.error.fields)).toEqual(['desk_id']);
    }
  });
});

onBothDatabases('POST /api/queues/{service_id}/entries', (open) => {
  test('gives a walk-in the next number', async () => {
    const app = await buildApp(open().store, { service: { prefix: 'W' } });
    const { status, body } = await app.json('POST', `/api/queues/${app.service.id}/entries`, {
      as: app.cast.staff,
      body: { name: ' Wanda ', phone: '+49 30 1234', priority: 1 },
    });
    expect(status).toBe(201);
    expect(Object.keys(body.data)).toEqual(ENTRY);
    expect(body.data).toMatchObject({
      reservation_id: null,
      service_id: app.service.id,
      position: 1,
      number: 'W1',
      name: 'Wanda',
      status: 'waiting',
      due_at: '2026-03-02T07:00:00.000Z',
      effective_at: '2026-03-02T06:50:00.000Z',
      desk_id: null,
    });
    const bare = await app.json('POST', `/api/queues/${app.service.id}/entries`, {
      as: app.cast.staff,
      body: { name: 'Bo' },
    });
    expect(bare.status).toBe(201);
    expect(bare.body.data.number).toBe('W2');
  });

  test.each([
    ['no name', {}, 'name'],
    ['a blank name', { name: ' ' }, 'name'],
    ['a long name', { name: 'x'.repeat(101) }, 'name'],
    ['a name with a NUL', { name: 'a\u0000' }, 'name'],
    ['a name that is no text', { name: { first: 'Bo' } }, 'name'],
    ['a phone in words', { name: 'Bo', phone: 'call me' }, 'phone'],
    ['a long phone', { name: 'Bo', phone: '1'.repeat(41) }, 'phone'],
    ['a high priority', { name: 'Bo', priority: 100 }, 'priority'],
    ['a low priority', { name: 'Bo', priority: -1 }, 'priority'],
    ['a priority in words', { name: 'Bo', priority: 'high' }, 'priority'],
  ])('refuses %s', async (_, input, field) => {
    const app = await buildApp(open().store);
    const { status, body } = await app.json('POST', `/api/queues/${app.service.id}/entries`, {
      as: app.cast.staff,
      body: input,
    });
    expect(status).toBe(422);
    expect(Object.keys(body.error.fields)).toEqual([field]);
  });

  test('is refused where a service takes no walk-ins', async () => {
    const app = await buildApp(open().store, { service: { walkIns: false } });
    const { status, body } = await app.json('POST', `/api/queues/${app.service.id}/entries`, {
      as: app.cast.staff,
      body: { name: 'Wanda' },
    });
    expect(status).toBe(409);
    expect(body).toEqual({ error: { code: 'no_walk_ins', message: expect.any(String) } });
  });
});

onBothDatabases('POST /api/entries/{id}/{verb}', (open) => {
  test('moves a ticket and answers it', async () => {
    const app = await buildApp(open().store);
    const { id } = await walkIn(app);
    let version = 1;
    for (const [verb, status] of [
      ['call', 'called'],
      ['recall', 'called'],
      ['start', 'in_service'],
      ['complete', 'completed'],
    ]) {
      const answer = await app.json('POST', `/api/entries/${id}/${verb}`, {
        as: app.cast.staff,
        body: { version },
      });
      expect(answer.status, verb).toBe(200);
      expect(Object.keys(answer.body)).toEqual(['data']);
      expect(Object.keys(answer.body.data)).toEqual(ENTRY);
      version += 1;
      expect(answer.body.data).toMatchObject({ id, status, version });
    }
  });

  test('does a verb twice as a quiet no-op, with the same answer and one event', async () => {
    const app = await buildApp(open().store);
    const { id } = await walkIn(app);
    const first = await app.json('POST', `/api/entries/${id}/skip`, { as: app.cast.staff });
    app.clock.pass(1);
    const second = await app.json('POST', `/api/entries/${id}/skip`, { as: app.cast.staff });
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    const skips = (await eventsOf(app.store, app.service)).filter(({ verb }) => verb === 'skip');
    expect(skips).toHaveLength(1);
  });

  test('takes no half of a character as a reason', async () => {
    const app = await buildApp(open().store);
    const { id } = await walkIn(app);
    for (const [verb, body] of [
      ['call', { reason: 'a\ud800b' }],
      ['move', { rank: 0, reason: '\udc00' }],
      ['note', { note: 'a\ud800b' }],
    ] as const) {
      const { status, body: answer } = await app.json('POST', `/api/entries/${id}/${verb}`, {
        as: app.cast.staff,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
      expect([status, answer.error.code], verb).toEqual([422, 'invalid']);
    }
    expect((await eventsOf(app.store, app.service)).map(({ verb }) => verb)).toEqual(['walk-in']);
  });

  test('refuses an old version and a state it does not lead on from, with the fresh ticket', async () => {
    const app = await buildApp(open().store);
    const { id } = await walkIn(app);
    const verb = (name: string, body?: object) =>
      app.json('POST', `/api/entries/${id}/${name}`, { as: app.cast.staff, body });
    // Nobody was faster: it only came into the line.
    const early = await verb('complete', { version: null });
    expect(early.body.error).toMatchObject({
      code: 'wrong_state',
      message: expect.not.stringMatching('Sam Staff'),
    });
    await verb('call');
    const stale = await verb('start', { version: 1 });
    expect(stale.status).toBe(409);
    expect(stale.body.error).toEqual({
      code: 'stale',
      message: expect.stringMatching(/^Ticket A1 was already called by Sam Staff at \d\d:\d\d\.$/),
      entry: expect.objectContaining({ id, status: 'called', version: 2 }),
    });
    expect(Object.keys(stale.body.error.entry)).toEqual(ENTRY);
    // Not the same as calling it again: it was called elsewhere.
    const elsewhere = await verb('call', { desk_id: app.deskId });
    expect(elsewhere.body.error).toMatchObject({ code: 'stale', entry: { desk_id: null } });
    const wrong = await verb('reinstate');
    expect(wrong.status).toBe(409);
    expect(wrong.body.error).toMatchObject({ code: 'wrong_state', entry: { id, status: 'called' } });
    for (const name of ['start', 'call']) {
      const nowhere = await verb(name, { version: 1, desk_id: newId() });
      expect([nowhere.status, Object.keys(nowhere.body.error.fields)]).toEqual([422, ['desk_id']]);
    }
    for (const version of [0, -1, 1.5, 'new', 3e9])
      expect(Object.keys((await verb('start', { version })).body.error.fields), String(version)).toEqual([
        'version',
      ]);
  });

  test('lets a customer leave with their own ticket, and do nothing else', async () => {
    const app = await buildApp(open().store);
    const { cast } = app;
    const entry = await bookAndCheckIn(app, cast.customer, mondayAt('10:00'));
    const statusOf = async (verb: string, as: typeof cast.customer) =>
      (await app.json('POST', `/api/entries/${entry.id}/${verb}`, { as })).status;
    for (const verb of [...VERBS.filter((each) => each !== 'leave'), 'transfer', 'move', 'note'])
      expect(await statusOf(verb, cast.customer), verb).toBe(403);
    expect(await statusOf('leave', cast.otherCustomer)).toBe(404);
    expect(await statusOf('leave', cast.customer)).toBe(200);
  });

  test('undoes what the same person did, with both halves of an advance', async () => {
    const app = await buildApp(open().store);
    const { cast, service } = app;
    const [first, second] = [await walkIn(app), await walkIn(app)];
    const advance = () => app.json('POST', `/api/queues/${service.id}/advance`, { as: cast.staff });
    const undo = (id: string, as: typeof cast.staff, body?: object) =>
      app.json('POST', `/api/entries/${id}/undo`, { as, body });
    await advance();
    await advance();
    expect((await undo(first.id, cast.admin)).body.error).toMatchObject({
      code: 'not_undoable',
      entry: { id: first.id, status: 'completed' },
    });
    expect((await undo(first.id, cast.staff, { version: 1 })).body.error.code).toBe('stale');
    const undone = await undo(second.id, cast.staff);
    expect(undone.status).toBe(200);
    expect(Object.keys(undone.body.data)).toEqual(ENTRY);
    expect(undone.body.data).toMatchObject({ status: 'waiting', version: 3, desk_id: null });
    const { body } = await app.json('GET', `/api/queues/${service.id}`, { as: cast.staff });
    expect(body.data).toMatchObject([
      { id: first.id, status: 'in_service', version: 4 },
      { id: second.id, status: 'waiting' },
    ]);
    expect((await undo(first.id, cast.staff)).body.data).toEqual(body.data[0]);
  });

  test('tells the address of a new ticket once, and stores no token', async () => {
    const app = await buildApp(open().store);
    const add = () =>
      app.json('POST', `/api/queues/${app.service.id}/entries`, {
        as: app.cast.staff,
        body: { name: 'Wanda' },
        headers: { 'idempotency-key': 'once' },
      });
    const [made, again] = [await add(), await add()];
    const token = made.headers.get('location')?.replace('/t/', '') as string;
    expect(token).toMatch(/^[\w-]{24}$/);
    expect(again.body).toEqual(made.body);
    expect(again.headers.get('location')).toBeNull();
    expect(JSON.stringify(made.body)).not.toContain(token);
    for (const table of ['answers', 'events', 'queue_entries'])
      expect(JSON.stringify(await open().raw(`SELECT * FROM ${table}`)), table).not.toContain(token);
  });

  test('answers 404 to a verb that is none', async () => {
    const app = await buildApp(open().store);
    const { id } = await walkIn(app);
    for (const verb of ['advance', 'toString', 'constructor', '__proto__', 'delete', 'CALL'])
      expect((await app.json('POST', `/api/entries/${id}/${verb}`, { as: app.cast.staff })).status).toBe(404);
  });
});
