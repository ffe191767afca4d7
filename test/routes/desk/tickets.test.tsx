import { describe, expect, test } from 'vitest';
import { updateDesk } from '../../../src/actions/desk-setup.ts';
import { reachDesk } from '../../../src/actions/desks.ts';
import { setIntake } from '../../../src/actions/queue.ts';
import { annotateTicket, moveTicket } from '../../../src/actions/tickets.ts';
import { newId } from '../../../src/domain/id.ts';
import { type QueueEntry, VERBS, type Verb } from '../../../src/domain/ticket.ts';
import { type Answer, buildApp, type TestApp } from '../../support/app.ts';
import { buildService, entriesOf, mondayAt, verbsOf, walkIn } from '../../support/builders.ts';
import { onBothDatabases } from '../../support/databases.ts';
import {
  deskOf,
  expectPanel,
  move,
  noticeIn,
  PANEL,
  sit,
  takeBackIn,
  textOf,
  whereTo,
} from '../../support/desk.ts';

onBothDatabases('the desk', (open) => {
  const build = (service = {}) => buildApp(open().store, { service });

  describe('a verb', () => {
    /** A ticket that is ready for it. */
    const ready = async (app: TestApp, verb: Verb): Promise<QueueEntry> => {
      const entry = await walkIn(app);
      const before: Partial<Record<Verb, Verb[]>> = {
        recall: ['call'],
        start: ['call'],
        complete: ['call', 'start'],
        park: ['call', 'start'],
        requeue: ['call'],
        reinstate: ['skip'],
      };
      let last = entry;
      for (const step of before[verb] ?? []) last = await move(app, app.cast.staff, entry, step);
      return last;
    };
    const pathOf = (app: TestApp, { id }: { id: string }) => deskOf(app, `/entries/${id}`);

    test.each(VERBS)('%s: plain, htmx, again, stale, invalid, out of reach', async (verb) => {
      const app = await build();
      const { cast } = app;
      const [one, two] = [await ready(app, verb), await ready(app, verb)];
      const fields = (entry: QueueEntry) => ({ verb, version: String(entry.version) });

      for (const [as, status] of [
        [cast.customer, 403],
        [cast.otherStaff, 404],
      ] as const) {
        expect((await app.form(pathOf(app, one), fields(one), { as })).status).toBe(status);
      }
      expect((await app.form(pathOf(app, one), fields(one))).headers.get('location')).toBe('/login');
      expect((await app.form(pathOf(app, { id: newId() }), { verb }, { as: cast.staff })).status).toBe(404);
      const far = await buildService(app.store, app.otherLocation);
      expect(
        (await app.form(`/desk/${far.slug}/entries/${one.id}`, fields(one), { as: cast.admin })).status,
      ).toBe(404);
      for (const wrong of [{ verb, version: 'new' }, { version: '1' }, { verb: 'end-day' }]) {
        const invalid = await app.form(pathOf(app, one), wrong, { as: cast.staff });
        expect(invalid.status).toBe(422);
        expect(noticeIn(invalid)).toContain('Nothing was changed.');
      }
      const stale = await app.form(
        pathOf(app, one),
        { verb, version: String(one.version + 1) },
        { as: cast.staff },
      );
      expect(stale.status).toBe(409);
      expect(noticeIn(stale)).toMatch(
        /^Nothing was changed\. (Ticket A1 was already (called|started|skipped) by Sam Staff at 08:00|Somebody was faster)\./,
      );

      const plain = await app.form(pathOf(app, one), fields(one), { as: cast.staff });
      expect([plain.status, whereTo(plain)]).toEqual([303, `${deskOf(app)}?done=${verb}-A1`]);
      const events = (await verbsOf(app.store, app.service)).length;
      const again = await app.form(pathOf(app, one), fields(one), { as: cast.staff });
      // To call again is the one verb that does its work each time, and so tells that somebody just did.
      expect(again.status).toBe(verb === 'recall' ? 409 : 303);
      expect(await verbsOf(app.store, app.service)).toHaveLength(events);

      const answer = await app.htmx(pathOf(app, two), {
        as: cast.staff,
        target: PANEL,
        fields: fields(two),
      });
      expect(answer.status).toBe(200);
      expectPanel(answer);
      expect(noticeIn(answer)).toContain('A2 ');
    });

    test('to a ticket that somebody else moved on: 409, the panel as it is now, who and what', async () => {
      const app = await build();
      const { cast, clock } = app;
      const entry = await walkIn(app);
      await walkIn(app);
      clock.set(mondayAt('14:02'));
      await move(app, cast.admin, entry, 'call');
      const fields = { verb: 'skip', version: '1' };
      for (const answer of [
        await app.form(pathOf(app, entry), fields, { as: cast.staff }),
        await app.htmx(pathOf(app, entry), { as: cast.staff, target: PANEL, fields }),
      ]) {
        expect(answer.status).toBe(409);
        expect(noticeIn(answer)).toBe(
          'Nothing was changed. Ticket A1 was already called by Ada Admin at 14:02. Next is A1.',
        );
        expect(answer.text).toContain('aria-label="Start A1"');
      }
    });

    test('reinstate comes too late after the grace period', async () => {
      const app = await build();
      const { cast, clock } = app;
      const entry = await ready(app, 'reinstate');
      clock.pass(11);
      const answer = await app.form(pathOf(app, entry), { verb: 'reinstate' }, { as: cast.staff });
      expect(answer.status).toBe(409);
      expect(noticeIn(answer)).toBe(
        'Nothing was changed. A1 was skipped too long ago to come back. Nobody is waiting.',
      );
    });

    test('call is only for the next one, unless somebody says why', async () => {
      const app = await build();
      const { cast } = app;
      await walkIn(app);
      const second = await walkIn(app);
      const early = await app.form(pathOf(app, second), { verb: 'call' }, { as: cast.staff });
      expect(early.status).toBe(409);
      expect(noticeIn(early)).toContain('A2 is not the next one any more.');
      const unsaid = await app.form(`${pathOf(app, second)}/call`, { reason: ' ' }, { as: cast.staff });
      expect(unsaid.status).toBe(422);
      expect(unsaid.text).toContain('id="reason-error"');
      const said = await app.form(`${pathOf(app, second)}/call`, { reason: 'Faints' }, { as: cast.staff });
      expect(whereTo(said)).toBe(`${deskOf(app)}?done=call-A2`);
      const [, called] = await entriesOf(app.store, app.service);
      expect(called).toMatchObject({ status: 'called', reason: 'Faints' });
    });
  });
});

onBothDatabases('desks', (open) => {
  const build = (service = {}) => buildApp(open().store, { service });

  describe('undo', () => {
    test('takes back both halves of a tap, once, and only for who tapped', async () => {
      const app = await build();
      const { cast } = app;
      const [first] = [await walkIn(app), await walkIn(app)];
      await app.form(deskOf(app, '/advance'), { serving: '' }, { as: cast.staff });
      const tapped = await app.form(
        deskOf(app, '/advance'),
        { serving: first?.id ?? '' },
        { as: cast.staff },
      );
      const told = await app.nextPage(tapped, { as: cast.staff });
      const [, action = '', version = ''] =
        /action="([^"]*\/undo)"[^>]*><input type="hidden" name="version" value="(\d+)"/.exec(told.text) ?? [];
      expect(takeBackIn(tapped)).toBe(`take-back-${version}-${action.split('/').at(-2)}`);

      const other = await app.form(action, { version }, { as: cast.admin });
      expect(other.status).toBe(409);
      expect(textOf(other)).toContain('That cannot be undone any more.');
      expect((await app.form(action, { version: '99' }, { as: cast.staff })).status).toBe(409);
      expect((await app.form(action, { version: 'x' }, { as: cast.staff })).status).toBe(422);
      const undone = await app.htmx(action, { as: cast.staff, target: PANEL, fields: { version } });
      expect(undone.status).toBe(200);
      expect(textOf(undone)).toContain('Taken back: A2 is as it was.');
      expect(undone.text).not.toContain('/undo"');
      expect((await entriesOf(app.store, app.service)).map(({ status }) => status)).toEqual([
        'in_service',
        'waiting',
      ]);
      const twice = await app.form(action, { version }, { as: cast.staff });
      expect(whereTo(twice)).toBe(`${deskOf(app)}?done=undo-A2`);
    });

    test('is over after half a minute', async () => {
      const app = await build();
      const { cast, clock } = app;
      await walkIn(app);
      const tapped = await app.form(deskOf(app, '/advance'), { serving: '' }, { as: cast.staff });
      const [, , version, ...id] = takeBackIn(tapped).split('-');
      clock.set(new Date(mondayAt('08:00').getTime() + 31_000));
      const late = await app.form(
        deskOf(app, `/entries/${id.join('-')}/undo`),
        { version: version ?? '' },
        { as: cast.staff },
      );
      expect(late.status).toBe(409);
      expect((await entriesOf(app.store, app.service))[0]?.status).toBe('in_service');
    });

    test('brings a ticket back from another service', async () => {
      const app = await build();
      const { cast } = app;
      const other = await buildService(app.store, app.location);
      const { id } = await walkIn(app);
      const sent = await app.form(
        deskOf(app, `/entries/${id}/transfer`),
        { service_id: other.id },
        { as: cast.staff },
      );
      expect(whereTo(sent)).toBe(`${deskOf(app)}?done=transfer-A1`);
      expect(await entriesOf(app.store, other)).toHaveLength(1);
      const back = await app.form(deskOf(app, `/entries/${id}/undo`), {}, { as: cast.staff });
      expect(back.status).toBe(303);
      expect(await entriesOf(app.store, app.service)).toHaveLength(1);
    });
  });

  describe('the page of a ticket', () => {
    const pathOf = (app: TestApp, id: string, form = '') =>
      deskOf(app, `/entries/${id}${form && `/${form}`}`);

    test('tells what is known, offers what can be done, and never reloads itself', async () => {
      const app = await build();
      const { cast } = app;
      await walkIn(app);
      const { id } = await walkIn(app, 'Nora <b>');
      const { text, status } = await app.page(pathOf(app, id), { as: cast.staff });
      expect(status).toBe(200);
      expect(text).toContain('A2 Nora &lt;b&gt;');
      expect(text).not.toContain('http-equiv');
      expect(text).toContain('id="do-call"');
      expect(text).toContain('id="do-move"');
      expect(text).not.toContain('value="call"');
      expect((await app.page(pathOf(app, newId()), { as: cast.staff })).status).toBe(404);
      expect((await app.page(pathOf(app, id), { as: cast.customer })).status).toBe(403);
      expect((await app.page(pathOf(app, id), { as: cast.otherStaff })).status).toBe(404);
    });

    test('tells what a ticket would meet where it can be sent', async () => {
      const app = await build();
      const { cast, store, location, act } = app;
      const [busy, closed, shut] = [
        await buildService(store, location, { name: 'Busy' }),
        await buildService(store, location, { name: 'Closed' }),
        await buildService(store, location, { name: 'Shut', rules: [] }),
      ];
      for (const name of ['One', 'Two']) await walkIn({ ...app, service: busy }, name);
      await setIntake(act(cast.staff), closed, true);
      const { id } = await walkIn(app);
      const option = async ({ id: value }: { id: string }) => {
        const { text } = await app.page(pathOf(app, id), { as: cast.staff });
        return new RegExp(`<option value="${value}">([^<]*)`).exec(text)?.[1];
      };
      expect(await option(busy)).toBe('Busy (2 waiting, nobody at its desks)');
      await sit(app, cast.admin);
      expect(await option(busy)).toBe('Busy (2 waiting)');
      expect(await option(closed)).toBe('Closed (0 waiting, last ticket given)');
      expect(await option(shut)).toBe('Shut (0 waiting, closed for today)');
      const desk = await reachDesk(act(cast.admin), app.deskId);
      await updateDesk(act(cast.admin), desk, { ...desk, serviceIds: [app.service.id] });
      app.clock.set(mondayAt('17:00'));
      expect(await option(busy)).toBe('Busy (2 waiting, closed for today, no desk serves it)');
      // It is told, and not forbidden.
      const sent = await app.form(pathOf(app, id, 'transfer'), { service_id: shut.id }, { as: cast.staff });
      expect(sent.status).toBe(303);
    });

    test.each([
      ['note', { note: 'Brings a dog', 'needs[]': ['wheelchair', 'hearing'] }, { 'needs[]': 'wings' }],
      ['call', { reason: 'Faints' }, { reason: '' }],
      ['move', { rank: '0', reason: 'Promised' }, { rank: '-1', reason: 'Typed' }],
      ['transfer', {}, { service_id: 'x' }],
    ] as const)('%s: done, invalid, stale with what was typed, out of reach', async (form, good, bad) => {
      const app = await build();
      const { cast } = app;
      const other = await buildService(app.store, app.location);
      await walkIn(app);
      const { id } = await walkIn(app);
      const fields = form === 'transfer' ? { service_id: other.id } : good;
      const path = pathOf(app, id, form);

      const invalid = await app.form(path, bad, { as: cast.staff });
      expect(invalid.status).toBe(422);
      expect(invalid.text).toContain('class="error-summary"');
      const stale = await app.form(path, { ...fields, version: '9' }, { as: cast.staff });
      expect(stale.status).toBe(409);
      expect(textOf(stale)).toContain('Somebody was faster. This is how it stands now.');
      const typed = 'reason' in good ? `value="${good.reason}"` : 'note' in good ? 'Brings a dog' : other.id;
      expect(stale.text).toContain(typed);
      for (const [as, status] of [
        [cast.customer, 403],
        [cast.otherStaff, 404],
      ] as const) {
        expect((await app.form(path, fields, { as })).status).toBe(status);
      }
      const before = await verbsOf(app.store, app.service);
      const done = await app.form(path, { ...fields, version: '1' }, { as: cast.staff });
      expect([done.status, whereTo(done)]).toEqual([303, `${deskOf(app)}?done=${form}-A2`]);
      expect(before).toEqual(['walk-in', 'walk-in']);
    });

    test('a note and needs are seen on the panel before the call', async () => {
      const app = await build();
      const { cast } = app;
      const { id } = await walkIn(app);
      await app.form(
        pathOf(app, id, 'note'),
        { note: 'A <dog>', 'needs[]': 'interpreter' },
        { as: cast.staff },
      );
      const { text } = await app.page(deskOf(app), { as: cast.staff });
      expect(text).toContain('<strong class="need">Interpreter</strong>');
      expect(text).toContain('A &lt;dog&gt;');
      await app.form(pathOf(app, id, 'note'), { note: '' }, { as: cast.staff });
      expect((await entriesOf(app.store, app.service))[0]).toMatchObject({ note: '', needs: '' });
    });
  });

  describe('a note', () => {
    const seenIn = ({ text }: Answer) => /name="seen" value="([^"]+)"/.exec(text)?.[1] ?? '';

    test('is saved whatever else was done to the ticket meanwhile', async () => {
      const app = await build();
      const { cast } = app;
      const entry = await walkIn(app);
      const path = deskOf(app, `/entries/${entry.id}`);
      const shown = await app.page(path, { as: cast.staff });
      expect(/id="do-note".*?<\/form>/.exec(shown.text)?.[0]).not.toContain('name="version"');
      await moveTicket(app.act(cast.admin), entry, 'call');
      const saved = await app.form(
        `${path}/note`,
        { note: 'Brings a dog', seen: seenIn(shown) },
        { as: cast.staff },
      );
      expect(saved.status).toBe(303);
      expect((await entriesOf(app.store, app.service))[0]).toMatchObject({
        status: 'called',
        note: 'Brings a dog',
      });
    });

    test('is refused where somebody changed the note or the needs, and says to what', async () => {
      const app = await build();
      const { cast } = app;
      const entry = await walkIn(app);
      const path = deskOf(app, `/entries/${entry.id}`);
      const seen = seenIn(await app.page(path, { as: cast.staff }));
      await annotateTicket(app.act(cast.admin), entry, { note: 'Brings <a cat>', needs: ['hearing'] });
      const mine = { note: 'Brings a dog', seen };
      const refused = await app.form(`${path}/note`, mine, { as: cast.staff });
      expect(refused.status).toBe(409);
      expect(textOf(refused)).toContain(
        'Somebody changed the note or the needs of A1 meanwhile: “Brings &lt;a cat&gt;, Hearing”.',
      );
      // What was typed is still there, and goes once it is sent again.
      expect(refused.text).toContain('>Brings a dog</textarea>');
      const again = { ...mine, seen: seenIn(refused) };
      expect((await app.form(`${path}/note`, again, { as: cast.staff })).status).toBe(303);
      expect((await entriesOf(app.store, app.service))[0]).toMatchObject({ note: 'Brings a dog', needs: '' });
    });
  });
});
