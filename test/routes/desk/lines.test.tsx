import { describe, expect, test } from 'vitest';
import { advance, setIntake } from '../../../src/actions/queue.ts';
import { cancelReservation, reachReservation } from '../../../src/actions/reservations.ts';
import { retireService } from '../../../src/actions/services.ts';
import { newId } from '../../../src/domain/id.ts';
import { buildApp, type TestApp } from '../../support/app.ts';
import {
  alterService,
  book,
  buildService,
  entriesOf,
  mondayAt,
  verbsOf,
  walkIn,
} from '../../support/builders.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { act, deskOf, expectPanel, noticeIn, PANEL, whereTo } from '../../support/desk.ts';

onBothDatabases('the desk', (open) => {
  const build = (service = {}) => buildApp(open().store, { service });

  describe('Next', () => {
    const path = (app: TestApp) => deskOf(app, '/advance');

    test('plain: back to the panel, which says what was done', async () => {
      const app = await build();
      const { cast } = app;
      const [first, second] = [await walkIn(app), await walkIn(app)];
      const one = await app.form(path(app), { serving: '' }, { as: cast.staff });
      expect([one.status, whereTo(one)]).toEqual([303, `${deskOf(app)}?done=start-A1`]);
      const two = await app.form(path(app), { serving: first.id }, { as: cast.staff });
      expect(whereTo(two)).toBe(`${deskOf(app)}?done=complete-A1&done=start-A2`);
      const three = await app.form(path(app), { serving: second.id }, { as: cast.staff });
      expect(whereTo(three)).toBe(`${deskOf(app)}?done=complete-A2`);
      const none = await app.form(path(app), { serving: '' }, { as: cast.staff });
      expect(whereTo(none)).toBe(`${deskOf(app)}?done=nothing`);
    });

    test('htmx: the changed panel at once', async () => {
      const app = await build();
      await walkIn(app);
      const answer = await app.htmx(path(app), {
        as: app.cast.staff,
        target: PANEL,
        fields: { serving: '' },
      });
      expect(answer.status).toBe(200);
      expectPanel(answer);
      expect(noticeIn(answer)).toBe('A1 is being served.');
      expect(answer.text).toContain('<p class="number">A1</p>');
      const tag = answer.headers.get('hx-ptag') ?? '';
      expect(
        (await app.htmx(deskOf(app), { as: app.cast.staff, target: PANEL, headers: { 'hx-ptag': tag } }))
          .status,
      ).toBe(304);
    });

    test('sent twice with its key, it is done once', async () => {
      const app = await build();
      const { cast } = app;
      await walkIn(app);
      await walkIn(app);
      const fields = { serving: '', idempotency_key: newId() };
      const answers = [
        await app.form(path(app), fields, { as: cast.staff }),
        await app.form(path(app), fields, { as: cast.staff }),
      ];
      expect(answers.map(whereTo)).toEqual(Array(2).fill(`${deskOf(app)}?done=start-A1`));
      expect((await entriesOf(app.store, app.service)).map(({ status }) => status)).toEqual([
        'in_service',
        'waiting',
      ]);
    });

    test('stale: nothing happens, and the page says who was faster and who is next', async () => {
      const app = await build();
      const { cast, clock } = app;
      const first = await walkIn(app);
      await walkIn(app);
      await walkIn(app);
      clock.set(mondayAt('14:02'));
      await advance(act(app, cast.admin), app.service, {});
      const none = await app.form(path(app), { serving: '' }, { as: cast.staff });
      expect(none.status).toBe(409);
      expect(noticeIn(none)).toBe(
        'Nothing was changed. Ticket A1 was already started by Ada Admin at 14:02. Next is A2.',
      );
      expect(none.text).toContain(`content="30; url=${deskOf(app)}"`);
      await advance(act(app, cast.admin), app.service, {});
      const answer = await app.htmx(path(app), {
        as: cast.staff,
        target: PANEL,
        fields: { serving: first.id },
      });
      expect(answer.status).toBe(409);
      expectPanel(answer);
      expect(noticeIn(answer)).toBe(
        'Nothing was changed. Ticket A1 was already completed by Ada Admin at 14:02. Next is A3.',
      );
      expect(answer.text).toContain('data-focus');
      expect(await verbsOf(app.store, app.service)).toEqual([
        'walk-in',
        'walk-in',
        'walk-in',
        'advance',
        'advance',
        'advance',
      ]);
    });

    test('after midnight: nobody was faster, the day is over', async () => {
      const app = await build();
      const { cast, clock } = app;
      const entry = await walkIn(app);
      await advance(act(app, cast.staff), app.service, {});
      const waiting = await walkIn(app);
      clock.set(new Date('2026-03-03T08:00:00+01:00'));
      const answer = await app.form(path(app), { serving: entry.id }, { as: cast.staff });
      expect([answer.status, noticeIn(answer)]).toEqual([
        409,
        'Nothing was changed. The day of A1 is over: this is the line of today. Nobody is waiting.',
      ]);
      const called = await app.form(
        deskOf(app, `/entries/${waiting.id}`),
        { verb: 'skip', version: '1' },
        { as: cast.staff },
      );
      expect(noticeIn(called)).toContain('The day of A2 is over');
    });

    test('says once that nothing was changed', async () => {
      const app = await build();
      const entry = await walkIn(app);
      const fields = { verb: 'skip', version: String(entry.version + 1) };
      const answer = await app.form(deskOf(app, `/entries/${entry.id}`), fields, { as: app.cast.staff });
      expect(noticeIn(answer)).toBe(
        'Nothing was changed. Somebody was faster. This is how it stands now. Next is A1.',
      );
    });

    test('invalid: 422 and the panel', async () => {
      const app = await build();
      const answer = await app.form(path(app), { serving: 'me' }, { as: app.cast.staff });
      expect(answer.status).toBe(422);
      expect(noticeIn(answer)).toContain('Please check the marked fields.');
    });
  });

  describe('a walk-in', () => {
    const path = (app: TestApp) => deskOf(app, '/entries');

    test('plain and htmx: in the line', async () => {
      const app = await build();
      const { cast } = app;
      const plain = await app.form(
        path(app),
        { name: ' Petra ', phone: '', priority: 'on' },
        { as: cast.staff },
      );
      expect([plain.status, whereTo(plain)]).toEqual([303, `${deskOf(app)}?done=walk-in-A1`]);
      const answer = await app.htmx(path(app), {
        as: cast.staff,
        target: PANEL,
        fields: { name: 'Paul', phone: '+49 30 123' },
      });
      expect(answer.status).toBe(200);
      expectPanel(answer);
      expect(noticeIn(answer)).toBe('Added to the line as A2.');
      expect(answer.text).toContain('Add a walk-in');
      expect(
        (await entriesOf(app.store, app.service)).map(({ name, phone, priority }) => [name, phone, priority]),
      ).toEqual([
        ['Petra', null, 1],
        ['Paul', '+49 30 123', 0],
      ]);
    });

    test('invalid: the form again, with what was typed, and no reload', async () => {
      const app = await build();
      for (const answer of [
        await app.form(path(app), { name: ' ', phone: '"><b>', priority: 'on' }, { as: app.cast.staff }),
        await app.htmx(path(app), {
          as: app.cast.staff,
          target: PANEL,
          fields: { name: ' ', phone: '"><b>', priority: 'on' },
        }),
      ]) {
        expect(answer.status).toBe(422);
        expect(answer.text).toContain('value="&quot;&gt;&lt;b&gt;"');
        expect(answer.text).toMatch(/<input[^>]*name="priority"[^>]*checked/);
        expect(answer.text).toContain('id="name-error"');
        expect(answer.text).toContain('href="#phone"');
        expect(answer.text).not.toContain('http-equiv');
      }
      expect(await entriesOf(app.store, app.service)).toEqual([]);
    });

    test('after the last ticket: refused, with what was typed', async () => {
      const app = await build();
      await setIntake(act(app, app.cast.staff), app.service, true);
      const answer = await app.form(path(app), { name: 'Too Late' }, { as: app.cast.staff });
      expect(answer.status).toBe(409);
      expect(noticeIn(answer)).toContain('The last ticket of the day has been given.');
      expect(answer.text).toContain('value="Too Late"');
      expect(answer.text.match(/The last ticket of the day has been given/g)).toHaveLength(1);
      expect(noticeIn(answer)).not.toContain('is next');
      // Before anything is typed, there is no form to type it in.
      const page = await app.page(deskOf(app, '/walk-in'), { as: app.cast.staff });
      expect(page.text).not.toContain('name="phone"');
      expect(page.text).toContain(`href="${deskOf(app, '/line')}"`);
    });

    test('sent twice with its key, it is one ticket', async () => {
      const app = await build();
      const fields = { name: 'Twice', idempotency_key: newId() };
      for (let times = 0; times < 2; times += 1) {
        const { headers } = await app.form(path(app), fields, { as: app.cast.staff });
        expect(whereTo({ headers })).toBe(`${deskOf(app)}?done=walk-in-A1`);
      }
      expect(await entriesOf(app.store, app.service)).toHaveLength(1);
    });

    test('has a page of its own, and a part for htmx, that never reload', async () => {
      const app = await build();
      const { cast } = app;
      const page = await app.page(deskOf(app, '/walk-in'), { as: cast.staff });
      expect(page.text).toContain('<h2 id="walk-in-title"');
      expect(page.text).not.toContain('http-equiv');
      const part = await app.htmx(deskOf(app, '/walk-in'), { as: cast.staff, target: 'walk-in' });
      expect(part.text).toMatch(/^<section id="walk-in"/);
      expect(part.text).toContain('hx-morph-skip');
      expect(part.text).not.toContain(`${PANEL}"`);
    });

    test('is not offered, and refused, where a service takes none', async () => {
      const app = await build({ walkIns: false });
      const { cast } = app;
      expect((await app.page(deskOf(app), { as: cast.staff })).text).not.toContain('/walk-in"');
      expect((await app.page(deskOf(app, '/walk-in'), { as: cast.staff })).status).toBe(404);
      const answer = await app.form(path(app), { name: 'Nobody' }, { as: cast.staff });
      expect(answer.status).toBe(409);
      expect(noticeIn(answer)).toContain('This service takes no walk-ins.');
    });

    test.each(['no walk-ins', 'nobody at all'])(
      'stays while it is typed for a service that takes %s by now, and is told why it is refused',
      async (whom) => {
        const app = await build();
        const { cast, service } = app;
        await walkIn(app, 'Anna');
        if (whom === 'no walk-ins') await alterService(app.store, service, { walkIns: false });
        else await retireService(act(app, cast.admin), service);
        // What a poll brings leaves the open form alone.
        const poll = await app.htmx(deskOf(app), { as: cast.staff, target: PANEL });
        expect(poll.text).toContain('<section id="walk-in"></section>');
        const fields = { name: 'Typed', note: 'Brings a dog', 'needs[]': 'hearing' };
        for (const answer of [
          await app.form(path(app), fields, { as: cast.staff }),
          await app.htmx(path(app), { as: cast.staff, target: PANEL, fields }),
        ]) {
          expect(answer.status).toBe(409);
          expect(noticeIn(answer)).toBe('Nothing was changed. This service takes no walk-ins.');
          for (const kept of ['value="Typed"', 'Brings a dog', 'value="hearing" checked'])
            expect(answer.text).toContain(kept);
        }
      },
    );
  });

  describe('a check-in', () => {
    const build1 = async () => {
      const app = await build();
      const reservation = await book(app, app.cast.customer, mondayAt('10:00'));
      return { app, path: deskOf(app, `/reservations/${reservation.id}/check-in`), reservation };
    };

    test('plain: a ticket; a second time the same', async () => {
      const { app, path } = await build1();
      for (let times = 0; times < 2; times += 1) {
        const { status, headers } = await app.form(path, {}, { as: app.cast.staff });
        expect([status, whereTo({ headers })]).toEqual([303, `${deskOf(app)}?done=check-in-A1`]);
      }
      expect(await verbsOf(app.store, app.service)).toEqual(['book', 'check-in']);
    });

    test('htmx: the panel, with the ticket in it', async () => {
      const { app, path } = await build1();
      const answer = await app.htmx(path, { as: app.cast.staff, target: PANEL, fields: {} });
      expect(answer.status).toBe(200);
      expectPanel(answer);
      expect(noticeIn(answer)).toBe('Checked in as A1.');
      expect(answer.text).toContain('Reservation 10:00, on time');
      expect(answer.text).not.toContain('Expected today');
      expect(answer.text).toContain('data-focus="lost">A1</th>');
    });

    test('of a canceled one is refused, and so is one of another day', async () => {
      const { app, path, reservation } = await build1();
      const { cast } = app;
      const tomorrow = await book(
        app,
        cast.otherCustomer,
        new Date(mondayAt('10:00').getTime() + 24 * 3_600_000),
      );
      await cancelReservation(
        act(app, cast.customer),
        await reachReservation(act(app, cast.customer), reservation.id),
      );
      const canceled = await app.form(path, {}, { as: cast.staff });
      expect(canceled.status).toBe(409);
      expect(noticeIn(canceled)).toBe(
        'Nothing was changed. This reservation was canceled. Nobody is waiting.',
      );
      const early = await app.form(
        deskOf(app, `/reservations/${tomorrow.id}/check-in`),
        {},
        { as: cast.staff },
      );
      expect(early.status).toBe(409);
      expect(noticeIn(early)).toContain('It is not the time to check in.');
    });

    test('of another place is not found here', async () => {
      const { app, reservation } = await build1();
      const other = await buildService(app.store, app.otherLocation);
      const answer = await app.form(
        `/desk/${other.slug}/reservations/${reservation.id}/check-in`,
        {},
        { as: app.cast.admin },
      );
      expect(answer.status).toBe(404);
    });
  });
});
