import { HtmlValidate } from 'html-validate';
import { expect, test } from 'vitest';
import rules from '../../.htmlvalidate.json' with { type: 'json' };
import { addClosure } from '../../src/actions/closures.ts';
import { deskWithServices } from '../../src/db/desks.ts';
import { type Answer, buildApp, type Fields, leadsTo, type TestApp } from '../support/app.ts';
import { book, buildLocation, reload, verbsOf, walkIn } from '../support/builders.ts';
import { addPeople, person } from '../support/cast.ts';
import { onBothDatabases } from '../support/databases.ts';

const TUESDAY = '2026-03-03';
const tuesdayAt = (time: string) => new Date(`${TUESDAY}T${time}:00+01:00`);
const validator = new HtmlValidate(rules as never);

/** The answers of a form as its page shows them: what a browser would send without a change. */
function answersOf({ text }: Answer, action: string): Record<string, string> {
  const start = text.indexOf(`action="${action}"`);
  const form = text.slice(start, text.indexOf('</form>', start));
  const fields: Record<string, string> = {};
  const attribute = (tag: string, name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const ticked = /\schecked/.test(tag) || !/type="(checkbox|radio)"/.test(tag);
    const name = attribute(tag, 'name');
    if (name && ticked) fields[name] = unescaped(attribute(tag, 'value') ?? '');
  }
  for (const [, name = '', text_ = ''] of form.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)</g))
    fields[name] = unescaped(text_);
  for (const [, name = '', options = ''] of form.matchAll(
    /<select[^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gs,
  )) {
    const [first] = options.match(/<option[^>]*>/) ?? [''];
    const [chosen] = options.match(/<option[^>]*selected[^>]*>/) ?? [first];
    fields[name] = attribute(chosen, 'value') ?? '';
  }
  return fields;
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

async function valid(answer: Answer): Promise<Answer> {
  const { results } = await validator.validateString(answer.text);
  expect(
    results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)),
  ).toEqual([]);
  // Every link of a list of mistakes leads to something.
  for (const [, id] of answer.text.matchAll(/href="#([^"]+)"/g)) expect(answer.text).toContain(`id="${id}"`);
  return answer;
}

/** The edit form of the scene's service with the answers that stand in it. */
async function editForm(app: TestApp, id = app.service.id) {
  const path = `/admin/services/${id}`;
  const page = await valid(await app.page(path, { as: app.cast.admin }));
  return { path, fields: answersOf(page, path) };
}

onBothDatabases('the admin pages', (open) => {
  const build = () => buildApp(open().store);

  test('the overview shows every service with its hours', async () => {
    const app = await build();
    const { text, status } = await valid(await app.page('/admin', { as: app.cast.admin }));
    expect(status).toBe(200);
    expect(text).toContain(`/admin/services/${app.service.id}`);
    expect(text).toContain('Mon to Sun 09:00 to 17:00');
  });

  test.each([
    '/admin',
    '/admin/new-service',
    '/admin/closures',
    '/admin/locations',
    '/admin/staff',
    '/admin/nothing',
  ])('%s is for admins alone', async (path) => {
    const app = await build();
    const visitor = await app.page(path);
    expect([visitor.status, visitor.headers.get('location')]).toEqual([
      303,
      `/login?next=${encodeURIComponent(path)}`,
    ]);
    expect((await app.page(path, { as: app.cast.staff })).status).toBe(403);
    expect((await app.page(path, { as: app.cast.customer })).status).toBe(403);
  });

  test('a service is added with two stretches a day', async () => {
    const app = await build();
    const { admin } = app.cast;
    const start = await valid(await app.page('/admin/new-service', { as: admin }));
    const fields: Fields = {
      ...answersOf(start, '/admin/services'),
      name: `Dog licences ${app.service.id}`,
      location_id: app.location.id,
    };
    const more = await valid(await app.form('/admin/services', { ...fields, add_hours: '3' }, { as: admin }));
    expect(more.status).toBe(200);
    const typed = answersOf(more, '/admin/services');
    expect(typed).toMatchObject({
      name: fields.name,
      location_id: app.location.id,
      'opening_rules.5.weekday': '3',
    });
    const saved = await app.form(
      '/admin/services',
      {
        ...typed,
        'opening_rules.2.closes': '12:00',
        'opening_rules.5.opens': '13:00',
        'opening_rules.5.closes': '00:00',
      },
      { as: admin },
    );
    expect(saved.status).toBe(303);
    const done = await app.nextPage(saved, { as: admin });
    expect(done.text).toContain(`${fields.name} was added`);
    expect(done.text).toContain('Wed 09:00 to 12:00, 13:00 to 24:00');
  });

  test('a new service that cannot be is shown again as it was typed', async () => {
    const app = await build();
    const { admin } = app.cast;
    const start = answersOf(await app.page('/admin/new-service', { as: admin }), '/admin/services');
    const fields = {
      ...start,
      location_id: app.location.id,
      name: '',
      description: 'A <b>bold</b> word',
      duration_minutes: 'long',
      // The first line is left empty: what is wrong must still stand beside the right one.
      'opening_rules.0.opens': '',
      'opening_rules.0.closes': '',
      'opening_rules.1.opens': '18:00',
      'opening_rules.1.closes': '12:00',
    };
    for (const answer of [
      await valid(await app.form('/admin/services', fields, { as: admin })),
      await app.htmx('/admin/services', { fields, as: admin }),
    ]) {
      expect(answer.status).toBe(422);
      const { idempotency_key: _, ...typed } = answersOf(answer, '/admin/services');
      expect(typed).toMatchObject({
        ...typed,
        name: '',
        description: fields.description,
        duration_minutes: 'long',
      });
      expect(typed['opening_rules.1.opens']).toBe('18:00');
      expect(answer.text).toContain('id="opening-rules-1-closes-error"');
      expect(answer.text).not.toContain('id="opening-rules-0-closes-error"');
      expect(answer.text).toContain('Tuesday, closes: The end must be after the beginning.');
    }
  });

  test('a service gets no name that another one at its place has; a program may give it', async () => {
    const app = await build();
    const as = app.cast.admin;
    const said = 'Name: Another one in use has this name';
    const start = answersOf(await app.page('/admin/new-service', { as }), '/admin/services');
    const fields = { ...start, location_id: app.location.id, name: 'passports', capacity: '7' };
    const twin = await valid(await app.form('/admin/services', fields, { as }));
    expect([twin.status, twin.text.includes(said)]).toEqual([422, true]);
    expect(answersOf(twin, '/admin/services')).toMatchObject({ name: 'passports', capacity: '7' });
    const body = { location_id: app.location.id, name: 'Passports', duration_minutes: 20 };
    const made = await app.json('POST', '/api/services', { as, body });
    expect(made.status).toBe(201);
    const { path, fields: theirs } = await editForm(app, made.body.data.id);
    expect((await app.form(path, { ...theirs, capacity: '3' }, { as })).status).toBe(303);
    const own = await editForm(app, made.body.data.id);
    await app.form(path, { ...own.fields, name: 'Parking' }, { as });
    const back = await editForm(app, made.body.data.id);
    const again = await valid(await app.form(path, { ...back.fields, name: 'Passports' }, { as }));
    expect([again.status, again.text.includes(said)]).toEqual([422, true]);
  });

  test('a new service and a new desk are put nowhere before somebody says where', async () => {
    const app = await build();
    const as = app.cast.admin;
    for (const [page, action] of [
      ['/admin/new-service', '/admin/services'],
      ['/admin/desks', '/admin/desks'],
    ] as const) {
      const start = await valid(await app.page(page, { as }));
      const fields = { ...answersOf(start, action), name: `Typed ${app.location.id}` };
      expect(fields).toMatchObject({ location_id: '' });
      for (const answer of [
        await valid(await app.form(action, fields, { as })),
        await app.htmx(action, { fields, as }),
      ]) {
        expect(answer.status).toBe(422);
        expect(answer.text).toContain('Location: Please fill this in.');
        expect(answersOf(answer, action)).toMatchObject({ name: fields.name, location_id: '' });
      }
      const placed = { ...fields, name: '', location_id: app.location.id };
      const nameless = await app.form(action, placed, { as });
      expect(answersOf(nameless, action).location_id).toBe(app.location.id);
    }
  });

  test('a closure counts for no place before somebody says which', async () => {
    const app = await build();
    const as = app.cast.admin;
    const page = await valid(await app.page('/admin/closures', { as }));
    const fields = { ...answersOf(page, '/admin/closures'), day: TUESDAY, reason: 'Strike' };
    expect(fields).toMatchObject({ scope: '' });
    const refused = await valid(await app.form('/admin/closures', fields, { as }));
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Counts for: Please fill this in.');
    expect(answersOf(refused, '/admin/closures')).toMatchObject({ scope: '', reason: 'Strike' });
  });

  test('the hours of a service say whose clocks they are told by', async () => {
    const app = await build();
    await buildLocation(app.store, 'America/Lima');
    const { admin } = app.cast;
    const edit = await valid(await app.page(`/admin/services/${app.service.id}`, { as: admin }));
    expect(edit.text).toContain('Times in the time zone Europe/Berlin. <a href="/admin/locations">');
    const added = await valid(await app.page('/admin/new-service', { as: admin }));
    expect(added.text).toContain(`${app.location.name} in Europe/Berlin; `);
    expect(added.text).toMatch(/ in America\/Lima[;.]/);
  });

  test('adding and removing hours saves nothing', async () => {
    const app = await build();
    const { path, fields } = await editForm(app);
    const answer = await app.form(
      path,
      { ...fields, name: 'Renamed', remove_hours: '0' },
      { as: app.cast.admin },
    );
    const typed = answersOf(answer, path);
    expect(typed.name).toBe('Renamed');
    expect(typed['opening_rules.0.weekday']).toBe('2');
    expect(typed['opening_rules.6.weekday']).toBeUndefined();
    expect(await reload(app.store, app.service)).toMatchObject({ name: 'Passports', version: 1 });
  });

  test('a service is saved, once for a form that is sent twice', async () => {
    const app = await build();
    const { path, fields } = await editForm(app);
    const { walk_ins: _, ...rest } = fields;
    const form = { ...rest, name: 'Passports & IDs', capacity: '4' };
    const first = await app.form(path, form, { as: app.cast.admin });
    const second = await app.form(path, form, { as: app.cast.admin });
    expect([first.status, second.status]).toEqual([303, 303]);
    expect(await reload(app.store, app.service)).toMatchObject({
      name: 'Passports & IDs',
      capacity: 4,
      walkIns: false,
      version: 2,
    });
    expect(await verbsOf(app.store, app.service)).toEqual(['update']);
    const htmx = await app.htmx(path, { fields: (await editForm(app)).fields, as: app.cast.admin });
    expect([htmx.status, leadsTo(htmx)]).toEqual([204, `/admin?done=saved-${app.service.id}`]);
  });

  test('a form that comes back with its key and other answers is shown again', async () => {
    const app = await build();
    const { path, fields } = await editForm(app);
    await app.form(path, fields, { as: app.cast.admin });
    const again = await valid(
      await app.form(path, { ...fields, name: 'Typed later' }, { as: app.cast.admin }),
    );
    expect(again.status).toBe(422);
    expect(answersOf(again, path).name).toBe('Typed later');
  });

  test('who saves over somebody else is asked first and loses nothing', async () => {
    const app = await build();
    const { path, fields } = await editForm(app);
    await app.form(path, { ...fields, idempotency_key: 'other', name: 'Theirs' }, { as: app.cast.admin });
    const mine = { ...fields, name: 'Mine' };
    for (const answer of [
      await valid(await app.form(path, mine, { as: app.cast.admin })),
      await app.htmx(path, { fields: { ...mine, idempotency_key: 'htmx' }, as: app.cast.admin }),
    ]) {
      expect(answer.status).toBe(409);
      expect(answer.text).toContain('Stands now: Theirs');
      expect(answersOf(answer, path)).toMatchObject({ name: 'Mine', version: '2' });
    }
    const shown = answersOf(await app.form(path, mine, { as: app.cast.admin }), path);
    expect((await app.form(path, shown, { as: app.cast.admin })).status).toBe(303);
    expect(await reload(app.store, app.service)).toMatchObject({ name: 'Mine', version: 3 });
  });

  test('reservations that new hours would leave outside are shown, and asked about again when there are more', async () => {
    const app = await build();
    const { admin, customer, otherCustomer } = app.cast;
    const reservation = await book(app, customer, tuesdayAt('10:00'));
    const { path, fields } = await editForm(app);
    const change = { ...fields, 'opening_rules.1.opens': '12:00' };
    const asked = await valid(await app.form(path, change, { as: admin }));
    expect(asked.status).toBe(409);
    expect(asked.text).toContain(`/reservations/${reservation.id}`);
    expect(asked.text).toContain('Carla Customer');
    const tag = /name="confirmed" value="([^"]+)"/.exec(asked.text)?.[1] ?? '';
    const typed = answersOf(asked, path);
    expect(typed['opening_rules.1.opens']).toBe('12:00');

    await book(app, otherCustomer, tuesdayAt('11:00'));
    const more = await app.form(path, { ...typed, confirmed: tag }, { as: admin });
    expect(more.status).toBe(409);
    expect(more.text).toContain('2 reservations would not fit');
    expect(more.text).toContain(
      `<a href="mailto:?bcc=${customer.email},${otherCustomer.email}">Write to all 2 of them</a>`,
    );
    const newTag = /name="confirmed" value="([^"]+)"/.exec(more.text)?.[1] ?? '';
    expect(
      (await app.form(path, { ...answersOf(more, path), confirmed: newTag }, { as: admin })).status,
    ).toBe(303);

    // They stay listed where they were saved over, until nobody has to talk about them any more.
    expect((await valid(await app.page(path, { as: admin }))).text).toContain(
      '2 reservations do not fit these hours and places.',
    );
    await app.form(`/reservations/${reservation.id}/cancel`, {}, { as: customer });
    const left = (await app.page(path, { as: admin })).text;
    expect(left).toContain('1 reservation does not fit these hours and places.');
    expect(left).not.toContain(`/reservations/${reservation.id}`);

    // They are known now: another change does not ask about them again.
    const { fields: next } = await editForm(app);
    expect((await app.form(path, { ...next, name: 'Later' }, { as: admin })).status).toBe(303);
  });

  test('a service is retired after a page that says what stands', async () => {
    const app = await build();
    await book(app, app.cast.customer, tuesdayAt('10:00'));
    const path = `/admin/services/${app.service.id}/retire`;
    const asked = await valid(await app.page(path, { as: app.cast.admin }));
    expect(asked.text).toContain('1 reservation still stands, the last on Tuesday 3 March, 10:00');
    expect(asked.text).not.toContain('in its line');
    await walkIn(app);
    const now = await valid(await app.page(path, { as: app.cast.admin }));
    expect(now.text).toContain('1 person is in its line now.');
    expect((await app.form(path, {}, { as: app.cast.staff })).status).toBe(403);
    const fields = answersOf(now, path);
    expect((await app.form(path, fields, { as: app.cast.admin })).status).toBe(303);
    const again = await app.htmx(path, { fields, as: app.cast.admin });
    expect(leadsTo(again)).toBe(`/admin?done=retired-${app.service.id}`);
    const reused = await app.form(path, { ...fields, more: 'x' }, { as: app.cast.admin });
    expect([reused.status, reused.text.includes('This page was sent before with other answers')]).toEqual([
      422,
      true,
    ]);
    expect((await verbsOf(app.store, app.service)).filter((verb) => verb === 'retire')).toEqual(['retire']);
    for (const done of ['retired-%3Cb%3E', 'retired-x', `toString-${app.service.id}`, `${app.service.id}`]) {
      const { text } = await app.page('/admin', { as: app.cast.admin, done: [done] });
      expect(text).not.toContain('class="notice');
    }
  });

  test('a closure asks about the reservations that it falls on, and can be taken back', async () => {
    const app = await build();
    const { admin } = app.cast;
    await book(app, app.cast.customer, tuesdayAt('10:00'));
    const page = await valid(await app.page('/admin/closures', { as: admin }));
    const fields = {
      ...answersOf(page, '/admin/closures'),
      scope: app.location.id,
      day: TUESDAY,
      hours: 'break',
      opens: '09:30',
      closes: '11:00',
      reason: 'Fire drill',
    };
    const asked = await valid(await app.form('/admin/closures', fields, { as: admin }));
    expect(asked.status).toBe(409);
    expect(asked.text).toContain(`href="mailto:${app.cast.customer.email}"`);
    expect(answersOf(asked, '/admin/closures')).toMatchObject({
      day: TUESDAY,
      hours: 'break',
      opens: '09:30',
      reason: 'Fire drill',
    });
    const confirmed = /name="confirmed" value="([^"]+)"/.exec(asked.text)?.[1] ?? '';
    const saved = await app.htmx('/admin/closures', { fields: { ...fields, confirmed }, as: admin });
    expect(saved.status).toBe(204);
    const list = await app.nextPage(saved, { as: admin });
    expect(list.text).toContain('Tuesday 3 March was added: closed from 09:30 to 11:00');

    const id = /\/admin\/closures\/([^/]+)\/remove/.exec(
      list.text.slice(list.text.indexOf('Fire drill')),
    )?.[1];
    const path = `/admin/closures/${id}/remove`;
    expect((await app.form(path, {}, { as: app.cast.staff })).status).toBe(403);
    const key = { idempotency_key: `remove ${id}`.replace(' ', '-') };
    for (const answer of [
      await app.form(path, key, { as: admin }),
      await app.form(path, key, { as: admin }),
    ]) {
      expect([answer.status, leadsTo(answer)]).toEqual([303, `/admin/closures?done=removed-${TUESDAY}`]);
    }
    expect((await app.form(path, {}, { as: admin })).status).toBe(404);
    expect((await app.page(path, { as: admin })).status).toBe(404);
  });

  test('a day that is over at a location is over for its closures, wherever else it lasts', async () => {
    const app = await build();
    const as = app.cast.admin;
    const honolulu = await buildLocation(app.store, 'Pacific/Honolulu');
    app.clock.set(tuesdayAt('08:00'));
    const monday = '2026-03-02';
    const add = (scope: string, day: string, reason: string) =>
      app.form('/admin/closures', { scope, day, hours: 'day', reason }, { as });
    expect((await add(honolulu.id, monday, 'Volcano')).status).toBe(303);
    for (const scope of [app.location.id, app.service.id]) {
      const late = await valid(await add(scope, monday, 'Too late'));
      expect(late.status).toBe(422);
      expect(late.text).toContain('Day: This day is over.');
    }
    const closed = { day: monday, kind: 'closed' as const, opens: null, closes: null, serviceId: null };
    await addClosure(app.act(as), { ...closed, locationId: app.location.id, reason: 'Yesterday' });
    const { text } = await valid(await app.page('/admin/closures', { as }));
    expect(text).toContain('Volcano');
    expect(text).not.toContain('Yesterday');
    expect(text).toContain(`min="${monday}"`);
  });

  test('a closure that is there already is said to be, and so is one that goes on counting', async () => {
    const app = await build();
    const { admin } = app.cast;
    const add = async (reason: string) => {
      const fields = { scope: app.location.id, day: TUESDAY, hours: 'day', reason };
      return app.nextPage(await app.form('/admin/closures', fields, { as: admin }), { as: admin });
    };
    expect((await add('Strike')).text).toContain('Tuesday 3 March was added: closed');
    const again = await add('Strike');
    expect(again.text).toContain('Tuesday 3 March is in the list already: closed');
    expect(again.text).not.toContain('March was added');
    const { text } = await add('Holiday');
    const said = [];
    for (const reason of ['Strike', 'Holiday']) {
      const path =
        /\/admin\/closures\/[^/]+\/remove/.exec(text.slice(text.indexOf(`>${reason}<`)))?.[0] ?? '';
      const removed = await app.form(path, {}, { as: admin });
      said.push(
        /Tuesday 3 March was removed\. [^<]*/.exec((await app.nextPage(removed, { as: admin })).text)?.[0],
      );
    }
    expect(said).toEqual([
      'Tuesday 3 March was removed. Another closure still counts then.',
      'Tuesday 3 March was removed. The usual hours count again.',
    ]);
  });

  test('a closure of several days is one in the list, and is taken back as one', async () => {
    const app = await build();
    const { admin } = app.cast;
    const fields = {
      scope: app.service.id,
      day: '2026-12-30',
      until: '2027-01-02',
      hours: 'day',
      reason: 'Winter break',
    };
    const added = await app.form('/admin/closures', fields, { as: admin });
    const list = await valid(await app.nextPage(added, { as: admin }));
    expect(list.text).toContain('Wednesday 30 December to Saturday 2 January 2027 was added: closed');
    expect(list.text.match(/Winter break/g)).toHaveLength(1);
    await book(app, app.cast.customer, tuesdayAt('10:00'));
    const path =
      /\/admin\/closures\/[^/]+\/remove/.exec(list.text.slice(list.text.indexOf('Winter break')))?.[0] ?? '';
    // It is asked with all that it says, before there is no way back.
    const asked = await valid(await app.page(path, { as: admin }));
    expect(asked.text).toContain('Wednesday 30 December to Saturday 2 January 2027, Closed');
    expect(asked.text).toContain('Winter break');
    expect((await app.page('/admin/closures', { as: admin })).text).toContain('Winter break');
    const removed = await app.form(path, answersOf(asked, path), { as: admin });
    expect(leadsTo(removed)).toBe('/admin/closures?done=removed-2026-12-30-2027-01-02');
    const after = await app.nextPage(removed, { as: admin });
    expect(after.text).toContain(
      'The closure of Wednesday 30 December to Saturday 2 January 2027 was removed.',
    );
    expect(after.text).not.toContain('Winter break');
  });

  test('special hours are taken back only after asking about who booked in them', async () => {
    const app = await build();
    const { admin } = app.cast;
    const special = await addClosure(app.act(admin), {
      locationId: undefined,
      serviceId: app.service.id,
      day: TUESDAY,
      kind: 'special',
      opens: '18:00',
      closes: '20:00',
      reason: 'Late opening',
    });
    await book(app, app.cast.customer, tuesdayAt('18:00'));
    const path = `/admin/closures/${special.id}/remove`;
    const asked = await valid(await app.form(path, {}, { as: admin }));
    expect(asked.status).toBe(409);
    expect(asked.text).toContain('Tuesday 3 March, Open from 18:00 to 20:00');
    expect(asked.text).toContain('1 reservation would not fit any more');
    const stale = await app.form(path, { confirmed: 'x' }, { as: admin });
    expect(stale.status).toBe(409);
    const token = /name="confirmed" value="([^"]+)"/.exec(asked.text)?.[1] ?? '';
    const removed = await app.form(path, { confirmed: token }, { as: admin });
    expect([removed.status, leadsTo(removed)]).toEqual([303, `/admin/closures?done=removed-${TUESDAY}`]);
  });

  test('a closure on the last day there is is one', async () => {
    const app = await build();
    const fields = { scope: app.location.id, day: '9999-12-31', hours: 'day', opens: '', closes: '' };
    const added = await app.form('/admin/closures', fields, { as: app.cast.admin });
    expect(added.status).toBe(303);
    expect((await app.page('/admin/days/9999-12-31', { as: app.cast.admin })).status).toBe(200);
    expect((await app.page('/admin/days?to=1000-01-01', { as: app.cast.admin })).status).toBe(200);
    expect((await app.page('/admin/days/1000-01-01.csv', { as: app.cast.admin })).status).toBe(200);
    expect((await app.page('/admin/days/0000-01-01', { as: app.cast.admin })).status).toBe(404);
  });

  test.each([
    [{ day: '2026-03-01' }, 'Day: This day is over.'],
    [{ day: 'soon' }, 'This is not a day.'],
    [{ until: '2026-03-02' }, 'Last day: The end must be after the beginning.'],
    [{ until: '2027-03-03' }, 'At most 92 days at once, please.'],
    [{ hours: 'break' }, 'From: Please fill this in.'],
    [{ hours: 'special', opens: '12:00', closes: '09:00' }, 'The end must be after the beginning.'],
    [{ opens: '09:00', closes: '12:00' }, 'What happens: You chose “Closed all day” and gave times.'],
  ])('a closure of %o is refused and shown again', async (change, sentence) => {
    const app = await build();
    const fields = {
      scope: app.service.id,
      day: TUESDAY,
      hours: 'day',
      opens: '',
      closes: '',
      reason: 'Why',
      ...change,
    };
    const answer = await valid(await app.form('/admin/closures', fields, { as: app.cast.admin }));
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(sentence);
    expect(answersOf(answer, '/admin/closures')).toMatchObject(fields);
  });

  test('a location is added, renamed and retired', async () => {
    const app = await build();
    const { admin } = app.cast;
    await valid(await app.page('/admin/locations', { as: admin }));
    const name = `Harbour ${app.location.id}`;
    const added = await app.form('/admin/locations', { name, time_zone: 'Europe/Lisbon' }, { as: admin });
    expect(added.status).toBe(303);
    const id = leadsTo(added).split('added-')[1] ?? '';
    const path = `/admin/locations/${id}`;
    expect((await valid(await app.page(path, { as: admin }))).text).toContain('Europe/Lisbon');
    const wrong = await valid(await app.form(path, { name, time_zone: 'Europe/Nowhere' }, { as: admin }));
    expect([wrong.status, answersOf(wrong, path).time_zone]).toEqual([422, 'Europe/Nowhere']);
    const twin = await valid(await app.form('/admin/locations', { name, time_zone: 'UTC' }, { as: admin }));
    expect([twin.status, answersOf(twin, '/admin/locations').name]).toEqual([422, name]);
    expect(twin.text).toContain('Name: Another one in use has this name');
    const nameless = await valid(
      await app.form('/admin/locations', { name: ' ', time_zone: 'UTC' }, { as: admin }),
    );
    expect([nameless.status, answersOf(nameless, '/admin/locations').time_zone]).toEqual([422, 'UTC']);
    const renamed = await app.htmx(path, { fields: { name: `${name} 2`, time_zone: 'UTC' }, as: admin });
    expect(leadsTo(renamed)).toBe(`/admin/locations?done=saved-${id}`);
    expect((await app.form(`${path}/retire`, {}, { as: app.cast.staff })).status).toBe(403);
    const asked = await valid(await app.page(`${path}/retire`, { as: admin }));
    expect(asked.text).toContain('No reservations stand here.');
    expect(asked.text).toContain(`action="${path}/retire"`);
    const retired = await app.form(`${path}/retire`, {}, { as: admin });
    expect((await app.nextPage(retired, { as: admin })).text).toContain(`${name} 2 was retired`);
    expect((await app.form(path, { name, time_zone: 'UTC' }, { as: admin })).status).toBe(404);
  });

  test('who saves a location over somebody else is told first and loses nothing', async () => {
    const app = await build();
    const as = app.cast.admin;
    const path = `/admin/locations/${app.location.id}`;
    const fields = answersOf(await valid(await app.page(path, { as })), path);
    const theirs = { ...fields, idempotency_key: 'other', board_message: 'Use the back door' };
    await app.form(path, theirs, { as });
    const mine = { ...fields, board_names: 'true' };
    for (const answer of [
      await valid(await app.form(path, mine, { as })),
      await app.htmx(path, { fields: { ...mine, idempotency_key: 'htmx' }, as }),
    ]) {
      expect(answer.status).toBe(409);
      expect(answer.text).toContain('Somebody else saved this location in the meantime.');
      expect(answer.text).toContain('Stands now: Use the back door');
      expect(answer.text).toContain('You typed: empty');
      expect(answersOf(answer, path)).toMatchObject({ board_message: '', board_names: 'true' });
    }
    const shown = answersOf(await app.form(path, mine, { as }), path);
    const racing = [{ name: `One ${app.location.id}` }, { name: `Two ${app.location.id}` }];
    const answers = await Promise.all(
      racing.map((own, index) =>
        app.form(path, { ...shown, ...own, idempotency_key: `race-${index}` }, { as }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
  });

  test('what was retired is put back in use', async () => {
    const app = await build();
    const { admin, staff } = app.cast;
    const as = admin;
    const [service, desk] = [`/admin/services/${app.service.id}`, `/admin/desks/${app.deskId}`];
    const location = `/admin/locations/${app.location.id}`;
    for (const path of [service, desk, location]) await app.form(`${path}/retire`, {}, { as });
    for (const [path, list] of [
      [service, '/admin'],
      [desk, '/admin/desks'],
      [location, '/admin/locations'],
    ] as const)
      expect((await valid(await app.page(list, { as }))).text).toContain(`action="${path}/restore"`);
    expect((await valid(await app.page(service, { as }))).text).toContain(`action="${service}/restore"`);

    const first = [
      await valid(await app.form(`${service}/restore`, {}, { as })),
      await valid(await app.form(`${desk}/restore`, {}, { as })),
      await app.htmx(`${desk}/restore`, { fields: {}, as }),
    ];
    for (const [index, name] of ['Passports', 'Desk 1', 'Desk 1'].entries()) {
      expect(first[index]?.status).toBe(422);
      expect(first[index]?.text).toContain(
        `${name} stays retired, since its location is: put ${app.location.name} back in use first.`,
      );
    }
    const backs = [
      [location, '/admin/locations', app.location.name],
      [desk, '/admin/desks', 'Desk 1'],
      [service, '/admin', 'Passports'],
    ] as const;
    for (const [path, list, name] of backs) {
      expect((await app.form(`${path}/restore`, {}, { as: staff })).status).toBe(403);
      const back = await app.form(`${path}/restore`, {}, { as });
      expect(leadsTo(back)).toMatch(new RegExp(`^${list}[?]done=restored-`));
      const page = await valid(await app.nextPage(back, { as }));
      expect(page.text).toContain(`${name} is back in use.`);
      expect(page.text).not.toContain(`action="${path}/restore"`);
      const again = await app.htmx(`${path}/restore`, { fields: {}, as });
      expect([again.status, leadsTo(again)]).toEqual([204, leadsTo(back)]);
      expect((await app.form(`${path}x/restore`, {}, { as })).status).toBe(404);
    }
    expect(await verbsOf(app.store, app.service)).toEqual(['retire', 'restore']);
  });

  test('what was retired stays so while another has its name or its letters', async () => {
    const app = await build();
    const as = app.cast.admin;
    const twins = [
      [`/admin/services/${app.service.id}`, { name: 'Twin', prefix: 'A', duration_minutes: '30' }],
      [`/admin/desks/${app.deskId}`, { name: 'Desk 1' }],
      [`/admin/locations/${app.otherLocation.id}`, { name: app.otherLocation.name, time_zone: 'UTC' }],
    ] as const;
    const said = [
      'Passports stays retired: another service there has the ticket letter A by now, or gave',
      'Desk 1 stays retired: another one in use has its name by now. Rename that one first.',
      `${app.otherLocation.name} stays retired: another one in use has its name by now.`,
    ];
    for (const [index, [path, fields]] of twins.entries()) {
      await app.form(`${path}/retire`, {}, { as });
      const added = await app.form(
        path.replace(/\/[^/]*$/, ''),
        { ...fields, location_id: app.location.id },
        { as },
      );
      expect(added.status).toBe(303);
      const kept = await valid(await app.form(`${path}/restore`, {}, { as }));
      expect(kept.status).toBe(422);
      expect(kept.text).toContain(said[index]);
      const htmx = await app.htmx(`${path}/restore`, { fields: {}, as });
      expect([htmx.status, htmx.text.includes(said[index] ?? '-')]).toEqual([422, true]);
    }
  });

  test('a location with services stays, and so does its zone while reservations stand', async () => {
    const app = await build();
    await book(app, app.cast.customer, tuesdayAt('10:00'));
    const path = `/admin/locations/${app.location.id}`;
    const kept = await valid(await app.form(`${path}/retire`, {}, { as: app.cast.admin }));
    expect(kept.status).toBe(409);
    for (const answer of [kept, await app.page(`${path}/retire`, { as: app.cast.admin })]) {
      expect(answer.text).toContain('This location still has 1 service and 1 desk in use.');
      expect(answer.text).toContain('1 reservation still stands here');
      expect(answer.text).not.toContain(`action="${path}/retire"`);
    }
    const zone = await valid(
      await app.form(path, { name: 'Same', time_zone: 'Asia/Tokyo' }, { as: app.cast.admin }),
    );
    expect([zone.status, zone.text.includes('id="time-zone-error"')]).toEqual([422, true]);
    expect(answersOf(zone, path).time_zone).toBe('Asia/Tokyo');
  });

  test('a location with people in line stays where and as it is, and says so', async () => {
    const app = await build();
    const as = app.cast.admin;
    await walkIn(app);
    await walkIn(app);
    const path = `/admin/locations/${app.location.id}`;
    const zone = await valid(await app.form(path, { name: 'Same', time_zone: 'Asia/Tokyo' }, { as }));
    expect(zone.status).toBe(422);
    expect(zone.text).toContain(
      'Time zone: 2 people are in line here now (Passports 2): a new time zone could end their day at once.',
    );
    for (const thing of [`services/${app.service.id}`, `desks/${app.deskId}`])
      await app.form(`/admin/${thing}/retire`, {}, { as });
    const kept = await valid(await app.form(`${path}/retire`, {}, { as }));
    expect(kept.status).toBe(409);
    for (const answer of [kept, await app.page(`${path}/retire`, { as })]) {
      expect(answer.text).toContain('2 people are in line here now (Passports 2). Serve them first.');
      expect(answer.text).not.toContain('in use. Retire them first.');
      expect(answer.text).not.toContain(`action="${path}/retire"`);
    }
  });

  test('an account becomes staff of some locations, and a customer again', async () => {
    const app = await build();
    const { admin, customer } = app.cast;
    const fields = {
      email: customer.email,
      role: 'staff',
      'location_ids[]': [app.location.id, app.otherLocation.id],
    };
    const none = await valid(
      await app.form('/admin/staff', { email: customer.email, role: 'staff' }, { as: admin }),
    );
    expect([none.status, none.text.includes('Locations of staff: Choose at least one location')]).toEqual([
      422,
      true,
    ]);
    expect((await app.form('/admin/staff', fields, { as: app.cast.staff })).status).toBe(403);
    const saved = await app.form('/admin/staff', fields, { as: admin });
    const list = await valid(await app.nextPage(saved, { as: admin }));
    expect(list.text).toContain('Carla Customer was saved: Staff.');
    expect((await app.page('/desk', { as: customer })).status).toBe(200);
    const back = await app.htmx('/admin/staff', {
      fields: { email: customer.email, role: 'user' },
      as: admin,
    });
    expect(back.status).toBe(204);
    expect((await app.page('/desk', { as: customer })).status).toBe(403);
  });

  test('who serves somebody loses the desk only after a question', async () => {
    const app = await build();
    const { admin: as, staff } = app.cast;
    const desk = `/desk/${app.deskId}`;
    await app.form(`${desk}/take`, {}, { as: staff });
    const places = (id: string) => ({ email: staff.email, role: 'staff', 'location_ids[]': [id] });
    const [away, role] = [places(app.otherLocation.id), { email: staff.email, role: 'user' }];
    await walkIn(app);
    await app.form(`${desk}/advance`, { serving: '' }, { as: staff });
    // Who stays at the place keeps the desk.
    const more = { ...away, 'location_ids[]': [app.location.id, app.otherLocation.id] };
    expect((await app.form('/admin/staff', more, { as })).status).toBe(303);
    const tagIn = ({ text }: Answer) => /name="confirmed" value="([^"]+)"/.exec(text)?.[1] ?? '';
    for (const fields of [away, role]) {
      for (const answer of [
        await valid(await app.form('/admin/staff', fields, { as })),
        await app.htmx('/admin/staff', { fields, as }),
        await app.form('/admin/staff', { ...fields, confirmed: 'other' }, { as }),
      ]) {
        expect(answer.status).toBe(409);
        expect(answer.text).toContain(
          `${staff.name} is at Desk 1 now, and A1 is called there or being served.`,
        );
        expect(answersOf(answer, '/admin/staff')).toMatchObject({ email: staff.email, role: fields.role });
      }
    }
    expect((await deskWithServices(app.store, app.deskId))?.staffedBy).toBe(staff.id);
    const confirmed = tagIn(await app.form('/admin/staff', away, { as }));
    expect((await app.form('/admin/staff', { ...away, confirmed }, { as })).status).toBe(303);
    expect((await deskWithServices(app.store, app.deskId))?.staffedBy).toBeNull();
  });

  test('who serves nobody loses the desk without a question', async () => {
    const app = await build();
    const { admin: as, staff } = app.cast;
    await app.form(`/desk/${app.deskId}/take`, {}, { as: staff });
    const saved = await app.form('/admin/staff', { email: staff.email, role: 'user' }, { as });
    expect(saved.status).toBe(303);
  });

  test('unknown accounts and one’s own role are refused', async () => {
    const app = await build();
    const { admin } = app.cast;
    const unknown = await valid(
      await app.form('/admin/staff', { email: 'nobody@example.test', role: 'admin' }, { as: admin }),
    );
    expect([
      unknown.status,
      unknown.text.includes('E-mail address: There is no account with this address'),
    ]).toEqual([422, true]);
    const self = await valid(
      await app.form('/admin/staff', { email: admin.email, role: 'user' }, { as: admin }),
    );
    expect([self.status, self.text.includes('May: You cannot take away your own admin role')]).toEqual([
      422,
      true,
    ]);
    expect((await app.page('/admin', { as: admin })).status).toBe(200);
  });

  test('of two admins who demote each other at once, one stays', async () => {
    const app = await build();
    const [one, two] = [person('One Admin', 'admin'), person('Two Admin', 'admin')];
    await addPeople(app.store, [one, two]);
    const answers = await Promise.all([
      app.form('/admin/staff', { email: two.email, role: 'user' }, { as: one }),
      app.form('/admin/staff', { email: one.email, role: 'user' }, { as: two }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 403]);
  });
});

onBothDatabases('the admin pages of a single location', (open) => {
  test('do not ask where', async () => {
    const app = await buildApp(open().store);
    const as = app.cast.admin;
    await app.form(`/admin/locations/${app.otherLocation.id}/retire`, {}, { as });
    const start = await valid(await app.page('/admin/new-service', { as }));
    expect(start.text).not.toContain('location_id');
    const fields = { ...answersOf(start, '/admin/services'), name: 'Parking' };
    expect((await app.form('/admin/services', fields, { as })).status).toBe(303);
    const staff = await valid(await app.page('/admin/staff', { as }));
    expect(staff.text).not.toContain('location_ids');
    const customer = { email: app.cast.customer.email, role: 'staff' };
    expect((await app.form('/admin/staff', customer, { as })).status).toBe(303);
    expect((await app.page(`/desk/${app.service.slug}`, { as: app.cast.customer })).status).toBe(200);
    const closures = await valid(await app.page('/admin/closures', { as }));
    expect(closures.text).not.toContain(app.location.name);
    expect(answersOf(closures, '/admin/closures').scope).toBe(app.location.id);
  });
});
