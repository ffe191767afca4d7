import { describe, expect, test } from 'vitest';
import { pauseWork, reachDesk } from '../../../src/actions/desks.ts';
import { delayTicket } from '../../../src/actions/holder.ts';
import { advance } from '../../../src/actions/queue.ts';
import { cancelReservation, reachReservation } from '../../../src/actions/reservations.ts';
import { annotateTicket, moveInLine, moveTicket, transferTicket } from '../../../src/actions/tickets.ts';
import { type Answer, buildApp, type TestApp } from '../../support/app.ts';
import { bookAndCheckIn, buildService, mondayAt, walkIn } from '../../support/builders.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { deskOf, sit, textOf } from '../../support/desk.ts';

onBothDatabases('the page of a ticket', (open) => {
  const build = () => buildApp(open().store);
  const pathOf = (app: TestApp, { id }: { id: string }, form = '') =>
    deskOf(app, `/entries/${id}${form && `/${form}`}`);

  describe('a form that is refused, and gone by then, is told of on top of the page', () => {
    /** What the one notice says, with what was typed. */
    const toldIn = ({ text }: Answer) => {
      const notices = [...text.matchAll(/<div class="notice".*?<\/div>/g)].map(([notice]) => notice);
      expect(notices).toHaveLength(1);
      expect(text).not.toContain('class="error-summary"');
      return textOf({ text: notices[0] } as Answer).trim();
    };
    const send = (app: TestApp, entry: { id: string }, form: string, fields: Record<string, string>) =>
      app.form(pathOf(app, entry, form), { version: '1', ...fields }, { as: app.cast.staff });

    test('a move, of a ticket that was called meanwhile', async () => {
      const app = await build();
      const entry = await walkIn(app);
      app.clock.set(mondayAt('14:02'));
      await moveTicket(app.act(app.cast.admin), entry, 'call');
      const already = 'Nothing was changed. Ticket A1 was already called by Ada Admin at 14:02.';
      const moved = await send(app, entry, 'move', { rank: '2', reason: 'Was <here> first' });
      expect(moved.status).toBe(409);
      expect(toldIn(moved)).toBe(
        `${already} You typed: Stay behind how many: 2 Reason: Was &lt;here&gt; first`,
      );
      const mistaken = await send(app, entry, 'move', { rank: '', reason: 'Was here' });
      expect(mistaken.status).toBe(422);
      expect(toldIn(mistaken)).toBe(`${already} You typed: Reason: Was here`);
    });

    test('a call before others, and a transfer, of a ticket that was skipped', async () => {
      const app = await build();
      const other = await buildService(app.store, app.location, { name: 'Tyres' });
      await walkIn(app);
      const entry = await walkIn(app);
      await moveTicket(app.act(app.cast.admin), entry, 'skip');
      const already = /^Nothing was changed\. Ticket A2 was already skipped by Ada Admin at 08:00\./;
      const called = await send(app, entry, 'call', { reason: 'Faints' });
      expect(called.status).toBe(409);
      expect(toldIn(called)).toMatch(already);
      expect(toldIn(called)).toContain('You typed: Reason: Faints');
      expect(toldIn(await send(app, entry, 'call', { reason: '' }))).toMatch(already);
      const sent = await send(app, entry, 'transfer', { service_id: other.id, reason: 'Wrong line' });
      expect(sent.status).toBe(409);
      expect(toldIn(sent)).toMatch(already);
      expect(toldIn(sent)).toContain('You typed: Service: Tyres Reason: Wrong line');
    });

    test('a call, while the desk is paused', async () => {
      const app = await build();
      const { cast } = app;
      await walkIn(app);
      const entry = await walkIn(app);
      await sit(app, cast.staff);
      await pauseWork(app.act(cast.staff), await reachDesk(app.act(cast.staff), app.deskId));
      const paused = 'Nothing was changed. This desk is paused. Resume it to go on.';
      const called = await send(app, entry, 'call', { reason: 'Faints' });
      expect([called.status, toldIn(called)]).toEqual([409, `${paused} You typed: Reason: Faints`]);
      const mistaken = await send(app, entry, 'call', { reason: '' });
      expect([mistaken.status, toldIn(mistaken)]).toEqual([422, paused]);
    });

    test('a call of who is the next one by now', async () => {
      const app = await build();
      const entry = await walkIn(app);
      const mistaken = await send(app, entry, 'call', { reason: '' });
      expect([mistaken.status, toldIn(mistaken)]).toEqual([422, 'Nothing was changed. A1 is next.']);
      await annotateTicket(app.act(app.cast.admin), entry, { note: 'A dog' });
      const late = await send(app, entry, 'call', { reason: 'Faints' });
      expect(late.status).toBe(409);
      expect(toldIn(late)).toMatch(
        /^Nothing was changed\. Somebody was faster\..* A1 is next\. You typed: Reason: Faints$/,
      );
      expect(late.text).toContain('value="call"');
    });

    test('a transfer to the only other service, which is gone', async () => {
      const app = await build();
      const entry = await walkIn(app);
      const sent = await send(app, entry, 'transfer', { service_id: app.service.id.replace(/.$/, '0') });
      expect(sent.status).toBe(422);
      expect(toldIn(sent)).toMatch(/^Nothing was changed\. .{5}/);
    });
  });

  test('tells the reason of a call before others apart from that of a move', async () => {
    const app = await build();
    await walkIn(app);
    const [called, moved] = [await walkIn(app), await walkIn(app)];
    const admin = app.act(app.cast.admin);
    await moveTicket(admin, called, 'call', { reason: 'Faints' });
    await moveInLine(admin, moved, { rank: 0, reason: 'Promised' });
    const factOf = async (entry: { id: string }, of: string) =>
      (await app.page(pathOf(app, entry), { as: app.cast.staff })).text.match(
        new RegExp(`<dt>([^<]*)</dt><dd>[^<]*${of}</dd>`),
      )?.[1];
    expect(await factOf(called, 'Faints')).toBe('Reason');
    expect(await factOf(moved, 'moved; Promised')).toBe('Placed');
  });

  describe('tells what happened to its ticket', () => {
    const eventsIn = ({ text }: Answer) =>
      [...text.matchAll(/<li><time datetime="(.*?)<\/li>/g)].map(([row]) =>
        textOf({ text: row } as Answer).trim(),
      );

    test('in order: when, what, why and by whom', async () => {
      const app = await build();
      const { cast, clock } = app;
      const other = await buildService(app.store, app.location, { name: 'Tyres' });
      await walkIn(app);
      let entry = await walkIn(app);
      const [sam, ada] = [app.act(cast.staff), app.act(cast.admin)];
      clock.set(mondayAt('08:05'));
      const at = (act: typeof sam) => ({ ...act, now: clock() });
      entry = await moveInLine(at(ada), entry, { rank: 0, reason: 'Was <here>' });
      entry = await moveTicket(at(sam), entry, 'call', { reason: 'Faints' });
      clock.set(mondayAt('08:10'));
      entry = await moveTicket(at(sam), entry, 'recall');
      entry = await moveTicket(at(ada), entry, 'skip');
      entry = await moveTicket(at(sam), entry, 'reinstate');
      entry = await transferTicket(at(sam), entry, { serviceId: other.id, reason: 'Wrong line' });
      entry = await delayTicket({ ...at(sam), actor: null, via: 'ticket' }, entry);
      clock.set(mondayAt('08:20'));
      const { inService } = await advance(at(sam), other, {});
      await advance(at(sam), other, { serving: inService?.id });
      const page = await app.page(pathOf(app, entry), { as: cast.staff });
      expect(eventsIn(page)).toEqual([
        expect.stringMatching(/^08:00 added/),
        '08:05 moved; Was &lt;here&gt; Ada Admin',
        '08:05 called; Faints Sam Staff',
        '08:10 called again Sam Staff',
        '08:10 skipped Ada Admin',
        '08:10 put back in the line Sam Staff',
        '08:10 sent to another service; Tyres; Wrong line Sam Staff',
        '08:10 given more time the holder',
        '08:20 started Sam Staff',
        '08:20 completed Sam Staff',
      ]);
    });

    test('no more than the last twenty', async () => {
      const app = await build();
      let entry = await walkIn(app);
      entry = await moveTicket(app.act(app.cast.staff), entry, 'call');
      for (let turn = 0; turn < 20; turn++)
        entry = await moveTicket(app.act(app.cast.staff), entry, 'recall');
      const rows = eventsIn(await app.page(pathOf(app, entry), { as: app.cast.staff }));
      expect(rows).toHaveLength(20);
      expect(new Set(rows)).toEqual(new Set(['08:00 called again Sam Staff']));
    });

    test('and keeps to itself how the program writes down why a ticket went with its reservation', async () => {
      const app = await build();
      const { customer, staff } = app.cast;
      const entry = await bookAndCheckIn(app, customer, mondayAt('09:00'));
      const reached = await reachReservation(app.act(customer), entry.reservationId ?? '');
      await cancelReservation(app.act(customer), reached);
      const rows = eventsIn(await app.page(pathOf(app, entry), { as: staff }));
      expect(rows.at(-1)).toBe('09:00 marked as left; reservation canceled Carla Customer');
    });
  });
});
