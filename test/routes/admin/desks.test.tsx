import { describe, expect, test } from 'vitest';
import { retireService } from '../../../src/actions/services.ts';
import { moveTicket } from '../../../src/actions/tickets.ts';
import { deskWithServices } from '../../../src/db/desks.ts';
import { newId } from '../../../src/domain/id.ts';
import { type Answer, buildApp, leadsTo } from '../../support/app.ts';
import { buildDesk, buildService, entriesOf, walkIn } from '../../support/builders.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { sit, textOf } from '../../support/desk.ts';

onBothDatabases('desks', (open) => {
  const build = (service = {}) => buildApp(open().store, { service });

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
