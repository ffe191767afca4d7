import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { describe, expect, test } from 'vitest';
import { advance } from '../../../src/actions/queue.ts';
import type { Person } from '../../../src/domain/roles.ts';
import type { QueueEntry } from '../../../src/domain/ticket.ts';
import { projectRoot } from '../../../src/root.ts';
import { buildApp } from '../../support/app.ts';
import { alterService, book, mondayAt, walkIn } from '../../support/builders.ts';
import { addCustomers } from '../../support/cast.ts';
import { onBothDatabases } from '../../support/databases.ts';
import {
  act,
  deskOf,
  expectPanel,
  move,
  noticeIn,
  PANEL,
  reservationOf,
  whereTo,
} from '../../support/desk.ts';

const RULES = JSON.parse(readFileSync(join(projectRoot, '.htmlvalidate.json'), 'utf8'));

onBothDatabases('the desk', (open) => {
  const build = (service = {}) => buildApp(open().store, { service });

  describe('the panel', () => {
    test('shows who is served, who is next and why, who is expected and who was skipped', async () => {
      const app = await build();
      const { cast, clock } = app;
      const [late, onTime] = (await addCustomers(app.store, 2)) as [Person, Person];
      await book(app, late, mondayAt('09:00'));
      await book(app, onTime, mondayAt('09:30'));
      await book(app, cast.customer, mondayAt('11:00'));
      clock.set(mondayAt('09:20'));
      const served = await walkIn(app, 'Sonja Served');
      await advance(act(app, cast.staff), app.service, {});
      await walkIn(app, 'Prio <i>Rity</i>', 1);
      await app.form(
        deskOf(app, `/reservations/${(await reservationOf(app, late)).id}/check-in`),
        {},
        { as: cast.staff },
      );
      await app.form(
        deskOf(app, `/reservations/${(await reservationOf(app, onTime)).id}/check-in`),
        {},
        { as: cast.staff },
      );
      const skipped = await walkIn(app, 'Skip Ped');
      await move(app, cast.staff, skipped, 'skip');
      clock.set(mondayAt('09:29'));

      const { status, text } = await app.page(deskOf(app), { as: cast.staff });
      expect(status).toBe(200);
      expect(text).toContain('<title>3 waiting · Passports · Now Serving</title>');
      expect(text).toContain(`<p class="number">${served.number}</p>`);
      expect(text).toContain('since 09:20');
      const rows = text.split('<tr').filter((row) => row.startsWith(' id="t-'));
      expect(
        rows.map((row) =>
          row
            .replace(/^[^>]*>/, '')
            .replace(/<(form|div class="row").*$/, '')
            .replace(/<[^>]+>/g, '|')
            .replace(/\|+/g, '|'),
        ),
      ).toEqual([
        '|A2|Prio &lt;i&gt;Rity&lt;/i&gt;|Priority walk-in, arrived 09:20|9 min|',
        '|A3|Customer 1|Reservation 09:00, late, arrived 09:20|9 min|',
        '|A4|Customer 2|Reservation 09:30, on time|9 min|',
        '|A5|Skip Ped |Skipped|09:20|',
      ]);
      expect(rows[0]).toContain('data-next');
      expect(text).toMatch(/11:00<\/time><\/th><td>Carla Customer<\/td>/);
      expect(text).toContain(`aria-label="Reinstate ${skipped.number}"`);

      // Who may still come back stands before those who are only expected.
      expect(text.indexOf('id="skipped"')).toBeLessThan(text.indexOf('id="expected"'));

      clock.set(mondayAt('09:31'));
      expect((await app.page(deskOf(app), { as: cast.staff })).text).not.toContain('Reinstate');

      clock.set(mondayAt('11:12'));
      expect((await app.page(deskOf(app), { as: cast.staff })).text).toContain(
        '11:00</time> <small>12 min late</small></th><td>Carla Customer',
      );
    });

    test('counts a wait until the call', async () => {
      const app = await build();
      const entry = await walkIn(app, 'Anna');
      app.clock.pass(7);
      await move(app, app.cast.staff, entry, 'call');
      await move(app, app.cast.staff, entry, 'start');
      app.clock.pass(20);
      const admin = await app.page(deskOf(app), { as: app.cast.admin });
      expect(admin.text).toContain('since 08:07');
      await walkIn(app, 'Berta');
      await move(app, app.cast.staff, entry, 'park');
      expect((await app.page(deskOf(app), { as: app.cast.staff })).text).toMatch(/Anna.*?>7 min</);
    });

    test('says the same all minute, whenever it was made', async () => {
      const app = await build();
      const { cast, clock } = app;
      clock.set(new Date('2026-03-02T09:17:26Z'));
      await walkIn(app, 'Wanda');
      const at = async (time: string) => {
        clock.set(new Date(`2026-03-02T${time}Z`));
        // An address of its own each time: nothing that was kept is shown.
        const { text } = await app.page(`${deskOf(app)}?at=${time}`, { as: cast.staff });
        return text
          .slice(text.indexOf('id="desk-panel"'))
          .replace(/<[^>]+>/g, ' ')
          .replace(/\s+/g, ' ');
      };
      const early = await at('09:22:01');
      expect(early).toContain('arrived 10:17');
      expect(early).toContain('5 min');
      for (const time of ['09:22:25', '09:22:27', '09:22:59']) expect(await at(time), time).toBe(early);
    });

    test('is out of reach for a customer, for staff of another place and for nobody', async () => {
      const app = await build();
      const { cast } = app;
      expect((await app.page(deskOf(app), { as: cast.customer })).status).toBe(403);
      expect((await app.page(deskOf(app), { as: cast.otherStaff })).status).toBe(404);
      // A panel that is open, and one of its forms, get a sentence and a way on instead of a whole page.
      const asked = [
        { path: '', target: PANEL },
        { path: '/walk-in', target: 'walk-in' },
        { path: '/advance', target: PANEL, fields: { serving: '' } },
      ];
      for (const { path, ...asking } of asked) {
        for (const as of [cast.customer, cast.otherStaff]) {
          const { text } = await app.htmx(deskOf(app, path), { as, ...asking });
          expect(text).toMatch(/^<p class="notice".*You cannot work here any more.*<a href="\/desk"/s);
          expect(text).not.toContain('<h1');
          // What was said and offered above it goes along.
          for (const above of ['desk-strip', 'desk-notice'])
            expect(text).toContain(`<hx-partial hx-target="#${above}" hx-swap="innerHTML"></hx-partial>`);
        }
      }
      expect((await app.page('/desk/nothing-here', { as: cast.staff })).status).toBe(404);
      expect((await app.page(deskOf(app), { as: cast.admin })).status).toBe(200);
      for (const target of ['__proto__', 'toString', 'constructor', '']) {
        const { status, text } = await app.htmx(deskOf(app), { as: app.cast.staff, target });
        expect([status, text.includes('<html'), text.includes(PANEL)], target).toEqual([200, false, true]);
      }
      const lost = await app.htmx(deskOf(app), { target: PANEL });
      expect([lost.status, lost.headers.get('hx-redirect')]).toEqual([
        204,
        `/login?next=${encodeURIComponent(deskOf(app))}`,
      ]);
    });

    test('says that nothing changed, until something does', async () => {
      const app = await build();
      const { cast, clock, store } = app;
      const poll = (tag: string, as: Person = cast.staff) =>
        app.htmx(deskOf(app), { as, target: PANEL, headers: { 'hx-ptag': tag } });
      const first = await poll('');
      expectPanel(first);
      const tag = first.headers.get('hx-ptag') ?? '';
      expect(first.text).toContain(`hx-ptag="${tag}"`);
      expect(first.text).toContain('<title>0 waiting · Passports · Now Serving</title>');

      const before = store.queries;
      const same = await poll(tag);
      expect([same.status, same.text]).toEqual([304, '']);
      // Logging in for the test's request is a write; what is left are session, service and version.
      expect(store.queries - before).toBeLessThanOrEqual(4);
      expect((await poll(tag, cast.admin)).status).toBe(200);
      clock.pass(1);
      expect((await poll(tag)).status).toBe(200);
      clock.pass(-1);
      await walkIn(app);
      const changed = await poll(tag);
      expect(changed.status).toBe(200);
      await book(app, cast.customer, mondayAt('10:00'));
      expect((await poll(changed.headers.get('hx-ptag') ?? '')).status).toBe(200);
      await alterService(store, app.service, { version: 9 });
      expect((await poll(tag)).status).toBe(200);
    });

    test('shares its rows with other desks, as they are now', async () => {
      const app = await build();
      const { cast } = app;
      const [first, second] = [await walkIn(app, 'First'), await walkIn(app, 'Second')];
      const rowOf = async ({ id }: QueueEntry, as: Person) => {
        const { text } = await app.page(deskOf(app), { as });
        return new RegExp(`<tr id="t-${id}".*?</tr>`).exec(text)?.[0] ?? '';
      };
      expect(await rowOf(second, cast.staff)).toBe(await rowOf(second, cast.admin));
      expect(await rowOf(first, cast.admin)).toContain('aria-label="Call A1"');
      await move(app, cast.staff, first, 'skip');
      for (const as of [cast.staff, cast.admin])
        expect(await rowOf(second, as)).toContain('aria-label="Call A2"');
      const third = await walkIn(app, 'Third');
      const called = await move(app, cast.staff, second, 'call');
      for (const as of [cast.staff, cast.admin]) {
        expect(await rowOf(called, as)).toBe('');
        expect(await rowOf(third, as)).toContain('aria-label="Call… A3"');
      }
    });

    test('asks the same number of questions for a long line as for a short one', async () => {
      const app = await build();
      const { cast, store } = app;
      await walkIn(app);
      // After each change: until then the page is kept as it is.
      const count = async () => {
        await walkIn(app);
        const before = store.queries;
        await app.page(deskOf(app), { as: cast.staff });
        return store.queries - before;
      };
      await count();
      const short = await count();
      expect(short).toBeGreaterThan(0);
      for (let index = 0; index < 12; index += 1) await walkIn(app, `Walker ${index}`);
      expect(await count()).toBe(short);
    });

    test('gives each form a key of its own whenever it is sent, though the page is kept', async () => {
      const app = await build();
      // Names of other scripts, so that characters are longer than their bytes.
      await walkIn(app, 'Łukasz Żółty 李');
      const before = await app.page(deskOf(app), { as: app.cast.staff });
      const { queries } = app.store;
      const again = await app.page(deskOf(app), { as: app.cast.staff });
      expect(app.store.queries).toBe(queries);
      const keysOf = ({ text }: { text: string }) =>
        [...text.matchAll(/name="idempotency_key" value="([^"]*)"/g)].map(([, key]) => key);
      const keys = [...keysOf(before), ...keysOf(again)];
      expect(keys).not.toHaveLength(0);
      expect(new Set(keys).size).toBe(keys.length);
      for (const key of keys) expect(key).toMatch(/^[0-9a-f-]{36}-\d{4}$/);
      const rest = ({ text }: { text: string }) => text.replaceAll(/value="[0-9a-f-]{36}-\d{4}"/g, '');
      expect(rest(again)).toBe(rest(before));
      expect(again.text).toContain('Łukasz Żółty 李');
    });

    test('keeps still when it is paused, and after a form of it too', async () => {
      const app = await build();
      const { cast } = app;
      const live = await app.page(deskOf(app), { as: cast.staff });
      expect(live.text).toContain(
        `<noscript><meta http-equiv="refresh" content="10; url=${deskOf(app)}"></noscript>`,
      );
      expect(live.text).toContain(`hx-sse:connect="/live/lines/${app.service.slug}"`);
      expect(live.text).toMatch(/hx-get="[^"]*" hx-trigger="\w+ from:#live, every \d+s"/);
      const paused = await app.page(`${deskOf(app)}?pause`, { as: cast.staff });
      expect(paused.text).not.toContain('http-equiv');
      expect(paused.text).not.toContain('hx-trigger');
      expect(paused.text).not.toContain('hx-sse');
      expect(paused.text).toContain('Resume updates');
      await walkIn(app);
      const after = await app.form(`${deskOf(app, '/advance')}?pause`, { serving: '' }, { as: cast.staff });
      expect(whereTo(after)).toBe(`${deskOf(app)}?pause=&done=start-A1`);
    });

    test('repeats only what we would have written', async () => {
      const app = await build();
      const { cast } = app;
      const says = async (...done: string[]) =>
        noticeIn(await app.page(deskOf(app), { as: cast.staff, done }));
      expect(await says('complete-A11', 'start-A12')).toBe('A11 was completed. A12 is being served.');
      expect(await says('nothing')).toBe('Nobody is being served, and nobody is waiting.');
      expect(await says('call-A1%3Cb%3E')).toBe('');
      expect(await says('toString-A1')).toBe('');
      expect(await says('')).toBe('');
      const linked = await app.page(`${deskOf(app)}?done=start-A12`, { as: cast.staff });
      expect(noticeIn(linked)).toBe('');
    });

    test('is valid HTML', async () => {
      const app = await build();
      const { cast } = app;
      await book(app, cast.customer, mondayAt('11:00'));
      await move(app, cast.staff, await walkIn(app), 'skip');
      await walkIn(app, '<script>"&\'');
      await advance(act(app, cast.staff), app.service, {});
      await move(app, cast.staff, await walkIn(app), 'call');
      await walkIn(app);
      const validator = new HtmlValidate(RULES);
      for (const path of ['/desk', deskOf(app), deskOf(app, '/walk-in'), `${deskOf(app)}?pause`]) {
        const { text } = await app.page(path, { as: cast.staff, done: ['call-A1'] });
        const report = await validator.validateString(text);
        expect(
          report.results.flatMap(({ messages }) =>
            messages.map(({ ruleId, message, line }) => `${path} ${ruleId}: ${message} (${line})`),
          ),
        ).toEqual([]);
      }
    });
  });
});
