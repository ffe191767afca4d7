import { expect, test } from 'vitest';
import { takeTicket } from '../../src/actions/queue.ts';
import { retireService } from '../../src/actions/services.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { monthDays } from '../../src/domain/days.ts';
import { buildApp, leadsTo, type TestApp } from '../support/app.ts';
import { book, buildService, entriesOf, mondayAt } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

onBothDatabases('the calendar', (open) => {
  /** The days that it shows. */
  async function daysOf(app: TestApp, query = ''): Promise<string[]> {
    const { text } = await app.page(`/services/${app.service.slug}${query}`);
    const table = /<table>.*?<\/table>/s.exec(text)?.[0] ?? '';
    return [...table.matchAll(/<time datetime="([^"]+)"/g)].map(([, day = '']) => day);
  }

  test('begins with the week of today, and shows an earlier one only when it is asked for', async () => {
    const app = await buildApp(open().store);
    // A Wednesday.
    app.clock.set(new Date('2026-11-25T09:00:00Z'));
    const days = await daysOf(app);
    expect([days[0], days.at(-1)]).toEqual(['2026-11-23', '2026-11-30']);
    expect((await daysOf(app, '?date=2026-12-02'))[0]).toBe('2026-12-01');
    // No week is left out in between.
    expect(await daysOf(app, '?date=2026-11-04')).toEqual(
      monthDays('2026-11-04').filter((day) => day >= '2026-11-02'),
    );
  });

  test('says beyond its end until when there are times, and leads back there in one step', async () => {
    const app = await buildApp(open().store, { service: { horizonDays: 60 } });
    const at = (day: string) => `/services/${app.service.slug}?date=${day}`;
    const far = (await app.page(at('2031-05-06'))).text;
    expect(far).toContain('Times can be booked until Friday 1 May.');
    expect(far).not.toContain('are marked in the calendar');
    expect(far).toContain(`href="${at('2026-05-01')}" hx-get="${at('2026-05-01')}">Show May 2026<`);
    expect(far).toContain(`id="month-before" href="${at('2026-05-01')}"`);
    const near = (await app.page(at('2026-05-02'))).text;
    expect(near).toContain('Times can be booked until Friday 1 May.');
    expect(near).not.toContain('Show May 2026');
    expect((await app.page(at('2026-05-01'))).text).not.toContain('Times can be booked until');
  });

  test('keeps its links apart where nothing but text is shown', async () => {
    const app = await buildApp(open().store);
    const { text } = await app.page(`/services/${app.service.slug}?date=2026-04-01`);
    expect(text).toMatch(/<\/a> <a [^>]*id="month-after"/);
  });
});

onBothDatabases('a day', (open) => {
  const TWO_SLOTS = [{ weekday: 1, opens: '10:00', closes: '11:00' }];
  const statusOf = (text: string) => /<p [^>]*role="status" id="times">([^<]*)/.exec(text)?.[1];

  test('that is full says so, and leads to the next one that is not', async () => {
    const app = await buildApp(open().store, { service: { rules: TWO_SLOTS } });
    const path = `/services/${app.service.slug}?date=2026-03-02`;
    await book(app, app.cast.otherCustomer, mondayAt('10:00'));
    const half = (await app.page(path)).text;
    expect(half).not.toContain('Every time on this day is taken');
    expect(statusOf(half)).toBe('Monday 2 March: 1 time free');

    await book(app, app.cast.otherCustomer, mondayAt('10:30'));
    const { text } = await app.page(path);
    expect(text).toContain('Every time on this day is taken');
    expect(text).toContain('Next day with free times: Monday 9 March');
    expect(text).not.toContain('type="submit"');
    expect(text).toMatch(/id="month-after" [^>]*date=2026-04-01"/);
    expect(statusOf(text)).toBe('Monday 2 March: no time free');
    expect((await app.page(`/services/${app.service.slug}?date=2026-03-03`)).text).toContain(
      'No times on this day',
    );
  });

  test('does not keep a time chosen that somebody else took', async () => {
    const app = await buildApp(open().store);
    const { customer, otherCustomer } = app.cast;
    const fields = { day: '2026-03-02', time_slot: mondayAt('10:00').toISOString() };
    const path = `/services/${app.service.slug}`;
    const chosen = `value="${fields.time_slot}" checked`;
    const query = new URLSearchParams({ date: fields.day, time_slot: fields.time_slot });
    expect((await app.page(`${path}?${query}`, { as: customer })).text).toContain(chosen);
    await book(app, otherCustomer, mondayAt('10:00'));
    const refused = await app.form(`${path}/reservations`, fields, { as: customer });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain(`value="${fields.time_slot}" disabled required`);
  });
});

onBothDatabases('a time at which somebody comes already', (open) => {
  const FORTY_FIVE = { capacity: 3, durationMinutes: 45, stepMinutes: 15 };
  const linkTo = ({ id }: { id: string }) => `<a href="/reservations/${id}">See it</a>`;
  const fieldsOf = (time: string) => ({ day: '2026-03-02', time_slot: mondayAt(time).toISOString() });

  test('leads to the reservation that stands there', async () => {
    const app = await buildApp(open().store, { service: FORTY_FIVE });
    const as = app.cast.customer;
    const earlier = await book(app, as, mondayAt('10:00'));
    const canceled = await book(app, as, mondayAt('11:00'));
    await app.form(`/reservations/${canceled.id}/cancel`, {}, { as });
    const standing = await book(app, as, mondayAt('11:15'));
    const path = `/services/${app.service.slug}/reservations`;
    const refused = await app.form(path, fieldsOf('11:30'), { as });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain(linkTo(standing));
    expect(refused.text).not.toContain(linkTo(canceled));

    const move = `/reservations/${earlier.id}/reschedule`;
    for (const who of [as, app.cast.staff]) {
      const moved = await app.form(move, fieldsOf('10:45'), { as: who });
      expect([moved.status, moved.text.includes(linkTo(standing))]).toEqual([409, true]);
    }
  });
});

onBothDatabases('a page that is kept', (open) => {
  test.each(['undefined', 'null', 'main'])(
    'stays whole, whatever part somebody asked for before (%s)',
    async (target) => {
      const app = await buildApp(open().store);
      for (const path of ['/', `/services/${app.service.slug}`, `/board/${app.location.slug}`]) {
        const part = await app.htmx(path, { target });
        expect(part.text, path).not.toContain('<html');
        expect((await app.page(path)).text, path).toContain('<html');
      }
    },
  );
});

onBothDatabases('a stream of lines', (open) => {
  test('is of lines that there are, each once, and costs one question', async () => {
    const app = await buildApp(open().store);
    const other = await buildService(app.store, app.location);
    await app.page('/');
    const stream = (slugs: readonly string[]) => app.page(`/live/lines/${slugs.join(',')}`);
    const made = Array.from({ length: 100 }, (_, index) => `nothing-${index}`);
    const before = app.store.queries;
    expect((await stream(made)).status).toBe(404);
    expect(app.store.queries - before).toBeLessThanOrEqual(1);
    expect((await stream([app.service.slug, other.slug, app.service.slug])).status).toBe(200);
    expect((await stream([app.service.slug, 'nothing'])).status).toBe(404);
    expect(
      (await stream([...made, ...made].map((slug, index) => `${slug}-${index}`).concat('one-more'))).status,
    ).toBe(404);
  });
});

onBothDatabases('a time that was chosen before logging in', (open) => {
  test('is said not to be booked yet, with a button to book it', async () => {
    const app = await buildApp(open().store);
    const { customer, otherCustomer } = app.cast;
    const path = `/services/${app.service.slug}`;
    const chosen = { day: '2026-03-02', time_slot: mondayAt('10:00').toISOString() };
    const sent = await app.form(`${path}/reservations`, chosen);
    const back = new URL(leadsTo(sent), 'http://localhost').searchParams.get('next') ?? '';
    expect((await app.page(back)).text).not.toContain('not booked yet');
    const { text } = await app.page(back, { as: customer });
    expect(text).toContain('Monday 2 March, 10:00 is chosen, but not booked yet.');
    const from = text.indexOf('class="notice"');
    const form = text.slice(from, text.indexOf('</form>', from));
    const fields = Object.fromEntries(
      [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    expect(fields).toMatchObject(chosen);
    await book(app, otherCustomer, mondayAt('10:00'));
    expect((await app.page(back, { as: customer })).text).not.toContain('not booked yet');
    const refused = await app.form(`${path}/reservations`, fields as never, { as: customer });
    expect(refused.status).toBe(409);
    expect(refused.text).not.toContain('not booked yet');
  });

  test.each([1, 3])('is said to be booked once it is, with %i places', async (capacity) => {
    const app = await buildApp(open().store, {
      service: { capacity, durationMinutes: 45, stepMinutes: 15 },
    });
    const { customer, otherCustomer } = app.cast;
    const at = (time: string) =>
      `/services/${app.service.slug}?date=2026-03-02&time_slot=${mondayAt(time).toISOString()}`;
    const before = (await app.page(at('10:00'), { as: customer })).text;
    expect(before).toContain('not booked yet');
    const { id } = await book(app, customer, mondayAt('10:00'));
    // Reloaded, also at a time that it lasts into, and while it goes on.
    for (const [now, chosen] of [
      ['09:00', '10:00'],
      ['09:00', '10:30'],
      ['10:05', '10:30'],
    ] as const) {
      app.clock.set(mondayAt(now));
      const { text } = await app.page(at(chosen), { as: customer });
      expect(text).toContain(
        `You have booked Monday 2 March, 10:00. <a href="/reservations/${id}">See it</a>`,
      );
      expect(text).not.toContain('not booked yet');
      // Nor is it chosen once more.
      expect(text).not.toMatch(/name="time_slot"[^>]* checked/);
    }
    for (const who of [otherCustomer, null])
      expect((await app.page(at('10:30'), { as: who })).text).not.toContain('You have booked');
    app.clock.set(mondayAt('09:00'));
    await app.form(`/reservations/${id}/cancel`, {}, { as: customer });
    expect((await app.page(at('10:00'), { as: customer })).text).toContain('not booked yet');
  });
});

onBothDatabases('a retired service', (open) => {
  test('says so wherever somebody comes for it, and is offered to nobody', async () => {
    const app = await buildApp(open().store, { service: { phoneJoin: true, capacity: 3 } });
    const { service, cast } = app;
    const as = cast.customer;
    const canceled = await book(app, as, mondayAt('10:00'));
    await app.form(`/reservations/${canceled.id}/cancel`, {}, { as });
    const standing = await book(app, as, mondayAt('11:00'));
    const { entry, token } = await takeTicket(app.act(cast.staff), service, {
      name: 'Wanda',
      phone: null,
      priority: 0,
    });
    await moveTicket(app.act(cast.staff), entry, 'skip');
    app.clock.set(mondayAt('10:00'));
    const of = async (path: string) => (await app.page(path, { as })).text;
    const ticket = `/t/${token}`;
    const past = `/reservations/${canceled.id}`;
    const coming = `/reservations/${standing.id}`;
    const newNumber = `href="/join/${service.slug}"`;
    const bookAgain = `href="/services/${service.slug}"`;
    const move = `href="${coming}/reschedule"`;
    expect(await of(ticket)).toContain(newNumber);
    expect(await of(past)).toContain(bookAgain);
    expect(await of(coming)).toContain(move);

    await retireService(app.act(cast.admin), service);
    expect(await of(ticket)).not.toMatch(/href="\/join|take a new number/);
    expect(await of(past)).toContain('This service can no longer be booked.');
    expect(await of(past)).not.toContain(bookAgain);
    const shown = await of(coming);
    expect(shown).not.toContain(move);
    expect(shown).toContain('It stands, but cannot be moved');
    expect(shown).toContain(`href="${coming}/cancel"`);

    const slot = { day: '2026-03-02', time_slot: mondayAt('12:00').toISOString() };
    for (const answer of [
      await app.page(`/services/${service.slug}`),
      await app.form(`/services/${service.slug}/reservations`, slot, { as }),
      await app.page(`/join/${service.slug}`),
      await app.form(`/join/${service.slug}`, { name: 'Wanda' }),
    ]) {
      expect(answer.status).toBe(404);
      expect(answer.text).toContain('<h1>No longer offered</h1>');
      expect(answer.text).toContain('can no longer be booked, and gives no more numbers.');
    }
    for (const answer of [
      await app.page(`${coming}/reschedule`, { as }),
      await app.form(`${coming}/reschedule`, slot, { as }),
    ])
      expect([answer.status, leadsTo(answer)]).toEqual([303, coming]);
    const poster = await app.page(`/join/${service.slug}/poster`, { as: cast.staff });
    expect(poster.text).toContain('gives no numbers by phone now');

    const kiosk = `/kiosk/${service.slug}`;
    expect((await app.page(kiosk)).text).toContain('Welcome');
    for (const answer of [
      await app.page(`${kiosk}/take?service=${service.slug}`),
      await app.form(`${kiosk}/take`, { service_id: service.id, name: 'Wanda' }),
    ])
      expect(answer.text).toContain('Which line?');
    expect(await entriesOf(app.store, service)).toHaveLength(1);
  });
});

onBothDatabases('an address that only a form is sent to', (open) => {
  test.each([
    ['/services/fresh-papers/reservations', '/services/fresh-papers'],
    ['/reservations/x/check-in', '/reservations/x'],
    ['/reservations/x/delay?a=1', '/reservations/x'],
    ['/t/x/leave', '/t/x'],
    ['/account/password', '/account'],
    ['/logout', '/'],
    ['/kiosk/x/check-in/code', '/kiosk/x/check-in'],
    ['/desk/x/reservations/y/check-in', '/desk/x'],
    ['/admin/desks/x/restore', '/admin/desks/x'],
    ['/reservations/%0a%2F%C3%A9/check-in', '/reservations/%0a%2F%C3%A9'],
  ])('leads whoever opens it to its page: %s', async (path, page) => {
    const app = await buildApp(open().store);
    const answer = await app.page(path, { as: app.cast.admin });
    expect([answer.status, leadsTo(answer)]).toEqual([303, page]);
  });

  test('is refused to a program, and in every other way', async () => {
    const app = await buildApp(open().store);
    expect((await app.page('/api/reservations/x/check-in')).status).toBe(405);
    expect((await app.json('PUT', '/account/password')).status).toBe(405);
    expect((await app.page('/nothing/here')).status).toBe(404);
  });
});
