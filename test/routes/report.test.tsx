import { HtmlValidate } from 'html-validate';
import { expect, test } from 'vitest';
import rules from '../../.htmlvalidate.json' with { type: 'json' };
import { addClosure } from '../../src/actions/closures.ts';
import { retireDesk } from '../../src/actions/desk-setup.ts';
import { reachDesk } from '../../src/actions/desks.ts';
import { retireLocation } from '../../src/actions/locations.ts';
import { announceDelay } from '../../src/actions/queue.ts';
import { cancelReservation, reachReservation } from '../../src/actions/reservations.ts';
import { retireService } from '../../src/actions/services.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import type { Verb } from '../../src/domain/ticket.ts';
import { buildApp, type TestApp } from '../support/app.ts';
import {
  addPastTickets,
  alterService,
  book,
  buildService,
  checkInTo,
  mondayAt,
  walkIn,
} from '../support/builders.ts';
import { addCustomers } from '../support/cast.ts';
import { onBothDatabases } from '../support/databases.ts';

const MONDAY = '2026-03-02';
const validator = new HtmlValidate(rules as never);

/** The texts of the cells of a table's row that begins with this. */
function rowOf(text: string, first: string): string[] {
  const row = text.split('<tr>').find((each) => each.replace(/<[^>]*>/g, '').startsWith(first)) ?? '';
  return [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, ''));
}

async function expectValid(text: string): Promise<void> {
  const { results } = await validator.validateString(text);
  expect(results.flatMap(({ messages }) => messages)).toEqual([]);
}

onBothDatabases('how the days went', (open) => {
  const build = async () => {
    const app = await buildApp(open().store, { service: { capacity: 3 } });
    const placed = `location=${app.location.slug}`;
    return { app, placed, page: (path: string) => app.page(`/admin${path}`, { as: app.cast.admin }) };
  };

  /** Somebody comes at a time and is called, started and completed so many minutes later. */
  async function visit(app: TestApp, time: string, called: number, served: number) {
    app.clock.set(mondayAt(time));
    const staff = app.act(app.cast.staff);
    let ticket = await walkIn(app);
    const at = async (minutes: number, verb: Verb) => {
      app.clock.set(mondayAt(time));
      app.clock.pass(minutes);
      ticket = await moveTicket({ ...staff, now: app.clock() }, ticket, verb);
    };
    await at(called, 'call');
    await at(called, 'start');
    await at(called + served, 'complete');
  }

  test('a day tells who was booked, came, waited and was served', async () => {
    const { app, placed, page } = await build();
    const [one, two, three, four] = await addCustomers(app.store, 4);
    const used = await book(app, one as never, mondayAt('09:00'));
    await book(app, two as never, mondayAt('09:00'));
    const canceled = await book(app, three as never, mondayAt('10:00'));
    const gone = await book(app, four as never, mondayAt('11:00'));
    app.clock.set(mondayAt('09:00'));
    const ticket = await checkInTo(app.act(app.cast.staff), used);
    app.clock.pass(4);
    await moveTicket(app.act(app.cast.staff), ticket, 'call');
    await moveTicket(app.act(app.cast.staff), await checkInTo(app.act(app.cast.staff), gone), 'leave');
    // Who checks in and then cancels was not booked in the end.
    await checkInTo(app.act(app.cast.staff), canceled);
    await cancelReservation(
      app.act(app.cast.staff),
      await reachReservation(app.act(app.cast.staff), canceled.id),
    );
    await visit(app, '10:00', 10, 20);
    await visit(app, '10:30', 20, 40);

    const during = await page(`/days/${MONDAY}?${placed}`);
    expect(during.text).toContain('The day is not over: 1 in the line or being served, 1 still expected.');
    // Until then an admin sees who is booked, and how to tell them what has changed.
    const { name, email } = two as { name: string; email: string };
    expect(during.text).toMatch(new RegExp(`09:00</th><td><a href="/reservations/[^"]+">${name}</a></td>`));
    expect(during.text).toContain(`<a href="mailto:${email}">`);
    app.clock.set(new Date('2026-03-03T12:00:00+01:00'));
    const { status, text } = await page(`/days/${MONDAY}?${placed}`);
    expect(status).toBe(200);
    await expectValid(text);
    expect(rowOf(text, app.service.name)).toEqual([
      '3',
      '2',
      '2',
      '2',
      '0',
      '1',
      '1',
      '10 min',
      '16 min',
      '20 min',
      '30 of 30 min',
    ]);
    expect(rowOf(text, '10:00')).toEqual(['2', '2', '15 min']);
    expect(text).toContain('Busiest at 09:00: 2 people came.');
    expect(text).toMatch(/<svg class="bars"[^>]*role="img" aria-label="How many people came/);
    expect(text).not.toContain('The day is not over');
    // Who came and who did not stays to be read, but nobody needs to be written to any more.
    expect(text).not.toContain('mailto:');
    expect(text).toContain((one as { name: string }).name);

    const week = await page(`/days?${placed}`);
    await expectValid(week.text);
    expect(rowOf(week.text, 'Monday 2 March')[0]).toBe('3');
    expect(rowOf(week.text, 'Tuesday 3 March')[6]).toBe('–');
    expect(rowOf(week.text, 'Sunday 1 March')).toEqual([...Array(7).fill('0'), ...Array(4).fill('–')]);
  });

  test('a day tells how the waits that were told did, in as many queries for more of them', async () => {
    const { app, placed, page } = await build();
    await addPastTickets(app, 14);
    const { store } = app;
    const day = `/days/${MONDAY}?${placed}`;
    // Nobody is at work yet when the first one comes.
    await visit(app, '10:00', 10, 20);
    expect((await page(day)).text).toContain('Nobody was told how long it takes');
    const at = async (from: number, to: number) => {
      for (let minute = from; minute < to; minute += 3) {
        const time = `${String(11 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        await visit(app, time, 1, 1);
      }
    };
    await at(0, 6);
    const before = store.queries;
    const few = await page(day);
    const cost = store.queries - before;
    expect(few.text).toContain('2 waits can be compared, which is too few to say more.');
    await expectValid(few.text);
    await at(6, 66);
    const again = store.queries;
    const many = await page(day);
    expect(store.queries - again).toBe(cost);
    await expectValid(many.text);
    expect(many.text).toContain('Too careful: more than 85 of 100');
    expect(rowOf(many.text, '22')).toEqual(['22', '22', '100 %', '1 min']);
  });

  test('a day is a file for spreadsheets, which runs nothing and names nobody', async () => {
    const { app, placed, page } = await build();
    await alterService(app.store, app.service, { name: '=cmd|"/c calc"!A1, quick' });
    await visit(app, '10:00', 10, 20);
    const during = await page(`/days/${MONDAY}.csv?${placed}`);
    // Who is still expected has not stayed away.
    expect(during.text).toContain(',0,0,1,1,0,0,0,,10,10,10,20,30');
    app.clock.set(new Date('2026-03-03T12:00:00+01:00'));
    const { headers, text, status } = await page(`/days/${MONDAY}.csv?${placed}`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="${app.location.slug}-${MONDAY}.csv"`,
    );
    expect(text.replace('\uFEFF', '').split('\r\n')).toEqual([
      'day,location,service,booked,checked_in,walk_ins,served,skipped,left,open,not_used,wait_median_minutes,wait_p80_minutes,wait_longest_minutes,service_median_minutes,planned_minutes',
      `${MONDAY},${app.location.name},"'=cmd|""/c calc""!A1, quick",0,0,1,1,0,0,0,0,10,10,10,20,30`,
      '',
    ]);
    expect(text).not.toContain('Wanda');
  });

  test('several days are one file, in as many queries for more of them', async () => {
    const { app, placed, page } = await build();
    await addPastTickets(app, 40);
    const parking = await buildService(app.store, app.location, { name: 'Parking', prefix: 'P' });
    await visit(app, '10:00', 10, 20);
    await walkIn({ ...app, service: parking });
    const file = (from: string, to: string) => page(`/days.csv?from=${from}&to=${to}&${placed}`);
    const costOf = async (from: string, to: string) => {
      await file(from, to);
      const before = app.store.queries;
      await file(from, to);
      return app.store.queries - before;
    };
    expect(await costOf('2026-01-20', MONDAY)).toBe(await costOf(MONDAY, MONDAY));
    const { headers, text, status } = await file('2026-02-28', '2026-03-04');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(headers.get('content-disposition')).toContain(`${app.location.slug}-2026-02-28-to-2026-03-04.csv`);
    const [head, ...rows] = text.trim().split('\r\n');
    const ofDay = async (day: string) => (await page(`/days/${day}.csv?${placed}`)).text.trim().split('\r\n');
    expect(head).toBe((await ofDay(MONDAY))[0]);
    const days = await Promise.all(['2026-02-28', '2026-03-01', MONDAY].map(ofDay));
    expect(rows).toEqual(days.flatMap((lines) => lines.slice(1)));
    expect(rows.map((row) => row.slice(0, 10))).toEqual(['2026-02-28', '2026-03-01', MONDAY, MONDAY]);
  });

  test('days that are no file are shown again, with what is wrong', async () => {
    const { app, placed, page } = await build();
    const week = await page(`/days?to=2026-02-20&${placed}`);
    expect(week.text).toMatch(/name="from"[^>]*value="2026-02-14"/);
    expect(week.text).toMatch(/name="to"[^>]*value="2026-02-20"/);
    for (const [query, said] of [
      ['from=2026-03-02&to=2026-03-01', 'Last day: The end must be after the beginning.'],
      ['from=2025-03-02&to=2026-03-01', 'Last day: At most 92 days at once, please.'],
      ['from=soon&to=2026-03-01', 'First day: This is not a day.'],
    ] as const) {
      const refused = await page(`/days.csv?${query}&${placed}`);
      expect(refused.status).toBe(422);
      await expectValid(refused.text);
      expect(refused.text).toContain(said);
      const typed = /from=([^&]*)/.exec(query)?.[1];
      expect(refused.text).toMatch(new RegExp(`name="from"[^>]*value="${typed}"`));
      expect(refused.text).toContain(`name="location" value="${app.location.slug}"`);
    }
    expect((await page('/days.csv?from=2026-03-01&to=2026-03-02&location=nowhere')).status).toBe(404);
  });

  test('a day on which nothing happened says so, and leads on', async () => {
    const { app, placed, page } = await build();
    const { text } = await page(`/days/2026-02-10?${placed}`);
    await expectValid(text);
    expect(text).toContain('Nothing booked, nobody came');
    expect(text).not.toContain('.csv');
    expect(text).toContain(`href="/admin/days/2026-02-09?${placed}"`);
    expect(text).toContain(`href="/admin/days/2026-02-11?${placed}"`);
    expect(text).toContain('<h1>How Tuesday 10 February went</h1>');
    const today = (await page(`/days/${MONDAY}?${placed}`)).text;
    expect(today).not.toContain(`/admin/days/2026-03-03`);
    expect(today).toContain('<h1>How Monday 2 March goes</h1>');
    const coming = (await page(`/days/2026-03-03?${placed}`)).text;
    expect(coming).toContain('<h1>What Tuesday 3 March has booked</h1>');
    expect(coming).toContain('<h2>Nothing booked yet</h2>');
    expect(coming).not.toContain('nobody came');
    await book(app, app.cast.customer, new Date('2026-03-03T10:00:00+01:00'));
    const booked = (await page(`/days/2026-03-03?${placed}`)).text;
    await expectValid(booked);
    expect(booked).toContain('This day is still to come: 1 expected so far.');
    expect(booked).not.toContain('The day is not over');
    const chosen = await page(`/days?date=2026-02-10&${placed}`);
    expect(chosen.headers.get('location')).toBe(`/admin/days/2026-02-10?${placed}`);
    expect(app.clock().toISOString()).toMatch(/^2026-03-02/);
  });

  test('a day tells what became of each reservation, also once it is over', async () => {
    const { app, placed, page } = await build();
    const staff = app.act(app.cast.staff);
    const [served, missed, left, , came] = await Promise.all(
      ['12:00', '12:30', '13:00', '13:30', '14:00'].map(async (time) => {
        const [customer] = await addCustomers(app.store, 1);
        return book(app, customer as never, mondayAt(time));
      }),
    );
    const through = async (reservation: typeof served, ...verbs: Verb[]) => {
      let ticket = await checkInTo(staff, reservation as never);
      for (const verb of verbs) ticket = await moveTicket(staff, ticket, verb);
    };
    await through(served, 'call', 'start', 'complete');
    await through(missed, 'call', 'skip');
    await through(left, 'leave');
    // Who left and came once more has come.
    await through(came, 'leave');
    await through(came, 'call', 'start', 'complete');
    const outcomes = async () => {
      const { text } = await page(`/days/${MONDAY}?${placed}`);
      await expectValid(text);
      return ['12:00', '12:30', '13:00', '13:30', '14:00'].map((time) => rowOf(text, time).at(-1));
    };
    expect(await outcomes()).toEqual(['Completed', 'Skipped', 'Left', 'Confirmed', 'Completed']);
    app.clock.pass(24 * 60);
    expect(await outcomes()).toEqual(['Completed', 'Skipped', 'Left', 'Not used', 'Completed']);
  });

  test('what is no day, or no location, is not there', async () => {
    const { page } = await build();
    for (const path of [
      '/days/2026-02-30',
      '/days/yesterday',
      '/days/2026-02-10.pdf',
      '/days/2026-02-30.csv',
      `/days/${MONDAY}?location=nowhere`,
      '/days?location=nowhere',
    ])
      expect((await page(path)).status, path).toBe(404);
  });

  test('other locations have days of their own', async () => {
    const { app, page } = await build();
    await visit(app, '10:00', 5, 5);
    const { text } = await page(`/days/${MONDAY}?location=${app.otherLocation.slug}`);
    expect(text).toContain('Nothing booked, nobody came');
    expect(text).toContain(`href="/admin/days/${MONDAY}?location=${app.location.slug}"`);
  });

  test('without a name, the days are those of a location where there was something', async () => {
    const { app, page } = await build();
    const { store, clock, otherLocation } = app;
    const service = await buildService(store, otherLocation);
    clock.set(new Date('2026-05-04T08:00:00Z'));
    // Behind the place in the navigation.
    const shown = async (path: string) =>
      [...(await page(path)).text.matchAll(/aria-current="true"[^>]*>([^<]*)<\/a>/g)].at(-1)?.[1];
    const first = await shown('/days');
    expect(first).not.toBe(otherLocation.name);
    const booked = await book({ ...app, service }, app.cast.customer, new Date('2026-05-04T10:00:00Z'));
    for (const path of ['/days', '/days?to=2026-05-10', '/days/2026-05-04'])
      expect(await shown(path), path).toBe(otherLocation.name);
    expect((await page('/days/2026-05-04.csv')).text).toContain(otherLocation.name);
    expect(await shown(`/days/2026-05-04?location=${app.location.slug}`)).toBe(app.location.name);
    expect(await shown('/days/2026-05-05')).toBe(first);
    const customer = app.act(app.cast.customer);
    await cancelReservation(customer, await reachReservation(customer, booked.id));
    expect(await shown('/days')).toBe(first);
    await walkIn({ ...app, service });
    expect(await shown('/days')).toBe(otherLocation.name);
  });

  test('a location that is retired keeps its days', async () => {
    const { app, placed, page } = await build();
    await visit(app, '10:00', 5, 5);
    const admin = app.act(app.cast.admin);
    await retireService(admin, app.service);
    await retireDesk(admin, await reachDesk(admin, app.deskId));
    await retireLocation(admin, app.location);
    const day = await page(`/days/${MONDAY}?${placed}`);
    expect(day.status).toBe(200);
    await expectValid(day.text);
    expect(rowOf(day.text, app.service.name)[3]).toBe('1');
    expect((await page(`/days/${MONDAY}.csv?${placed}`)).text).toContain(`${MONDAY},${app.location.name},`);
    const week = await page(`/days?location=${app.otherLocation.slug}`);
    expect(week.text).toContain(`>${app.location.name} (retired)</a>`);
    expect(week.text).not.toContain(`${app.otherLocation.name} (retired)`);
    expect(rowOf((await page(`/days?${placed}`)).text, 'Monday 2 March')[3]).toBe('1');
    // Without a name it is one in use.
    expect((await page('/days')).text).not.toMatch(/aria-current="true">[^<]* \(retired\)<\/a>/);
  });

  test('pages that show today say as of when, and a day says when its hours were others', async () => {
    const { app, placed, page } = await build();
    const admin = app.act(app.cast.admin);
    const closed = { day: MONDAY, kind: 'closed' as const, opens: null, closes: null };
    app.clock.set(mondayAt('11:20'));
    const before = await page(`/days/${MONDAY}?${placed}`);
    expect(before.text).toContain('As of 11:20');
    expect(before.text).not.toContain('Other hours than usual');
    expect((await page(`/days?${placed}`)).text).toContain('As of 11:20');
    await addClosure(admin, { ...closed, serviceId: null, locationId: app.location.id, reason: '<Strike>' });
    const hours = { kind: 'special' as const, opens: '10:00', closes: '12:00' };
    await addClosure(admin, { ...closed, ...hours, serviceId: app.service.id, reason: '' });
    await addClosure(admin, { ...closed, serviceId: null, locationId: app.otherLocation.id, reason: 'Far' });
    const { text } = await page(`/days/${MONDAY}?${placed}`);
    await expectValid(text);
    expect(text).toContain('<li>Closed (All services): &lt;Strike&gt;</li>');
    expect(text).toContain('<li>Open from 10:00 to 12:00 (Passports)</li>');
    expect(text).not.toContain('Far');
    for (const path of ['/days/2026-03-03', '/days/2026-03-01', '/days?to=2026-03-01'])
      expect((await page(`${path}${path.includes('?') ? '&' : '?'}${placed}`)).text).not.toMatch(
        /As of|Other hours/,
      );
  });

  test('a day tells the delays that were announced, by whom and why', async () => {
    const { app, placed, page } = await build();
    const { cast, service, store } = app;
    const parking = await buildService(store, app.location, { name: 'Parking', prefix: 'P' });
    const far = await buildService(store, app.otherLocation, { name: 'Far' });
    expect((await page(`/days/${MONDAY}?${placed}`)).text).not.toContain('Delays announced');
    const announce = (time: string, ...said: [typeof service, number, string?]) => {
      app.clock.set(mondayAt(time));
      const [line, minutes, reason = null] = said;
      return announceDelay(app.act(cast.admin), line, { minutes, reason });
    };
    await announce('10:05', service, 25, 'Power <cut>');
    await announce('10:10', parking, 15);
    await announce('10:15', far, 90, 'Far away');
    await announce('11:00', service, 0);
    const { text } = await page(`/days/${MONDAY}?${placed}`);
    await expectValid(text);
    const [, list = ''] = /Delays announced on this day<\/strong><ul>(.*?)<\/ul>/.exec(text) ?? [];
    expect(list.replaceAll('<li>', '').split('</li>')).toEqual([
      '10:05 Passports: 25 minutes (Ada Admin): Power &lt;cut&gt;',
      '10:10 Parking: 15 minutes (Ada Admin)',
      '11:00 Passports: taken back (Ada Admin)',
      '',
    ]);
    expect((await page(`/days/2026-03-01?${placed}`)).text).not.toContain('Delays announced');
  });

  test('costs as many queries however many services and tickets', async () => {
    const { app, placed, page } = await build();
    const queriesOf = async (path: string) => {
      const before = app.store.queries;
      await page(path);
      return app.store.queries - before;
    };
    const paths = [`/days/${MONDAY}?${placed}`, `/days?${placed}`];
    for (const path of paths) await queriesOf(path);
    const few = [await queriesOf(paths[0] as string), await queriesOf(paths[1] as string)];
    for (let index = 0; index < 3; index++) {
      const service = await buildService(app.store, app.location, { name: `Service ${index}` });
      for (let times = 0; times < 3; times++) await walkIn({ ...app, service });
    }
    for (const path of paths) await queriesOf(path);
    const many = [await queriesOf(paths[0] as string), await queriesOf(paths[1] as string)];
    expect(many).toEqual(few);
  });
});
