import { expect, test } from 'vitest';
import { addWalkIn, setIntake, takeTicket } from '../../src/actions/queue.ts';
import { cancelReservation, reachReservation } from '../../src/actions/reservations.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { codeOf } from '../../src/domain/code.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import { newToken } from '../../src/domain/token.ts';
import { type Answer, buildApp, leadsTo, type TestApp } from '../support/app.ts';
import {
  alterService,
  book,
  buildService,
  checkInTo,
  entriesOf,
  eventsOf,
  mondayAt,
} from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

const kiosk = ({ location }: TestApp, path = '') => `/kiosk/${location.slug}${path}`;

/** The token that a form of the kiosk carries. */
function ticketIn(text: string): string {
  const [, token] = /name="ticket" value="([^"]+)"/.exec(text) ?? [];
  if (!token) throw new Error('No token');
  return token;
}

const tokenOf = (answer: Answer) => leadsTo(answer).split('/t/')[1] ?? '';

onBothDatabases('the kiosk', (open) => {
  test('stands alone, and is found by its place or a service of it', async () => {
    const app = await buildApp(open().store);
    for (const slug of [app.location.slug, app.service.slug]) {
      const { status, text } = await app.page(`/kiosk/${slug}`);
      expect(status).toBe(200);
      expect(text).not.toContain('<nav');
      expect(text).toContain(`href="/kiosk/${slug}/check-in"`);
      expect(text).toContain(`href="/kiosk/${slug}/take"`);
      expect(text).not.toContain('http-equiv="refresh"');
    }
    await alterService(app.store, app.service, { walkIns: false });
    expect((await app.page(kiosk(app))).text).toContain('Numbers are not given here.');
  });

  test('gives a number with its link, once for two taps, and goes back to the start', async () => {
    const app = await buildApp(open().store, { service: { askName: false } });
    await addWalkIn(app.act(app.cast.staff), app.service, { name: 'Ann', phone: null, priority: 0 });
    const list = await app.page(kiosk(app, '/take'));
    expect(list.text).toContain('1 person waits');
    const fields = { ticket: ticketIn(list.text), service_id: app.service.id };
    const [taken, twin] = await Promise.all([1, 2].map(() => app.form(kiosk(app, '/take'), fields)));
    if (!taken || !twin) throw new Error('No answer');
    expect([taken.status, leadsTo(taken)]).toEqual([303, kiosk(app, `/t/${fields.ticket}`)]);
    expect([303, 503]).toContain(twin.status);
    const [, entry] = await entriesOf(app.store, app.service);
    expect(await entriesOf(app.store, app.service)).toHaveLength(2);
    expect(entry).toMatchObject({ number: 'A2', name: '' });

    const { text } = await app.page(leadsTo(taken));
    expect(text).toContain('1 person ahead of you');
    expect(text).toMatch(/<svg class="qr" role="img"/);
    expect(text).toContain(`content="20; url=${kiosk(app)}"`);
    expect(text).toContain('data-idle="20"');
    expect(text).not.toContain('<form');
    expect((await app.page(`/t/${tokenOf(taken)}`)).status).toBe(200);
    expect((await eventsOf(app.store, app.service)).at(-1)).toMatchObject({ verb: 'walk-in', via: 'kiosk' });
  });

  test('asks for a name where the service does, and remembers none', async () => {
    const app = await buildApp(open().store, { service: { askPhone: true } });
    const path = kiosk(app, `/take?service=${app.service.slug}`);
    const page = await app.page(path);
    expect(page.text).toContain('autocomplete="off"');
    expect(page.text).not.toContain('http-equiv="refresh"');
    const fields = { ticket: ticketIn(page.text), service_id: app.service.id };
    const wrong = await app.form(kiosk(app, '/take'), { ...fields, name: 'Wanda', phone: 'none' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="Wanda"');
    const taken = await app.form(kiosk(app, '/take'), { ...fields, name: 'Wanda', phone: '030 1234' });
    expect(taken.status).toBe(303);
    const htmx = await app.htmx(kiosk(app, '/take'), {
      fields: { ...fields, ticket: newToken(), name: 'X', phone: '030 12' },
    });
    expect(htmx.headers.get('hx-redirect')).toMatch(/\/t\//);
  });

  test('says in words what gives no number now, also to an old screen', async () => {
    const app = await buildApp(open().store, { service: { askName: false } });
    const list = await app.page(kiosk(app, '/take'));
    await setIntake(app.act(app.cast.staff), app.service, true);
    const answers = [
      await app.page(kiosk(app, '/take')),
      await app.form(kiosk(app, '/take'), {
        ticket: ticketIn(list.text),
        service_id: app.service.id,
      }),
    ];
    for (const { text } of answers) expect(text).toContain('The last number of today has been given.');
    expect(await entriesOf(app.store, app.service)).toEqual([]);
    await setIntake(app.act(app.cast.staff), app.service, false);
    // The doors may be open before the hours of this service; when they are over, nobody gets a number any more.
    app.clock.set(mondayAt('08:00'));
    expect((await app.page(kiosk(app, '/take'))).text).toContain('Nobody waits');
    app.clock.set(mondayAt('17:00'));
    for (const answer of [
      await app.page(kiosk(app, '/take')),
      await app.form(kiosk(app, '/take'), { ticket: ticketIn(list.text), service_id: app.service.id }),
    ])
      expect(answer.text).toContain('We are closed now.');
    expect(await entriesOf(app.store, app.service)).toEqual([]);
    const never = await buildService(app.store, app.location, { rules: [], askName: false });
    await app.form(kiosk(app, '/take'), { ticket: newToken(), service_id: never.id });
    expect(await entriesOf(app.store, never)).toEqual([]);
    const elsewhere = await buildService(app.store, app.otherLocation);
    const foreign = await app.form(kiosk(app, '/take'), { service_id: elsewhere.id });
    expect(foreign.status).toBe(404);
  });
});

onBothDatabases('checking in at the kiosk', (open) => {
  async function booked(time = '09:00') {
    const app = await buildApp(open().store, { service: { capacity: 5 } });
    const reservation = await book(app, app.cast.customer, mondayAt(time));
    app.clock.set(mondayAt('08:50'));
    const by = (way: 'code' | 'name', fields: Record<string, string>) =>
      app.form(kiosk(app, `/check-in/${way}`), fields);
    return { app, reservation, by, code: codeOf(reservation.id) };
  }

  test('works with the code, however it is written, and gives a link', async () => {
    const { app, by, code } = await booked();
    const page = await app.page(kiosk(app, '/check-in'));
    expect(page.text).toMatch(/<input id="code"[^>]*autofocus/);
    const written = ` ${code.slice(0, 3).toLowerCase()} ${code.slice(3)}`;
    const done = await by('code', { code: written, ticket: ticketIn(page.text) });
    expect(leadsTo(done)).toBe(kiosk(app, `/t/${ticketIn(page.text)}`));
    expect((await app.page(leadsTo(done))).text).toContain('You are next');
    expect((await app.page(`/t/${tokenOf(done)}`)).status).toBe(200);
    expect((await eventsOf(app.store, app.service)).at(-1)).toMatchObject({
      verb: 'check-in',
      via: 'kiosk',
      actorId: null,
    });
    // Again, from the same screen: the same answer.
    expect(leadsTo(await by('code', { code, ticket: ticketIn(page.text) }))).toBe(leadsTo(done));
    // And from a new one: the link that was given stays the only one.
    const again = await by('code', { code, ticket: newToken() });
    expect((await app.nextPage(again)).text).toContain('You are checked in, and your number is A1.');
    expect(await entriesOf(app.store, app.service)).toHaveLength(1);
  });

  test('is confirmed, and an early one is told when its time is, by the rules of its line', async () => {
    const { app, by, code } = await booked();
    const path = leadsTo(await by('code', { code, ticket: newToken() }));
    const early = async () => (await app.page(path)).text;
    expect(await early()).toMatch(/<h1 class="no-print">You are checked in</);
    expect(await early()).toContain(
      'Your time is 09:00. You will not be called earlier unless the line is empty.',
    );
    await alterService(app.store, app.service, { earlyCallMinutes: 5 });
    expect(await early()).toContain('Your time is 09:00. You will not be called before 08:55.');
    expect(await early()).not.toContain('You are next');
    app.clock.set(mondayAt('08:56'));
    expect(await early()).toMatch(/You are next.*<p>Your time is 09:00<\/p>/s);
    app.clock.set(mondayAt('09:00'));
    expect(await early()).not.toContain('Your time is');
    const { token } = await takeTicket(app.act(app.cast.staff), app.service, {
      name: 'W',
      phone: null,
      priority: 0,
    });
    const taken = await app.page(kiosk(app, `/t/${token}`));
    expect(taken.text).toMatch(/<h1 class="no-print">Your number</);
    expect(taken.text).not.toContain('Your time is');
  });

  test('from a form that was sent before, by the next person, leaves the link to the first', async () => {
    const { app, by, code } = await booked();
    const next = await book(app, app.cast.otherCustomer, mondayAt('09:00'));
    const ticket = newToken();
    const first = await by('code', { code, ticket });
    const second = await by('code', { code: codeOf(next.id), ticket });
    expect((await app.nextPage(second)).text).toContain('your number is A2');
    expect((await app.page(leadsTo(first))).text).toContain('A1');
    expect((await entriesOf(app.store, app.service)).map(({ status }) => status)).toEqual([
      'waiting',
      'waiting',
    ]);
  });

  test('tells who checks in again where their ticket stands', async () => {
    const { app, by, code } = await booked();
    const staff = app.act(app.cast.staff);
    await by('code', { code, ticket: newToken() });
    const entry = async () => (await entriesOf(app.store, app.service))[0] as QueueEntry;
    const again = async () => {
      const answers = [
        await by('code', { code }),
        await by('name', { last_name: 'Customer', time: '09:00' }),
      ];
      const texts = await Promise.all(
        answers.map(async (answer) => (answer.status === 303 ? await app.nextPage(answer) : answer).text),
      );
      return texts.map((text) => /data-kind="\w+" role="\w+"><span>([^<]*)/.exec(text)?.[1]);
    };
    const both = (text: string) => [text, text];
    await moveTicket(staff, await entry(), 'call', { deskId: app.deskId });
    expect(await again()).toEqual(
      both('Your number is A1. It is your turn. Please come to Desk 1 now. Called at 08:50.'),
    );
    await moveTicket(staff, await entry(), 'skip');
    expect(await again()).toEqual(
      both(
        'Your number is A1. You were called and did not come. ' +
          'Until 09:00 you can have your old place back: please speak to the desk now.',
      ),
    );
    app.clock.set(mondayAt('09:01'));
    expect((await again())[0]).toContain('It is too late to have your place back.');
    app.clock.set(mondayAt('08:55'));
    await moveTicket(staff, await entry(), 'reinstate');
    await moveTicket(staff, await entry(), 'call', { deskId: app.deskId });
    await moveTicket(staff, await entry(), 'start', { deskId: app.deskId });
    await moveTicket(staff, await entry(), 'complete');
    expect(await again()).toEqual(both('Your number is A1. You were served. Thank you for coming.'));
  });

  test('says under a number that its turn has come', async () => {
    const { app, by, code, reservation } = await booked();
    const entry = await checkInTo(app.act(app.cast.customer), reservation);
    await moveTicket(app.act(app.cast.staff), entry, 'call', { deskId: app.deskId });
    const { text } = await app.page(leadsTo(await by('code', { code, ticket: newToken() })));
    expect(text).toContain('Please come to Desk 1 now.');
  });

  test('gives its link to who checked in elsewhere', async () => {
    const { app, by, code, reservation } = await booked();
    await checkInTo(app.act(app.cast.customer), reservation);
    const token = newToken();
    expect(leadsTo(await by('code', { code, ticket: token }))).toBe(kiosk(app, `/t/${token}`));
  });

  test('works with the last name and the time, and shows nobody else', async () => {
    const { app, by } = await booked();
    await book(app, app.cast.otherCustomer, mondayAt('09:00'));
    for (const fields of [
      { last_name: 'Customer', time: '09:30' },
      { last_name: 'Carla', time: '09:00' },
      { last_name: 'ustomer', time: '09:00' },
      { last_name: 'Nobody', time: '09:00' },
    ]) {
      const answer = await by('name', fields);
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('No reservation of today fits that.');
      expect(answer.text).not.toContain('Carla Customer');
    }
    const two = await by('name', { last_name: 'Customer', time: '9:00' });
    expect(two.status).toBe(422);
    expect(two.text).toContain('More than one reservation fits that.');
    expect(two.text).not.toMatch(/Carla|Otto/);
    const one = await by('name', { last_name: 'cärla  CUSTOMER', time: '9:00' });
    expect(one.status).toBe(303);
    const htmx = await app.htmx(kiosk(app, '/check-in/name'), {
      fields: { last_name: 'Otto Customer', time: '09:00' },
    });
    expect(htmx.headers.get('hx-redirect')).toMatch(/\/t\//);
  });

  test('tells a code of another day when it is for, and a canceled one that it is, and a name neither', async () => {
    const { app, by } = await booked();
    const { id } = await book(app, app.cast.otherCustomer, new Date('2026-03-05T10:00:00+01:00'));
    const code = codeOf(id);
    const other = await by('code', { code });
    expect(other.status).toBe(422);
    expect(other.text).toContain('Your reservation is not for today but for Thursday 5 March, 10:00.');
    expect(other.text).not.toContain('No reservation of today');
    const named = await by('name', { last_name: 'Customer', time: '10:00' });
    expect(named.text).toContain('No reservation of today fits that.');
    expect(named.text).not.toContain('5 March');
    const elsewhere = { ...app, location: app.otherLocation };
    const there = await app.form(kiosk(elsewhere, '/check-in/code'), { code });
    expect(there.text).toContain('No reservation of today fits that.');
    app.clock.set(new Date('2026-03-08T10:00:00+01:00'));
    expect((await by('code', { code })).text).toContain('but for Thursday 5 March, 10:00.');

    const monday = await booked('10:00');
    const act = monday.app.act(monday.app.cast.customer);
    await cancelReservation(act, await reachReservation(act, monday.reservation.id));
    const canceled = await monday.by('code', { code: monday.code });
    expect(canceled.status).toBe(422);
    expect(canceled.text).toContain('Your reservation of Monday 2 March, 10:00 was canceled.');
  });

  test('says what is wrong, and keeps what was typed', async () => {
    const { app, by } = await booked();
    const wrong = await by('code', { code: 'abc' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toMatch(/id="code-error">\s*A code has six letters and digits\./);
    expect(wrong.text).not.toContain('cannot be used here');
    expect(wrong.text).toMatch(/<input id="code"[^>]* autofocus/);
    expect(wrong.text).toContain('value="abc"');
    expect(wrong.text).not.toContain('data-focus');
    const blank = await by('name', { last_name: 'Wu', time: 'nine' });
    expect(blank.status).toBe(422);
    expect(blank.text).toContain('id="time-error"');
    expect(blank.text).toContain('value="Wu"');
    expect(blank.text).toMatch(/<input id="last-name"[^>]* autofocus/);
    expect(blank.text.match(/ autofocus/g)).toHaveLength(1);
    expect((await app.page(kiosk(app, '/t/x'))).status).toBe(404);
  });

  test('keeps the window of the service', async () => {
    const { app, by, code } = await booked('11:00');
    const early = await by('code', { code });
    expect(early.status).toBe(409);
    expect(early.text).toContain('You can from 10:00 on.');
    app.clock.set(mondayAt('12:01'));
    expect((await by('code', { code })).text).toContain('It is too late to check in here.');
    expect(await entriesOf(app.store, app.service)).toEqual([]);
  });

  test('keeps it whoever is logged in there', async () => {
    const { app, code } = await booked('11:00');
    const asStaff = () => app.form(kiosk(app, '/check-in/code'), { code }, { as: app.cast.staff });
    expect((await asStaff()).status).toBe(409);
    app.clock.set(mondayAt('10:30'));
    expect((await asStaff()).status).toBe(303);
    expect((await eventsOf(app.store, app.service)).at(-1)).toMatchObject({
      verb: 'check-in',
      actorId: null,
      via: 'kiosk',
    });
  });

  test('lets nobody guess', async () => {
    const { app, code } = await booked();
    const from = '192.0.2.7';
    const guess = () => app.form(kiosk(app, '/check-in/code'), { code: '000000' }, { from });
    const guesses = await Promise.all(Array.from({ length: 70 }, guess));
    expect(guesses.filter(({ status }) => status === 422)).toHaveLength(60);
    const refused = await app.form(kiosk(app, '/check-in/code'), { code }, { from });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await entriesOf(app.store, app.service)).toEqual([]);
  });

  test('shows no ticket of another place', async () => {
    const { app, by, code } = await booked();
    const token = tokenOf(await by('code', { code, ticket: newToken() }));
    expect((await app.page(kiosk(app, `/t/${token}`))).status).toBe(200);
    expect((await app.page(`/kiosk/${app.otherLocation.slug}/t/${token}`)).status).toBe(404);
  });
});
