import { describe, expect, test } from 'vitest';
import { announceDelay } from '../../../src/actions/queue.ts';
import { noticesOfLine } from '../../../src/db/queue.ts';
import { newId } from '../../../src/domain/id.ts';
import { type Answer, buildApp } from '../../support/app.ts';
import { book, buildService, eventsOf, mondayAt, walkIn } from '../../support/builders.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { deskOf, sit, textOf, whereTo } from '../../support/desk.ts';

onBothDatabases('desks', (open) => {
  const build = (service = {}) => buildApp(open().store, { service });

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
});
