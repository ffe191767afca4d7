import { expect, test } from 'vitest';
import { type Act, actOf } from '../../src/actions/act.ts';
import { reachDesk, takeDesk } from '../../src/actions/desks.ts';
import { joinLine, takeOnce } from '../../src/actions/join.ts';
import { checkInAtKiosk } from '../../src/actions/kiosk.ts';
import { addWalkIn, setIntake } from '../../src/actions/queue.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { entryByToken } from '../../src/db/tickets.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { hashToken, newToken } from '../../src/domain/token.ts';
import { type Answer, buildApp, cookiesOf, type TestApp } from '../support/app.ts';
import {
  addPastTickets,
  alterService,
  book,
  entriesOf,
  eventsOf,
  mondayAt,
  refusalCode,
  type ServiceOptions,
  tally,
} from '../support/builders.ts';
import { addCustomers } from '../support/cast.ts';
import { onBothDatabases } from '../support/databases.ts';

const PHONES: ServiceOptions = { phoneJoin: true };

/** A phone's browser: it keeps the cookie of the ticket. */
function phone(app: TestApp) {
  const cookies = new Map<string, string>();
  const path = `/join/${app.service.slug}`;
  const keep = (answer: Answer) => {
    for (const cookie of cookiesOf(answer).split('; ')) cookies.set(cookie.split('=')[0] as string, cookie);
    return answer;
  };
  const sent = () => ({ headers: { cookie: [...cookies.values()].join('; ') } });
  return {
    look: async (query = '') => keep(await app.page(path + query, sent())),
    take: async (fields: Record<string, string> = { name: 'Wanda' }) =>
      keep(await app.form(path, fields, sent())),
    forget: () => cookies.clear(),
  };
}

const tokenOf = ({ headers }: Answer) => headers.get('location')?.split('/')[2] ?? '';

onBothDatabases('joining from a phone', (open) => {
  test('gives a number, whose page is the answer, without an account', async () => {
    const app = await buildApp(open().store, { service: PHONES });
    const { look, take } = phone(app);
    const page = await look();
    expect(page.text).toContain('Nobody waits.');
    expect(page.headers.getSetCookie()[0]).toMatch(/HttpOnly; SameSite=Lax/);
    const taken = await take();
    expect(taken.status).toBe(303);
    expect(taken.headers.get('location')).toMatch(/^\/t\/[A-Za-z0-9_-]{24}$/);
    expect((await app.page(`/t/${tokenOf(taken)}`)).text).toContain('You are next');
    expect((await eventsOf(app.store, app.service)).at(-1)).toMatchObject({
      verb: 'walk-in',
      via: 'ticket',
      actorId: null,
    });
    const rows = JSON.stringify(await open().raw('SELECT * FROM queue_entries'));
    expect(rows).not.toContain(tokenOf(taken));
    expect(app.lines().join()).not.toContain(tokenOf(taken));
  });

  test('tells before how long a number would wait: on a phone, at a kiosk, at the desk', async () => {
    const screens = ({ page, service, location, cast }: TestApp) =>
      Promise.all([
        page(`/join/${service.slug}`),
        page(`/kiosk/${location.slug}/take`),
        page(`/desk/${service.slug}/walk-in`, { as: cast.staff }),
      ]);
    // Of a line nobody knows anything about, nothing is said.
    for (const { status, text } of await screens(await buildApp(open().store, { service: PHONES }))) {
      expect(status).toBe(200);
      expect(text).not.toContain('Whoever takes a number now');
    }
    const app = await buildApp(open().store, { service: PHONES });
    await addPastTickets(app, 14);
    app.clock.set(mondayAt('12:00'));
    const staff = app.act(app.cast.staff);
    await takeDesk(staff, await reachDesk(staff, app.deskId));
    for (const name of ['Ann', 'Ben', 'Cem'])
      await addWalkIn(staff, app.service, { name, phone: null, priority: 0 });
    for (const { text } of await screens(app))
      expect(text).toMatch(/Whoever takes a number now waits about \d+ to \d+ minutes, as of 12:00\./);
  });

  test('is once for a phone: pressed twice, looked at again, until that ticket is over', async () => {
    const app = await buildApp(open().store, { service: PHONES });
    const { look, take } = phone(app);
    await look();
    const answers = await Promise.all([take(), take(), take()]);
    for (const { status } of answers) expect([303, 503]).toContain(status);
    const first = await take();
    expect(first.status).toBe(303);
    expect(await entriesOf(app.store, app.service)).toHaveLength(1);
    expect((await look()).headers.get('location')).toBe(first.headers.get('location'));

    const entry = await entryByToken(app.store, hashToken(tokenOf(first)));
    if (!entry) throw new Error('No ticket');
    await moveTicket(app.act(app.cast.staff), entry, 'leave');
    // The form of an old page takes nothing: the second half of a double click would take one more.
    const stale = await take();
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('press once more');
    const again = await take();
    expect(again.status).toBe(303);
    expect(tokenOf(again)).not.toBe(tokenOf(first));
    expect(await entriesOf(app.store, app.service)).toHaveLength(2);
  });

  test('leads back to a ticket that was skipped while it can come back, and to a new number for who asks', async () => {
    const app = await buildApp(open().store, { service: PHONES });
    const { look, take } = phone(app);
    const staff = app.act(app.cast.staff);
    const first = await take();
    const entry = await entryByToken(app.store, hashToken(tokenOf(first)));
    if (!entry) throw new Error('No ticket');
    await moveTicket(staff, entry, 'call', { deskId: app.deskId });
    await moveTicket(staff, entry, 'skip');
    for (const answer of [await look(), await take()])
      expect([answer.status, tokenOf(answer)]).toEqual([303, tokenOf(first)]);
    const another = `/join/${app.service.slug}?new`;
    const ticket = async () => (await app.page(`/t/${tokenOf(first)}`)).text;
    expect(await ticket()).toContain('Until 08:10 you can have your old place back');
    expect(await ticket()).toContain(`href="${another}"`);
    expect(await entriesOf(app.store, app.service)).toHaveLength(1);

    expect((await look('?new')).text).toContain('name="name"');
    const answers = [await take(), await take(), await look('?new')];
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(new Set(answers.map(tokenOf)).size).toBe(1);
    expect(await entriesOf(app.store, app.service)).toHaveLength(2);

    app.clock.pass(11);
    expect(await ticket()).not.toContain(another);
    const other = phone(app);
    const missed = tokenOf(await other.take());
    const late = await entryByToken(app.store, hashToken(missed));
    if (!late) throw new Error('No ticket');
    await moveTicket(staff, late, 'skip');
    app.clock.pass(11);
    expect((await other.look()).text).toContain('name="name"');
  });

  test('with another phone, or without cookies, is another number', async () => {
    const app = await buildApp(open().store, { service: PHONES });
    for (const browser of [phone(app), phone(app)]) {
      await browser.look();
      await browser.take();
    }
    const bare = phone(app);
    expect((await bare.take()).status).toBe(303);
    bare.forget();
    expect((await bare.take()).status).toBe(303);
    expect((await entriesOf(app.store, app.service)).map(({ number }) => number)).toEqual([
      'A1',
      'A2',
      'A3',
      'A4',
    ]);
  });

  test('asks what the service asks, and keeps what was typed', async () => {
    const app = await buildApp(open().store, { service: { ...PHONES, askPhone: true } });
    const { look, take } = phone(app);
    await look();
    const wrong = await take({ name: 'Wanda <b>', phone: 'none' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="Wanda &lt;b&gt;"');
    expect(wrong.text).toContain('id="phone-error"');
    expect((await take({ phone: '030 1234' })).status).toBe(422);
    expect((await take({ name: 'Wanda', phone: '030 1234' })).status).toBe(303);
    await alterService(app.store, app.service, { askName: false, askPhone: false });
    const other = phone(app);
    expect((await other.look()).text).not.toContain('name="name"');
    await other.take({ name: 'Mallory', phone: '110' });
    expect(await entriesOf(app.store, app.service)).toMatchObject([
      { name: 'Wanda', phone: '030 1234' },
      { name: '', phone: null },
    ]);
  });

  test('is refused in words: by the service, the hours, the limit, the last ticket', async () => {
    const app = await buildApp(open().store, { service: PHONES });
    const refused = async (words: string, title = 'No numbers by phone now') => {
      const { look, take } = phone(app);
      const page = await look();
      expect(page.text).toContain(words);
      expect(page.text).toContain(`<h2>${title}</h2>`);
      expect(page.text).not.toContain('<form class="stack"');
      expect(page.headers.getSetCookie()).toEqual([]);
      const answer = await take();
      expect(answer.status).toBe(409);
      expect(answer.text).toContain(words);
    };
    app.clock.set(mondayAt('07:59'));
    await refused('from 08:00 on');
    app.clock.set(mondayAt('17:00'));
    await refused('We are closed now.');
    app.clock.set(mondayAt('12:00'));
    await alterService(app.store, app.service, { joinUntil: '12:00' });
    await refused('No more numbers are given by phone today.');
    await alterService(app.store, app.service, { joinUntil: null, joinLimit: 1 });
    expect((await phone(app).take()).status).toBe(303);
    await refused('All numbers that are given by phone today are taken.');
    await alterService(app.store, app.service, { joinLimit: null, phoneJoin: false });
    await refused('not given by phone', 'No numbers by phone');
    await alterService(app.store, app.service, { phoneJoin: true, walkIns: false });
    await refused('takes no walk-ins', 'No numbers by phone');
    await alterService(app.store, app.service, { walkIns: true });
    await setIntake(app.act(app.cast.staff), app.service, true);
    await refused('The last number of today has been given.');
    expect(await entriesOf(app.store, app.service)).toHaveLength(1);
  });

  test('is switched on by an admin, who sees what stands', async () => {
    const app = await buildApp(open().store);
    const as = { as: app.cast.admin };
    const change = { phone_join: true, join_limit: 40, join_until: '16:30', ask_phone: true };
    const { status, body } = await app.json('PATCH', `/api/services/${app.service.id}`, {
      ...as,
      body: change,
    });
    expect([status, body.data]).toEqual([200, expect.objectContaining(change)]);
    const { text } = await app.page(`/admin/services/${app.service.id}`, as);
    expect(text).toMatch(/name="phone_join"[^>]*checked/);
    expect(text).toMatch(/name="join_limit"[^>]*value="40"/);
    expect(text).toMatch(/name="join_until"[^>]*value="16:30"/);
    const place = `/admin/locations/${app.location.id}`;
    const { name, timeZone } = app.location;
    const board = { name, time_zone: timeZone, board_message: 'The lift is out of order' };
    expect((await app.form(place, { ...board, board_names: 'true' }, as)).status).toBe(303);
    const named = (await app.page(place, as)).text;
    expect(named).toMatch(/name="board_names"[^>]*checked/);
    expect(named).toContain('value="The lift is out of order"');
    expect((await app.form(place, board, as)).status).toBe(303);
    expect((await app.page(place, as)).text).not.toMatch(/name="board_names"[^>]*checked/);
    expect((await app.form(place, { ...board, board_message: 'two\nlines' }, as)).status).toBe(422);
  });

  test('leads on with htmx too', async () => {
    const app = await buildApp(open().store, { service: PHONES });
    const path = `/join/${app.service.slug}`;
    const taken = await app.htmx(path, { fields: { name: 'Wanda' } });
    expect(taken.headers.get('hx-redirect')).toMatch(/^\/t\//);
    expect((await app.htmx(path, { fields: { name: '' } })).status).toBe(422);
  });

  test('is not flooded from one address', async () => {
    const app = await buildApp(open().store, { service: { ...PHONES, askName: false } });
    const { limits } = app.parts;
    for (let taken = 0; taken < 200; taken++) await limits.takeNumber('192.0.2.1');
    const path = `/join/${app.service.slug}`;
    const refused = await app.form(path, {}, { from: '192.0.2.1' });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.text).toContain('That was tried too often. Please wait 15 minutes.');
    expect((await app.form(path, {}, { from: '192.0.2.2' })).status).toBe(303);
  });
});

onBothDatabases('a race for numbers by phone', (open) => {
  const racers = 24;

  test('never gives more than the limit, and none twice', async () => {
    const { store } = open();
    const app = await buildApp(store, { service: { ...PHONES, joinLimit: 10 } });
    const race = Array.from({ length: racers }, (_, index) =>
      joinLine(app.act(null), app.service, { name: `R${index}`, phone: null }, newToken()),
    );
    expect(await tally(race)).toEqual({ ok: 10, join_closed: racers - 10 });
    const positions = (await entriesOf(store, app.service)).map(({ position }) => position);
    expect(positions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(
      await refusalCode(joinLine(app.act(null), app.service, { name: '', phone: null }, newToken())),
    ).toBe('join_closed');
  });

  test('gives one number to one token; with a token each, every racer gets one', async () => {
    const app = await buildApp(open().store, { service: PHONES });
    const token = newToken();
    const take = (own: string) => takeOnce(app.act(null), app.service, { name: 'Wanda', phone: null }, own);
    const same = await Promise.all(Array.from({ length: racers }, () => take(token)));
    expect(new Set(same.map(({ number }) => number))).toEqual(new Set(['A1']));
    await Promise.all(Array.from({ length: 5 }, () => take(newToken())));
    expect(await entriesOf(app.store, app.service)).toHaveLength(6);
  });
});

onBothDatabases('desk, kiosk, phones and check-ins at the same moment', (open) => {
  test('never give a number twice, nor leave one out', async () => {
    const app = await buildApp(open().store, {
      service: { ...PHONES, capacity: 20, checkInBeforeMinutes: 600 },
    });
    const { act, cast, service } = app;
    const people = await addCustomers(app.store, 8);
    const booked = await Promise.all(people.map((person) => book(app, person, mondayAt('10:00'))));
    const nobody = { name: '', phone: null };
    // Two programs on one SQLite file tell each other to come again; that is tried elsewhere.
    const another = open().dialect === 'postgres' ? open().openAnother() : app.store;
    const acts = [act(null), actOf(another, app.clock, null)];
    await Promise.all(
      people.flatMap((_, index) => [
        addWalkIn(act(cast.staff), service, { ...nobody, priority: index % 3 }),
        joinLine(acts[index % 2] as Act, service, nobody, newToken()),
        takeOnce({ ...act(null), via: 'kiosk' }, service, nobody, newToken()),
        checkInAtKiosk(act(null), { reservation: booked[index] as Reservation, service }, newToken()),
      ]),
    );
    const tickets = await entriesOf(app.store, service);
    expect(tickets.map(({ position }) => position)).toEqual(tickets.map((_, index) => index + 1));
    expect(tickets).toHaveLength(32);
    expect(new Set(tickets.map(({ tokenHash }) => tokenHash)).size).toBe(32);
  });
});

onBothDatabases('the poster', (open) => {
  test('leads to the page of its service', async () => {
    const app = await buildApp(open().store, { service: PHONES, env: { BASE_URL: 'https://queue.example' } });
    const { text } = await app.page(`/join/${app.service.slug}/poster`, { as: app.cast.staff });
    expect(text).toContain(
      `aria-label="QR code that leads to https://queue.example/join/${app.service.slug}"`,
    );
    expect(text).toContain(`<strong>queue.example/join/${app.service.slug}</strong>`);
  });
});
