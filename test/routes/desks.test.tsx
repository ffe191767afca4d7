import { describe, expect, test } from 'vitest';
import { updateDesk } from '../../src/actions/desk-setup.ts';
import { reachDesk, takeDesk } from '../../src/actions/desks.ts';
import { addWalkIn, announceDelay, setIntake } from '../../src/actions/queue.ts';
import { retireService } from '../../src/actions/services.ts';
import { annotateTicket, moveTicket } from '../../src/actions/tickets.ts';
import { deskWithServices } from '../../src/db/desks.ts';
import { noticesOfLine } from '../../src/db/queue.ts';
import { codeOf } from '../../src/domain/code.ts';
import { newId } from '../../src/domain/id.ts';
import type { Person } from '../../src/domain/roles.ts';
import { type Answer, buildApp, leadsTo, type TestApp } from '../support/app.ts';
import {
  alterService,
  book,
  buildDesk,
  buildService,
  entriesOf,
  eventsOf,
  mondayAt,
  verbsOf,
  walkIn,
} from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

const PANEL = 'desk-panel';

function deskOf(app: TestApp, path = ''): string {
  return `/desk/${app.service.slug}${path}`;
}

/** Where a form's answer leads, with what is told there but for what could take it back. */
function whereTo(answer: Pick<Answer, 'headers'>): string {
  return leadsTo(answer).replace(/&done=take-back-[^&]*/, '');
}

function takeBackIn(answer: Pick<Answer, 'headers'>): string {
  return /done=(take-back-[^&]*)/.exec(leadsTo(answer))?.[1] ?? '';
}

function textOf({ text }: Answer): string {
  return text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

async function sit(app: TestApp, person: Person, deskId = app.deskId): Promise<void> {
  const desk = await deskWithServices(app.store, deskId);
  if (desk) await takeDesk(app.act(person), desk);
}

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
      expect(poll.text).toContain('<hx-partial hx-target="#desk-notice" hx-swap="innerHTML"></hx-partial>');
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

  describe('what a line tells', () => {
    test('the last ticket: said on the panel with what remains, until numbers are given again', async () => {
      const app = await build();
      const { cast } = app;
      await walkIn(app);
      await book(app, cast.customer, mondayAt('10:00'));
      const closed = await app.form(deskOf(app, '/intake'), { closed: 'true' }, { as: cast.staff });
      expect(whereTo(closed)).toBe(`${deskOf(app)}?done=intake-closed`);
      const panel = await app.page(deskOf(app), { as: cast.staff });
      expect(textOf(panel)).toContain(
        'Passports: the last ticket was given at 08:00. 1 person still to be served, 1 still expected.',
      );
      const refused = await app.form(deskOf(app, '/entries'), { name: 'Late' }, { as: cast.staff });
      expect(refused.status).toBe(409);
      expect(textOf(refused)).toContain('The last ticket of the day has been given.');
      await app.form(deskOf(app, '/intake'), { closed: 'false' }, { as: cast.staff });
      expect((await app.form(deskOf(app, '/entries'), { name: 'Late' }, { as: cast.staff })).status).toBe(
        303,
      );
      expect((await app.form(deskOf(app, '/intake'), { closed: 'soon' }, { as: cast.staff })).status).toBe(
        422,
      );
    });

    test('a delay: announced, shown, taken back; a wrong one keeps what was typed', async () => {
      const app = await build();
      const { cast } = app;
      const told = await app.form(
        deskOf(app, '/delay'),
        { minutes: '25', reason: 'Power cut' },
        { as: cast.staff },
      );
      expect(whereTo(told)).toBe(`${deskOf(app)}?done=delay-25`);
      expect(textOf(await app.page(deskOf(app), { as: cast.staff }))).toContain(
        'Passports is running 25 minutes late, as announced.',
      );
      expect((await eventsOf(app.store, app.service)).at(-1)).toMatchObject({
        verb: 'announce-delay',
        data: { reason: 'Power cut', to: { delayMinutes: 25 } },
      });
      const wrong = await app.form(deskOf(app, '/delay'), { minutes: '481' }, { as: cast.staff });
      expect(wrong.status).toBe(422);
      expect(wrong.text).toContain('value="481"');
      const unsaid = await app.form(deskOf(app, '/delay'), { minutes: '30' }, { as: cast.staff });
      expect(unsaid.status).toBe(422);
      expect(textOf(unsaid)).toContain('Reason: Please fill this in.');
      await app.form(deskOf(app, '/delay'), { minutes: '0' }, { as: cast.staff });
      expect(textOf(await app.page(deskOf(app), { as: cast.staff }))).not.toContain('minutes late');
      expect((await app.page(deskOf(app, '/line'), { as: cast.staff })).text).toMatch(
        /<input id="reason"[^>]* required/,
      );
    });

    test('a delay is put in the place of another one only by who saw that', async () => {
      const app = await build();
      const { cast, service, store } = app;
      const seenIn = ({ text }: Answer) => /name="seen" value="([^"]*)"/.exec(text)?.[1] ?? '';
      await announceDelay(app.act(cast.admin), service, { minutes: 25 });
      const seen = seenIn(await app.page(deskOf(app, '/line'), { as: cast.staff }));
      expect(seen).toBe('25');
      await announceDelay(app.act(cast.admin), service, { minutes: 40, reason: 'Power cut' });
      const mine = { minutes: '20', reason: 'Somebody is ill', seen };
      const refused = await app.form(deskOf(app, '/delay'), mine, { as: cast.staff });
      expect(refused.status).toBe(409);
      expect(textOf(refused)).toContain(
        'Somebody announced a delay of 40 minutes meanwhile. Announce again to put yours in its place.',
      );
      expect(refused.text).toContain('value="20"');
      expect(refused.text).toContain('value="Somebody is ill"');
      // And why they did.
      expect(textOf(refused)).toContain('Announced at 08:00 by Ada Admin: Power cut');
      // What is wrong with it besides changes nothing of what was seen.
      const wrong = await app.form(deskOf(app, '/delay'), { ...mine, minutes: '' }, { as: cast.staff });
      expect([wrong.status, seenIn(wrong)]).toEqual([422, '25']);
      const again = { ...mine, seen: seenIn(refused) };
      expect((await app.form(deskOf(app, '/delay'), again, { as: cast.staff })).status).toBe(303);
      expect((await noticesOfLine(store, service.id, '2026-03-02')).delayMinutes).toBe(20);

      await announceDelay(app.act(cast.admin), service, { minutes: 0 });
      const back = await app.form(deskOf(app, '/delay'), { ...again, minutes: '30' }, { as: cast.staff });
      expect(textOf(back)).toContain('Somebody took the delay back meanwhile.');
      expect(textOf(back)).not.toContain('Announced at');
    });

    test('is told from a desk too, for each line that it serves, and leads back there', async () => {
      const app = await build();
      const { cast, store, location, deskId } = app;
      await sit(app, cast.staff);
      await walkIn(app);
      const atDesk = (path: string) => app.page(`/desk/${deskId}${path}`, { as: cast.staff });
      expect((await atDesk('')).text).toContain(`href="/desk/${deskId}/line"`);
      expect(textOf(await atDesk('/line'))).toContain('Intake and delay: Passports');

      const parking = await buildService(store, location, { name: 'Parking', prefix: 'P' });
      const choice = await atDesk('/line?pause');
      expect(choice.text).toContain(`href="/desk/${deskId}/line?pause&amp;of=${parking.slug}"`);
      const page = await atDesk(`/line?of=${parking.slug}`);
      expect(textOf(page)).toContain('Intake and delay: Parking');
      expect(textOf(page)).toContain('New numbers are given. 0 people here, 0 still expected.');
      expect(textOf(page)).toContain('Back to Desk 1');
      expect(page.text).toContain(`action="/desk/${deskId}/delay?of=${parking.slug}"`);
      expect((await atDesk(`/line?of=${newId()}`)).status).toBe(404);

      const post = (path: string, fields: Record<string, string>) =>
        app.form(`/desk/${deskId}${path}`, fields, { as: cast.staff });
      expect((await post('/delay', { minutes: '5', reason: 'Whose?' })).status).toBe(404);
      const told = await post(`/delay?of=${parking.slug}`, { minutes: '25', reason: 'Power cut' });
      expect(whereTo(told)).toBe(`/desk/${deskId}?done=delay-25`);
      expect(textOf(await atDesk(''))).toContain('Parking is running 25 minutes late, as announced.');
      const closed = await post(`/intake?of=${parking.slug}`, { closed: 'true' });
      expect(whereTo(closed)).toBe(`/desk/${deskId}?done=intake-closed`);
      const wrong = await post(`/delay?of=${parking.slug}`, { minutes: '900' });
      expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('value="900"')]);
    });

    test('on paper: who is here in calling order, and who is still to come', async () => {
      const app = await build();
      const { cast } = app;
      await walkIn(app, 'Paula <i>');
      await book(app, cast.customer, mondayAt('10:00'));
      const { text, status } = await app.page(deskOf(app, '/print'), { as: cast.staff });
      expect(status).toBe(200);
      expect(textOf({ text } as Answer)).toMatch(/☐ A1 Paula &lt;i&gt; 08:00 .*☐ Carla Customer 10:00/);
      expect((await app.page(`/desk/${app.deskId}/print`, { as: cast.staff })).status).toBe(200);
    });
  });

  describe('an admin', () => {
    test('adds a desk, says what it serves, renames and retires it', async () => {
      const app = await build();
      const { cast, location, service } = app;
      const added = await app.form(
        '/admin/desks',
        { name: 'Desk <9>', location_id: location.id, 'service_ids[]': service.id },
        { as: cast.admin },
      );
      expect(added.status).toBe(303);
      const id = leadsTo(added).split('added-')[1] ?? '';
      expect(textOf(await app.nextPage(added, { as: cast.admin }))).toContain('Desk &lt;9&gt; was added.');
      expect(await deskWithServices(app.store, id)).toMatchObject({
        name: 'Desk <9>',
        locationId: location.id,
        serviceIds: [service.id],
      });
      const saved = await app.form(`/admin/desks/${id}`, { name: 'Desk 10' }, { as: cast.admin });
      expect(leadsTo(saved)).toBe(`/admin/desks?done=saved-${id}`);
      expect(await deskWithServices(app.store, id)).toMatchObject({ name: 'Desk 10', serviceIds: [] });
      const page = () => app.page(`/admin/desks/${id}/retire`, { as: cast.admin });
      expect((await page()).text).not.toContain('is at this desk now');
      await sit(app, cast.staff, id);
      const asked = await page();
      expect(asked.text).toContain(`${cast.staff.name} is at this desk now`);
      expect(asked.text).toContain(`action="/admin/desks/${id}/retire"`);
      const retired = await app.form(`/admin/desks/${id}/retire`, {}, { as: cast.admin });
      expect(leadsTo(retired)).toBe('/admin/desks?done=retired');
      expect(await deskWithServices(app.store, id)).toBeUndefined();
      expect((await app.page(`/desk/${id}`, { as: cast.staff })).status).toBe(404);
      expect((await app.page(`/admin/desks/${id}`, { as: cast.admin })).status).toBe(404);
    });

    test('sees that a desk has nothing to serve once its only service is retired', async () => {
      const app = await build();
      const { cast, location } = app;
      const parking = await buildService(app.store, location, { name: 'Parking', prefix: 'P' });
      const fields = { name: 'Desk 9', location_id: location.id, 'service_ids[]': parking.id };
      const added = await app.form('/admin/desks', fields, { as: cast.admin });
      const id = leadsTo(added).split('added-')[1] ?? '';
      const served = async (path: string) =>
        /Desk 9(?: At Office \S+)? (Parking|Nothing at present|Every service)/.exec(
          textOf(await app.page(path, { as: cast.admin })),
        )?.[1];
      expect([await served('/desk'), await served('/admin/desks')]).toEqual(['Parking', 'Parking']);
      await retireService(app.act(cast.admin), parking);
      const nothing = 'Nothing at present';
      expect([await served('/desk'), await served('/admin/desks')]).toEqual([nothing, nothing]);
      await sit(app, cast.staff, id);
      expect(textOf(await app.page(`/desk/${id}`, { as: cast.staff }))).toContain(
        'Serves nothing at present.',
      );
    });

    test('is offered services in use, and of the retired ones those that the desk has', async () => {
      const app = await build();
      const { cast, location } = app;
      const as = cast.admin;
      const parking = await buildService(app.store, location, { name: 'Parking', prefix: 'P' });
      const fields = { name: 'Desk 9', location_id: location.id, 'service_ids[]': parking.id };
      const id = leadsTo(await app.form('/admin/desks', fields, { as })).split('added-')[1] ?? '';
      await walkIn({ ...app, service: parking });
      await retireService(app.act(as), parking);
      const offers = async (path: string) =>
        (await app.page(path, { as })).text.includes(`value="${parking.id}"`);
      const paths = ['/admin/desks', `/admin/desks/${app.deskId}`, `/admin/desks/${id}`];
      expect(await Promise.all(paths.map(offers))).toEqual([false, false, true]);
      expect((await app.page(`/admin/desks/${id}`, { as })).text).toMatch(
        /checked[^>]*\/?> ?Parking ?<small> Retired/,
      );
      for (const [path, name, status] of [
        ['/admin/desks', 'Desk 10', 422],
        [`/admin/desks/${app.deskId}`, 'Desk 1', 422],
        [`/admin/desks/${id}`, 'Desk 9', 303],
      ] as const)
        expect((await app.form(path, { ...fields, name }, { as })).status, path).toBe(status);
      // Nobody is in its line any more: what the desk has, it keeps, and does not serve everything instead.
      await moveTicket(app.act(cast.staff), (await entriesOf(app.store, parking))[0] as never, 'leave');
      expect(await offers(`/admin/desks/${id}`)).toBe(true);
      expect((await app.form(`/admin/desks/${id}`, fields, { as })).status).toBe(303);
      expect((await deskWithServices(app.store, id))?.serviceIds).toEqual([parking.id]);
    });

    test('chooses services by place and name, where there are several places', async () => {
      const app = await build();
      const { text } = await app.page('/admin/desks', { as: app.cast.admin });
      expect(text).toContain(`${app.location.name}: ${app.service.name}`);
    });

    test('is told what is wrong, with what was typed', async () => {
      const app = await build();
      const { cast, location } = app;
      const far = await buildService(app.store, app.otherLocation);
      const post = (fields: Record<string, string>) => app.form('/admin/desks', fields, { as: cast.admin });
      const nameless = await post({ name: ' ', location_id: location.id });
      expect(nameless.status).toBe(422);
      expect(textOf(nameless)).toContain('Name: Please fill this in.');
      const again = await post({ name: 'Desk 1', location_id: location.id });
      expect(again.status).toBe(422);
      expect(textOf(again)).toContain('Name: Another one in use has this name');
      const nowhere = await post({ name: 'Typed', location_id: newId() });
      expect(nowhere.status).toBe(422);
      expect(nowhere.text).toContain('value="Typed"');
      const elsewhere = await post({ name: 'X', location_id: location.id, 'service_ids[]': far.id });
      expect(elsewhere.status).toBe(422);
      expect(textOf(elsewhere)).toContain('Serves: There is no such service.');
      const wrong = await app.form(`/admin/desks/${app.deskId}`, { name: '' }, { as: cast.admin });
      expect(wrong.status).toBe(422);
    });

    test('who saves over somebody else is told first and loses nothing', async () => {
      const app = await build();
      const { cast, deskId, service } = app;
      const path = `/admin/desks/${deskId}`;
      const shownIn = ({ text }: Answer) => /name="shown" value="([^"]+)"/.exec(text)?.[1] ?? '';
      const shown = shownIn(await app.page(path, { as: cast.admin }));
      const mine = { name: 'Mine', 'service_ids[]': service.id, shown };
      await app.form(path, { name: 'Theirs', shown }, { as: cast.admin });
      for (const answer of [
        await app.form(path, mine, { as: cast.admin }),
        await app.htmx(path, { fields: mine, as: cast.admin }),
      ]) {
        expect(answer.status).toBe(409);
        expect(textOf(answer)).toContain('Somebody else saved this desk in the meantime.');
        expect(textOf(answer)).toContain('Name Stands now: Theirs You typed: Mine');
        expect(textOf(answer)).toContain(`Serves Stands now: Every service You typed: ${service.name}`);
        expect(answer.text).toContain('name="name" type="text" value="Mine"');
        expect(shownIn(answer)).not.toBe(shown);
      }
      const nameless = await app.form(path, { ...mine, name: '' }, { as: cast.admin });
      expect([nameless.status, shownIn(nameless)]).toEqual([422, shown]);
      const seen = shownIn(await app.form(path, mine, { as: cast.admin }));
      expect((await app.form(path, { ...mine, shown: seen }, { as: cast.admin })).status).toBe(303);
      expect(await deskWithServices(app.store, deskId)).toMatchObject({
        name: 'Mine',
        serviceIds: [service.id],
      });
      // One that says nothing of what it was shown is a program's.
      expect((await app.form(path, { name: 'Last' }, { as: cast.admin })).status).toBe(303);
    });

    test('who saves at the same moment as somebody else is told, too', async () => {
      const app = await build();
      const path = `/admin/desks/${app.deskId}`;
      const page = await app.page(path, { as: app.cast.admin });
      const shown = /name="shown" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      const answers = await Promise.all(
        ['One', 'Two', 'Three'].map((name) => app.form(path, { name, shown }, { as: app.cast.admin })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 409, 409]);
    });

    test('cannot retire a desk that has somebody', async () => {
      const app = await build();
      const { cast, deskId } = app;
      await sit(app, cast.staff);
      await walkIn(app);
      await app.form(`/desk/${deskId}/advance`, { serving: '' }, { as: cast.staff });
      const path = `/admin/desks/${deskId}/retire`;
      const asked = await app.page(path, { as: cast.admin });
      expect(asked.status).toBe(200);
      const refused = await app.form(path, {}, { as: cast.admin });
      expect(refused.status).toBe(409);
      const htmx = await app.htmx(path, { fields: {}, as: cast.admin });
      expect(htmx.status).toBe(409);
      for (const answer of [asked, refused, htmx]) {
        expect(textOf(answer)).toContain('A1 is called to this desk or served there. Finish that first.');
        expect(answer.text).not.toContain(`action="${path}"`);
      }
      expect(await deskWithServices(app.store, deskId)).toBeDefined();
      const free = await buildDesk(app.store, app.location);
      expect((await app.form(`/admin/desks/${free}/retire`, {}, { as: cast.admin })).status).toBe(303);
    });
  });
});
