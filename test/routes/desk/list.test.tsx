import { describe, expect, test } from 'vitest';
import { updateDesk } from '../../../src/actions/desk-setup.ts';
import { reachDesk } from '../../../src/actions/desks.ts';
import { addWalkIn } from '../../../src/actions/queue.ts';
import { changeStaff } from '../../../src/actions/staff.ts';
import { moveTicket } from '../../../src/actions/tickets.ts';
import type { Auth } from '../../../src/auth/auth.ts';
import { codeOf } from '../../../src/domain/code.ts';
import type { Person } from '../../../src/domain/roles.ts';
import { type Answer, buildApp, openApp } from '../../support/app.ts';
import {
  book,
  buildDesk,
  buildLocation,
  buildScene,
  buildService,
  entriesOf,
  mondayAt,
  walkIn,
} from '../../support/builders.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { deskOf, sit, textOf, whereTo } from '../../support/desk.ts';

onBothDatabases('the desk', (open) => {
  const build = (service = {}) => buildApp(open().store, { service });

  test('nothing is kept for somebody whose role ended while they asked', async () => {
    const scene = await buildScene(open().store);
    const { cast, store } = scene;
    let person: Person = cast.staff;
    let demote: (() => Promise<unknown>) | undefined = () =>
      changeStaff(scene.act(cast.admin), { email: cast.staff.email, role: 'user', locationIds: [] });
    const auth = {
      // As a request that reads its session, and then takes its time.
      person: async () => {
        const asked = person;
        await demote?.();
        demote = undefined;
        person = { ...person, role: 'user', locationIds: [] };
        return asked;
      },
    } as unknown as Auth;
    const app = openApp(scene, { parts: { auth } });
    await walkIn(scene, 'Anna');
    expect((await app.page(deskOf(app))).status).toBe(200);
    scene.clock.pass(0.5);
    const later = await app.page(deskOf(app));
    expect([later.status, later.text.includes('Anna')]).toEqual([403, false]);
    expect((await app.form(deskOf(app, '/advance'), { serving: '' })).status).toBe(403);
    expect((await entriesOf(store, app.service)).map(({ status }) => status)).toEqual(['waiting']);
  });

  describe('the list', () => {
    test('shows each queue of the location with who waits and who is expected', async () => {
      const app = await build();
      const { cast, service, otherLocation, store } = app;
      const elsewhere = await buildService(store, otherLocation, { name: 'Elsewhere' });
      await walkIn(app);
      await walkIn(app);
      await book(app, cast.customer, mondayAt('10:00'));
      const { status, text } = await app.page('/desk', { as: cast.staff });
      expect(status).toBe(200);
      expect(text).toMatch(/<th scope="col" class="num">Waiting<.*<th scope="col" class="num">Expected</);
      const row = text.split('<tr>').find((part) => part.includes(service.slug)) ?? '';
      expect(row).toMatch(/data-label="Waiting">2<.*data-label="Expected">1</);
      expect(text).not.toContain(elsewhere.slug);
      expect((await app.page('/desk', { as: cast.admin })).text).toContain(elsewhere.slug);
    });

    test('expects whoever has a ticket by their booking, on every screen, until they can be called', async () => {
      const app = await build({
        prefix: 'N',
        checkIn: 'none',
        earlyCallMinutes: 15,
        phoneJoin: true,
        askName: false,
      });
      const { cast, service, location, clock, store } = app;
      const other = await buildService(store, location, { name: 'Permits' });
      const sent = await walkIn({ ...app, service: other });
      const { id } = await book(app, cast.customer, mondayAt('10:00'));
      const [entry] = await entriesOf(store, service);
      const as = cast.staff;
      const shown = async () => {
        const list = (await app.page('/desk', { as })).text.split('<tr>');
        const panel = (await app.page(deskOf(app), { as })).text;
        const print = textOf(await app.page(deskOf(app, '/print'), { as }));
        const { text: send } = await app.page(`/desk/${other.slug}/entries/${sent.id}`, { as });
        const places = ['/board/', '/kiosk/'].map((path) => `${path}${location.slug}`);
        const [board, kiosk] = await Promise.all([app.page(places[0] ?? ''), app.page(`${places[1]}/take`)]);
        const stream = await app.page(`/live/boards/${location.slug}`);
        const row = list.find((part) => part.includes(`href="/desk/${service.slug}"`)) ?? '';
        return {
          list: [...row.matchAll(/class="num"[^>]*>(\d+)</g)].map(([, count]) => count),
          title: /<title>(\d+) waiting/.exec(panel)?.[1],
          count: /Waiting<\/dt><dd>(\d+)</.exec(panel)?.[1],
          expected: panel.includes('Expected today'),
          row: panel.includes(`id="t-${entry?.id}"`),
          // The ticket's number and name stand in the first or the second table.
          paper: print.lastIndexOf(' N1 ') > print.indexOf('Expected today'),
          send: /Passports \((\d+) waiting/.exec(send)?.[1],
          board: [board, stream].map(({ text }) => text.includes('<li>N1</li>')),
          kiosk: /Passports<\/button>.*?<p>\s*(\w+) /s.exec(kiosk.text)?.[1],
          join: /<strong>(\w+) /.exec((await app.page(`/join/${service.slug}`)).text)?.[1],
        };
      };
      clock.set(mondayAt('09:44'));
      const early = { expected: true, row: true, paper: true };
      expect(await shown()).toEqual({
        ...early,
        list: ['0', '1'],
        title: '0',
        count: '0',
        send: '0',
        board: [false, false],
        kiosk: 'Nobody',
        join: 'Nobody',
      });
      clock.set(mondayAt('09:45'));
      expect(await shown()).toEqual({
        expected: false,
        row: true,
        paper: false,
        list: ['1', '0'],
        title: '1',
        count: '1',
        send: '1',
        board: [true, true],
        kiosk: '1',
        join: '1',
      });
      expect(entry?.reservationId).toBe(id);
    });

    test('asks for itself while it stays open, and costs nothing while it is unchanged', async () => {
      const app = await build();
      const { cast } = app;
      const poll = (tag = '', as = cast.staff) =>
        app.htmx('/desk', { as, target: 'desk-lists', headers: { 'hx-ptag': tag } });
      const page = await app.page('/desk', { as: cast.staff });
      expect(page.text).toContain('As of 08:00');
      expect(page.text).not.toContain('http-equiv');
      const tag = /id="desk-lists"[^>]* hx-ptag="([^"]+)"/.exec(page.text)?.[1];
      expect((await poll(tag)).status).toBe(304);
      // Somebody else sees another desk as theirs.
      expect((await poll(tag, cast.admin)).status).toBe(200);

      await walkIn(app, 'Anna');
      const changed = await poll(tag);
      expect(changed.status).toBe(200);
      expect(changed.text).toMatch(/^<div class="stack" id="desk-lists"/);
      expect(changed.text).toMatch(/Passports.*<td class="num" data-label="Waiting">1<\/td>/);
      expect(changed.text).not.toContain('id="q"');
      const seen = changed.headers.get('hx-ptag') ?? '';
      expect((await poll(seen)).status).toBe(304);
      await app.form(`/desk/${app.deskId}/take`, {}, { as: cast.admin });
      const taken = await poll(seen);
      expect([taken.status, taken.text]).toEqual([200, expect.stringContaining('Ada Admin')]);
      app.clock.pass(1);
      expect((await poll(taken.headers.get('hx-ptag') ?? '')).text).toContain('As of 08:01');
      // Who is logged in no more as staff sees no list in its place.
      const gone = await poll('', cast.customer);
      expect([gone.status, gone.text]).toEqual([
        403,
        expect.stringContaining('You cannot work here any more'),
      ]);
      // Results are of their own, whatever the lists say.
      const found = await app.page('/desk?q=anna', { as: cast.staff });
      expect(found.headers.get('etag')).toBeNull();
    });

    test('tells the time of each zone, or that of one’s own desk', async () => {
      const app = await build();
      const { store } = app;
      const away = await buildLocation(store, 'America/New_York');
      await buildService(store, away);
      const desk = await buildDesk(store, away);
      const time = async () => {
        const { text } = await app.page('/desk', { as: app.cast.admin });
        return /As of ([^<]*)</.exec(text)?.[1];
      };
      const [here, there] = ['08:00 (Europe/Berlin)', '02:00 (America/New_York)'];
      expect(await time()).toBe(`${here}, ${there}`);
      await sit(app, app.cast.admin, desk);
      expect(await time()).toBe(there);
      await sit(app, app.cast.admin);
      expect(await time()).toBe(here);
    });

    test('is for staff', async () => {
      const app = await build();
      expect((await app.page('/desk', { as: app.cast.customer })).status).toBe(403);
      const { status, headers } = await app.page('/desk');
      expect([status, headers.get('location')]).toEqual([303, '/login?next=%2Fdesk']);
    });
  });
});

onBothDatabases('desks', (open) => {
  const build = (service = {}) => buildApp(open().store, { service });

  describe('finding somebody', () => {
    test('by number, name, phone and code, across the services of one’s places and no others', async () => {
      const app = await build();
      const { cast } = app;
      const other = await buildService(app.store, app.location, { name: 'Parking', prefix: 'P' });
      const far = await buildService(app.store, app.otherLocation, { prefix: 'F' });
      await walkIn(app, 'Zoë Zimmer');
      await walkIn({ ...app, service: other }, 'Paul');
      await walkIn({ ...app, service: far, cast: { ...cast, staff: cast.otherStaff } }, 'Zoran');
      const reservation = await book(app, cast.customer, mondayAt('10:00'));
      const found = async (q: string, as = cast.staff) =>
        textOf(await app.page(`/desk?q=${encodeURIComponent(q)}`, { as }));
      expect(await found('zo')).toContain('1 person found for “zo” Tickets');
      expect(await found('zo')).toContain('A1 Zoë Zimmer');
      expect(await found('zo', cast.admin)).toContain('F1 Zoran');
      expect(await found('p1')).toContain('P1 Paul Parking');
      expect(await found(codeOf(reservation.id))).toContain('10:00 Carla Customer');
      expect(await found('<b>nobody')).toContain('0 people found for “&lt;b&gt;nobody”');
      expect((await app.page('/desk?q=', { as: cast.staff })).text).not.toContain('id="results"');
    });

    test('tells two of one name apart', async () => {
      const app = await build();
      const { act, cast, clock, deskId, service } = app;
      const take = (phone: string | null) =>
        addWalkIn(act(cast.staff), service, { name: 'Max Meier', phone, priority: 0 });
      const first = await take('+49 30 123-45 67');
      clock.set(mondayAt('09:15'));
      await take(null);
      await moveTicket(act(cast.staff), first, 'call', { deskId });
      const found = textOf(await app.page('/desk?q=meier', { as: cast.staff }));
      expect(found).toContain('A1 Max Meier Phone …4567 Passports 08:00 Called Desk 1 Open');
      expect(found).toContain('A2 Max Meier Passports 09:15 Waiting Open');
    });

    test('says where each stands where there are several places, and that there are more', async () => {
      const app = await build();
      const { cast, location, otherLocation } = app;
      const far = await buildService(app.store, otherLocation, { name: 'Parking', prefix: 'F' });
      await walkIn({ ...app, service: far, cast: { ...cast, staff: cast.otherStaff } }, 'Zoran');
      await book({ ...app, service: far }, cast.customer, mondayAt('10:00'));
      for (let count = 0; count < 51; count += 1) await walkIn(app, 'Zoran');
      const { text } = await app.page('/desk?q=ra', { as: cast.admin });
      const found = textOf({ text } as Answer);
      expect(found).toContain(`F1 Zoran Parking At ${otherLocation.name}`);
      expect(found).toContain(`A1 Zoran Passports At ${location.name}`);
      expect(found).toContain('The first 50 of each found for “ra” There are more.');
      const few = textOf(await app.page('/desk?q=carla', { as: cast.admin }));
      expect(few).toContain(`10:00 Carla Customer Parking At ${otherLocation.name}`);
      const one = await app.page('/desk?q=ra', { as: cast.staff });
      expect(textOf(one)).toContain('A1 Zoran Passports 08:00 Waiting');
    });
  });

  test('finding somebody leads to one’s own desk where that serves them, and back to it', async () => {
    const app = await build();
    const { cast, store, location, deskId } = app;
    const parking = await buildService(store, location, { name: 'Parking', prefix: 'P' });
    const { id } = await walkIn(app, 'Zoë');
    const other = await walkIn({ ...app, service: parking }, 'Zoran');
    const reservation = await book(app, cast.customer, mondayAt('10:00'));
    const find = async (q: string) => (await app.page(`/desk?q=${q}`, { as: cast.staff })).text;
    expect(await find('zo')).toContain(`href="${deskOf(app, `/entries/${id}`)}"`);

    const desk = await reachDesk(app.act(cast.admin), deskId);
    await updateDesk(app.act(cast.admin), desk, { ...desk, serviceIds: [app.service.id] });
    await sit(app, cast.staff);
    expect(await find('zo')).toContain(`href="/desk/${deskId}/entries/${id}"`);
    expect(await find('zo')).toContain(`href="/desk/${parking.slug}/entries/${other.id}"`);
    const checkIn = `/desk/${deskId}/reservations/${reservation.id}/check-in`;
    expect(await find('carla')).toContain(`action="${checkIn}"`);
    const answer = await app.form(checkIn, {}, { as: cast.staff });
    expect(whereTo(answer)).toBe(`/desk/${deskId}?done=check-in-A2`);
  });
});
