import { describe, expect, test } from 'vitest';
import { setIntake } from '../../../src/actions/queue.ts';
import { retireService } from '../../../src/actions/services.ts';
import { moveTicket } from '../../../src/actions/tickets.ts';
import { deskWithServices } from '../../../src/db/desks.ts';
import { newId } from '../../../src/domain/id.ts';
import type { Person } from '../../../src/domain/roles.ts';
import { type Answer, buildApp, leadsTo } from '../../support/app.ts';
import { alterService, buildDesk, buildService, entriesOf, walkIn } from '../../support/builders.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { deskOf, PANEL, sit, textOf, whereTo } from '../../support/desk.ts';

onBothDatabases('desks', (open) => {
  const build = (service = {}) => buildApp(open().store, { service });

  describe('a desk', () => {
    test('is chosen from the list, by one person at a time, and handed over', async () => {
      const app = await build();
      const { cast, deskId } = app;
      const list = await app.page('/desk', { as: cast.staff });
      expect(list.text).toContain(`action="/desk/${deskId}/take"`);
      const taken = await app.form(`/desk/${deskId}/take`, {}, { as: cast.staff });
      expect([taken.status, whereTo(taken)]).toEqual([303, `/desk/${deskId}?done=desk-taken`]);
      expect(textOf(await app.nextPage(taken, { as: cast.staff }))).toContain('This is your desk now.');
      const again = await app.form(`/desk/${deskId}/take`, {}, { as: cast.staff });
      expect(again.status).toBe(303);

      const refused = await app.form(`/desk/${deskId}/take`, {}, { as: cast.admin });
      expect(refused.status).toBe(409);
      expect(textOf(refused)).toContain('Somebody else is at this desk.');
      expect(refused.text).toContain('name="hand_over" value="on"');
      // The list takes nothing from anybody: it leads to a page that asks.
      const others = await app.page('/desk', { as: cast.admin });
      expect(others.text).not.toContain('hand_over');
      expect(others.text).toContain(`<a class="button quiet" href="/desk/${deskId}/take"`);
      const asked = await app.page(`/desk/${deskId}/take`, { as: cast.admin });
      expect(textOf(asked)).toContain('Sam Staff has been at this desk since 08:00.');
      expect(asked.text).toMatch(/name="hand_over" value="on".*Take over from Sam Staff/);
      const over = await app.form(`/desk/${deskId}/take`, { hand_over: 'on' }, { as: cast.admin });
      expect(over.status).toBe(303);
      // The former sees who is there, and cannot tap any more.
      const former = await app.page(`/desk/${deskId}`, { as: cast.staff });
      expect(former.text).toContain('data-kind="warning"');
      expect(textOf(former)).toContain('Ada Admin has been at this desk since 08:00.');
      expect(former.text).not.toContain('/advance"');
      // To take it back is no big button where Next stood, but a quiet one of the head.
      expect(former.text).not.toContain('class="next"');
      expect(/<div id="desk-strip".*?<\/div>/.exec(former.text)?.[0]).toContain(
        '<button class="quiet" type="submit">Take over from Ada Admin</button>',
      );
      // A poll brings that too: the head, an end to what was said, and room for the form that may be open.
      const poll = await app.htmx(`/desk/${deskId}`, { as: cast.staff, target: 'desk-panel' });
      expect(textOf(poll)).toContain('You are at no desk: whoever you call is not told where to go.');
      expect(poll.text).toContain('hx-target="#desk-strip"');
      expect(poll.text).toContain(
        '<hx-partial hx-target="#desk-notice > [data-own]" hx-swap="delete"></hx-partial>',
      );
      expect(poll.text).toContain('<section id="walk-in"></section>');
      const tapped = await app.form(`/desk/${deskId}/advance`, { serving: '' }, { as: cast.staff });
      expect(tapped.status).toBe(409);
      const notTheirs = await app.form(`/desk/${deskId}/leave`, {}, { as: cast.staff });
      expect(notTheirs.status).toBe(409);
      const left = await app.form(`/desk/${deskId}/leave`, {}, { as: cast.admin });
      expect(leadsTo(left)).toBe('/desk?done=desk-left');
      expect((await deskWithServices(app.store, deskId))?.staffedBy).toBeNull();
      const free = await app.page(`/desk/${deskId}/take`, { as: cast.admin });
      expect([free.text.includes('hand_over'), textOf(free)]).toEqual([
        false,
        expect.stringContaining('Nobody is there. Sit down here'),
      ]);
      expect((await app.page(deskOf(app, '/take'), { as: cast.admin })).status).toBe(404);
    });

    test('is not left without a word while somebody is still there', async () => {
      const app = await build();
      const { cast, deskId } = app;
      await sit(app, cast.staff);
      const entry = await walkIn(app, 'Anna');
      await moveTicket(app.act(cast.staff), entry, 'call', { deskId });
      const left = await app.form(`/desk/${deskId}/leave`, {}, { as: cast.staff });
      expect(leadsTo(left)).toBe(`/desk?done=desk-left-${entry.number}`);
      expect(textOf(await app.nextPage(left, { as: cast.staff }))).toContain(
        `You left your desk. ${entry.number} is still there:`,
      );
    });

    test('is not changed for another without a word either', async () => {
      const app = await build();
      const { act, cast, deskId } = app;
      const other = await buildDesk(app.store, app.location, 'Desk 2');
      await sit(app, cast.staff);
      const entry = await walkIn(app, 'Anna');
      await moveTicket(act(cast.staff), entry, 'call', { deskId });
      const taken = await app.form(`/desk/${other}/take`, {}, { as: cast.staff });
      expect(textOf(await app.nextPage(taken, { as: cast.staff }))).toContain(
        `This is your desk now. You left your desk. ${entry.number} is still there:`,
      );
    });

    test('shows the line of a retired service until it is empty, and finds who is in it', async () => {
      const app = await build();
      const { cast, deskId, service } = app;
      await sit(app, cast.staff);
      await walkIn(app, 'Anna');
      const { id } = await walkIn(app, 'Berta');
      await app.page(`/desk/${deskId}`, { as: cast.staff });
      await retireService(app.act(cast.admin), service);
      const page = await app.page(`/desk/${deskId}`, { as: cast.staff });
      expect(page.text).toContain(`<tr id="t-${id}"`);
      expect(page.text).not.toContain('/walk-in"');
      const list = await app.page('/desk?q=berta', { as: cast.staff });
      expect(textOf(list)).toContain('1 person found for “berta”');
      expect(list.text).toContain(`href="/desk/${service.slug}"`);
      for (let taps = 0; taps < 3; taps += 1) {
        const panel = await app.page(`/desk/${deskId}`, { as: cast.staff });
        const serving = /name="serving" value="([^"]*)"/.exec(panel.text)?.[1] ?? '';
        const tapped = await app.form(`/desk/${deskId}/advance`, { serving }, { as: cast.staff });
        expect(tapped.status).toBe(303);
      }
      expect((await entriesOf(app.store, service)).map(({ status }) => status)).toEqual([
        'completed',
        'completed',
      ]);
      expect((await app.page('/desk', { as: cast.staff })).text).not.toContain(
        `href="/desk/${service.slug}"`,
      );
    });

    test('works all that it serves with one button, whatever line the next one stands in', async () => {
      const app = await build();
      const { cast, clock, deskId, service } = app;
      const other = await buildService(app.store, app.location, { name: 'Parking', prefix: 'P' });
      await sit(app, cast.staff);
      const first = await walkIn(app, 'Anna');
      clock.pass(1);
      await walkIn({ ...app, service: other }, 'Paul');
      clock.pass(1);
      await walkIn(app, 'Berta');
      const page = await app.page(`/desk/${deskId}`, { as: cast.staff });
      expect(page.text).toContain('<title>3 waiting · Desk 1 · Now Serving</title>');
      const order = [...page.text.matchAll(/<tr id="t-[^>]*><th[^>]*>([A-Z]\d+)/g)].map(
        ([, number]) => number,
      );
      expect(order).toEqual(['A1', 'P1', 'A2']);

      const one = await app.form(`/desk/${deskId}/advance`, { serving: '' }, { as: cast.staff });
      expect(whereTo(one)).toBe(`/desk/${deskId}?done=start-A1`);
      const two = await app.htmx(`/desk/${deskId}/advance`, {
        as: cast.staff,
        target: PANEL,
        fields: { serving: first.id },
      });
      expect(two.status).toBe(200);
      expect(textOf(two)).toContain('A1 was completed. P1 is being served.');
      expect(two.text).toContain('<p class="number">P1</p>');
      // Somebody else sees whom the desk serves, in the line.
      const guest = await app.page(`/desk/${deskId}`, { as: cast.admin });
      expect(textOf(guest)).toContain('Sam Staff has been at this desk since 08:00.');
      expect(guest.text).toMatch(
        /<th scope="row">P1<\/th><td>Paul <strong[^>]*>In service<\/strong> <small>Desk 1</,
      );
      // The panel of another service shows the same ticket in front of the same desk.
      expect((await app.page(deskOf(app), { as: cast.staff })).text).toContain('<p class="number">P1</p>');
      expect((await entriesOf(app.store, other))[0]).toMatchObject({ status: 'in_service', deskId });
      expect((await entriesOf(app.store, service))[0]).toMatchObject({ status: 'completed', deskId });
    });

    test('shows what changes in any of its lines, and asks as much for long lines as for short ones', async () => {
      const app = await build();
      const { cast, deskId, store } = app;
      const other = await buildService(store, app.location, { name: 'Parking', prefix: 'P' });
      await sit(app, cast.staff);
      const poll = (tag: string) =>
        app.htmx(`/desk/${deskId}`, { as: cast.staff, target: PANEL, headers: { 'hx-ptag': tag } });
      const tag = (await poll('')).headers.get('hx-ptag') ?? '';
      expect((await poll(tag)).status).toBe(304);
      await walkIn({ ...app, service: other });
      const changed = await poll(tag);
      expect(changed.status).toBe(200);
      const next = changed.headers.get('hx-ptag') ?? '';
      await app.form(`/desk/${deskId}/pause`, {}, { as: cast.staff });
      expect((await poll(next)).status).toBe(200);
      const count = async () => {
        await walkIn(app);
        const before = store.queries;
        await app.page(`/desk/${deskId}`, { as: cast.staff });
        return store.queries - before;
      };
      await count();
      const short = await count();
      for (let index = 0; index < 12; index += 1) await walkIn({ ...app, service: other });
      await count();
      expect(await count()).toBe(short);
    });

    test('that is paused calls nobody, until it goes on', async () => {
      const app = await build();
      const { cast, deskId } = app;
      await sit(app, cast.staff);
      const entry = await walkIn(app);
      const paused = await app.form(`/desk/${deskId}/pause`, {}, { as: cast.staff });
      expect(whereTo(paused)).toBe(`/desk/${deskId}?done=desk-paused`);
      const page = await app.page(`/desk/${deskId}`, { as: cast.staff });
      expect(textOf(page)).toContain('Desk 1 is paused since 08:00.');
      expect(page.text).not.toContain('/advance"');
      expect(page.text).toContain(`id="t-${entry.id}"`);
      expect(page.text).not.toContain('value="call"');
      for (const [path, fields] of [
        [`/desk/${deskId}/advance`, { serving: '' }],
        [deskOf(app, '/advance'), { serving: '' }],
        [deskOf(app, `/entries/${entry.id}`), { verb: 'call' }],
      ] as const) {
        const refused = await app.form(path, fields, { as: cast.staff });
        expect(refused.status).toBe(409);
        expect(textOf(refused)).toContain('This desk is paused. Resume it to go on.');
      }
      const resumed = await app.form(`/desk/${deskId}/resume`, {}, { as: cast.staff });
      expect(whereTo(resumed)).toBe(`/desk/${deskId}?done=desk-resumed`);
      expect((await app.form(deskOf(app, '/advance'), { serving: '' }, { as: cast.staff })).status).toBe(303);
      expect((await entriesOf(app.store, app.service))[0]).toMatchObject({ status: 'in_service', deskId });
    });

    test('that is paused offers nothing that it would refuse', async () => {
      const app = await build();
      const { act, cast, deskId } = app;
      const other = await buildDesk(app.store, app.location, 'Desk 2');
      await sit(app, cast.staff);
      await sit(app, cast.admin, other);
      const [front, parked] = [await walkIn(app), await walkIn(app), await walkIn(app), await walkIn(app)];
      for (const verb of ['call', 'start', 'park'] as const) await moveTicket(act(cast.staff), parked, verb);
      await moveTicket(act(cast.staff), front, 'call', { deskId });
      const takes = ({ text }: Answer) =>
        [
          ...text.matchAll(
            /(?:value="(?:call|start)"[^>]*|<a [^>]*) aria-label="((?:Call|Start)(?:…| )[^"]*)"/g,
          ),
        ]
          .map(([, name]) => name)
          .sort();
      const look = (as: Person, path = '') => app.page(`/desk/${deskId}${path}`, { as });
      const offered = ['Call… A3', 'Call… A4', 'Start A1', 'Start A2'];
      expect(takes(await look(cast.staff))).toEqual(offered);
      await app.form(`/desk/${deskId}/pause`, {}, { as: cast.staff });
      const paused = await look(cast.staff);
      expect(takes(paused)).toEqual([]);
      for (const still of ['Call again A1', 'Skip A1', 'Complete A2', 'More A3'])
        expect(paused.text).toContain(`aria-label="${still}"`);
      for (const { id } of [front, parked]) {
        const page = await look(cast.staff, `/entries/${id}`);
        expect(page.text).not.toMatch(/value="(call|start)"|\/call"/);
      }
      // Whose desk is not paused has them, in rows that many share.
      const panel = await app.page(deskOf(app), { as: cast.admin });
      expect(takes(panel)).toContain('Start A2');
      expect(takes(await app.page(deskOf(app), { as: cast.staff }))).toEqual([]);
      expect(takes(await app.page(deskOf(app), { as: cast.admin }))).toContain('Start A2');
    });

    test('that serves several services asks for whose line a walk-in is, and presets none', async () => {
      const app = await build();
      const { cast, store, location, deskId } = app;
      const parking = await buildService(store, location, { name: 'Parking', prefix: 'P' });
      await sit(app, cast.staff);
      const { text } = await app.page(`/desk/${deskId}/walk-in`, { as: cast.staff });
      expect(text).toContain('<option value="" selected="">Choose…</option>');
      expect(text).toMatch(/<select id="service-id"[^>]* data-focus="true"/);
      expect(text).not.toMatch(/<input[^>]* name="name"[^>]* data-focus/);

      const path = `/desk/${deskId}/entries`;
      const typed = { name: 'Unsorted', phone: '+49 30 123', note: 'Brings a dog', 'needs[]': 'hearing' };
      const unchosen = await app.form(path, { ...typed, service_id: '' }, { as: cast.staff });
      expect(unchosen.status).toBe(422);
      expect(textOf(unchosen)).toContain('Service: Please fill this in.');
      expect(unchosen.text).toContain('id="service-id-error"');
      for (const kept of [
        'value="Unsorted"',
        'value="+49 30 123"',
        'Brings a dog',
        'value="hearing" checked',
      ])
        expect(unchosen.text).toContain(kept);
      expect(await entriesOf(store, app.service)).toEqual([]);
      // All that is wrong is told at once.
      const blank = textOf(await app.form(path, { service_id: newId() }, { as: cast.staff }));
      expect(blank).toContain('Name: Please fill this in.');
      expect(blank).toContain('Service: There is no such service.');

      // Where one is left that still gives numbers, it is named, and chosen.
      await setIntake(app.act(cast.staff), app.service, true);
      const left = await app.page(`/desk/${deskId}/walk-in`, { as: cast.staff });
      expect(left.text).toContain(`<option value="${parking.id}">Parking</option>`);
      expect(left.text).not.toContain('Choose…');
      expect(left.text).toMatch(/<input[^>]* name="name"[^>]* data-focus/);
      const added = await app.form(path, { ...typed, service_id: parking.id }, { as: cast.staff });
      expect(whereTo(added)).toBe(`/desk/${deskId}?done=walk-in-P1`);
    });

    test('puts nobody into another line because theirs takes no walk-ins any more', async () => {
      const app = await build();
      const { cast, store, location, deskId } = app;
      const parking = await buildService(store, location, { name: 'Parking', prefix: 'P' });
      await sit(app, cast.staff);
      await alterService(store, parking, { walkIns: false });
      const send = (service: string) =>
        app.form(`/desk/${deskId}/entries`, { name: 'Typed', service_id: service }, { as: cast.staff });
      const refused = await send(parking.id);
      expect([refused.status, textOf(refused)]).toEqual([
        409,
        expect.stringContaining('This service takes no walk-ins.'),
      ]);
      expect(refused.text).toContain('value="Typed"');
      // Whoever sends it again says for which.
      expect(refused.text).toContain('<option value="">Choose…</option>');
      expect((await send(newId())).status).toBe(422);
      expect([await entriesOf(store, app.service), await entriesOf(store, parking)]).toEqual([[], []]);
      expect(whereTo(await send(app.service.id))).toBe(`/desk/${deskId}?done=walk-in-A1`);
    });

    test('that somebody took over shows that, whatever form of it is asked for', async () => {
      const app = await build();
      const { cast, deskId } = app;
      const ask = () => app.page(`/desk/${deskId}/walk-in`, { as: cast.staff });
      await sit(app, cast.admin);
      const taken = await ask();
      expect(taken.status).toBe(409);
      expect(textOf(taken)).toContain('Somebody else is at this desk.');
      expect(taken.text).not.toContain('name="phone"');
      await app.form(`/desk/${deskId}/leave`, {}, { as: cast.admin });
      const free = await ask();
      expect([free.status, textOf(free)]).toEqual([200, expect.stringContaining('Nobody is there.')]);
    });

    test('of another place is not found, and one that is none neither', async () => {
      const app = await build();
      const { cast, deskId } = app;
      for (const verb of ['take', 'leave', 'pause', 'resume']) {
        expect((await app.form(`/desk/${deskId}/${verb}`, {}, { as: cast.otherStaff })).status).toBe(404);
        expect((await app.form(`/desk/${newId()}/${verb}`, {}, { as: cast.staff })).status).toBe(404);
        expect((await app.form(deskOf(app, `/${verb}`), {}, { as: cast.staff })).status).toBe(404);
      }
      const wrong = await app.form(`/desk/${deskId}/take`, { hand_over: 'maybe' }, { as: cast.staff });
      expect(wrong.status).toBe(422);
    });
  });
});
