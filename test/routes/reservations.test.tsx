import { expect, test } from 'vitest';
import { announceDelay } from '../../src/actions/queue.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { entryOfReservation } from '../../src/db/tickets.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import type { Person } from '../../src/domain/roles.ts';
import type { Verb } from '../../src/domain/ticket.ts';
import { type Answer, buildApp, leadsTo, type TestApp } from '../support/app.ts';
import { alterService, book, checkInTo, mondayAt, walkIn } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

/** The states that a page shows, from top to bottom. */
/** The words of the buttons that look like the one to press. */
function primaryOf(text: string): string[] {
  return [...text.matchAll(/<button[^>]* class="primary"[^>]*>([^<]*)</g)].map(([, words = '']) =>
    words.trim(),
  );
}

function badgesOf(text: string): string[] {
  return [...text.matchAll(/<strong class="badge" data-status="([a-z_]+)">/g)].map(
    ([, status = '']) => status,
  );
}

onBothDatabases('what became of a reservation', (open) => {
  /** A reservation of the customer whose ticket went through these verbs. */
  async function came(app: TestApp, time: string, ...verbs: Verb[]) {
    const reservation = await book(app, app.cast.customer, mondayAt(time));
    let ticket = await checkInTo(app.act(app.cast.staff), reservation);
    for (const verb of verbs) ticket = await moveTicket(app.act(app.cast.staff), ticket, verb);
    return reservation;
  }
  const listOf = (app: TestApp) => app.page('/reservations', { as: app.cast.customer });
  const pageOf = (app: TestApp, { id }: { id: string }) =>
    app.page(`/reservations/${id}`, { as: app.cast.customer });

  test('is shown in the list and on its page, on the day and after it', async () => {
    const app = await buildApp(open().store);
    const served = await came(app, '09:00', 'call', 'start', 'complete');
    const missed = await came(app, '10:00', 'call', 'skip');
    const gone = await came(app, '11:00', 'leave');
    const unused = await book(app, app.cast.customer, mondayAt('12:00'));
    app.clock.set(mondayAt('16:00'));
    expect(badgesOf((await listOf(app)).text)).toEqual(['confirmed', 'left', 'skipped', 'completed']);

    app.clock.pass(24 * 60);
    const { text } = await listOf(app);
    expect(badgesOf(text)).toEqual(['unused', 'left', 'skipped', 'completed']);
    expect(text).toContain('Not used');
    // The ticket on top, then the reservation.
    expect(badgesOf((await pageOf(app, served)).text)).toEqual(['completed', 'completed']);
    expect(badgesOf((await pageOf(app, missed)).text)).toEqual(['skipped', 'skipped']);
    expect(badgesOf((await pageOf(app, gone)).text)).toEqual(['left', 'left']);
    const page = await pageOf(app, unused);
    expect(badgesOf(page.text)).toEqual(['unused']);
    expect(page.text).toContain('nobody checked in');
    for (const way of ['cancel', 'reschedule']) {
      const asked = await app.page(`/reservations/${unused.id}/${way}`, { as: app.cast.staff });
      expect([asked.status, leadsTo(asked)]).toEqual([303, `/reservations/${unused.id}`]);
    }
    expect(page.text).not.toContain('Please speak to the desk');
  });

  test('says what to bring as long as somebody may need it', async () => {
    const app = await buildApp(open().store, { service: { whatToBring: 'Your old passport' } });
    const shows = async (reservation: { id: string }) =>
      (await pageOf(app, reservation)).text.includes('Your old passport');
    const canceled = await book(app, app.cast.customer, mondayAt('14:00'));
    await app.form(`/reservations/${canceled.id}/cancel`, {}, { as: app.cast.customer });
    const unused = await book(app, app.cast.customer, mondayAt('12:00'));
    expect([await shows(unused), await shows(canceled)]).toEqual([true, false]);
    expect(await shows(await came(app, '10:00', 'call'))).toBe(true);
    expect(await shows(await came(app, '11:00', 'leave'))).toBe(false);
    expect(await shows(await came(app, '09:00', 'call', 'start', 'complete'))).toBe(false);
    app.clock.pass(24 * 60);
    expect(await shows(unused)).toBe(false);
  });

  test('tells the desk whose it is, and nobody what they know', async () => {
    const app = await buildApp(open().store);
    const { customer, staff } = app.cast;
    const { id } = await book(app, customer, mondayAt('10:00'));
    const atDesk = (await app.page(`/reservations/${id}`, { as: staff })).text;
    const [user, host] = customer.email.split('@');
    expect(atDesk).toContain(
      `<dd>${customer.name} <a href="mailto:${customer.email}">${user}@<wbr/>${host}</a>`,
    );
    expect((await pageOf(app, { id })).text).not.toContain('mailto:');
  });

  test('once canceled, is no more moved or canceled, and comes up no more', async () => {
    const app = await buildApp(open().store);
    const { id } = await book(app, app.cast.customer, mondayAt('15:00'));
    const path = `/reservations/${id}`;
    const asCustomer = { as: app.cast.customer };
    for (const page of ['/cancel', '/reschedule'])
      expect((await app.page(path + page, asCustomer)).status).toBe(200);
    await app.form(`${path}/cancel`, {}, asCustomer);
    for (const page of ['/cancel', '/reschedule']) {
      const answer = await app.page(path + page, asCustomer);
      expect([answer.status, leadsTo(answer)]).toEqual([303, path]);
    }
    const { text } = await app.page('/reservations', asCustomer);
    expect(text).toContain('Nothing coming up');
    expect(text.indexOf('Earlier or canceled')).toBeLessThan(text.indexOf(path));
  });

  test('changes with its ticket, also what stands beside that', async () => {
    const app = await buildApp(open().store);
    const reservation = await came(app, '10:00');
    const path = `/reservations/${reservation.id}`;
    const poll = { as: app.cast.customer, target: 'ticket-panel', headers: { 'hx-ptag': 'older' } };
    const waiting = (await app.htmx(path, poll)).text;
    const beside = (text: string) => text.slice(text.indexOf('<hx-partial'));
    expect(badgesOf(beside(waiting))).toEqual(['waiting']);
    // Whoever is here cannot move it any more, and is offered nothing else.
    expect(beside(waiting)).toContain('You can cancel it until');
    expect(beside(waiting)).not.toContain('/reschedule');
    const page = await app.page(`${path}/reschedule`, { as: app.cast.customer });
    expect([page.status, leadsTo(page)]).toEqual([303, path]);
    const entry = await entryOfReservation(app.store, reservation.id);
    await moveTicket(app.act(app.cast.staff), entry as never, 'call', { deskId: app.deskId });
    const called = (await app.htmx(path, poll)).text;
    expect(called).toMatch(/^<title>Your turn: A1/);
    expect(badgesOf(beside(called))).toEqual(['called']);
    expect(beside(called)).not.toContain('/cancel');
  });

  test('follows its line before there is a ticket, on its own day', async () => {
    const app = await buildApp(open().store);
    const reservation = await book(app, app.cast.customer, mondayAt('15:00'));
    const path = `/reservations/${reservation.id}`;
    const asking = { as: app.cast.customer };
    const follows = (text: string) =>
      [`hx-get="${path}"`, 'http-equiv="refresh"'].map((part) => text.includes(part));
    app.clock.set(addMinutes(mondayAt('15:00'), -24 * 60));
    expect(follows((await app.page(path, asking)).text)).toEqual([false, false]);
    app.clock.set(mondayAt('13:59'));
    const early = await app.page(path, asking);
    expect(follows(early.text)).toEqual([true, true]);
    expect(early.text).toContain('You can check in here from Monday 2 March, 14:00 on');
    const poll = (answer: Answer) =>
      app.htmx(path, {
        ...asking,
        target: 'ticket-panel',
        headers: { 'hx-ptag': answer.headers.get('hx-ptag') ?? '' },
      });
    expect((await poll(early)).status).toBe(304);
    app.clock.pass(1);
    const ready = await poll(early);
    expect(ready.text).toContain('Check in: I am here');
    expect((await poll(ready)).status).toBe(304);
    const ticket = await checkInTo(app.act(app.cast.staff), reservation);
    const waiting = await poll(ready);
    expect(badgesOf(waiting.text)).toEqual(['waiting', 'waiting']);
    await moveTicket(app.act(app.cast.staff), ticket, 'call');
    expect((await poll(waiting)).text).toMatch(/^<title>Your turn: A1/);
  });

  test('is sent nothing after a change that does not show on it', async () => {
    const app = await buildApp(open().store);
    const staff = app.act(app.cast.staff);
    const called = await moveTicket(staff, await walkIn(app), 'call');
    const path = `/reservations/${(await came(app, '10:00')).id}`;
    const asking = { as: app.cast.customer, target: 'ticket-panel' };
    const tag = (await app.htmx(path, asking)).headers.get('hx-ptag') ?? '';
    const poll = () => app.htmx(path, { ...asking, headers: { 'hx-ptag': tag } });
    await moveTicket(staff, called, 'recall');
    expect((await poll()).status).toBe(304);
    await announceDelay(staff, app.service, { minutes: 25 });
    expect((await poll()).status).toBe(200);
  });

  test('tells today how late its line runs, with a ticket and without', async () => {
    const app = await buildApp(open().store);
    const told = 'Today this line runs about 25 minutes late.';
    const reservation = await book(app, app.cast.customer, mondayAt('11:00'));
    const tells = async () => (await pageOf(app, reservation)).text.includes(told);
    expect(await tells()).toBe(false);
    await announceDelay(app.act(app.cast.staff), app.service, { minutes: 25 });
    expect(await tells()).toBe(true);
    app.clock.set(mondayAt('10:30'));
    const ticket = await checkInTo(app.act(app.cast.customer), reservation);
    expect(await tells()).toBe(true);
    await moveTicket(app.act(app.cast.staff), ticket, 'leave');
    expect(await tells()).toBe(true);
    await announceDelay(app.act(app.cast.staff), app.service, { minutes: 0 });
    expect(await tells()).toBe(false);
    const tomorrow = await book(app, app.cast.otherCustomer, addMinutes(mondayAt('15:00'), 24 * 60));
    await announceDelay(app.act(app.cast.staff), app.service, { minutes: 25 });
    const { text } = await app.page(`/reservations/${tomorrow.id}`, { as: app.cast.otherCustomer });
    expect(text).not.toContain(told);
  });

  test('is followed no more once it is canceled, or its day is over', async () => {
    const app = await buildApp(open().store);
    const asking = { as: app.cast.customer };
    const [canceled, unused] = [
      await book(app, app.cast.customer, mondayAt('14:00')),
      await book(app, app.cast.customer, mondayAt('15:00')),
    ];
    const isFollowed = async ({ id }: { id: string }) =>
      (await pageOf(app, { id })).text.includes(`hx-get="/reservations/${id}"`);
    expect([await isFollowed(canceled), await isFollowed(unused)]).toEqual([true, true]);
    await app.form(`/reservations/${canceled.id}/cancel`, {}, asking);
    expect(await isFollowed(canceled)).toBe(false);
    app.clock.pass(24 * 60);
    expect(await isFollowed(unused)).toBe(false);
  });

  test('where nobody checks in, is given up by canceling, which frees its place', async () => {
    const app = await buildApp(open().store, { service: { checkIn: 'none' } });
    const reservation = await book(app, app.cast.customer, mondayAt('11:00'));
    const { text } = await pageOf(app, reservation);
    expect(text).not.toContain('/leave"');
    expect(text).toContain('/cancel"');
    // Whoever has left all the same, through the ticket's link or at the desk, is not stuck with it.
    const entry = await entryOfReservation(app.store, reservation.id);
    await moveTicket(app.act(app.cast.staff), entry as never, 'leave');
    app.clock.pass(2);
    const left = (await pageOf(app, reservation)).text;
    expect(left).toContain('/cancel"');
    expect(left).toContain('/reschedule"');
    const called = await book(app, app.cast.otherCustomer, mondayAt('12:00'));
    const ticket = await entryOfReservation(app.store, called.id);
    await moveTicket(app.act(app.cast.staff), ticket as never, 'call', {
      deskId: app.deskId,
      reason: 'Early',
    });
    const page = await app.page(`/reservations/${called.id}`, { as: app.cast.otherCustomer });
    expect(page.text).toContain('/leave"');
  });

  test('where nobody checks in, promises no number without a ticket', async () => {
    const app = await buildApp(open().store);
    const reservation = await book(app, app.cast.customer, mondayAt('10:00'));
    await alterService(app.store, app.service, { checkIn: 'none' });
    expect((await pageOf(app, reservation)).text).toContain('You can check in here from');
    app.clock.set(mondayAt('10:05'));
    const { text } = await pageOf(app, reservation);
    expect(text).not.toContain('will be called');
    expect(text).toContain('class="code"');
    expect(primaryOf(text)).toEqual(['Check in: I am here']);
    await app.form(`/reservations/${reservation.id}/check-in`, {}, { as: app.cast.customer });
    const there = (await pageOf(app, reservation)).text;
    expect(badgesOf(there)).toEqual(['waiting', 'waiting']);
    expect(there).not.toContain('class="code"');
  });

  test('that was left says that it stands, with its code, and for half a minute how to come back', async () => {
    const app = await buildApp(open().store);
    const reservation = await book(app, app.cast.customer, mondayAt('09:00'));
    app.clock.set(mondayAt('08:40'));
    await checkInTo(app.act(app.cast.customer), reservation);
    const path = `/reservations/${reservation.id}`;
    const left = await app.form(`${path}/leave`, {}, { as: app.cast.customer });
    const { text } = await app.nextPage(left, { as: app.cast.customer });
    expect(text).toContain('Your reservation stands: check in again');
    expect(text).toContain('class="code"');
    expect(text).toContain('/undo"');
    expect(primaryOf(text)).toEqual(['Take my old place again']);
    expect(text).toContain(`hx-get="${path}"`);
    app.clock.pass(2);
    const later = (await pageOf(app, reservation)).text;
    expect(later).toContain('Your reservation stands');
    expect(later).not.toContain('/undo"');
    expect(primaryOf(later)).toEqual(['Check in: I am here']);
  });

  test('that was canceled offers nothing to take back', async () => {
    const app = await buildApp(open().store);
    const reservation = await came(app, '10:00');
    const path = `/reservations/${reservation.id}`;
    const canceled = await app.form(`${path}/cancel`, {}, { as: app.cast.customer });
    const page = await app.nextPage(canceled, { as: app.cast.customer });
    expect(page.text).toContain('Your reservation was canceled.');
    expect(page.text).not.toContain('/undo"');
  });

  test('starts anew when it moves to another time', async () => {
    const app = await buildApp(open().store);
    const reservation = await came(app, '11:00', 'leave');
    app.clock.pass(1);
    const moved = await app.form(
      `/reservations/${reservation.id}/reschedule`,
      { time_slot: mondayAt('15:00').toISOString() },
      { as: app.cast.customer },
    );
    expect(moved.status).toBe(303);
    expect(badgesOf((await listOf(app)).text)).toEqual(['confirmed']);
    expect(badgesOf((await pageOf(app, reservation)).text)).toEqual(['confirmed']);
  });

  test('costs a list as many queries however long it is', async () => {
    const app = await buildApp(open().store);
    await listOf(app);
    const queriesOf = async () => {
      const before = app.store.queries;
      await listOf(app);
      return app.store.queries - before;
    };
    const none = await queriesOf();
    for (const time of ['09:00', '10:00', '11:00', '12:00']) await came(app, time, 'leave');
    expect(await queriesOf()).toBe(none);
  });
});

onBothDatabases('moving a reservation', (open) => {
  test('offers every time but its own', async () => {
    const app = await buildApp(open().store, { service: { capacity: 2 } });
    const as = app.cast.customer;
    const { id } = await book(app, as, mondayAt('10:00'));
    const { text } = await app.page(`/reservations/${id}/reschedule`, { as });
    const [own = ''] = /<label class="slot">(?:(?!<label).)*>10:00<.*?<\/label>/s.exec(text) ?? [];
    expect(own).toContain(' disabled ');
    expect(own).toContain('Yours');
    expect(text.match(/ disabled /g)).toHaveLength(1);
    expect(text).toContain('Monday 2 March: 15 times free');
  });

  test('that was canceled in another tab leads to where it says so, and offers no time', async () => {
    const app = await buildApp(open().store);
    const as = app.cast.customer;
    const { id } = await book(app, as, mondayAt('10:00'));
    const path = `/reservations/${id}`;
    await app.form(`${path}/cancel`, {}, { as });
    const fields = { day: '2026-03-02', time_slot: mondayAt('11:00').toISOString() };
    const plain = await app.form(`${path}/reschedule`, fields, { as });
    expect([plain.status, leadsTo(plain)]).toEqual([303, path]);
    const htmx = await app.htmx(`${path}/reschedule`, { as, target: 'day-picker', fields });
    expect(htmx.headers.get('hx-redirect')).toBe(path);
    const { text } = await app.nextPage(plain, { as });
    expect(text).toContain('This reservation was canceled.');
    expect(text).toContain(`href="/services/${app.service.slug}">Book another time`);
    expect(text).not.toContain('It stays yours');
  });

  test('is asked for no change that can only be refused, and says why', async () => {
    const app = await buildApp(open().store, { service: { cancelMinutes: 60 } });
    const { customer, staff } = app.cast;
    const { id } = await book(app, customer, mondayAt('10:00'));
    const asked = (as: Person) =>
      Promise.all(
        ['cancel', 'reschedule'].map(async (way) => {
          const answer = await app.page(`/reservations/${id}/${way}`, { as });
          return answer.status === 200 ? 'asked' : leadsTo(answer);
        }),
      );
    const page = async () => (await app.page(`/reservations/${id}`, { as: customer })).text;
    expect(await asked(customer)).toEqual(['asked', 'asked']);
    app.clock.set(mondayAt('09:01'));
    expect(await asked(customer)).toEqual([`/reservations/${id}`, `/reservations/${id}`]);
    expect(await page()).toContain('It is too late to move or cancel it here.');
    expect(await asked(staff)).toEqual(['asked', 'asked']);
    let ticket = await checkInTo(app.act(staff), { id });
    expect(await asked(staff)).toEqual(['asked', `/reservations/${id}`]);
    for (const verb of ['call', 'start', 'skip'] as const) {
      ticket = await moveTicket(app.act(staff), ticket, verb, { deskId: app.deskId });
      expect(await asked(staff)).toEqual([`/reservations/${id}`, `/reservations/${id}`]);
    }
  });

  test('of somebody who checked in elsewhere leads to their ticket', async () => {
    const app = await buildApp(open().store);
    const as = app.cast.customer;
    const reservation = await book(app, as, mondayAt('09:00'));
    app.clock.set(mondayAt('08:40'));
    await checkInTo(app.act(as), reservation);
    const path = `/reservations/${reservation.id}`;
    const fields = { time_slot: mondayAt('11:00').toISOString() };
    const answer = await app.form(`${path}/reschedule`, fields, { as });
    expect([answer.status, leadsTo(answer)]).toEqual([303, path]);
  });
});
